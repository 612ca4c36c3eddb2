/*
 * 確認画面: everything on one page before 受付確定, what is missing first. From here the resident
 * gets the 内容確認書, and the record its number.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "counter/person.h"
#include "office/calendar.h"
#include "office/office.h"
#include "text/era.h"
#include "text/width.h"
#include "ui/dialog.h"
#include "ui/paint.h"
#include "ui/wrap.h"

struct line {
    char *text;
    char *path;   /* field Enter goes to, "" none */
    long finding; /* index, -1 for a value or a heading */
    unsigned style;
};

struct confirm {
    struct entry_screen *below; /* the entry screen under this one */
    struct line *lines;
    size_t count, at, top;
};

/* --- What stands on it --- */

static void add(struct confirm *c, const char *path, long finding, unsigned style, char *text)
{
    c->lines = xroom(c->lines, c->count, sizeof *c->lines);
    c->lines[c->count++] = (struct line){text, xstrdup(path), finding, style};
}

static void clear(struct confirm *c)
{
    for (size_t i = 0; i < c->count; i++) {
        xfree(&c->lines[i].text);
        xfree(&c->lines[i].path);
    }
    xfree(&c->lines);
    c->count = 0;
}

static void add_finding(struct confirm *c, const struct finding *f, long i)
{
    switch (f->severity) {
    case FINDING_ERROR:
        add(c, f->path, i, STYLE_ERROR, xasprintf(_("誤り  %s"), f->message));
        break;
    case FINDING_DEFICIENCY:
        add(c, f->path, i, STYLE_WARNING,
            xasprintf(f->explained ? _("不備  [x] 説明済  %s") : _("不備  [ ] %s"), f->message));
        break;
    case FINDING_WARNING:
        add(c, f->path, i, STYLE_WARNING, xasprintf(_("注意  %s"), f->message));
        break;
    case FINDING_NOTE:
        add(c, f->path, i, STYLE_NORMAL, xasprintf(_("案内  %s"), f->message));
        break;
    }
}

static void add_findings(struct confirm *c)
{
    const struct findings *findings;
    struct error err;
    if (entry_findings(c->below->entry, true, &findings, &err)) {
        add(c, "", -1, STYLE_ERROR, xstrdup(error_text(&err)));
        return;
    }
    for (int severity = FINDING_ERROR; severity <= FINDING_NOTE; severity++)
        for (size_t i = 0; i < findings->count; i++)
            if ((int)findings->items[i].severity == severity)
                add_finding(c, &findings->items[i], (long)i);
    if (!findings->count)
        add(c, "", -1, STYLE_NORMAL, xstrdup(_("不備はありません。")));
}

/* What comes after hours counts as of the next open day: that is said before it is so. */
static void add_received_on(struct confirm *c)
{
    struct entry *entry = c->below->entry;
    const struct instance *in = entry_instance(entry);
    struct date counts, really = clock_today();
    char real[ISO_DATE_SIZE], day[ERA_TEXT_SIZE];
    snprintf(real, sizeof real, "%.10s", instance_get(in, "received_at"));
    if (entry_is_final(entry))
        return;
    if (!*real || !iso_date_parse(&really, real) ||
        !iso_date_parse(&counts, instance_get(in, "received_on")))
        counts = calendar_received_on(c->below->desk->office, clock_now());
    era_format_day(day, sizeof day, counts);
    if (date_compare(counts, really) != 0)
        add(c, "", -1, STYLE_NORMAL,
            xasprintf(_("案内  取扱時間のあとなので、窓口到達日は%sになります"), day));
}

/* A value of several lines goes on below, under its first. */
static void add_value(struct confirm *c, const struct item *item, const char *label,
                      const char *value)
{
    int indent = item->depth * 2;
    size_t len = strcspn(value, "\n");
    add(c, item->path, -1, STYLE_NORMAL,
        xasprintf("%*s%s: %.*s", indent, "", label, (int)len, value));
    while (value[len]) {
        value += len + 1;
        len = strcspn(value, "\n");
        add(c, item->path, -1, STYLE_NORMAL,
            xasprintf("%*s%.*s", indent + text_width(label) + 2, "", (int)len, value));
    }
}

