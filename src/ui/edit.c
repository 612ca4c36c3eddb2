#include "ui/edit.h"

#include <stdint.h>
#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "text/grapheme.h"
#include "text/kana.h"
#include "text/utf8.h"

enum { UNDO_MOST = 200 };

struct edit_step {
    char *text;
    size_t cursor;
};

const char *edit_text(const struct edit *edit)
{
    return buffer_text(&edit->text);
}

static void forget_undo(struct edit *edit)
{
    for (size_t i = 0; i < edit->undo_count; i++)
        xfree(&edit->undo[i].text);
    xfree(&edit->undo);
    edit->undo_count = 0;
}

void edit_set(struct edit *edit, const char *text)
{
    forget_undo(edit);
    buffer_clear(&edit->text);
    buffer_add_text(&edit->text, text);
    edit->cursor = edit->text.len;
    edit->typing = false;
}

void edit_free(struct edit *edit)
{
    forget_undo(edit);
    buffer_free(&edit->text);
    xfree(&edit->killed);
}

static void remember(struct edit *edit)
{
    if (edit->undo_count == UNDO_MOST) {
        xfree(&edit->undo[0].text);
        memmove(edit->undo, edit->undo + 1, (UNDO_MOST - 1) * sizeof *edit->undo);
        edit->undo_count--;
    }
    edit->undo = xroom(edit->undo, edit->undo_count, sizeof *edit->undo);
    edit->undo[edit->undo_count++] = (struct edit_step){xstrdup(edit_text(edit)), edit->cursor};
}

/* What may be typed: no controls; a line end only where lines are, else a space. */
static char *allowed(const struct edit *edit, const char *text)
{
    struct buffer out = BUFFER_INIT;
    size_t len = strlen(text);
    for (size_t at = 0; at < len;) {
        uint32_t cp;
        size_t bytes = utf8_decode(text + at, len - at, &cp);
        if (cp == '\n' || cp == '\t')
            buffer_add_char(&out, edit->lines && cp == '\n' ? '\n' : ' ');
        else if (cp != UTF8_BAD && cp >= 0x20 && !(cp >= 0x7f && cp < 0xa0))
            buffer_add(&out, text + at, bytes);
        at += bytes;
    }
    return buffer_steal(&out);
}

/* A mark put in front of others may have joined them: the cursor goes behind the whole cluster. */
static void settle(struct edit *edit)
{
    const char *text = edit_text(edit);
    if (edit->cursor == 0 || edit->cursor >= edit->text.len)
        return;
    size_t before = grapheme_prev(text, edit->text.len, edit->cursor);
    size_t end = grapheme_next(text, edit->text.len, before);
    if (end > edit->cursor)
        edit->cursor = end;
}

/* A half-width voiced mark joins the kana before it when there is such a kana: カ and ﾞ are ガ.
 * NULL when it does not; else the joined kana, and *start goes before it. */
static char *joined(const struct edit *edit, const char *clean, size_t *start)
{
    const char *mark = str_starts(clean, "ﾞ") ? "\u3099" : str_starts(clean, "ﾟ") ? "\u309a" : NULL;
    if (!mark || !*start)
        return NULL;
    size_t from = grapheme_prev(edit_text(edit), edit->text.len, *start);
    char *apart = xasprintf("%.*s%s", (int)(*start - from), edit_text(edit) + from, mark);
    char *together = kana_compose(apart);
    if (strcmp(apart, together) == 0)
        xfree(&together);
    else
        *start = from;
    xfree(&apart);
    return together;
}

/* What the typed text turns into, and where it goes. */
static char *turned(const struct edit *edit, const char *clean, size_t *start)
{
    if (!edit->live)
        return xstrdup(clean);
    char *head = joined(edit, clean, start);
    char *rest = edit->live(edit->context, head ? clean + strlen("ﾞ") : clean);
    char *out = xasprintf("%s%s", head ? head : "", rest);
    xfree(&head);
    xfree(&rest);
    return out;
}

/* A mark typed after its kana joins it: *start goes before the cluster it joins. What stood there
 * before is not touched for any other reason. */
static char *composed(const struct edit *edit, const char *typed, size_t *start)
{
    size_t from = *start;
    if (from && (str_starts(typed, "\u3099") || str_starts(typed, "\u309a")))
        from = grapheme_prev(edit_text(edit), edit->text.len, from);
    char *piece = xasprintf("%.*s%s", (int)(*start - from), edit_text(edit) + from, typed);
    char *out = kana_compose(piece);
    xfree(&piece);
    *start = from;
    return out;
}

static bool has_room(const struct edit *edit, size_t start, const char *text)
{
    if (!edit->fits)
        return true;
    const char *now = edit_text(edit);
    char *all = xasprintf("%.*s%s%s", (int)start, now, text, now + edit->cursor);
    bool fits = edit->fits(edit->context, all);
    xfree(&all);
    return fits;
}

bool edit_insert(struct edit *edit, const char *text)
{
    size_t start = edit->cursor;
    char *clean = allowed(edit, text), *typed = turned(edit, clean, &start);
    char *whole = composed(edit, typed, &start);
    bool fits = *typed && has_room(edit, start, whole);
    if (fits) {
        if (!edit->typing)
            remember(edit);
        edit->typing = true;
        buffer_splice(&edit->text, start, edit->cursor - start, whole, strlen(whole));
        edit->cursor = start + strlen(whole);
        settle(edit);
    }
    xfree(&whole);
    xfree(&typed);
    xfree(&clean);
    return fits || !*text;
}

