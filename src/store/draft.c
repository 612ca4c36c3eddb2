#include "store/draft.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/database.h"
#include "store/store.h"
#include "text/individual_number.h"

struct drafts {
    struct database *db;
    struct store *store;
    char *place;
    char lease[64]; /* process: pid and when it started */
};

static const char tables[] =
    "CREATE TABLE draft(id TEXT PRIMARY KEY, form TEXT NOT NULL, title TEXT NOT NULL,"
    " owner TEXT NOT NULL, created_at TEXT NOT NULL, saved_at TEXT NOT NULL,"
    " cursor TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',"
    " next_contact TEXT NOT NULL DEFAULT '', carried_on TEXT NOT NULL DEFAULT '',"
    " carried_reason TEXT NOT NULL DEFAULT '', lease TEXT NOT NULL DEFAULT '',"
    " lease_place TEXT NOT NULL DEFAULT '') WITHOUT ROWID;"
    "CREATE TABLE draft_value(id TEXT NOT NULL REFERENCES draft(id) ON DELETE CASCADE,"
    " path TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(id,path)) WITHOUT ROWID;";
static const char *const migrations[] = {tables, NULL};

/* --- Leases: the pid alone could be somebody else's by now, so its start time stands with it ---
 */

static void process_of(long pid, char *out, size_t size)
{
    char path[64];
    struct buffer text = BUFFER_INIT;
    unsigned long long start = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    if (file_read(path, 4096, &text, NULL) == OK) {
        const char *field = strrchr(buffer_text(&text), ')');
        for (int i = 0; field && i < 20; i++)
            field = strchr(field + 1, ' ');
        start = field ? strtoull(field, NULL, 10) : 0;
    }
    snprintf(out, size, "%ld %llu", pid, start);
    buffer_free(&text);
}

static bool lease_lives(const char *lease)
{
    char now[64];
    if (!*lease)
        return false;
    process_of(strtol(lease, NULL, 10), now, sizeof now);
    return strcmp(now, lease) == 0;
}

enum status drafts_open(const char *dir, struct store *store, const char *place,
                        struct drafts **out, struct error *err)
{
    struct drafts *d = xcalloc(1, sizeof *d);
    char *path = file_path(dir, "drafts.db");
    d->store = store;
    d->place = xstrdup(place);
    process_of(getpid(), d->lease, sizeof d->lease);
    enum status st = database_open(path, migrations, &d->db, err);
    xfree(&path);
    if (st)
        drafts_free(&d);
    *out = d;
    return st;
}

void drafts_free(struct drafts **drafts)
{
    if (!*drafts)
        return;
    if ((*drafts)->db)
        database_run((*drafts)->db, NULL, "UPDATE draft SET lease='' WHERE lease=?", "t",
                     (*drafts)->lease);
    database_free(&(*drafts)->db);
    xfree(&(*drafts)->place);
    xfree(drafts);
}

void draft_free(struct draft *d)
{
    char **texts[] = {&d->id,         &d->form,           &d->title,  &d->owner, &d->person,
                      &d->created_at, &d->saved_at,       &d->cursor, &d->note,  &d->next_contact,
                      &d->carried_on, &d->carried_reason, &d->open_at};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(texts[i]);
}

void draft_list_free(struct draft_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        draft_free(&list->items[i]);
    xfree(&list->items);
    list->count = 0;
}

void draft_values_free(struct draft_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        xfree(&values->items[i].path);
        xfree(&values->items[i].value);
    }
    xfree(&values->items);
    values->count = 0;
}

static bool is_record(struct drafts *d, const char *id)
{
    int64_t n = 0;
    database_int(store_database(d->store), NULL, &n, "SELECT count(*) FROM event WHERE record=?",
                 "t", id);
    return n > 0;
}

/* --- Saving --- */

static enum status check_value(const struct draft_change *c, struct error *err)
{
    if (!c->value || c->plain_digits || !individual_number_in(c->value))
        return OK;
    error_set(
        err, E_INVALID,
        _("個人番号（マイナンバー）は入力できません。番号を消してください。何も保存していません"));
    return err ? error_field(err, c->path) : E_INVALID;
}

static bool waits(const struct draft_change *c)
{
    return c->value && !c->confirmed && !c->plain_digits &&
           digit_run_longest(c->value) >= INDIVIDUAL_NUMBER_BEGUN;
}

struct saving {
    struct drafts *drafts;
    const struct draft_save *save;
    size_t left;
};

static enum status save_head(struct saving *s, struct error *err)
{
    char now[ISO_TIME_SIZE];
    const struct draft_save *d = s->save;
    iso_time(now, clock_now());
    return database_run(
        s->drafts->db, err,
        "INSERT INTO draft(id,form,title,owner,created_at,saved_at,cursor,lease,lease_place)"
        " VALUES(?1,?2,ifnull(?3,''),?4,?5,?5,ifnull(?6,''),?7,?8) ON CONFLICT(id) DO UPDATE SET"
        " form=?2, title=ifnull(?3,title), saved_at=?5, cursor=ifnull(?6,cursor)",
        "tttttttt", d->id, d->form, d->title, d->owner, now, d->cursor, s->drafts->lease,
        s->drafts->place);
}

