#include "counter/entry.h"

#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "counter/input.h"
#include "form/answer.h"
#include "text/era.h"
#include "ui/dialog.h"
#include "ui/paint.h"

enum {
    PAUSE_MS = 1000, /* after this much typing the draft is saved without leaving the field */
    RETRY_MS = 2000, /* between attempts while it cannot be saved */
};

/* --- Where the cursor is --- */

void entry_arrange(struct entry_screen *s)
{
    int rows;
    terminal_size(&rows, &s->columns);
    layout_make(&s->layout, entry_instance(s->entry), s->section, s->columns);
}

const struct slot *entry_slot(struct entry_screen *s)
{
    long at = layout_find(&s->layout, s->focus);
    return at < 0 ? NULL : &s->layout.items[at];
}

bool slot_is_chosen(const struct slot *slot)
{
    return slot && slot->kind == SLOT_FIELD &&
           (slot->field->choices || slot->field->type == FIELD_ACKNOWLEDGE ||
            slot->field->type == FIELD_REFERENCE || field_is_attachment(slot->field));
}

void entry_set_focus(struct entry_screen *s, const char *path)
{
    char *copy = xstrdup(path);
    if (strcmp(copy, s->focus) != 0) {
        xfree(&s->left);
        s->left = s->focus;
        s->focus = NULL;
    }
    xfree(&s->focus);
    s->focus = copy;
    xfree(&s->before);
    s->before = entry_edit_text(s->entry, s->focus);
    typing_begin(s);
}

/* First (by = 1) or last (-1) place of the section; false when it has none. */
static bool focus_end(struct entry_screen *s, int by)
{
    entry_arrange(s);
    for (size_t n = 0; n < s->layout.count; n++) {
        const struct slot *slot = &s->layout.items[by > 0 ? n : s->layout.count - 1 - n];
        if (slot_takes_focus(slot)) {
            entry_set_focus(s, slot->path);
            return true;
        }
    }
    entry_set_focus(s, "");
    return false;
}

/* The next section in a direction that has something in it; wraps around. */
static void turn_section(struct entry_screen *s, int by, int end)
{
    int count = section_count(entry_form(s->entry));
    for (int n = 0; n < count; n++) {
        s->section = (s->section + by + count) % count;
        s->top = 0;
        if (section_shown(entry_instance(s->entry), s->section) && focus_end(s, end))
            return;
    }
}

/* To the next place of the section, or of the section after it. The answer just given may have
 * brought fields with it. */
static void move(struct entry_screen *s, int by)
{
    entry_arrange(s);
    long at = layout_find(&s->layout, s->focus);
    for (long to = at + by; at >= 0 && to >= 0 && to < (long)s->layout.count; to += by)
        if (slot_takes_focus(&s->layout.items[to])) {
            entry_set_focus(s, s->layout.items[to].path);
            return;
        }
    turn_section(s, by, by);
}

/* In a table to the same column of another line; false where there is none. */
static bool move_in_table(struct entry_screen *s, int by)
{
    long at = layout_find(&s->layout, s->focus);
    const struct slot *from = at < 0 ? NULL : &s->layout.items[at];
    for (long to = at + by; from && from->cell && to >= 0 && to < (long)s->layout.count; to += by) {
        const struct slot *slot = &s->layout.items[to];
        if (slot->kind == SLOT_REPEAT)
            return false;
        if (slot->cell && slot->field == from->field && slot->line != from->line) {
            entry_set_focus(s, slot->path);
            return true;
        }
    }
    return false;
}

void entry_focus(struct entry_screen *s, const char *path)
{
    const struct field *field = form_path_field(entry_form(s->entry), path);
    if (!field || field->section < 0)
        return;
    entry_keep(s);
    s->section = field->section;
    s->top = 0;
    entry_arrange(s);
    entry_set_focus(s, path);
    if (!entry_slot(s))
        focus_end(s, 1);
}

/* --- From the screen to the office --- */

