/* Furusato registrations at the edges: one below, at and above each limit, the first and the last
 * day of a year, 29 February, a parameter that changes, a group that is designated no more. */
#include "rules_fixture.h"

#include "office/report.h"

#define AWAY "prefecture=北峰県", "municipality=雪見町", "address=1-2"
#define HOME "prefecture=瀬田川県", "municipality=奥霧町", "address=1-2"
#define PREMIUM \
    "activities=水路の泥上げ", "identity_method=card_ic", "info_consent=yes", "phone=090-1111-1111"

/* Somebody with nothing in common with anybody else. */
struct person {
    char texts[5][64];
    const char *values[6];
};

static const char *const *somebody(struct person *p, const char *birth)
{
    static const char *const digits[] = {"ア", "イ", "ウ", "エ", "オ",
                                         "カ", "キ", "ク", "ケ", "コ"};
    static unsigned next;
    char kana[32];
    next++;
    snprintf(kana, sizeof kana, "%s%s%s", digits[next / 100 % 10], digits[next / 10 % 10],
             digits[next % 10]);
    snprintf(p->texts[0], sizeof p->texts[0], "family_name=%s沢", kana);
    snprintf(p->texts[1], sizeof p->texts[1], "family_kana=%sサワ", kana);
    snprintf(p->texts[2], sizeof p->texts[2], "given_name=%s", kana);
    snprintf(p->texts[3], sizeof p->texts[3], "given_kana=%s", kana);
    snprintf(p->texts[4], sizeof p->texts[4], "birth_date=%s", birth);
    for (size_t i = 0; i < 5; i++)
        p->values[i] = p->texts[i];
    p->values[5] = NULL;
    return p->values;
}

static void on_day(struct date day)
{
    on(day.year, day.month, day.day);
}

/* Designated on 1 April 2027, for activities through 31 March 2032. */
static void designated(const struct town *t, char id[37])
{
    static const char *const values[] = {"group_kind=neighbourhood",
                                         "group_name=霧沢自治会",
                                         "responsible=水上谷 一路",
                                         "activity_name=霧沢水路の泥上げ",
                                         "period_from=R9.4.1",
                                         "period_to=R14.3.31",
                                         "place=霧沢",
                                         "content=泥上げ",
                                         "public_benefit=だれもが使う水路を守る",
                                         NULL};
    filed(t, "activity_designation", NULL, values, id);
    act(t, id, "decide");
}

static void took_part(const struct town *t, const char *const *who, const char *what,
                      const char *day)
{
    char *when = xasprintf("activity_on=%s", day), id[37];
    const char *const values[] = {what, when, "confirmed_by=水上谷", NULL};
    filed(t, "activity_record", who, values, id);
    xfree(&when);
}

/* What the premium form says of the activities of somebody who files today. */
static void counted(const struct town *t, const char *const *who, const char *expected)
{
    static const char *const premium[] = {AWAY, PREMIUM, NULL};
    struct entry *entry = begun(t, "furusato_premium", who, premium);
    if (!strstr(entry_summary(entry), expected))
        fail_msg("%s: %s", expected, entry_summary(entry));
    if ((finding(entry, "E-PREM-ACTIVITY") == NULL) != (strstr(expected, "充足") != NULL))
        fail_msg("%s: E-PREM-ACTIVITY", expected);
    entry_free(&entry);
}

/* --- Activities --- */

/* The year ends on the day of the filing and begins the day after the same day a year before. */
static void a_year_of_activities_has_two_ends(void **state)
{
    struct town *t = *state;
    static const struct {
        struct date filed;
        const char *days[3], *expected;
    } rows[] = {
        {{2028, 5, 10}, {"2027-05-10", "2028-05-09", "2028-05-10"}, "2/3回"},
        {{2028, 5, 10}, {"2027-05-11", "2028-05-09", "2028-05-10"}, "充足 3/3"},
        {{2028, 2, 29}, {"2027-02-28", "2028-02-28", "2028-02-29"}, "2/3回"},
        {{2028, 2, 29}, {"2027-04-02", "2028-02-28", "2028-02-29"}, "充足 3/3"},
        {{2029, 2, 28}, {"2028-02-28", "2028-03-01", "2029-02-28"}, "2/3回"},
        {{2029, 2, 28}, {"2028-02-29", "2028-03-01", "2029-02-28"}, "充足 3/3"},
        {{2029, 3, 1}, {"2028-03-01", "2028-04-01", "2029-03-01"}, "2/3回"},
        {{2029, 3, 1}, {"2028-03-02", "2028-04-01", "2029-03-01"}, "充足 3/3"},
    };
    char id[37], what[80];
    on(2027, 4, 1);
    designated(t, id);
    field_of(what, "activity", id);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person p;
        const char *const *who = somebody(&p, "S50.1.1");
        on_day(rows[i].filed);
        for (size_t d = 0; d < 3; d++)
            took_part(t, who, what, rows[i].days[d]);
        counted(t, who, rows[i].expected);
    }
}

