/* The fictitious town 奥霧町: people, activities and a history of days, all made through the same
 * use cases as at the counter. No name here belongs to a real person. */
#include <stdio.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/action.h"
#include "office/calendar.h"
#include "office/day.h"
#include "office/entry.h"
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

/* A small generator of our own: the same seed gives the same town everywhere. */
static unsigned long next(unsigned long *state, unsigned long below)
{
    *state = (*state * 6364136223846793005UL + 1442695040888963407UL) & 0xffffffffffffffffUL;
    return (*state >> 33) % below;
}

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
            xfree(&applied.from);
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
        st = transfer_create(reviewer, out, &files, err);
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
        st = setup_trust(admin, buffer_text(requests), NULL, err);
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

/* --- People and their records --- */

static const char *const families[][2] = {
    {"桐山", "キリヤマ"},       {"霧島田", "キリシマダ"}, {"瀬尾川", "セオカワ"},
    {"石動", "イスルギ"},       {"早瀬川", "ハヤセガワ"}, {"髙橋田", "タカハシダ"},
    {"𠮷岡崎", "ヨシオカザキ"}, {"山﨑野", "ヤマザキノ"}, {"葛󠄀西原", "カサイハラ"},
    {"渡邉沢", "ワタナベザワ"}, {"水上谷", "ミズカミヤ"}, {"奥宮路", "オクミヤジ"},
};
static const char *const givens[][2] = {
    {"みなと", "ミナト"}, {"ハル", "ハル"},     {"澄江", "スミエ"}, {"健吾", "ケンゴ"},
    {"千尋", "チヒロ"},   {"靖子", "ヤスコ"},   {"悠真", "ユウマ"}, {"静", "シズカ"},
    {"一路", "イチロ"},   {"あおい", "アオイ"},
};
static const char *const homes[][2] = {
    {"北峰県", "雪見町"}, {"北峰県", "白嶺市"},   {"南洲県", "青浜市"},
    {"東雲県", "朝凪市"}, {"瀬田川県", "奥霧町"}, {"瀬田川県", "下流市"},
};

struct field_value {
    const char *path, *typed;
};

static enum status record(struct session *session, const char *form,
                          const struct field_value *values, size_t count, char id[37],
                          struct error *err)
{
    struct entry *entry;
    struct receipt receipt;
    struct candidates same;
    const struct findings *findings;
    enum status st = entry_new(session, form, &entry, err);
    for (size_t i = 0; !st && i < count; i++)
        st = entry_type(entry, values[i].path, values[i].typed, err);
    if (!st)
        st = entry_findings(entry, true, &findings, err);
    for (size_t i = 0; !st && i < findings->count; i++)
        if (findings->items[i].severity == FINDING_DEFICIENCY)
            entry_explain(entry, findings->items[i].rule, findings->items[i].path, true);
    if (!st)
        st = entry_candidates(entry, &same, err);
    if (!st) {
        st = entry_finalise(entry, same.count ? same.items[0].person : "", &receipt, err);
        candidates_free(&same);
    }
    if (!st && id)
        snprintf(id, 37, "%s", entry_id(entry));
    entry_free(&entry);
    return st;
}

/* Two activities the town has designated, and one it has not. */
static enum status make_activities(struct session *session, char ids[2][37], struct error *err)
{
    static const char *const names[] = {"霧沢水路の泥上げ", "御神輿手伝い"};
    char from[ISO_DATE_SIZE], to[ISO_DATE_SIZE];
    enum status st = OK;
    struct date today = clock_today();
    iso_date(from, (struct date){today.year - 1, 4, 1});
    iso_date(to, (struct date){today.year + 2, 3, 31});
    for (size_t i = 0; !st && i < ARRAY_LEN(names); i++) {
        const struct field_value values[] = {
            {"group_kind", "neighbourhood"},
            {"group_name", "霧沢自治会"},
            {"responsible", "水上谷 一路"},
            {"activity_name", names[i]},
            {"period_from", from},
            {"period_to", to},
            {"place", "霧沢"},
            {"content", "住民といっしょに行う作業"},
            {"public_benefit", "だれもが使う水路と祭りを守る"},
        };
        st = record(session, "activity_designation", values, ARRAY_LEN(values), ids[i], err);
    }
    return st;
}

