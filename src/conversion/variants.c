#include "conversion/variants.h"

#include <string.h>

#include "base/xmem.h"
#include "text/grapheme.h"

/* The common form, then the others, the more frequent ones first. */
static const char *const families[] = {
    "高髙",
    "崎﨑嵜碕",
    "辺邊邉",
    "斎齋",
    "斉齊",
    "吉𠮷",
    "沢澤",
    "浜濱濵",
    "島嶋嶌",
    "桜櫻",
    "国國",
    "竜龍",
    "辻\u8fbb\U000E0100",
    "葛\u845b\U000E0100",
    "広廣",
    "恵惠",
    "真眞",
    "滝瀧",
    "富冨",
    "関關",
    "塩鹽",
    "黒黑",
    "戸戶",
    "徳德",
    "緑綠",
    "静靜",
    "実實",
    "寿壽",
    "栄榮",
    "条條",
    "柳栁",
    "橋𣘺",
    "船舩",
    "曽曾",
    "芦蘆",
    "桧檜",
    "槙槇",
    "館舘",
    "神\uFA19",
    "祥\uFA1A",
    "福\uFA1B",
    "靖\uFA1C",
    "精\uFA1D",
    "祐\uFA4F",
    "隆\uF9DC",
    "都\uFA26",
    "塚\uFA10",
    "益\uFA17",
    "礼\uFA18",
    "渚\uFA46",
    "逸\uFA67",
    "海\uFA45",
    "梅\uFA44",
    "朗\uF929",
    "晴\uFA12",
};

enum { WORDS = 4, MOST = 24 };

/* The rest of the family the cluster belongs to, NULL when it has none. */
static const char *others_of(const char *cluster, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        size_t first = grapheme_next(families[i], strlen(families[i]), 0);
        if (first == len && memcmp(families[i], cluster, len) == 0)
            return families[i] + first;
    }
    return NULL;
}

static void add_forms(struct strings *words, const char *word)
{
    size_t size = strlen(word);
    for (size_t at = 0; at < size;) {
        size_t next = grapheme_next(word, size, at);
        const char *others = others_of(word + at, next - at);
        for (size_t o = 0, end = others ? strlen(others) : 0; o < end;) {
            size_t after = grapheme_next(others, end, o);
            char *form =
                xasprintf("%.*s%.*s%s", (int)at, word, (int)(after - o), others + o, word + next);
            if (words->count < MOST && strings_find(words, form) < 0)
                strings_add(words, form);
            xfree(&form);
            o = after;
        }
        at = next;
    }
}

void variants_add(struct strings *words)
{
    size_t count = words->count < WORDS ? words->count : WORDS;
    for (size_t i = 0; i < count; i++) {
        char *word = xstrdup(words->items[i]); /* the list moves while it grows */
        add_forms(words, word);
        xfree(&word);
    }
}
