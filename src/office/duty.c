#include "office/duty.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "crypto/age.h"
#include "office/anchor.h"
#include "office/office_internal.h"
#include "office/rebuild.h"
#include "office/setup.h"
#include "text/era.h"

static struct date day_of(const char *iso)
{
    int64_t at;
    struct date day = {0};
    if (iso_time_parse(&at, iso))
        return office_time_at(at).date;
    iso_date_parse(&day, iso);
    return day;
}

/* Done in an earlier fiscal year. */
static bool of_another_year(const char *iso)
{
    return *iso && fiscal_year(day_of(iso)) < fiscal_year(clock_today());
}

static void look_at_key(struct office *office, const char *member, struct duty *duty)
{
    duty->due = registry_town_since(office_registry(office), member, duty->last) &&
                of_another_year(duty->last);
}

static void look_at_escrow_file(struct office *office, struct duty *duty)
{
    char *file = file_path(office->dir, SETUP_ESCROW_FILE);
    duty->due = file_exists(file);
    xfree(&file);
}

/* The fact: day, root key and escrow of the copy. */
static void look_at_root_copy(struct office *office, struct duty *duty)
{
    char *copied = store_fact(office->store, ROOT_COPY_FACT), *now = rebuild_root_state(office);
    size_t day = strcspn(copied, " ");
    snprintf(duty->last, sizeof duty->last, "%.*s", (int)day, copied);
    duty->due = !copied[day] || strcmp(copied + day + 1, now) != 0;
    xfree(&copied);
    xfree(&now);
}

static void look_at_anchor(struct office *office, struct duty *duty)
{
    char *last = store_fact(office->store, ANCHOR_FACT);
    struct date today = clock_today(), day = day_of(last);
    snprintf(duty->last, sizeof duty->last, "%s", last);
    duty->due = day.year * 12 + day.month < today.year * 12 + today.month;
    xfree(&last);
}

size_t duty_of_office(struct office *office, struct duty out[DUTY_KINDS])
{
    static const char *const titles[DUTY_KINDS] = {
        [DUTY_YEAR] = N_("町の年度の鍵を替える"),
        [DUTY_ESCROW] = N_("預託鍵を替える"),
        [DUTY_ESCROW_AWAY] = N_("預託鍵を機械の外へ移す"),
        [DUTY_ROOT_COPY] = N_("根の鍵の写しを取る"),
        [DUTY_ANCHOR] = N_("今月の証しを印刷して封をする"),
        [DUTY_REBUILT] = N_("町の作り直しを終える（すべての場所の写しを取り込んでから）"),
    };
    if (office->role != OFFICE_TOWN || !registry_version(office_registry(office)))
        return 0;
    for (size_t i = 0; i < DUTY_KINDS; i++)
        out[i] = (struct duty){.kind = (enum duty_kind)i, .title = titles[i]};
    look_at_key(office, "recipient", &out[DUTY_YEAR]);
    look_at_key(office, "escrow", &out[DUTY_ESCROW]);
    look_at_escrow_file(office, &out[DUTY_ESCROW_AWAY]);
    look_at_root_copy(office, &out[DUTY_ROOT_COPY]);
    look_at_anchor(office, &out[DUTY_ANCHOR]);
    out[DUTY_REBUILT].due = rebuild_open(office);
    return out[DUTY_REBUILT].due ? DUTY_KINDS : DUTY_REBUILT;
}

size_t duty_list(struct session *session, struct duty out[DUTY_KINDS])
{
    return session_may(session, MAY_ADMINISTER) ? duty_of_office(session->office, out) : 0;
}