static void cut(struct edit *edit, size_t from, size_t to)
{
    if (from == to)
        return;
    remember(edit);
    edit->typing = false;
    buffer_splice(&edit->text, from, to - from, NULL, 0);
    edit->cursor = from;
    settle(edit);
}

void edit_backspace(struct edit *edit)
{
    if (edit->cursor)
        cut(edit, grapheme_prev(edit_text(edit), edit->text.len, edit->cursor), edit->cursor);
}

void edit_delete(struct edit *edit)
{
    if (edit->cursor < edit->text.len)
        cut(edit, edit->cursor, grapheme_next(edit_text(edit), edit->text.len, edit->cursor));
}

static size_t line_end(const struct edit *edit)
{
    const char *end = strchr(edit_text(edit) + edit->cursor, '\n');
    return end ? (size_t)(end - edit_text(edit)) : edit->text.len;
}

void edit_kill(struct edit *edit)
{
    size_t end = line_end(edit);
    if (end == edit->cursor && end < edit->text.len)
        end++; /* the line end itself */
    if (end == edit->cursor)
        return;
    xfree(&edit->killed);
    edit->killed = xstrndup(edit_text(edit) + edit->cursor, end - edit->cursor);
    cut(edit, edit->cursor, end);
}

bool edit_paste(struct edit *edit, const char *text)
{
    edit->typing = false;
    bool good = edit_insert(edit, text);
    edit->typing = false;
    return good;
}

bool edit_yank(struct edit *edit)
{
    edit->typing = false;
    return !edit->killed || edit_paste(edit, edit->killed);
}

bool edit_undo(struct edit *edit)
{
    if (!edit->undo_count)
        return false;
    struct edit_step step = edit->undo[--edit->undo_count];
    buffer_clear(&edit->text);
    buffer_add_text(&edit->text, step.text);
    edit->cursor = step.cursor;
    edit->typing = false;
    xfree(&step.text);
    return true;
}

void edit_go(struct edit *edit, size_t to)
{
    edit->typing = false;
    edit->cursor = to;
}

void edit_left(struct edit *edit)
{
    edit_go(edit, grapheme_prev(edit_text(edit), edit->text.len, edit->cursor));
}

void edit_right(struct edit *edit)
{
    edit_go(edit, grapheme_next(edit_text(edit), edit->text.len, edit->cursor));
}

/* Words are runs of one script. 々 belongs to the kanji before it, ー to the kana. */
static int script_at(const struct edit *edit, size_t at)
{
    enum { BLANK, DIGIT, LATIN, HIRAGANA, KATAKANA, KANJI, OTHER };
    static const struct {
        uint32_t first, last;
        int script;
    } rows[] = {{' ', ' ', BLANK},          {'\n', '\n', BLANK},        {0x3000, 0x3000, BLANK},
                {'0', '9', DIGIT},          {0xff10, 0xff19, DIGIT},    {'A', 'Z', LATIN},
                {'a', 'z', LATIN},          {0xc0, 0x24f, LATIN},       {0xff21, 0xff3a, LATIN},
                {0xff41, 0xff5a, LATIN},    {0x3041, 0x309f, HIRAGANA}, {0x30a1, 0x30fa, KATAKANA},
                {0x30fd, 0x30ff, KATAKANA}, {0x31f0, 0x31ff, KATAKANA}, {0xff66, 0xff9f, KATAKANA},
                {0x3005, 0x3007, KANJI},    {0x3400, 0x9fff, KANJI},    {0xf900, 0xfaff, KANJI},
                {0x20000, 0x3ffff, KANJI}};
    uint32_t cp;
    const char *text = edit_text(edit);
    utf8_decode(text + at, edit->text.len - at, &cp);
    while (cp == 0x30fc && at) {
        at = grapheme_prev(text, edit->text.len, at);
        utf8_decode(text + at, edit->text.len - at, &cp);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (cp >= rows[i].first && cp <= rows[i].last)
            return rows[i].script;
    return cp == 0x30fc ? KATAKANA : OTHER;
}

void edit_word_left(struct edit *edit)
{
    edit_left(edit);
    if (edit->cursor >= edit->text.len)
        return;
    while (edit->cursor && script_at(edit, edit->cursor) == 0)
        edit_left(edit);
    int script = script_at(edit, edit->cursor);
    while (edit->cursor) {
        size_t before = grapheme_prev(edit_text(edit), edit->text.len, edit->cursor);
        if (script_at(edit, before) != script)
            break;
        edit->cursor = before;
    }
}

void edit_word_right(struct edit *edit)
{
    edit->typing = false;
    if (edit->cursor >= edit->text.len)
        return;
    int script = script_at(edit, edit->cursor);
    while (edit->cursor < edit->text.len && script_at(edit, edit->cursor) == script)
        edit_right(edit);
    while (edit->cursor < edit->text.len && script_at(edit, edit->cursor) == 0)
        edit_right(edit);
}

void edit_home(struct edit *edit)
{
    const char *text = edit_text(edit);
    size_t at = edit->cursor;
    while (at && text[at - 1] != '\n')
        at--;
    edit_go(edit, at);
}

void edit_end(struct edit *edit)
{
    edit_go(edit, line_end(edit));
}
