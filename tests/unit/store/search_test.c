/* Finding people by what somebody remembers of them. */
#include "store/concealed.h"
#include "store_fixture.h"
#include "text/fold.h"

static struct store *store;

static enum status put_all(void *context, struct error *err)
{
    static const struct {
        const char *record, *person, *number, *family, *given, *family_kana, *given_kana, *birth,
            *phone, *postcode, *address, *merged;
        bool is_person, hidden;
    } rows[] = {
        {"p1", "p1", "", "髙﨑", "澄江", "タカサキ", "スミエ", "1945-03-03", "0999-12-3456",
         "999-0101", "瀬田川県奥霧町霧沢１－２", "", true, false},
        {"p2", "p2", "", "渡邉", "健吾", "ワタナベ", "ケンゴ", "1988-07-14", "090-1111-2222",
         "999-0102", "北峰県雪見町桜一丁目", "", true, false},
        {"p3", "p3", "", "𠮷田", "ハル", "ヨシダ", "ハル", "1950-01-01", "090-3333-4444", "",
         "北峰県白嶺市", "", true, false},
        {"p4", "p4", "", "秘密野", "静", "ヒミツノ", "シズカ", "1970-02-02", "090-5555-6666",
         "999-0104", "隠れ県隠れ町", "", true, true},
        {"p5", "p5", "", "渡邊", "健吾", "ワタナベ", "ケンゴ", "1988-07-14", "", "", "", "p2", true,
         false},
        {"r1", "p1", "令9-霧沢-FB-00045-7", "髙﨑", "澄江", "タカサキ", "スミエ", "1945-03-03", "",
         "", "", "", false, false},
        {"r4", "p4", "令9-霧沢-FB-00046-5", "秘密野", "静", "ヒミツノ", "シズカ", "1970-02-02",
         "090-5555-6666", "", "", "", false, false},
        {"r5", "p5", "令9-霧沢-FB-00047-3", "渡邊", "健吾", "ワタナベ", "ケンゴ", "", "", "", "",
         "", false, false},
        {"r6", "", "令9-霧沢-IN-00002-4", "", "", "", "", "", "", "", "", "", false, false},
        {"r7", "", "令9-上瀬-IN-00012-3", "", "", "", "", "", "", "", "", "", false, false},
    };
    enum status st = OK;
    (void)context;
    for (size_t i = 0; !st && i < ARRAY_LEN(rows); i++) {
        const struct search_value values[] = {
            {SEARCH_NAME, "name", rows[i].family},      {SEARCH_NAME, "name", rows[i].given},
            {SEARCH_KANA, "name", rows[i].family_kana}, {SEARCH_KANA, "name", rows[i].given_kana},
            {SEARCH_BIRTH, "", rows[i].birth},          {SEARCH_PHONE, "", rows[i].phone},
            {SEARCH_POSTCODE, "", rows[i].postcode},    {SEARCH_ADDRESS, "", rows[i].address},
            {SEARCH_NUMBER, "", rows[i].number},
        };
        const struct search_record record = {.record = rows[i].record,
                                             .form =
                                                 rows[i].is_person ? "person" : "furusato_basic",
                                             .person = rows[i].person,
                                             .receipt_no = rows[i].number,
                                             .merged_into = rows[i].merged,
                                             .is_person = rows[i].is_person,
                                             .hidden = rows[i].hidden,
                                             .values = values,
                                             .count = ARRAY_LEN(values)};
        st = search_put(store, &record, err);
    }
    return st;
}

static int build(void **state)
{
    struct error err = {0};
    fixture_build(state);
    store = store_named("search", NULL);
    must(store_transaction(store, put_all, NULL, &err), &err);
    return 0;
}

static int tear(void **state)
{
    store_free(&store);
    return fixture_tear(state);
}

/* Their ids in order, joined by spaces. */
static char *found(const char *text, bool hidden)
{
    struct search_hits hits;
    struct error err = {0};
    struct buffer out = BUFFER_INIT;
    must(search_query(store, text, hidden, 0, 20, &hits, &err), &err);
    for (size_t i = 0; i < hits.count; i++)
        buffer_printf(&out, "%s%s", i ? " " : "", hits.items[i].record);
    search_hits_free(&hits);
    return buffer_steal(&out);
}

