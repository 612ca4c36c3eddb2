#include "counter/desk.h"

#include <string.h>

#include "base/clock.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "counter/login.h"
#include "counter/input.h"
#include "counter/search.h"
#include "office/worklist.h"
#include "text/era.h"
#include "ui/paint.h"
#include "ui/screen.h"

void desk_changed(struct desk *desk)
{
    struct error err;
    enum status st = session_counts(desk->session, &desk->counts, &err);
    if (!st && office_role(desk->office) == OFFICE_TOWN && session_may(desk->session, MAY_READ))
        st = worklist_count(desk->session, WORKLIST_REVIEW, &desk->review, &err);
    if (st)
        desk_refused(&err);
    desk->generation++;
}

void desk_watch(struct desk *desk)
{
    if (office_changed(desk->office))
        desk_changed(desk);
}

void desk_refused(const struct error *err)
{
    screen_message(STYLE_ERROR, "%s", error_text(err));
}

bool desk_key(struct desk *desk, enum action action)
{
    if (action == ACT_HELP)
        screen_help("", input_help());
    else if (action == ACT_SEARCH)
        search_open(desk);
    else if (action == ACT_LOCK)
        login_lock(desk);
    else
        return action == ACT_REDRAW;
    return true;
}

char *desk_time(const char *iso)
{
    char day[ERA_TEXT_SIZE];
    int64_t ms;
    struct date date;
    if (iso_time_parse(&ms, iso)) {
        struct office_time t = office_time_at(ms);
        era_format_kanji_short(day, sizeof day, t.date);
        return xasprintf("%s %02d:%02d", day, t.hour, t.minute);
    }
    if (!iso_date_parse(&date, iso))
        return xstrdup(iso);
    era_format_kanji_short(day, sizeof day, date);
    return xstrdup(day);
}
