#include "store/record.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "store/concealed.h"
#include "store/event.h"
#include "store/journal.h"
#include "store/registry.h"

/* --- One record whole --- */

static const struct schema *rule_schema(void *context, const char *form, long version)
{
    return store_schema(context, form, version);
}

static bool rule_knows(void *context, int64_t reg)
{
    return reg <= registry_version(store_registry(context));
}

static bool rule_role(void *context, const char *actor, int64_t reg, const struct strings *roles)
{
    for (size_t i = 0; i < roles->count; i++)
        if (registry_has_role(store_registry(context), (long)reg, actor, roles->items[i]))
            return true;
    return false;
}

static bool rule_seal(void *context, const struct event *event)
{
    struct registry_user user = {0};
    bool good =
        registry_user(store_registry(context), (long)event->reg, event->actor, &user, NULL) == OK &&
        event_seal_valid(event, user.key);
    registry_user_free(&user);
    return good;
}

static bool rule_disposal(void *context, const struct event *event)
{
    struct registry *r = store_registry(context);
    struct registry_device device = {0};
    bool town = registry_device(r, (long)event->reg, event->device, &device, NULL) == OK &&
                strcmp(device.role, "town") == 0 &&
                registry_has_role(r, (long)event->reg, event->actor, "admin");
    registry_device_free(&device);
    return town;
}

/* What the town says of the device and the author: revoked before the event, or on the wrong side
 * of a fork. */
static enum held told(struct store *store, const struct event *e, bool forked)
{
    struct registry *r = store_registry(store);
    enum journal_side side =
        forked ? journal_side(store, e->device, e->seq, e->hash) : JOURNAL_WHOLE;
    if (side == JOURNAL_OPEN || side == JOURNAL_REFUSED)
        return side == JOURNAL_OPEN ? HELD_FORK : HELD_REFUSED;
    bool good =
        (side == JOURNAL_GOOD || registry_accepts(r, e->device, e->device, e->seq, e->hash)) &&
        registry_accepts(r, e->actor, e->device, e->seq, e->hash);
    return good ? HELD_NOT : HELD_REVOKED;
}

static enum status read_events(struct store *store, const char *id, struct record *out,
                               struct error *err)
{
    struct statement *s;
    enum status st = database_query(
        store_database(store), err, &s,
        "SELECT e.header, e.body, e.seal, EXISTS(SELECT 1 FROM fork f WHERE f.device=e.device"
        " AND e.seq>=f.seq), e.held, e.id FROM event e WHERE e.record=? AND e.record<>''"
        " AND " EVENT_IS_HISTORY("e.op") " ORDER BY e.id",
        "t", id);
    while (!st && statement_next(s, &st, err)) {
        out->events = xroom(out->events, out->event_count, sizeof *out->events);
        struct merge_event *e = &out->events[out->event_count];
        bool forked = statement_int(s, 3);
        *e = (struct merge_event){.noted = *statement_text(s, 4) ? held_of(statement_text(s, 4))
                                                                 : HELD_NOT};
        out->last = statement_int(s, 5);
        out->first = out->first ? out->first : out->last;
        st = event_read(statement_text(s, 0), statement_is_null(s, 1) ? NULL : statement_text(s, 1),
                        statement_is_null(s, 2) ? NULL : statement_text(s, 2), &e->event, err);
        if (st)
            break;
        out->event_count++;
        e->held = told(store, &e->event, forked);
        if (e->event.body)
            st = line_read(e->event.body, strlen(e->event.body), &e->body, err);
    }
    statement_close(&s);
    return st;
}

enum status record_not_here(const char *id, struct error *err)
{
    return error_set(err, E_NOT_FOUND, _("その記録はここにありません（%s）"), id);
}

struct loading {
    struct store *store;
    struct record *out;
    const char *before; /* hash of the first event left out, NULL = none */
};

/* In the order that is the same at every place each event stands behind what it is based on: what
 * is left is a whole history. */
static void leave_out(struct record *record, const char *hash)
{
    size_t count = 0;
    while (count < record->event_count && strcmp(record->events[count].event.hash, hash) != 0)
        count++;
    for (size_t i = count; i < record->event_count; i++) {
        event_free(&record->events[i].event);
        line_free(&record->events[i].body);
    }
    record->event_count = count;
}

