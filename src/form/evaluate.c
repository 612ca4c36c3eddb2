#include "form/evaluate.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "form/functions.h"
#include "form/instance_internal.h"

#define DAY_MS    86400000.0
#define ALIKE     1e-12 /* numbers nearer than this are the same, as in JavaRosa: 0.1 + 0.2 = 0.3 */
#define OFFICE_MS (9 * 3600000LL) /* office time is +09:00 */

struct result result_text(const char *text)
{
    return (struct result){.kind = RESULT_STRING, .text = text && *text ? xstrdup(text) : NULL};
}
struct result result_take(char *text)
{
    return (struct result){.kind = RESULT_STRING, .text = text};
}
struct result result_number(double number)
{
    return (struct result){.kind = RESULT_NUMBER, .number = number};
}
struct result result_boolean(bool boolean)
{
    return (struct result){.kind = RESULT_BOOLEAN, .boolean = boolean};
}
struct result result_date(double days, bool time)
{
    if (!isfinite(days))
        return result_text("");
    return (struct result){.kind = RESULT_DATE, .number = time ? days : floor(days), .time = time};
}
void result_free(struct result *result)
{
    xfree(&result->text);
    for (size_t i = 0; i < result->count; i++)
        result_free(&result->nodes[i]);
    xfree(&result->nodes);
    result->count = 0;
}

int64_t days_ms(double days)
{
    return llround(days * DAY_MS) - OFFICE_MS;
}
double ms_days(int64_t ms)
{
    return (double)(ms + OFFICE_MS) / DAY_MS;
}

double number_of_text(const char *text)
{
    const char *s = text;
    bool digits = false;
    while (isspace((unsigned char)*s))
        s++;
    const char *start = s;
    s += *s == '-';
    for (; isdigit((unsigned char)*s); s++)
        digits = true;
    if (*s == '.')
        for (s++; isdigit((unsigned char)*s); s++)
            digits = true;
    while (isspace((unsigned char)*s))
        s++;
    return digits && !*s ? strtod(start, NULL) : NAN;
}

char *number_text(double number)
{
    if (isnan(number))
        return xstrdup("NaN");
    if (isinf(number))
        return xstrdup(number < 0 ? "-Infinity" : "Infinity");
    if (number == 0)
        return xstrdup("0");
    if (number == floor(number))
        return xasprintf("%.0f", number);
    /* 15 digits are what a double holds for certain; more would show 0.1 + 0.2 as it is */
    int decimals = 14 - (int)floor(log10(fabs(number)));
    char *text = xasprintf("%.*f", decimals < 0 ? 0 : decimals > 300 ? 300 : decimals, number);
    if (strchr(text, '.')) {
        size_t len = strlen(text);
        while (text[len - 1] == '0')
            len--;
        len -= text[len - 1] == '.';
        text[len] = '\0';
    }
    return text;
}

/* HH:MM[:SS[.fff]] with or without an offset, as a part of a day. */
static bool time_of_text(const char *text, double *days)
{
    int hour, minute, read = 0;
    double second = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &read) != 2 || read < 4)
        return false;
    if (text[read] == ':') {
        char *end;
        second = strtod(text + read + 1, &end);
        read = (int)(end - text);
    }
    if (text[read] && text[read] != '+' && text[read] != 'Z')
        return false;
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second >= 61)
        return false;
    *days = (hour * 3600 + minute * 60 + second) / 86400;
    return true;
}

static bool days_of_text(const char *text, double *days, bool *time)
{
    struct date d;
    int64_t ms;
    *time = false;
    if (!text || !isdigit((unsigned char)*text))
        return false;
    if (iso_date_parse(&d, text)) {
        *days = (double)date_days(d);
        return true;
    }
    if (!iso_time_parse(&ms, text))
        return false;
    *days = ms_days(ms);
    *time = true;
    return true;
}

static const struct result blank = {.kind = RESULT_STRING};
static const struct result *scalar(const struct result *r)
{
    if (r->kind != RESULT_NODES)
        return r;
    return r->count ? &r->nodes[0] : &blank;
}

