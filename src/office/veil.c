#include "office/veil.h"

#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "store/concealed.h"
#include "text/fold.h"
#include "text/individual_number.h"
#include "text/utf8.h"

struct veil {
    char *stamp;           /* of what it was made from */
    struct strings marks;  /* ids and receipt numbers of their records */
    struct strings traces; /* folded: name, reading, contact */
};

static void forget(struct veil *veil)
{
    xfree(&veil->stamp);
    strings_free(&veil->marks);
    strings_free(&veil->traces);
}

void veil_free(struct veil **veil)
{
    if (!*veil)
        return;
    forget(*veil);
    xfree(veil);
}

/* --- What they are known by --- */

/* A house number alone says nothing, and would be found in every date. */
enum { SAYS_SOMETHING = 5, PHONE_DIGITS = 9 };

static bool tells(const char *folded)
{
    bool letters = false;
    size_t len = strlen(folded), count = 0;
    for (size_t at = 0; at < len; count++) {
        uint32_t cp;
        at += utf8_decode(folded + at, len - at, &cp);
        letters = letters || (cp > '9' && cp != 0x2212 && cp != 0x30fc);
    }
    return (letters && count >= SAYS_SOMETHING) || digit_run_longest(folded) >= PHONE_DIGITS;
}

static void add_trace(struct veil *veil, char *folded, bool always)
{
    if (*folded && (always || tells(folded)) && strings_find(&veil->traces, folded) < 0)
        strings_add(&veil->traces, folded);
    xfree(&folded);
}

/* A name that has a reading beside it: not what a group or a thing is called. */
static bool has_reading(const struct form *form, const struct field *field)
{
    bool found = false;
    for (size_t i = 0; i < form->field_count; i++)
        found = found || str_eq(form->fields[i]->reading_of, field->name);
    return found;
}

/* Family and given name put together, or their readings. */
static char *joined(const struct form *form, const struct record *record, bool reading)
{
    struct buffer out = BUFFER_INIT;
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = form->fields[i];
        if (!f->repeat && f->search && (reading ? f->reading_of != NULL : has_reading(form, f)))
            buffer_add_text(&out, record_value(record, f->name));
    }
    char *folded = fold_text(buffer_text(&out));
    buffer_free(&out);
    return folded;
}

static void add_record(struct veil *veil, const struct form *form, const struct record *record)
{
    const char *number = record_value(record, "receipt_no");
    if (*number)
        strings_add(&veil->marks, number);
    add_trace(veil, joined(form, record, false), true);
    add_trace(veil, joined(form, record, true), true);
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = form->fields[i];
        if (!f->repeat && (field_is_contact(form, f) || str_eq(f->search, "name")))
            add_trace(veil, fold_text(record_value(record, f->name)), false);
    }
}

static enum status gather_one(struct office *office, struct veil *veil, const char *id)
{
    struct record record;
    const struct form *form;
    strings_add(&veil->marks, id);
    enum status st = record_load(office->store, id, &record, NULL);
    if (st)
        return st;
    st = catalogue_form(office->catalogue, record.form, record.version, &form, NULL);
    if (!st)
        add_record(veil, form, &record);
    record_free(&record);
    return st;
}

/* One that cannot be read uncovers none of the others. */
static bool gather(struct office *office, struct veil *veil)
{
    struct strings ids = STRINGS_INIT;
    bool whole = concealed_records(office->store, &ids, NULL) == OK;
    for (size_t i = 0; i < ids.count; i++)
        whole = gather_one(office, veil, ids.items[i]) == OK && whole;
    strings_free(&ids);
    return whole;
}

void veil_refresh(struct office *office)
{
    char *stamp = concealed_stamp(office->store);
    if (!office->veil)
        office->veil = xcalloc(1, sizeof *office->veil);
    if (str_eq(office->veil->stamp, stamp)) {
        xfree(&stamp);
    } else {
        forget(office->veil);
        /* What cannot be read is asked for again the next time. */
        if (gather(office, office->veil))
            office->veil->stamp = stamp;
        else
            xfree(&stamp);
    }
}

