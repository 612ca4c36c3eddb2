/* What is printed with a QR code, which codes are believed, and what is recorded from one. */
#include "rules_fixture.h"

#include "base/buffer.h"
#include "crypto/token.h"
#include "office/card.h"
#include "office/dispose.h"
#include "office/people.h"
#include "office/recordview.h"
#include "office/scanning.h"
#include "store/journal.h"
#include "store/registry.h"

static const char *const kiryu[] = {"family_name=桐生",     "given_name=みなと",
                                    "family_kana=キリュウ", "given_kana=ミナト",
                                    "birth_date=S63.7.14",  NULL},
                         *const isurugi[] = {"family_name=石動",     "given_name=ハル",
                                             "family_kana=イスルギ", "given_kana=ハル",
                                             "birth_date=S20.3.3",   NULL},
                         *const basic[] = {"prefecture=北峰県", "municipality=雪見町",
                                           "address=1-2",       "phone=090-1111-2222",
                                           "info_consent=yes",  NULL},
                         *const premium[] = {"prefecture=北峰県",
                                             "municipality=雪見町",
                                             "address=1-2",
                                             "phone=090-1111-2222",
                                             "activities=水路の泥上げ",
                                             "identity_method=card_ic",
                                             "info_consent=yes",
                                             NULL},
                         *const works[] = {"group_name=霧沢自治会",
                                           "activity_name=霧沢水路の泥上げ", "held_on=R9.4.1",
                                           "place=霧沢", NULL};

static const struct field *card_field(const struct town *t, const char *name)
{
    const struct form *form;
    struct error err = {0};
    must(catalogue_form(office_catalogue(t->office), "activity_record", 0, &form, &err), &err);
    return form_field(form, name);
}

static void decide(const struct town *t, const char *record)
{
    static const char *const day[] = {"decided_on=R9.4.1", NULL};
    struct error err = {0};
    must(action_do(t->clerk, record, "decide", "", day, &err), &err);
}

static void registered(const struct town *t, const char *const *person, char id[37])
{
    filed(t, "furusato_basic", person, basic, id);
    decide(t, id);
}

static char *code_of(const struct town *t, const char *record)
{
    struct card_face face;
    struct error err = {0};
    must(card_make(t->clerk, record, &face, &err), &err);
    char *code = xstrdup(face.token);
    card_face_free(&face);
    return code;
}

/* Reads it as a card of a participant; "" in text: it is good. */
static void reads_as(const struct town *t, struct session *session, const char *code,
                     enum status status, const char *text)
{
    struct card_found found;
    struct error err = {0};
    enum status st = card_read(session, card_field(t, "card"), code, &found, &err);
    if (st != status || (st && !strstr(error_text(&err), text)))
        fail_msg("%s (%s), not %s", status_name(st), error_text(&err), text);
    card_found_free(&found);
}

static void reads(const struct town *t, const char *code, enum status status, const char *text)
{
    reads_as(t, t->clerk, code, status, text);
}

/* --- Giving it out --- */

static void only_who_is_registered_gets_a_card(void **state)
{
    const struct town *t = *state;
    char id[37], sheet[37];
    struct card_face face;
    struct error err = {0};
    filed(t, "furusato_basic", kiryu, basic, id);
    assert_int_equal(card_make(t->clerk, id, &face, &err), E_RULE);
    assert_non_null(strstr(error_text(&err), "受付"));
    decide(t, id);
    must(card_make(t->clerk, id, &face, &err), &err);
    assert_string_equal(face.title, "登録証");
    assert_null(strstr(face.token, "桐"));
    assert_true(strings_find(&face.lines, "桐生 みなと") > 0);
    card_face_free(&face);
    filed(t, "activity_notice", NULL, works, sheet);
    char path[256], *text;
    must(card_print(t->clerk, sheet, path, &text, &err), &err);
    assert_non_null(strstr(text, "QR参加用紙"));
    assert_non_null(strstr(text, "霧沢水路の泥上げ"));
    assert_non_null(strstr(text, " 20 ____"));
    assert_true(file_exists(path));
    xfree(&text);
    /* a form that gives nothing out */
    struct record_view view;
    must(record_view_load(t->clerk, id, false, &view, &err), &err);
    assert_true(view.carded);
    assert_int_equal(card_make(t->clerk, view.person, &face, &err), E_RULE);
    record_view_free(&view);
}

