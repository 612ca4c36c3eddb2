#include "store/projection.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/attachment.h"
#include "store/concern.h"
#include "store/dispose.h"
#include "store/form_table.h"
#include "store/numbers.h"
#include "store/record.h"
#include "store/registry.h"
#include "store/scope.h"
#include "store/search.h"
#include "store/store_internal.h"

/* --- One record --- */

struct rows {
    struct store *store;
    const struct record *record;
    const struct schema *schema;
    bool in_force;
};

/* Inserts one row: the four fixed columns first, then every column of the repeat at `prefix`. */
static enum status insert_row(const struct rows *r, int repeat, const char *prefix,
                              const char *const fixed[FORM_TABLE_FIXED], struct error *err)
{
    const struct form_table *table;
    enum status st = form_table_get(r->store, r->schema, repeat, &table, err);
    if (st)
        return st;
    char path[512];
    const char **values = xcalloc(FORM_TABLE_FIXED + table->count, sizeof *values);
    memcpy(values, fixed, FORM_TABLE_FIXED * sizeof *values);
    for (size_t i = 0; i < table->count; i++) {
        const struct schema_field *field = table->fields[i];
        if (field)
            snprintf(path, sizeof path, "%s%s", prefix, field->name);
        values[FORM_TABLE_FIXED + i] = field ? record_value(r->record, path) : "";
    }
    st = database_run_texts(r->store->db, err, table->insert, values,
                            FORM_TABLE_FIXED + table->count);
    xfree(&values);
    return st;
}

static int repeat_index(const struct schema *schema, const char *name, size_t len)
{
    for (size_t i = 0; i < schema->repeat_count; i++)
        if (strlen(schema->repeats[i].name) == len &&
            memcmp(schema->repeats[i].name, name, len) == 0)
            return (int)i;
    return -1;
}

/* A row lives as long as every row around it does. */
static bool row_alive(const struct record *record, const char *row_path)
{
    char path[512];
    for (const char *slash = strchr(row_path, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *end = strchr(slash + 1, '/');
        size_t len = end ? (size_t)(end - row_path) : strlen(row_path);
        snprintf(path, sizeof path, "%.*s/.alive", (int)len, row_path);
        if (strcmp(record_value(record, path), "true") != 0)
            return false;
        if (!end)
            break;
        slash = end;
    }
    return true;
}

/* `field` is `repeat/<row>/.alive` or `outer/<row>/repeat/<row>/.alive`. */
static enum status insert_repeat_row(const struct rows *r, const char *path, struct error *err)
{
    char *prefix = xstrndup(path, strlen(path) - strlen(".alive"));
    char *row_path = xstrndup(prefix, strlen(prefix) - 1);
    char *row = strrchr(row_path, '/');
    enum status st = OK;
    if (row && row_alive(r->record, row_path)) {
        char *repeat = row, *parent;
        while (repeat > row_path && repeat[-1] != '/')
            repeat--;
        int index = repeat_index(r->schema, repeat, (size_t)(row - repeat));
        parent = repeat > row_path ? xstrndup(row_path, (size_t)(repeat - row_path - 1)) : NULL;
        char *slash = parent ? strrchr(parent, '/') : NULL;
        const char *fixed[] = {r->record->id, row + 1, slash ? slash + 1 : "",
                               r->in_force ? "1" : "0"};
        if (index >= 0)
            st = insert_row(r, index, prefix, fixed, err);
        xfree(&parent);
    }
    xfree(&prefix);
    xfree(&row_path);
    return st;
}

static enum status delete_rows(struct store *store, const struct schema *schema, const char *record,
                               struct error *err)
{
    enum status st = OK;
    for (int r = -1; !st && r < (int)schema->repeat_count; r++) {
        char *table = form_table_name(schema, r);
        char *sql = xasprintf("DELETE FROM \"%s\" WHERE record=?", table);
        st = database_run(store->db, err, sql, "t", record);
        xfree(&sql);
        xfree(&table);
    }
    return st;
}

static enum status form_rows(const struct rows *r, struct error *err)
{
    char version[24];
    snprintf(version, sizeof version, "%ld", r->schema->version);
    const char *fixed[] = {r->record->id, version, r->record->merge.conflict ? "1" : "0",
                           r->in_force ? "1" : "0"};
    enum status st = OK;
    if (r->record->merge.field_count)
        st = insert_row(r, -1, "", fixed, err);
    for (size_t i = 0; !st && i < r->record->merge.field_count; i++)
        if (str_ends(r->record->merge.fields[i].path, "/.alive"))
            st = insert_repeat_row(r, r->record->merge.fields[i].path, err);
    return st;
}

static const struct schema_state *state_of(const struct schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->state_count; i++)
        if (strcmp(schema->states[i].name, name) == 0)
            return &schema->states[i];
    return NULL;
}

