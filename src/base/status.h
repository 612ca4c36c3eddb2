/*
 * base/status: the one idiom for errors, used by every room.
 *
 * A function that can fail returns enum status and takes struct error *err as its last argument
 * (NULL when the caller does not care). 0 is success. Nothing below counter and cli prints: they
 * turn the struct into a line with error_text().
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/intl.h"

/* code, message shown when the error carries no detail of its own */
#define STATUS_LIST(X)                                                    \
    X(E_INVALID, N_("入力が正しくありません"))                            \
    X(E_RULE, N_("規則により受け付けられません"))                         \
    X(E_USAGE, N_("使い方が違います"))                                    \
    X(E_NOT_FOUND, N_("見つかりません"))                                  \
    X(E_EXISTS, N_("すでにあります"))                                     \
    X(E_CONFLICT, N_("ほかの変更と食い違っています"))                     \
    X(E_DENIED, N_("この操作をする権限がありません"))                     \
    X(E_PASSWORD, N_("利用者名か合言葉が違います"))                       \
    X(E_BUSY, N_("ほかの処理が使用中です。少し待ってやり直してください")) \
    X(E_IO, N_("読み書きに失敗しました"))                                 \
    X(E_FULL, N_("空き容量がありません"))                                 \
    X(E_CORRUPT, N_("データが壊れています"))                              \
    X(E_LIMIT, N_("上限を超えています"))                                  \
    X(E_UNSUPPORTED, N_("この版では扱えません"))                          \
    X(E_PARSE, N_("書き方が正しくありません"))                            \
    X(E_CRYPTO, N_("署名または暗号を確かめられません"))                   \
    X(E_HELD, N_("保留になりました"))                                     \
    X(E_CANCELLED, N_("取り消しました"))                                  \
    X(E_INTERNAL, N_("プログラムの誤りです"))

enum status {
    OK = 0,
#define STATUS_ENUM(code, text) code,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
};

/* Filled only on failure; every string is terminated. */
struct error {
    enum status code;
    int os_error;      /* errno or extended SQLite code; 0 when there is none */
    char field[128];   /* path of the field the error speaks of, or "" */
    char where[256];   /* "file:line:column", or "" */
    char detail[1024]; /* one sentence for the user in the session's language, or "" */
};

/* The catalogue text of a code ("" for OK). */
const char *status_text(enum status code);
/* The name of a code as written in the source, for logs and tests. */
const char *status_name(enum status code);

void error_clear(struct error *err);

/* Fill err and return code, so that a caller writes `return error_set(err, E_INVALID, _("..."))`.
 */
enum status error_set(struct error *err, enum status code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with errno's text appended; ENOSPC, EDQUOT and EFBIG turn E_IO into E_FULL. */
enum status error_errno(struct error *err, enum status code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a place in a file; line and column start at 1, 0 leaves them out. */
enum status error_at(struct error *err, enum status code, const char *file, size_t line,
                     size_t column, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* Name the field an error already set speaks of; returns err's code. */
enum status error_field(struct error *err, const char *field);

/* One line for the user: place, then detail (or the code's text). Borrowed until the next call. */
const char *error_text(const struct error *err);

#endif
