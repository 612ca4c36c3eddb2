#include "office/recordset.h"

#include <string.h>

#include "base/intl.h"
#include "base/xmem.h"
#include "form/answer.h"
#include "form/expression.h"
#include "office/office_internal.h"
#include "office/worklist_internal.h"
#include "store/recordset.h"

enum { PAGE = 200 };

struct recordset {
    struct session *session;
    const struct form *form;
    struct host host;
    struct expression *where;
    struct strings *columns;  /* [0]: names outside repeats; [1 + index of a repeat]: in it */
    size_t *column;           /* field index -> place in its list of columns */
    struct repeat_rows *rows; /* by index of the repeat's field */
    size_t *most;             /* likewise */
    struct record_cells page;
    size_t next, current; /* rows of page */
    char *last;           /* id of the page's last record */
    long done, total;
};

/* --- Opening --- */

static struct strings *columns_of(const struct recordset *set, const struct field *field)
{
    return &set->columns[field->repeat ? 1 + field->repeat->index : 0];
}

static enum status count_rows(struct recordset *set, struct error *err)
{
    enum status st = recordset_count(set->session->office->store, set->form->id, &set->total, err);
    for (size_t i = 0; !st && i < set->form->field_count; i++) {
        const struct field *field = set->form->fields[i];
        long most = 0;
        if (field->type == FIELD_REPEAT)
            st =
                recordset_most(set->session->office->store, set->form->id, field->name, &most, err);
        set->most[i] = (size_t)most;
    }
    return st;
}

static enum status parse_where(struct recordset *set, const char *where, struct error *err)
{
    if (!where)
        return OK;
    enum status st = expression_parse(where, "--where", 1, 1, &set->where, err);
    return st ? st : expression_bind(set->where, set->form, NULL, err);
}

enum status recordset_open(struct session *session, const char *form_id, const char *where,
                           struct recordset **out, struct error *err)
{
    const struct form *form;
    *out = NULL;
    enum status st = session_require(session, MAY_READ, err);
    if (!st)
        st = catalogue_form(session->office->catalogue, form_id, 0, &form, err);
    if (st)
        return st;
    struct recordset *set = *out = xcalloc(1, sizeof *set);
    size_t size = form->field_count + 1;
    set->session = session;
    set->form = form;
    set->last = xstrdup("");
    host_init(&set->host, session);
    set->columns = xcalloc(size, sizeof *set->columns);
    set->column = xcalloc(size, sizeof *set->column);
    set->rows = xcalloc(size, sizeof *set->rows);
    set->most = xcalloc(size, sizeof *set->most);
    for (size_t i = 0; i < form->field_count; i++) {
        struct strings *columns = columns_of(set, form->fields[i]);
        set->column[i] = columns->count;
        strings_add(columns, form->fields[i]->name);
    }
    st = parse_where(set, where, err);
    if (!st)
        st = count_rows(set, err);
    if (st)
        recordset_close(out);
    return st;
}

static void drop_page(struct recordset *set)
{
    record_cells_free(&set->page);
    for (size_t i = 0; i < set->form->field_count; i++)
        repeat_rows_free(&set->rows[i]);
}

void recordset_close(struct recordset **slot)
{
    struct recordset *set = *slot;
    if (!set)
        return;
    drop_page(set);
    for (size_t i = 0; i <= set->form->field_count; i++)
        strings_free(&set->columns[i]);
    expression_free(&set->where);
    xfree(&set->columns);
    xfree(&set->column);
    xfree(&set->rows);
    xfree(&set->most);
    xfree(&set->last);
    xfree(slot);
}

const struct form *recordset_form(const struct recordset *set)
{
    return set->form;
}

size_t recordset_most_rows(const struct recordset *set, const struct field *repeat)
{
    return set->most[repeat->index];
}

void recordset_progress(const struct recordset *set, long *done, long *total)
{
    *done = set->done;
    *total = set->total;
}

/* --- Going through --- */

static enum status load_page(struct recordset *set, struct error *err)
{
    struct store *store = set->session->office->store;
    drop_page(set);
    set->next = 0;
    enum status st = recordset_page(store, set->form->id, &set->columns[0], set->last, PAGE,
                                    &set->page, err);
    if (st || !set->page.rows)
        return st;
    const char *from = set->page.ids[0], *to = set->page.ids[set->page.rows - 1];
    for (size_t i = 0; !st && i < set->form->field_count; i++)
        if (set->most[i])
            st = recordset_rows(store, set->form->id, set->form->fields[i]->name,
                                &set->columns[1 + i], from, to, &set->rows[i], err);
    xfree(&set->last);
    set->last = xstrdup(to);
    return st;
}

