#include "form/functions.h"

#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xmem.h"
#include "form/functions_internal.h"
#include "form/instance_internal.h"

enum { UUID_MAX = 64 };

static const struct function table[] = {
#define FUNCTION_ROW(body, name, least, most, outside) {name, least, most, outside, body},
    FUNCTION_LIST(FUNCTION_ROW)
#undef FUNCTION_ROW
};

const struct function *function_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (!strcmp(table[i].name, name))
            return &table[i];
    return NULL;
}
const char *function_nearest(const char *name)
{
    const char *names[ARRAY_LEN(table)];
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        names[i] = table[i].name;
    return str_nearest(name, names, ARRAY_LEN(table));
}

const char *function_lacking(const char *name)
{
    static const struct {
        const char *name, *why;
    } lacking[] = {
        {"digest", N_("ハッシュ値は様式では作りません")},
        {"extract-signed", N_("署名の検証は様式では行いません")},
        {"randomize", N_("選択肢の順は変えません")},
        {"intersects", N_("線と面の型がありません")},
        {"instance", N_("ほかの表は pulldata か reference で読みます")},
        {"property", N_("端末の情報は username と deviceid の型で入れます")},
        {"depend", N_("順は式の読む欄から決まります")},
    };
    for (size_t i = 0; i < ARRAY_LEN(lacking); i++)
        if (!strcmp(lacking[i].name, name))
            return _(lacking[i].why);
    return NULL;
}
bool function_in_odk(const char *name)
{
    static const char *const ours[] = {
        "param", "lookup",   "age-at", "fiscal-year", "wareki",    "add-years", "business-days",
        "kana",  "previous", "floor",  "ceiling",     "substring", "date-time"};
    for (size_t i = 0; i < ARRAY_LEN(ours); i++)
        if (!strcmp(ours[i], name))
            return false;
    return true;
}

struct result call_value(const struct call *call, size_t i)
{
    if (i >= call->node->arg_count)
        return result_text("");
    return evaluate_node(call->node->args[i], call->scope);
}
char *call_text(const struct call *call, size_t i)
{
    struct result value = call_value(call, i);
    char *text = to_text(&value);
    result_free(&value);
    return text;
}
double call_number(const struct call *call, size_t i)
{
    struct result value = call_value(call, i);
    double number = to_number(&value);
    result_free(&value);
    return number;
}
bool call_boolean(const struct call *call, size_t i)
{
    struct result value = call_value(call, i);
    bool boolean = to_boolean(&value);
    result_free(&value);
    return boolean;
}
bool call_date(const struct call *call, size_t i, struct date *out)
{
    struct result value = call_value(call, i);
    bool yes = to_date(&value, out);
    result_free(&value);
    return yes;
}

struct each each_start(const struct call *call, size_t first)
{
    return (struct each){.call = call, .arg = first};
}
const struct result *each_next(struct each *each)
{
    for (;;) {
        if (each->open && each->value.kind == RESULT_NODES && each->node < each->value.count)
            return &each->value.nodes[each->node++];
        if (each->open)
            result_free(&each->value);
        each->open = each->arg < each->call->node->arg_count;
        if (!each->open)
            return NULL;
        each->value = call_value(each->call, each->arg++);
        each->node = 0;
        if (each->value.kind != RESULT_NODES)
            return &each->value;
    }
}

/* --- logic --- */