bool entry_commit(struct entry_screen *s)
{
    struct error err;
    if (!s->typed)
        return true;
    enum status st = entry_type(s->entry, s->focus, edit_text(&s->view.edit), &err);
    s->typed = st && st != E_INVALID;
    if (s->typed)
        desk_refused(&err);
    return !s->typed;
}

void entry_save(struct entry_screen *s)
{
    struct error err;
    if (!entry_unsaved(s->entry))
        return;
    bool failed = entry_save_draft(s->entry, s->focus, &err);
    if (failed)
        screen_message(STYLE_ERROR, _("未保存: %s。入力はこの画面に残っています"),
                       error_text(&err));
    else if (s->failing)
        screen_message(0, "%s", _("保存できるようになりました"));
    s->failing = failed;
    s->tried_at = clock_mono();
}

void entry_keep(struct entry_screen *s)
{
    entry_commit(s);
    entry_save(s);
}

void entry_answer(struct entry_screen *s, const char *value)
{
    struct error err;
    if (entry_type(s->entry, s->focus, value, &err))
        desk_refused(&err);
    typing_begin(s);
    entry_save(s);
}

/* Up to here the user may still be in the middle of a word: what could become an 個人番号 waits
 * until the field is left. */
static void beat(void *state)
{
    struct entry_screen *s = state;
    if (s->failing && clock_mono() - s->tried_at >= RETRY_MS)
        entry_save(s);
    if (!s->typed || clock_mono() - s->typed_at < PAUSE_MS)
        return;
    if (!entry_typing(s->entry, s->focus, edit_text(&s->view.edit)))
        return;
    s->typed = false;
    entry_save(s);
}

/* --- What keys do --- */

static void copy_previous(struct entry_screen *s)
{
    struct error err;
    if (entry_copy_previous(s->entry, s->focus, &err))
        desk_refused(&err);
    else
        screen_message(0, "%s", _("前件から写しました"));
    typing_begin(s);
    entry_save(s);
}

/* 紙で受けたもの: when it was really received, the paper's number, why it is typed only now. */
static void set_late(struct entry_screen *s)
{
    static const char *const questions[] = {N_("実際に受け付けた日時（例: R8.11.24 09:30）"),
                                            N_("紙の受付番号"), N_("紙で受け付けた人"),
                                            N_("後入力の理由")};
    char *answers[ARRAY_LEN(questions)] = {xstrdup(""), xstrdup(""),
                                           xstrdup(session_name(s->desk->session)), xstrdup("")};
    struct error err;
    bool go = true, done = false;
    while (go && !done) { /* what was refused is asked again as it was typed */
        for (size_t i = 0; go && i < ARRAY_LEN(questions); i++) {
            char *before = answers[i];
            go = dialog_prompt(_("後入力"), _(questions[i]), before, &answers[i]);
            if (go)
                xfree(&before);
        }
        done = go &&
               entry_set_late(s->entry, answers[0], answers[1], answers[2], answers[3], &err) == OK;
        if (go && !done)
            go = dialog_confirm(_("後入力"), error_text(&err));
    }
    if (done)
        screen_message(0, "%s", _("後入力にしました。受付日時は紙のとおりになります"));
    entry_save(s);
    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        xfree(&answers[i]);
}

/* Paths with a problem, in the form's order; the first after the cursor, else the first. */
static void next_problem(struct entry_screen *s)
{
    const struct item *items;
    size_t count = instance_items(entry_instance(s->entry), &items);
    const char *first = NULL, *after = NULL;
    bool passed = false;
    s->ask_missing = true;
    for (size_t i = 0; i < count; i++) {
        const struct item *item = &items[i];
        bool here = strcmp(item->path, s->focus) == 0;
        if (!here && item->relevant && item->field->section >= 0 && !item->row_head &&
            entry_wrong_at(s, item->path)) {
            first = first ? first : item->path;
            after = after || !passed ? after : item->path;
        }
        passed = passed || here;
    }
    if (!first) {
        if (!entry_wrong_at(s, s->focus))
            screen_message(0, "%s", _("欄の不備はありません。F10 で確認画面へ"));
        return;
    }
    char *path = xstrdup(after ? after : first);
    entry_focus(s, path);
    xfree(&path);
}

