#include "office/dossier.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "office/people.h"
#include "office/recordview.h"
#include "office/slip.h"
#include "store/concealed.h"
#include "store/journal.h"
#include "text/era.h"

static void head(struct session *session, struct buffer *out, const char *title, const char *name)
{
    char today[ERA_TEXT_SIZE];
    era_format_day(today, sizeof today, clock_today());
    buffer_printf(out, "%s\n\n", title);
    slip_line(out, _("氏名・件名"), name);
    slip_line(out, _("町"), office_town(session->office));
    slip_line(out, _("作成日"), today);
    slip_line(out, _("担当"), session->name);
    slip_rule(out);
}

static void add_view(struct buffer *out, const struct record_view *view)
{
    const char *section = "";
    buffer_printf(out, "\n%s  %s  %s  %s %s\n", view->form_title, view->receipt_no, view->title,
                  view->state, view->stage);
    for (size_t i = 0; i < view->note_count; i++)
        buffer_printf(out, "  %s\n", view->notes[i]);
    for (size_t i = 0; i < view->line_count; i++) {
        const struct view_line *line = &view->lines[i];
        if (strcmp(line->section, section) != 0)
            buffer_printf(out, "[%s]\n", line->section);
        section = line->section;
        slip_line(out, line->label, line->value);
    }
    buffer_printf(out, "%s\n", _("履歴"));
    for (size_t i = 0; i < view->event_count; i++) {
        const struct view_event *e = &view->events[i];
        buffer_printf(out, "  %s  %s  %s  %s  %s\n", e->at, e->place, e->who, e->what, e->reason);
        if (*e->changes)
            buffer_printf(out, "    %s\n", e->changes);
    }
    slip_rule(out);
}

static enum status add_record(struct session *session, const char *record, struct buffer *out,
                              struct error *err)
{
    struct record_view view;
    enum status st = record_view_load(session, record, true, &view, err);
    if (st)
        return st;
    add_view(out, &view);
    record_view_free(&view);
    return OK;
}

/* --- Who read it --- */

struct reading {
    struct session *session;
    const struct strings *records;
    struct buffer *out;
    long count;
};

/* An export names the records it took in its body. */
static bool concerns(const struct reading *r, const struct event *event, bool *exported)
{
    *exported = !*event->record;
    if (!*exported)
        return strings_find(r->records, event->record) >= 0;
    for (size_t i = 0; event->body && i < r->records->count; i++)
        if (strstr(event->body, r->records->items[i]))
            return true;
    return false;
}

static enum status add_reading(void *context, const struct event *event, const char *held,
                               struct error *err)
{
    struct reading *r = context;
    bool exported;
    (void)held;
    (void)err;
    if (!concerns(r, event, &exported))
        return OK;
    struct office *office = r->session->office;
    char *at = event_time(event), *who = actor_name(office, event->actor);
    char *place = device_place(office, event->device);
    buffer_printf(r->out, "%s  %s  %s  %s  %.*s\n", at, place, who,
                  exported ? _("CSVに書き出した") : _("閲覧"),
                  (int)strcspn(event->form, "@"), event->form);
    r->count++;
    xfree(&at);
    xfree(&who);
    xfree(&place);
    return OK;
}

static enum status print(struct session *session, const char *kind, const char *id,
                         const struct buffer *page, char path[256], struct error *err)
{
    char *name = xasprintf("%s-%s.txt", kind, id);
    enum status st = print_text(session->office, name, buffer_text(page), path, err);
    xfree(&name);
    return st;
}

enum status dossier_write(struct session *session, const char *id, struct dossier *out,
                          struct error *err)
{
    struct person_page page;
    struct strings records = STRINGS_INIT;
    struct buffer text = BUFFER_INIT, readers = BUFFER_INIT;
    struct reading reading = {session, &records, &readers, 0};
    *out = (struct dossier){0};
    enum status st = people_load(session, id, true, &page, err);
    if (st)
        return st;
    st = concealed_same(session->office->store, page.id, &records, err);
    for (size_t i = 0; i < page.records.count; i++)
        strings_add(&records, page.records.items[i].id);
    head(session, &text, _("開示用の本人一式"), page.name);
    head(session, &readers, _("閲覧の記録（別紙）"), page.name);
    for (size_t i = 0; !st && i < records.count; i++)
        st = add_record(session, records.items[i], &text, err);
    if (!st)
        st = journal_read_op(session->office->store, NULL, OP_READ, add_reading, &reading, err);
    if (!st)
        st = print(session, "dossier", page.id, &text, out->file, err);
    if (!st)
        st = print(session, "dossier-readers", page.id, &readers, out->readers_file, err);
    out->records = (long)records.count;
    out->readings = reading.count;
    strings_free(&records);
    buffer_free(&text);
    buffer_free(&readers);
    person_page_free(&page);
    return st;
}
