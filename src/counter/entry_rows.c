/* Rows of tables on the entry screen: added, copied, deleted where the cursor stands. */
#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "counter/entry_screen.h"
#include "ui/dialog.h"
#include "ui/paint.h"

/* The repeat the cursor stands in or on. */
static char *repeat_here(const struct slot *slot)
{
    const char *slash = slot ? strrchr(slot->row, '/') : NULL;
    if (slot && slot->kind == SLOT_REPEAT)
        return xstrdup(slot->path);
    return slash ? xstrndup(slot->row, (size_t)(slash - slot->row)) : NULL;
}

/* To the first field of the row. */
static void focus_row(struct entry_screen *s, const char *repeat, const char *row)
{
    char *prefix = xasprintf("%s/%s/", repeat, row);
    entry_arrange(s);
    for (size_t i = 0; i < s->layout.count; i++)
        if (slot_takes_focus(&s->layout.items[i]) && str_starts(s->layout.items[i].path, prefix)) {
            entry_set_focus(s, s->layout.items[i].path);
            break;
        }
    xfree(&prefix);
}

void rows_add(struct entry_screen *s)
{
    char row[37], *repeat = repeat_here(entry_slot(s));
    struct error err;
    if (!repeat)
        screen_message(STYLE_WARNING, "%s", _("ここは表ではありません。表の見出しで行を足します"));
    else if (entry_add_row(s->entry, repeat, row, &err))
        desk_refused(&err);
    else
        focus_row(s, repeat, row);
    entry_save(s);
    xfree(&repeat);
}

void rows_copy(struct entry_screen *s)
{
    const struct slot *slot = entry_slot(s);
    char row[37], *repeat = repeat_here(slot);
    struct error err;
    if (!slot || !*slot->row || slot->kind == SLOT_REPEAT)
        screen_message(STYLE_WARNING, "%s", _("写す行の中で押してください"));
    else if (entry_copy_row(s->entry, slot->row, row, &err))
        desk_refused(&err);
    else
        focus_row(s, repeat, row);
    entry_save(s);
    xfree(&repeat);
}

void rows_delete(struct entry_screen *s)
{
    const struct slot *slot = entry_slot(s);
    struct error err;
    if (!slot || !*slot->row || slot->kind == SLOT_REPEAT) {
        screen_message(STYLE_WARNING, "%s", _("消す行の中で押してください"));
        return;
    }
    /* The dialog paints the screen anew: the slot does not outlive it. */
    char *row = xstrdup(slot->row), *repeat = repeat_here(slot);
    if (dialog_confirm(_("行を消す"), _("この行を消しますか。"))) {
        if (entry_delete_row(s->entry, row, &err))
            desk_refused(&err);
        entry_arrange(s);
        entry_set_focus(s, repeat);
        entry_save(s);
    }
    xfree(&row);
    xfree(&repeat);
}