/* A town that counts by fiscal years: 31 March belongs to the one before. */
static void a_fiscal_year_of_activities(void **state)
{
    struct town *t = *state;
    static const struct {
        struct date filed;
        const char *expected;
    } rows[] = {{{2031, 3, 31}, "2/3回"}, {{2031, 4, 1}, "1/3回"}, {{2031, 4, 2}, "1/3回"}};
    char id[37], what[80];
    struct person p;
    const char *const *who = somebody(&p, "S50.1.1");
    on(2027, 4, 1);
    designated(t, id);
    field_of(what, "activity", id);
    parameter(t, "premium.window", "fiscal_year", "2030-04-01");
    on(2031, 4, 2);
    took_part(t, who, what, "2030-03-31");
    took_part(t, who, what, "2030-04-01");
    took_part(t, who, what, "2031-03-31");
    took_part(t, who, what, "2031-04-01");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        on_day(rows[i].filed);
        counted(t, who, rows[i].expected);
    }
    parameter(t, "premium.window", "calendar_year_back", "2031-04-03");
}

/* Number and cap of a day change on their day: who files before it is judged as before. */
static void numbers_change_on_their_day(void **state)
{
    struct town *t = *state;
    static const struct {
        struct date filed;
        const char *expected;
    } rows[] = {{{2031, 4, 30}, "充足 3/3"}, {{2031, 5, 1}, "3/4回"}, {{2031, 5, 2}, "充足 4/4"}};
    char id[37], what[80];
    struct person p;
    const char *const *who = somebody(&p, "S50.1.1");
    on(2027, 4, 1);
    designated(t, id);
    field_of(what, "activity", id);
    on(2031, 4, 30);
    took_part(t, who, what, "2031-04-10");
    took_part(t, who, what, "2031-04-11");
    took_part(t, who, what, "2031-04-12");
    took_part(t, who, what, "2031-04-12");
    parameter(t, "premium.min_activities", "4", "2031-05-01");
    parameter(t, "premium.per_day_cap", "2", "2031-05-02");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        on_day(rows[i].filed);
        counted(t, who, rows[i].expected);
    }
    parameter(t, "premium.min_activities", "3", "2031-05-03");
    parameter(t, "premium.per_day_cap", "1", "2031-05-03");
}

/* From the day of the designation; the town may have activities before it count. */
static void the_day_of_the_designation(void **state)
{
    struct town *t = *state;
    char id[37], what[80];
    struct person p;
    const char *const *who = somebody(&p, "S50.1.1");
    on(2027, 7, 10);
    designated(t, id);
    field_of(what, "activity", id);
    on(2027, 7, 12);
    took_part(t, who, what, "2027-07-09");
    took_part(t, who, what, "2027-07-10");
    took_part(t, who, what, "2027-07-11");
    counted(t, who, "2/3回");
    parameter(t, "premium.count_before_designation", "true", "2027-07-12");
    counted(t, who, "充足 3/3");
    parameter(t, "premium.count_before_designation", "false", "2027-07-13");
}

/* --- A designated group and its end --- */

static void noticed(const struct town *t, const char *group, const char *day, char id[37])
{
    char *called = xasprintf("group_name=%s", group), *held = xasprintf("held_on=%s", day);
    const char *const values[] = {called, "activity_name=草刈り", held, "place=霧沢", NULL};
    filed(t, "activity_notice", NULL, values, id);
    xfree(&called);
    xfree(&held);
}