/* --- Believing it --- */

static void a_good_card_is_read(void **state)
{
    const struct town *t = *state;
    char id[37];
    struct card_found found;
    struct error err = {0};
    registered(t, kiryu, id);
    char *code = code_of(t, id), *wide = xstrdup("");
    reads(t, code, OK, "");
    for (const char *c = code; *c; c++) { /* as a keyboard that writes kana sends it */
        char *more = xasprintf("%s\xef%c%c", wide, *c >= 'A' ? '\xbc' : '\xbc',
                               *c >= 'A' ? (char)(0xa1 + *c - 'A') : (char)(0x90 + *c - '0'));
        xfree(&wide);
        wide = more;
    }
    must(card_read(t->clerk, NULL, wide, &found, &err), &err);
    assert_string_equal(found.record, id);
    assert_string_equal(found.form, "furusato_basic");
    assert_string_equal(found.title, "桐生 みなと");
    assert_string_equal(found.state, "登録");
    assert_int_equal(found.until.year, 0);
    assert_non_null(strstr(found.printed_by, "担当課1"));
    card_found_free(&found);
    xfree(&code);
    xfree(&wide);
}

static void codes_of_others_are_refused(void **state)
{
    const struct town *t = *state;
    char id[37], text[TOKEN_LENGTH + 1], fingerprint[65], device[65];
    struct error err = {0};
    uint8_t seed[SEAL_SEED_SIZE] = {7};
    struct seal_key key;
    registered(t, kiryu, id);
    must(setup_fingerprints(t->office, fingerprint, device, &err), &err);
    seal_key_from_seed(&key, seed);
    struct token token = {.kind = TOKEN_PERSON, .issued = clock_today()};
    snprintf(token.record, sizeof token.record, "%s", id);
    assert_true(token_sign(&token, &key, fingerprint, text));
    reads(t, text, E_CRYPTO, "登録簿にない端末");
    char *other = xstrdup(fingerprint);
    other[0] = other[0] == '0' ? '1' : '0';
    assert_true(token_sign(&token, &key, other, text));
    reads(t, text, E_DENIED, "ほかの町");
    /* A key of the other town that calls itself ours is not known here either. */
    other[0] = fingerprint[0];
    other[63] = other[63] == '0' ? '1' : '0';
    assert_true(token_sign(&token, &key, other, text));
    reads(t, text, E_CRYPTO, "登録簿にない端末");
    xfree(&other);
    reads(t, "4901234567894", E_INVALID, "里窓のQRではありません");
    reads(t, "", E_INVALID, "里窓のQRではありません");
    char *code = code_of(t, id);
    code[60] = code[60] == 'A' ? 'B' : 'A';
    reads(t, code, E_CRYPTO, "署名が合いません");
    code[150] = '\0';
    reads(t, code, E_INVALID, "欠けている");
    xfree(&code);
}

static void a_revoked_device_gives_out_nothing_more(void **state)
{
    struct town *t = *state;
    char id[37], town[65], device[65];
    struct error err = {0};
    registered(t, kiryu, id);
    on(2027, 4, 5);
    char *before = code_of(t, id);
    on(2027, 4, 6);
    char *day = code_of(t, id);
    must(setup_fingerprints(t->office, town, device, &err), &err);
    /* by the root key itself: the town may not end the key it works with; what it wrote stays good
     */
    int64_t seq;
    char head[HASH_HEX_SIZE];
    must(journal_head(office_store(t->office), device, &seq, head, &err), &err);
    struct key_pair *root;
    struct registry_revocation gone = {.reason = xstrdup("盗難")};
    snprintf(gone.id, sizeof gone.id, "%s", device);
    strings_take(&gone.heads, registry_head(device, seq, head));
    must(keyring_open(office_dir(t->office), KEY_ROOT, "admin", session_keys(t->admin)->user, &root,
                      &err),
         &err);
    must(registry_revoke(office_registry(t->office), root, &gone, &err), &err);
    key_pair_free(&root);
    registry_revocation_free(&gone);
    reads(t, day, E_CRYPTO, "失効した端末");
    reads(t, before, OK, "");
    xfree(&before);
    xfree(&day);
}

