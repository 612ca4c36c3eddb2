/* Choosing instead of typing: 選択, 確認の印, 参照. */
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

static bool is_multiple(const struct slot *slot)
{
    return slot->field->type == FIELD_SELECT_MULTIPLE;
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

static void take(struct entry_screen *s, const struct slot *slot, const struct choice *choice)
{
    if (is_multiple(slot))
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

bool choice_text(struct entry_screen *s, const char *text)
{
    const struct slot *slot = entry_slot(s);
    const struct choice *const *choices;
    if (!slot || instance_read_only(entry_instance(s->entry), s->focus))
        return true;
    if (slot->field->type == FIELD_ACKNOWLEDGE)
        return acknowledge(s, text);
    size_t count = instance_choices(entry_instance(s->entry), s->focus, &choices);
    char *half = fold_text(text); /* full-width digits count as digits */
    long at = half[0] >= '1' && half[0] <= '9' && !half[1] ? half[0] - '1' : -1;
    if (at < 0 && *text != ' ')
        at = starting_with(s, choices, count, index_of(choices, count, value_of(s)), text);
    if (at >= 0 && (size_t)at < count)
        take(s, slot, choices[at]);
    else
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
        entry_answer(s, "");
        return true;
    }
    if (!by || is_multiple(slot) || slot->field->type == FIELD_ACKNOWLEDGE)
        return false;
    size_t count = instance_choices(entry_instance(s->entry), s->focus, &choices);
    long at = index_of(choices, count, value_of(s));
    if (count)
        take(s, slot,
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
    if (at >= 0)
        entry_answer(s, found.items[at].id);
    strings_free(&rows);
    worklist_rows_free(&found);
}

/* One question; of several answers, again until Esc. */
static void choose_from(struct entry_screen *s, const struct slot *slot, const char *typed)
{
    const struct choice *const *choices;
    size_t count = instance_choices(entry_instance(s->entry), s->focus, &choices);
    char *title = instance_label(entry_instance(s->entry), &slot->field->label, s->focus);
    long at = index_of(choices, count, value_of(s));
    do {
        struct strings rows = STRINGS_INIT, names = STRINGS_INIT;
        for (size_t i = 0; i < count; i++) {
            const char *mark = !is_multiple(slot)                        ? ""
                               : has_word(value_of(s), choices[i]->name) ? "[x] "
                                                                         : "[ ] ";
            strings_take(&rows, xasprintf("%s%s", mark, label_of(s, choices[i])));
            strings_add(&names, choices[i]->name);
        }
        at = dialog_choose_typed(title, &rows, &names, at < 0 ? 0 : at, typed);
        typed = "";
        if (at >= 0)
            take(s, slot, choices[at]);
        strings_free(&rows);
        strings_free(&names);
    } while (at >= 0 && is_multiple(slot));
    xfree(&title);
    xfree(&choices);
}

static void open_list(struct entry_screen *s, const char *typed)
{
    const struct slot *slot = entry_slot(s);
    if (slot && slot->kind == SLOT_FIELD && slot->field->type == FIELD_REFERENCE)
        choose_reference(s, typed);
    else if (slot && slot->kind == SLOT_FIELD && slot->field->choices)
        choose_from(s, slot, typed);
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
    size_t count = instance_choices(entry_instance(s->entry), slot->path, &choices);
    const char *value = instance_get(entry_instance(s->entry), slot->path);
    for (size_t i = 0; i < count && i < MANY; i++)
        buffer_printf(&line, "%zu%s%s  ", i + 1,
                      !is_multiple(slot)                  ? " "
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
