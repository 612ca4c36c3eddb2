/*
 * form/definition: what a form (様式) is once its file is read: fields, choices, checks, workflow.
 *
 * Made only by form/loader, never changed afterwards. Office, counter and cli read it; the words
 * are those of XLSForm. Everything is owned by the struct form.
 */
#ifndef FORM_DEFINITION_H
#define FORM_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lookup.h"
#include "base/status.h"
#include "base/strings.h"

struct expression;
struct workflow;

/* Text per language: the plain column is Japanese ("ja"), `label::English (en)` is "en". */
struct label {
    struct label_text {
        char language[16];
        char *text;
    } * items;
    size_t count;
};
/* In a language, else the Japanese, else the first there is, else "". "ja_easy" falls back to "ja".
 * Borrowed. */
const char *label_text(const struct label *label, const char *language);

/* type, name in the file, holds a value, stands on the screen and on paper */
#define FIELD_TYPE_LIST(X)                                  \
    X(FIELD_TEXT, "text", true, true)                       \
    X(FIELD_INTEGER, "integer", true, true)                 \
    X(FIELD_DECIMAL, "decimal", true, true)                 \
    X(FIELD_RANGE, "range", true, true)                     \
    X(FIELD_DATE, "date", true, true)                       \
    X(FIELD_TIME, "time", true, true)                       \
    X(FIELD_DATETIME, "datetime", true, true)               \
    X(FIELD_SELECT_ONE, "select_one", true, true)           \
    X(FIELD_SELECT_MULTIPLE, "select_multiple", true, true) \
    X(FIELD_ACKNOWLEDGE, "acknowledge", true, true)         \
    X(FIELD_NOTE, "note", false, true)                      \
    X(FIELD_CALCULATE, "calculate", true, false)            \
    X(FIELD_HIDDEN, "hidden", true, false)                  \
    X(FIELD_BARCODE, "barcode", true, true)                 \
    X(FIELD_IMAGE, "image", true, true)                     \
    X(FIELD_FILE, "file", true, true)                       \
    X(FIELD_GEOPOINT, "geopoint", true, true)               \
    X(FIELD_REFERENCE, "reference", true, true)             \
    X(FIELD_START, "start", true, false)                    \
    X(FIELD_END, "end", true, false)                        \
    X(FIELD_TODAY, "today", true, false)                    \
    X(FIELD_USERNAME, "username", true, false)              \
    X(FIELD_DEVICEID, "deviceid", true, false)              \
    X(FIELD_GROUP, "group", false, true)                    \
    X(FIELD_REPEAT, "repeat", false, true)

enum field_type {
#define FIELD_TYPE_ENUM(type, name, value, asked) type,
    FIELD_TYPE_LIST(FIELD_TYPE_ENUM)
#undef FIELD_TYPE_ENUM
};
const char *field_type_name(enum field_type type);

/* Words of the column `appearance`; several may stand in it. */
#define APPEARANCE_LIST(X)                         \
    X(APPEAR_ZENKAKU, "zenkaku")                   \
    X(APPEAR_HANKAKU, "hankaku")                   \
    X(APPEAR_KATAKANA, "katakana")                 \
    X(APPEAR_HIRAGANA, "hiragana")                 \
    X(APPEAR_POSTCODE, "postcode")                 \
    X(APPEAR_TEL, "tel")                           \
    X(APPEAR_WAREKI, "wareki")                     \
    X(APPEAR_AMOUNT, "amount")                     \
    X(APPEAR_MULTILINE, "multiline")               \
    X(APPEAR_CORPORATE_NUMBER, "corporate_number") \
    X(APPEAR_FAMILY_NAME, "family_name")           \
    X(APPEAR_GIVEN_NAME, "given_name")             \
    X(APPEAR_PLACE_NAME, "place_name")             \
    X(APPEAR_PERCENT, "percent")

enum appearance_bit {
#define APPEARANCE_ENUM(bit, name) bit##_BIT,
    APPEARANCE_LIST(APPEARANCE_ENUM)
#undef APPEARANCE_ENUM
};
enum appearance {
#define APPEARANCE_ENUM(bit, name) bit = 1 << bit##_BIT,
    APPEARANCE_LIST(APPEARANCE_ENUM)
#undef APPEARANCE_ENUM
};

/* What an appearance `postcode` can fill: the column `parameters` names the field of each part. The
 * code comes last, because writing the municipality may clear it. */
#define ADDRESS_PART_LIST(X)                \
    X(ADDRESS_PREFECTURE, "prefecture")     \
    X(ADDRESS_MUNICIPALITY, "municipality") \
    X(ADDRESS_TOWN, "address")              \
    X(ADDRESS_KANA, "kana")                 \
    X(ADDRESS_CODE, "municipality_code")

enum address_part {
#define ADDRESS_PART_ENUM(part, name) part,
    ADDRESS_PART_LIST(ADDRESS_PART_ENUM)
#undef ADDRESS_PART_ENUM
        ADDRESS_PARTS
};
const char *address_part_name(enum address_part part);

