#include "counter/scan.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/input.h"
#include "counter/worklist.h"
#include "office/scanning.h"
#include "office/worklist.h"
#include "text/width.h"
#include "ui/dialog.h"
#include "ui/field.h"
#include "ui/paint.h"
#include "ui/screen.h"

enum { LABEL = 22, CODE = 40, WORD = 10, REFERENCES = 200 };

static const struct {
    unsigned style;
    bool beeps;
} outcomes[SCAN_OUTCOMES] = {
    [SCAN_DONE] = {STYLE_NORMAL, false},  [SCAN_TWICE] = {STYLE_WARNING, true},
    [SCAN_DRAFT] = {STYLE_WARNING, true}, [SCAN_REFUSED] = {STYLE_ERROR, true},
    [SCAN_SET] = {STYLE_BOLD, false},
};

struct scan_screen {
    struct desk *desk;
    struct scanning *scanning;
    struct field_view view; /* what has come of the next code */
    struct scan_result *results;
    size_t count;
};

static const struct strings *keeps_of(struct scan_screen *s)
{
    return &entry_form(scanning_same(s->scanning))->scan->keeps;
}

/* --- Working on what was read --- */

static void note(struct scan_screen *s, const struct scan_result *result)
{
    s->results = xroom(s->results, s->count, sizeof *s->results);
    s->results[s->count++] = *result;
}

/* Only while nothing comes in, so that the scanner never waits; painted after each. */
static void beat(void *state)
{
    struct scan_screen *s = state;
    struct scan_result result;
    if (terminal_pending() || !scanning_step(s->scanning, false, &result))
        return;
    note(s, &result);
    if (outcomes[result.outcome].beeps)
        terminal_beep();
    screen_hurry();
    if (!scanning_waiting(s->scanning))
        session_counts(s->desk->session, &s->desk->counts, NULL);
}

/* What was read is never dropped, however the screen is left. */
static void finish(struct scan_screen *s)
{
    struct scan_result result;
    while (scanning_step(s->scanning, true, &result))
        note(s, &result);
}

/* --- Painting --- */

static int paint_same(struct scan_screen *s, int row, int columns)
{
    struct entry *same = scanning_same(s->scanning);
    const struct strings *keeps = keeps_of(s);
    for (size_t i = 0; i < keeps->count; i++) {
        const char *path = keeps->items[i];
        const struct field *field = form_field(entry_form(same), path);
        if (!instance_relevant(entry_instance(same), path))
            continue;
        char *label = instance_label(entry_instance(same), &field->label, path);
        char *value = entry_display(same, path);
        bool wrong = entry_problem(same, path, NULL) != NULL;
        paint_text(row, 1, LABEL, label, STYLE_NORMAL);
        paint_text(row++, LABEL + 2, columns - LABEL - 3, wrong && !*value ? _("（まだ）") : value,
                   wrong ? STYLE_WARNING : STYLE_BOLD);
        xfree(&label);
        xfree(&value);
    }
    return row;
}

static void paint_counts(const struct scan_screen *s, int row, int columns)
{
    struct buffer line = BUFFER_INIT;
    for (size_t i = 0; i < SCAN_SET; i++)
        buffer_printf(&line, _("%s %zu件  "), scan_outcome_text((enum scan_outcome)i),
                      scanning_count(s->scanning, (enum scan_outcome)i));
    if (scanning_waiting(s->scanning))
        buffer_printf(&line, _("待ち %zu件"), scanning_waiting(s->scanning));
    paint_text(row, 1, columns - 2, buffer_text(&line), STYLE_REVERSE);
    buffer_free(&line);
}

static char *result_line(const struct scan_result *r)
{
    return xasprintf("%s%s%s", r->title, *r->title && *r->text ? "  " : "", r->text);
}