static void a_card_ends(void **state)
{
    const struct town *t = *state;
    char id[37];
    filed(t, "furusato_premium", kiryu, premium, id);
    decide(t, id);
    char *code = code_of(t, id);
    on(2028, 3, 31);
    reads(t, code, OK, "");
    on(2028, 4, 1);
    reads(t, code, E_RULE, "有効期限（令和10年3月31日");
    xfree(&code);
}

static void a_card_of_an_ended_registration_is_refused(void **state)
{
    const struct town *t = *state;
    char one[37], two[37], sheet[37];
    struct error err = {0};
    registered(t, kiryu, one);
    registered(t, isurugi, two);
    filed(t, "activity_notice", NULL, works, sheet);
    char *cancelled = code_of(t, one), *erased = code_of(t, two), *paper = code_of(t, sheet);
    must(action_do(t->clerk, one, "cancel", "返事がないため", NULL, &err), &err);
    must(action_do(t->clerk, two, "erase", "本人の申出", NULL, &err), &err);
    reads(t, cancelled, E_RULE, "解除");
    reads(t, erased, E_RULE, "抹消");
    reads(t, paper, E_INVALID, "用紙のQRです");
    struct card_found found;
    assert_int_equal(card_read(t->clerk, card_field(t, "activity"), cancelled, &found, &err),
                     E_INVALID);
    assert_non_null(strstr(error_text(&err), "人の登録証のQRです"));
    card_found_free(&found);
    assert_int_equal(card_read(t->clerk, card_field(t, "activity"), paper, &found, &err),
                     E_INVALID);
    assert_non_null(strstr(error_text(&err), "「担い手活動の届出」のQRです"));
    card_found_free(&found);
    must(card_read(t->clerk, card_field(t, "notice"), paper, &found, &err), &err);
    card_found_free(&found);
    xfree(&cancelled);
    xfree(&erased);
    xfree(&paper);
}

static void a_card_issued_again_ends_the_one_before(void **state)
{
    static const char *const lost[] = {"change_kind=reissue", "levels=basic",
                                       "change_reason=なくした", "changed_on=R9.4.5", NULL};
    const struct town *t = *state;
    char id[37], change[37];
    struct error err = {0};
    registered(t, kiryu, id);
    char *old = code_of(t, id);
    on(2027, 4, 5);
    filed(t, "furusato_change", kiryu, lost, change);
    must(action_do(t->clerk, change, "take", "", NULL, &err), &err);
    char *new = code_of(t, id);
    reads(t, old, E_RULE, "再発行（令和9年4月5日");
    reads(t, new, OK, "");
    xfree(&old);
    xfree(&new);
}

static void what_was_disposed_of_is_no_card(void **state)
{
    const struct town *t = *state;
    char id[37];
    struct error err = {0};
    struct strings records = STRINGS_INIT;
    size_t done;
    registered(t, kiryu, id);
    char *code = code_of(t, id), path[256];
    must(card_print(t->clerk, id, path, NULL, &err), &err);
    must(action_do(t->clerk, id, "erase", "本人の申出", NULL, &err), &err);
    on(2040, 4, 2);
    strings_add(&records, id);
    must(dispose_records(t->admin, &records, "保存期間満了", &done, &err), &err);
    assert_int_equal(done, 1);
    struct card_found found;
    assert_int_not_equal(card_read(t->clerk, card_field(t, "card"), code, &found, &err), OK);
    assert_null(strstr(error_text(&err), "桐生"));
    card_found_free(&found);
    assert_false(file_exists(path));
    strings_free(&records);
    xfree(&code);
}

/* --- What comes of it --- */