bool is_blank(const struct result *result)
{
    const struct result *r = scalar(result);
    return (r->kind == RESULT_STRING && str_empty(r->text)) ||
           (r->kind == RESULT_NUMBER && isnan(r->number));
}
bool to_boolean(const struct result *result)
{
    const struct result *r = scalar(result);
    switch (r->kind) {
    case RESULT_BOOLEAN:
        return r->boolean;
    case RESULT_NUMBER:
        return fabs(r->number) > ALIKE;
    case RESULT_DATE:
        return true;
    default:
        return !str_empty(r->text);
    }
}
double to_number(const struct result *result)
{
    const struct result *r = scalar(result);
    double days;
    bool time;
    switch (r->kind) {
    case RESULT_BOOLEAN:
        return r->boolean;
    case RESULT_NUMBER:
    case RESULT_DATE:
        return r->number;
    default:
        if (str_empty(r->text))
            return NAN;
        if (days_of_text(r->text, &days, &time) || time_of_text(r->text, &days))
            return days;
        return number_of_text(r->text);
    }
}
char *to_text(const struct result *result)
{
    const struct result *r = scalar(result);
    char text[ISO_TIME_SIZE > ISO_DATE_SIZE ? ISO_TIME_SIZE : ISO_DATE_SIZE];
    switch (r->kind) {
    case RESULT_BOOLEAN:
        return xstrdup(r->boolean ? "true" : "false");
    case RESULT_NUMBER:
        return number_text(r->number);
    case RESULT_DATE:
        if (r->time)
            iso_time(text, days_ms(r->number));
        else
            iso_date(text, date_from_days((int64_t)r->number));
        return xstrdup(text);
    default:
        return xstrdup(r->text ? r->text : "");
    }
}
/* Years that a date on a form may have; keeps arithmetic inside what the calendar code takes. */
static bool days_sane(double days)
{
    return isfinite(days) && fabs(days) < 3.0e6;
}
bool to_days(const struct result *result, double *days, bool *time)
{
    const struct result *r = scalar(result);
    *time = r->time;
    if (r->kind == RESULT_STRING && !days_of_text(r->text, days, time)) {
        *days = r->text ? number_of_text(r->text) : NAN;
        *time = *days != floor(*days);
    } else if (r->kind == RESULT_NUMBER || r->kind == RESULT_DATE) {
        *days = r->number;
        *time = r->kind == RESULT_DATE ? r->time : r->number != floor(r->number);
    } else if (r->kind == RESULT_BOOLEAN) {
        return false;
    }
    return days_sane(*days);
}
bool to_date(const struct result *result, struct date *out)
{
    double days;
    bool time;
    if (!to_days(result, &days, &time))
        return false;
    *out = date_from_days((int64_t)floor(days));
    return true;
}

struct result result_stored(const struct field *field, const char *value)
{
    double days;
    bool time;
    if (str_empty(value))
        return result_text("");
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_RANGE:
        return result_number(number_of_text(value));
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_TODAY:
    case FIELD_START:
    case FIELD_END:
        if (days_of_text(value, &days, &time))
            return result_date(days, time);
        return result_text(value);
    default:
        return result_text(value);
    }
}

char *result_store(const struct field *field, const struct result *result)
{
    double days;
    bool time;
    if (is_blank(result))
        return xstrdup("");
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_RANGE: {
        double number = to_number(result);
        if (!isfinite(number))
            return xstrdup("");
        return number_text(field->type == FIELD_INTEGER ? trunc(number) : number);
    }
    case FIELD_DATE:
    case FIELD_TODAY:
    case FIELD_DATETIME: {
        if (!to_days(result, &days, &time))
            return xstrdup("");
        struct result date = result_date(days, field->type == FIELD_DATETIME);
        return to_text(&date);
    }
    case FIELD_ACKNOWLEDGE:
        if (scalar(result)->kind == RESULT_BOOLEAN)
            return xstrdup(to_boolean(result) ? "yes" : "");
        return to_text(result);
    default:
        return to_text(result);
    }
}

/* --- fields --- */

static void nodes_add(struct result *nodes, struct result one)
{
    nodes->nodes = xroom(nodes->nodes, nodes->count, sizeof *nodes->nodes);
    nodes->nodes[nodes->count++] = one;
}

/* Every relevant answer to the field below the row; rows themselves when it is a repeat. */
static void collect(const struct instance *instance, const struct row *row,
                    const struct field *field, const struct field *const *chain, size_t depth,
                    struct result *out)
{
    if (!depth) {
        const struct cell *cell = row_cell(instance, row, field);
        if (cell->relevant)
            nodes_add(out, result_stored(field, cell->value));
        return;
    }
    const struct row_list *list = row_list_of(instance, row, chain[depth - 1]);
    if (!row_cell(instance, row, chain[depth - 1])->relevant)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (depth == 1 && field == chain[0])
            nodes_add(out, result_text(list->rows[i]->uuid));
        else
            collect(instance, list->rows[i], field, chain, depth - 1, out);
}

enum { REPEAT_DEPTH_MAX = 16 };

/* ${field} means the one that shares the most repeats with where the expression stands; below
 * that, all of them. */
static struct result field_value(const struct field *field, const struct scope *scope)
{
    const struct field *chain[REPEAT_DEPTH_MAX]; /* repeats to go down, the innermost first */
    size_t depth = 0;
    const struct row *row = row_holding(scope->row, field);
    if (row && field->type != FIELD_REPEAT) {
        const struct cell *cell = row_cell(scope->instance, row, field);
        return cell->relevant ? result_stored(field, cell->value) : result_text("");
    }
    const struct field *repeat = field->type == FIELD_REPEAT ? field : field->repeat;
    for (row = NULL; repeat && depth < REPEAT_DEPTH_MAX; repeat = repeat->repeat) {
        chain[depth++] = repeat;
        if ((row = row_holding(scope->row, repeat)))
            break;
    }
    struct result nodes = {.kind = RESULT_NODES};
    if (row)
        collect(scope->instance, row, field, chain, depth, &nodes);
    return nodes;
}

