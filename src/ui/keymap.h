/*
 * ui/keymap: every key of the program in one table (鍵表): key, twin (Esc and a letter, for
 * terminals that lack or steal the key), action, label of the bottom line, help text. The bottom
 * line, F1 and the manual are made from it. One key has one meaning everywhere.
 */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stddef.h>

#include "base/intl.h"

/* action, key (see key codes in keymap.c), twin letter, label, help */
#define ACTION_LIST(X)                                                                       \
    X(ACT_HELP, K_F(1), 'h', N_("F1説明"), N_("この画面の使い方と、いまの欄の説明"))         \
    X(ACT_CANDIDATES, K_F(2), 'c', N_("F2候補"), N_("選べるものの一覧"))                     \
    X(ACT_COPY, K_F(3), 'd', N_("F3複写"), N_("前件からこの欄の値を写す"))                   \
    X(ACT_LATE, K_F(4), 't', N_("F4後入力"), N_("紙で受けたものを、実際の受付日時で入れる")) \
    X(ACT_SEARCH, K_F(5), 's', N_("F5検索"), N_("人と記録を探す"))                           \
    X(ACT_KANA, K_F(6), 'k', N_("F6かな"), N_("かな漢字変換を使う・やめる"))                 \
    X(ACT_DETAIL, 0, 'v', N_("Esc-v詳細"), N_("履歴など、さらに詳しく"))                     \
    X(ACT_NEXT_PROBLEM, K_F(7), 'n', N_("F7不備"), N_("次の不備へ"))                         \
    X(ACT_HOLD, K_F(8), 'p', N_("F8保留"), N_("保留にする（連絡日と覚えを付ける）"))         \
    X(ACT_UNDO, K_F(9), 'u', N_("F9戻す"), N_("この欄の入力を一つ前に戻す"))                 \
    X(ACT_CONFIRM, K_F(10), 'g', N_("F10確認"), N_("確認画面へ、または確定"))                \
    X(ACT_BACK, 27, 0, N_("Esc戻る"), N_("一つ前へ。入力は失われない"))                      \
    X(ACT_ENTER, '\r', 0, N_("Enter決定"), N_("次の欄へ、または選ぶ"))                       \
    X(ACT_NEXT, '\t', 0, N_("Tab次"), N_("次の欄へ"))                                        \
    X(ACT_PREVIOUS, K_BTAB, 'b', N_("Shift-Tab前"), N_("前の欄へ"))                          \
    X(ACT_UP, K_UP, 0, "", N_("上へ"))                                                       \
    X(ACT_DOWN, K_DOWN, 0, "", N_("下へ"))                                                   \
    X(ACT_LEFT, K_LEFT, 0, "", N_("左へ"))                                                   \
    X(ACT_RIGHT, K_RIGHT, 0, "", N_("右へ"))                                                 \
    X(ACT_HOME, K_HOME, 0, "", N_("行の先頭へ"))                                             \
    X(ACT_END, K_END, 0, "", N_("行の末尾へ"))                                               \
    X(ACT_WORD_LEFT, K_CTRL_LEFT, ',', "", N_("前の語へ"))                                   \
    X(ACT_WORD_RIGHT, K_CTRL_RIGHT, '.', "", N_("次の語へ"))                                 \
    X(ACT_PAGE_UP, K_PPAGE, '[', N_("PgUp前節"), N_("前の節・前のページへ"))                 \
    X(ACT_PAGE_DOWN, K_NPAGE, ']', N_("PgDn次節"), N_("次の節・次のページへ"))               \
    X(ACT_SHORTER, K_SLEFT, '-', "", N_("変換中: 文節を縮める"))                             \
    X(ACT_LONGER, K_SRIGHT, '+', "", N_("変換中: 文節を伸ばす"))                             \
    X(ACT_FIRST, K_CTRL_HOME, '<', "", N_("最初の欄へ"))                                     \
    X(ACT_LAST, K_CTRL_END, '>', "", N_("最後の欄へ"))                                       \
    X(ACT_BACKSPACE, K_BACKSPACE, 0, "", N_("前の字を消す"))                                 \
    X(ACT_DELETE, K_DC, 0, "", N_("次の字を消す"))                                           \
    X(ACT_KILL, 'k' & 31, 0, "", N_("行末まで消す（Ctrl-K）"))                               \
    X(ACT_YANK, 'y' & 31, 0, "", N_("消したものを入れる（Ctrl-Y）"))                         \
    X(ACT_REDRAW, 'l' & 31, 0, "", N_("画面を描き直す（Ctrl-L）"))                           \
    X(ACT_LOCK, 0, 'l', N_("Esc-l閉める"), N_("席を離れる: 画面を閉める"))                   \
    X(ACT_ADD_ROW, K_IC, 'a', N_("Esc-a行追加"), N_("表に行を足す"))                         \
    X(ACT_COPY_ROW, 0, 'y', N_("Esc-y行複写"), N_("表の行を写す"))                           \
    X(ACT_DELETE_ROW, 0, 'x', N_("Esc-x行削除"), N_("表の行を消す"))                         \
    X(ACT_PRINT, 0, 'o', N_("Esc-o印刷"), N_("紙に出す"))                                    \
    X(ACT_CARRY, 0, 'r', N_("Esc-r繰越"), N_("下書きを理由を付けて繰り越す"))                \
    X(ACT_HAND, 0, 'w', N_("Esc-w引継"), N_("下書きをほかの人に引き継ぐ"))                   \
    X(ACT_VERSION, 0, 'e', N_("Esc-e新しい版"), N_("下書きを様式の新しい版へ移す"))          \
    X(ACT_SAME, 0, 'm', N_("Esc-m前回と同じ"), N_("この欄を前回と同じにする"))               \
    X(ACT_SAME_SECTION, 0, 'i', N_("Esc-i節も同じ"), N_("この節の空の欄を前回と同じにする")) \
    X(ACT_BESIDE, 0, 'j', N_("Esc-j前と並べる"), N_("前の版と今を左右に並べる・やめる"))     \
    X(ACT_CHANGED, 0, 'f', N_("Esc-f違いだけ"), N_("並べて、違う所だけを見る・すべて見る"))  \
    X(ACT_SECTION, 0, '1', N_("Alt-1..9節"), N_("その番号の節へ"))

enum action {
    ACT_NONE,
#define ACTION_ENUM(action, key, twin, label, help) action,
    ACTION_LIST(ACTION_ENUM)
#undef ACTION_ENUM
        ACT_COUNT
};

/* Words of the bottom line and the help screen, translated; "" when the key is never shown. */
const char *action_label(enum action action);
const char *action_help(enum action action);
/* "F7 / Esc-n" for the help screen; borrowed until the next call. */
const char *action_keys(enum action action);

/* What a key means; ACT_NONE for an unknown one. For Esc-digit *number is the digit (1..9). */
enum action keymap_key(int code);
enum action keymap_twin(int letter, int *number);
/* Registers the sequences curses does not know by itself. */
void keymap_define(void);
/* Code of the bracket before pasted text. */
int keymap_paste_begin(void);

#endif
