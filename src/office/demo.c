/* The fictitious town 奥霧町: its places, made through the same use cases as everywhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/demo_internal.h"
#include "office/postcode.h"
#include "office/setup_internal.h"

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

const char *const demo_counters[DEMO_COUNTERS] = {"office", "branch", "laptop"};

/* --- Places --- */

static enum status add_users(struct session *admin, const struct demo_user *users, size_t count,
                             struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && i < count; i++)
        st = setup_add_user(admin, users[i].login, users[i].name, users[i].roles, 1, PASSWORD, err);
    return st;
}

enum status demo_enter(const char *dir, const char *login, struct office **office,
                       struct session **session, struct error *err)
{
    *session = NULL;
    enum status st = office_open(dir, office, err);
    return st ? st : session_login(*office, login, PASSWORD, session, err);
}

void demo_leave(struct office **office, struct session **session)
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
        st = demo_enter(dir, "admin", &office, &admin, err);
    if (!st)
        st = add_users(admin, places[i].users, places[i].user_count, err);
    if (!st)
        st = add_postcodes(admin, err);
    if (!st && request)
        st = setup_request(admin, request, err);
    demo_leave(&office, &admin);
    xfree(&dir);
    xfree(&town_file);
    return st;
}

/* --- Who knows whom --- */

static enum status give_registry(const struct demo *demo, const char *text, struct error *err)
{
    enum status st = OK;
    for (size_t i = 1; !st && i < ARRAY_LEN(places); i++) {
        char *dir = file_path(demo->dir, places[i].dir);
        struct office *office = NULL;
        struct session *admin = NULL;
        st = demo_enter(dir, "admin", &office, &admin, err);
        if (!st)
            st = setup_accept_registry(admin, text, NULL, err);
        demo_leave(&office, &admin);
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
    enum status st = demo_enter(town, "admin", &office, &admin, err);
    if (!st)
        st = setup_trust(admin, buffer_text(requests), NULL, NULL, err);
    if (!st)
        st = setup_registry_text(admin, &registry, err);
    demo_leave(&office, &admin);
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
        st = demo_history(demo, start, err);
    clock_set(0);
    return st;
}