static void hold(struct entry_screen *s)
{
    char *note = NULL, *day = NULL, iso[ISO_DATE_SIZE] = "";
    struct date date;
    struct error err = {0};
    if (!dialog_prompt(_("保留"), _("覚え（何を待っているか）"), "", &note) ||
        !dialog_prompt(_("保留"), _("次に連絡する日（空でもよい）"), "", &day)) {
        xfree(&note);
        return;
    }
    enum status st = *day ? era_parse(day, 0, clock_today(), &date, &err) : OK;
    if (!st && *day)
        iso_date(iso, date);
    if (!st)
        st = entry_hold(s->entry, note, iso, &err);
    struct desk *desk = s->desk;
    xfree(&note);
    xfree(&day);
    if (st) {
        desk_refused(&err);
        return;
    }
    screen_message(0, "%s", _("保留にしました。メニューの保留から続けられます"));
    screen_pop();
    desk_changed(desk);
}

static void undo(struct entry_screen *s)
{
    struct ui_event event = {.type = EVENT_KEY, .action = ACT_UNDO, .text = ""};
    if (slot_is_chosen(entry_slot(s))) {
        entry_answer(s, s->before);
    } else if (field_event(&s->view, &event, 1)) {
        s->typed = true;
        s->typed_at = clock_mono();
    }
}

/* What could not be saved is only here. */
static bool gives_up(void)
{
    struct strings rows = STRINGS_INIT;
    strings_add(&rows, _("この画面に残る（保存できるようになれば自動で保存します）"));
    strings_add(&rows, _("保存できなかった入力を捨てて戻る"));
    bool up = dialog_choose(_("まだ保存できていません"), &rows, NULL, 0) == 1;
    strings_free(&rows);
    return up;
}

static void leave(struct entry_screen *s)
{
    struct desk *desk = s->desk;
    if (s->failing && !gives_up())
        return;
    if (!entry_is_final(s->entry)) {
        if (!s->failing && entry_saved_at(s->entry))
            screen_message(0, "%s", _("下書きに残しました。メニューの下書きから続けられます"));
    } else if (entry_unsaved(s->entry) &&
               !dialog_confirm(_("訂正をやめる"),
                               _("訂正した内容は残りません。訂正をやめますか。"))) {
        return;
    }
    screen_pop();
    desk_changed(desk);
}

/* --- Events --- */

void entry_next(struct entry_screen *s)
{
    move(s, 1);
}

static void go_previous(struct entry_screen *s)
{
    move(s, -1);
}

static void go_down(struct entry_screen *s)
{
    entry_arrange(s);
    if (!move_in_table(s, 1))
        move(s, 1);
}

static void go_up(struct entry_screen *s)
{
    entry_arrange(s);
    if (!move_in_table(s, -1))
        move(s, -1);
}

static void section_before(struct entry_screen *s)
{
    turn_section(s, -1, 1);
}

static void section_after(struct entry_screen *s)
{
    turn_section(s, 1, 1);
}

static void go_first(struct entry_screen *s)
{
    s->section = -1;
    turn_section(s, 1, 1);
}

static void go_last(struct entry_screen *s)
{
    s->section = 0;
    turn_section(s, -1, -1);
}

static void enter(struct entry_screen *s)
{
    const struct slot *slot = entry_slot(s);
    /* A part of a title that more than one record has: which one. */
    if (slot && slot->kind == SLOT_FIELD && slot->field->type == FIELD_REFERENCE)
        choice_list_narrowed(s);
    entry_next(s);
}

