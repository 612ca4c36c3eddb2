/*
 * counter/entry_screen: the entry screen's insides, shared by entry*.c and confirm.c only.
 */
#ifndef COUNTER_ENTRY_SCREEN_H
#define COUNTER_ENTRY_SCREEN_H

#include "conversion/reading.h"
#include "counter/entry.h"
#include "counter/entry_layout.h"
#include "office/entry.h"
#include "ui/field.h"
#include "ui/screen.h"

struct entry_screen {
    struct desk *desk;
    struct entry *entry;
    struct layout layout; /* of the section, as painted last */
    int section;
    char *focus;            /* path; "" when the section has nothing to fill in */
    char *left;             /* path the focus came from: what is wrong there is still said */
    struct field_view view; /* the focused field's text */
    struct reading reading; /* of that text, for the field that holds it */
    char *before;           /* its text when the focus came, for F9 in a choice */
    bool typed;             /* the view holds what the office does not know yet */
    int64_t typed_at;       /* monotonic ms of the first such key */
    bool failing;           /* the draft could not be saved; tried again by itself */
    int64_t tried_at;       /* monotonic ms of the last attempt */
    bool older;             /* a newer version of the form is installed */
    bool ask_missing;       /* blank required fields are named as problems by now */
    int top;                /* first line of the section shown */
    int columns;
    bool auto_next; /* 自動送り: a full field leads to the next */
};

/* The focused slot, NULL when there is none. Borrowed until the next painting or change. */
const struct slot *entry_slot(struct entry_screen *s);
/* Its value is picked from something (choices, records, files), not typed. */
bool slot_is_chosen(const struct slot *slot);

/* Hands what was typed to the office; false: it may be kept nowhere (個人番号) and waits in the
 * view until the number is taken out. */
bool entry_commit(struct entry_screen *s);
/* The same, and the draft saved. */
void entry_keep(struct entry_screen *s);
/* Sets a value that was chosen, not typed. */
void entry_answer(struct entry_screen *s, const char *value);
/* To the place after this one. */
void entry_next(struct entry_screen *s);
/* To a field of any section; commits first. */
void entry_focus(struct entry_screen *s, const char *path);

/* The gravest thing a rule says of the field at path, NULL when none does. Borrowed until the next
 * change. */
const struct finding *entry_rule_at(struct entry_screen *s, const char *path);
/* The field's own rule or a rule of the form finds an error or a 不備 there. */
bool entry_wrong_at(struct entry_screen *s, const char *path);

/* The section laid out anew; the cursor to a field of it; the draft written now. */
void entry_arrange(struct entry_screen *s);
void entry_set_focus(struct entry_screen *s, const char *path);
void entry_save(struct entry_screen *s);

/* --- Typing (entry_typing.c) --- */

/* A code that names a record is read into it: what is typed never goes on from what is shown. */
bool slot_is_scanned(const struct slot *slot);
/* The view shows the focused field as the office knows it. */
void typing_begin(struct entry_screen *s);
/* False: the event is for somebody else. */
bool typing_event(struct entry_screen *s, const struct slot *slot, const struct ui_event *event);
/* Tells the input method what stands here. */
void typing_use_input(struct entry_screen *s);

void entry_paint(void *state, int top, int rows, int columns);

/* --- Choices (entry_choice.c) --- */

/* Digits, first letters, Space. */
bool choice_text(struct entry_screen *s, const char *text);
bool choice_key(struct entry_screen *s, enum action action);
/* F2: the list of what can be chosen here. */
void choice_list_open(struct entry_screen *s);
/* The same for what was typed, when more than one record answers to it. */
void choice_list_narrowed(struct entry_screen *s);
/* "1町  2県に直接" for the line below; the caller frees. */
char *choice_line(const struct entry_screen *s, const struct slot *slot);

/* --- Postcodes (entry_postcode.c) --- */

/* Fills the address when the number is complete. Before what was typed is handed over. */
void postcode_typed(struct entry_screen *s, const struct slot *slot);
/* F2: places to choose from; false when this is no postcode. */
bool postcode_choose(struct entry_screen *s);

/* --- Rows of tables (entry_rows.c) --- */

void rows_add(struct entry_screen *s);
void rows_copy(struct entry_screen *s);
void rows_delete(struct entry_screen *s);

/* --- 添付 (entry_attach.c) --- */

/* Choose a file for the field, or replace, write out or remove the one that is there. */
void attachment_open(struct entry_screen *s);
void attachment_remove(struct entry_screen *s);

/* --- 前回との比較 (entry_previous.c) --- */

/* What the field held last time and the difference; the cells used. */
int paint_compared(struct entry_screen *s, const char *path, int row, int column, int columns);
/* 前回と同じ: the field, or the blank ones of the section. */
void same_as_before(struct entry_screen *s);
void section_as_before(struct entry_screen *s);

/* --- F1 (entry_help.c) --- */

void entry_help(struct entry_screen *s);

/* --- 確認画面 (confirm.c) --- */

void confirm_open(struct entry_screen *s);

#endif
