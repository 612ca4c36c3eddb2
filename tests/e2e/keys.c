#include "keys.h"

#include <curses.h>
#include <string.h>
#include <term.h>

#include "base/strings.h"
#include "base/xmem.h"

/* A capability's name where the terminal decides, else the bytes themselves. */
static const struct {
    const char *name;
    const char *bytes;
    const char *plain;
    const char *shift;
    const char *control;
} keys[] = {
    {"Enter", "\r", NULL, NULL, NULL},         {"Esc", "\033", NULL, NULL, NULL},
    {"Tab", "\t", NULL, "kcbt", NULL},         {"Space", " ", NULL, NULL, NULL},
    {"Backspace", "\177", NULL, NULL, NULL},   {"Delete", NULL, "kdch1", "kDC", "kDC5"},
    {"Insert", NULL, "kich1", NULL, NULL},     {"Up", NULL, "kcuu1", "kUP", "kUP5"},
    {"Down", NULL, "kcud1", "kDN", "kDN5"},    {"Left", NULL, "kcub1", "kLFT", "kLFT5"},
    {"Right", NULL, "kcuf1", "kRIT", "kRIT5"}, {"Home", NULL, "khome", "kHOM", "kHOM5"},
    {"End", NULL, "kend", "kEND", "kEND5"},    {"PgUp", NULL, "kpp", "kPRV", "kPRV5"},
    {"PgDn", NULL, "knp", "kNXT", "kNXT5"},    {"F1", NULL, "kf1", "kf13", "kf25"},
    {"F2", NULL, "kf2", "kf14", "kf26"},       {"F3", NULL, "kf3", "kf15", "kf27"},
    {"F4", NULL, "kf4", "kf16", "kf28"},       {"F5", NULL, "kf5", "kf17", "kf29"},
    {"F6", NULL, "kf6", "kf18", "kf30"},       {"F7", NULL, "kf7", "kf19", "kf31"},
    {"F8", NULL, "kf8", "kf20", "kf32"},       {"F9", NULL, "kf9", "kf21", "kf33"},
    {"F10", NULL, "kf10", "kf22", "kf34"},     {"F11", NULL, "kf11", "kf23", "kf35"},
    {"F12", NULL, "kf12", "kf24", "kf36"},
};

static const char *capability(const char *term, const char *name)
{
    static char *described;
    if (!described || !str_eq(described, term)) {
        int found;
        if (setupterm(term, 1, &found) != OK)
            return NULL;
        xfree(&described);
        described = xstrdup(term);
    }
    const char *value = name ? tigetstr(name) : NULL;
    return value == (const char *)-1 ? NULL : value;
}

bool keys_sequence(const char *term, const char *name, struct buffer *out, const char **why)
{
    bool shift = false, control = false;
    for (; name[0] && name[1] == '-' && name[2]; name += 2) {
        if (name[0] == 'M')
            buffer_add_char(out, '\033');
        else if (name[0] == 'S')
            shift = true;
        else if (name[0] == 'C')
            control = true;
        else
            break;
    }
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (!str_eq(name, keys[i].name))
            continue;
        const char *wanted = shift ? keys[i].shift : control ? keys[i].control : keys[i].plain;
        const char *bytes =
            keys[i].bytes && !shift && !control ? keys[i].bytes : capability(term, wanted);
        *why = "the terminal has no such key";
        buffer_add_text(out, bytes ? bytes : "");
        return bytes != NULL;
    }
    *why = "no key is called that";
    if (control && strlen(name) == 1 && name[0] > ' ')
        buffer_add_char(out, name[0] == '?' ? '\177' : (char)(name[0] & 0x1f));
    else if (!control && !shift && name[0] && (strlen(name) == 1 || (name[0] & 0x80)))
        buffer_add_text(out, name);
    else
        return false;
    return true;
}