/* What is different in the newer version, and over to it when that is wanted. */
static void change_version(struct entry_screen *s)
{
    struct strings differences = STRINGS_INIT;
    struct buffer text = BUFFER_INIT;
    struct error err;
    if (!entry_newer(s->entry, &differences)) {
        screen_message(0, "%s", _("この様式に新しい版はありません"));
        return;
    }
    for (size_t i = 0; i < differences.count; i++)
        buffer_printf(&text, "- %s\n", differences.items[i]);
    if (!differences.count)
        buffer_add_text(&text, _("尋ねることに違いはありません。\n"));
    buffer_add_text(&text, _("新しい版に移りますか。入力したものはそのまま残ります。"));
    if (dialog_confirm(_("様式の新しい版"), buffer_text(&text))) {
        char *focus = xstrdup(s->focus);
        if (entry_upgrade(s->entry, &err))
            desk_refused(&err);
        else
            screen_message(0, "%s", _("新しい版に移りました"));
        s->older = entry_newer(s->entry, NULL);
        entry_arrange(s);
        entry_set_focus(s, focus);
        if (!entry_slot(s))
            focus_end(s, 1);
        xfree(&focus);
    }
    buffer_free(&text);
    strings_free(&differences);
}

/* What a key does after what was typed has been handed over. */
static const struct {
    enum action action;
    void (*run)(struct entry_screen *s);
} doings[] = {
    {ACT_ENTER, enter},
    {ACT_NEXT, entry_next},
    {ACT_DOWN, go_down},
    {ACT_PREVIOUS, go_previous},
    {ACT_UP, go_up},
    {ACT_PAGE_UP, section_before},
    {ACT_PAGE_DOWN, section_after},
    {ACT_FIRST, go_first},
    {ACT_LAST, go_last},
    {ACT_CANDIDATES, choice_list_open},
    {ACT_COPY, copy_previous},
    {ACT_LATE, set_late},
    {ACT_NEXT_PROBLEM, next_problem},
    {ACT_HOLD, hold},
    {ACT_CONFIRM, confirm_open},
    {ACT_BACK, leave},
    {ACT_ADD_ROW, rows_add},
    {ACT_COPY_ROW, rows_copy},
    {ACT_DELETE_ROW, rows_delete},
    {ACT_VERSION, change_version},
    {ACT_SAME, same_as_before},
    {ACT_SAME_SECTION, section_as_before},
};

static void go_section(struct entry_screen *s, int number)
{
    if (number > section_count(entry_form(s->entry)) ||
        !section_shown(entry_instance(s->entry), number - 1))
        return;
    s->section = number - 1;
    s->top = 0;
    focus_end(s, 1);
}

static void key(struct entry_screen *s, const struct ui_event *event)
{
    if (event->action == ACT_UNDO) {
        undo(s);
        return;
    }
    /* The seat may be left at any time, and help is always there. */
    if (event->action == ACT_HELP) {
        entry_help(s);
        return;
    }
    if (event->action == ACT_LOCK) {
        desk_key(s->desk, event->action);
        return;
    }
    if (!entry_commit(s))
        return;
    entry_save(s);
    if (event->action == ACT_SECTION) {
        go_section(s, event->number);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(doings); i++)
        if (doings[i].action == event->action) {
            doings[i].run(s);
            return;
        }
    desk_key(s->desk, event->action);
}

/* 自動送り: what was typed has filled the field. */
static void go_on_when_full(struct entry_screen *s, const struct slot *slot,
                            const struct ui_event *event)
{
    if (event->type != EVENT_TEXT || !s->auto_next ||
        !answer_full(slot->field, edit_text(&s->view.edit)))
        return;
    entry_keep(s);
    move(s, 1);
}