static void one_box_finds_it(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *found;
    } rows[] = {
        {"髙﨑", "p1 r1"},
        {"高崎", "p1 r1"}, /* as most people type it */
        {"渡辺", "p2 r5"},
        {"渡邊", "p2 r5"},
        {"渡邉健吾", "p2 r5"},
        {"吉田", "p3"},
        {"澄江", "p1 r1"}, /* inside */
        {"たかさき", "p1 r1"},
        {"タカサキ", "p1 r1"},
        {"ﾀｶｻｷ", "p1 r1"},
        {"ﾀｶ", "p1 r1"},
        {"タカサキスミエ", "p1 r1"},
        {"タカサキ　スミエ", "p1 r1"},
        {"すみえ", "p1 r1"}, /* a reading that begins nowhere */
        {"ハル", "p3"},
        {"わたなべ", "p2 r5"},
        {"0999-12-3456", "p1"},
        {"0999123456", "p1"},
        {"０９９９１２", "p1"},
        {"090-1111", "p2"},
        {"999-0102", "p2"},
        {"9990102", "p2"},
        {"９９９－０１０２", "p2"},
        {"1988-07-14", "p2"},
        {"19880714", "p2"},
        {"S63.7.14", "p2"},
        {"昭和63年7月14日", "p2"},
        {"令9-霧沢-FB-00045-7", "r1"},
        {"令9-霧沢-IN-00002-4", "r6"},
        {"令９－霧沢－ＩＮ－００００２", "r6"},
        {"令9-霧沢-IN", "r6"},
        {"霧沢-IN-00002", "r6"},
        {"霧沢-in-0", "r6"},
        {"上瀬-IN-00012-3", "r7"},
        {"IN-00002", "r6"},
        {"in-00002-4", "r6"},
        {"IN-0", "r6 r7"},
        {"IN", "r6 r7"},
        {"IN-00003", ""},
        {"上瀬-IN-00002", ""},
        {"00002", "r6"},
        {"00012-3", "r7"},
        {"00045", "r1"},
        {"桜一丁目", "p2"},
        {"霧沢1-2", "p1"},
        {"いない", ""},
        {"山", ""},
        {"", ""},
        {"   ", ""},
        {"%", ""},
        {"\"' OR 1=1 --", ""},
        {"*", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *ids = found(rows[i].typed, false);
        if (strcmp(ids, rows[i].found) != 0)
            fail_msg("「%s」 finds %s, not %s", rows[i].typed, ids, rows[i].found);
        xfree(&ids);
    }
}

/* Neither they nor their records, by whatever is asked, except by those who may. */
static void protected_people_are_not_found(void **state)
{
    (void)state;
    static const char *const typed[] = {
        "秘密野",     "秘密",    "ヒミツノ",
        "ひみつの",   "静",      "090-5555-6666",
        "1970-02-02", "S45.2.2", "令9-霧沢-FB-00046-5",
        "999-0104",   "隠れ県",  "シズカ",
    };
    struct error err = {0};
    struct search_candidates same;
    for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
        char *nobody = found(typed[i], false), *somebody = found(typed[i], true);
        if (*nobody)
            fail_msg("「%s」 finds %s", typed[i], nobody);
        if (!*somebody)
            fail_msg("「%s」 finds nobody", typed[i]);
        xfree(&nobody);
        xfree(&somebody);
    }
    must(search_candidates(store, "ヒミツノシズカ", "1970-02-02", "090-5555-6666", "", "", false, 9,
                           &same, &err),
         &err);
    assert_int_equal(same.count, 0);
    must(search_candidates(store, "ヒミツノシズカ", "1970-02-02", "090-5555-6666", "", "", true, 9,
                           &same, &err),
         &err);
    assert_int_equal(same.count, 1);
    assert_int_equal(same.items[0].same, SAME_KANA_BIRTH | SAME_PHONE);
    search_candidates_free(&same);
    assert_true(concealed_record(store, "p4"));
    assert_false(concealed_record(store, "p1"));
}

static void a_merged_person_is_the_other(void **state)
{
    (void)state;
    struct error err = {0};
    struct search_hits hits;
    char person[37];
    must(search_person(store, "p5", person, &err), &err);
    assert_string_equal(person, "p2");
    must(search_person(store, "p1", person, &err), &err);
    assert_string_equal(person, "p1");
    must(search_of_person(store, "p2", &hits, &err), &err);
    bool theirs = false;
    for (size_t i = 0; i < hits.count; i++)
        theirs = theirs || strcmp(hits.items[i].record, "r5") == 0;
    assert_true(theirs);
    search_hits_free(&hits);
}

static void pages_follow_one_another(void **state)
{
    (void)state;
    struct error err = {0};
    struct search_hits one, two;
    must(search_query(store, "渡邉", false, 0, 1, &one, &err), &err);
    assert_int_equal(one.count, 1);
    assert_true(one.more);
    must(search_query(store, "渡邉", false, 1, 1, &two, &err), &err);
    assert_int_equal(two.count, 1);
    assert_false(two.more);
    assert_string_not_equal(one.items[0].record, two.items[0].record);
    search_hits_free(&one);
    search_hits_free(&two);
}

