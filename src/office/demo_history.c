/* What happened in the sample town: the rounds and people of its script, each day closed, and what
 * the town did about them. */
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/action.h"
#include "office/calendar.h"
#include "office/day.h"
#include "office/demo_internal.h"
#include "office/demo_script.h"
#include "office/transfer.h"
#include "office/worklist.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, TOWN_DAYS = 6 };

/* A place where somebody works, kept open from round to round. */
struct worker {
    char *dir, *login;
    struct office *office;
    struct session *session;
};

struct history {
    const struct demo *demo;
    const struct yaml *script;
    struct dice dice;
    struct worker *workers;
    size_t worker_count;
    struct strings bundles; /* on their way to the town */
    int64_t start;
};

static struct worker *known_worker(struct history *h, const char *dir, const char *login)
{
    for (size_t i = 0; i < h->worker_count; i++)
        if (strcmp(h->workers[i].dir, dir) == 0 && strcmp(h->workers[i].login, login) == 0)
            return &h->workers[i];
    return NULL;
}

/* *out is borrowed until the next one is asked for. */
static enum status worker_of(struct history *h, const char *place, const char *login,
                             struct worker **out, struct error *err)
{
    char *dir = file_path(h->demo->dir, place);
    *out = known_worker(h, dir, login);
    if (*out) {
        xfree(&dir);
        return OK;
    }
    h->workers = xroom(h->workers, h->worker_count, sizeof *h->workers);
    struct worker *w = &h->workers[h->worker_count++];
    *w = (struct worker){.dir = dir, .login = xstrdup(login)};
    *out = w;
    return demo_enter(dir, login, &w->office, &w->session, err);
}

static void workers_free(struct history *h)
{
    for (size_t i = 0; i < h->worker_count; i++) {
        demo_leave(&h->workers[i].office, &h->workers[i].session);
        xfree(&h->workers[i].dir);
        xfree(&h->workers[i].login);
    }
    xfree(&h->workers);
}

/* --- At the counters --- */

static enum status close_day(struct history *h, const char *place, struct error *err)
{
    struct worker *supervisor;
    struct day_result result;
    enum status st = worker_of(h, place, "sato", &supervisor, err);
    if (!st)
        st = day_close(supervisor->session, clock_today(), NULL, NULL, NULL, &result, err);
    if (!st)
        strings_add(&h->bundles, result.bundle);
    return st;
}

/* Ten o'clock of an open day: the last that is at least `ago` days before the start, or `earlier`
 * open days before that. */
static enum status moment(struct history *h, long ago, long earlier, int64_t *out,
                          struct error *err)
{
    struct worker *clerk;
    struct open_day open = {0};
    int64_t day = date_days(office_time_at(h->start).date) - ago;
    enum status st = worker_of(h, "office", "yamada", &clerk, err);
    while (!st) {
        st = calendar_day(clerk->office, NULL, date_from_days(day), &open, err);
        if (open.open && earlier-- == 0)
            break;
        day--;
    }
    *out = office_time_ms(&(struct office_time){.date = date_from_days(day), .hour = 10});
    return st;
}

/* One day at one place: its records, then the close. */
static enum status work_day(struct history *h, const char *place, const char *login, int64_t at,
                            const struct yaml *const *lists, size_t count, struct error *err)
{
    struct worker *worker;
    clock_set(at);
    enum status st = worker_of(h, place, login, &worker, err);
    for (size_t i = 0; !st && i < count; i++)
        st = demo_script_write(worker->session, lists[i], &h->dice, err);
    return st ? st : close_day(h, place, err);
}

/* --- At the town --- */

static enum status apply_all(struct session *session, const struct strings *files,
                             struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < files->count; i++) {
        struct transfer_applied applied;
        st = transfer_apply(session, files->items[i], &applied, err);
        if (!st)
            transfer_applied_free(&applied);
    }
    return st;
}

static enum status decide_all(struct session *reviewer, struct error *err)
{
    struct worklist_rows rows;
    enum status st = worklist_load(reviewer, "review", 0, -1, &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++) {
        st = action_do(reviewer, rows.items[i].id, "decide", "", NULL, err);
        if (st == E_NOT_FOUND) /* a notification is taken in, a consultation goes on */
            st = action_do(reviewer, rows.items[i].id, "take", "", NULL, err);
        if (st == E_NOT_FOUND)
            st = OK;
    }
    worklist_rows_free(&rows);
    return st;
}

/* The town answers: two files for each place, in the order of the registry; each is given its own.
 */
static enum status send_down(struct history *h, struct error *err)
{
    char *out = file_path(h->demo->dir, "town/bundles/out");
    struct strings files = STRINGS_INIT;
    struct worker *worker;
    enum status st = worker_of(h, "town", "kacho", &worker, err);
    if (!st)
        st = transfer_create(worker->session, &(struct transfer_order){.to = out}, &files, err);
    for (size_t i = 0; !st && i < DEMO_COUNTERS && 2 * i + 1 < files.count; i++) {
        struct strings own = STRINGS_INIT;
        strings_add(&own, files.items[2 * i]);
        strings_add(&own, files.items[2 * i + 1]);
        st = worker_of(h, demo_counters[i], "admin", &worker, err);
        if (!st)
            st = apply_all(worker->session, &own, err);
        strings_free(&own);
    }
    strings_free(&files);
    xfree(&out);
    return st;
}

