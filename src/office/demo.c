/* The fictitious town 奥霧町: its places, and the history of days its script tells, all made
 * through the same use cases as at the counter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/action.h"
#include "office/calendar.h"
#include "office/day.h"
#include "office/demo_script.h"
#include "office/postcode.h"
#include "office/setup_internal.h"
#include "office/transfer.h"
#include "office/worklist.h"

#define PASSWORD "okugiri-demo"
enum { DAY_MS = 24 * 60 * 60 * 1000 };

struct demo_user {
    const char *login, *name;
    const char *roles[2];
};

static const struct demo_user counter_users[] = {
    {"yamada", "山田", {"clerk"}},
    {"sato", "佐藤", {"supervisor"}},
    {"higuchi", "樋口", {"field"}},
};
static const struct demo_user town_users[] = {{"kacho", "課長", {"reviewer"}}};

static const struct {
    const char *dir, *office, *brief, *device, *role;
    const struct demo_user *users;
    size_t user_count;
} places[] = {
    {"town", "奥霧町役場", "役場", "担当課1", "town", town_users, ARRAY_LEN(town_users)},
    {"office", "霧沢郵便局", "霧沢", "窓口1", "counter", counter_users, ARRAY_LEN(counter_users)},
    {"branch", "上瀬支所", "上瀬", "窓口1", "counter", counter_users, ARRAY_LEN(counter_users)},
    {"laptop", "集落支援員", "巡回", "端末1", "laptop", counter_users, ARRAY_LEN(counter_users)},
};

/* --- Places --- */

static enum status add_users(struct session *admin, const struct demo_user *users, size_t count,
                             struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < count; i++)
        st = setup_add_user(admin, users[i].login, users[i].name, users[i].roles, 1, PASSWORD, err);
    return st;
}

static enum status enter(const char *dir, const char *login, struct office **office,
                         struct session **session, struct error *err)
{
    *session = NULL;
    enum status st = office_open(dir, office, err);
    return st ? st : session_login(*office, login, PASSWORD, session, err);
}

static void leave(struct office **office, struct session **session)
{
    session_free(session);
    office_free(office);
}

/* Postcodes that Japan Post has not given out, of places that do not exist. */
static enum status add_postcodes(struct session *admin, struct error *err)
{
    char *file = file_resource("forms/towns/okugiri_postcodes.csv");
    long count;
    enum status st = postcode_import(admin, file, NULL, &count, err);
    xfree(&file);
    return st;
}

/* Nobody lives there: any disk will do. */
static enum status set_plain(const char *dir, struct error *err)
{
    struct settings *settings = NULL;
    enum status st = settings_load(dir, &settings, err);
    if (!st)
        st = settings_set(settings, "disk.plain", "yes", err);
    if (!st)
        st = settings_save(settings, dir, err);
    settings_free(&settings);
    return st;
}

static enum status make_place(const struct demo *demo, size_t i, const char *root,
                              struct buffer *request, struct error *err)
{
    char *dir = file_path(demo->dir, places[i].dir);
    char *town_file = file_resource("forms/towns/okugiri.yaml");
    const struct setup setup = {.dir = dir,
                                .town_file = town_file,
                                .office = places[i].office,
                                .brief = places[i].brief,
                                .device = places[i].device,
                                .role = places[i].role,
                                .admin = "admin",
                                .password = PASSWORD,
                                .root = root};
    struct office *office = NULL;
    struct session *admin = NULL;
    enum status st = setup_init(&setup, err);
    if (!st)
        st = set_plain(dir, err);
    if (!st)
        st = enter(dir, "admin", &office, &admin, err);
    if (!st)
        st = add_users(admin, places[i].users, places[i].user_count, err);
    if (!st)
        st = add_postcodes(admin, err);
    if (!st && request)
        st = setup_request(admin, request, err);
    leave(&office, &admin);
    xfree(&dir);
    xfree(&town_file);
    return st;
}

/* --- Bundles between them --- */

static enum status apply_all(const char *dir, const char *login, const struct strings *files,
                             struct error *err)
{
    struct office *office = NULL;
    struct session *session = NULL;
    enum status st = enter(dir, login, &office, &session, err);
    for (size_t i = 0; !st && i < files->count; i++) {
        struct transfer_applied applied;
        st = transfer_apply(session, files->items[i], &applied, err);
        if (!st)
            transfer_applied_free(&applied);
    }
    leave(&office, &session);
    return st;
}

