#include "store/recordset.h"

#include "base/xmem.h"
#include "store/concealed.h"
#include "store/event.h"

static bool has_column(struct store *store, const char *form, const char *repeat, const char *name)
{
    int64_t known = 0;
    database_int(store_database(store), NULL, &known,
                 "SELECT count(*) FROM form_column WHERE form=? AND repeat=? AND name=?", "ttt",
                 form, repeat, name);
    return known != 0;
}

static bool has_table(struct store *store, const char *form, const char *repeat)
{
    int64_t known = 0;
    database_int(store_database(store), NULL, &known,
                 "SELECT count(*) FROM form_column WHERE form=? AND repeat=?", "tt", form, repeat);
    return known != 0;
}

/* What is no column here is blank: the form has got it since. */
static void add_columns(struct store *store, const char *form, const char *repeat,
                        const struct strings *columns, struct buffer *sql)
{
    for (size_t i = 0; i < columns->count; i++)
        if (has_column(store, form, repeat, columns->items[i]))
            buffer_printf(sql, ",t.\"%s\"", columns->items[i]);
        else
            buffer_add_text(sql, ",''");
}

enum status recordset_page(struct store *store, const char *form, const struct strings *columns,
                           const char *after, long limit, struct record_cells *out,
                           struct error *err)
{
    struct buffer sql = BUFFER_INIT;
    struct statement *s = NULL;
    *out = (struct record_cells){.columns = columns->count};
    if (!has_table(store, form, ""))
        return OK;
    buffer_add_text(&sql, "SELECT t.record");
    add_columns(store, form, "", columns, &sql);
    buffer_printf(&sql,
                  " FROM \"f_%s\" t WHERE t.record>?1 AND t.record NOT IN " CONCEALED
                  " ORDER BY t.record LIMIT %ld",
                  form, limit);
    enum status st = database_query(store_database(store), err, &s, sql.data, "t", after);
    while (!st && statement_next(s, &st, err))
        record_cells_add(out, s);
    statement_close(&s);
    buffer_free(&sql);
    if (st)
        record_cells_free(out);
    return st;
}

enum status recordset_rows(struct store *store, const char *form, const char *repeat,
                           const struct strings *columns, const char *from, const char *to,
                           struct repeat_rows *out, struct error *err)
{
    struct buffer sql = BUFFER_INIT;
    struct statement *s = NULL;
    *out = (struct repeat_rows){.columns = columns->count};
    if (!has_table(store, form, repeat))
        return OK;
    buffer_add_text(&sql, "SELECT t.record,t.parent_row,t.row");
    add_columns(store, form, repeat, columns, &sql);
    buffer_printf(&sql, " FROM \"f_%s__%s\" t WHERE t.record>=? AND t.record<=? ORDER BY 1,2,3",
                  form, repeat);
    enum status st = database_query(store_database(store), err, &s, sql.data, "tt", from, to);
    while (!st && statement_next(s, &st, err)) {
        size_t n = out->count++, base = n * out->columns;
        out->records = xroom(out->records, n, sizeof *out->records);
        out->parents = xroom(out->parents, n, sizeof *out->parents);
        out->rows = xroom(out->rows, n, sizeof *out->rows);
        out->cells = xreallocarray(out->cells, base + out->columns + 1, sizeof *out->cells);
        out->records[n] = xstrdup(statement_text(s, 0));
        out->parents[n] = xstrdup(statement_text(s, 1));
        out->rows[n] = xstrdup(statement_text(s, 2));
        for (size_t c = 0; c < out->columns; c++)
            out->cells[base + c] = xstrdup(statement_text(s, (int)c + 3));
    }
    statement_close(&s);
    buffer_free(&sql);
    if (st)
        repeat_rows_free(out);
    return st;
}

void repeat_rows_free(struct repeat_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        xfree(&rows->records[i]);
        xfree(&rows->parents[i]);
        xfree(&rows->rows[i]);
    }
    for (size_t i = 0; i < rows->count * rows->columns; i++)
        xfree(&rows->cells[i]);
    xfree(&rows->records);
    xfree(&rows->parents);
    xfree(&rows->rows);
    xfree(&rows->cells);
    rows->count = 0;
}

enum status recordset_most(struct store *store, const char *form, const char *repeat, long *most,
                           struct error *err)
{
    int64_t n = 0;
    enum status st = OK;
    if (has_table(store, form, repeat)) {
        char *sql = xasprintf("SELECT ifnull(max(n),0) FROM (SELECT count(*) AS n FROM"
                              " \"f_%s__%s\" GROUP BY record,parent_row)",
                              form, repeat);
        st = database_int(store_database(store), err, &n, sql, "");
        xfree(&sql);
    }
    *most = (long)n;
    return st;
}

enum status recordset_count(struct store *store, const char *form, long *count, struct error *err)
{
    int64_t n = 0;
    enum status st = database_int(store_database(store), err, &n,
                                  "SELECT count(*) FROM record WHERE form=?", "t", form);
    *count = (long)n;
    return st;
}

enum status recordset_with_member(struct store *store, const char *form, const char *member,
                                  struct strings *out, struct error *err)
{
    struct statement *s = NULL;
    /* In a value a quote is escaped, so that this can only be the member. */
    char *word = xasprintf(",\"%s\":{", member);
    enum status st = database_query(
        store_database(store), err, &s,
        "SELECT DISTINCT e.record FROM record r JOIN event e ON e.record=r.record"
        " WHERE r.form=? AND " EVENT_IS_HISTORY("e.op") " AND instr(e.body,?)>0 ORDER BY 1",
        "tt", form, word);
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    xfree(&word);
    return st;
}