static enum status save_change(struct saving *s, const struct draft_change *c, struct error *err)
{
    if (waits(c)) {
        s->left++;
        return OK;
    }
    if (!c->value || !*c->value)
        return database_run(s->drafts->db, err, "DELETE FROM draft_value WHERE id=? AND path=?",
                            "tt", s->save->id, c->path);
    return database_run(s->drafts->db, err,
                        "INSERT INTO draft_value(id,path,value) VALUES(?,?,?) ON CONFLICT(id,path)"
                        " DO UPDATE SET value=excluded.value",
                        "ttt", s->save->id, c->path, c->value);
}

static enum status check_lease(struct drafts *d, const char *id, struct error *err)
{
    char *lease = NULL;
    enum status st =
        database_string(d->db, err, &lease, "SELECT lease FROM draft WHERE id=?", "t", id);
    if (!st && lease && strcmp(lease, d->lease) != 0)
        st = error_set(err, E_CONFLICT,
                       _("この下書きはほかの人が引き継ぎました。ここの入力は保存していません"));
    xfree(&lease);
    return st;
}

static enum status save_all(void *context, struct error *err)
{
    struct saving *s = context;
    enum status st = check_lease(s->drafts, s->save->id, err);
    if (!st)
        st = save_head(s, err);
    for (size_t i = 0; !st && i < s->save->count; i++)
        st = save_change(s, &s->save->changes[i], err);
    return st;
}

enum status draft_save(struct drafts *drafts, const struct draft_save *save, size_t *left,
                       struct error *err)
{
    struct saving s = {drafts, save, 0};
    const struct draft_change title = {.path = "title", .value = save->title};
    enum status st = check_value(&title, err);
    for (size_t i = 0; !st && i < save->count; i++)
        st = check_value(&save->changes[i], err);
    if (!st && is_record(drafts, save->id))
        st = error_set(err, E_EXISTS, _("受付確定済みの記録です"));
    if (!st)
        st = database_transaction(drafts->db, save_all, &s, err);
    if (left)
        *left = s.left;
    return st;
}

/* --- Reading --- */

#define COLUMNS                                                                                   \
    "id,form,title,owner,created_at,saved_at,cursor,note,next_contact,carried_on,carried_reason," \
    "held,lease,lease_place,(SELECT value FROM draft_value v WHERE v.id=draft.id AND "            \
    "v.path='person')"

static void read_row(const struct drafts *drafts, struct statement *s, struct draft *d)
{
    *d = (struct draft){0};
    char **texts[] = {&d->id,           &d->form,       &d->title,         &d->owner,
                      &d->created_at,   &d->saved_at,   &d->cursor,        &d->note,
                      &d->next_contact, &d->carried_on, &d->carried_reason};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = xstrdup(statement_text(s, (int)i));
    d->held = statement_int(s, 11) != 0;
    const char *lease = statement_text(s, 12);
    bool elsewhere = strcmp(lease, drafts->lease) != 0 && lease_lives(lease);
    d->person = xstrdup(statement_text(s, 14));
    d->open_at = xstrdup(elsewhere ? statement_text(s, 13) : "");
}

static enum status read_values(struct drafts *d, const char *id, struct draft_values *out,
                               struct error *err)
{
    struct statement *s;
    *out = (struct draft_values){0};
    enum status st = database_query(
        d->db, err, &s, "SELECT path, value FROM draft_value WHERE id=? ORDER BY path", "t", id);
    while (!st && statement_next(s, &st, err)) {
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] =
            (struct draft_value){xstrdup(statement_text(s, 0)), xstrdup(statement_text(s, 1))};
    }
    statement_close(&s);
    return st;
}

enum status draft_read(struct drafts *d, const char *id, struct draft *out,
                       struct draft_values *values, struct error *err)
{
    struct statement *s;
    bool found = false;
    enum status st =
        database_query(d->db, err, &s, "SELECT " COLUMNS " FROM draft WHERE id=?", "t", id);
    if (!st && statement_next(s, &st, err)) {
        read_row(d, s, out);
        found = true;
    }
    statement_close(&s);
    if (!st && !found)
        st = error_set(err, E_NOT_FOUND, _("その下書きはありません"));
    if (!st && values) {
        st = read_values(d, id, values, err);
        if (st)
            draft_free(out);
    }
    return st;
}

struct opening {
    struct drafts *drafts;
    const char *id, *user;
};

static enum status take_lease(void *context, struct error *err)
{
    struct opening *o = context;
    struct draft row;
    enum status st = draft_read(o->drafts, o->id, &row, NULL, err);
    if (st)
        return st;
    if (*row.open_at)
        st = error_set(err, E_BUSY, _("この下書きは %s で開かれています"), row.open_at);
    draft_free(&row);
    char *where = xasprintf("%s %s", o->drafts->place, o->user);
    if (!st)
        st = database_run(o->drafts->db, err, "UPDATE draft SET lease=?, lease_place=? WHERE id=?",
                          "ttt", o->drafts->lease, where, o->id);
    xfree(&where);
    return st;
}

