#include "edit_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/grapheme.h"
#include "text/kana.h"
#include "text/width.h"

char *model_text(const struct model *m, size_t from, size_t to)
{
    struct buffer out = BUFFER_INIT;
    for (size_t i = from; i < to; i++)
        buffer_add_text(&out, m->clusters[i]);
    return buffer_steal(&out);
}

/* Cuts text into clusters anew; the cursor goes to the end of the cluster that `bytes` lies in. */
static void cut_anew(struct model *m, const char *text, size_t bytes)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < m->count; i++)
        xfree(&m->clusters[i]);
    m->count = m->cursor = 0;
    for (size_t at = 0; at < len;) {
        size_t next = grapheme_next(text, len, at);
        if (m->count == MODEL_MOST)
            abort();
        m->clusters[m->count++] = xstrndup(text + at, next - at);
        if (at < bytes)
            m->cursor = m->count;
        at = next;
    }
}

static void forget(struct model *m)
{
    for (size_t i = 0; i < m->undos; i++)
        xfree(&m->undo[i].text);
    m->undos = 0;
}

static void moved(struct model *m)
{
    m->typing = false;
    m->goal = -1;
    m->line_end = false;
}

void model_set(struct model *m, const char *text)
{
    forget(m);
    cut_anew(m, text, strlen(text));
    moved(m);
    m->first = 0;
}

void model_free(struct model *m)
{
    model_set(m, "");
    xfree(&m->killed);
}

static void remember(struct model *m)
{
    if (m->undos == MODEL_UNDO) {
        xfree(&m->undo[0].text);
        memmove(m->undo, m->undo + 1, (MODEL_UNDO - 1) * sizeof *m->undo);
        m->undos--;
    }
    m->undo[m->undos].text = model_text(m, 0, m->count);
    m->undo[m->undos++].cursor = m->cursor;
}

/* --- Changes --- */

static char *as_typed(const struct model *m, const char *typed)
{
    char *clean = xstrdup(typed);
    for (char *s = clean; *s; s++)
        if (*s == '\t' || (*s == '\n' && !m->lines))
            *s = ' ';
    char *out = m->live ? m->live(clean) : xstrdup(clean);
    xfree(&clean);
    return out;
}

bool model_insert(struct model *m, const char *typed)
{
    char *clean = as_typed(m, typed);
    bool mark = str_starts(clean, "\u3099") || str_starts(clean, "\u309a");
    size_t from = mark && m->cursor ? m->cursor - 1 : m->cursor;
    char *before = model_text(m, 0, from), *joint = model_text(m, from, m->cursor);
    char *after = model_text(m, m->cursor, m->count);
    char *piece = xasprintf("%s%s", joint, clean), *composed = kana_compose(piece);
    char *all = xasprintf("%s%s%s", before, composed, after);
    bool fits = !m->bytes || strlen(all) <= m->bytes;
    m->goal = -1;
    m->line_end = false;
    if (fits) {
        if (!m->typing)
            remember(m);
        m->typing = true;
        cut_anew(m, all, strlen(before) + strlen(composed));
    }
    char *texts[] = {clean, before, joint, after, piece, composed, all};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        xfree(&texts[i]);
    return fits;
}

void model_paste(struct model *m, const char *typed)
{
    m->typing = false;
    model_insert(m, typed);
    m->typing = false;
}

static void cut(struct model *m, size_t from, size_t to)
{
    moved(m);
    if (from == to)
        return;
    char *before = model_text(m, 0, from), *after = model_text(m, to, m->count);
    char *all = xasprintf("%s%s", before, after);
    remember(m);
    cut_anew(m, all, strlen(before));
    xfree(&before);
    xfree(&after);
    xfree(&all);
}

/* A key that changes nothing leaves typing as it was. */
void model_backspace(struct model *m)
{
    bool typing = m->typing && !m->cursor;
    cut(m, m->cursor - (m->cursor > 0), m->cursor);
    m->typing = typing;
}