struct result function_if(const struct call *call)
{
    return call_value(call, call_boolean(call, 0) ? 1 : 2);
}
struct result function_coalesce(const struct call *call)
{
    for (size_t i = 0; i < call->node->arg_count; i++) {
        struct result value = call_value(call, i);
        if (!is_blank(&value))
            return value;
        result_free(&value);
    }
    return result_text("");
}
struct result function_not(const struct call *call)
{
    return result_boolean(!call_boolean(call, 0));
}
struct result function_true(const struct call *call)
{
    (void)call;
    return result_boolean(true);
}
struct result function_false(const struct call *call)
{
    (void)call;
    return result_boolean(false);
}
struct result function_boolean(const struct call *call)
{
    return result_boolean(call_boolean(call, 0));
}
struct result function_boolean_from_string(const struct call *call)
{
    char *text = call_text(call, 0);
    bool yes = !strcmp(text, "true") || !strcmp(text, "1");
    xfree(&text);
    return result_boolean(yes);
}
/* Pairs of an answer and its weight after the bounds. */
struct result function_weighted_checklist(const struct call *call)
{
    double least = call_number(call, 0), most = call_number(call, 1), sum = 0;
    for (size_t i = 2; i + 1 < call->node->arg_count; i += 2)
        if (call_boolean(call, i))
            sum += call_number(call, i + 1);
    return result_boolean((least < 0 || sum >= least) && (most < 0 || sum <= most));
}
struct result function_checklist(const struct call *call)
{
    double least = call_number(call, 0), most = call_number(call, 1), yes = 0;
    struct each each = each_start(call, 2);
    for (const struct result *r; (r = each_next(&each));)
        yes += to_boolean(r);
    return result_boolean((least < 0 || yes >= least) && (most < 0 || yes <= most));
}
/* What was there first stays. */
struct result function_once(const struct call *call)
{
    const struct scope *scope = call->scope;
    const struct row *row = scope->self ? row_holding(scope->row, scope->self) : NULL;
    if (row) {
        const struct cell *cell = row_cell(scope->instance, row, scope->self);
        if (cell->value)
            return result_stored(scope->self, cell->value);
    }
    return call_value(call, 0);
}

/* --- over rows; blank answers do not count, except in count() --- */

struct result function_count(const struct call *call)
{
    struct result value = call_value(call, 0);
    double count = value.kind == RESULT_NODES ? (double)value.count : !is_blank(&value);
    result_free(&value);
    return result_number(count);
}
struct result function_count_non_empty(const struct call *call)
{
    struct each each = each_start(call, 0);
    double count = 0;
    for (const struct result *r; (r = each_next(&each));)
        count += !is_blank(r);
    return result_number(count);
}
struct result function_sum(const struct call *call)
{
    struct each each = each_start(call, 0);
    double sum = 0;
    for (const struct result *r; (r = each_next(&each));) {
        double number = to_number(r);
        sum += isnan(number) ? 0 : number;
    }
    return result_number(sum);
}
/* NaN when there is no number among them. */
static struct result extreme(const struct call *call, double (*better)(double, double))
{
    struct each each = each_start(call, 0);
    double best = NAN;
    for (const struct result *r; (r = each_next(&each));)
        best = better(best, to_number(r)); /* fmin and fmax pass over NaN */
    return result_number(best);
}
struct result function_min(const struct call *call)
{
    return extreme(call, fmin);
}
struct result function_max(const struct call *call)
{
    return extreme(call, fmax);
}

/* --- rows --- */

/* position(..): the number of the row; position(../..) that of the row around it. */
struct result function_position(const struct call *call)
{
    const struct node *node = call->node->arg_count ? call->node->args[0] : NULL;
    const struct row *row = call->scope->row;
    const struct field *at = call->scope->self;
    if (node && node->kind == NODE_PARENT) {
        for (int up = (int)node->number; at && up > 0; up--)
            at = at->parent;
        const struct field *repeat = at && at->type != FIELD_REPEAT ? at->repeat : at;
        while (row->parent && row->repeat != repeat)
            row = row->parent;
    } else if (node && node->kind == NODE_FIELD && node->field) {
        const struct field *field = node->field;
        const struct field *repeat = field->type == FIELD_REPEAT ? field : field->repeat;
        while (row->parent && row->repeat != repeat)
            row = row->parent;
    }
    return result_number(row->list ? (double)row_position(row) : 1);
}

/* The number given for a repeat, -1 when none is. One that is no number yet, or below 1, is the
 * first row: the expression is made before the rows it counts. */
static double index_for(const struct call *call, const struct field *repeat)
{
    for (size_t i = 1; i + 1 < call->node->arg_count; i += 2)
        if (call->node->args[i]->kind == NODE_FIELD && call->node->args[i]->field == repeat)
            return fmax(1, trunc(call_number(call, i + 1)));
    return -1;
}
/* From the outside in: the row numbered, else the one we are in, else the first. */
static const struct row *indexed_row(const struct call *call, const struct field *repeat)
{
    const struct instance *instance = call->scope->instance;
    if (!repeat)
        return instance->root;
    const struct row *outer = indexed_row(call, repeat->repeat);
    if (!outer)
        return NULL;
    const struct row_list *list = row_list_of(instance, outer, repeat);
    double index = index_for(call, repeat);
    if (index < 0) {
        for (const struct row *row = call->scope->row; row; row = row->parent)
            if (row->list == list)
                return row;
        index = 1;
    }
    return index <= (double)list->count ? list->rows[(size_t)index - 1] : NULL;
}
struct result function_indexed_repeat(const struct call *call)
{
    const struct node *node = call->node->args[0];
    const struct field *field = node->kind == NODE_SELF ? call->scope->self : node->field;
    const struct row *row = field ? indexed_row(call, field->repeat) : NULL;
    if (!row)
        return result_text("");
    const struct cell *cell = row_cell(call->scope->instance, row, field);
    return cell->relevant ? result_stored(field, cell->value) : result_text("");
}

