#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "text/fold.h"
#include "text/grapheme.h"
#include "text/individual_number.h"
#include "text/municipality_code.h"
#include "text/utf8.h"

static bool same_key(const char *a, const char *b)
{
    char *x = fold_text(a), *y = fold_text(b);
    bool same = strcmp(x, y) == 0;
    xfree(&x);
    xfree(&y);
    return same;
}

static void the_same_is_found(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"髙橋", "高橋"},
        {"葛󠄀飾", "葛飾"},
        {"﨑本　一", "崎本一"},
        {"齋藤", "斉藤"},
        {"渡邉󠄂", "渡辺"},
        {"𠮷野家", "吉野家"},
        {"神", "神"},
        {"ﾀﾅｶ", "たなか"},
        {"ガ", "か゛"},
        {"か\xE3\x82\x99", "が"},
        {"ＡＢＣ", "abc"},
        {"１－２−３", "1-2-3"},
        {"関ヶ原", "関ケ原"},
        {"ジョン・スミス", "じょん すみす"},
        {"㈱山田", "(株)山田"},
        {"１ー２", "1-2"},
        {"ヴ", "ゔ"},
        {"山\xFF田", "山田"},
        {"", " 　"},
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        assert_true(same_key(pairs[i][0], pairs[i][1]));
    assert_false(same_key("大阪", "大坂"));
    assert_false(same_key("はし", "ばし"));
    assert_false(same_key("らーめん", "らあめん"));
    /* U+FDFA becomes 18 units, the most that one code point can. */
    char *long_one = fold_text("\xEF\xB7\xBA");
    assert_true(strlen(long_one) > 18);
    xfree(&long_one);
}

/* The letters folded without ICU's tables give what the tables give: a variation selector, which is
 * left out, takes the long way. */
static void the_short_way_is_the_long_one(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp <= 0x9FFF; cp = cp == 0x7F ? 0x3001 : cp + 1) {
        char text[8] = "";
        size_t len = utf8_encode(text, cp);
        char *quick = fold_text(text);
        memcpy(text + len, "\xEF\xB8\x80", 4);
        char *slow = fold_text(text);
        if (strcmp(quick, slow) != 0)
            fail_msg("U+%04X: %s, not %s", (unsigned)cp, quick, slow);
        xfree(&quick);
        xfree(&slow);
    }
}

/* Each form of a name's kanji finds every other; kanji that are names of their own do not. */
static void variants_of_names_are_found(void **state)
{
    (void)state;
    static const char *const families[] = {
        "高髙", "崎﨑嵜碕", "斎斉齋齊", "辺邊邉", "沢澤", "浜濱濵", "桜櫻",   "広廣", "国國",
        "吉𠮷", "真眞",     "恵惠",     "竜龍",   "滝瀧", "瀬瀨",   "島嶋嶌", "橋槗", "槙槇",
        "徳德", "黒黑",     "青靑",     "清淸",   "増增", "寿壽",   "栄榮",   "礼禮", "応應",
        "学學", "将將",     "弥彌",     "豊豐",   "円圓", "県縣",   "鉄鐵",   "曽曾", "富冨",
        "船舩", "蔵藏",     "条條",     "芦蘆",   "万萬", "与與",   "渕淵渊", "浅淺", "野埜",
        "巌巖", "峰峯",     "峡峽",     "岳嶽",   "桧檜", "柳栁",   "会會",   "伝傳", "仏佛",
        "児兒", "剣劍劔剱", "単單",     "厳嚴",   "土圡", "寛寬",   "宝寶",   "実實", "来來",
        "恒恆", "戸戶",     "拝拜",     "収收",   "数數", "暁曉",   "楽樂",   "横橫", "歩步",
        "毎每", "気氣",     "済濟",     "産產",   "穂穗", "稲稻",   "経經",   "総總", "縄繩",
        "緑綠", "緒緖",     "聡聰",     "声聲",   "舎舍", "荘莊",   "薫薰",   "芸藝", "号號",
        "衛衞", "覚覺",     "譲讓",     "予豫",   "郷鄕", "釈釋",   "関關",   "双雙", "霊靈",
        "静靜", "顕顯",     "余餘",     "駅驛",   "鶏鷄", "塩鹽",   "麦麥",   "黄黃", "亀龜",
    };
    static const char *const apart[] = {"坂阪", "杉椙", "川河", "島鳥", "太大", "田由"};
    for (size_t i = 0; i < ARRAY_LEN(families) + ARRAY_LEN(apart); i++) {
        bool same = i < ARRAY_LEN(families);
        const char *all = same ? families[i] : apart[i - ARRAY_LEN(families)];
        size_t len = strlen(all), first = grapheme_next(all, len, 0);
        char *one = xasprintf("山%.*s", (int)first, all);
        for (size_t at = first, next; at < len; at = next) {
            next = grapheme_next(all, len, at);
            char *other = xasprintf("山%.*s", (int)(next - at), all + at);
            if (same_key(one, other) != same)
                fail_msg("%s and %s", one, other);
            xfree(&other);
        }
        xfree(&one);
    }
}

