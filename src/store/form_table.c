#include "store/form_table.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/store_internal.h"

static void forget_inserts(struct store *store)
{
    for (size_t i = 0; i < store->table_count; i++) {
        xfree(&store->tables[i]->key);
        xfree(&store->tables[i]->insert);
        xfree(&store->tables[i]->fields);
        xfree(&store->tables[i]);
    }
    xfree(&store->tables);
    store->table_count = 0;
}

void form_tables_forget(struct store *store)
{
    forget_inserts(store);
    strings_free(&store->prepared);
}

static enum status note_column(struct store *store, const char *form, const char *repeat,
                               const char *name, struct error *err)
{
    return database_run(store->db, err, "INSERT INTO form_column(form,name,repeat) VALUES(?,?,?)",
                        "ttt", form, name, repeat);
}

static enum status add_column(struct store *store, const char *form, const char *table,
                              const char *repeat, const char *name, struct error *err)
{
    int64_t known;
    enum status st = database_int(store->db, err, &known,
                                  "SELECT count(*) FROM form_column WHERE form=? AND name=?"
                                  " AND repeat=?",
                                  "ttt", form, name, repeat);
    if (st || known)
        return st;
    char *sql =
        xasprintf("ALTER TABLE \"%s\" ADD COLUMN \"%s\" TEXT NOT NULL DEFAULT ''", table, name);
    st = database_script(store->db, sql, err);
    xfree(&sql);
    return st ? st : note_column(store, form, repeat, name, err);
}

static enum status count_named(struct store *store, const char *name, const char *types,
                               int64_t *out, struct error *err)
{
    char *sql =
        xasprintf("SELECT count(*) FROM sqlite_schema WHERE name=? AND type IN (%s)", types);
    enum status st = database_int(store->db, err, out, sql, "t", name);
    xfree(&sql);
    return st;
}

char *form_table_name(const struct schema *schema, int repeat)
{
    return repeat < 0 ? xasprintf("f_%s", schema->form)
                      : xasprintf("f_%s__%s", schema->form, schema->repeats[repeat].name);
}

/* A table with all its columns at once: SQLite reads its whole schema again for each one that is
 * added later. A view of the form's own name shows what is in force. */
static enum status make_table(struct store *store, const struct schema *schema, int repeat,
                              const char *table, const char *columns, struct error *err)
{
    const char *view = table + 2, *name = repeat < 0 ? "" : schema->repeats[repeat].name;
    struct buffer sql = BUFFER_INIT;
    int64_t taken;
    enum status st = count_named(store, view, "'table','index','trigger'", &taken, err);
    if (!st && taken)
        st = error_set(err, E_EXISTS, _("様式の名「%s」は使えません（別の表の名です）"), view);
    buffer_printf(&sql, "CREATE TABLE \"%s\"(%s", table, columns);
    for (size_t i = 0; i < schema->field_count; i++)
        if (schema->fields[i].repeat == repeat)
            buffer_printf(&sql, ",\"%s\" TEXT NOT NULL", schema->fields[i].name);
    /* The key comes after the columns in the rows of a repeat. */
    buffer_printf(&sql, "%s);CREATE VIEW \"%s\" AS SELECT * FROM \"%s\" WHERE in_force",
                  repeat < 0 ? "" : ",PRIMARY KEY(record,row)", view, table);
    /* Checks ask who else is the person at hand: not by going through the whole town. */
    if (schema->is_person && repeat < 0)
        buffer_printf(&sql, ";CREATE INDEX \"%s_merged\" ON \"%s\"(merged_into)", table, table);
    if (!st)
        st = database_script(store->db, buffer_text(&sql), err);
    for (size_t i = 0; !st && i < schema->field_count; i++)
        if (schema->fields[i].repeat == repeat)
            st = note_column(store, schema->form, name, schema->fields[i].name, err);
    buffer_free(&sql);
    return st;
}