/* What was done through the last day of a designation counts, also once it has ended. */
static void an_abolished_group_counted_until_its_last_day(void **state)
{
    struct town *t = *state;
    static const char *const group[] = {"group_kind=neighbourhood", "group_name=沖の会",
                                        "scope=草刈り", "responsible=沖田 一", NULL};
    static const char *const days[] = {"2027-06-29", "2027-06-30", "2027-07-01"};
    static const struct {
        const char *ended;
        enum status st;
    } ends[] = {{"ended_on=2027-06-27", E_RULE},
                {"ended_on=2027-07-03", E_RULE},
                {"ended_on=2027-06-30", OK}};
    char designation[37], notice[37], what[80];
    struct person p;
    struct error err = {0};
    const char *const *who = somebody(&p, "S50.1.1");
    on(2027, 6, 28);
    filed(t, "group_designation", NULL, group, designation);
    act(t, designation, "decide");
    on(2027, 7, 2);
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        noticed(t, "沖の会", days[i], notice);
        took_part(t, who, field_of(what, "notice", notice), days[i]);
    }
    counted(t, who, "充足 3/3");
    assert_int_equal(action_do(t->clerk, designation, "abolish", "", NULL, &err), E_INVALID);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        const char *const asked[] = {ends[i].ended, NULL};
        enum status st = action_do(t->clerk, designation, "abolish", "団体が解散した", asked, &err);
        if (st != ends[i].st)
            fail_msg("%s: %s", ends[i].ended, error_text(&err));
    }
    stands(t, designation, "state", "abolished");
    stands(t, designation, "ended_on", "2027-06-30");
    stands(t, designation, "decided_on", "2027-06-28");
    counted(t, who, "2/3回");
    static const struct {
        const char *values[3], *text;
    } rows[] = {
        {{"group_name=沖の会", "held_on=R9.6.30"}, NULL},
        {{"group_name=沖の会", "held_on=R9.7.1"}, "廃止されています"},
        {{"group_name=浜の会", "held_on=R9.6.30"}, "団体指定がまだない"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(t, "activity_notice", rows[i].values, "W-GROUP", rows[i].text);
    /* and it may be designated anew */
    says(t, "group_designation", group, "W-GROUP-TWICE", NULL);
}

/* --- How many, and where --- */

#define TOWN(prefecture, town)                                                 \
    "other_registration/+/reg_prefecture=" prefecture, "other_registration/./" \
                                                       "reg_municipality=" town
#define PREFECTURE(prefecture) \
    "other_registration/+/reg_kind=prefecture", "other_registration/./reg_prefecture=" prefecture

static void at_most_three_municipalities(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *values[10], *text;
    } rows[] = {
        {{TOWN("北峰県", "白嶺市")}, NULL},
        {{TOWN("北峰県", "白嶺市"), TOWN("東雲県", "朝凪市")}, NULL},
        {{TOWN("北峰県", "白嶺市"), TOWN("東雲県", "朝凪市"), TOWN("南洲県", "青浜市")}, "4団体"},
        /* this town has its prefecture with it; the same written twice is one */
        {{"co_prefecture=no", TOWN("北峰県", "白嶺市"), TOWN("東雲県", "朝凪市")}, NULL},
        {{TOWN("北峰県", "白嶺市"), TOWN("北峰県", "白嶺市"), TOWN("東雲県", "朝凪市")}, NULL},
        {{TOWN("北峰県", "白嶺市"), PREFECTURE("北峰県"), TOWN("東雲県", "朝凪市")}, NULL},
        {{TOWN("北峰県", "白嶺市"), PREFECTURE("南洲県"), TOWN("東雲県", "朝凪市")}, "4団体"},
    };
    on(2027, 5, 10);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        says(t, "furusato_premium", rows[i].values, "E-PREM-LIMIT", rows[i].text);

    /* A basic registration in the prefecture exempts it, unless the town says otherwise. */
    static const char *const basic[] = {
        TOWN("北峰県", "白嶺市"), TOWN("南洲県", "青浜市"), "other_registration/./reg_level=basic",
        PREFECTURE("南洲県"),     TOWN("東雲県", "朝凪市"), NULL};
    says(t, "furusato_premium", basic, "E-PREM-LIMIT", NULL);
    parameter(t, "premium.pref_exempt_basic", "false", "2027-05-11");
    says(t, "furusato_premium", basic, "E-PREM-LIMIT", NULL); /* the day before */
    on(2027, 5, 11);
    says(t, "furusato_premium", basic, "E-PREM-LIMIT", "4団体");
    parameter(t, "premium.pref_exempt_basic", "true", "2027-05-12");
    parameter(t, "premium.max_municipalities", "4", "2027-05-12");
    on(2027, 5, 12);
    says(t, "furusato_premium", rows[2].values, "E-PREM-LIMIT", NULL);
    parameter(t, "premium.max_municipalities", "3", "2027-05-13");
    parameter(t, "premium.limit_mode", "none", "2027-05-14");
    on(2027, 5, 13);
    says(t, "furusato_premium", rows[2].values, "E-PREM-LIMIT", "3団体までです");
    on(2027, 5, 14);
    says(t, "furusato_premium", rows[2].values, "E-PREM-LIMIT", NULL);
    parameter(t, "premium.limit_mode", "declared", "2027-05-15");
}

