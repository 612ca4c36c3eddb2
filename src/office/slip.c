#include "office/slip.h"

#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "office/entry_internal.h"
#include "text/era.h"
#include "text/width.h"

enum { LABEL_CELLS = 20, PAGE_CELLS = 72 };

void slip_rule(struct buffer *out)
{
    for (int i = 0; i < PAGE_CELLS; i++)
        buffer_add_char(out, '-');
    buffer_add_char(out, '\n');
}

void slip_line(struct buffer *out, const char *label, const char *value)
{
    buffer_add_text(out, label);
    for (int i = text_width(label); i < LABEL_CELLS; i++)
        buffer_add_char(out, ' ');
    buffer_add_char(out, ' ');
    for (; *value; value++) { /* what goes on below goes on under its beginning */
        buffer_add_char(out, *value);
        if (*value == '\n')
            for (int i = 0; i <= LABEL_CELLS; i++)
                buffer_add_char(out, ' ');
    }
    buffer_add_char(out, '\n');
}

static void head(struct buffer *out, struct entry *entry, const char *what)
{
    const char *language = entry->host.form.language;
    char day[64];
    era_format_day(day, sizeof day, clock_today());
    buffer_printf(out, "%s\n\n", what);
    slip_line(out, _("様式"), label_text(&entry->form->title, language));
    slip_line(out, _("町"), office_town(entry->session->office));
    slip_line(out, _("窓口"), office_name(entry->session->office));
    slip_line(out, _("担当"), entry->session->name);
    slip_line(out, _("作成日"), day);
    slip_rule(out);
}

/* Every answered field under the heads of its groups and rows. */
static void answers(struct buffer *out, struct entry *entry)
{
    const struct item *items;
    size_t count = instance_items(entry->instance, &items);
    for (size_t i = 0; i < count; i++) {
        const struct item *it = &items[i];
        if (!it->relevant || it->field->implicit)
            continue;
        char *label = instance_label(entry->instance, &it->field->label, it->path);
        if (it->field->type == FIELD_GROUP || it->row_head) {
            buffer_printf(out, "[%s]\n", label);
        } else if (field_has_value(it->field) && *label &&
                   *instance_get(entry->instance, it->path)) {
            char *value = entry_display(entry, it->path);
            slip_line(out, label, value);
            xfree(&value);
        }
        xfree(&label);
    }
}

static void deficiencies(struct buffer *out, struct entry *entry, bool finalise)
{
    const struct findings *findings;
    if (entry_findings(entry, finalise, &findings, NULL))
        return;
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].severity == FINDING_DEFICIENCY)
            buffer_printf(out, _("不備: %s（%s）\n"), findings->items[i].message,
                          findings->items[i].explained ? _("説明済・本人が提出を希望")
                                                       : _("未説明"));
}

static enum status entry_may_print(struct entry *entry, struct error *err)
{
    const char *person = instance_get(entry->instance, "person");
    enum status st = print_permit(entry->session, entry->id, err);
    return st || !*person ? st : print_permit(entry->session, person, err);
}

enum status entry_confirmation(struct entry *entry, char **text, char path[256], struct error *err)
{
    struct buffer page = BUFFER_INIT;
    const char *purpose = label_text(&entry->form->purpose, entry->host.form.language);
    enum status st = entry_may_print(entry, err);
    head(&page, entry, _("内容確認書"));
    answers(&page, entry);
    slip_rule(&page);
    deficiencies(&page, entry, true);
    if (*purpose)
        buffer_printf(&page, _("利用目的: %s\n"), purpose);
    buffer_add_text(&page,
                    _("\n上の内容に相違ありません。\n\n署名 ______________________________\n"));
    char *name = xasprintf("confirm-%s.txt", entry->id);
    if (!st)
        st = print_text(entry->session->office, name, buffer_text(&page), path, err);
    xfree(&name);
    *text = buffer_steal(&page);
    return st;
}

enum status slip_write(struct entry *entry, char path[256], struct error *err)
{
    struct buffer page = BUFFER_INIT;
    struct date received_on;
    char day[64] = "";
    enum status st = entry_may_print(entry, err);
    if (st)
        return st;
    if (iso_date_parse(&received_on, instance_get(entry->instance, "received_on")))
        era_format_day(day, sizeof day, received_on);
    head(&page, entry, _("受付票"));
    slip_line(&page, _("受付番号"), instance_get(entry->instance, "receipt_no"));
    slip_line(&page, _("受付日"), day);
    slip_line(&page, _("氏名・件名"), instance_get(entry->instance, "title"));
    const char *explained = instance_get(entry->instance, "explained");
    if (*explained)
        buffer_printf(&page, _("不備ありで受け付けました:\n%s\n"), explained);
    buffer_printf(&page, _("\n受け付けて町へ送ります。登録や可否は%sが決めます。\n"),
                  office_town(entry->session->office));
    char *name = xasprintf("receipt-%s.txt", entry->id);
    st = print_text(entry->session->office, name, buffer_text(&page), path, err);
    xfree(&name);
    buffer_free(&page);
    return st;
}