static void add_values(struct confirm *c)
{
    struct entry *entry = c->below->entry;
    const char *language = office_language(c->below->desk->office);
    const struct item *items;
    size_t count = instance_items(entry_instance(entry), &items);
    int section = -1;
    for (size_t i = 0; i < count; i++) {
        const struct field *field = items[i].field;
        bool head = items[i].row_head;
        if (!items[i].relevant || field->implicit || field->section < 0 ||
            (!head && (!field_has_value(field) || field->type == FIELD_CALCULATE)))
            continue;
        char *value = head ? xstrdup("") : entry_display(entry, items[i].path);
        if (field->section != section && (head || *value)) {
            section = field->section;
            add(c, "", -1, STYLE_BOLD,
                xasprintf("-- %s --", section_label(entry_form(entry), section, language)));
        }
        char *label = instance_label(entry_instance(entry), &field->label, items[i].path);
        if (head)
            add(c, "", -1, STYLE_NORMAL, xasprintf("%*s%s", items[i].depth * 2, "", label));
        else if (*value)
            add_value(c, &items[i], label, value);
        xfree(&label);
        xfree(&value);
    }
}

static void load(struct confirm *c)
{
    clear(c);
    add_findings(c);
    add_received_on(c);
    add_values(c);
    if (c->at >= c->count)
        c->at = c->count ? c->count - 1 : 0;
}

/* A line is read to its end, however long; the chosen one is on the screen with all of it. */
static void paint_lines(struct confirm *c, int row, int rows, int cells)
{
    size_t height = 0;
    c->top = c->at < c->top ? c->at : c->top;
    for (size_t i = c->top; i <= c->at && i < c->count; i++)
        height += wrap_height(c->lines[i].text, cells);
    for (; height > (size_t)rows && c->top < c->at; c->top++)
        height -= wrap_height(c->lines[c->top].text, cells);
    for (size_t i = c->top; i < c->count && rows > 0; i++) {
        const struct line *line = &c->lines[i];
        bool here = i == c->at;
        paint_text(row, 1, 1, here ? ">" : " ", STYLE_BOLD);
        if (here)
            paint_cursor(row, 1);
        int used =
            wrap_paint(line->text, 0, row, 3, rows, cells, here ? STYLE_REVERSE : line->style);
        row += used;
        rows -= used;
    }
}

static void paint(void *state, int top, int rows, int columns)
{
    struct confirm *c = state;
    struct entry *entry = c->below->entry;
    bool final = entry_is_final(entry);
    paint_format(top, 1, columns - 2, STYLE_TITLE, "%s  %s  %s",
                 final ? _("確認画面  F10 訂正を残す") : _("確認画面  F10 受付確定"),
                 label_text(&entry_form(entry)->title, office_language(c->below->desk->office)),
                 entry_title(entry));
    paint_text(top + 1, 1, columns - 2,
               _("Enter その欄へ  Space [x]=説明済・本人が提出を希望  Esc-o 内容確認書"),
               STYLE_DIM);
    paint_lines(c, top + 2, rows - 2, columns - 4);
}

/* --- 受付確定 --- */

static bool show_paper(struct confirm *c)
{
    char *text, path[256];
    struct error err;
    if (entry_confirmation(c->below->entry, &text, path, &err)) {
        desk_refused(&err);
        return false;
    }
    dialog_text(path, text);
    xfree(&text);
    return true;
}

/* Nothing may stand in the way any more; the line of the first thing that does becomes the
 * selected one. */
static bool ready(struct confirm *c)
{
    const struct findings *findings;
    if (entry_findings(c->below->entry, true, &findings, NULL))
        return false;
    for (size_t i = 0; i < c->count; i++) {
        if (c->lines[i].finding < 0)
            continue;
        const struct finding *f = &findings->items[c->lines[i].finding];
        bool unexplained = f->severity == FINDING_DEFICIENCY && !f->explained;
        if (f->severity != FINDING_ERROR && !unexplained)
            continue;
        c->at = i;
        screen_message(STYLE_ERROR, "%s",
                       unexplained
                           ? _("説明して Space で印を付けると受け付けられます。Enter で欄へ")
                           : _("誤りを直すと受け付けられます。Enter で欄へ"));
        return false;
    }
    return true;
}

