#include "counter/login.h"

#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/width.h"
#include "ui/dialog.h"
#include "ui/field.h"
#include "ui/paint.h"
#include "ui/screen.h"

struct door {
    struct desk *desk;
    struct field_view fields[2]; /* user, password */
    int focus;
    bool locked;
};

enum { LABEL = 11, CELLS = 24 };

static void paint(void *context, int rows, int columns)
{
    static const char *const labels[] = {N_("利用者"), N_("合言葉")};
    struct door *door = context;
    struct office *office = door->desk->office;
    int top = rows / 2 - 5, left = columns / 2 - 20;
    paint_format(top, left, 56, STYLE_TITLE, _("里窓  %s  %s  %s"), office_town(office),
                 office_name(office), office_counter(office));
    paint_text(top + 2, left, 56,
               door->locked ? _("画面を閉めています。入力は残っています。")
                            : _("利用者名と合言葉を入れて Enter を押してください。"),
               STYLE_NORMAL);
    for (int i = 0; i < 2; i++) {
        int row = top + 4 + i, at = left + LABEL;
        paint_text(row, left, LABEL - 1, _(labels[i]), STYLE_NORMAL);
        paint_text(row, at, 1, "[", STYLE_NORMAL);
        field_paint(&door->fields[i], row, at + 1, CELLS, STYLE_NORMAL, i == door->focus);
        paint_text(row, at + 1 + CELLS, 1, "]", STYLE_NORMAL);
    }
    if (office_is_training(office))
        paint_text(top + 7, left, 56, _("研修用です。番号と印刷物には見本と入ります。"),
                   STYLE_WARNING);
    paint_text(rows - 1, 1, columns - 2,
               door->locked ? _("Enter 開ける") : _("Enter 次へ・始める    Esc 終わる"),
               STYLE_REVERSE);
}

static void wipe(struct field_view *field)
{
    if (field->edit.text.data)
        explicit_bzero(field->edit.text.data, field->edit.text.cap);
    field_free(field);
    *field = (struct field_view){.hidden = true};
    field_set(field, "");
}

/* True when the door is open. */
static bool try_key(struct door *door)
{
    struct error err;
    const char *user = edit_text(&door->fields[0].edit), *word = edit_text(&door->fields[1].edit);
    enum status st =
        door->locked ? session_unlock(door->desk->session, word, &err)
                     : session_login(door->desk->office, user, word, &door->desk->session, &err);
    if (st)
        desk_refused(&err);
    wipe(&door->fields[1]);
    return !st;
}

static void move(struct door *door)
{
    if (!door->locked)
        door->focus = !door->focus;
}

/* True when the door is open. */
static bool key(struct door *door, enum action action)
{
    if (action == ACT_ENTER && door->focus == 1)
        return try_key(door);
    if (action == ACT_ENTER || action == ACT_NEXT || action == ACT_PREVIOUS || action == ACT_UP ||
        action == ACT_DOWN)
        move(door);
    return false;
}

static bool wants_to_leave(const struct door *door, const struct ui_event *event)
{
    return event->type == EVENT_END ||
           (!door->locked && event->type == EVENT_KEY && event->action == ACT_BACK &&
            dialog_confirm(_("終わる"), _("里窓を終わりますか。")));
}

static bool stand_at(struct door *door)
{
    bool open = false, leave = false;
    door->fields[1].hidden = true;
    field_set(&door->fields[1], "");
    while (!open && !leave) {
        struct ui_event event = screen_alone(paint, door);
        leave = wants_to_leave(door, &event);
        if (event.type == EVENT_KEY)
            open = key(door, event.action);
        if (!open && !leave)
            field_event(&door->fields[door->focus], &event, CELLS);
    }
    wipe(&door->fields[1]);
    field_free(&door->fields[0]);
    field_free(&door->fields[1]);
    return open;
}

bool login_open(struct desk *desk, const char *user)
{
    struct door door = {.desk = desk, .focus = str_empty(user) ? 0 : 1};
    field_set(&door.fields[0], user ? user : "");
    return stand_at(&door);
}

void login_lock(struct desk *desk)
{
    struct door door = {.desk = desk, .focus = 1, .locked = true};
    field_set(&door.fields[0], session_name(desk->session));
    terminal_wipe();
    stand_at(&door);
}