static enum status load(void *context, struct error *err)
{
    static const struct merge_rules plain = {.schema = rule_schema,
                                             .knows = rule_knows,
                                             .role = rule_role,
                                             .seal = rule_seal,
                                             .disposal = rule_disposal};
    struct loading *l = context;
    struct record *out = l->out;
    struct merge_rules rules = plain;
    enum status st = read_events(l->store, out->id, out, err);
    if (!st && !out->event_count)
        st = record_not_here(out->id, err);
    if (st)
        return st;
    rules.context = l->store;
    merge_order(out->events, out->event_count);
    if (l->before)
        leave_out(out, l->before);
    if (!out->event_count)
        return record_not_here(out->id, err);
    merge_record(out->events, out->event_count, &rules, &out->merge);
    event_form(&out->events[0].event, out->form);
    out->version = out->merge.schema ? out->merge.schema->version : 0;
    return OK;
}

/* All that is asked on the way (the events, the registry, forks) is of one moment. */
enum status record_load_before(struct store *store, const char *id, const char *event,
                               struct record *out, struct error *err)
{
    struct loading l = {store, out, event};
    *out = (struct record){0};
    snprintf(out->id, sizeof out->id, "%s", id);
    enum status st = database_reading(store_database(store), load, &l, err);
    if (st)
        record_free(out);
    return st;
}

enum status record_load(struct store *store, const char *id, struct record *out, struct error *err)
{
    return record_load_before(store, id, NULL, out, err);
}

void record_free(struct record *record)
{
    merge_free(&record->merge);
    for (size_t i = 0; i < record->event_count; i++) {
        event_free(&record->events[i].event);
        line_free(&record->events[i].body);
    }
    xfree(&record->events);
    record->event_count = 0;
}

const char *record_value(const struct record *record, const char *path)
{
    return merge_value(&record->merge, path);
}

enum status record_heads(struct store *store, const char *id, struct strings *out,
                         struct error *err)
{
    struct record record;
    struct error local;
    enum status st = record_load(store, id, &record, &local);
    if (st == E_NOT_FOUND)
        return OK;
    if (st) {
        if (err)
            *err = local;
        return st;
    }
    for (size_t i = 0; i < record.merge.heads.count; i++)
        strings_add(out, record.merge.heads.items[i]);
    record_free(&record);
    return OK;
}

/* Of the first event; the later ones find the record there. */
#define CAME_IN(record)                                                                           \
    "SELECT substr(arrived,1,10) FROM event WHERE record=" record " AND " EVENT_IS_HISTORY("op") \
    " ORDER BY id LIMIT 1"
#define WAS_RECEIVED(record)                                                                  \
    "SELECT substr(min(b.received),1,10) FROM bundle b WHERE b.incoming=0 AND b.kind='chain'" \
    " AND b.received<>'' AND (SELECT min(e.seq) FROM event e WHERE e.record=" record          \
    " AND " EVENT_IS_HISTORY("e.op")                                                         \
    " AND +e.device=(SELECT value FROM fact WHERE key='device')) BETWEEN b.first AND b.last"

static bool is_town(struct store *store)
{
    struct registry_device own = {0};
    char *device = journal_device(store);
    bool town = registry_device(store_registry(store), REGISTRY_NEWEST, device, &own, NULL) == OK &&
                strcmp(own.role, "town") == 0;
    registry_device_free(&own);
    xfree(&device);
    return town;
}

enum status record_reached_town(struct store *store, const char *id, char out[ISO_DATE_SIZE],
                                struct error *err)
{
    char *day = NULL;
    enum status st = database_string(store_database(store), err, &day,
                                     is_town(store) ? CAME_IN("?") : WAS_RECEIVED("?"), "t", id);
    snprintf(out, ISO_DATE_SIZE, "%s", day ? day : "");
    xfree(&day);
    return st;
}

/* --- Rows of many --- */

/* How far this place's newest event of a record has come: own device, exported, received. The plus
 * keeps SQLite from going through all events of the device for each record. */