/* The municipality's own registration goes: its prefecture counts, and the town judges again. */
static void a_prefecture_counts_when_its_town_goes(void **state)
{
    struct town *t = *state;
    static const char *const values[] = {
        AWAY, PREMIUM, TOWN("南洲県", "青浜市"), PREFECTURE("南洲県"), TOWN("東雲県", "朝凪市"),
        NULL};
    static const char *const level[] = {"premium", "basic"};
    struct person p;
    struct entry *entry;
    struct error err = {0};
    char id[37];
    on(2027, 5, 10);
    filed(t, "furusato_premium", somebody(&p, "S50.1.1"), values, id);
    act(t, id, "decide");
    long over = listed(t, "furusato_premium.over");
    /* 南洲県 with nothing inside, one more elsewhere: with this town 4 */
    must(entry_open(t->clerk, id, &entry, &err), &err);
    const struct instance *instance = entry_instance(entry);
    char *first =
        xasprintf("other_registration/%s", instance_row(instance, "other_registration", 0));
    must(entry_delete_row(entry, first, &err), &err);
    static const char *const more[] = {TOWN("北峰県", "白嶺市"), NULL};
    type_all(entry, more);
    must(entry_correct(entry, "applicant", "青浜市の登録がなくなった", &err), &err);
    entry_free(&entry);
    assert_int_equal(listed(t, "furusato_premium.over"), over + 1);
    /* any registration inside takes it out again */
    for (size_t i = 0; i < ARRAY_LEN(level); i++) {
        char *typed = xasprintf("other_registration/./reg_level=%s", level[i]);
        const char *const again[] = {"other_registration/+/reg_prefecture=南洲県",
                                     "other_registration/./reg_municipality=青浜市", NULL};
        const char *const rest[] = {again[0], again[1], typed, NULL};
        entry = begun(t, "furusato_premium", p.values, (const char *const[]){AWAY, PREMIUM, NULL});
        static const char *const others[] = {TOWN("北峰県", "白嶺市"), PREFECTURE("南洲県"), NULL};
        type_all(entry, others);
        type_all(entry, rest);
        assert_null(finding(entry, "E-PREM-LIMIT"));
        entry_free(&entry);
        xfree(&typed);
    }
    xfree(&first);
}

static void whether_home_may_be_premium(void **state)
{
    struct town *t = *state;
    static const char *const home[] = {HOME, PREMIUM, NULL}, *const away[] = {AWAY, PREMIUM, NULL},
                             *const neighbour[] = {"prefecture=瀬田川県", "municipality=里前町",
                                                   PREMIUM, NULL};
    on(2027, 5, 20);
    says(t, "furusato_premium", away, "E-PREM-HOME", NULL);
    says(t, "furusato_premium", neighbour, "E-PREM-HOME", NULL);
    says(t, "furusato_premium", home, "E-PREM-HOME", "奥霧町に住む人は");
    parameter(t, "premium.allow_home", "true", "2027-05-21");
    says(t, "furusato_premium", home, "E-PREM-HOME", "奥霧町に住む人は");
    on(2027, 5, 21);
    says(t, "furusato_premium", home, "E-PREM-HOME", NULL);
    parameter(t, "premium.allow_home", "false", "2027-05-22");
}