static void event(void *state, const struct ui_event *event)
{
    struct entry_screen *s = state;
    bool text = event->type == EVENT_TEXT || event->type == EVENT_PASTE;
    entry_arrange(s);
    const struct slot *slot = entry_slot(s);
    if (slot_is_chosen(slot)) {
        if (text ? choice_text(s, event->text)
                 : event->type == EVENT_KEY && choice_key(s, event->action))
            return;
    } else if (slot && slot->kind == SLOT_REPEAT && text) {
        if (*event->text == ' ' || *event->text == '+')
            rows_add(s);
        return;
    } else if (typing_event(s, slot, event)) {
        go_on_when_full(s, slot, event);
        return;
    }
    if (event->type == EVENT_KEY)
        key(s, event);
}

/* --- Coming and going --- */

static void back(void *state)
{
    typing_use_input(state);
}

static void screen_free(void *state)
{
    struct entry_screen *s = state;
    layout_free(&s->layout);
    field_free(&s->view);
    reading_free(&s->reading);
    xfree(&s->focus);
    xfree(&s->left);
    xfree(&s->before);
    entry_free(&s->entry);
    xfree(&s);
}

static const struct screen screen = {
    "entry",
    entry_paint,
    event,
    beat,
    back,
    screen_free,
    (const enum action[]){ACT_HELP,    ACT_CANDIDATES,   ACT_COPY,         ACT_SEARCH,
                          ACT_KANA,    ACT_NEXT_PROBLEM, ACT_HOLD,         ACT_UNDO,
                          ACT_CONFIRM, ACT_BACK,         ACT_PAGE_UP,      ACT_PAGE_DOWN,
                          ACT_LATE,    ACT_ADD_ROW,      ACT_COPY_ROW,     ACT_DELETE_ROW,
                          ACT_VERSION, ACT_SAME,         ACT_SAME_SECTION, ACT_SECTION,
                          ACT_NONE}};

/* Takes over the entry; an entry that did not come to be is an error to show. */
static void open_entry(struct desk *desk, struct entry *entry, enum status st,
                       const struct error *err)
{
    if (st) {
        desk_refused(err);
        return;
    }
    struct entry_screen *s = xcalloc(1, sizeof *s);
    s->desk = desk;
    s->entry = entry;
    s->focus = xstrdup("");
    s->before = xstrdup("");
    s->auto_next = strcmp(office_setting(desk->office, "auto_next"), "yes") == 0;
    s->section = -1;
    turn_section(s, 1, 1);
    if (*entry_cursor(entry))
        entry_focus(s, entry_cursor(entry));
    s->older = entry_newer(entry, NULL);
    screen_push(&screen, s);
    if (s->older && entry_offers_version(entry))
        change_version(s);
    else if (s->older)
        screen_message(STYLE_WARNING, "%s",
                       _("様式に新しい版があります。Esc-e で違いを見て移れます"));
}

void entry_open_new(struct desk *desk, const char *form)
{
    struct entry *entry;
    struct error err;
    enum status st = entry_new(desk->session, form, &entry, &err);
    open_entry(desk, entry, st, &err);
}

void entry_open_for(struct desk *desk, const char *form, const char *person, bool household)
{
    struct entry *entry;
    struct error err;
    enum status st = entry_new_for(desk->session, form, person, household, &entry, &err);
    open_entry(desk, entry, st, &err);
}

void entry_open_about(struct desk *desk, const char *form, const char *record)
{
    struct entry *entry;
    struct error err;
    enum status st = entry_new_about(desk->session, form, record, &entry, &err);
    open_entry(desk, entry, st, &err);
}

void entry_open_draft(struct desk *desk, const char *draft)
{
    struct entry *entry;
    struct error err;
    enum status st = entry_resume(desk->session, draft, &entry, &err);
    open_entry(desk, entry, st, &err);
}

void entry_open_record(struct desk *desk, const char *record)
{
    struct entry *entry;
    struct error err;
    enum status st = entry_open(desk->session, record, &entry, &err);
    open_entry(desk, entry, st, &err);
}

void entry_screen_keep(void)
{
    struct entry_screen *s = screen_state(&screen);
    if (s)
        entry_keep(s);
}
