/* 添付: files of an entry. Their bytes go into the store at once, so that a draft keeps them; the
 * event that names them is written with the record, or with its correction. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "office/entry_internal.h"
#include "store/attachment.h"
#include "store/journal.h"

enum { LEFT_OVER_MS = 24 * 60 * 60 * 1000 };

static enum status attachment_field(const struct entry *entry, const char *path,
                                    const struct field **out, struct error *err)
{
    *out = form_path_field(entry->form, path);
    if (!*out)
        return error_set(err, E_NOT_FOUND, _("様式「%s」に欄「%s」はありません"), entry->form->id,
                         path);
    if (!field_is_attachment(*out))
        return error_set(err, E_INVALID, _("欄「%s」は添付の欄ではありません"), path);
    return OK;
}

/* How the files that scanners and cameras make begin. */
static bool is_image(const char *file)
{
    static const struct {
        size_t at;
        const char *bytes;
    } marks[] = {{0, "\xff\xd8\xff"}, {0, "\x89PNG"}, {0, "GIF8"}, {0, "BM"},
                 {0, "II*"},          {0, "MM"},      {8, "WEBP"}, {4, "ftyphei"},
                 {4, "ftypmif1"},     {4, "ftypavif"}};
    char head[32] = "";
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t len = fd < 0 ? 0 : read(fd, head, sizeof head - 1);
    if (fd >= 0)
        close(fd);
    for (size_t i = 0; len >= 16 && i < ARRAY_LEN(marks); i++)
        if (memcmp(head + marks[i].at, marks[i].bytes, strlen(marks[i].bytes)) == 0)
            return true;
    return false;
}

void entry_drop_blobs(struct office *office, const struct strings *blobs)
{
    for (size_t i = 0; i < blobs->count; i++)
        if (!drafts_hold_value(office->drafts, blobs->items[i]))
            attachment_drop(office->store, blobs->items[i], NULL);
}

/* What somebody chose and never kept, because the power went or a correction was given up. */
static void sweep(struct office *office)
{
    char before[ISO_TIME_SIZE];
    struct strings blobs = STRINGS_INIT;
    iso_time(before, clock_now() - LEFT_OVER_MS);
    if (attachment_unnamed(office->store, before, &blobs, NULL) == OK)
        entry_drop_blobs(office, &blobs);
    strings_free(&blobs);
}

void entry_blobs(const struct entry *entry, struct strings *out)
{
    struct values now = {0};
    instance_all_values(entry->instance, &now);
    for (size_t i = 0; i < now.count; i++) {
        const struct field *field = form_path_field(entry->form, now.items[i].path);
        if (field && field_is_attachment(field))
            strings_add(out, now.items[i].value);
    }
    values_free(&now);
}

/* The field gets the value; what stood there in a draft is needed no more. */
static enum status replace(struct entry *entry, const char *path, const char *blob,
                           struct error *err)
{
    struct strings old = STRINGS_INIT;
    strings_add(&old, instance_get(entry->instance, path));
    enum status st = instance_set(entry->instance, path, blob, err);
    if (!st) {
        entry_touch(entry);
        if (!entry->final)
            st = entry_save_draft(entry, NULL, err);
    }
    if (!st && !entry->final && *old.items[0])
        entry_drop_blobs(entry->session->office, &old);
    strings_free(&old);
    return st;
}

enum status entry_attach(struct entry *entry, const char *path, const char *file,
                         const char *copy_of, bool checked, struct error *err)
{
    const struct field *field;
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    char blob[HASH_HEX_SIZE];
    enum status st = session_require(entry->session, MAY_ENTER, err);
    if (!st)
        st = attachment_field(entry, path, &field, err);
    if (!st && !*copy_of)
        st = error_set(err, E_INVALID, _("何の写しか（または何の写真か）を書いてください"));
    if (!st && !checked)
        st = error_set(err, E_RULE,
                       _("個人番号の面・記号番号が写っていないことを確かめてから添付してください"));
    if (!st)
        st = answer_free_text(name, err);
    if (!st)
        st = answer_free_text(copy_of, err);
    if (!st && field->type == FIELD_IMAGE && access(file, R_OK) == 0 && !is_image(file))
        st = error_set(err, E_INVALID, _("%s は画像ではありません（JPEG・PNG・TIFF など）"), name);
    if (st)
        return st;
    st = attachment_add(entry->session->office->store, file, name, copy_of, blob, err);
    if (st)
        return st;
    st = replace(entry, path, blob, err);
    if (st)
        attachment_drop(entry->session->office->store, blob, NULL);
    else
        sweep(entry->session->office);
    return st;
}

enum status entry_detach(struct entry *entry, const char *path, struct error *err)
{
    const struct field *field;
    enum status st = session_require(entry->session, MAY_ENTER, err);
    if (!st)
        st = attachment_field(entry, path, &field, err);
    if (!st && !*instance_get(entry->instance, path))
        st = error_set(err, E_NOT_FOUND, _("この欄に添付はありません"));
    return st ? st : replace(entry, path, "", err);
}

enum status entry_attachment_export(struct entry *entry, const char *path, const char *file,
                                    struct error *err)
{
    const struct field *field;
    const char *blob = instance_get(entry->instance, path);
    enum status st = session_require(entry->session, MAY_READ, err);
    if (!st)
        st = attachment_field(entry, path, &field, err);
    if (!st && !*blob)
        st = error_set(err, E_NOT_FOUND, _("この欄に添付はありません"));
    if (!st && !attachment_here(entry->session->office->store, blob))
        st = error_set(err, E_NOT_FOUND, _("添付未着です。中身がまだ届いていません"));
    return st ? st : attachment_export(entry->session->office->store, blob, file, err);
}

/* --- Into the journal --- */

bool entry_attachment_new(const struct entry *entry, const char *path, const char *value)
{
    const struct field *field = form_path_field(entry->form, path);
    const char *before = values_get(&entry->base, path);
    return field && field_is_attachment(field) && !(before && strcmp(before, value) == 0);
}

static enum status append_one(struct entry *entry, const struct value *value, const char *kind,
                              const char *reason, struct error *err)
{
    struct line body;
    enum status st = attachment_body(entry->session->office->store, value->value, &body, err);
    if (st)
        return st;
    if (kind)
        line_add_text(&body, "kind", kind);
    if (reason)
        line_add_text(&body, "reason", reason);
    line_add_text(&body, "checked", "yes");
    map_set(line_add_map(&body, "set"), value->path, value->value);
    char *name = form_name(entry->form);
    struct journal_entry event = {OP_ATTACH, entry->id, name, &body};
    st = journal_append(entry->session->office->store, entry->session->keys, &event, NULL, err);
    xfree(&name);
    return st;
}

enum status entry_append_attachments(struct entry *entry, const char *kind, const char *reason,
                                     struct error *err)
{
    struct values now = {0};
    enum status st = OK;
    instance_values(entry->instance, &now);
    for (size_t i = 0; !st && i < now.count; i++)
        if (entry_attachment_new(entry, now.items[i].path, now.items[i].value))
            st = append_one(entry, &now.items[i], kind, reason, err);
    values_free(&now);
    return st;
}