struct choice {
    char *name;
    struct label label;
    struct strings extra; /* other columns as name, value, name, value: for choice_filter */
    bool removed;         /* shown where it was chosen, offered no more */
};
struct choice_list {
    char *name;
    struct choice *items;
    size_t count;
    struct lookup by_name;
    bool in_rules; /* some SQL of the form reads it as choices__NAME */
};
const struct choice *choice_find(const struct choice_list *list, const char *name);

struct field {
    enum field_type type;
    char *name;
    size_t index;  /* in form->fields */
    size_t line;   /* in the form's file */
    bool implicit; /* every record has it (受付番号, 受付日 ...); the program fills it */
    struct field *parent; /* group or repeat, NULL at the top */
    struct field *repeat; /* nearest repeat around it, NULL outside */
    struct field **children;
    size_t child_count;
    int section; /* which top-level group, from 0; -1 for what is shown nowhere */

    struct label label, hint, guidance, required_message, constraint_message;
    /* NULL where the column is empty */
    struct expression *required, *relevant, *read_only, *constraint, *calculation;
    struct expression *default_value, *choice_filter, *repeat_count;
    unsigned appearance;       /* of enum appearance */
    bool copyable;             /* 前件複写 allowed */
    bool contact;              /* how somebody is reached: withheld of a protected person */
    char *reading_of;          /* text field whose reading this is, or NULL */
    char *search;              /* name|kana|address|phone|postcode|birth|number, or NULL */
    char *merge;               /* group of fields that merge as one value, or NULL */
    char *to;                  /* reference: form it points at; barcode: forms, or NULL */
    char *fills;               /* barcode: fields that get what the record read has, or NULL */
    char *trigger;             /* calculation is only made when this field changes, or NULL */
    char *query;               /* SQL whose first value the field gets, or NULL */
    struct strings parameters; /* key, value, key, value */
    const struct choice_list *choices;
};
/* Value of `parameters`, or NULL. Borrowed. */
const char *field_parameter(const struct field *field, const char *key);
bool field_has_value(const struct field *field);
/* Its type is one that people see; the others the program fills without showing them. */
bool field_is_asked(const struct field *field);
/* Its value is the hash of a file: image, file. */
bool field_is_attachment(const struct field *field);
/* Its value is the id of another record: a reference, or a barcode that says which (`to`). */
bool field_is_record(const struct field *field);
/* Whether a record of the form may stand in it. */
bool field_points_at(const struct field *field, const char *form);

enum check_when { CHECK_LIVE = 1, CHECK_FINALISE = 2, CHECK_DECIDE = 4 };
enum check_severity { CHECK_ERROR, CHECK_DEFICIENCY, CHECK_WARNING, CHECK_NOTE };

/* A rule that looks at other records: read-only SQL, one finding for each row it returns. */
struct check {
    char *name;
    unsigned when; /* of enum check_when */
    enum check_severity severity;
    bool summary; /* its note is the summary line of the entry screen */
    char *field;  /* name of the field it speaks of, or "" */
    char *sql;
    struct label message; /* {column} is filled in */
    struct label reason;  /* 却下理由書案 when it fails at the decision; may be empty */
};

/* 作業一覧 of a form: read-only SQL whose rows are records, in the column `record`; `due` and
 * `note` are shown beside them. */
struct work_query {
    char *name; /* "FORM.NAME" */
    struct label label;
    char *sql;
    bool counter, town; /* where it is shown */
};

/* 保存期間: records that are in one of the states (none named: in any that is not open) are kept
 * for the years a parameter says from the first of the dates that is there. */
struct retention {
    char *parameter;
    struct strings from;   /* names of date fields */
    struct strings states; /* names */
};

/* What a record says on its person's page: a value, for each row of a repeat where one is named,
 * while it is in one of the states (none named: in any). */
struct person_line {
    struct label label;
    struct expression *value;
    const struct field *repeat; /* NULL: once */
    struct strings states;
};

/* All SQL of a form, with its place: what is tried before the form is installed. */
struct statement {
    char *name, *sql, *file;
    size_t line;
    bool of_record; /* reads the record on screen; lists of work have none */
};

/* 帳票: a table made by SQL over what rules may read; the form's fields are what it asks. */
enum report_chart { CHART_NONE, CHART_BAR, CHART_PYRAMID };
struct report_column {
    char *name; /* in the SQL */
    struct label label;
    char *like; /* "form.field": shown as that field is; "form" and "state": titles; or NULL */
    bool number, total, amount;
};
struct report {
    char *sql;
    struct report_column *columns;
    size_t column_count;
    enum report_chart chart;
    char *chart_label;           /* column */
    struct strings chart_values; /* columns: one, of a pyramid left and right */
    struct label note;           /* under the table; may be empty */
    char *sheet_of; /* form whose records have it on their sheet (前回比較表), or NULL */
};

/* Values that are set: name of a field, expression. */
struct setting {
    char *field;
    struct expression *value;
};