/* As it was made last; NULL where nobody is protected. */
static const struct veil *veil_of(const struct office *office)
{
    return office->veil && office->veil->marks.count ? office->veil : NULL;
}

/* --- Who is named --- */

/* What somebody has typed. */
static char *own_text(const struct instance *own)
{
    struct buffer text = BUFFER_INIT;
    struct values values = {0};
    instance_all_values(own, &values);
    for (size_t i = 0; i < values.count; i++) {
        const struct field *field = form_path_field(instance_form(own), values.items[i].path);
        if (field && !field_is_made(field))
            buffer_add_text(&text, values.items[i].value);
    }
    values_free(&values);
    char *folded = fold_text(buffer_text(&text));
    buffer_free(&text);
    return folded;
}

static bool points_at(const struct veil *veil, const char *text)
{
    bool found = false;
    for (size_t i = 0; !found && i < veil->marks.count; i++)
        found = strstr(text, veil->marks.items[i]) != NULL;
    return found;
}

static bool names(const struct veil *veil, const struct instance *own, const char *text)
{
    char *folded = fold_text(text), *mine = NULL;
    bool found = false;
    for (size_t i = 0; !found && i < veil->traces.count; i++) {
        if (!strstr(folded, veil->traces.items[i]))
            continue;
        if (own && !mine)
            mine = own_text(own);
        found = !mine || !strstr(mine, veil->traces.items[i]);
    }
    xfree(&folded);
    xfree(&mine);
    return found;
}

void veil_row(struct session *session, const struct instance *own, bool paper,
              const char *const *values, size_t count, struct veiled *out)
{
    bool may = session_may(session, MAY_READ_PROTECTED);
    const struct veil *veil = may && !paper ? NULL : veil_of(session->office);
    out->count = count < VEIL_CELLS ? count : VEIL_CELLS;
    out->theirs = false;
    for (size_t i = 0; i < out->count; i++) {
        bool pointed = veil && !may && points_at(veil, values[i]);
        bool named = pointed || (veil && *values[i] && names(veil, own, values[i]));
        out->theirs = out->theirs || (pointed && strings_find(&veil->marks, values[i]) >= 0);
        out->values[i] = !named ? values[i] : may ? _(WITHHELD) : _(LEFT_OUT);
    }
}

const char *veil_text(struct session *session, const struct instance *own, const char *text)
{
    struct veiled row;
    veil_refresh(session->office);
    veil_row(session, own, false, &text, 1, &row);
    return row.values[0];
}

char *veil_lines(struct session *session, const char *text)
{
    struct strings lines = STRINGS_INIT;
    struct buffer out = BUFFER_INIT;
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++)
        if (veil_text(session, NULL, lines.items[i]) == lines.items[i])
            buffer_printf(&out, "%s%s", out.len ? "\n" : "", lines.items[i]);
    strings_free(&lines);
    return buffer_steal(&out);
}

/* --- What was printed before --- */

enum { PAPER_MOST = 4 << 20 };

static enum status judge_paper(const struct veil *veil, const char *dir, const char *name,
                               struct error *err)
{
    struct buffer text = BUFFER_INIT;
    char *file = file_path(dir, name);
    enum status st = file_read(file, PAPER_MOST, &text, err);
    bool named = !st && (points_at(veil, name) || points_at(veil, buffer_text(&text)) ||
                         names(veil, NULL, buffer_text(&text)));
    if (named && unlink(file))
        st = error_errno(err, E_IO, "%s", file);
    buffer_free(&text);
    xfree(&file);
    return st;
}

enum status veil_papers(struct office *office, struct error *err)
{
    struct strings dirs = STRINGS_INIT, files = STRINGS_INIT;
    char *dir = file_path(office->dir, "print");
    veil_refresh(office);
    const struct veil *veil = veil_of(office);
    enum status st = veil && file_is_dir(dir) ? file_list(dir, &dirs, &files, err) : OK;
    /* One that cannot be read or removed keeps none of the others. */
    for (size_t i = 0; i < files.count; i++) {
        enum status one = judge_paper(veil, dir, files.items[i], st ? NULL : err);
        st = st ? st : one;
    }
    strings_free(&dirs);
    strings_free(&files);
    xfree(&dir);
    return st;
}