/* The 内容確認書 is out, the resident has read and signed it; warnings are asked about once. */
static bool agreed(struct confirm *c)
{
    const struct findings *findings;
    struct buffer text = BUFFER_INIT;
    struct error err;
    char *paper = NULL, path[256];
    if (entry_confirmation(c->below->entry, &paper, path, &err) ||
        entry_findings(c->below->entry, true, &findings, &err)) {
        desk_refused(&err);
        xfree(&paper);
        return false;
    }
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].severity == FINDING_WARNING)
            buffer_printf(&text, _("注意: %s\n"), findings->items[i].message);
    buffer_printf(&text, _("内容確認書を出しました。\n%s\n本人が確かめて署名しましたか。"), path);
    bool yes = dialog_confirm(_("受付確定しますか"), buffer_text(&text));
    buffer_free(&text);
    xfree(&paper);
    return yes;
}

/* Who this is: somebody known, or somebody new (""); false when given up. The caller frees. */
static bool choose_person(struct confirm *c, char **person)
{
    struct candidates found;
    struct strings rows = STRINGS_INIT;
    struct error err;
    *person = xstrdup("");
    if (entry_candidates(c->below->entry, &found, &err)) {
        desk_refused(&err);
        return false;
    }
    /* Who only shares a household is nobody a hurried Enter may take. */
    long selected = (long)found.count;
    for (size_t i = found.count; i-- > 0;)
        selected = found.items[i].likely ? (long)i : selected;
    for (size_t i = 0; i < found.count; i++)
        strings_take(&rows, xasprintf("%s  （%s）", found.items[i].line, found.items[i].why));
    strings_add(&rows, _("どの人でもない（新しい人物）"));
    long at = found.count ? dialog_choose(_("同じ人ではありませんか"), &rows, NULL, selected) : 0;
    if (at >= 0 && at < (long)found.count) {
        xfree(person);
        *person = xstrdup(found.items[at].person);
    }
    strings_free(&rows);
    candidates_free(&found);
    return at >= 0;
}

static void read_slip(const char *number, const char *path)
{
    struct buffer text = BUFFER_INIT;
    struct error err;
    if (!*path)
        dialog_text(number, _("受付票は書いていません（書けなかったか、閲覧制限のある人のもの）"));
    else if (file_read(path, 1 << 20, &text, &err))
        desk_refused(&err);
    else
        dialog_text(number, buffer_text(&text));
    buffer_free(&text);
}

/* With the number on the screen: what comes next. */
static void received(struct desk *desk, const struct receipt *receipt, const char *person)
{
    struct strings rows = STRINGS_INIT;
    char *title =
        xasprintf(_("受付番号 %s%s"), receipt->number, receipt->deficient ? _("（不備あり）") : "");
    long at;
    strings_add(&rows, _("メニューへ"));
    strings_add(&rows, _("受付票を見る"));
    if (*person) {
        strings_add(&rows, _("この人で続ける"));
        strings_add(&rows, _("同世帯で続ける（住所と電話だけ写す）"));
    }
    do {
        at = dialog_choose(title, &rows, NULL, 0);
        if (at == 1)
            read_slip(receipt->number, receipt->slip);
    } while (at == 1);
    screen_message(0, "%s", title);
    if (at == 0)
        screen_pop_all();
    else if (at >= 2)
        person_new_entry(desk, person, at == 3);
    strings_free(&rows);
    xfree(&title);
}

static void finalise(struct confirm *c)
{
    struct desk *desk = c->below->desk;
    struct entry *entry = c->below->entry;
    struct receipt receipt;
    struct error err;
    char *person = NULL;
    if (!ready(c) || !agreed(c) || !choose_person(c, &person)) {
        xfree(&person);
        return;
    }
    if (entry_finalise(entry, person, &receipt, &err)) {
        desk_refused(&err);
        load(c);
        xfree(&person);
        return;
    }
    xfree(&person);
    person = xstrdup(instance_get(entry_instance(entry), "person"));
    screen_pop(); /* this one */
    screen_pop(); /* and the entry */
    desk_changed(desk);
    received(desk, &receipt, person);
    xfree(&person);
}

