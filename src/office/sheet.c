#include "office/sheet.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/calendar.h"
#include "office/office_internal.h"
#include "text/era.h"
#include "text/width.h"

static void pad(struct buffer *out, const char *text, int cells)
{
    size_t fits = text_fit(text, cells);
    char *cut = xstrndup(text, fits);
    buffer_add_text(out, cut);
    for (int i = text_width(cut); i < cells + 1; i++)
        buffer_add_char(out, ' ');
    xfree(&cut);
}

/* Of another day's the day stands before the time. */
static void records(struct buffer *out, const struct day_record *list, size_t count, bool other_day)
{
    for (size_t i = 0; i < count; i++) {
        const struct day_record *r = &list[i];
        char time[6] = "", day[ERA_TEXT_SIZE] = "";
        int64_t at;
        if (iso_time_parse(&at, r->received_at)) {
            struct office_time t = office_time_at(at);
            snprintf(time, sizeof time, "%02d:%02d", t.hour, t.minute);
            era_format_short(day, sizeof day, t.date);
        }
        if (other_day)
            pad(out, day, 9);
        pad(out, time, 5);
        pad(out, r->receipt_no, 22);
        pad(out, r->form_title, other_day ? 16 : 26);
        pad(out, r->protected ? "" : r->title, 16);
        buffer_printf(out, "%s%s\n", r->deficient ? _("不備あり ") : "",
                      r->late ? _("後入力") : "");
    }
}

static void drafts(struct buffer *out, const struct day *day)
{
    for (size_t i = 0; i < day->draft_count; i++) {
        const struct day_draft *d = &day->drafts[i];
        buffer_printf(out, "%s  %s %s  %s%s%s\n", d->held ? _("保留") : _("繰越し"), d->form_title,
                      d->title, d->owner_name, *d->carried || *d->note ? "  " : "",
                      d->held ? d->note : d->carried);
    }
}

enum status sheet_write(struct session *session, const struct day *day, struct day_result *result,
                        struct error *err)
{
    struct buffer page = BUFFER_INIT;
    char date[ERA_TEXT_SIZE], iso[ISO_DATE_SIZE], path[256];
    era_format_day(date, sizeof date, day->date);
    iso_date(iso, day->date);
    buffer_printf(&page, _("日計表%s  %s  %s %s\n\n"), result->again ? _("（追加便）") : "", date,
                  office_name(session->office), office_counter(session->office));
    for (size_t i = 0; i < day->form_count; i++) {
        pad(&page, day->forms[i].title, 40);
        buffer_printf(&page, _("%4ld 件（うち不備あり %ld 件）\n"), day->forms[i].finalised,
                      day->forms[i].deficient);
    }
    buffer_printf(&page, _("\n受付 %zu 件\n\n"), day->record_count);
    records(&page, day->records, day->record_count, false);
    if (day->entered_count) {
        buffer_printf(&page, _("\n後入力（受付はほかの日。番号と件数はその日のもの） %zu 件\n\n"),
                      day->entered_count);
        records(&page, day->entered, day->entered_count, true);
    }
    if (day->draft_count)
        buffer_add_text(&page, "\n");
    drafts(&page, day);
    buffer_printf(&page, _("\n送付便 第%ld便  照合 %s\n責任者 %s   署名 ____________________\n"),
                  result->number, result->hash, session->name);
    char *by = calendar_deliver_by(session->office, day->date);
    if (by)
        buffer_printf(&page, _("届ける期限 %s\n"), by);
    xfree(&by);
    char *name = xasprintf("day-%s-%ld.txt", iso, result->number);
    enum status st = print_text(session->office, name, buffer_text(&page), path, err);
    snprintf(result->sheet, sizeof result->sheet, "%s", path);
    xfree(&name);
    buffer_free(&page);
    return st;
}
