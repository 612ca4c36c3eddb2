/* Choosing instead of typing: 選択, 確認の印, 参照, 添付. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "counter/worklist.h"
#include "office/worklist.h"
#include "text/fold.h"
#include "text/width.h"
#include "ui/dialog.h"
#include "ui/paint.h"

enum { MANY = 9, REFERENCES = 2000 };

static const char *value_of(const struct entry_screen *s)
{
    return instance_get(entry_instance(s->entry), s->focus);
}

static bool is_multiple(const struct field *field)
{
    return field->type == FIELD_SELECT_MULTIPLE;
}

/* Is the name one of the words of the value? */
static bool has_word(const char *value, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = value; (p = strstr(p, name)); p += len)
        if ((p == value || p[-1] == ' ') && (p[len] == ' ' || !p[len]))
            return true;
    return false;
}

static void toggle_word(struct entry_screen *s, const char *name)
{
    struct strings words = STRINGS_INIT;
    struct buffer value = BUFFER_INIT;
    bool there = has_word(value_of(s), name);
    strings_split(&words, value_of(s), ' ');
    for (size_t i = 0; i < words.count; i++)
        if (*words.items[i] && strcmp(words.items[i], name) != 0)
            buffer_printf(&value, "%s%s", value.len ? " " : "", words.items[i]);
    if (!there)
        buffer_printf(&value, "%s%s", value.len ? " " : "", name);
    entry_answer(s, buffer_text(&value));
    buffer_free(&value);
    strings_free(&words);
}

static void take(struct entry_screen *s, const struct field *field, const struct choice *choice)
{
    if (is_multiple(field))
        toggle_word(s, choice->name);
    else
        entry_answer(s, choice->name);
}

static const char *label_of(const struct entry_screen *s, const struct choice *choice)
{
    return label_text(&choice->label, office_language(s->desk->office));
}

/* The next choice that begins with what was typed, after the chosen one; -1 none. */
static long starting_with(const struct entry_screen *s, const struct choice *const *choices,
                          size_t count, long chosen, const char *text)
{
    char *key = fold_text(text);
    long found = -1;
    for (size_t n = 1; n <= count && *key && found < 0; n++) {
        size_t i = ((size_t)(chosen + 1) + n - 1) % count;
        char *label = fold_text(label_of(s, choices[i]));
        if (str_starts(label, key) || str_starts(choices[i]->name, key))
            found = (long)i;
        xfree(&label);
    }
    xfree(&key);
    return found;
}

static long index_of(const struct choice *const *choices, size_t count, const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(choices[i]->name, value) == 0)
            return (long)i;
    return -1;
}

static bool acknowledge(struct entry_screen *s, const char *text)
{
    bool yes = *value_of(s) != '\0';
    if (*text == ' ')
        entry_answer(s, yes ? "" : "yes");
    else
        entry_answer(s, text);
    return true;
}

static void open_list(struct entry_screen *s, const char *typed);

/* Digits that came at once, typed faster than the screen is painted: one choice each. False when
 * they are no such numbers. */
static bool take_numbers(struct entry_screen *s, const char *digits)
{
    size_t len = strlen(digits);
    bool good = len && strspn(digits, "123456789") == len;
    for (size_t i = 0; good && i < len; i++) {
        const struct choice *const *choices;
        size_t count = instance_choices(entry_instance(s->entry), s->focus, &choices);
        good = (size_t)(digits[i] - '0') <= count;
        if (good)
            take(s, entry_slot(s)->field, choices[digits[i] - '1']);
        xfree(&choices);
    }
    return good;
}

bool choice_text(struct entry_screen *s, const char *text)
{
    const struct slot *slot = entry_slot(s);
    const struct choice *const *choices;
    if (!slot || instance_read_only(entry_instance(s->entry), s->focus))
        return true;
    if (slot->field->type == FIELD_ACKNOWLEDGE)
        return acknowledge(s, text);
    if (!slot->field->choices) {
        open_list(s, *text == ' ' ? "" : text);
        return true;
    }
    char *half = fold_text(text); /* full-width digits count as digits */
    bool taken = take_numbers(s, half);
    size_t count = instance_choices(entry_instance(s->entry), s->focus, &choices);
    long at = -1;
    if (!taken && *text != ' ')
        at = starting_with(s, choices, count, index_of(choices, count, value_of(s)), text);
    if (at >= 0)
        take(s, slot->field, choices[at]);
    else if (!taken)
        open_list(s, *text == ' ' ? "" : text);
    xfree(&half);
    xfree(&choices);
    return true;
}

/* Left and Right go through the choices, Delete takes the answer back. */
bool choice_key(struct entry_screen *s, enum action action)
{
    const struct slot *slot = entry_slot(s);
    const struct choice *const *choices;
    int by = action == ACT_RIGHT ? 1 : action == ACT_LEFT ? -1 : 0;
    if (instance_read_only(entry_instance(s->entry), s->focus))
        return false;
    if (action == ACT_DELETE || action == ACT_BACKSPACE) {
        if (field_is_attachment(slot->field))
            attachment_remove(s);
        else
            entry_answer(s, "");
        return true;
    }
    if (!by || is_multiple(slot->field) || !slot->field->choices)
        return false;
    size_t count = instance_choices(entry_instance(s->entry), s->focus, &choices);
    long at = index_of(choices, count, value_of(s));
    if (count)
        take(s, slot->field,
             choices[at < 0 ? (by > 0 ? 0 : count - 1) : (size_t)(at + by + (long)count) % count]);
    xfree(&choices);
    return true;
}

