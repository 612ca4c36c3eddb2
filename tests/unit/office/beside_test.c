/* A record beside what stood before it: which that is, and what of it has changed. */
#include "rules_fixture.h"

#include "office/beside.h"

static const char *const who[] = {"family_name=奥霧田",     "given_name=ナギ",
                                  "family_kana=オクギリダ", "given_kana=ナギ",
                                  "birth_date=S50.2.2",     NULL};

static void corrected(const struct town *t, const char *id, const char *const *values)
{
    struct entry *entry;
    struct error err = {0};
    must(entry_open(t->clerk, id, &entry, &err), &err);
    type_all(entry, values);
    must(entry_correct(entry, "applicant", "本人の申出", &err), &err);
    entry_free(&entry);
}

static const struct beside_row *row_of(const struct beside *b, const char *label)
{
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->items[i].label, label) == 0)
            return &b->items[i];
    return NULL;
}

/* `what` begins what stands before; as many fields changed; one of them, with its two values. */
static void stands_beside(const struct town *t, const char *id, const char *what, size_t changed,
                          const char *label, const char *before, const char *now)
{
    struct beside b;
    struct error err = {0};
    must(beside_load(t->clerk, id, false, &b, &err), &err);
    if (!str_starts(b.what, what))
        fail_msg("%s", b.what);
    for (size_t i = 0; b.changed != changed && i < b.count; i++)
        if (b.items[i].changed)
            print_error("%s: %s > %s\n", b.items[i].label, b.items[i].before, b.items[i].now);
    assert_int_equal(b.changed, changed);
    if (label) {
        const struct beside_row *row = row_of(&b, label);
        assert_non_null(row);
        assert_string_equal(row->before, before);
        assert_string_equal(row->now, now);
        assert_int_equal(row->changed, strcmp(before, now) != 0);
    }
    beside_free(&b);
}

static void corrections_then_the_same_person_then_nothing(void **state)
{
    struct town *t = *state;
    char first[37], second[37];
    const char *const one[] = {"prefecture=北峰県",   "municipality=雪見町", "address=1-1",
                               "phone=050-1111-1111", "info_consent=yes",    NULL};
    const char *const two[] = {"prefecture=北峰県",   "municipality=雪見町", "address=1-1",
                               "phone=050-1111-2222", "info_consent=yes",    NULL};
    static const char *const phone[] = {"phone=050-1111-3333", NULL};
    static const char *const mail[] = {"email=nagi@example.jp", NULL};
    static const char *const values[] = {"deadline=R9.4.30", NULL};
    struct error err = {0};
    on(2027, 4, 5);
    filed(t, "furusato_basic", who, one, first);
    stands_beside(t, first, "", 0, NULL, NULL, NULL);
    on(2027, 4, 6);
    filed(t, "furusato_basic", who, two, second);
    stands_beside(t, second, "同じ人の前の記録 令9-役場-FB-", 1, "電話", "050-1111-1111",
                  "050-1111-2222");
    /* what was corrected since the town asked: all of it together, and nothing from before */
    corrected(t, second, phone);
    must(action_do(t->clerk, second, "request_correction", "電話", values, &err), &err);
    on(2027, 4, 8);
    static const char *const again[] = {"phone=050-1111-4444", NULL};
    corrected(t, second, again);
    corrected(t, second, mail);
    must(action_do(t->clerk, second, "resubmit", "", NULL, &err), &err);
    stands_beside(t, second, "訂正（R9.4.8）の前", 2, "電話", "050-1111-3333", "050-1111-4444");
    stands_beside(t, second, "訂正（R9.4.8）の前", 2, "メール", "", "nagi@example.jp");
}

/* A renewal is beside what it renewed; rows that were taken away and added are there. */
static void renewals_and_rows(void **state)
{
    struct town *t = *state;
    char id[37];
    struct error err = {0};
    const char *const more[] = {"prefecture=北峰県",
                                "municipality=雪見町",
                                "address=1-1",
                                "phone=050-2222-1111",
                                "info_consent=yes",
                                "activities=泥上げ",
                                "identity_method=card_ic",
                                "other_registration/+/reg_prefecture=南洲県",
                                "other_registration/./reg_municipality=青浜市",
                                NULL};
    on(2027, 5, 10);
    filed(t, "furusato_premium", who, more, id);
    struct entry *entry;
    must(entry_open(t->clerk, id, &entry, &err), &err);
    char *row = xasprintf("other_registration/%s",
                          instance_row(entry_instance(entry), "other_registration", 0));
    must(entry_delete_row(entry, row, &err), &err);
    must(entry_correct(entry, "applicant", "登録をやめた", &err), &err);
    entry_free(&entry);
    xfree(&row);
    stands_beside(t, id, "訂正（R9.5.10）の前", 4, "登録先の市区町村", "青浜市", "");
    act(t, id, "decide");
    stands_beside(t, id, "登録を決定（R9.5.10）の前", 3, "有効期限", "", "令和10年5月9日");
    on(2028, 5, 1);
    act(t, id, "renew");
    stands_beside(t, id, "更新（R10.5.1）の前", 2, "有効期限", "令和10年5月9日", "令和11年5月9日");
}

int main(int argc, char **argv)
{
    RULES_CHILDREN(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corrections_then_the_same_person_then_nothing),
        cmocka_unit_test(renewals_and_rows),
    };
    return cmocka_run_group_tests_name("office/beside", tests, build_town, tear_town);
}
