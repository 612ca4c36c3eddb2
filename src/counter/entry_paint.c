/* The entry screen as it is seen. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "form/answer.h"
#include "text/era.h"
#include "text/width.h"
#include "ui/paint.h"

enum { NARROW = 76 }; /* columns under which the saving is told by its time alone */

static const char *language(const struct entry_screen *s)
{
    return office_language(s->desk->office);
}

/* --- What the rules say of a field --- */

const struct finding *entry_rule_at(struct entry_screen *s, const char *path)
{
    const struct findings *findings;
    const struct finding *found = NULL;
    if (entry_findings(s->entry, false, &findings, NULL))
        return NULL;
    for (size_t i = 0; i < findings->count; i++)
        if (*findings->items[i].rule && strcmp(findings->items[i].path, path) == 0)
            found = !found || findings->items[i].severity < found->severity ? &findings->items[i]
                                                                            : found;
    return found;
}

bool entry_wrong_at(struct entry_screen *s, const char *path)
{
    const struct finding *finding = entry_rule_at(s, path);
    return entry_problem(s->entry, path, NULL) ||
           (finding && finding->severity <= FINDING_DEFICIENCY);
}

/* --- Two lines that are always there --- */

static char *save_state(const struct entry_screen *s)
{
    int64_t at = entry_saved_at(s->entry);
    if (entry_is_final(s->entry))
        return xstrdup(entry_unsaved(s->entry) ? _("訂正中（F10 で残す）") : _("訂正"));
    if (s->failing)
        return xstrdup(_("未保存"));
    if (s->typed || entry_unsaved(s->entry))
        return xstrdup(_("入力中"));
    if (!at)
        return xstrdup("");
    struct office_time t = office_time_at(at);
    return xasprintf(s->columns < NARROW ? "%02d:%02d:%02d" : _("自動保存 %02d:%02d:%02d"), t.hour,
                     t.minute, t.second);
}

static void paint_title(struct entry_screen *s, int row, int columns)
{
    const struct form *form = entry_form(s->entry);
    const char *number = entry_receipt_no(s->entry);
    char *state = save_state(s);
    int width = text_width(state);
    /* Number and name are read to their end; the form's title has what is left. */
    char *whose = xasprintf("%s  %s  %s", s->older ? _("（前の版）") : "",
                            *number ? number : _("未付番"), entry_title(s->entry));
    int room = columns - width - 3, most = room - text_width(whose);
    int used = paint_text(row, 1, most > 10 ? most : 10, label_text(&form->title, language(s)),
                          STYLE_TITLE);
    paint_text(row, 1 + used, room - used, whose, STYLE_TITLE);
    paint_text(row, columns - width - 1, width, state, s->failing ? STYLE_ERROR : STYLE_NORMAL);
    xfree(&whose);
    xfree(&state);
}

static bool section_has_problem(struct entry_screen *s, int section)
{
    const struct item *items;
    size_t count = instance_items(entry_instance(s->entry), &items);
    for (size_t i = 0; i < count; i++)
        if (items[i].field->section == section && items[i].relevant && !items[i].row_head &&
            entry_wrong_at(s, items[i].path))
            return true;
    return false;
}

/* "2連絡先*", or "2*" where there is no room for all the names. */
static char *tab_text(struct entry_screen *s, int section, bool named)
{
    return xasprintf("%d%s%s", section + 1,
                     named ? section_label(entry_form(s->entry), section, language(s)) : "",
                     section_has_problem(s, section) ? "*" : " ");
}

static bool tabs_fit(struct entry_screen *s, int count, int cells)
{
    int used = 0;
    for (int i = 0; i < count; i++) {
        char *tab = tab_text(s, i, true);
        used += section_shown(entry_instance(s->entry), i) ? text_width(tab) + 1 : 0;
        xfree(&tab);
    }
    return used <= cells;
}