static struct result last_saved(const struct field *field, const struct scope *scope)
{
    const struct form_host *host = scope->instance->host;
    if (!host || !host->last_saved)
        return result_text("");
    char *value = host->last_saved(host->context, scope->instance->form->id, field->name);
    struct result result = result_stored(field, value);
    xfree(&value);
    return result;
}

static struct result column_value(const char *name, const struct scope *scope)
{
    const struct choice *choice = scope->choice;
    if (!choice)
        return result_text("");
    if (!strcmp(name, "name"))
        return result_text(choice->name);
    for (size_t i = 0; i + 1 < choice->extra.count; i += 2)
        if (!strcmp(choice->extra.items[i], name))
            return result_text(choice->extra.items[i + 1]);
    if (!strcmp(name, "label"))
        return result_text(label_text(&choice->label, "ja"));
    return result_text("");
}

/* --- operators --- */

static bool compare_scalars(enum node_kind op, const struct result *a, const struct result *b)
{
    bool equality = op == NODE_EQUAL || op == NODE_NOT_EQUAL;
    double x, y;
    if (equality && (a->kind == RESULT_BOOLEAN || b->kind == RESULT_BOOLEAN))
        return (to_boolean(a) == to_boolean(b)) == (op == NODE_EQUAL);
    if (equality && a->kind == RESULT_STRING && b->kind == RESULT_STRING)
        return !strcmp(a->text ? a->text : "", b->text ? b->text : "") == (op == NODE_EQUAL);
    /* a blank date is a string: it differs from every date, as in the engines of XLSForm */
    x = to_number(a);
    y = to_number(b);
    switch (op) {
    case NODE_EQUAL:
        return x == y || fabs(x - y) < ALIKE;
    case NODE_NOT_EQUAL:
        return !(x == y || fabs(x - y) < ALIKE);
    case NODE_LESS:
        return x < y;
    case NODE_LESS_EQUAL:
        return x <= y;
    case NODE_GREATER:
        return x > y;
    default:
        return x >= y;
    }
}

/* With several rows: true when it is for any of them. */
static bool compare(enum node_kind op, const struct result *a, const struct result *b)
{
    size_t na = a->kind == RESULT_NODES ? a->count : 1;
    size_t nb = b->kind == RESULT_NODES ? b->count : 1;
    for (size_t i = 0; i < na; i++)
        for (size_t k = 0; k < nb; k++)
            if (compare_scalars(op, a->kind == RESULT_NODES ? &a->nodes[i] : a,
                                b->kind == RESULT_NODES ? &b->nodes[k] : b))
                return true;
    return false;
}

/* Always a number, of dates too: date(${d} + 30) makes a date of it again, and so does a field of
 * type date that it is stored in. */
static double calculate(enum node_kind op, double x, double y)
{
    switch (op) {
    case NODE_ADD:
        return x + y;
    case NODE_SUBTRACT:
        return x - y;
    case NODE_MULTIPLY:
        return x * y;
    case NODE_DIVIDE:
        return x / y;
    default:
        return fmod(x, y);
    }
}

static struct result binary(const struct node *node, const struct scope *scope)
{
    struct result a = evaluate_node(node->args[0], scope);
    struct result result;
    if (node->kind == NODE_OR || node->kind == NODE_AND) {
        bool left = to_boolean(&a);
        result_free(&a);
        if (left == (node->kind == NODE_OR))
            return result_boolean(left);
        a = evaluate_node(node->args[1], scope);
        result = result_boolean(to_boolean(&a));
        result_free(&a);
        return result;
    }
    struct result b = evaluate_node(node->args[1], scope);
    if (node->kind >= NODE_ADD)
        result = result_number(calculate(node->kind, to_number(&a), to_number(&b)));
    else
        result = result_boolean(compare(node->kind, &a, &b));
    result_free(&a);
    result_free(&b);
    return result;
}

struct result evaluate_node(const struct node *node, const struct scope *scope)
{
    struct result a;
    switch (node->kind) {
    case NODE_NUMBER:
        return result_number(node->number);
    case NODE_STRING:
        return result_text(node->text);
    case NODE_FIELD:
        return field_value(node->field, scope);
    case NODE_LAST_SAVED:
        return last_saved(node->field, scope);
    case NODE_SELF:
        return scope->self ? field_value(scope->self, scope) : result_text("");
    case NODE_PARENT:
        return result_text(scope->row->uuid);
    case NODE_COLUMN:
        return column_value(node->text, scope);
    case NODE_CALL:
        return node->function->run(&(struct call){node, scope});
    case NODE_NEGATE:
        a = evaluate_node(node->args[0], scope);
        struct result negative = result_number(-to_number(&a));
        result_free(&a);
        return negative;
    default:
        return binary(node, scope);
    }
}

struct result evaluate(const struct expression *expression, const struct scope *scope)
{
    return evaluate_node(expression->root, scope);
}
bool evaluate_boolean(const struct expression *expression, const struct scope *scope)
{
    struct result result = evaluate(expression, scope);
    bool yes = to_boolean(&result);
    result_free(&result);
    return yes;
}