/* --- 訂正 --- */

static void correct(struct confirm *c)
{
    static const struct {
        const char *kind, *label;
    } kinds[] = {
        {"applicant", N_("申請者補正")}, {"clerk", N_("職員誤記")}, {"ex_officio", N_("職権訂正")}};
    struct desk *desk = c->below->desk;
    struct strings rows = STRINGS_INIT;
    struct error err;
    char *reason = NULL;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        strings_add(&rows, _(kinds[i].label));
    long at = dialog_choose(_("訂正の種類"), &rows, NULL, 0);
    strings_free(&rows);
    if (at < 0 || !dialog_prompt(_("訂正"), _("理由（履歴に残ります）"), "", &reason))
        return;
    enum status st = entry_correct(c->below->entry, kinds[at].kind, reason, &err);
    xfree(&reason);
    if (st) {
        desk_refused(&err);
        return;
    }
    screen_message(0, "%s", _("訂正しました。前の値も履歴に残っています"));
    screen_pop();
    screen_pop();
    desk_changed(desk);
}

/* --- Events --- */

static void explain(struct confirm *c)
{
    const struct findings *findings;
    const struct line *line = c->at < c->count ? &c->lines[c->at] : NULL;
    if (!line || line->finding < 0 || entry_findings(c->below->entry, true, &findings, NULL))
        return;
    const struct finding *f = &findings->items[line->finding];
    if (f->severity != FINDING_DEFICIENCY)
        return;
    char *rule = xstrdup(f->rule), *path = xstrdup(f->path);
    entry_explain(c->below->entry, rule, path, !f->explained);
    xfree(&rule);
    xfree(&path);
    load(c);
}

static void go_to_field(struct confirm *c)
{
    struct entry_screen *below = c->below;
    char *path = xstrdup(c->at < c->count ? c->lines[c->at].path : "");
    screen_pop();
    if (*path)
        entry_focus(below, path);
    xfree(&path);
}

static bool move(struct confirm *c, enum action action)
{
    static const struct {
        enum action action;
        long by;
    } moves[] = {{ACT_UP, -1},       {ACT_PREVIOUS, -1},  {ACT_DOWN, 1},        {ACT_NEXT, 1},
                 {ACT_PAGE_UP, -15}, {ACT_PAGE_DOWN, 15}, {ACT_FIRST, -100000}, {ACT_LAST, 100000}};
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (moves[i].action == action) {
            long to = (long)c->at + moves[i].by, last = (long)c->count - 1;
            c->at = to < 0 || last < 0 ? 0 : (size_t)(to > last ? last : to);
            return true;
        }
    return false;
}

static void event(void *state, const struct ui_event *event)
{
    struct confirm *c = state;
    if (event->type == EVENT_TEXT && *event->text == ' ')
        explain(c);
    if (event->type != EVENT_KEY || move(c, event->action))
        return;
    if (event->action == ACT_CONFIRM && entry_is_final(c->below->entry))
        correct(c);
    else if (event->action == ACT_CONFIRM)
        finalise(c);
    else if (event->action == ACT_PRINT)
        show_paper(c);
    else if (event->action == ACT_ENTER)
        go_to_field(c);
    else if (event->action == ACT_BACK)
        screen_pop();
    else
        desk_key(c->below->desk, event->action);
}

static void confirm_free(void *state)
{
    struct confirm *c = state;
    clear(c);
    xfree(&c);
}

void confirm_open(struct entry_screen *s)
{
    static const enum action keys[] = {ACT_HELP, ACT_ENTER,   ACT_PRINT,
                                       ACT_BACK, ACT_CONFIRM, ACT_NONE};
    static const struct screen screen = {"confirm", paint, event, NULL, NULL, confirm_free, keys};
    struct confirm *c = xcalloc(1, sizeof *c);
    c->below = s;
    s->ask_missing = true;
    load(c);
    screen_push(&screen, c);
}