enum { CROWD = 3300, CROWD_PAGE = 130 }; /* more than are sorted */

static enum status put_crowd(void *context, struct error *err)
{
    static const char *const names[] = {"嵐 太郎", "五十 嵐", "五十 花"};
    enum status st = OK;
    (void)context;
    for (int i = 0; !st && i < CROWD; i++) {
        char id[16];
        snprintf(id, sizeof id, "c%d", i);
        const struct search_value values[] = {
            {SEARCH_NAME, "name", names[i % 3]},
            {SEARCH_ADDRESS, "", i % 3 == 2 ? "嵐山町" : "平町"},
        };
        const struct search_record record = {.record = id,
                                             .form = "person",
                                             .person = id,
                                             .receipt_no = "",
                                             .merged_into = "",
                                             .is_person = true,
                                             .values = values,
                                             .count = 2};
        st = search_put(store, &record, err);
    }
    return st;
}

static enum status remove_crowd(void *context, struct error *err)
{
    enum status st = OK;
    (void)context;
    for (int i = 0; !st && i < CROWD; i++) {
        char id[16];
        snprintf(id, sizeof id, "c%d", i);
        st = search_remove(store, id, err);
    }
    return st;
}

/* Names that begin with it, names with it inside, addresses: each of them once. */
static void all_of_a_crowd_are_found(void **state)
{
    (void)state;
    struct error err = {0};
    bool seen[CROWD] = {false}, more = true;
    int last = 0;
    must(store_transaction(store, put_crowd, NULL, &err), &err);
    for (long at = 0; more; at += CROWD_PAGE) {
        struct search_hits hits;
        must(search_query(store, "嵐", false, at, CROWD_PAGE, &hits, &err), &err);
        for (size_t i = 0; i < hits.count; i++) {
            int who = atoi(hits.items[i].record + 1);
            assert_false(seen[who]);
            assert_true(who % 3 >= last);
            last = who % 3;
            seen[who] = true;
        }
        more = hits.more;
        search_hits_free(&hits);
    }
    for (int i = 0; i < CROWD; i++)
        assert_true(seen[i]);
    must(store_transaction(store, remove_crowd, NULL, &err), &err);
}

static void what_is_removed_leaves_no_word(void **state)
{
    (void)state;
    struct error err = {0};
    must(search_remove(store, "p3", &err), &err);
    must(search_optimize(store, &err), &err);
    char *ids = found("吉田", true);
    assert_string_equal(ids, "");
    xfree(&ids);
    must(store_transaction(store, put_all, NULL, &err), &err); /* put again is put once */
    ids = found("吉田", true);
    assert_string_equal(ids, "p3");
    xfree(&ids);
}

/* A newer ICU orders otherwise: keys of another version are made anew, and only then. */
static void sort_keys_follow_the_collator(void **state)
{
    struct error err = {0};
    struct database *db = store_database(store);
    char *before = NULL, *after = NULL, *version = NULL;
    const char all[] = "SELECT group_concat(record||sort) FROM (SELECT * FROM search ORDER BY id)";
    (void)state;
    must(database_string(db, &err, &before, all, ""), &err);
    must(database_script(db, "UPDATE search SET sort='00'", &err), &err);
    must(search_renew(store, &err), &err);
    must(database_string(db, &err, &after, all, ""), &err);
    assert_string_not_equal(after, before); /* the same collator: nothing to do */
    xfree(&after);
    must(store_set_fact(store, "collator", "ja-1.2", &err), &err);
    must(search_renew(store, &err), &err);
    must(database_string(db, &err, &after, all, ""), &err);
    assert_string_equal(after, before);
    version = store_fact(store, "collator");
    assert_string_equal(version, fold_collator_version());
    xfree(&before);
    xfree(&after);
    xfree(&version);
}

/* Last: the store is not whole after it. */
static void who_cannot_be_asked_for_is_protected(void **state)
{
    struct error err = {0};
    (void)state;
    assert_false(concealed_record(store, "p1"));
    must(database_script(store_database(store), "DROP VIEW concealed", &err), &err);
    assert_true(concealed_record(store, "p1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sort_keys_follow_the_collator),
        cmocka_unit_test(one_box_finds_it),
        cmocka_unit_test(protected_people_are_not_found),
        cmocka_unit_test(a_merged_person_is_the_other),
        cmocka_unit_test(pages_follow_one_another),
        cmocka_unit_test(all_of_a_crowd_are_found),
        cmocka_unit_test(what_is_removed_leaves_no_word),
        cmocka_unit_test(who_cannot_be_asked_for_is_protected),
    };
    return cmocka_run_group_tests_name("store/search", tests, build, tear);
}