/* " 1本人* 2連絡先 ...  節 1/6" */
static void paint_tabs(struct entry_screen *s, int row, int columns)
{
    int count = section_count(entry_form(s->entry)), column = 1;
    char *place = xasprintf(_("節 %d/%d"), s->section + 1, count);
    int end = columns - text_width(place) - 2;
    bool all = tabs_fit(s, count, end - column);
    for (int i = 0; i < count; i++) {
        if (!section_shown(entry_instance(s->entry), i))
            continue;
        char *tab = tab_text(s, i, all || i == s->section);
        if (column + text_width(tab) < end)
            column += paint_text(row, column, end - column, tab,
                                 i == s->section ? STYLE_REVERSE : STYLE_NORMAL) +
                      1;
        xfree(&tab);
    }
    paint_text(row, end + 1, columns - end - 1, place, STYLE_DIM);
    xfree(&place);
}

/* --- Slots --- */

/* What a date means: 昭和63年7月14日 満38歳. */
static void paint_beside(struct entry_screen *s, const struct slot *slot, int row, int column,
                         int columns, bool focus)
{
    struct date date;
    char *value = NULL;
    char text[ERA_TEXT_SIZE];
    if (focus && s->typed)
        answer_parse(slot->field, edit_text(&s->view.edit), clock_today(), &value, NULL);
    const char *iso = value ? value : instance_get(entry_instance(s->entry), slot->path);
    if (*iso && iso_date_parse(&date, iso)) {
        bool birth = slot->field->search && strcmp(slot->field->search, "birth") == 0;
        era_format(text, sizeof text, date);
        if (birth && date_compare(date, clock_today()) <= 0)
            paint_format(row, column, columns - column, STYLE_NORMAL, _("%s 満%d歳"), text,
                         era_age(date, clock_today()));
        else
            paint_text(row, column, columns - column, text, STYLE_NORMAL);
    }
    xfree(&value);
}

/* Without attributes: a character typed then costs its own bytes and no others. */
static void paint_value(struct entry_screen *s, const struct slot *slot, int row, int column,
                        bool focus)
{
    bool typing = focus && !instance_read_only(entry_instance(s->entry), slot->path);
    bool shown = slot_is_scanned(slot) && !*edit_text(&s->view.edit);
    if (typing && !slot_is_chosen(slot) && !shown) {
        if (slot->height > 1)
            field_paint_box(&s->view, row, column, slot->height, slot->cells, STYLE_NORMAL, true);
        else
            field_paint(&s->view, row, column, slot->cells, STYLE_NORMAL, true);
        return;
    }
    char *text = slot->beside || (slot->cell && slot->field->type == FIELD_DATE)
                     ? entry_edit_text(s->entry, slot->path)
                     : entry_display(s->entry, slot->path);
    struct field_view still = {0};
    field_set(&still, text);
    if (slot->height > 1)
        field_paint_box(&still, row, column, slot->height, slot->cells, STYLE_NORMAL, false);
    else
        paint_field(row, column, slot->cells, text, STYLE_NORMAL);
    if (focus)
        paint_cursor(row, column);
    field_free(&still);
    xfree(&text);
}

/* '!' what is wrong, '*' what has to be filled in. */
static const char *mark_of(struct entry_screen *s, const struct slot *slot, bool focus)
{
    bool missing = false;
    const char *problem = entry_problem(s->entry, slot->path, &missing);
    if (!(focus && s->typed) &&
        (problem ? !missing || s->ask_missing : entry_wrong_at(s, slot->path)))
        return "!";
    return instance_required(entry_instance(s->entry), slot->path) ? "*" : " ";
}

static void paint_field_slot(struct entry_screen *s, const struct slot *slot, int row, int columns)
{
    bool focus = strcmp(slot->path, s->focus) == 0;
    const char *mark = mark_of(s, slot, focus);
    int at = slot->column + 2, bracket = at + slot->label;
    char *label = instance_label(entry_instance(s->entry), &slot->field->label, slot->path);
    paint_text(row, slot->column + 1, 1, mark, *mark == '!' ? STYLE_ERROR : STYLE_NORMAL);
    paint_text(row, at, slot->label, label, focus ? STYLE_BOLD : STYLE_NORMAL);
    for (int r = 0; r < slot->height; r++) {
        unsigned style = focus ? STYLE_BOLD : STYLE_NORMAL;
        paint_text(row + r, bracket, 1, "[", style);
        paint_text(row + r, bracket + 1 + slot->cells, 1, "]", style);
    }
    paint_value(s, slot, row, bracket + 1, focus);
    if (slot->beside)
        paint_beside(s, slot, row, bracket + slot->cells + 3, columns, focus);
    if (slot->compared)
        paint_compared(s, slot->path, row, bracket + slot->cells + 3, columns);
    xfree(&label);
}