enum status draft_open(struct drafts *drafts, const char *id, const char *user, struct draft *out,
                       struct draft_values *values, struct error *err)
{
    struct opening o = {drafts, id, user};
    if (is_record(drafts, id)) {
        draft_delete(drafts, id, NULL);
        return error_set(err, E_EXISTS, _("受付確定済みの記録です"));
    }
    enum status st = database_transaction(drafts->db, take_lease, &o, err);
    return st ? st : draft_read(drafts, id, out, values, err);
}

enum status draft_close(struct drafts *d, const char *id, struct error *err)
{
    return database_run(d->db, err, "UPDATE draft SET lease='' WHERE id=? AND lease=?", "tt", id,
                        d->lease);
}

enum status draft_delete(struct drafts *d, const char *id, struct error *err)
{
    return database_run(d->db, err, "DELETE FROM draft WHERE id=?", "t", id);
}

/* --- Changes of state --- */

static enum status changed(struct drafts *d, enum status st, struct error *err)
{
    if (!st && database_changes(d->db) == 0)
        st = error_set(err, E_NOT_FOUND, _("その下書きはありません"));
    return st;
}

static enum status refuse_number(const char *note, struct error *err)
{
    const struct draft_change change = {.path = "note", .value = note};
    return check_value(&change, err);
}

enum status draft_hold(struct drafts *d, const char *id, const char *note, const char *next_contact,
                       struct error *err)
{
    enum status st = refuse_number(note, err);
    return st ? st
              : changed(d,
                        database_run(d->db, err,
                                     "UPDATE draft SET held=1, note=?, next_contact=?, lease=''"
                                     " WHERE id=?",
                                     "ttt", note, next_contact, id),
                        err);
}

enum status draft_unhold(struct drafts *d, const char *id, struct error *err)
{
    return changed(d, database_run(d->db, err, "UPDATE draft SET held=0 WHERE id=?", "t", id), err);
}

enum status draft_hand_over(struct drafts *d, const char *id, const char *login, struct error *err)
{
    struct draft row;
    enum status st = draft_read(d, id, &row, NULL, err);
    if (st)
        return st;
    if (*row.open_at)
        st = error_set(err, E_BUSY, _("この下書きは %s で開かれています"), row.open_at);
    draft_free(&row);
    return st ? st
              : database_run(d->db, err, "UPDATE draft SET owner=?, lease='' WHERE id=?", "tt",
                             login, id);
}

enum status draft_carry(struct drafts *d, const char *id, const char *day, const char *reason,
                        struct error *err)
{
    enum status st = refuse_number(reason, err);
    return st ? st
              : changed(d,
                        database_run(d->db, err,
                                     "UPDATE draft SET carried_on=?, carried_reason=? WHERE id=?",
                                     "ttt", day, reason, id),
                        err);
}

bool drafts_hold_value(struct drafts *d, const char *value)
{
    int64_t n;
    /* When they cannot be asked, it is held. */
    return database_int(d->db, NULL, &n, "SELECT count(*) FROM draft_value WHERE value=?", "t",
                        value) != OK ||
           n > 0;
}

/* --- Lists --- */

enum status draft_list(struct drafts *d, enum draft_filter filter, const char *owner,
                       struct draft_list *out, struct error *err)
{
    static const char *const order[] = {
        [DRAFTS_ALL] = "1 ORDER BY saved_at",
        [DRAFTS_OPEN] = "held=0 ORDER BY saved_at",
        [DRAFTS_HELD] = "held=1 ORDER BY next_contact='', next_contact, saved_at",
    };
    struct statement *s;
    struct strings done = STRINGS_INIT;
    char *sql = xasprintf("SELECT " COLUMNS " FROM draft WHERE (?1 IS NULL OR owner=?1) AND %s",
                          order[filter]);
    *out = (struct draft_list){0};
    enum status st = database_query(d->db, err, &s, sql, "t", owner);
    while (!st && statement_next(s, &st, err)) {
        if (is_record(d, statement_text(s, 0))) {
            strings_add(&done, statement_text(s, 0));
            continue;
        }
        out->items = xroom(out->items, out->count, sizeof *out->items);
        read_row(d, s, &out->items[out->count++]);
    }
    statement_close(&s);
    for (size_t i = 0; i < done.count; i++)
        draft_delete(d, done.items[i], NULL);
    strings_free(&done);
    xfree(&sql);
    if (st)
        draft_list_free(out);
    return st;
}

enum status draft_count(struct drafts *d, long *open, long *held, struct error *err)
{
    struct draft_list list;
    *open = *held = 0;
    enum status st = draft_list(d, DRAFTS_ALL, NULL, &list, err);
    if (st)
        return st;
    for (size_t i = 0; i < list.count; i++)
        ++*(list.items[i].held ? held : open);
    draft_list_free(&list);
    return OK;
}