static enum status record_index(const struct rows *r, const struct schema_state *state,
                                struct error *err)
{
    const struct record *record = r->record;
    return database_run(
        r->store->db, err,
        "INSERT INTO record(record,form,version,receipt_no,title,state,received_on,received_at,"
        "person,office,device,deadline,deficient,conflict,in_force,open,first,last)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        "ttitttttttttiiiiii", record->id, record->form, (int64_t)record->version,
        record_value(record, "receipt_no"), record_value(record, "title"),
        record_value(record, "state"), record_value(record, "received_on"),
        record_value(record, "received_at"), record_value(record, "person"),
        record_value(record, "office"), record->events[0].event.device,
        record_value(record, "deadline"), (int64_t)(*record_value(record, "deficient") != '\0'),
        (int64_t)record->merge.conflict, (int64_t)r->in_force, (int64_t)(state && state->open),
        record->first, record->last);
}

static enum status search_rows(const struct rows *r, struct error *err)
{
    const struct record *record = r->record;
    struct search_value *values = xcalloc(r->schema->field_count + 1, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < r->schema->field_count; i++) {
        const struct schema_field *f = &r->schema->fields[i];
        if (f->repeat >= 0 || !f->search || !*record_value(record, f->name))
            continue;
        values[count++] = (struct search_value){(enum search_kind)f->search, f->merge,
                                                record_value(record, f->name)};
    }
    struct search_record found = {
        .record = record->id,
        .form = record->form,
        .person = r->schema->is_person ? record->id : record_value(record, "person"),
        .receipt_no = record_value(record, "receipt_no"),
        .not_same = r->schema->is_person ? record_value(record, "not_same") : "",
        .merged_into = record_value(record, "merged_into"),
        .is_person = r->schema->is_person,
        .hidden = *record_value(record, "protected_until") != '\0',
        .values = values,
        .count = count,
    };
    enum status st = search_put(r->store, &found, err);
    xfree(&values);
    return st;
}

/* Writes down which events are held, where that changed. */
static enum status note_held(struct store *store, const struct record *record, struct error *err)
{
    enum status st = OK;
    bool freed = false;
    for (size_t i = 0; !st && i < record->event_count; i++) {
        const struct merge_event *e = &record->events[i];
        if (e->held == e->noted)
            continue;
        freed = freed || e->held == HELD_NOT;
        st = database_run(store->db, err, "UPDATE event SET held=? WHERE record=? AND hash=?",
                          "ttt", held_name(e->held), record->id, e->event.hash);
    }
    return st || !freed ? st : scope_stir(store, record->id, err);
}

/* What stands there of it. Its values too where nothing of it is in force any more (its device
 * turned out to be there twice); else they are replaced. */
static enum status remove_record(struct store *store, const struct record *record,
                                 struct error *err)
{
    const struct schema *gone =
        record->merge.schema ? NULL : store_schema(store, record->form, REGISTRY_NEWEST);
    enum status st =
        database_run(store->db, err, "DELETE FROM record WHERE record=?", "t", record->id);
    if (st || !database_changes(store->db)) /* a new one has left nothing anywhere */
        return st;
    st = search_remove(store, record->id, err);
    if (!st && gone)
        st = form_tables_prepare(store, gone, err);
    if (!st && (gone || record->merge.schema))
        st = delete_rows(store, gone ? gone : record->merge.schema, record->id, err);
    return st;
}

/* Every number that was ever written, also one that lost against another. */
static enum status note_numbers(struct store *store, const struct record *record, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < record->event_count; i++) {
        const struct strings *set = line_map(&record->events[i].body, "set");
        const char *number = set ? map_get(set, "receipt_no") : NULL;
        if (number && *number)
            st = numbers_note(store, record->id, number, err);
    }
    return st;
}

/* What stands there came together from two places, and nobody has gone over it since: choosing
 * between two values and what is done with a record change nothing else of it. */
static bool came_together(const struct record *record)
{
    const struct strings *heads = &record->merge.heads;
    const char *at = heads->count == 1 ? heads->items[0] : NULL;
    for (size_t i = record->event_count; at && i-- > 0;) {
        const struct event *e = &record->events[i].event;
        if (strcmp(e->hash, at) != 0)
            continue;
        if (e->op == OP_PUT || e->bases.count != 1)
            return e->op != OP_PUT && e->bases.count > 1;
        at = e->bases.items[0];
    }
    return heads->count > 1;
}

static enum status project(struct store *store, const char *id, struct error *err)
{
    struct record record;
    enum status st = record_load(store, id, &record, err);
    if (st)
        return st;
    st = note_held(store, &record, err);
    if (!st)
        st = note_numbers(store, &record, err);
    if (!st)
        st = concern_note(store, record.id, &record.merge.heads, came_together(&record), err);
    if (!st && record.merge.disposed)
        st = dispose_project(store, &record, err);
    if (!st)
        st = attachment_project(store, &record, err);
    if (!st && record.merge.schema)
        st = form_tables_prepare(store, record.merge.schema, err);
    if (!st)
        st = remove_record(store, &record, err);
    if (!st && record.merge.schema) {
        const struct schema_state *state =
            state_of(record.merge.schema, record_value(&record, "state"));
        struct rows rows = {store, &record, record.merge.schema, state && state->in_force};
        st = form_rows(&rows, err);
        if (!st)
            st = record_index(&rows, state, err);
        if (!st)
            st = search_rows(&rows, err);
    }
    record_free(&record);
    return st;
}