static void paint_repeat_slot(struct entry_screen *s, const struct slot *slot, int row)
{
    bool focus = strcmp(slot->path, s->focus) == 0;
    char *label = instance_label(entry_instance(s->entry), &slot->field->label, slot->path);
    if (entry_wrong_at(s, slot->path))
        paint_text(row, slot->column + 1, 1, "!", STYLE_ERROR);
    int used = paint_text(row, slot->column + 2, 40, label, focus ? STYLE_BOLD : STYLE_NORMAL);
    int column = slot->column + 2 + used;
    paint_format(row, column, 20, focus ? STYLE_REVERSE : STYLE_NORMAL, _("[%zu件]"),
                 instance_row_count(entry_instance(s->entry), slot->path));
    if (focus) {
        paint_cursor(row, column + 1);
        paint_text(row, column + 10, 40, _("Space 行を足す"), STYLE_DIM);
    }
    xfree(&label);
}

static void paint_heading(struct entry_screen *s, const struct slot *slot, int row, int columns)
{
    char *label = instance_label(entry_instance(s->entry), &slot->field->label, slot->path);
    if (slot->kind == SLOT_LABEL)
        paint_text(row, slot->column + 2, slot->cells + 1, label, STYLE_DIM);
    else if (slot->kind == SLOT_NOTE)
        paint_compared(s, slot->path, row, 4 + paint_text(row, 2, columns - 3, label, STYLE_DIM),
                       columns);
    else
        paint_format(row, 2, columns - 3, STYLE_BOLD, slot->number ? "-- %s %d --" : "-- %s --",
                     label, slot->number);
    xfree(&label);
}

static void paint_body(struct entry_screen *s, int top, int rows, int columns)
{
    const struct slot *focus = entry_slot(s);
    if (focus && focus->line < s->top)
        s->top = focus->line;
    if (focus && focus->line + focus->height > s->top + rows)
        s->top = focus->line + focus->height - rows;
    for (size_t i = 0; i < s->layout.count; i++) {
        const struct slot *slot = &s->layout.items[i];
        int row = top + slot->line - s->top;
        if (row < top || row + slot->height > top + rows)
            continue;
        if (slot->kind == SLOT_FIELD)
            paint_field_slot(s, slot, row, columns);
        else if (slot->kind == SLOT_REPEAT)
            paint_repeat_slot(s, slot, row);
        else if (slot->kind == SLOT_ROW)
            paint_format(row, slot->column, 4, STYLE_DIM, "%3d", slot->number);
        else
            paint_heading(s, slot, row, columns);
    }
    if (s->layout.lines > s->top + rows)
        paint_text(top + rows - 1, columns - 2, 1, "v", STYLE_BOLD);
    if (s->top > 0)
        paint_text(top, columns - 2, 1, "^", STYLE_BOLD);
}

/* --- The rules speak --- */

/* What a rule says of the field, else of the table it stands in. */
static const struct finding *finding_here(struct entry_screen *s, const struct slot *slot)
{
    const char *slash = strrchr(slot->row, '/');
    const struct finding *finding = entry_rule_at(s, slot->path);
    if (finding || !slash || slot->kind == SLOT_REPEAT)
        return finding;
    char *repeat = xstrndup(slot->row, (size_t)(slash - slot->row));
    finding = entry_rule_at(s, repeat);
    xfree(&repeat);
    return finding;
}

/* "整数: 偶数で入力してください" of the field left last; NULL when nothing is wrong there. The
 * caller frees. */
static char *problem_left(struct entry_screen *s)
{
    bool missing = false;
    const struct field *field = s->left ? form_path_field(entry_form(s->entry), s->left) : NULL;
    const char *problem = field && !s->typed ? entry_problem(s->entry, s->left, &missing) : NULL;
    if (!problem || missing)
        return NULL;
    char *label = instance_label(entry_instance(s->entry), &field->label, s->left);
    /* What cannot be read names its field itself; what a rule says does not. */
    bool named = str_starts(problem, label) && str_starts(problem + strlen(label), ": ");
    char *line = named ? xasprintf("! %s", problem) : xasprintf("! %s: %s", label, problem);
    xfree(&label);
    return line;
}

