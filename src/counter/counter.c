#include "counter/counter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "counter/desk.h"
#include "counter/entry.h"
#include "counter/input.h"
#include "counter/login.h"
#include "counter/menu.h"
#include "office/office.h"
#include "text/era.h"
#include "text/sanitize.h"
#include "text/width.h"
#include "ui/paint.h"
#include "ui/screen.h"

enum { NARROW = 76 }; /* columns under which the top line says less */

static char *right_side(const struct desk *desk, bool narrow)
{
    const struct office_counts *n = &desk->counts;
    if (!desk->session)
        return xstrdup("");
    if (office_role(desk->office) == OFFICE_TOWN)
        return xasprintf(_("%s 審査待ち%ld 保留%ld "), input_label(), desk->review, n->held);
    return narrow ? xasprintf(_("%s 未送信%ld 保留%ld "), input_label(), n->unsent, n->held)
                  : xasprintf(_("%s 未送信%ld 未受領%ld 保留%ld "), input_label(), n->unsent,
                              n->unreceived, n->held);
}

static char *left_side(const struct desk *desk, bool narrow)
{
    static const char *const weekdays[] = {N_("日"), N_("月"), N_("火"), N_("水"),
                                           N_("木"), N_("金"), N_("土")};
    struct office_time now = office_time_at(clock_now());
    char day[ERA_TEXT_SIZE];
    era_format_kanji_short(day, sizeof day, now.date);
    return xasprintf(" %s(%s) %02d:%02d  %s %s  %s  %s%s", day, _(weekdays[date_weekday(now.date)]),
                     now.hour, now.minute,
                     narrow ? office_setting(desk->office, "office.short")
                            : office_name(desk->office),
                     office_counter(desk->office), desk->session ? session_name(desk->session) : "",
                     office_is_training(desk->office) ? _("【研修】") : "",
                     clock_is_set() ? _("【時計は仮】") : "");
}

/* " 令8.11.24(火) 09:12  霧沢局 窓口1  山田          未送信12 未受領3 保留1" */
static void header(void *context, int columns)
{
    const struct desk *desk = context;
    bool narrow = columns < NARROW;
    char *left = left_side(desk, narrow), *right = right_side(desk, narrow);
    /* Who works here is read on the narrowest screen and in every language too. */
    if (!narrow && text_width(left) + text_width(right) > columns) {
        xfree(&left);
        left = left_side(desk, true);
    }
    if (!narrow && text_width(left) + text_width(right) > columns) {
        xfree(&right);
        right = right_side(desk, true);
    }
    int width = text_width(right);
    paint_fill(0, 0, columns, STYLE_REVERSE);
    paint_text(0, 0, columns - width - 1, left, STYLE_REVERSE);
    paint_text(0, columns - width, width, right, STYLE_REVERSE);
    xfree(&left);
    xfree(&right);
}

static void idle(void *context, long ms)
{
    struct desk *desk = context;
    long minutes = office_setting_number(desk->office, "lock.minutes");
    desk_watch(desk);
    if (minutes > 0 && ms >= minutes * 60000)
        login_lock(desk);
}

static void end(void *context)
{
    (void)context;
    entry_screen_keep();
}

static void filter(void *context, struct ui_event *event, bool modal)
{
    (void)context;
    input_filter(event, modal);
}

static void over(void *context, int rows, int columns)
{
    (void)context;
    input_paint(rows, columns);
}

static void work(struct desk *desk, const char *user)
{
    const struct screen_frame frame = {desk, 1, header, idle, end, filter, over};
    screen_use(&frame);
    while (login_open(desk, user)) {
        desk_changed(desk);
        input_begin(desk);
        menu_open(desk);
        screen_run();
        input_end();
        session_free(&desk->session);
        user = NULL;
    }
    session_free(&desk->session);
}

int counter_run(const char *data, const char *user)
{
    struct error err = {0};
    struct desk desk = {0};
    enum status st = office_open(data, &desk.office, &err);
    if (!st) {
        width_set_ambiguous((int)office_setting_number(desk.office, "ambiguous"));
        st = terminal_start((int)office_setting_number(desk.office, "escape.ms"), &err);
    }
    if (!st) {
        work(&desk, user);
        terminal_stop();
    }
    xfree(&desk.files);
    office_free(&desk.office);
    if (st) {
        char *why = sanitize_text(error_text(&err));
        fprintf(stderr, "satomado: %s\n", why);
        xfree(&why);
    }
    return st ? EXIT_FAILURE : EXIT_SUCCESS;
}
