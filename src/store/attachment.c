#include "store/attachment.h"

#include <stdio.h>

#include "base/xmem.h"
#include "store/attachment_internal.h"
#include "store/record.h"
#include "store/store_internal.h"

void attachment_free(struct attachment *a)
{
    char **texts[] = {&a->path, &a->name, &a->copy_of, &a->at, &a->actor};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
}

void attachment_list_free(struct attachment_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        attachment_free(&list->items[i]);
    xfree(&list->items);
    list->count = 0;
}

/* --- What the journal says --- */

#define COLUMNS                                                                   \
    "a.blob,a.salt,a.event,a.record,a.path,a.name,a.copy_of,a.at,a.actor,a.size," \
    "(SELECT e.device FROM event e WHERE e.record=a.record AND e.hash=a.event)"

static enum status collect(struct store *store, struct statement *s, bool missing_only,
                           struct attachment_list *out, struct error *err)
{
    enum status st = OK;
    while (statement_next(s, &st, err)) {
        struct attachment a = {.size = statement_int(s, 9)};
        snprintf(a.blob, sizeof a.blob, "%s", statement_text(s, 0));
        snprintf(a.salt, sizeof a.salt, "%s", statement_text(s, 1));
        snprintf(a.event, sizeof a.event, "%s", statement_text(s, 2));
        snprintf(a.record, sizeof a.record, "%s", statement_text(s, 3));
        snprintf(a.device, sizeof a.device, "%s", statement_text(s, 10));
        a.here = attachment_here(store, a.blob);
        if (missing_only && a.here)
            continue;
        char **texts[] = {&a.path, &a.name, &a.copy_of, &a.at, &a.actor};
        for (size_t i = 0; i < ARRAY_LEN(texts); i++)
            *texts[i] = xstrdup(statement_text(s, (int)i + 4));
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = a;
    }
    statement_close(&s);
    return st;
}

enum status attachment_list_record(struct store *store, const char *record,
                                   struct attachment_list *out, struct error *err)
{
    struct statement *s;
    *out = (struct attachment_list){0};
    enum status st =
        database_query(store->db, err, &s,
                       "SELECT " COLUMNS " FROM attachment a JOIN event e ON"
                       " e.record=a.record AND e.hash=a.event WHERE a.record=? ORDER BY e.id",
                       "t", record);
    return st ? st : collect(store, s, false, out, err);
}

enum status attachment_list_chain(struct store *store, const char *device, int64_t first,
                                  int64_t last, struct attachment_list *out, struct error *err)
{
    struct statement *s;
    *out = (struct attachment_list){0};
    enum status st = database_query(
        store->db, err, &s,
        "SELECT " COLUMNS " FROM event e JOIN attachment a ON a.record=e.record AND a.event=e.hash"
        " WHERE e.device=? AND e.seq>=? AND e.seq<=? AND e.extract=0 AND e.op=3 ORDER BY e.seq",
        "tii", device, first, last ? last : INT64_MAX);
    return st ? st : collect(store, s, false, out, err);
}

enum status attachment_list_missing(struct store *store, struct attachment_list *out,
                                    struct error *err)
{
    struct statement *s;
    *out = (struct attachment_list){0};
    enum status st =
        database_query(store->db, err, &s,
                       "SELECT " COLUMNS " FROM attachment a GROUP BY a.blob ORDER BY a.blob", "");
    return st ? st : collect(store, s, true, out, err);
}

enum status attachment_find(struct store *store, const char *blob, struct attachment *out,
                            struct error *err)
{
    struct statement *s;
    struct attachment_list list = {0};
    enum status st = database_query(
        store->db, err, &s,
        "SELECT " COLUMNS " FROM attachment a WHERE a.blob=? ORDER BY a.at LIMIT 1", "t", blob);
    if (!st)
        st = collect(store, s, false, &list, err);
    if (!st && !list.count)
        st = attachment_find_added(store, blob, out, err);
    else if (!st)
        *out = list.items[0];
    if (!st && list.count)
        xfree(&list.items);
    else
        attachment_list_free(&list);
    return st;
}

static bool is_hex(const char *text)
{
    uint8_t bytes[HASH_SIZE];
    return text && hex_decode(bytes, sizeof bytes, text);
}

/* Held or not: bytes may come before what an event waits for. An event of another shape names
 * nothing. */
enum status attachment_project(struct store *store, const struct record *record, struct error *err)
{
    enum status st =
        database_run(store->db, err, "DELETE FROM attachment WHERE record=?", "t", record->id);
    for (size_t i = 0; !st && i < record->event_count; i++) {
        const struct event *e = &record->events[i].event;
        const struct line *body = &record->events[i].body;
        const struct strings *set = line_map(body, "set");
        const char *blob = line_text(body, "blob"), *salt = line_text(body, "salt");
        const char *name = line_text(body, "name"), *copy_of = line_text(body, "copy_of");
        if (e->op != OP_ATTACH || !e->body || !is_hex(blob) || !is_hex(salt) || !name || !set ||
            set->count < 2)
            continue;
        st =
            database_run(store->db, err,
                         "INSERT INTO attachment(record,event,blob,salt,path,name,copy_of,at,actor,"
                         "size) VALUES(?,?,?,?,?,?,?,?,?,?)",
                         "ttttttttti", record->id, e->hash, blob, salt, set->items[0], name,
                         copy_of ? copy_of : "", e->at, e->actor, line_number(body, "size"));
    }
    return st;
}