/* --- Guardians --- */

#define BASIC AWAY, "phone=090-1111-1111", "info_consent=yes"

/* Of age from the birthday; who was born on 29 February, on 1 March of a common year. */
static void consent_for_basic_depends_on_the_card(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *birth;
        struct date filed;
        const char *method, *rule; /* basic.minor_consent */
        bool asked;
    } rows[] = {
        {"2009-05-12", {2027, 5, 11}, "identity_method=card_app", "card_only", true},
        {"2009-05-12", {2027, 5, 11}, "identity_method=one", "card_only", false},
        {"2009-05-12", {2027, 5, 11}, NULL, "card_only", false},
        {"2009-05-12", {2027, 5, 11}, NULL, "always", true},
        {"2009-05-12", {2027, 5, 12}, "identity_method=card_app", "always", false},
        {"2009-05-12", {2027, 5, 13}, "identity_method=card_app", "always", false},
        {"2012-02-29", {2030, 2, 28}, "identity_method=card_face", "card_only", true},
        {"2012-02-29", {2030, 3, 1}, "identity_method=card_face", "card_only", false},
        {"2012-02-29", {2030, 2, 28}, NULL, "always", true},
        {"2012-02-29", {2030, 3, 1}, NULL, "always", false},
    };
    static const char *const basic[] = {BASIC, NULL};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person p;
        const char *const more[] = {rows[i].method, NULL};
        char from[16];
        iso_date(from, rows[i].filed);
        on_day(rows[i].filed);
        parameter(t, "basic.minor_consent", rows[i].rule, from);
        struct entry *entry = begun(t, "furusato_basic", somebody(&p, rows[i].birth), basic);
        type_all(entry, more);
        if ((finding(entry, "E-GUARDIAN") != NULL) != rows[i].asked ||
            instance_relevant(entry_instance(entry), "guardian_name") != rows[i].asked)
            fail_msg("row %zu", i);
        entry_free(&entry);
    }
}

/* The age is that of the day of filing, as the town has set it for that day. */
static void the_age_of_consent_changes_on_its_day(void **state)
{
    struct town *t = *state;
    static const char *const premium[] = {AWAY, PREMIUM, NULL};
    static const struct {
        const char *birth;
        struct date filed;
        const char *text;
    } rows[] = {
        {"2009-04-01", {2027, 3, 31}, "18歳未満"}, {"2009-04-01", {2027, 4, 1}, "20歳未満"},
        {"2007-04-01", {2027, 3, 31}, NULL},       {"2007-04-02", {2027, 4, 1}, "20歳未満"},
        {"2007-04-01", {2027, 4, 1}, NULL},
    };
    on(2027, 3, 31);
    parameter(t, "minor.age", "20", "2027-04-01");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person p;
        on_day(rows[i].filed);
        struct entry *entry = begun(t, "furusato_premium", somebody(&p, rows[i].birth), premium);
        const struct finding *found = finding(entry, "E-GUARDIAN");
        if ((found != NULL) != (rows[i].text != NULL) ||
            (found && !strstr(found->message, rows[i].text)))
            fail_msg("row %zu: %s", i, found ? found->message : "nothing");
        entry_free(&entry);
    }
    parameter(t, "minor.age", "18", "2027-04-02");
}

/* --- Long stays --- */