#define STAGE_SQL                                                                                  \
    "(SELECT CASE WHEN max(e.seq) IS NULL THEN 0"                                                  \
    " WHEN max(e.seq)<=(SELECT ifnull(max(c.seq),0) FROM receipt c WHERE c.device=e.device) THEN " \
    "3"                                                                                            \
    " WHEN max(e.seq)<=(SELECT ifnull(max(b.last),0) FROM bundle b WHERE b.incoming=0"             \
    " AND b.kind='chain') THEN 2 ELSE 1 END FROM event e WHERE e.record=r.record"                  \
    " AND " EVENT_IS_HISTORY("e.op")                                                              \
    " AND +e.device=(SELECT value FROM fact WHERE key='device'))"

struct query {
    struct buffer sql;
    const char *values[16];
    size_t count;
};

static void narrow(struct query *q, const char *condition, const char *value)
{
    if (!value)
        return;
    buffer_printf(&q->sql, " AND %s", condition);
    q->values[q->count++] = value;
}

static void where(struct query *q, const struct record_filter *f)
{
    buffer_add_text(&q->sql, " FROM record r WHERE 1");
    narrow(q, "r.record=?", f->record);
    narrow(q, "r.form=?", f->form);
    narrow(q, "r.form<>?", f->not_form);
    narrow(q, "r.state=?", f->state);
    narrow(q, "r.person=?", f->person);
    narrow(q, "+r.device=?", f->device); /* most records are of one device: no index by it */
    narrow(q, "r.receipt_no=?", f->receipt_no);
    narrow(q, "r.title=?", f->title);
    narrow(q, "r.received_on>=?", f->received_from);
    narrow(q, "r.received_on<=?", f->received_to);
    narrow(q, "(SELECT substr(e.arrived,1,10) FROM event e WHERE e.id=r.first)=?", f->entered_on);
    narrow(q, "r.deadline>'' AND r.deadline<=?", f->deadline_to);
    const struct {
        bool wanted;
        const char *condition;
    } flags[] = {
        {f->numbered, "r.receipt_no>''"},
        {f->conflict, "r.conflict"},
        {f->open, "r.open"},
        {f->in_force, "r.in_force"},
        {f->deficient, "r.deficient"},
        {f->shared,
         "r.device IN (SELECT device FROM fork) AND r.receipt_no<>'' AND EXISTS (SELECT 1"
         " FROM record q WHERE q.receipt_no=r.receipt_no AND q.record<>r.record)"},
        {f->visible, "r.record NOT IN " CONCEALED},
    };
    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        if (flags[i].wanted)
            buffer_printf(&q->sql, " AND %s", flags[i].condition);
    if (f->stage)
        buffer_printf(&q->sql, " AND " STAGE_SQL "=%d", (int)f->stage);
}

/* Two columns behind the others. */
static const char *times_sql(struct store *store, const struct record_filter *filter)
{
#define ACTS ",(SELECT count(*) FROM event e WHERE e.record=r.record AND e.op=2)"
    if (!filter->times)
        return "";
    return is_town(store) ? ",(" CAME_IN("r.record") ")" ACTS
                          : ",(" WAS_RECEIVED("r.record") ")" ACTS;
#undef ACTS
}

static void read_row(struct statement *s, struct record_row *r, bool times)
{
    char **texts[] = {&r->record, &r->form,        &r->receipt_no,  &r->title,
                      &r->state,  &r->received_on, &r->received_at, &r->person,
                      &r->office, &r->device,      &r->deadline};
    int c = 0;
    for (; c < (int)ARRAY_LEN(texts); c++)
        *texts[c] = xstrdup(statement_text(s, c));
    r->version = (long)statement_int(s, c++);
    r->deficient = statement_int(s, c++);
    r->conflict = statement_int(s, c++);
    r->in_force = statement_int(s, c++);
    r->open = statement_int(s, c++);
    r->stage = (enum record_stage)statement_int(s, c++);
    if (times) {
        r->reached = xstrdup(statement_text(s, c++));
        r->acts = (long)statement_int(s, c++);
    }
}

static enum status bind_query(struct store *store, const char *sql, const struct query *q,
                              struct statement **out, struct error *err)
{
    return database_query_texts(store_database(store), err, out, sql, q->values, q->count);
}