const char *recordset_id(const struct recordset *set)
{
    return set->page.ids[set->current];
}

/* First row of a record at or behind which its rows stand: they are sorted by record. */
static size_t first_row(const struct repeat_rows *rows, const char *record)
{
    size_t low = 0, high = rows->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(rows->records[middle], record) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The number'th row of a repeat in the row parent ("" = the record); rows->count when none. */
static size_t find_row(const struct recordset *set, const struct repeat_rows *rows,
                       const char *parent, size_t number)
{
    const char *record = recordset_id(set);
    for (size_t i = first_row(rows, record); i < rows->count && !strcmp(rows->records[i], record);
         i++)
        if (strcmp(rows->parents[i], parent) == 0 && number-- == 0)
            return i;
    return rows->count;
}

/* The row of `repeat` that the numbers lead to. */
static size_t walk(const struct recordset *set, const struct field *repeat, const size_t *numbers)
{
    const struct field *chain[RECORDSET_DEPTH];
    size_t depth = 0, at = 0;
    const char *parent = "";
    for (const struct field *f = repeat; f && depth < RECORDSET_DEPTH; f = f->repeat)
        chain[depth++] = f;
    for (size_t level = 0; level < depth; level++) {
        const struct repeat_rows *rows = &set->rows[chain[depth - 1 - level]->index];
        at = find_row(set, rows, parent, numbers[level]);
        if (at == rows->count)
            return set->rows[repeat->index].count;
        parent = rows->rows[at];
    }
    return at;
}

const char *recordset_row(const struct recordset *set, const struct field *repeat,
                          const size_t *numbers)
{
    const struct repeat_rows *rows = &set->rows[repeat->index];
    size_t at = walk(set, repeat, numbers);
    return at < rows->count ? rows->rows[at] : NULL;
}

const char *recordset_value(const struct recordset *set, const struct field *field,
                            const size_t *numbers)
{
    size_t column = set->column[field->index];
    if (!field->repeat)
        return set->page.cells[set->current * set->page.columns + column];
    const struct repeat_rows *rows = &set->rows[field->repeat->index];
    size_t at = walk(set, field->repeat, numbers);
    return at < rows->count ? rows->cells[at * rows->columns + column] : "";
}

/* --- What has to be true --- */

/* Values of the fields in one scope, then of the rows in it. */
static void load_scope(struct recordset *set, struct instance *instance, const struct field *repeat,
                       size_t *numbers, size_t depth, const char *prefix)
{
    for (size_t i = 0; i < set->form->field_count; i++) {
        const struct field *field = set->form->fields[i];
        if (field->repeat != repeat)
            continue;
        if (field->type == FIELD_REPEAT && depth < RECORDSET_DEPTH) {
            const char *row;
            for (numbers[depth] = 0; (row = recordset_row(set, field, numbers)); numbers[depth]++) {
                char *inner = xasprintf("%s%s/%s/", prefix, field->name, row);
                char *alive = xasprintf("%s.alive", inner);
                instance_load(instance, alive, "true", NULL);
                load_scope(set, instance, field, numbers, depth + 1, inner);
                xfree(&alive);
                xfree(&inner);
            }
        } else if (field_has_value(field)) {
            const char *value = recordset_value(set, field, numbers);
            char *path = xasprintf("%s%s", prefix, field->name);
            if (*value)
                instance_load(instance, path, value, NULL);
            xfree(&path);
        }
    }
}

static bool holds(struct recordset *set)
{
    size_t numbers[RECORDSET_DEPTH] = {0};
    if (!set->where)
        return true;
    struct instance *instance = instance_new(set->form, &set->host.form);
    load_scope(set, instance, NULL, numbers, 0, "");
    bool found = instance_holds(instance, set->where);
    instance_free(&instance);
    return found;
}

enum status recordset_next(struct recordset *set, bool *there, struct error *err)
{
    enum status st = OK;
    for (*there = false; !*there;) {
        if (set->next == set->page.rows)
            st = load_page(set, err);
        if (st || !set->page.rows)
            return st;
        set->current = set->next++;
        set->done++;
        *there = holds(set);
    }
    return st;
}

char *recordset_shown(struct recordset *set, const struct field *field, const char *value)
{
    const char *language = set->host.form.language;
    if (strcmp(field->name, "state") == 0)
        return xstrdup(state_text(set->form, value, language));
    return host_display(&set->host, field, value);
}