/* What the town wrote for a place carries the place's id in its name's middle; a place takes what
 * is written to it and is refused the rest, so each is given its own. */
static enum status send_down(const struct demo *demo, struct error *err)
{
    char *town = file_path(demo->dir, "town"), *out = file_path(town, "bundles/out");
    struct strings files = STRINGS_INIT;
    struct office *office = NULL;
    struct session *reviewer = NULL;
    enum status st = enter(town, "kacho", &office, &reviewer, err);
    if (!st)
        st = transfer_create(reviewer, &(struct transfer_order){.to = out}, &files, err);
    leave(&office, &reviewer);
    /* Two files for each place, in the order of the registry, which is that of `places`. */
    for (size_t i = 1; !st && i < ARRAY_LEN(places) && 2 * i <= files.count; i++) {
        struct strings own = STRINGS_INIT;
        char *dir = file_path(demo->dir, places[i].dir);
        strings_add(&own, files.items[2 * i - 2]);
        strings_add(&own, files.items[2 * i - 1]);
        st = apply_all(dir, "admin", &own, err);
        strings_free(&own);
        xfree(&dir);
    }
    strings_free(&files);
    xfree(&town);
    xfree(&out);
    return st;
}

static enum status give_registry(const struct demo *demo, const char *text, struct error *err)
{
    enum status st = OK;
    for (size_t i = 1; !st && i < ARRAY_LEN(places); i++) {
        char *dir = file_path(demo->dir, places[i].dir);
        struct office *office = NULL;
        struct session *admin = NULL;
        st = enter(dir, "admin", &office, &admin, err);
        if (!st)
            st = setup_accept_registry(admin, text, err);
        leave(&office, &admin);
        xfree(&dir);
    }
    return st;
}

static enum status enrol(const struct demo *demo, const struct buffer *requests, struct error *err)
{
    char *town = file_path(demo->dir, "town");
    struct buffer registry = BUFFER_INIT;
    struct office *office = NULL;
    struct session *admin = NULL;
    enum status st = enter(town, "admin", &office, &admin, err);
    if (!st)
        st = setup_trust(admin, buffer_text(requests), NULL, NULL, err);
    if (!st)
        st = setup_registry_text(admin, &registry, err);
    leave(&office, &admin);
    if (!st)
        st = give_registry(demo, buffer_text(&registry), err);
    buffer_free(&registry);
    xfree(&town);
    return st;
}

static enum status make_places(const struct demo *demo, struct error *err)
{
    struct buffer requests = BUFFER_INIT;
    char root[65] = "", device[65];
    enum status st = make_place(demo, 0, "", NULL, err);
    char *town = file_path(demo->dir, "town");
    struct office *office = NULL;
    if (!st)
        st = office_open(town, &office, err);
    if (!st)
        st = setup_fingerprints(office, root, device, err);
    office_free(&office);
    for (size_t i = 1; !st && i < ARRAY_LEN(places); i++)
        st = make_place(demo, i, root, &requests, err);
    if (!st)
        st = enrol(demo, &requests, err);
    xfree(&town);
    buffer_free(&requests);
    return st;
}

/* --- What happened before --- */

/* A place where somebody works, kept open from round to round. */
struct worker {
    char *dir, *login;
    struct office *office;
    struct session *session;
};
struct workers {
    struct worker *items;
    size_t count;
};

static enum status worker_of(const struct demo *demo, struct workers *workers, const char *place,
                             const char *login, struct session **out, struct error *err)
{
    char *dir = file_path(demo->dir, place);
    for (size_t i = 0; i < workers->count; i++)
        if (strcmp(workers->items[i].dir, dir) == 0 &&
            strcmp(workers->items[i].login, login) == 0) {
            *out = workers->items[i].session;
            xfree(&dir);
            return OK;
        }
    workers->items = xreallocarray(workers->items, workers->count + 1, sizeof *workers->items);
    struct worker *w = &workers->items[workers->count++];
    *w = (struct worker){.dir = dir, .login = xstrdup(login)};
    enum status st = enter(dir, login, &w->office, &w->session, err);
    *out = w->session;
    return st;
}

static void workers_free(struct workers *workers)
{
    for (size_t i = 0; i < workers->count; i++) {
        leave(&workers->items[i].office, &workers->items[i].session);
        xfree(&workers->items[i].dir);
        xfree(&workers->items[i].login);
    }
    xfree(&workers->items);
}

struct history {
    const struct demo *demo;
    const struct yaml *script;
    struct dice dice;
    struct workers workers;
    struct strings bundles;
    int64_t start;
};