/* Somebody may not see that there is a protected person: the card is as one that is not here. */
static void a_card_tells_nothing_of_a_protected_person(void **state)
{
    static const char *const roles[] = {"clerk"};
    const struct town *t = *state;
    char id[37], path[256];
    struct error err = {0};
    struct session *mado;
    struct record_view view;
    struct scanning *scanning;
    struct scan_result result;
    registered(t, kiryu, id);
    char *code = code_of(t, id);
    must(setup_add_user(t->admin, "mado", "窓口", roles, 1, PASSWORD, &err), &err);
    must(session_login(t->office, "mado", PASSWORD, &mado, &err), &err);
    reads_as(t, mado, code, OK, "");
    must(record_view_load(t->clerk, id, false, &view, &err), &err);
    char *person = xstrdup(view.person);
    record_view_free(&view);
    must(people_protect(t->clerk, person, "R10.3.31", "申出", &err), &err);
    reads_as(t, mado, code, E_NOT_FOUND, "まだここに届いていません");
    reads(t, code, OK, "");
    assert_int_equal(card_print(t->clerk, id, path, NULL, &err), E_DENIED);
    must(scanning_new(mado, "activity_record", NULL, &scanning, &err), &err);
    must(entry_type(scanning_same(scanning), "activity_other", "草刈り", &err), &err);
    must(entry_type(scanning_same(scanning), "confirmed_by", "水上谷", &err), &err);
    scanning_push(scanning, code);
    assert_true(scanning_step(scanning, false, &result));
    assert_int_equal(result.outcome, SCAN_DRAFT);
    assert_string_equal(result.title, "");
    assert_null(strstr(result.text, "桐生"));
    scanning_free(&scanning);

    /* Opened again it still says nothing; and who it is once anybody may know. */
    struct entry *draft;
    must(entry_resume(mado, result.record, &draft, &err), &err);
    assert_string_equal(instance_get(entry_instance(draft), "family_name"), "");
    char *kept = entry_edit_text(draft, "card");
    assert_string_equal(kept, code);
    xfree(&kept);
    entry_free(&draft);
    must(people_protect(t->clerk, person, NULL, "本人の申出", &err), &err);
    must(entry_resume(mado, result.record, &draft, &err), &err);
    assert_string_equal(instance_get(entry_instance(draft), "card"), id);
    assert_string_equal(instance_get(entry_instance(draft), "family_name"), "桐生");
    entry_free(&draft);
    scan_result_free(&result);
    xfree(&person);
    session_free(&mado);
    xfree(&code);
}

static void next_is(struct scanning *s, const char *code, enum scan_outcome outcome,
                    const char *title, const char *text)
{
    struct scan_result result;
    if (code)
        scanning_push(s, code);
    assert_true(scanning_step(s, false, &result));
    if (result.outcome != outcome || !strstr(result.title, title) || !strstr(result.text, text))
        fail_msg("%d %s %s", result.outcome, result.title, result.text);
    scan_result_free(&result);
}

static void cards_are_read_one_after_the_other(void **state)
{
    const struct town *t = *state;
    char one[37], two[37], sheet[37];
    struct error err = {0};
    struct scanning *s;
    struct scan_result result;
    registered(t, kiryu, one);
    registered(t, isurugi, two);
    filed(t, "activity_notice", NULL, works, sheet);
    char *first = code_of(t, one), *second = code_of(t, two), *paper = code_of(t, sheet);
    must(scanning_new(t->clerk, "activity_record", NULL, &s, &err), &err);
    assert_non_null(scanning_lacks(s));
    scanning_push(s, first);
    assert_false(scanning_step(s, false, &result)); /* nobody knows yet of what */
    next_is(s, paper, SCAN_SET, "霧沢水路の泥上げ", "");
    assert_non_null(scanning_lacks(s));
    must(entry_type(scanning_same(s), "confirmed_by", "水上谷", &err), &err);
    assert_null(scanning_lacks(s));
    next_is(s, NULL, SCAN_DONE, "桐生 みなと", "AR-");
    next_is(s, "hello", SCAN_REFUSED, "", "里窓のQRではありません");
    next_is(s, first, SCAN_TWICE, "桐生 みなと", "もう記録されています");
    next_is(s, second, SCAN_DONE, "石動 ハル", "AR-");
    assert_int_equal(scanning_count(s, SCAN_DONE), 2);
    assert_int_equal(scanning_waiting(s), 0);
    assert_false(scanning_step(s, false, &result));
    scanning_free(&s);

    /* left before it was decided of what: a draft, not nothing */
    must(scanning_new(t->clerk, "activity_record", NULL, &s, &err), &err);
    scanning_push(s, first);
    assert_true(scanning_step(s, true, &result));
    assert_int_equal(result.outcome, SCAN_DRAFT);
    assert_string_equal(result.title, "桐生 みなと");
    struct entry *draft;
    must(entry_resume(t->clerk, result.record, &draft, &err), &err);
    assert_string_equal(instance_get(entry_instance(draft), "card"), one);
    assert_string_equal(instance_get(entry_instance(draft), "method"), "qr");
    entry_free(&draft);
    scan_result_free(&result);
    scanning_free(&s);

    /* about one record from the beginning */
    struct form_rows forms;
    must(scanning_forms(t->clerk, sheet, &forms, &err), &err);
    assert_int_equal(forms.count, 1);
    form_rows_free(&forms);
    must(scanning_forms(t->clerk, one, &forms, &err), &err);
    assert_int_equal(forms.count, 0);
    form_rows_free(&forms);
    must(scanning_new(t->clerk, "activity_record", sheet, &s, &err), &err);
    assert_string_equal(instance_get(entry_instance(scanning_same(s)), "notice"), sheet);
    assert_string_equal(instance_get(entry_instance(scanning_same(s)), "activity_on"),
                        "2027-04-01");
    scanning_free(&s);
    assert_int_equal(scanning_new(t->clerk, "furusato_basic", NULL, &s, &err), E_INVALID);
    xfree(&first);
    xfree(&second);
    xfree(&paper);
}