/* 登録証・用紙: how a record is printed with a QR code that names it (office/card). */
struct card {
    struct label label;    /* 登録証 */
    struct strings fields; /* names of what stands on it */
    struct strings
        states;  /* in which it is printed and good; none named: in any that is in force */
    char *since; /* date field: what was printed before that day is good no more; or NULL */
    char *until; /* date field: the last day it is good; or NULL */
    struct label row_label; /* over blank lines to be written on */
    long rows;
};

/* 連続受付: records of the form made from one scanned code after the other (office/scan). */
struct scan {
    const struct field *field; /* barcode */
    struct strings keeps;      /* fields that are the same in all of them */
    struct strings twice;      /* rules that find it is there already: then none is made */
    struct setting *sets;
    size_t set_count;
};

/* 前回: of a record the newest one in force whose field `same` has the same value and whose date
 * `by` is earlier. */
struct previous {
    const struct field *same, *by; /* NULL: the form has no such thing */
    char *sql;                     /* the query `previous` of its rules */
};

enum form_type { FORM_APPLICATION, FORM_NOTIFICATION, FORM_RECORD, FORM_CONSULTATION };

struct form {
    char *id;
    struct label title;
    long version;
    char *code; /* in receipt numbers; "" when it gets none */
    char *ledger;
    struct label ledger_title; /* of a ledger forms/ledgers.yaml does not know; may be empty */
    enum form_type type;
    bool person;                      /* 人物: same-named fields are those of a person's record */
    struct expression *instance_name; /* title of a record in lists, or NULL */
    struct label purpose;             /* 利用目的 shown and printed */
    struct field *
        *fields; /* all, groups and repeats included, in the file's order; implicit last */
    size_t field_count;
    struct lookup by_name; /* name -> index in fields */
    struct field **top;    /* fields and groups outside any group */
    size_t top_count;
    struct choice_list **choices;
    size_t choice_count;
    struct check *checks;
    size_t check_count;
    struct work_query *worklists;
    size_t worklist_count;
    struct retention *retention;
    size_t retention_count;
    struct person_line *person_lines;
    size_t person_line_count;
    struct statement *statements;
    size_t statement_count;
    struct previous previous;
    struct report *report;       /* NULL: records are made with the form */
    struct card *card;           /* NULL: none is printed */
    struct scan *scan;           /* NULL: records are made one by one */
    struct workflow *workflow;   /* of a form that was loaded never NULL */
    struct strings list_columns; /* field names */
    char *list_sort;             /* field name, "-" in front = descending; "" none */
    char *text;                  /* self-contained YAML: what the registry carries */
};

void form_free(struct form **form);
/* NULL when there is no such field. */
const struct field *form_field(const struct form *form, const char *name);
/* Last name of a path ("other/<row>/town" -> field town), NULL when it is none of this form. */
const struct field *form_path_field(const struct form *form, const char *path);
/* Whether the field is set beside that of the previous record: not in a repeat, not what names or
 * dates the record, no attachment. */
bool field_is_compared(const struct form *form, const struct field *field);

/* The implicit fields, in the order they stand at the end of form->fields: name, type. */
#define IMPLICIT_FIELD_LIST(X)                           \
    X("receipt_no", FIELD_HIDDEN, N_("受付番号"))        \
    X("received_on", FIELD_DATE, N_("窓口到達日"))       \
    X("received_at", FIELD_DATETIME, N_("受付日時"))     \
    X("reached_town_on", FIELD_DATE, N_("町到達日"))     \
    X("route", FIELD_HIDDEN, N_("経路"))                 \
    X("receiver", FIELD_HIDDEN, N_("受付者"))            \
    X("office", FIELD_HIDDEN, N_("受付場所"))            \
    X("state", FIELD_HIDDEN, N_("状態"))                 \
    X("form_version", FIELD_HIDDEN, N_("様式の版"))      \
    X("after_hours", FIELD_HIDDEN, N_("取扱時間外"))     \
    X("person", FIELD_HIDDEN, N_("人物"))                \
    X("deficient", FIELD_HIDDEN, N_("不備"))             \
    X("explained", FIELD_HIDDEN, N_("説明済の不備"))     \
    X("entered_by", FIELD_HIDDEN, N_("入力者"))          \
    X("entered_at", FIELD_DATETIME, N_("入力日時"))      \
    X("paper_no", FIELD_HIDDEN, N_("紙の受付番号"))      \
    X("late_reason", FIELD_HIDDEN, N_("後入力の理由"))   \
    X("decided_on", FIELD_DATE, N_("決定日"))            \
    X("decided_by", FIELD_HIDDEN, N_("決定者"))          \
    X("decision_reason", FIELD_HIDDEN, N_("決定の理由")) \
    X("deadline", FIELD_DATE, N_("期限"))                \
    X("merged_into", FIELD_HIDDEN, N_("同一人物"))       \
    X("title", FIELD_HIDDEN, N_("件名"))

#endif
