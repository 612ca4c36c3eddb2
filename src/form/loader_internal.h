/*
 * form/loader_internal: what the parts of the loader share: places in messages, labels, lists.
 */
#ifndef FORM_LOADER_INTERNAL_H
#define FORM_LOADER_INTERNAL_H

#include "form/expression.h"
#include "form/loader.h"
#include "form/yaml.h"

/* An expression read but not yet bound to the form's fields. */
struct pending {
    struct expression *expression;
    const struct field *self;
};

struct loading {
    const char *file;
    struct strings fragments; /* files of the nodes with source 1, 2 ... */
    bool in_cells;            /* lines and columns are those of sheets */
    struct form *form;
    const struct workflows *workflows;
    form_include include;
    void *include_context;
    const struct yaml **rows;   /* of the fields, by index; implicit ones have none */
    const struct yaml *queries; /* map: name -> SQL */
    struct pending *pending;
    size_t pending_count;
    struct error *err;
};

enum status load_fail(struct loading *l, const struct yaml *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "unknown X, did you mean Y". */
enum status load_unknown(struct loading *l, const struct yaml *at, const char *what,
                         const char *word, const char *const *known, size_t count);
/* The file a node stands in. */
const char *load_file(const struct loading *l, const struct yaml *at);
/* Refuses what is no map and keys that are not known (in any language). */
enum status load_keys(struct loading *l, const struct yaml *map, const char *what,
                      const char *const *known, size_t count);
/* `key` is `name` or `name::Language (code)`: sets *language ("ja" without one). */
bool label_key(const char *key, const char *name, char language[16]);
void label_add(struct label *label, const char *language, const char *text);
void label_free(struct label *label);
/* All spellings of `name` in a map. */
void load_label(const struct yaml *map, const char *name, struct label *out);
/* A word or a list of words. */
enum status load_words(struct loading *l, const struct yaml *node, struct strings *out);
/* Text of an expression column; "yes" and "no" are true() and false(), "" is nothing. Bound later.
 */
enum status load_expression(struct loading *l, const struct yaml *node, const struct field *self,
                            struct expression **out);
bool name_valid(const char *name);
/* A name the program uses for something of its own in every record. */
bool name_reserved(const char *name);

enum status load_survey(struct loading *l, struct yaml *survey);
/* The SQL of a row, with the queries it names before it; it becomes a statement of the form under
 * `name`. The caller frees *out. */
enum status load_sql(struct loading *l, const struct yaml *row, const char *name, bool of_record,
                     char **out);
/* `previous` and `previous_by` of the settings; after the survey. */
enum status load_previous(struct loading *l, const struct yaml *settings);
enum status load_report(struct loading *l, const struct yaml *report);
/* A barcode's `to` and `fills`; when all fields are there. */
enum status check_scanned(struct loading *l, const struct field *f);
/* After the workflow and the checks: they name states and rules. */
enum status load_card(struct loading *l, const struct yaml *card);
enum status load_scan(struct loading *l, const struct yaml *scan);
/* `sets`: field -> expression. `what` names in messages who sets them. */
enum status load_sets(struct loading *l, const struct yaml *sets, const char *what,
                      struct setting **out, size_t *count);
enum status load_worklists(struct loading *l, const struct yaml *rows);
/* After the workflow: rows name its states. */
enum status load_retention(struct loading *l, const struct yaml *rows);
/* Likewise. */
enum status load_person_page(struct loading *l, const struct yaml *rows);
/* After survey and checks: the queries of fields, and which choices rules read. */
enum status load_queries(struct loading *l);
enum status load_checks(struct loading *l, const struct yaml *checks);
enum status load_workflow(struct loading *l, const struct yaml *workflow);

#endif