/* What is filled in is of the person read last, and who it is the record is linked to. */
static void a_form_takes_who_was_read(void **state)
{
    const struct town *t = *state;
    char one[37], two[37];
    struct error err = {0};
    struct entry *entry;
    struct record_view view;
    registered(t, kiryu, one);
    registered(t, isurugi, two);
    char *first = code_of(t, one), *second = code_of(t, two);
    static const char *const values[] = {"activity_other=草刈り", "activity_on=R9.4.1", "method=1",
                                         "confirmed_by=水上谷", NULL};
    entry = begun(t, "activity_record", NULL, values);
    struct instance *in = entry_instance(entry);
    must(entry_type(entry, "card", first, &err), &err);
    assert_string_equal(instance_get(in, "family_name"), "桐生");
    must(entry_type(entry, "card", second, &err), &err);
    assert_string_equal(instance_get(in, "family_name"), "石動");
    assert_string_equal(instance_get(in, "birth_date"), "1945-03-03");
    assert_string_equal(instance_get(in, "card"), two);
    char *shown = entry_display(entry, "card");
    assert_string_equal(shown, "石動 ハル");
    xfree(&shown);
    must(record_view_load(t->clerk, two, false, &view, &err), &err);
    assert_string_equal(instance_get(in, "person"), view.person);
    record_view_free(&view);
    /* what is refused stays as it was typed, and with the draft */
    first[10] = first[10] == 'A' ? 'B' : 'A';
    assert_int_equal(entry_type(entry, "card", first, &err), E_INVALID);
    assert_non_null(entry_problem(entry, "card", NULL));
    must(entry_save_draft(entry, "card", &err), &err);
    char draft[37];
    snprintf(draft, sizeof draft, "%s", entry_id(entry));
    entry_free(&entry);
    must(entry_resume(t->clerk, draft, &entry, &err), &err);
    shown = entry_edit_text(entry, "card");
    assert_string_equal(shown, first);
    xfree(&shown);
    must(entry_type(entry, "card", second, &err), &err);
    char id[37];
    struct receipt receipt;
    finalise(entry, id, &receipt);
    entry_free(&entry);
    xfree(&first);
    xfree(&second);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], KEYRING_CHILD_ARGUMENT) == 0)
        return keyring_child_main();
#define TOWN_TEST(test) cmocka_unit_test_setup_teardown(test, build_town, tear_town)
    const struct CMUnitTest tests[] = {
        TOWN_TEST(only_who_is_registered_gets_a_card),
        TOWN_TEST(a_good_card_is_read),
        TOWN_TEST(codes_of_others_are_refused),
        TOWN_TEST(a_revoked_device_gives_out_nothing_more),
        TOWN_TEST(a_card_ends),
        TOWN_TEST(a_card_of_an_ended_registration_is_refused),
        TOWN_TEST(a_card_issued_again_ends_the_one_before),
        TOWN_TEST(what_was_disposed_of_is_no_card),
        TOWN_TEST(a_card_tells_nothing_of_a_protected_person),
        TOWN_TEST(cards_are_read_one_after_the_other),
        TOWN_TEST(a_form_takes_who_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
