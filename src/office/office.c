#include "office/office.h"

#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/language.h"
#include "base/log.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "office/veil.h"
#include "store/event.h"
#include "store/gazetteer.h"
#include "store/journal.h"
#include "text/era.h"
#include "text/sanitize.h"

static const struct {
    const char *name;
    enum office_role role;
} roles[] = {{"counter", OFFICE_COUNTER}, {"laptop", OFFICE_LAPTOP}, {"town", OFFICE_TOWN}};

void office_prefer_language(const char *dir)
{
    struct settings *settings;
    if (settings_load(dir, &settings, NULL))
        return;
    language_prefer(settings_get(settings, "language"));
    settings_free(&settings);
}

enum status office_open(const char *dir, struct office **out, struct error *err)
{
    struct office *office = xcalloc(1, sizeof *office);
    enum status st = settings_load(dir, &office->settings, err);
    office->dir = xstrdup(dir);
    if (!st) {
        log_open(dir, sanitize_text);
        office->language = language_prefer(settings_get(office->settings, "language"));
        for (size_t i = 0; i < ARRAY_LEN(roles); i++)
            if (settings_is(office->settings, "role", roles[i].name))
                office->role = roles[i].role;
        st = store_open(dir, &office->store, err);
    }
    if (!st) {
        office->catalogue = catalogue_new(office->store);
        office->device = journal_device(office->store);
        st = drafts_open(dir, office->store, settings_get(office->settings, "device"),
                         &office->drafts, err);
    }
    if (st)
        office_free(&office);
    *out = office;
    return st;
}

void office_free(struct office **office)
{
    if (!*office)
        return;
    gazetteer_free(&(*office)->gazetteer);
    veil_free(&(*office)->veil);
    drafts_free(&(*office)->drafts);
    catalogue_free(&(*office)->catalogue);
    store_free(&(*office)->store);
    settings_free(&(*office)->settings);
    xfree(&(*office)->dir);
    xfree(&(*office)->device);
    xfree(office);
    log_close();
}

struct store *office_store(struct office *office)
{
    return office->store;
}

struct registry *office_registry(struct office *office)
{
    return store_registry(office->store);
}

struct catalogue *office_catalogue(struct office *office)
{
    return office->catalogue;
}

const char *office_dir(const struct office *office)
{
    return office->dir;
}

enum office_role office_role(const struct office *office)
{
    return office->role;
}

const char *office_name(const struct office *office)
{
    return settings_get(office->settings, "office");
}

const char *office_counter(const struct office *office)
{
    return settings_get(office->settings, "device");
}

const char *office_town(const struct office *office)
{
    return settings_get(office->settings, "town");
}

bool office_is_training(const struct office *office)
{
    return settings_is(office->settings, "training", "yes");
}

const char *office_language(const struct office *office)
{
    return office->language;
}

const char *office_setting(const struct office *office, const char *key)
{
    return settings_get(office->settings, key);
}

long office_setting_number(const struct office *office, const char *key)
{
    return settings_number(office->settings, key);
}

bool office_changed(struct office *office)
{
    return store_changed(office->store);
}

enum status office_counts(struct office *office, struct office_counts *out, struct error *err)
{
    *out = (struct office_counts){0};
    enum status st = record_unsent(office->store, false, &out->unsent, &out->unreceived, err);
    return st ? st : draft_count(office->drafts, &out->drafts, &out->held, err);
}

enum status session_counts(struct session *session, struct office_counts *out, struct error *err)
{
    struct draft_list list = {0};
    bool visible = !session_may(session, MAY_READ_PROTECTED);
    *out = (struct office_counts){0};
    enum status st =
        record_unsent(session->office->store, visible, &out->unsent, &out->unreceived, err);
    if (!st)
        st = drafts_for(session, DRAFTS_ALL, NULL, &list, err);
    for (size_t i = 0; i < list.count; i++)
        ++*(list.items[i].held ? &out->held : &out->drafts);
    draft_list_free(&list);
    return st;
}

char *form_name(const struct form *form)
{
    return xasprintf("%s@%ld", form->id, form->version);
}

char *actor_name(struct office *office, const char *actor)
{
    struct registry_user user = {0};
    char *name = NULL;
    if (*actor && registry_user(office_registry(office), REGISTRY_NEWEST, actor, &user, NULL) == OK)
        name = xstrdup(user.name);
    registry_user_free(&user);
    return name ? name : xstrdup("");
}

char *device_place(struct office *office, const char *device)
{
    struct registry_device known = {0};
    char *place = NULL;
    if (registry_device(office_registry(office), REGISTRY_NEWEST, device, &known, NULL) == OK)
        place = xasprintf("%s %s", known.office, known.name);
    registry_device_free(&known);
    return place ? place : xstrndup(device, 8);
}

char *event_time(const struct event *event)
{
    int64_t ms;
    char day[64];
    if (!iso_time_parse(&ms, event->at))
        return xstrdup(event->at);
    struct office_time t = office_time_at(ms);
    era_format_short(day, sizeof day, t.date);
    return xasprintf("%s %02d:%02d", day, t.hour, t.minute);
}
