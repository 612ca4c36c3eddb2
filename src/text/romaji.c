#include "text/romaji.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/strings.h"

static const char vowels[] = "aiueo";

/* What stands before the vowel, then the kana with a, i, u, e, o; NULL where there is none. */
static const struct {
    const char *head;
    const char *kana[5];
} rows[] = {
    {"", {"あ", "い", "う", "え", "お"}},
    {"k", {"か", "き", "く", "け", "こ"}},
    {"s", {"さ", "し", "す", "せ", "そ"}},
    {"t", {"た", "ち", "つ", "て", "と"}},
    {"n", {"な", "に", "ぬ", "ね", "の"}},
    {"h", {"は", "ひ", "ふ", "へ", "ほ"}},
    {"m", {"ま", "み", "む", "め", "も"}},
    {"y", {"や", "い", "ゆ", "いぇ", "よ"}},
    {"r", {"ら", "り", "る", "れ", "ろ"}},
    {"w", {"わ", "うぃ", "う", "うぇ", "を"}},
    {"g", {"が", "ぎ", "ぐ", "げ", "ご"}},
    {"z", {"ざ", "じ", "ず", "ぜ", "ぞ"}},
    {"d", {"だ", "ぢ", "づ", "で", "ど"}},
    {"b", {"ば", "び", "ぶ", "べ", "ぼ"}},
    {"p", {"ぱ", "ぴ", "ぷ", "ぺ", "ぽ"}},
    {"c", {"か", "し", "く", "せ", "こ"}},
    {"f", {"ふぁ", "ふぃ", "ふ", "ふぇ", "ふぉ"}},
    {"j", {"じゃ", "じ", "じゅ", "じぇ", "じょ"}},
    {"q", {"くぁ", "くぃ", "く", "くぇ", "くぉ"}},
    {"v", {"ゔぁ", "ゔぃ", "ゔ", "ゔぇ", "ゔぉ"}},
    {"ky", {"きゃ", "きぃ", "きゅ", "きぇ", "きょ"}},
    {"sy", {"しゃ", "しぃ", "しゅ", "しぇ", "しょ"}},
    {"sh", {"しゃ", "し", "しゅ", "しぇ", "しょ"}},
    {"ty", {"ちゃ", "ちぃ", "ちゅ", "ちぇ", "ちょ"}},
    {"ch", {"ちゃ", "ち", "ちゅ", "ちぇ", "ちょ"}},
    {"cy", {"ちゃ", "ちぃ", "ちゅ", "ちぇ", "ちょ"}},
    {"ts", {"つぁ", "つぃ", "つ", "つぇ", "つぉ"}},
    {"th", {"てゃ", "てぃ", "てゅ", "てぇ", "てょ"}},
    {"tw", {"とぁ", "とぃ", "とぅ", "とぇ", "とぉ"}},
    {"ny", {"にゃ", "にぃ", "にゅ", "にぇ", "にょ"}},
    {"hy", {"ひゃ", "ひぃ", "ひゅ", "ひぇ", "ひょ"}},
    {"fy", {"ふゃ", "ふぃ", "ふゅ", "ふぇ", "ふょ"}},
    {"fw", {"ふぁ", "ふぃ", "ふぅ", "ふぇ", "ふぉ"}},
    {"hw", {"ふぁ", "ふぃ", NULL, "ふぇ", "ふぉ"}},
    {"my", {"みゃ", "みぃ", "みゅ", "みぇ", "みょ"}},
    {"ry", {"りゃ", "りぃ", "りゅ", "りぇ", "りょ"}},
    {"gy", {"ぎゃ", "ぎぃ", "ぎゅ", "ぎぇ", "ぎょ"}},
    {"zy", {"じゃ", "じぃ", "じゅ", "じぇ", "じょ"}},
    {"jy", {"じゃ", "じぃ", "じゅ", "じぇ", "じょ"}},
    {"dy", {"ぢゃ", "ぢぃ", "ぢゅ", "ぢぇ", "ぢょ"}},
    {"dh", {"でゃ", "でぃ", "でゅ", "でぇ", "でょ"}},
    {"dw", {"どぁ", "どぃ", "どぅ", "どぇ", "どぉ"}},
    {"by", {"びゃ", "びぃ", "びゅ", "びぇ", "びょ"}},
    {"py", {"ぴゃ", "ぴぃ", "ぴゅ", "ぴぇ", "ぴょ"}},
    {"vy", {"ゔゃ", "ゔぃ", "ゔゅ", "ゔぇ", "ゔょ"}},
    {"qy", {"くゃ", "くぃ", "くゅ", "くぇ", "くょ"}},
    {"qw", {"くぁ", "くぃ", "くぅ", "くぇ", "くぉ"}},
    {"kw", {"くぁ", "くぃ", "くぅ", "くぇ", "くぉ"}},
    {"gw", {"ぐぁ", "ぐぃ", "ぐぅ", "ぐぇ", "ぐぉ"}},
    {"sw", {"すぁ", "すぃ", "すぅ", "すぇ", "すぉ"}},
    {"wh", {"うぁ", "うぃ", "う", "うぇ", "うぉ"}},
    {"wy", {NULL, "ゐ", NULL, "ゑ", NULL}},
    {"x", {"ぁ", "ぃ", "ぅ", "ぇ", "ぉ"}},
    {"l", {"ぁ", "ぃ", "ぅ", "ぇ", "ぉ"}},
    {"xy", {"ゃ", "ぃ", "ゅ", "ぇ", "ょ"}},
    {"ly", {"ゃ", "ぃ", "ゅ", "ぇ", "ょ"}},
    {"xk", {"ゕ", NULL, NULL, "ゖ", NULL}},
    {"lk", {"ゕ", NULL, NULL, "ゖ", NULL}},
    {"xt", {NULL, NULL, "っ", NULL, NULL}},
    {"lt", {NULL, NULL, "っ", NULL, NULL}},
    {"xts", {NULL, NULL, "っ", NULL, NULL}},
    {"lts", {NULL, NULL, "っ", NULL, NULL}},
    {"xw", {"ゎ", NULL, NULL, NULL, NULL}},
    {"lw", {"ゎ", NULL, NULL, NULL, NULL}},
};