/* --- All of them --- */

void projection_touch(struct store *store, const char *record)
{
    if (*record && strings_find(&store->touched, record) < 0)
        strings_add(&store->touched, record);
}

void projection_forget(struct store *store)
{
    strings_free(&store->touched);
    form_tables_forget(store);
}

enum status projection_flush(struct store *store, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < store->touched.count; i++)
        st = project(store, store->touched.items[i], err);
    strings_free(&store->touched);
    return st;
}

static enum status touch_query(struct store *store, const char *sql, struct strings *out,
                               struct error *err)
{
    struct statement *s;
    enum status st = database_query(store->db, err, &s, sql, "");
    while (!st && statement_next(s, &st, err))
        strings_add(out, statement_text(s, 0));
    statement_close(&s);
    return st;
}

struct rebuilding {
    struct store *store;
    projection_progress progress;
    void *context;
};

static enum status drop_forms(struct store *store, struct error *err)
{
    struct strings names = STRINGS_INIT;
    enum status st = touch_query(store,
                                 "SELECT type||' \"'||name||'\"' FROM sqlite_schema WHERE"
                                 " (type='table' AND name LIKE 'f\\_%' ESCAPE '\\') OR"
                                 " (type='view' AND sql LIKE '%FROM \"f\\_%' ESCAPE '\\')",
                                 &names, err);
    for (size_t i = 0; !st && i < names.count; i++) {
        char *sql = xasprintf("DROP %s", names.items[i]);
        st = database_script(store->db, sql, err);
        xfree(&sql);
    }
    strings_free(&names);
    form_tables_forget(store);
    return st ? st
              : database_script(store->db,
                                "DELETE FROM record;"
                                " DELETE FROM attachment; DELETE FROM form_column",
                                err);
}

/* Rules and lists read the tables of every form, also of one without a record. */
static enum status prepare_forms(struct store *store, struct error *err)
{
    struct registry_forms forms = {0};
    enum status st = registry_forms(store_registry(store), REGISTRY_NEWEST, &forms, err);
    for (size_t i = 0; !st && i < forms.count; i++) {
        const struct schema *schema = store_schema(store, forms.items[i].id, forms.items[i].number);
        if (schema)
            st = form_tables_prepare(store, schema, err);
    }
    registry_forms_free(&forms);
    return st;
}

static enum status rebuild(void *context, struct error *err)
{
    struct rebuilding *r = context;
    struct strings records = STRINGS_INIT;
    enum status st = drop_forms(r->store, err);
    if (!st)
        st = prepare_forms(r->store, err);
    if (!st)
        st = search_clear(r->store, err);
    if (!st)
        st = touch_query(r->store,
                         "SELECT record FROM event WHERE record<>'' GROUP BY record"
                         " ORDER BY min(id)",
                         &records, err);
    for (size_t i = 0; !st && i < records.count; i++) {
        st = project(r->store, records.items[i], err);
        if (r->progress)
            r->progress(r->context, (int64_t)i + 1, (int64_t)records.count);
    }
    strings_free(&records);
    return st;
}

enum status projection_rebuild(struct store *store, projection_progress progress, void *context,
                               struct error *err)
{
    struct rebuilding r = {store, progress, context};
    return store_transaction(store, rebuild, &r, err);
}

/* Some at a time: there may be many, and others want to write too. */
enum { RETRIED_AT_ONCE = 100 };

struct retrying {
    struct store *store;
    char after[UUID_SIZE];
    size_t count;
};

static enum status retry(void *context, struct error *err)
{
    struct retrying *r = context;
    struct statement *s;
    enum status st = database_query(r->store->db, err, &s,
                                    "SELECT DISTINCT record FROM event WHERE held<>'' AND record>?"
                                    " ORDER BY record LIMIT ?",
                                    "ti", r->after, (int64_t)RETRIED_AT_ONCE);
    for (r->count = 0; !st && statement_next(s, &st, err); r->count++) {
        projection_touch(r->store, statement_text(s, 0));
        snprintf(r->after, sizeof r->after, "%s", statement_text(s, 0));
    }
    statement_close(&s);
    return st;
}

enum status projection_retry(struct store *store, struct error *err)
{
    struct retrying r = {.store = store};
    enum status st;
    do
        st = store_transaction(store, retry, &r, err);
    while (!st && r.count == RETRIED_AT_ONCE);
    return st;
}
