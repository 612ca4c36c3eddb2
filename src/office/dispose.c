#include "office/dispose.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/care_internal.h"
#include "office/office_internal.h"
#include "office/setup_internal.h"
#include "store/dispose.h"
#include "store/journal.h"
#include "store/numbers.h"
#include "text/era.h"

/* --- The list beside the backups --- */

enum { LIST_LIMIT = 256 << 20 };

/* The registry as it stood then goes beside the list: an older database could not tell otherwise
 * that the town ordered it. */
static enum status copy_registry(struct office *office, const char *dir, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    char *file = file_path(dir, REGISTRY_FILE);
    enum status st = setup_registry_lines(office_registry(office), &text, err);
    if (!st)
        st = file_write(file, text.data, text.len, err);
    buffer_free(&text);
    xfree(&file);
    return st;
}

static enum status add_to_list(struct office *office, const char *record, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    char *dir = file_path(office->dir, "backup"), *file = file_path(dir, DISPOSED_FILE);
    enum status st = file_make_dirs(dir, err);
    if (!st && file_exists(file))
        st = file_read(file, LIST_LIMIT, &text, err);
    if (!st)
        st = dispose_lines(office->store, record, &text, err);
    if (!st && text.len)
        st = file_write(file, text.data, text.len, err);
    if (!st)
        st = copy_registry(office, dir, err);
    buffer_free(&text);
    xfree(&file);
    xfree(&dir);
    return st;
}

struct replaying {
    struct store *store;
    const char *registry, *lines, *root;
};

static enum status replay(void *context, struct error *err)
{
    const struct replaying *r = context;
    enum status st = setup_accept_lines(store_registry(r->store), r->registry, r->root, err);
    return st ? st : dispose_replay(r->store, r->lines, err);
}

enum status care_forget(struct store *store, const char *dir, const char *root, struct error *err)
{
    struct buffer registry = BUFFER_INIT, lines = BUFFER_INIT;
    char *list = file_path(dir, "backup/" DISPOSED_FILE);
    char *known = file_path(dir, "backup/" REGISTRY_FILE);
    enum status st = OK;
    if (file_exists(list)) {
        st = file_read(list, LIST_LIMIT, &lines, err);
        if (!st)
            st = file_read(known, LIST_LIMIT, &registry, err);
        struct replaying r = {store, buffer_text(&registry), buffer_text(&lines), root};
        if (!st)
            st = store_transaction(store, replay, &r, err);
    }
    if (!st && dispose_due(store))
        st = dispose_sweep(store, err);
    buffer_free(&registry);
    buffer_free(&lines);
    xfree(&list);
    xfree(&known);
    return st;
}

/* --- What was printed to files --- */

enum { PRINT_LIMIT = 1 << 20 };

static bool names_one(const char *file, const struct strings *numbers)
{
    struct buffer text = BUFFER_INIT;
    bool found = false;
    if (file_read(file, PRINT_LIMIT, &text, NULL) == OK)
        for (size_t i = 0; i < numbers->count; i++)
            found = found || strstr(buffer_text(&text), numbers->items[i]);
    buffer_free(&text);
    return found;
}

/* Slips, sheets and lists under print/ that name the record: paper has been made of them. */
static enum status erase_prints(struct office *office, const char *record, struct error *err)
{
    struct strings numbers = STRINGS_INIT;
    char *dir = file_path(office->dir, "print");
    enum status st = numbers_of(office->store, record, &numbers, err);
    DIR *d = st || !numbers.count ? NULL : opendir(dir);
    for (struct dirent *e; !st && d && (e = readdir(d));) {
        char *file = file_path(dir, e->d_name);
        if (e->d_name[0] != '.' && names_one(file, &numbers) && unlink(file) != 0)
            st = error_errno(err, E_IO, _("%s を消せません"), file);
        xfree(&file);
    }
    if (d)
        closedir(d);
    strings_free(&numbers);
    xfree(&dir);
    return st;
}

/* Everything of the record that is not in the database of the records. */
static enum status erase_around(struct office *office, const char *record, struct error *err)
{
    enum status st = draft_delete(office->drafts, record, err);
    if (!st)
        st = erase_prints(office, record, err);
    return st ? st : add_to_list(office, record, err);
}

