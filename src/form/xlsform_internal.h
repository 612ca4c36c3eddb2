/*
 * form/xlsform_internal: what the files that read and write XLSForm share.
 */
#ifndef FORM_XLSFORM_INTERNAL_H
#define FORM_XLSFORM_INTERNAL_H

#include "base/lookup.h"
#include "form/xlsform.h"
#include "form/xlsform_words.h"
#include "form/yaml.h"

struct importing {
    const struct workbook *workbook;
    const char *file;
    struct xlsform_notes *notes;
    const struct sheet *sheet;           /* at hand */
    char *language;                      /* of columns that name none; NULL: Japanese */
    struct strings old_names, new_names; /* of fields, row by row of the survey; "" for none */
    struct lookup old_lookup;            /* old name -> index */
    bool renamed;
    struct strings with_other; /* lists that get a choice "other" */
};

/* What the cells of a column become. */
struct column {
    char *key;      /* in the form file, NULL: passed over */
    const char *at; /* the key without language */
    bool own;
};

struct column *columns_of(struct importing *in, enum xlsform_sheet kind);
void columns_free(struct column **columns, const struct sheet *sheet);
/* A cell as a text node that knows its place. */
struct yaml *cell_node(const struct importing *in, const struct sheet_row *row, size_t column,
                       const char *text);
/* A note with the place of a cell in front. lost: something is not in the result. */
void import_note(struct importing *in, const struct sheet_row *row, size_t column, bool lost,
                 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void note_add(struct xlsform_notes *notes, bool lost, const char *where, const char *text);
/* Cell without blanks around; the caller frees. */
char *cell_text(const struct sheet_row *row, size_t column);
/* Puts a text under a key; one that is there already stands, a different one is noted. */
void import_put(struct importing *in, struct yaml *map, const char *key,
                const struct sheet_row *row, size_t column, const char *text);
/* The text with fields named as they are named now; the caller frees. */
char *renamed_text(const struct importing *in, const char *text);
/* Whether XLSForm takes a default as an expression, not as the text it is. */
bool default_is_dynamic(const char *type, const char *text);
/* The expression whose value is what XLSForm's literal default says; the caller frees. */
char *default_expression(const char *type, const char *text);
bool is_japanese(const char *language);

struct yaml *import_settings(struct importing *in);
void import_names(struct importing *in, const struct sheet *survey);
struct yaml *import_survey(struct importing *in, const struct sheet *survey);
struct yaml *import_choices(struct importing *in);
/* Sheets of ours become parts of the form. */
enum status import_own(struct importing *in, struct yaml *root, struct error *err);

#endif
