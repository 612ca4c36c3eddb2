/* Drafts (下書き) and holds (保留) of an entry. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "office/entry_internal.h"
#include "office/veil.h"

bool draft_seen(struct session *session, const struct draft *draft)
{
    if (session_may(session, MAY_READ_PROTECTED))
        return true;
    if (*draft->person && !session_sees(session, draft->person))
        return false;
    return strcmp(draft->owner, session->login) == 0 ||
           (veil_text(session, NULL, draft->title) == draft->title &&
            veil_text(session, NULL, draft->note) == draft->note);
}

enum status drafts_for(struct session *session, enum draft_filter filter, const char *owner,
                       struct draft_list *out, struct error *err)
{
    size_t kept = 0;
    enum status st = draft_list(session->office->drafts, filter, owner, out, err);
    for (size_t i = 0; !st && i < out->count; i++)
        if (draft_seen(session, &out->items[i]))
            out->items[kept++] = out->items[i];
        else
            draft_free(&out->items[i]);
    out->count = kept;
    return st;
}

bool entry_unsaved(const struct entry *entry)
{
    return entry->changed;
}

int64_t entry_saved_at(const struct entry *entry)
{
    return entry->saved_at;
}

const char *entry_cursor(const struct entry *entry)
{
    return entry->cursor;
}

static void add_prefixed(struct values *out, const char *prefix, const char *path,
                         const char *value)
{
    char *full = xasprintf("%s%s", prefix, path);
    values_add(out, full, value);
    xfree(&full);
}

/* Everything to be saved: values, refused texts, ticks. */
static void all_of(const struct entry *entry, struct values *out)
{
    instance_all_values(entry->instance, out);
    for (size_t i = 0; i < entry->refused_count; i++)
        add_prefixed(out, TYPED_PREFIX, entry->refused[i].path, entry->refused[i].typed);
    for (size_t i = 0; i < entry->explained.count; i++)
        add_prefixed(out, EXPLAINED_PREFIX, entry->explained.items[i], "yes");
}

static struct draft_change change_of(const struct entry *entry, const char *path, const char *value)
{
    bool typed = str_starts(path, TYPED_PREFIX);
    const struct field *field =
        form_path_field(entry->form, typed ? path + strlen(TYPED_PREFIX) : path);
    return (struct draft_change){
        .path = path,
        .value = value,
        .plain_digits = !typed && (!field || answer_plain_digits(field)),
        .confirmed = !typed,
    };
}

/* What differs between two sets; both in form order, so most pairs meet at the first look. */
static struct draft_change *changes(const struct entry *entry, const struct values *now,
                                    size_t *count)
{
    struct draft_change *out = xcalloc(now->count + entry->saved.count + 1, sizeof *out);
    *count = 0;
    for (size_t i = 0; i < now->count; i++) {
        const char *before = values_get(&entry->saved, now->items[i].path);
        if (!before || strcmp(before, now->items[i].value) != 0)
            out[(*count)++] = change_of(entry, now->items[i].path, now->items[i].value);
    }
    for (size_t i = 0; i < entry->saved.count; i++)
        if (!values_get(now, entry->saved.items[i].path))
            out[(*count)++] = change_of(entry, entry->saved.items[i].path, NULL);
    return out;
}

enum status entry_save_draft(struct entry *entry, const char *cursor_path, struct error *err)
{
    struct values now = {0};
    size_t count;
    if (entry->final)
        return OK;
    const char *title = entry_title(entry);
    all_of(entry, &now);
    char *form = form_name(entry->form);
    struct draft_change *list = changes(entry, &now, &count);
    struct draft_save save = {
        .id = entry->id,
        .form = form,
        .owner = entry->session->login,
        .title = title,
        .cursor = cursor_path,
        .changes = list,
        .count = count,
    };
    enum status st = draft_save(entry->session->office->drafts, &save, NULL, err);
    if (!st) {
        values_free(&entry->saved);
        entry->saved = now;
        entry->saved_at = clock_now();
        entry->changed = false;
    } else {
        values_free(&now);
    }
    xfree(&list);
    xfree(&form);
    return st;
}

enum status entry_discard(struct session *session, const char *draft, struct error *err)
{
    struct entry *entry;
    struct strings blobs = STRINGS_INIT;
    enum status st = entry_resume(session, draft, &entry, err);
    if (st)
        return st;
    entry_blobs(entry, &blobs);
    st = draft_delete(session->office->drafts, draft, err);
    if (!st)
        entry_drop_blobs(session->office, &blobs);
    strings_free(&blobs);
    entry_free(&entry);
    return st;
}

enum status entry_hold(struct entry *entry, const char *note, const char *next_contact,
                       struct error *err)
{
    struct date date;
    if (*next_contact && !iso_date_parse(&date, next_contact))
        return error_set(err, E_INVALID, _("次に連絡する日が日付ではありません"));
    enum status st = entry_save_draft(entry, NULL, err);
    return st ? st : draft_hold(entry->session->office->drafts, entry->id, note, next_contact, err);
}