/* --- The town orders it --- */

struct disposing {
    struct session *session;
    const char *record, *reason;
    char event[HASH_HEX_SIZE];
    char person[UUID_SIZE]; /* out: whom it was about, "" */
};

static enum status allowed(const struct record *record, struct error *err)
{
    const struct schema *schema = record->merge.schema;
    if (!schema)
        return error_set(err, E_EXISTS, _("その記録はすでに廃棄されています"));
    for (size_t i = 0; i < record->event_count; i++)
        if (record->events[i].held)
            return error_set(err, E_RULE, _("「%s」には保留の記録があります。先に片付けてください"),
                             record_value(record, "title"));
    for (size_t i = 0; i < schema->state_count; i++)
        if (schema->states[i].open &&
            strcmp(schema->states[i].name, record_value(record, "state")) == 0)
            return error_set(err, E_RULE, _("「%s」はまだ処理の途中なので廃棄できません"),
                             record_value(record, "title"));
    return OK;
}

static enum status append(void *context, struct error *err)
{
    struct disposing *d = context;
    struct store *store = d->session->office->store;
    struct record record;
    struct event event;
    enum status st = record_load(store, d->record, &record, err);
    if (st)
        return st;
    st = allowed(&record, err);
    snprintf(d->person, sizeof d->person, "%s", record_value(&record, "person"));
    if (!st) {
        struct line body = event_body();
        char *form = xasprintf("%s@%ld", record.form, record.version);
        line_add_text(&body, "reason", d->reason);
        struct journal_entry entry = {OP_DISPOSE, d->record, form, &body};
        st = journal_append(store, d->session->keys, &entry, &event, err);
        xfree(&form);
    }
    if (!st) {
        memcpy(d->event, event.hash, sizeof d->event);
        event_free(&event);
    }
    record_free(&record);
    return st;
}

/* Nothing is known of this person any more but who they were. */
static enum status nothing_left(struct store *store, const char *person, bool *is,
                                struct error *err)
{
    struct record_rows rows;
    const struct record_filter filter = {.person = person, .not_form = "person"};
    enum status st = record_query(store, &filter, 0, 0, &rows, err);
    *is = !st && rows.total == 0;
    record_rows_free(&rows);
    return st;
}

/* A record, and with somebody's last one the person themself. */
static enum status dispose_one(struct session *session, const char *record, const char *reason,
                               struct error *err)
{
    struct office *office = session->office;
    struct disposing d = {.session = session, .record = record, .reason = reason};
    bool last = false;
    enum status st = store_transaction(office->store, append, &d, err);
    if (!st)
        st = erase_around(office, record, err);
    if (!st && *d.person && strcmp(d.person, record) != 0)
        st = nothing_left(office->store, d.person, &last, err);
    return st || !last ? st : dispose_one(session, d.person, reason, err);
}

enum status dispose_records(struct session *session, const struct strings *records,
                            const char *reason, size_t *done, struct error *err)
{
    struct office *office = session->office;
    enum status st = session_require(session, MAY_ADMINISTER, err);
    *done = 0;
    if (!st && office->role != OFFICE_TOWN)
        st = error_set(err, E_DENIED, _("廃棄は町のデータでだけ決められます"));
    if (!st && str_empty(reason))
        st = error_set(err, E_INVALID,
                       _("廃棄の理由（保存期間満了など）を --reason で示してください"));
    for (size_t i = 0; !st && i < records->count; i++) {
        st = dispose_one(session, records->items[i], reason, err);
        *done += !st;
    }
    if (*done && dispose_due(office->store)) {
        enum status swept = dispose_sweep(office->store, st ? NULL : err);
        st = st ? st : swept;
    }
    return st;
}

/* --- Places do it --- */

static enum status acknowledge(void *context, struct error *err)
{
    struct disposing *d = context;
    struct line body = event_body();
    line_add_text(&body, DISPOSE_ACK, d->event);
    struct journal_entry entry = {OP_USER, NULL, NULL, &body};
    return journal_append(d->session->office->store, d->session->keys, &entry, NULL, err);
}