/* --- Lists --- */

static void choose_reference(struct entry_screen *s, const char *typed)
{
    struct worklist_rows found;
    struct strings rows = STRINGS_INIT;
    struct error err;
    if (entry_references(s->entry, s->focus, "", REFERENCES, &found, &err)) {
        desk_refused(&err);
        return;
    }
    for (size_t i = 0; i < found.count; i++)
        strings_take(&rows, worklist_line(&found.items[i]));
    if (!found.count)
        screen_message(STYLE_WARNING, "%s", _("選べる記録がまだありません。先に登録してください"));
    long at = found.count ? dialog_choose_typed(_("選ぶ"), &rows, NULL, 0, typed) : -1;
    if (at >= 0) {
        entry_answer(s, found.items[at].id);
        entry_next(s); /* Enter in the list was Enter in the field */
    }
    strings_free(&rows);
    worklist_rows_free(&found);
}

/* One question; of several answers, again until Esc. */
static void choose_from(struct entry_screen *s, const struct field *field, const char *typed)
{
    const struct choice *const *choices;
    size_t count = instance_choices(entry_instance(s->entry), s->focus, &choices);
    char *title = instance_label(entry_instance(s->entry), &field->label, s->focus);
    long at = index_of(choices, count, value_of(s));
    do {
        struct strings rows = STRINGS_INIT, names = STRINGS_INIT;
        for (size_t i = 0; i < count; i++) {
            const char *mark = !is_multiple(field)                       ? ""
                               : has_word(value_of(s), choices[i]->name) ? "[x] "
                                                                         : "[ ] ";
            strings_take(&rows, xasprintf("%s%s", mark, label_of(s, choices[i])));
            strings_add(&names, choices[i]->name);
        }
        at = dialog_choose_typed(title, &rows, &names, at < 0 ? 0 : at, typed);
        typed = "";
        if (at >= 0)
            take(s, field, choices[at]);
        strings_free(&rows);
        strings_free(&names);
    } while (at >= 0 && is_multiple(field));
    xfree(&title);
    xfree(&choices);
}

static void open_list(struct entry_screen *s, const char *typed)
{
    const struct slot *slot = entry_slot(s);
    bool field = slot && slot->kind == SLOT_FIELD;
    if (field && instance_read_only(entry_instance(s->entry), s->focus))
        screen_message(0, "%s", _("この欄は自動で入ります"));
    else if (field && slot->field->type == FIELD_REFERENCE)
        choose_reference(s, typed);
    else if (field && field_is_attachment(slot->field))
        attachment_open(s);
    else if (field && slot->field->choices)
        choose_from(s, slot->field, typed);
    else if (!postcode_choose(s))
        screen_message(0, "%s", _("この欄に一覧はありません"));
}

void choice_list_narrowed(struct entry_screen *s)
{
    struct worklist_rows found;
    char *typed = entry_edit_text(s->entry, s->focus);
    bool many = *typed && entry_problem(s->entry, s->focus, NULL) &&
                !entry_references(s->entry, s->focus, typed, 2, &found, NULL);
    if (many && found.count)
        open_list(s, typed);
    if (many)
        worklist_rows_free(&found);
    xfree(&typed);
}

void choice_list_open(struct entry_screen *s)
{
    open_list(s, "");
}

char *choice_line(const struct entry_screen *s, const struct slot *slot)
{
    const struct choice *const *choices;
    struct buffer line = BUFFER_INIT;
    if (slot->field->type == FIELD_ACKNOWLEDGE)
        return xstrdup(_("Space または 1 で印を付ける・外す"));
    if (field_is_attachment(slot->field))
        return xstrdup(*instance_get(entry_instance(s->entry), slot->path)
                           ? _("F2 替える・書き出す・外す")
                           : _("F2 または Space でファイルを選ぶ（20MBまで）"));
    if (!slot->field->choices)
        return xstrdup(_("F2 一覧から選ぶ。文字を打つとしぼり込む"));
    size_t count = instance_choices(entry_instance(s->entry), slot->path, &choices);
    const char *value = instance_get(entry_instance(s->entry), slot->path);
    for (size_t i = 0; i < count && i < MANY; i++)
        buffer_printf(&line, "%zu%s%s  ", i + 1,
                      !is_multiple(slot->field)           ? " "
                      : has_word(value, choices[i]->name) ? "[x]"
                                                          : "[ ]",
                      label_of(s, choices[i]));
    xfree(&choices);
    if (count <= MANY && text_width(buffer_text(&line)) <= s->columns - 3)
        return buffer_steal(&line);
    char *full = xasprintf(_("F2 一覧（%zu）  %s"), count, buffer_text(&line));
    buffer_free(&line);
    return full;
}
