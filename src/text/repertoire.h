/*
 * text/repertoire: which character set a letter belongs to (文字の範囲), found by trying to convert
 * it. Says what another system may not hold before anything is sent there; office and the command
 * line ask.
 */
#ifndef TEXT_REPERTOIRE_H
#define TEXT_REPERTOIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/status.h"

/* bit, name for programs, for people. A letter may be in several sets: 﨑 is in CP932's extension
 * and in JIS X 0213. */
#define REPERTOIRE_LIST(X)                                           \
    X(IN_ASCII, "ascii", N_("半角英数字"))                           \
    X(IN_HALF_KANA, "half_kana", N_("半角カナ"))                     \
    X(IN_JIS_OTHER, "jis_x_0208", N_("JIS非漢字"))                   \
    X(IN_JIS_LEVEL_1, "jis_level_1", N_("JIS第1水準"))               \
    X(IN_JIS_LEVEL_2, "jis_level_2", N_("JIS第2水準"))               \
    X(IN_CP932_EXTENSION, "cp932_extension", N_("CP932の拡張文字"))  \
    X(IN_JIS_LEVEL_3, "jis_x_0213_plane_1", N_("JIS X 0213 第1面"))  \
    X(IN_JIS_LEVEL_4, "jis_x_0213_plane_2", N_("JIS X 0213 第2面"))  \
    X(IN_JIS_X_0212, "jis_x_0212", N_("JIS X 0212（補助漢字）のみ")) \
    X(IS_GAIJI, "gaiji", N_("外字"))                                 \
    X(IS_COMPATIBILITY, "compatibility_ideograph", N_("互換漢字"))   \
    X(HAS_IVS, "ivs", N_("異体字セレクタ付き"))                      \
    X(BEYOND_JIS, "beyond_jis", N_("JIS外"))

enum repertoire_bit {
#define REPERTOIRE_ENUM(bit, name, text) bit##_BIT,
    REPERTOIRE_LIST(REPERTOIRE_ENUM)
#undef REPERTOIRE_ENUM
        REPERTOIRE_COUNT,
};
enum repertoire {
#define REPERTOIRE_ENUM(bit, name, text) bit = 1 << bit##_BIT,
    REPERTOIRE_LIST(REPERTOIRE_ENUM)
#undef REPERTOIRE_ENUM
};

/* Of one grapheme cluster of len bytes. 第1面 and 第2面 are said of what JIS X 0208 lacks, 補助漢字
 * of what no other set here has. */
unsigned repertoire_of(const char *cluster, size_t len);
/* Appends the texts of all bits, "、" between; for programs the names, a blank between. */
void repertoire_text(unsigned bits, struct buffer *out);
void repertoire_names(unsigned bits, struct buffer *out);
/* Appends "「𠮷」（U+20BB7、JIS X 0213 第1面）" for each letter of text that the encoding lacks,
 * each once, "、" between; nothing when it has them all. E_UNSUPPORTED for an unknown encoding. */
enum status repertoire_lacking(const char *encoding, const char *text, struct buffer *out,
                               struct error *err);
/* Appends "U+845B U+E0100" for the code points of a cluster. */
void repertoire_codes(const char *cluster, size_t len, struct buffer *out);

#endif