enum status dispose_carry_out(struct session *session, struct error *err)
{
    struct office *office = session->office;
    struct disposals list;
    struct strings waiting = STRINGS_INIT;
    enum status st = dispose_unacknowledged(office->store, &waiting, err);
    if (!st && waiting.count && dispose_due(office->store))
        st = dispose_sweep(office->store, err);
    if (!st)
        st = dispose_list(office->store, &list, err);
    for (size_t i = 0; !st && i < list.count; i++) {
        struct disposing d = {.session = session};
        if (strings_find(&waiting, list.items[i].event) < 0)
            continue;
        memcpy(d.event, list.items[i].event, sizeof d.event);
        st = erase_around(office, list.items[i].record, err);
        if (!st)
            st = store_transaction(office->store, acknowledge, &d, err);
    }
    disposals_free(&list);
    strings_free(&waiting);
    return st;
}

/* --- Looking at it --- */

static void add_place(struct buffer *text, struct office *office, const char *device)
{
    struct registry_device known = {0};
    bool there =
        registry_device(office_registry(office), REGISTRY_NEWEST, device, &known, NULL) == OK;
    buffer_add_text(text, text->len ? "、" : "");
    if (there)
        buffer_printf(text, "%s %s", known.office, known.name);
    else
        buffer_printf(text, "%.8s", device);
    registry_device_free(&known);
}

static struct disposal_row row_of(struct office *office, const struct disposal *d)
{
    struct disposal_row row = {.record = xstrdup(d->record),
                               .reason = xstrdup(d->reason),
                               .who = actor_name(office, d->actor)};
    struct buffer done = BUFFER_INIT, open = BUFFER_INIT;
    const struct form *form = NULL;
    char day[ERA_TEXT_SIZE] = "", gone[ISO_DATE_SIZE] = "";
    int64_t ms;
    add_place(&done, office, office->device);
    for (size_t i = 0; i < d->acknowledged.count; i++)
        if (strcmp(d->acknowledged.items[i], office->device) != 0)
            add_place(&done, office, d->acknowledged.items[i]);
    for (size_t i = 0; i < d->holders.count; i++)
        if (strcmp(d->holders.items[i], office->device) != 0 &&
            strings_find(&d->acknowledged, d->holders.items[i]) < 0 &&
            /* one that ended cannot say anything any more */
            !registry_revoked(office_registry(office), REGISTRY_NEWEST, d->holders.items[i]))
            add_place(&open, office, d->holders.items[i]);
    if (iso_time_parse(&ms, d->at)) {
        struct date on = office_time_at(ms).date;
        long daily = settings_number(office->settings, "backup.daily");
        long monthly = settings_number(office->settings, "backup.monthly") * 31;
        era_format(day, sizeof day, on);
        iso_date(gone, date_from_days(date_days(on) + (daily > monthly ? daily : monthly)));
    }
    if (catalogue_form(office->catalogue, d->form, 0, &form, NULL) == OK)
        row.form_title = xstrdup(label_text(&form->title, office->language));
    else
        row.form_title = xstrdup(d->form);
    row.at = xstrdup(day);
    row.gone_on = xstrdup(gone);
    row.done_at = buffer_steal(&done);
    row.open_at = buffer_steal(&open);
    return row;
}

enum status dispose_rows(struct session *session, struct disposal_rows *out, struct error *err)
{
    struct disposals list = {0};
    *out = (struct disposal_rows){0};
    enum status st = session_require(session, MAY_READ, err);
    if (st && session_may(session, MAY_ADMINISTER))
        st = OK;
    if (!st)
        st = dispose_list(session->office->store, &list, err);
    out->items = xcalloc(list.count + 1, sizeof *out->items);
    for (size_t i = 0; !st && i < list.count; i++)
        out->items[out->count++] = row_of(session->office, &list.items[i]);
    disposals_free(&list);
    return st;
}

void disposal_rows_free(struct disposal_rows *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct disposal_row *r = &list->items[i];
        char **texts[] = {&r->record, &r->form_title, &r->at,      &r->who,
                          &r->reason, &r->gone_on,    &r->done_at, &r->open_at};
        for (size_t t = 0; t < ARRAY_LEN(texts); t++)
            xfree(texts[t]);
    }
    xfree(&list->items);
    list->count = 0;
}