static int order(const char *a, const char *b)
{
    struct buffer x = BUFFER_INIT, y = BUFFER_INIT;
    assert_true(fold_sort_key(a, &x));
    assert_true(fold_sort_key(b, &y));
    size_t shorter = x.len < y.len ? x.len : y.len;
    int result = memcmp(x.data, y.data, shorter);
    if (result == 0)
        result = (x.len > y.len) - (x.len < y.len);
    buffer_free(&x);
    buffer_free(&y);
    return result;
}

static void names_are_ordered(void **state)
{
    (void)state;
    static const char *const rising[] = {"",       "あい",   "アオキ", "かとう",
                                         "がとう", "サトウ", "亜",     "高"};
    for (size_t i = 1; i < ARRAY_LEN(rising); i++)
        assert_true(order(rising[i - 1], rising[i]) < 0);
    assert_true(strlen(fold_collator_version()) > 3);
}

static void individual_numbers_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool found;
    } table[] = {
        {"123456789018", true},      {"番号は１２３４－５６７８－９０１８です", true},
        {"1234 5678 9018", true},    {"1234　5678ー9018", true},
        {"123456789018 2026", true}, {"2026 1234-5678-9018", true},
        {"1234-5678-9018 11", true}, {"123456789019", false},
        {"1234567890189", false},    {"1234-5678-9018-1", false},
        {"0123456789018", false},    {"1234--5678-9018", false},
        {"1234・5678・9018", true},  {"1234･5678·9018", true},
        {"1234.5678.9018", false},   {"12345678901", false},
        {"090-1234-5678", false},    {"", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        assert_int_equal(individual_number_in(table[i].text), table[i].found);
    /* Of the ten last digits exactly one is right. */
    for (int first = 0; first < 1000; first++) {
        char text[16];
        int right = 0;
        for (int last = 0; last < 10; last++) {
            memset(text, '7', sizeof text);
            text[0] = (char)('0' + first % 10);
            text[3] = (char)('0' + first / 10 % 10);
            text[9] = (char)('0' + first / 100);
            text[11] = (char)('0' + last);
            text[12] = '\0';
            right += individual_number_in(text);
        }
        assert_int_equal(right, 1);
    }
    assert_int_equal(digit_run_longest("12 a 345-6789"), 7);
    assert_int_equal(digit_run_longest("山"), 0);
    assert_int_equal(digit_run_longest("１２"), 2);
}

static void municipality_codes(void **state)
{
    (void)state;
    /* 北海道, 札幌市, 東京都千代田区 and others as everybody knows them */
    static const char *const codes[] = {"010006", "011002", "131016", "271004", "473821", "130001"};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        assert_int_equal(municipality_code_check(codes[i]), codes[i][5]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_found),
        cmocka_unit_test(variants_of_names_are_found),
        cmocka_unit_test(the_short_way_is_the_long_one),
        cmocka_unit_test(names_are_ordered),
        cmocka_unit_test(individual_numbers_are_found),
        cmocka_unit_test(municipality_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