static enum status close_day(struct history *h, const char *place, struct error *err)
{
    struct session *supervisor;
    struct day_result result;
    enum status st = worker_of(h->demo, &h->workers, place, "sato", &supervisor, err);
    if (!st)
        st = day_close(supervisor, clock_today(), NULL, NULL, NULL, &result, err);
    if (!st)
        strings_add(&h->bundles, result.bundle);
    return st;
}

/* Ten o'clock of an open day: the last that is at least `ago` days before the start, or `earlier`
 * open days before that. */
static enum status moment(const struct history *h, long ago, long earlier, int64_t *out,
                          struct error *err)
{
    struct office *office = NULL;
    struct open_day open = {0};
    int64_t day = date_days(office_time_at(h->start).date) - ago;
    char *dir = file_path(h->demo->dir, "office");
    enum status st = office_open(dir, &office, err);
    while (!st) {
        st = calendar_day(office, NULL, date_from_days(day), &open, err);
        if (open.open && earlier-- == 0)
            break;
        day--;
    }
    office_free(&office);
    xfree(&dir);
    *out = office_time_ms(&(struct office_time){.date = date_from_days(day), .hour = 10});
    return st;
}

/* One day at one place: its records, then the close. */
static enum status work_day(struct history *h, const char *place, const char *login, int64_t at,
                            const struct yaml *const *lists, size_t count, struct error *err)
{
    struct session *session;
    clock_set(at);
    enum status st = worker_of(h->demo, &h->workers, place, login, &session, err);
    for (size_t i = 0; !st && i < count; i++)
        st = demo_script_write(session, lists[i], &h->dice, err);
    return st ? st : close_day(h, place, err);
}

/* The rounds of these years; what is to be kept of earlier ones happens on their first day. */
static enum status make_rounds(struct history *h, struct error *err)
{
    const struct yaml *rounds = yaml_get(h->script, "rounds");
    long most = h->demo->years * 366;
    enum status st = OK;
    for (size_t i = 0; !st && most && rounds && i < rounds->count; i++) {
        const struct yaml *round = rounds->items[i], *records = yaml_get(round, "records");
        const char *place = yaml_text(round, "place"), *by = yaml_text(round, "by");
        const char *ago = yaml_text(round, "ago"), *keep = yaml_text(round, "keep");
        if (!place || !by || !ago)
            return error_set(err, E_INVALID, _("見本の回には place、by、ago が要ります"));
        if (atol(ago) > most && !(keep && yaml_is_true(keep)))
            continue;
        long days = atol(ago) > most ? most : atol(ago);
        int64_t at;
        st = moment(h, days, 0, &at, err);
        if (!st)
            st = work_day(h, place, by, at, &records, 1, err);
    }
    return st;
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
    return st;
}

/* --- The town's part --- */

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

/* The town takes the days in, decides what was filed, and answers. */
static enum status town_work(const struct demo *demo, const struct strings *bundles,
                             struct error *err)
{
    char *town = file_path(demo->dir, "town");
    struct office *office = NULL;
    struct session *reviewer = NULL;
    enum status st = apply_all(town, "kacho", bundles, err);
    if (!st)
        st = enter(town, "kacho", &office, &reviewer, err);
    if (!st)
        st = decide_all(reviewer, err);
    leave(&office, &reviewer);
    xfree(&town);
    return st ? st : send_down(demo, err);
}

static enum status make_history(const struct demo *demo, int64_t start, struct error *err)
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
        st = make_rounds(&h, err);
    if (!st)
        st = make_days(&h, err);
    workers_free(&h.workers);
    clock_set(start - (int64_t)DAY_MS);
    if (!st && h.bundles.count)
        st = town_work(demo, &h.bundles, err);
    strings_free(&h.bundles);
    yaml_drop(&script);
    xfree(&file);
    return st;
}

enum status demo_make(const struct demo *demo, struct error *err)
{
    int64_t start = clock_now();
    if (demo->days < 0 || demo->people < 0 || demo->years < 0 || (demo->people && !demo->days))
        return error_set(err, E_INVALID, _("人がいるなら、日数は1以上です"));
    /* The places are older than what happened in them. */
    clock_set(start - (2 * (demo->days + 7) + demo->years * 366 + 14) * (int64_t)DAY_MS);
    enum status st = file_make_dirs(demo->dir, err);
    if (!st)
        st = make_places(demo, err);
    if (!st)
        st = make_history(demo, start, err);
    clock_set(0);
    return st;
}
