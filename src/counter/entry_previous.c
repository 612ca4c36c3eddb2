/* 前回との比較 on the entry screen: what stood in a field last time, and taking it over. */
#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "ui/paint.h"

int paint_compared(struct entry_screen *s, const char *path, int row, int column, int columns)
{
    char *text = entry_beside(s->entry, path);
    int used = text ? paint_text(row, column, columns - column, text, STYLE_DIM) : 0;
    xfree(&text);
    return used;
}

void same_as_before(struct entry_screen *s)
{
    struct error err;
    if (entry_same(s->entry, s->focus, &err))
        desk_refused(&err);
    typing_begin(s);
    entry_keep(s);
}

void section_as_before(struct entry_screen *s)
{
    struct error err;
    size_t count;
    if (entry_same_section(s->entry, s->section, &count, &err))
        desk_refused(&err);
    else
        screen_message(0, _("この節の空の欄%zuつを前回と同じにしました"), count);
    typing_begin(s);
    entry_keep(s);
}