static void a_long_stay_is_of_ten_days(void **state)
{
    struct town *t = *state;
    static const struct {
        struct date filed;
        const char *from, *to, *said;
    } rows[] = {
        {{2028, 3, 10}, "stay_from=2028-02-24", "stay_to=2028-03-03", "9日"},
        {{2028, 3, 10}, "stay_from=2028-02-24", "stay_to=2028-03-04", "10日"},
        {{2028, 3, 10}, "stay_from=2028-02-24", "stay_to=2028-03-05", "11日"},
        /* only what lies within the year before */
        {{2028, 3, 10}, "stay_from=2027-03-01", "stay_to=2027-03-20", "10日"},
        {{2028, 3, 10}, "stay_from=2027-03-01", "stay_to=2027-03-19", "9日"},
    };
    static const char *const wishes[] = {AWAY, PREMIUM, "long_stay=yes", NULL};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person p;
        const char *const *who = somebody(&p, "S50.1.1");
        const char *const stay[] = {rows[i].from, rows[i].to, "base_kind=own", "evidence=lease",
                                    NULL};
        char id[37];
        on_day(rows[i].filed);
        filed(t, "stay_record", who, stay, id);
        struct entry *entry = begun(t, "furusato_premium", who, wishes);
        const struct finding *found = finding(entry, "N-LONGSTAY");
        if (!found || !strstr(found->message, rows[i].said) ||
            !strstr(found->message, "年10日以上"))
            fail_msg("row %zu: %s", i, found ? found->message : "nothing");
        entry_free(&entry);
    }
}

/* --- Statistics --- */

struct lines {
    long registered, related;
};

static struct lines lines_of(const struct town *t, const char *level, const char *as_of)
{
    struct report_result r;
    struct error err = {0};
    struct lines out = {-1, -1};
    must(report_run(t->clerk, "report_furusato", as_of, NULL, &r, &err), &err);
    for (size_t row = 0; row < r.rows; row++) {
        char *const *cells = r.shown.items + row * r.report->column_count;
        if (strcmp(cells[0], level) == 0)
            out = (struct lines){strtol(cells[1], NULL, 10), strtol(cells[2], NULL, 10)};
    }
    report_result_free(&r);
    return out;
}

static void grows(const struct town *t, const char *level, struct lines from, long registered,
                  long related)
{
    struct lines now = lines_of(t, level, NULL);
    if (now.registered != from.registered + registered || now.related != from.related + related)
        fail_msg("%s: %+ld and %+ld, not %+ld and %+ld", level, now.registered - from.registered,
                 now.related - from.related, registered, related);
}

/* Home is the municipality, or the prefecture; both levels alike. */
static void home_is_as_wide_as_the_town_says(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *prefecture, *municipality, *scope;
        bool related;
    } rows[] = {
        {"prefecture=瀬田川県", "municipality=奥霧町", "municipality", false},
        {"prefecture=瀬田川県", "municipality=里前町", "municipality", true},
        {"prefecture=北峰県", "municipality=奥霧町", "municipality", true},
        {"prefecture=瀬田川県", "municipality=奥霧町", "prefecture", false},
        {"prefecture=瀬田川県", "municipality=里前町", "prefecture", false},
        {"prefecture=北峰県", "municipality=雪見町", "prefecture", true},
    };
    on(2027, 6, 10);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person p;
        char id[37];
        parameter(t, "stats.home_scope", rows[i].scope, "2027-06-10");
        struct lines basic = lines_of(t, "ベーシック", NULL),
                     premium = lines_of(t, "プレミアム", NULL);
        const char *const one[] = {rows[i].prefecture,    rows[i].municipality, "address=1",
                                   "phone=090-1111-1111", "info_consent=yes",   NULL};
        const char *const other[] = {rows[i].prefecture, rows[i].municipality, "address=1", PREMIUM,
                                     NULL};
        filed(t, "furusato_basic", somebody(&p, "S50.1.1"), one, id);
        act(t, id, "decide");
        filed(t, "furusato_premium", p.values, other, id);
        act(t, id, "decide");
        grows(t, "ベーシック", basic, 1, rows[i].related);
        grows(t, "プレミアム", premium, 1, rows[i].related);
    }
    /* by the scope of the day of each filing: a change of it moves nobody */
    struct lines basic = lines_of(t, "ベーシック", NULL), premium = lines_of(t, "プレミアム", NULL);
    parameter(t, "stats.home_scope", "municipality", "2027-06-11");
    on(2027, 6, 11);
    grows(t, "ベーシック", basic, 0, 0);
    grows(t, "プレミアム", premium, 0, 0);
}