static enum status prepare_table(struct store *store, const struct schema *schema, int repeat,
                                 struct error *err)
{
    static const char main_columns[] =
        "record TEXT PRIMARY KEY, version INTEGER NOT NULL, conflict INTEGER NOT NULL,"
        " in_force INTEGER NOT NULL";
    static const char row_columns[] = "record TEXT NOT NULL, row TEXT NOT NULL,"
                                      " parent_row TEXT NOT NULL, in_force INTEGER NOT NULL";
    char *table = form_table_name(schema, repeat);
    const char *name = repeat < 0 ? "" : schema->repeats[repeat].name;
    int64_t there;
    enum status st = count_named(store, table, "'table'", &there, err);
    if (!st && !there)
        st = make_table(store, schema, repeat, table, repeat < 0 ? main_columns : row_columns, err);
    for (size_t i = 0; !st && there && i < schema->field_count; i++)
        if (schema->fields[i].repeat == repeat)
            st = add_column(store, schema->form, table, name, schema->fields[i].name, err);
    xfree(&table);
    return st;
}

enum status form_tables_prepare(struct store *store, const struct schema *schema, struct error *err)
{
    char *key = xasprintf("%s@%ld", schema->form, schema->version);
    enum status st = OK;
    if (strings_find(&store->prepared, key) < 0) {
        forget_inserts(store);
        for (int r = -1; !st && r < (int)schema->repeat_count; r++)
            st = prepare_table(store, schema, r, err);
        if (!st)
            strings_add(&store->prepared, key);
    }
    xfree(&key);
    return st;
}

static const struct schema_field *field_of(const struct schema *schema, int repeat,
                                           const char *column)
{
    for (size_t i = 0; i < schema->field_count; i++)
        if (schema->fields[i].repeat == repeat && strcmp(schema->fields[i].name, column) == 0)
            return &schema->fields[i];
    return NULL;
}

static enum status make_insert(struct store *store, const struct schema *schema, int repeat,
                               struct form_table *table, struct error *err)
{
    static const char *const fixed[] = {"record,version,conflict,in_force",
                                        "record,row,parent_row,in_force"};
    struct buffer sql = BUFFER_INIT;
    char *name = form_table_name(schema, repeat);
    buffer_printf(&sql, "INSERT INTO \"%s\"(%s", name, fixed[repeat >= 0]);
    struct statement *s;
    enum status st =
        database_query(store->db, err, &s, "SELECT name FROM form_column WHERE form=? AND repeat=?",
                       "tt", schema->form, repeat < 0 ? "" : schema->repeats[repeat].name);
    while (!st && statement_next(s, &st, err)) {
        const char *column = statement_text(s, 0);
        table->fields = xroom(table->fields, table->count, sizeof *table->fields);
        table->fields[table->count++] = field_of(schema, repeat, column);
        buffer_printf(&sql, ",\"%s\"", column);
    }
    statement_close(&s);
    buffer_add_text(&sql, ") VALUES(?");
    for (size_t i = 1; i < FORM_TABLE_FIXED + table->count; i++)
        buffer_add_text(&sql, ",?");
    buffer_add_char(&sql, ')');
    table->insert = buffer_steal(&sql);
    xfree(&name);
    return st;
}

enum status form_table_get(struct store *store, const struct schema *schema, int repeat,
                           const struct form_table **out, struct error *err)
{
    char key[256];
    snprintf(key, sizeof key, "%s/%s@%ld", schema->form,
             repeat < 0 ? "" : schema->repeats[repeat].name, schema->version);
    for (size_t i = 0; i < store->table_count; i++)
        if (strcmp(store->tables[i]->key, key) == 0) {
            *out = store->tables[i];
            return OK;
        }
    struct form_table *table = xcalloc(1, sizeof *table);
    table->key = xstrdup(key);
    store->tables = xroom(store->tables, store->table_count, sizeof *store->tables);
    store->tables[store->table_count++] = table;
    *out = table;
    enum status st = make_insert(store, schema, repeat, table, err);
    if (st)
        forget_inserts(store);
    return st;
}
