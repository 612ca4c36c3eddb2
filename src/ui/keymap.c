#include "ui/keymap.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

#include "base/strings.h"

enum {
    K_BTAB = KEY_BTAB,
    K_UP = KEY_UP,
    K_DOWN = KEY_DOWN,
    K_LEFT = KEY_LEFT,
    K_RIGHT = KEY_RIGHT,
    K_HOME = KEY_HOME,
    K_END = KEY_END,
    K_PPAGE = KEY_PPAGE,
    K_NPAGE = KEY_NPAGE,
    K_BACKSPACE = KEY_BACKSPACE,
    K_DC = KEY_DC,
    K_IC = KEY_IC,
    K_SLEFT = KEY_SLEFT,
    K_SRIGHT = KEY_SRIGHT,
    /* Ours, for sequences most terminals send and few descriptions name. */
    K_CTRL_LEFT = KEY_MAX + 1,
    K_CTRL_RIGHT,
    K_CTRL_HOME,
    K_CTRL_END,
    K_PASTE_BEGIN,
    K_PASTE_END,
};
#define K_F(n) KEY_F(n)

static const struct {
    int key;
    int twin;
    const char *label, *help;
} rows[ACT_COUNT] = {
#define ACTION_ROW(action, key, twin, label, help) [action] = {key, twin, label, help},
    ACTION_LIST(ACTION_ROW)
#undef ACTION_ROW
};

/* More than one key may stand for an action. */
static const struct {
    int key;
    enum action action;
} others[] = {
    {'\n', ACT_ENTER},    {KEY_ENTER, ACT_ENTER}, {127, ACT_BACKSPACE}, {'\b', ACT_BACKSPACE},
    {'z' & 31, ACT_UNDO}, {'d' & 31, ACT_DELETE}, {'a' & 31, ACT_HOME}, {'e' & 31, ACT_END},
};

static const struct {
    const char *sequence;
    int key;
} sequences[] = {
    {"\033[1;5D", K_CTRL_LEFT},   {"\033[1;5C", K_CTRL_RIGHT}, {"\033[1;5H", K_CTRL_HOME},
    {"\033[1;5F", K_CTRL_END},    {"\033Od", K_CTRL_LEFT},     {"\033Oc", K_CTRL_RIGHT},
    {"\033[200~", K_PASTE_BEGIN}, {"\033[201~", K_PASTE_END},  {"\033[Z", KEY_BTAB},
};

void keymap_define(void)
{
    for (size_t i = 0; i < ARRAY_LEN(sequences); i++)
        define_key(sequences[i].sequence, sequences[i].key);
}

int keymap_paste_begin(void)
{
    return K_PASTE_BEGIN;
}

enum action keymap_key(int code)
{
    for (int a = ACT_NONE + 1; code && a < ACT_COUNT; a++)
        if (rows[a].key == code)
            return (enum action)a;
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (others[i].key == code)
            return others[i].action;
    return ACT_NONE;
}

enum action keymap_twin(int letter, int *number)
{
    *number = 0;
    if (letter >= '1' && letter <= '9') {
        *number = letter - '0';
        return ACT_SECTION;
    }
    for (int a = ACT_NONE + 1; letter && a < ACT_COUNT; a++)
        if (rows[a].twin == letter)
            return (enum action)a;
    return ACT_NONE;
}

const char *action_label(enum action action)
{
    const char *label = rows[action].label;
    return label && *label ? _(label) : "";
}

const char *action_help(enum action action)
{
    return rows[action].help ? _(rows[action].help) : "";
}

const char *action_keys(enum action action)
{
    static char text[64];
    const char *label = action_label(action);
    size_t ascii = 0;
    while (label[ascii] > 0x20 && label[ascii] < 0x7f)
        ascii++;
    snprintf(text, sizeof text, "%.*s", (int)ascii, label);
    if (rows[action].twin && !str_starts(text, "Esc") && !str_starts(text, "Alt")) {
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, "%sEsc-%c", len ? " / " : "", rows[action].twin);
    }
    return text;
}
