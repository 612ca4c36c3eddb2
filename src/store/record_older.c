/* Records by how long ago something was, whether they are in force or not. */
#include "store/record.h"

#include "base/xmem.h"
#include "store/store_internal.h"

/* "a" of several columns: the first that is not empty. */
static char *first_of(const struct strings *columns)
{
    struct buffer sql = BUFFER_INIT;
    buffer_add_text(&sql, "coalesce(");
    for (size_t i = 0; i < columns->count; i++)
        buffer_printf(&sql, "nullif(substr(\"%s\",1,10),''),", columns->items[i]);
    buffer_add_text(&sql, "'')");
    return buffer_steal(&sql);
}

static char *among(const struct strings *words)
{
    struct buffer sql = BUFFER_INIT;
    for (size_t i = 0; i < words->count; i++)
        buffer_printf(&sql, "%s'%s'", i ? "," : "", words->items[i]);
    return buffer_steal(&sql);
}

enum status record_older(struct store *store, const char *form, const struct strings *states,
                         const struct strings *from, const char *before, long offset, long limit,
                         struct record_ages *out, struct error *err)
{
    struct statement *s = NULL;
    int64_t total = 0;
    char *since = first_of(from), *in = among(states);
    char *where = xasprintf("FROM \"f_%s\" WHERE state IN (%s) AND %s<>'' AND %s<?", form, in,
                            since, since);
    char *count = xasprintf("SELECT count(*) %s", where);
    char *rows = xasprintf("SELECT record,%s %s ORDER BY 2,1 LIMIT %ld OFFSET %ld", since, where,
                           limit, offset);
    *out = (struct record_ages){0};
    enum status st = database_int(store_database(store), err, &total, count, "t", before);
    if (!st && limit)
        st = database_query(store_database(store), err, &s, rows, "t", before);
    while (!st && s && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = (struct record_age){xstrdup(statement_text(s, 0)),
                                                       xstrdup(statement_text(s, 1))};
    }
    out->total = (long)total;
    statement_close(&s);
    char **texts[] = {&since, &in, &where, &count, &rows};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
    if (st)
        record_ages_free(out);
    return st;
}

void record_ages_free(struct record_ages *ages)
{
    for (size_t i = 0; i < ages->count; i++) {
        xfree(&ages->items[i].record);
        xfree(&ages->items[i].since);
    }
    xfree(&ages->items);
    ages->count = 0;
}