static enum status make_basic(struct session *session, unsigned long *seed, struct error *err)
{
    const char *const *family = families[next(seed, ARRAY_LEN(families))];
    const char *const *given = givens[next(seed, ARRAY_LEN(givens))];
    const char *const *home = homes[next(seed, ARRAY_LEN(homes))];
    char birth[16], address[64], phone[20];
    snprintf(birth, sizeof birth, "%lu-%02lu-%02lu", 1940 + next(seed, 65), 1 + next(seed, 12),
             1 + next(seed, 28));
    snprintf(address, sizeof address, "%lu丁目%lu", 1 + next(seed, 9), 1 + next(seed, 40));
    snprintf(phone, sizeof phone, "090-%04lu-%04lu", next(seed, 10000), next(seed, 10000));
    const struct field_value values[] = {
        {"family_name", family[0]},        {"given_name", given[0]}, {"family_kana", family[1]},
        {"given_kana", given[1]},          {"birth_date", birth},    {"prefecture", home[0]},
        {"municipality", home[1]},         {"address", address},     {"phone", phone},
        {"relation", "tourism volunteer"}, {"info_consent", "yes"},
    };
    return record(session, "furusato_basic", values, ARRAY_LEN(values), NULL, err);
}

static enum status make_day(struct session *session, const struct demo *demo, long day,
                            unsigned long *seed, struct error *err)
{
    char ids[2][37];
    long first = demo->people * day / demo->days, last = demo->people * (day + 1) / demo->days;
    enum status st = day == 0 ? make_activities(session, ids, err) : OK;
    for (long i = first; !st && i < last; i++)
        st = make_basic(session, seed, err);
    return st;
}

static enum status close_day(const char *dir, struct day_result *result, struct error *err)
{
    struct office *office = NULL;
    struct session *supervisor = NULL;
    enum status st = enter(dir, "sato", &office, &supervisor, err);
    if (!st)
        st = day_close(supervisor, clock_today(), NULL, NULL, NULL, result, err);
    leave(&office, &supervisor);
    return st;
}

static enum status decide_all(struct session *reviewer, struct error *err)
{
    struct worklist_rows rows;
    enum status st = worklist_load(reviewer, "review", 0, -1, &rows, err);
    for (size_t i = 0; !st && i < rows.count; i++)
        st = action_do(reviewer, rows.items[i].id, "decide", "", NULL, err);
    if (!st)
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

/* Ten o'clock of the nth day before `start` on which the office is open. */
static enum status moment(const char *dir, int64_t start, long n, int64_t *out, struct error *err)
{
    struct office *office = NULL;
    struct open_day open;
    struct office_time time = office_time_at(start);
    int64_t day = date_days(time.date);
    enum status st = office_open(dir, &office, err);
    while (!st && n > 0) {
        st = calendar_day(office, NULL, date_from_days(--day), &open, err);
        n -= open.open;
    }
    office_free(&office);
    time = (struct office_time){.date = date_from_days(day), .hour = 10};
    *out = office_time_ms(&time);
    return st;
}

static enum status make_history(const struct demo *demo, int64_t start, struct error *err)
{
    char *dir = file_path(demo->dir, "office");
    struct strings bundles = STRINGS_INIT;
    unsigned long seed = demo->seed * 2 + 1;
    enum status st = OK;
    for (long day = 0; !st && day < demo->days; day++) {
        struct office *office = NULL;
        struct session *clerk = NULL;
        struct day_result result;
        int64_t at;
        st = moment(dir, start, demo->days - day, &at, err);
        if (st)
            break;
        clock_set(at);
        st = enter(dir, "yamada", &office, &clerk, err);
        if (!st)
            st = make_day(clerk, demo, day, &seed, err);
        leave(&office, &clerk);
        if (!st)
            st = close_day(dir, &result, err);
        if (!st)
            strings_add(&bundles, result.bundle);
    }
    if (!st && bundles.count)
        st = town_work(demo, &bundles, err);
    strings_free(&bundles);
    xfree(&dir);
    return st;
}

enum status demo_make(const struct demo *demo, struct error *err)
{
    int64_t start = clock_now();
    if (demo->days < 0 || demo->people < 0 || (demo->people && !demo->days))
        return error_set(err, E_INVALID, _("人がいるなら、日数は1以上です"));
    /* The places are older than what happened in them. */
    clock_set(start - 2 * (demo->days + 7) * (int64_t)DAY_MS);
    enum status st = file_make_dirs(demo->dir, err);
    if (!st)
        st = make_places(demo, err);
    if (!st)
        st = make_history(demo, start, err);
    clock_set(0);
    return st;
}