static const struct {
    const char *keys;
    const char *kana;
} others[] = {
    {"nn", "ん"}, {"n'", "ん"}, {"xn", "ん"}, {"-", "ー"}, {",", "、"},
    {".", "。"},  {"[", "「"},  {"]", "」"},  {"/", "・"}, {"~", "～"},
};

static bool is_vowel(char c)
{
    return c && strchr(vowels, c);
}

/* The kana of exactly these keys, or NULL. */
static const char *kana_of(const char *keys, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (strcmp(others[i].keys, keys) == 0)
            return others[i].kana;
    if (!is_vowel(keys[len - 1]))
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strlen(rows[i].head) == len - 1 && strncmp(rows[i].head, keys, len - 1) == 0)
            return rows[i].kana[strchr(vowels, keys[len - 1]) - vowels];
    return NULL;
}

/* Whether more keys can still make a kana of these. */
static bool may_grow(const char *keys)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_starts(rows[i].head, keys))
            return true;
    return false;
}

static void drop(struct romaji *r, size_t count)
{
    r->pending_len -= count;
    memmove(r->pending, r->pending + count, r->pending_len + 1);
}

static bool doubled(const char *keys)
{
    return keys[0] >= 'a' && keys[0] <= 'z' && keys[0] != 'n' && !is_vowel(keys[0]) &&
           (keys[0] == keys[1] || (keys[0] == 't' && keys[1] == 'c'));
}

/* Hepburn writes ん before b, m and p as m: Namba, Shimpo. */
static bool nasal(const char *keys)
{
    return (keys[0] == 'n' && keys[1]) || (keys[0] == 'm' && keys[1] && strchr("bp", keys[1]));
}

/* Turns what waits into kana until only the beginning of a kana is left. */
static void settle(struct romaji *r)
{
    while (r->pending_len > 0) {
        const char *kana = kana_of(r->pending, r->pending_len);
        if (kana) {
            buffer_add_text(&r->kana, kana);
            drop(r, r->pending_len);
        } else if (may_grow(r->pending)) {
            return;
        } else if (doubled(r->pending)) {
            buffer_add_text(&r->kana, "っ");
            drop(r, 1);
        } else if (nasal(r->pending)) {
            buffer_add_text(&r->kana, "ん");
            drop(r, 1);
        } else {
            buffer_add_char(&r->kana, r->pending[0]);
            drop(r, 1);
        }
    }
}

void romaji_key(struct romaji *r, char c)
{
    if ((unsigned char)c >= 0x80) {
        romaji_finish(r);
        buffer_add_char(&r->kana, c);
        return;
    }
    r->pending[r->pending_len++] = (char)tolower((unsigned char)c);
    r->pending[r->pending_len] = '\0';
    settle(r);
}

bool romaji_backspace(struct romaji *r)
{
    if (r->pending_len > 0) {
        r->pending[--r->pending_len] = '\0';
        return true;
    }
    if (r->kana.len == 0)
        return false;
    size_t at = r->kana.len - 1;
    while (at > 0 && ((unsigned char)r->kana.data[at] & 0xC0) == 0x80)
        at--;
    buffer_splice(&r->kana, at, r->kana.len - at, NULL, 0);
    return true;
}

void romaji_finish(struct romaji *r)
{
    buffer_add_text(&r->kana, strcmp(r->pending, "n") == 0 ? "ん" : r->pending);
    drop(r, r->pending_len);
}

const char *romaji_kana(const struct romaji *r)
{
    return buffer_text(&r->kana);
}

const char *romaji_pending(const struct romaji *r)
{
    return r->pending;
}

void romaji_clear(struct romaji *r)
{
    buffer_clear(&r->kana);
    drop(r, r->pending_len);
}

void romaji_free(struct romaji *r)
{
    romaji_clear(r);
    buffer_free(&r->kana);
}

char *romaji_to_hiragana(const char *s)
{
    struct romaji r = {BUFFER_INIT, "", 0};
    for (; *s; s++)
        romaji_key(&r, *s);
    romaji_finish(&r);
    return buffer_steal(&r.kana);
}

const char *romaji_keys(const char *kana, size_t *len)
{
    static char keys[ROMAJI_PENDING_MAX + 1];
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (str_starts(kana, others[i].kana)) {
            *len = strlen(others[i].kana);
            return others[i].keys;
        }
    *len = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t v = 0; v < ARRAY_LEN(rows[i].kana); v++) {
            const char *made = rows[i].kana[v];
            if (!made || strlen(made) <= *len || !str_starts(kana, made))
                continue;
            *len = strlen(made);
            snprintf(keys, sizeof keys, "%s%c", rows[i].head, vowels[v]);
        }
    return *len ? keys : NULL;
}