static void paint(void *state, int top, int rows, int columns)
{
    struct scan_screen *s = state;
    const struct form *form = entry_form(scanning_same(s->scanning));
    paint_format(top, 1, columns - 2, STYLE_TITLE, _("連続受付: %s"),
                 label_text(&form->title, office_language(s->desk->office)));
    int row = paint_same(s, top + 1, columns);
    const char *lacks = scanning_lacks(s->scanning); /* painting the values ends what it borrows */
    if (lacks) {
        paint_text(row++, 1, columns - 2, lacks, STYLE_WARNING);
        paint_text(row++, 1, columns - 2,
                   _("F2 か、用紙のQRで決まります。それまで読取りは待ちます"), STYLE_WARNING);
    }
    paint_counts(s, row++, columns);
    paint_text(row, 1, 4, "QR [", STYLE_NORMAL);
    paint_text(row, 5 + CODE, 1, "]", STYLE_NORMAL);
    field_paint(&s->view, row++, 5, CODE, STYLE_NORMAL, true);
    for (size_t i = s->count; i-- > 0 && row < top + rows;) {
        const struct scan_result *r = &s->results[i];
        char *line = result_line(r);
        paint_format(row, 1, 5, STYLE_DIM, "%3zu", i + 1);
        paint_text(row, 6, WORD, scan_outcome_text(r->outcome), outcomes[r->outcome].style);
        paint_text(row++, 6 + WORD, columns - WORD - 7, line, STYLE_NORMAL);
        xfree(&line);
    }
}

/* --- What stays the same --- */

static void refuse(struct scan_screen *s, const char *path, const char *typed)
{
    struct error err;
    if (entry_type(scanning_same(s->scanning), path, typed, &err))
        desk_refused(&err);
}

static void choose_record(struct scan_screen *s, const char *title, const char *path)
{
    struct worklist_rows found;
    struct strings rows = STRINGS_INIT;
    struct error err;
    if (entry_references(scanning_same(s->scanning), path, "", REFERENCES, &found, &err)) {
        desk_refused(&err);
        return;
    }
    strings_add(&rows, _("（なし）"));
    for (size_t i = 0; i < found.count; i++)
        strings_take(&rows, worklist_line(&found.items[i]));
    long at = dialog_choose(title, &rows, NULL, found.count ? 1 : 0);
    if (at >= 0)
        refuse(s, path, at ? found.items[at - 1].id : "");
    strings_free(&rows);
    worklist_rows_free(&found);
}

static void choose_word(struct scan_screen *s, const char *title, const char *path)
{
    const struct choice *const *choices;
    struct strings rows = STRINGS_INIT;
    size_t count = instance_choices(entry_instance(scanning_same(s->scanning)), path, &choices);
    for (size_t i = 0; i < count; i++)
        strings_add(&rows, label_text(&choices[i]->label, office_language(s->desk->office)));
    long at = dialog_choose(title, &rows, NULL, 0);
    if (at >= 0)
        refuse(s, path, choices[at]->name);
    strings_free(&rows);
    xfree(&choices);
}

static void ask(struct scan_screen *s, const char *title, const char *path)
{
    char *before = entry_edit_text(scanning_same(s->scanning), path), *typed = NULL;
    if (dialog_prompt(title, "", before, &typed))
        refuse(s, path, typed);
    xfree(&before);
    xfree(&typed);
}

static void change(struct scan_screen *s, const char *path)
{
    struct entry *same = scanning_same(s->scanning);
    const struct field *field = form_field(entry_form(same), path);
    char *title = instance_label(entry_instance(same), &field->label, path);
    if (field->type == FIELD_REFERENCE)
        choose_record(s, title, path);
    else if (field->choices)
        choose_word(s, title, path);
    else
        ask(s, title, path);
    xfree(&title);
}

/* One after the other until Esc: what one is may bring or take others. */
static void change_same(struct scan_screen *s)
{
    struct entry *same = scanning_same(s->scanning);
    long at = 0;
    while (at >= 0) {
        struct strings rows = STRINGS_INIT, paths = STRINGS_INIT;
        for (size_t i = 0; i < keeps_of(s)->count; i++) {
            const char *path = keeps_of(s)->items[i];
            if (!instance_relevant(entry_instance(same), path))
                continue;
            const struct field *field = form_field(entry_form(same), path);
            char *label = instance_label(entry_instance(same), &field->label, path);
            char *value = entry_display(same, path);
            strings_take(&rows, xasprintf("%s: %s", label, value));
            strings_add(&paths, path);
            xfree(&label);
            xfree(&value);
        }
        at = dialog_choose(_("どの記録にも同じ値（Esc で終わる）"), &rows, NULL, at);
        if (at >= 0)
            change(s, paths.items[at]);
        strings_free(&rows);
        strings_free(&paths);
    }
}

/* --- Events --- */

static void push(struct scan_screen *s)
{
    scanning_push(s->scanning, edit_text(&s->view.edit));
    field_set(&s->view, "");
}