static enum status count_rows(struct store *store, const struct record_filter *filter, long *total,
                              struct error *err)
{
    struct query q = {BUFFER_INIT, {0}, 0};
    struct statement *s = NULL;
    buffer_add_text(&q.sql, "SELECT count(*)");
    where(&q, filter);
    enum status st = bind_query(store, q.sql.data, &q, &s, err);
    *total = !st && statement_next(s, &st, err) ? (long)statement_int(s, 0) : 0;
    statement_close(&s);
    buffer_free(&q.sql);
    return st;
}

enum status record_query(struct store *store, const struct record_filter *filter, long offset,
                         long limit, struct record_rows *out, struct error *err)
{
    struct query q = {BUFFER_INIT, {0}, 0};
    struct statement *s = NULL;
    *out = (struct record_rows){0};
    enum status st = count_rows(store, filter, &out->total, err);
    if (st || limit == 0)
        return st;
    buffer_add_text(&q.sql, "SELECT r.record,r.form,r.receipt_no,r.title,r.state,r.received_on,"
                            "r.received_at,r.person,r.office,r.device,r.deadline,r.version,"
                            "r.deficient,r.conflict,r.in_force,r.open," STAGE_SQL);
    buffer_add_text(&q.sql, times_sql(store, filter));
    where(&q, filter);
    buffer_printf(&q.sql, " ORDER BY %sr.received_at %s, r.record LIMIT %ld OFFSET %ld",
                  filter->by_deadline ? "r.deadline, " : "", filter->newest_first ? "DESC" : "ASC",
                  limit, offset);
    st = bind_query(store, q.sql.data, &q, &s, err);
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count] = (struct record_row){0};
        read_row(s, &out->items[out->count++], filter->times);
    }
    statement_close(&s);
    buffer_free(&q.sql);
    if (st)
        record_rows_free(out);
    return st;
}

void record_rows_free(struct record_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct record_row *r = &rows->items[i];
        char **texts[] = {&r->record, &r->form,        &r->receipt_no,  &r->title,
                          &r->state,  &r->received_on, &r->received_at, &r->person,
                          &r->office, &r->device,      &r->deadline};
        for (size_t c = 0; c < ARRAY_LEN(texts); c++)
            xfree(texts[c]);
        xfree(&r->reached);
    }
    xfree(&rows->items);
    rows->count = 0;
}

#define NOT_CONCEALED " AND record NOT IN " CONCEALED

enum status record_unsent(struct store *store, bool visible, long *unsent, long *unreceived,
                          struct error *err)
{
    static const char all[] =
        "SELECT count(DISTINCT record) FROM event e JOIN record r USING(record)"
        " WHERE e.device=? AND e.seq>? AND e.seq<=? AND " EVENT_IS_HISTORY("e.op")
        " AND r.receipt_no<>''";
    char *sql = xasprintf("%s%s", all, visible ? NOT_CONCEALED : "");
    struct database *db = store_database(store);
    char *device = journal_device(store);
    int64_t exported = 0, received = 0, n = 0, m = 0;
    enum status st = database_int(db, err, &exported,
                                  "SELECT ifnull(max(last),0) FROM bundle WHERE incoming=0"
                                  " AND kind='chain'",
                                  "");
    if (!st)
        st =
            database_int(db, err, &received, "SELECT seq FROM receipt WHERE device=?", "t", device);
    if (exported < received)
        exported = received;
    if (!st)
        st = database_int(db, err, &n, sql, "tii", device, exported, INT64_MAX);
    if (!st)
        st = database_int(db, err, &m, sql, "tii", device, received, exported);
    *unsent = (long)n;
    *unreceived = (long)m;
    xfree(&device);
    xfree(&sql);
    return st;
}

/* --- A form's table --- */

static bool has_column(struct store *store, const char *form, const char *name)
{
    int64_t known = 0;
    database_int(store_database(store), NULL, &known,
                 "SELECT count(*) FROM form_column WHERE form=? AND name=? AND repeat=''", "tt",
                 form, name);
    return known != 0;
}