void model_delete(struct model *m)
{
    bool typing = m->typing && m->cursor == m->count;
    cut(m, m->cursor, m->cursor + (m->cursor < m->count));
    m->typing = typing;
}

static bool is_line_end(const struct model *m, size_t i)
{
    return strcmp(m->clusters[i], "\n") == 0;
}

void model_kill(struct model *m)
{
    bool typing = m->typing && m->cursor == m->count;
    size_t to = m->cursor;
    while (to < m->count && !is_line_end(m, to))
        to++;
    if (to == m->cursor && to < m->count)
        to++;
    if (to > m->cursor) {
        xfree(&m->killed);
        m->killed = model_text(m, m->cursor, to);
    }
    cut(m, m->cursor, to);
    m->typing = typing;
}

void model_yank(struct model *m)
{
    moved(m);
    if (m->killed)
        model_paste(m, m->killed);
}

void model_undo(struct model *m)
{
    bool typing = m->typing && !m->undos;
    moved(m);
    m->typing = typing;
    if (!m->undos)
        return;
    m->undos--;
    cut_anew(m, m->undo[m->undos].text, 0);
    m->cursor = m->undo[m->undos].cursor;
    xfree(&m->undo[m->undos].text);
}

/* --- Lines as they are shown --- */

static int width(const struct model *m, size_t from, size_t to)
{
    int cells = 0;
    for (size_t i = from; i < to; i++)
        if (!is_line_end(m, i) || !m->lines)
            cells += cluster_width(m->clusters[i], strlen(m->clusters[i]));
    return cells;
}

static bool may_part(const struct model *m, size_t at)
{
    static const char *const begin[] = {
        "、", "。", "，", "．", ",",  ".",  "・", "：", "；", "？", "！", "）", "」", "』", "】",
        "〕", "］", "｝", "〉", "》", "ー", "ぁ", "ぃ", "ぅ", "ぇ", "ぉ", "っ", "ゃ", "ゅ", "ょ",
        "ァ", "ィ", "ゥ", "ェ", "ォ", "ッ", "ャ", "ュ", "ョ", "々", ")",  "]",  "}"};
    static const char *const end[] = {"（", "「", "『", "【", "〔", "［",
                                      "｛", "〈", "《", "(",  "[",  "{"};
    for (size_t i = 0; i < ARRAY_LEN(begin); i++)
        if (strcmp(m->clusters[at], begin[i]) == 0)
            return false;
    for (size_t i = 0; i < ARRAY_LEN(end); i++)
        if (strcmp(m->clusters[at - 1], end[i]) == 0)
            return false;
    return true;
}

/* Where the line that begins at cluster `from` ends: the first cluster of the next, or count. */
static size_t next_line(const struct model *m, size_t from)
{
    size_t to = from;
    while (to < m->count && !is_line_end(m, to) &&
           (to == from || width(m, from, to + 1) <= m->cells - 1))
        to++;
    if (to == m->count)
        return to;
    if (is_line_end(m, to))
        return to + 1;
    for (size_t back = 0; back <= 4 && to - back > from; back++)
        if (may_part(m, to - back))
            return to - back;
    return to > from + 4 ? to - 4 : to;
}

/* The shown line the cursor is in: its number, first cluster, and end (behind its last letter). */
struct place {
    size_t line, from, to, next;
};

static bool goes_on(const struct model *m, size_t from, size_t next)
{
    return next < m->count || (next > from && next == m->count && is_line_end(m, next - 1));
}

static struct place line_at(const struct model *m, size_t line)
{
    struct place p = {0};
    for (p.next = next_line(m, 0); p.line < line && goes_on(m, p.from, p.next); p.line++) {
        p.from = p.next;
        p.next = next_line(m, p.from);
    }
    p.to = p.next > p.from && is_line_end(m, p.next - 1) ? p.next - 1 : p.next;
    return p;
}