/* Who is asked whether to stay is registered; who ends is not; who renews early is all the time. */
static void each_state_counts_or_not(void **state)
{
    struct town *t = *state;
    static const char *const basic[] = {BASIC, NULL}, *const premium[] = {AWAY, PREMIUM, NULL};
    struct person p;
    struct error err = {0};
    char id[37];
    on(2027, 6, 20);
    struct lines before = lines_of(t, "ベーシック", NULL);
    filed(t, "furusato_basic", somebody(&p, "S50.1.1"), basic, id);
    grows(t, "ベーシック", before, 0, 0);
    on(2027, 6, 25);
    act(t, id, "decide");
    grows(t, "ベーシック", before, 1, 1);
    assert_int_equal(lines_of(t, "ベーシック", "R9.6.24").registered, before.registered);
    assert_int_equal(lines_of(t, "ベーシック", "R9.6.25").registered, before.registered + 1);
    act(t, id, "ask");
    grows(t, "ベーシック", before, 1, 1);
    must(action_do(t->clerk, id, "erase", "本人の申出", NULL, &err), &err);
    grows(t, "ベーシック", before, 0, 0);

    before = lines_of(t, "プレミアム", NULL);
    filed(t, "furusato_premium", p.values, premium, id);
    act(t, id, "decide");
    stands(t, id, "valid_until", "2028-06-24");
    on(2028, 5, 1);
    long others = lines_of(t, "プレミアム", "R10.5.1").registered;
    act(t, id, "renew");
    stands(t, id, "valid_from", "2028-06-25");
    stands(t, id, "registered_from", "2027-06-25");
    assert_int_equal(lines_of(t, "プレミアム", "R10.5.1").registered, others);
    assert_int_equal(lines_of(t, "プレミアム", "R11.6.24").registered, 1);
    assert_int_equal(lines_of(t, "プレミアム", "R11.6.25").registered, 0);
    must(action_do(t->clerk, id, "cancel", "本人の申出", NULL, &err), &err);
    assert_int_equal(lines_of(t, "プレミアム", "R10.5.1").registered, others - 1);
}

/* 意向確認 after so many days, 解除候補 after so many more, as the town has them that day. */
static void silence_is_as_long_as_the_town_says(void **state)
{
    struct town *t = *state;
    static const char *const basic[] = {BASIC, NULL};
    struct person p;
    char id[37];
    on(2033, 7, 1);
    filed(t, "furusato_basic", somebody(&p, "S50.1.1"), basic, id);
    act(t, id, "decide");
    parameter(t, "inactive.days", "30", "2033-07-02");
    parameter(t, "inactive.reply_days", "1", "2033-07-02");
    static const struct {
        struct date day;
        const char *list;
        long more; /* than the day before */
    } rows[] = {{{2033, 7, 31}, "furusato_basic.ask", 1},
                {{2033, 8, 2}, "furusato_basic.release", 1}};
    on(2033, 7, 30);
    long before = listed(t, rows[0].list);
    on_day(rows[0].day);
    assert_int_equal(listed(t, rows[0].list), before + rows[0].more);
    act(t, id, "ask");
    stands(t, id, "deadline", "2033-08-01");
    on(2033, 8, 1); /* the last day for an answer */
    before = listed(t, rows[1].list);
    on_day(rows[1].day);
    assert_int_equal(listed(t, rows[1].list), before + rows[1].more);
    parameter(t, "inactive.days", "365", "2033-08-03");
    parameter(t, "inactive.reply_days", "30", "2033-08-03");
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_of_activities_has_two_ends),
        cmocka_unit_test(a_fiscal_year_of_activities),
        cmocka_unit_test(numbers_change_on_their_day),
        cmocka_unit_test(the_day_of_the_designation),
        cmocka_unit_test(an_abolished_group_counted_until_its_last_day),
        cmocka_unit_test(at_most_three_municipalities),
        cmocka_unit_test(a_prefecture_counts_when_its_town_goes),
        cmocka_unit_test(whether_home_may_be_premium),
        cmocka_unit_test(consent_for_basic_depends_on_the_card),
        cmocka_unit_test(the_age_of_consent_changes_on_its_day),
        cmocka_unit_test(a_long_stay_is_of_ten_days),
        cmocka_unit_test(home_is_as_wide_as_the_town_says),
        cmocka_unit_test(each_state_counts_or_not),
        cmocka_unit_test(silence_is_as_long_as_the_town_says),
    };
    return cmocka_run_group_tests_name("furusato edges", tests, build_town, tear_town);
}
