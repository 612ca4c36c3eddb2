/*
 * store/settings: what this data directory is (設定): the file `settings`, lines `key=value`.
 *
 * Every key is a row of one table with its type, default and bounds; a key of a newer program is
 * kept as it stands, a wrong value is refused with its line. Office reads it when it opens the
 * directory, set-up and the command line write it. Nothing here is secret and nothing here decides
 * a rule of the town: those are parameters of the registry.
 */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/language.h"
#include "base/status.h"

struct settings;

#define SETTINGS_FILE "settings"

/* key, type, default, least or choices, what it is */
#define SETTINGS_LIST(X)                                                                         \
    X("role", SETTING_CHOICE, "counter", "counter|laptop|town", N_("この場所の役割"))            \
    X("town", SETTING_TEXT, "", "", N_("町の名"))                                                \
    X("town.root", SETTING_HASH, "", "", N_("町の根の鍵の指紋（登録のとき紙で照合したもの）"))   \
    X("office", SETTING_TEXT, "", "", N_("局・支所の名"))                                        \
    X("office.short", SETTING_TEXT, "", "", N_("受付番号に使う局・支所の短い名"))                \
    X("device", SETTING_TEXT, "", "", N_("端末の名"))                                            \
    X("device.id", SETTING_HASH, "", "", N_("端末の鍵の指紋"))                                   \
    X("training", SETTING_YES_NO, "no", "", N_("研修用（番号と印刷物に見本と入る）"))            \
    X("language", SETTING_CHOICE, "", "|" LANGUAGE_CODES, N_("画面のことば（空=環境のとおり）")) \
    X("ambiguous", SETTING_CHOICE, "1", "1|2", N_("端末が①※○などに使う桁"))                      \
    X("lock.minutes", SETTING_NUMBER, "3", "0..120",                                             \
      N_("操作がないとき閉じるまでの分（0=閉じない）"))                                          \
    X("escape.ms", SETTING_NUMBER, "50", "0..1000", N_("Escキーを待つ時間（ミリ秒）"))           \
    X("auto_next", SETTING_YES_NO, "no", "", N_("欄がいっぱいになったら次へ進む"))               \
    X("dictionaries", SETTING_TEXT, "/usr/share/skk", "",                                        \
      N_("かな漢字変換の名前・地名の辞書（SKK）のあるフォルダー"))                               \
    X("receiver.encoding", SETTING_ENCODING, "CP932", "",                                        \
      N_("渡す先のシステムの文字コード。ない字を名の欄で知らせる（空=知らせない）"))             \
    X("print.command", SETTING_TEXT, "", "", N_("印刷する命令（空=ファイルに書くだけ）"))        \
    X("export.directory", SETTING_TEXT, "", "", N_("送付便を書く場所（空=bundles/out）"))        \
    X("attach.directory", SETTING_TEXT, "", "", N_("添付を探し始めるフォルダー（空=家）"))         \
    X("disk.plain", SETTING_YES_NO, "no", "",                                                    \
      N_("巡回の端末を暗号化されていないディスクでも使う（管理者の判断）"))                      \
    X("backup.daily", SETTING_NUMBER, "7", "1..400", N_("残す日ごとの控えの数"))                 \
    X("backup.monthly", SETTING_NUMBER, "12", "0..400", N_("残す月ごとの控えの数"))

/* An empty set (all defaults) for a directory that is being set up. */
struct settings *settings_new(void);
/* Reads DIR/settings. E_NOT_FOUND: nothing was set up in dir; the message says how to. E_PARSE and
 * E_INVALID name file and line. */
enum status settings_load(const char *dir, struct settings **out, struct error *err);
void settings_free(struct settings **settings);

/* The value, or the key's default; "" for a key nobody knows. Borrowed until the next set. */
const char *settings_get(const struct settings *settings, const char *key);
bool settings_is(const struct settings *settings, const char *key, const char *value);
long settings_number(const struct settings *settings, const char *key);
/* The table, row by row: the key, what is allowed ("" for text) and what it is, translated. */
size_t settings_count(void);
const char *settings_row(size_t i, const char **bounds, const char **text);
/* E_NOT_FOUND: no such key (the nearest is named). E_INVALID: says what is allowed. */
enum status settings_set(struct settings *settings, const char *key, const char *value,
                         struct error *err);
/* Writes DIR/settings whole or not at all. */
enum status settings_save(const struct settings *settings, const char *dir, struct error *err);

#endif