/* What is wrong with the field and what would be right; else what can be chosen; else the hint. The
 * caller frees. */
static char *speaking_line(struct entry_screen *s, const struct slot *slot, unsigned *style)
{
    bool missing = false;
    const char *problem = s->typed ? NULL : entry_problem(s->entry, slot->path, &missing);
    const struct finding *finding = s->typed ? NULL : finding_here(s, slot);
    if (problem && missing && (slot_is_chosen(slot) || !s->ask_missing))
        problem = NULL;
    char *line, *unshown = slot_is_chosen(slot) ? xstrdup("") : field_unshown(&s->view);
    *style = STYLE_DIM;
    if (*unshown) {
        line =
            xasprintf(_("カーソルの前の字は %s です。表示できませんが、そのまま残ります"), unshown);
    } else if (problem || finding) {
        *style = problem                             ? STYLE_ERROR
                 : finding->severity == FINDING_NOTE ? STYLE_DIM
                                                     : STYLE_WARNING;
        char *choices = slot_is_chosen(slot) ? choice_line(s, slot) : xstrdup("");
        line = xasprintf("%s %s  %s", problem ? "!" : "-", problem ? problem : finding->message,
                         choices);
        xfree(&choices);
    } else if (slot_is_chosen(slot)) {
        line = choice_line(s, slot);
    } else if ((line = problem_left(s))) {
        *style = STYLE_WARNING;
    } else {
        line = instance_label(entry_instance(s->entry), &slot->field->hint, slot->path);
    }
    xfree(&unshown);
    return line;
}

/* How a thing is to be mended stands at the end of what is said of it, so what does not fit one row
 * takes two. Their number; they are painted above `end`. */
static int paint_speaking(struct entry_screen *s, int end, int columns)
{
    const struct slot *slot = entry_slot(s);
    unsigned style;
    if (!slot)
        return 1;
    char *line = speaking_line(s, slot, &style);
    /* How much of its limits the field has taken stands at the end of the line. */
    char *use =
        slot_is_chosen(slot) ? xstrdup("") : answer_use(slot->field, edit_text(&s->view.edit));
    int taken = text_width(use), cells = columns - 3 - (taken ? taken + 1 : 0);
    size_t fits = text_fit(line, columns - 3);
    int lines = text_width(line) > cells ? 2 : 1;
    if (lines == 2) {
        paint_format(end - 2, 2, columns - 3, style, "%.*s", (int)fits, line);
        paint_text(end - 1, 2, cells, line + fits, style);
    } else {
        paint_text(end - 1, 2, cells, line, style);
    }
    paint_text(end - 1, columns - 1 - taken, taken, use, STYLE_DIM);
    xfree(&use);
    xfree(&line);
    return lines;
}

/* The summary of the rules; without one, the gravest thing that belongs to no single field. At the
 * right how many 不備 the rules see by now: F7 leads to them. */
static void paint_summary(struct entry_screen *s, int row, int columns)
{
    const struct findings *findings;
    const char *text = entry_summary(s->entry);
    int deficient = 0, width = 0;
    if (entry_findings(s->entry, false, &findings, NULL))
        return;
    for (size_t i = 0; i < findings->count; i++) {
        deficient += findings->items[i].severity == FINDING_DEFICIENCY;
        if (*findings->items[i].rule && !*text &&
            strcmp(findings->items[i].rule, RULE_LETTERS) != 0)
            text = findings->items[i].message;
    }
    if (deficient) {
        char *count = xasprintf(_("不備%d件"), deficient);
        width = text_width(count) + 2;
        paint_text(row, columns - width + 1, width, count, STYLE_WARNING);
        xfree(&count);
    }
    paint_text(row, 2, columns - 3 - width, text, STYLE_BOLD);
}

void entry_paint(void *state, int top, int rows, int columns)
{
    struct entry_screen *s = state;
    s->columns = columns;
    entry_summary(s->entry); /* the rules first: they fill fields */
    layout_make(&s->layout, entry_instance(s->entry), s->section, columns);
    paint_title(s, top, columns);
    paint_tabs(s, top + 1, columns);
    int spoken = paint_speaking(s, top + rows - 1, columns);
    paint_body(s, top + 2, rows - 3 - spoken, columns);
    paint_summary(s, top + rows - 1, columns);
}
