/*
 * form/xlsform_words: what XLSForm calls things, and what we do. One table each for columns, types
 * and appearances; reading and writing both go by them.
 */
#ifndef FORM_XLSFORM_WORDS_H
#define FORM_XLSFORM_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "form/definition.h"

/* Before the columns and sheets of ours. */
#define XLSFORM_OWN "satomado_"

enum xlsform_sheet { SHEET_SURVEY, SHEET_CHOICES, SHEET_SETTINGS };

/* Our key for a header without its language, any spelling of it; NULL when it is none. */
const char *xlsform_key(enum xlsform_sheet sheet, const char *header);
/* The header to write for a key; NULL when XLSForm has none. */
const char *xlsform_header(enum xlsform_sheet sheet, const char *key);
/* Whether the header is known to mean something that we have not. */
bool xlsform_lacking(const char *header);
/* Splits "Label::English (en)" or "label:English" into "label" and "English (en)"; NULL when no
 * language follows. The caller frees both. */
void xlsform_split(const char *header, char **name, char **language);

/* Our type for a word or words of XLSForm (lower case, single blanks), NULL when it is none.
 * *loses (may be NULL): it is only something near, or nothing at all when the result is "". */
const char *xlsform_type(const char *type, bool *loses);
/* `select_one` or `select_multiple` when the type begins like one, and in *list what follows. */
const char *xlsform_select(const char *type, const char **list, bool *loses);
/* What to write for a type of ours; itself when they agree. */
const char *xlsform_type_out(const char *type);

/* Our word for an appearance of XLSForm, itself when it is one of ours, NULL else; and back. */
const char *xlsform_appearance(const char *word);
const char *xlsform_appearance_out(const char *word);

/* The parts of a form file that become sheets of ours. */
enum own_shape { OWN_ROWS, OWN_PAIRS, OWN_ONE };
struct own_part {
    const char *sheet; /* satomado_checks */
    const char *part;  /* checks; of the workflow: states, actions */
    bool workflow;
    enum own_shape shape; /* a list of maps, a map name: text, one map */
    const char *value;    /* of pairs: the header of the text */
};
extern const struct own_part own_parts[];
extern const size_t own_part_count;
/* Keys of such parts whose value may be a list or a map; written in a cell as YAML. */
bool own_structured(const char *key);

#endif