/* Some scanners hand over as a paste; a line is a code. */
static void paste(struct scan_screen *s, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        char *line = xstrndup(text, len);
        edit_paste(&s->view.edit, line);
        xfree(&line);
        if (text[len])
            push(s);
        text += len + (text[len] == '\n');
    }
}

static void show_all(const struct scan_screen *s)
{
    struct buffer text = BUFFER_INIT;
    for (size_t i = s->count; i-- > 0;) {
        char *line = result_line(&s->results[i]);
        buffer_printf(&text, "%3zu  %s  %s\n", i + 1, scan_outcome_text(s->results[i].outcome),
                      line);
        xfree(&line);
    }
    dialog_text(_("読み取ったもの（新しい順）"), buffer_text(&text));
    buffer_free(&text);
}

static void leave(struct scan_screen *s)
{
    struct desk *desk = s->desk;
    finish(s);
    screen_message(
        0, _("連続受付を終えました。受付 %zu件、下書き %zu件（メニューの下書きにあります）"),
        scanning_count(s->scanning, SCAN_DONE), scanning_count(s->scanning, SCAN_DRAFT));
    screen_pop();
    desk_changed(desk);
}

static void event(void *state, const struct ui_event *event)
{
    struct scan_screen *s = state;
    if (event->type == EVENT_PASTE) {
        paste(s, event->text);
    } else if (event->type == EVENT_TEXT) {
        field_event(&s->view, event, CODE);
    } else if (event->type == EVENT_KEY) {
        switch (event->action) {
        case ACT_ENTER:
            push(s);
            return;
        case ACT_HELP:
            screen_help(
                _("登録証のQRを読取り機で続けて読み取ります。一枚ごとに記録になります。用紙のQRを"
                  "読み取ると、それに移ります。F2 はどの記録にも同じ値、Esc は終わり"),
                "");
            return;
        case ACT_CANDIDATES:
            change_same(s);
            return;
        case ACT_DETAIL:
            show_all(s);
            return;
        case ACT_BACK:
            leave(s);
            return;
        default:
            if (!field_event(&s->view, event, CODE))
                desk_key(s->desk, event->action);
        }
    }
}

/* --- Coming and going --- */

static void back(void *state)
{
    (void)state;
    input_use_none();
}

static void screen_free(void *state)
{
    struct scan_screen *s = state;
    finish(s);
    for (size_t i = 0; i < s->count; i++)
        scan_result_free(&s->results[i]);
    xfree(&s->results);
    scanning_free(&s->scanning);
    field_free(&s->view);
    xfree(&s);
}

static void open_form(struct desk *desk, const char *form, const char *about)
{
    static const enum action keys[] = {ACT_HELP, ACT_CANDIDATES, ACT_DETAIL, ACT_ENTER,
                                       ACT_LOCK, ACT_BACK,       ACT_NONE};
    static const struct screen screen = {"scan", paint, event, beat, back, screen_free, keys};
    struct scanning *scanning;
    struct error err;
    if (scanning_new(desk->session, form, about, &scanning, &err)) {
        desk_refused(&err);
        return;
    }
    struct scan_screen *s = xcalloc(1, sizeof *s);
    s->desk = desk;
    s->scanning = scanning;
    field_set(&s->view, "");
    input_use_none();
    screen_push(&screen, s);
}

void scan_open_about(struct desk *desk, const char *record)
{
    struct form_rows forms = {0};
    struct strings titles = STRINGS_INIT, readings = STRINGS_INIT;
    struct error err;
    long at = -1;
    if (scanning_forms(desk->session, record, &forms, &err))
        desk_refused(&err);
    else if (!forms.count)
        screen_message(0, "%s", _("連続受付のできる様式はありません"));
    for (size_t i = 0; i < forms.count; i++) {
        strings_add(&titles, forms.items[i].title);
        strings_add(&readings, forms.items[i].reading);
    }
    if (forms.count)
        at = forms.count == 1 ? 0 : dialog_choose(_("連続受付: 様式"), &titles, &readings, 0);
    if (at >= 0)
        open_form(desk, forms.items[at].id, record);
    strings_free(&titles);
    strings_free(&readings);
    form_rows_free(&forms);
}

void scan_open(struct desk *desk)
{
    scan_open_about(desk, NULL);
}

bool scan_offered(const struct desk *desk, const char *record)
{
    struct form_rows forms;
    if (!session_may(desk->session, MAY_ENTER) ||
        scanning_forms(desk->session, record, &forms, NULL))
        return false;
    bool any = forms.count > 0;
    form_rows_free(&forms);
    return any;
}