static void table_columns(struct store *store, const char *form, const struct strings *columns,
                          const char *sort, struct buffer *select, struct buffer *order)
{
    const char *by = sort && *sort == '-' ? sort + 1 : sort;
    for (size_t i = 0; i < columns->count; i++)
        if (has_column(store, form, columns->items[i]))
            buffer_printf(select, ",\"%s\"", columns->items[i]);
        else
            buffer_add_text(select, ",''");
    if (!str_empty(by) && has_column(store, form, by))
        buffer_printf(order, "\"%s\"%s,", by, *sort == '-' ? " DESC" : "");
}

void record_cells_add(struct record_cells *out, struct statement *s)
{
    out->ids = xroom(out->ids, out->rows, sizeof *out->ids);
    out->ids[out->rows] = xstrdup(statement_text(s, 0));
    size_t base = out->rows++ * out->columns;
    out->cells = xreallocarray(out->cells, base + out->columns + 1, sizeof *out->cells);
    for (size_t c = 0; c < out->columns; c++)
        out->cells[base + c] = xstrdup(statement_text(s, (int)c + 1));
}

enum status record_table(struct store *store, const char *form, const struct strings *columns,
                         const char *sort, bool visible, long offset, long limit,
                         struct record_cells *out, struct error *err)
{
    struct buffer select = BUFFER_INIT, order = BUFFER_INIT;
    struct statement *s = NULL;
    int64_t there, total;
    *out = (struct record_cells){.columns = columns->count};
    enum status st = database_int(store_database(store), err, &there,
                                  "SELECT count(*) FROM form_column WHERE form=?", "t", form);
    if (st || !there)
        return st;
    st = database_int(store_database(store), err, &total,
                      "SELECT count(*) FROM record WHERE form=?", "t", form);
    out->total = (long)total;
    table_columns(store, form, columns, sort, &select, &order);
    char *sql =
        xasprintf("SELECT record%s FROM \"f_%s\"%s ORDER BY %s record LIMIT %ld OFFSET %ld",
                  buffer_text(&select), form, visible ? " WHERE record NOT IN " CONCEALED : "",
                  buffer_text(&order), limit, offset);
    if (!st)
        st = database_query(store_database(store), err, &s, sql, "");
    while (!st && statement_next(s, &st, err))
        record_cells_add(out, s);
    statement_close(&s);
    xfree(&sql);
    buffer_free(&select);
    buffer_free(&order);
    if (st)
        record_cells_free(out);
    return st;
}

char *record_lookup(struct store *store, const char *form, const char *column,
                    const char *key_column, const char *key, bool visible)
{
    char *value = NULL;
    bool by_record = strcmp(key_column, "record") == 0;
    if (!has_column(store, form, column) || (!by_record && !has_column(store, form, key_column)))
        return NULL;
    char *sql = xasprintf("SELECT \"%s\" FROM \"f_%s\" WHERE \"%s\"=? AND in_force%s"
                          " ORDER BY record DESC LIMIT 1",
                          column, form, key_column, visible ? NOT_CONCEALED : "");
    database_string(store_database(store), NULL, &value, sql, "t", key);
    xfree(&sql);
    return value;
}

char *record_before(struct store *store, const char *form, const char *same, const char *value,
                    const char *by, const char *before, const char *except, bool visible)
{
    char *record = NULL;
    if (!has_column(store, form, same) || !has_column(store, form, by))
        return NULL;
    char *sql = xasprintf("SELECT record FROM \"f_%s\" WHERE \"%s\"=? AND \"%s\"<? AND \"%s\"<>''"
                          " AND record<>? AND in_force%s ORDER BY \"%s\" DESC, record DESC"
                          " LIMIT 1",
                          form, same, by, by, visible ? NOT_CONCEALED : "", by);
    database_string(store_database(store), NULL, &record, sql, "ttt", value, before, except);
    xfree(&sql);
    return record;
}

void record_cells_free(struct record_cells *cells)
{
    for (size_t r = 0; r < cells->rows; r++) {
        xfree(&cells->ids[r]);
        for (size_t c = 0; c < cells->columns; c++)
            xfree(&cells->cells[r * cells->columns + c]);
    }
    xfree(&cells->ids);
    xfree(&cells->cells);
    cells->rows = 0;
}