static struct place here(const struct model *m)
{
    struct place p = line_at(m, 0);
    while (goes_on(m, p.from, p.next) &&
           (m->cursor > p.next || (m->cursor == p.next && !(m->line_end && p.to == p.next))))
        p = line_at(m, p.line + 1);
    return p;
}

/* --- Moves --- */

void model_left(struct model *m)
{
    moved(m);
    m->cursor -= m->cursor > 0;
}

void model_right(struct model *m)
{
    moved(m);
    m->cursor += m->cursor < m->count;
}

void model_home(struct model *m)
{
    size_t to = m->lines ? here(m).from : 0;
    moved(m);
    m->cursor = to;
}

void model_end(struct model *m)
{
    struct place p = here(m);
    moved(m);
    m->cursor = m->lines ? p.to : m->count;
    m->line_end = m->lines && p.to > p.from;
}

bool model_vertical(struct model *m, int by)
{
    struct place p = here(m);
    int goal = m->goal >= 0 ? m->goal : width(m, p.from, m->cursor);
    if (by < 0 ? p.line == 0 : !goes_on(m, p.from, p.next))
        return false;
    p = line_at(m, by < 0 ? p.line - 1 : p.line + 1);
    moved(m);
    m->goal = goal;
    m->cursor = p.from;
    while (m->cursor < p.to && width(m, p.from, m->cursor + 1) <= goal)
        m->cursor++;
    m->line_end = m->cursor == p.to && p.to > p.from;
    return true;
}

/* --- What is seen --- */

static char *seen(const struct model *m, size_t from, size_t to)
{
    struct buffer out = BUFFER_INIT;
    int used = 0;
    for (size_t i = from; i < to && used + width(m, i, i + 1) <= m->cells; i++) {
        char shown[CLUSTER_DISPLAY_SIZE];
        cluster_display(shown, sizeof shown, m->clusters[i], strlen(m->clusters[i]));
        buffer_add_text(&out, shown);
        used += width(m, i, i + 1);
    }
    while (out.len && out.data[out.len - 1] == ' ')
        buffer_splice(&out, out.len - 1, 1, NULL, 0);
    return buffer_steal(&out);
}

/* The cluster that begins at a byte; 0 when none does. */
static size_t cluster_at(const struct model *m, size_t byte)
{
    size_t at = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (at == byte)
            return i;
        at += strlen(m->clusters[i]);
    }
    return at == byte ? m->count : 0;
}

static void show_line(struct model *m, char **out, int *column)
{
    size_t first = cluster_at(m, m->first);
    if (first >= m->cursor)
        first = 0;
    int keep = m->cells / 3 < 18 ? m->cells / 3 : 18;
    if (width(m, first, m->cursor) > m->cells - 1)
        while (width(m, first, m->cursor) > keep &&
               (m->cursor - first > 1 || width(m, first, m->cursor) > m->cells - 1))
            first++;
    *out = seen(m, first, m->count);
    *column = width(m, first, m->cursor);
    char *before = model_text(m, 0, first);
    m->first = strlen(before);
    xfree(&before);
}

void model_show(struct model *m, int rows, char **out, int *row, int *column)
{
    *row = 0;
    if (!m->lines) {
        show_line(m, out, column);
        return;
    }
    struct place p = here(m);
    if (p.line < m->first)
        m->first = p.line;
    if (p.line >= m->first + (size_t)rows)
        m->first = p.line - (size_t)rows + 1;
    *row = (int)(p.line - m->first);
    *column = width(m, p.from, m->cursor);
    if (*column > m->cells - 1)
        *column = m->cells - 1;
    for (int r = 0; r < rows; r++) {
        struct place line = line_at(m, m->first + (size_t)r);
        out[r] = line.line == m->first + (size_t)r ? seen(m, line.from, line.to) : xstrdup("");
    }
}