/* The town takes in what came, decides it, and answers. */
static enum status town_turn(struct history *h, int64_t at, bool decides, struct error *err)
{
    struct worker *reviewer;
    clock_set(at);
    enum status st = worker_of(h, "town", "kacho", &reviewer, err);
    if (!st)
        st = apply_all(reviewer->session, &h->bundles, err);
    strings_free(&h->bundles);
    if (!st && decides)
        st = decide_all(reviewer->session, err);
    return st ? st : send_down(h, err);
}

/* --- The script --- */

struct round {
    const struct yaml *yaml;
    const char *place, *by;
    long ago;
    bool waits; /* the town has it and has not decided */
};

static int earlier_first(const void *a, const void *b)
{
    const struct round *x = a, *y = b;
    return x->ago != y->ago ? (x->ago < y->ago) - (x->ago > y->ago)
                            : (x->yaml > y->yaml) - (x->yaml < y->yaml);
}

/* The rounds of these years, the earliest first; what is to be kept of earlier ones happens on
 * their first day. *out is the caller's. */
static enum status load_rounds(const struct history *h, struct round **out, size_t *count,
                               struct error *err)
{
    const struct yaml *list = yaml_get(h->script, "rounds");
    long most = h->demo->years * 366;
    *count = 0;
    *out = xcalloc(list ? list->count + 1 : 1, sizeof **out);
    for (size_t i = 0; most && list && i < list->count; i++) {
        const struct yaml *item = list->items[i];
        const char *keep = yaml_text(item, "keep"), *waits = yaml_text(item, "waits");
        const char *ago = yaml_text(item, "ago");
        struct round r = {item, yaml_text(item, "place"), yaml_text(item, "by"),
                          ago ? atol(ago) : 0, waits && yaml_is_true(waits)};
        if (!r.place || !r.by || !ago)
            return error_set(err, E_INVALID, _("見本の回には place、by、ago が要ります"));
        if (r.ago > most && !(keep && yaml_is_true(keep)))
            continue;
        r.ago = r.ago > most ? most : r.ago;
        (*out)[(*count)++] = r;
    }
    qsort(*out, *count, sizeof **out, earlier_first);
    return OK;
}

static enum status make_round(struct history *h, const struct round *round, struct error *err)
{
    const struct yaml *records = yaml_get(round->yaml, "records");
    int64_t at;
    enum status st = moment(h, round->ago, 0, &at, err);
    if (!st)
        st = work_day(h, round->place, round->by, at, &records, 1, err);
    int64_t decided = at + TOWN_DAYS * (int64_t)DAY_MS, last = h->start - (int64_t)DAY_MS;
    return st ? st : town_turn(h, decided < last ? decided : last, !round->waits, err);
}

/* The people asked for, spread over the last days. */
static enum status make_days(struct history *h, struct error *err)
{
    const struct demo *demo = h->demo;
    const struct yaml *people = yaml_get(h->script, "people");
    const struct yaml *start = yaml_get(h->script, "start");
    enum status st = OK;
    for (long day = 0; !st && day < demo->days; day++) {
        long first = demo->people * day / demo->days, last = demo->people * (day + 1) / demo->days;
        size_t count = 0;
        int64_t at;
        const struct yaml **lists = xcalloc((size_t)(last - first) + 1, sizeof *lists);
        if (day == 0)
            lists[count++] = start;
        for (long i = first; i < last; i++)
            lists[count++] = people;
        st = moment(h, 1, demo->days - day - 1, &at, err);
        if (!st)
            st = work_day(h, "office", "yamada", at, lists, count, err);
        xfree(&lists);
    }
    return !st && h->bundles.count ? town_turn(h, h->start - (int64_t)DAY_MS, true, err) : st;
}

static enum status make_all(struct history *h, struct error *err)
{
    struct round *rounds;
    size_t count;
    enum status st = load_rounds(h, &rounds, &count, err);
    for (size_t i = 0; !st && i < count; i++)
        if (!rounds[i].waits)
            st = make_round(h, &rounds[i], err);
    if (!st)
        st = make_days(h, err);
    for (size_t i = 0; !st && i < count; i++)
        if (rounds[i].waits)
            st = make_round(h, &rounds[i], err);
    xfree(&rounds);
    return st;
}

enum status demo_history(const struct demo *demo, int64_t start, struct error *err)
{
    struct yaml *script = NULL;
    char *file = file_resource("forms/towns/okugiri-demo.yaml");
    enum status st = demo_script_load(file, &script, err);
    struct history h = {
        .demo = demo,
        .script = script,
        .dice = {demo->seed * 2 + 1, st ? NULL : yaml_get(script, "pools")},
        .bundles = STRINGS_INIT,
        .start = start,
    };
    if (!st)
        st = make_all(&h, err);
    workers_free(&h);
    strings_free(&h.bundles);
    yaml_drop(&script);
    xfree(&file);
    return st;
}
