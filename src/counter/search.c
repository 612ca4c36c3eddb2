#include "counter/search.h"

#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "counter/input.h"
#include "counter/person.h"
#include "counter/record.h"
#include "office/people.h"
#include "text/width.h"
#include "ui/field.h"
#include "ui/paint.h"
#include "ui/screen.h"

enum { HITS = 100 };

struct search {
    struct desk *desk;
    struct field_view box;
    struct hits hits;
    size_t selected, top;
    bool stale; /* typed since it was looked up */
};

static void look_up(struct search *s)
{
    struct error err;
    hits_free(&s->hits);
    s->selected = s->top = 0;
    s->stale = false;
    if (*edit_text(&s->box.edit) &&
        people_search(s->desk->session, edit_text(&s->box.edit), 0, HITS, &s->hits, &err))
        desk_refused(&err);
}

static void paint_hit(const struct hit *hit, int row, int columns, bool selected)
{
    char *line = xasprintf("%s  %s  %s  %s", hit->is_person ? _("人物") : _("記録"), hit->title,
                           hit->kana, hit->detail);
    paint_text(row, 1, 2, selected ? ">" : " ", STYLE_BOLD);
    paint_field(row, 3, columns - 4, line, selected ? STYLE_REVERSE : STYLE_NORMAL);
    xfree(&line);
}

static void paint(void *state, int top, int rows, int columns)
{
    struct search *s = state;
    size_t body = (size_t)rows - 2;
    int label = paint_text(top, 1, columns - 2, _("検索 ["), STYLE_NORMAL) + 1;
    field_paint(&s->box, top, label, 40, STYLE_NORMAL, true);
    paint_text(top, label + 40, 1, "]", STYLE_NORMAL);
    if (s->stale)
        return;
    if (!*edit_text(&s->box.edit))
        paint_text(top + 1, 1, columns - 2,
                   _("氏名・カナ・住所・電話・郵便番号・生年月日・受付番号のどれでも探せます"),
                   STYLE_DIM);
    else if (!s->hits.count)
        paint_text(top + 1, 1, columns - 2, _("見つかりません。短くするか、カナで試してください"),
                   STYLE_WARNING);
    else
        paint_format(top + 1, 1, columns - 2, STYLE_DIM, _("%zu件%s"), s->hits.count,
                     s->hits.more ? _("以上。続けて打つとしぼれます") : "");
    if (s->selected < s->top)
        s->top = s->selected;
    if (s->selected >= s->top + body)
        s->top = s->selected - body + 1;
    for (size_t r = 0; r < body && s->top + r < s->hits.count; r++)
        paint_hit(&s->hits.items[s->top + r], top + 2 + (int)r, columns, s->top + r == s->selected);
}

static void choose(struct search *s)
{
    if (s->stale)
        look_up(s);
    if (s->selected >= s->hits.count)
        return;
    const struct hit *hit = &s->hits.items[s->selected];
    if (hit->is_person)
        person_open(s->desk, hit->id);
    else
        record_open(s->desk, hit->id);
}

static void move(struct search *s, long by)
{
    long to = (long)s->selected + by;
    if (to >= (long)s->hits.count)
        to = (long)s->hits.count - 1;
    s->selected = to > 0 ? (size_t)to : 0;
}

static void event(void *state, const struct ui_event *event)
{
    static const struct {
        enum action action;
        long by;
    } moves[] = {{ACT_UP, -1},       {ACT_DOWN, 1},      {ACT_NEXT, 1},
                 {ACT_PREVIOUS, -1}, {ACT_PAGE_UP, -15}, {ACT_PAGE_DOWN, 15}};
    struct search *s = state;
    if (event->type == EVENT_KEY) {
        for (size_t i = 0; i < ARRAY_LEN(moves); i++)
            if (moves[i].action == event->action) {
                move(s, moves[i].by);
                return;
            }
        if (event->action == ACT_ENTER) {
            choose(s);
            return;
        }
        if (event->action == ACT_BACK) {
            screen_pop();
            return;
        }
        if (event->action == ACT_SEARCH) {
            field_set(&s->box, "");
            s->stale = true;
            return;
        }
        if (desk_key(s->desk, event->action))
            return;
    }
    if (field_event(&s->box, event, 40))
        s->stale = true;
}

/* After the event, so that a burst of keys is looked up once. */
static void beat(void *state)
{
    struct search *s = state;
    if (s->stale && !terminal_pending())
        look_up(s);
}

static void back(void *state)
{
    (void)state;
    input_use(CONVERSION_NAME);
}

static void search_free(void *state)
{
    struct search *s = state;
    hits_free(&s->hits);
    field_free(&s->box);
    xfree(&s);
}

void search_open(struct desk *desk)
{
    static const enum action keys[] = {ACT_HELP, ACT_SEARCH, ACT_ENTER, ACT_BACK, ACT_NONE};
    static const struct screen screen = {"search", paint, event, beat, back, search_free, keys};
    struct search *s = xcalloc(1, sizeof *s);
    struct error err;
    if (session_require(desk->session, MAY_READ, &err)) {
        desk_refused(&err);
        xfree(&s);
        return;
    }
    s->desk = desk;
    field_set(&s->box, "");
    input_use(CONVERSION_NAME);
    screen_push(&screen, s);
}