/* --- from outside --- */

struct result function_version(const struct call *call)
{
    return result_number((double)call->scope->instance->form->version);
}

struct result function_param(const struct call *call)
{
    const struct instance *instance = call->scope->instance;
    const struct form_host *host = instance->host;
    const struct field *received = instance_field(instance, "received_on", strlen("received_on"));
    const char *day = received ? cell_value(row_cell(instance, instance->root, received)) : "";
    if (!host || !host->parameter)
        return result_text("");
    char *key = call_text(call, 0);
    char *value = host->parameter(host->context, key, day);
    xfree(&key);
    return result_take(value);
}

static const struct field *arg_field(const struct call *call, size_t i)
{
    const struct node *node = call->node->args[i];
    return node->kind == NODE_SELF ? call->scope->self : node->field;
}
static char *referred(const struct call *call, const struct field *field, const char *record,
                      const char *name)
{
    const struct form_host *host = call->scope->instance->host;
    if (!host || !host->reference || !field || str_empty(field->to) || str_empty(record))
        return NULL;
    return host->reference(host->context, field->to, record, name);
}
/* lookup(${reference}, 'field'): of the record the reference points at. */
struct result function_lookup(const struct call *call)
{
    char *record = call_text(call, 0), *name = call_text(call, 1);
    char *value = referred(call, arg_field(call, 0), record, name);
    xfree(&record);
    xfree(&name);
    return result_take(value);
}
struct result function_pulldata(const struct call *call)
{
    const struct form_host *host = call->scope->instance->host;
    char *args[4], *value = NULL;
    if (!host || !host->pulldata)
        return result_text("");
    for (size_t i = 0; i < ARRAY_LEN(args); i++)
        args[i] = call_text(call, i);
    if (*args[3])
        value = host->pulldata(host->context, args[0], args[1], args[2], args[3]);
    for (size_t i = 0; i < ARRAY_LEN(args); i++)
        xfree(&args[i]);
    return result_take(value);
}
/* previous('field'): of the record before this one. */
struct result function_previous(const struct call *call)
{
    const struct instance *instance = call->scope->instance;
    const struct form_host *host = instance->host;
    char *name = call_text(call, 0), *value = NULL;
    const struct field *field = form_field(instance->form, name);
    if (host && host->previous && field)
        value = host->previous(host->context, instance, field);
    struct result result = field && value ? result_stored(field, value) : result_text("");
    xfree(&value);
    xfree(&name);
    return result;
}
/* A random UUID, or so many random letters and digits. */
struct result function_uuid(const struct call *call)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    const struct form_host *host = call->scope->instance->host;
    char text[UUID_MAX + 1] = "";
    if (!call->node->arg_count) {
        if (host && host->new_row)
            host->new_row(host->context, text);
        return result_text(text);
    }
    double length = call_number(call, 0);
    for (size_t i = 0; i < UUID_MAX && (double)i < length; i++)
        text[i] = letters[(size_t)(random_fraction() * (sizeof letters - 1))];
    return result_text(text);
}
/* Labels of the choices, or of the record a reference points at. */
struct result function_choice_name(const struct call *call)
{
    const struct form_host *host = call->scope->instance->host;
    const struct field *field = arg_field(call, 1);
    char *names = call_text(call, 0);
    char *label = NULL;
    struct buffer out = BUFFER_INIT;
    if (field && field_is_record(field)) {
        label = referred(call, field, names, NULL);
        buffer_add_text(&out, label ? label : names);
        xfree(&label);
    } else {
        char *rest = NULL;
        for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
            const struct choice *choice =
                field && field->choices ? choice_find(field->choices, name) : NULL;
            if (out.len)
                buffer_add_text(&out, _("、"));
            buffer_add_text(&out, choice
                                      ? label_text(&choice->label,
                                                   host && host->language ? host->language : "ja")
                                      : name);
        }
    }
    xfree(&names);
    return result_take(buffer_steal(&out));
}
