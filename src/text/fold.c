#include "text/fold.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/xmem.h"
#include "text/kana.h"
#include "text/utf8.h"

/* A name's old or variant kanji, then the common one. Only forms that an office takes for the same
 * name when it looks for it; 坂 and 阪, 杉 and 椙 are different names. */
static const wchar_t variants[] =
    L"髙高﨑崎嵜崎碕崎斎斉齋斉齊斉邊辺邉辺澤沢濱浜濵浜櫻桜廣広國国𠮷吉眞真惠恵"
    L"龍竜瀧滝瀨瀬嶋島嶌島槇槙槗橋德徳黑黒靑青淸清增増壽寿榮栄禮礼應応學学將将"
    L"彌弥豐豊圓円縣県鐵鉄鷗鴎曾曽冨富舘館舩船藏蔵薗園條条蘆芦萬万與与渕淵渊淵"
    L"淺浅溪渓埜野巖巌峯峰峽峡嶽岳檜桧桒桑栁柳桺柳曻昇昻昂晉晋會会傳伝佛仏俱倶"
    L"兒児勳勲剱剣劔剣劍剣單単嚴厳圡土寬寛寳宝寶宝實実尙尚帶帯來来恆恒戶戸拜拝"
    L"收収數数曉暁樂楽橫横步歩每毎氣気濟済狹狭產産穗穂禰祢稻稲籠篭經経總総繩縄"
    L"綠緑緖緒聰聡聲声舍舎莊荘薰薫藝芸藪薮號号衞衛覺覚讓譲豫予贊賛邨村鄕郷釋釈"
    L"關関雙双靈霊靜静顯顕餘余驛駅鷄鶏鹽塩麥麦黃黄龜亀栢柏杦杉兎兔莵兔菟兔";

struct variant {
    uint32_t form, common;
};
enum { VARIANTS = sizeof variants / sizeof *variants / 2 };

static int by_form(const void *a, const void *b)
{
    const struct variant *x = a, *y = b;
    return x->form < y->form ? -1 : x->form > y->form;
}
static uint32_t common_form(uint32_t cp)
{
    static _Thread_local struct variant sorted[VARIANTS];
    if (!sorted[0].form) {
        for (size_t i = 0; i < VARIANTS; i++)
            sorted[i] = (struct variant){(uint32_t)variants[2 * i], (uint32_t)variants[2 * i + 1]};
        qsort(sorted, VARIANTS, sizeof *sorted, by_form);
    }
    const struct variant *found =
        bsearch(&(struct variant){cp, 0}, sorted, VARIANTS, sizeof *sorted, by_form);
    return found ? found->common : cp;
}

/* 0 for what a key leaves out. */
static uint32_t fold_code(uint32_t cp)
{
    if (cp <= 0x20 || cp == 0x3000 || cp == 0x30FB || cp == 0xB7)
        return 0;
    if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212)
        return '-';
    if (cp == 0x3095 || cp == 0x30F5) /* ゕ ヵ */
        return 0x304B;
    if (cp == 0x3096 || cp == 0x30F6) /* 関ヶ原 as 関ケ原 */
        return 0x3051;
    return cp >= 0x3400 ? common_form(cp) : cp;
}

/* Letters that NFKC_Casefold leaves as they are but for the case of A to Z, whatever stands beside
 * them: what most text here is made of, and is folded many times faster without the tables. */
static bool is_plain(uint32_t cp)
{
    return cp < 0x80 || (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3041 && cp <= 0x3094) ||
           (cp >= 0x30A1 && cp <= 0x30FC) || cp == 0x3005;
}

/* UTF-16 without what is malformed; the caller frees. */
static UChar *to_utf16(const char *s, int32_t *count, bool *plain)
{
    size_t len = strlen(s);
    UChar *wide = xcalloc(len + 1, sizeof *wide);
    int32_t n = 0;
    uint32_t cp;
    *plain = true;
    for (size_t at = 0; at < len;) {
        at += utf8_decode(s + at, len - at, &cp);
        *plain = *plain && is_plain(cp);
        if (cp >= 0x10000 && cp < UTF8_BAD) {
            wide[n++] = U16_LEAD(cp);
            wide[n++] = U16_TRAIL(cp);
        } else if (cp < 0x10000) {
            wide[n++] = (UChar)cp;
        }
    }
    *count = n;
    return wide;
}

/* Compatibility forms and case folded. Without ICU's data the text is left as it is. */
static UChar *case_folded(const char *s, int32_t *count)
{
    UErrorCode status = U_ZERO_ERROR;
    bool plain;
    UChar *wide = to_utf16(s, count, &plain);
    for (int32_t i = 0; plain && i < *count; i++)
        wide[i] += wide[i] >= 'A' && wide[i] <= 'Z' ? 'a' - 'A' : 0;
    if (plain)
        return wide;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&status);
    if (U_FAILURE(status))
        return wide;
    /* One code point becomes 18 units at most. */
    int32_t room = *count * 18 + 1;
    UChar *folded = xcalloc((size_t)room, sizeof *folded);
    int32_t n = unorm2_normalize(form, wide, *count, folded, room, &status);
    if (U_FAILURE(status)) {
        xfree(&folded);
        return wide;
    }
    xfree(&wide);
    *count = n;
    return folded;
}

char *fold_text(const char *s)
{
    struct buffer out = BUFFER_INIT;
    int32_t count, at = 0;
    UChar *wide = case_folded(s, &count);
    while (at < count) {
        UChar32 cp;
        char bytes[4];
        U16_NEXT(wide, at, count, cp);
        uint32_t folded = fold_code((uint32_t)cp);
        /* 1ー2 in an address, as an input method gives it for 1-2. */
        if (folded == 0x30FC && out.len && strchr("0123456789", out.data[out.len - 1]))
            folded = '-';
        if (folded)
            buffer_add(&out, bytes, utf8_encode(bytes, folded));
    }
    xfree(&wide);
    char *plain = kana_compose(buffer_text(&out));
    char *key = kana_hiragana(plain);
    xfree(&plain);
    buffer_free(&out);
    return key;
}

static UCollator *collator(void)
{
    static _Thread_local UCollator *own;
    if (!own) {
        UErrorCode status = U_ZERO_ERROR;
        own = ucol_open("ja", &status);
        if (U_FAILURE(status))
            own = NULL;
    }
    return own;
}

bool fold_sort_key(const char *s, struct buffer *out)
{
    UCollator *ja = collator();
    if (!ja)
        return false;
    int32_t count;
    bool plain;
    UChar *wide = to_utf16(s, &count, &plain);
    int32_t need = ucol_getSortKey(ja, wide, count, NULL, 0);
    if (need > 0) {
        buffer_reserve(out, (size_t)need + 1);
        ucol_getSortKey(ja, wide, count, (uint8_t *)out->data + out->len, need);
        out->len += (size_t)need;
        out->data[out->len] = '\0';
    }
    xfree(&wide);
    return need > 0;
}

const char *fold_collator_version(void)
{
    static _Thread_local char text[U_MAX_VERSION_STRING_LENGTH + 8];
    UCollator *ja = collator();
    if (!ja)
        return "none";
    UVersionInfo version;
    char number[U_MAX_VERSION_STRING_LENGTH];
    ucol_getVersion(ja, version);
    u_versionToString(version, number);
    snprintf(text, sizeof text, "ja-%s", number);
    return text;
}
