#include "store/query_check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/sql_words.h"
#include "store/store_internal.h"
#include "text/era.h"
#include "text/fold.h"

enum {
    STEP_UNIT = 1000,
    STEP_LIMIT = 20000,    /* units: twenty million steps, below a second */
    TIME_LIMIT = 5000,     /* ms, for steps that each take long */
    VALUE_LIMIT = 1 << 20, /* bytes of one value: no text that doubles and doubles */
    PATTERN_LIMIT = 100,   /* of LIKE and GLOB */
};

/* The view of all records with a receipt number. */
#define RECEIPTS "receipts"

/* A rule's statement, kept for the next time it is asked on a record of the same form. */
struct rule {
    char *sql;
    sqlite3_stmt *stmt;
};

struct check_state {
    const struct check_host *host;
    struct strings forms;  /* names of views rules may read */
    struct strings schema; /* names of all there is */
    struct strings binds;  /* column, value of `this` */
    struct strings temp;   /* temporary tables laid out; empty but for the time of a check */
    char *layout;          /* the SQL that made them */
    struct rule *rules;
    size_t rule_count;
    bool guarding; /* a rule is being read or run: the authorizer looks */
    long units;
    int64_t started; /* monotonic ms */
    char denied[128];
};

/* --- Functions rules may call --- */

static const char *text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return text ? text : "";
}

static bool date_of(sqlite3_value *value, struct date *date)
{
    char day[11];
    snprintf(day, sizeof day, "%.10s", text_of(value));
    return iso_date_parse(date, day);
}

static void result_text(sqlite3_context *ctx, char *text)
{
    if (text)
        sqlite3_result_text(ctx, text, -1, SQLITE_TRANSIENT);
    xfree(&text);
}

static void sql_param(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    struct check_state *state = sqlite3_user_data(ctx);
    bool guarding = state->guarding;
    const char *on = count > 1 ? text_of(args[1]) : "";
    state->guarding = false; /* the host may read what rules may not */
    char *value =
        state->host ? state->host->parameter(state->host->context, text_of(args[0]), on) : NULL;
    state->guarding = guarding;
    char *end = NULL;
    double number = value && *value ? strtod(value, &end) : 0;
    if (end && !*end)
        sqlite3_result_double(ctx, number);
    else if (value)
        sqlite3_result_text(ctx, value, -1, SQLITE_TRANSIENT);
    if (end && !*end && number == (double)(sqlite3_int64)number)
        sqlite3_result_int64(ctx, (sqlite3_int64)number);
    xfree(&value);
}

static void sql_age_at(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    struct date birth, on;
    (void)count;
    if (date_of(args[0], &birth) && date_of(args[1], &on))
        sqlite3_result_int(ctx, era_age(birth, on));
}

static void sql_fiscal_year(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    struct date date;
    (void)count;
    if (date_of(args[0], &date))
        sqlite3_result_int(ctx, fiscal_year(date));
}

static void sql_wareki(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    struct date date;
    char out[64];
    (void)count;
    if (!date_of(args[0], &date))
        return;
    era_format(out, sizeof out, date);
    sqlite3_result_text(ctx, out, -1, SQLITE_TRANSIENT);
}

static void sql_fold(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    (void)count;
    result_text(ctx, fold_text(text_of(args[0])));
}

static void sql_add_years(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    struct date date;
    char out[ISO_DATE_SIZE];
    (void)count;
    if (!date_of(args[0], &date))
        return;
    iso_date(out, date_add_years(date, sqlite3_value_int(args[1])));
    sqlite3_result_text(ctx, out, -1, SQLITE_TRANSIENT);
}

static void sql_business_days(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    struct check_state *state = sqlite3_user_data(ctx);
    struct date from, to;
    bool guarding = state->guarding;
    state->guarding = false;
    if (state->host && date_of(args[0], &from) && date_of(args[1], &to)) {
        long days = state->host->business_days(state->host->context, from, to,
                                               count > 2 ? text_of(args[2]) : "");
        if (days < 0)
            sqlite3_result_error(ctx, _("開庁日を数えられません"), -1);
        else
            sqlite3_result_int64(ctx, days);
    }
    state->guarding = guarding;
}

/* Whether a record belongs to a protected person (閲覧制限), or to one who is the same. */
static void sql_concealed(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    struct check_state *state = sqlite3_user_data(ctx);
    sqlite3_stmt *stmt = NULL;
    bool guarding = state->guarding;
    (void)count;
    state->guarding = false;
    if (sqlite3_prepare_v2(sqlite3_context_db_handle(ctx), "SELECT 1 FROM concealed WHERE record=?",
                           -1, &stmt, NULL) == SQLITE_OK)
        sqlite3_bind_text(stmt, 1, text_of(args[0]), -1, SQLITE_TRANSIENT);
    int rc = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;
    sqlite3_finalize(stmt);
    state->guarding = guarding;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        sqlite3_result_int(ctx, rc == SQLITE_ROW);
    else
        sqlite3_result_error_code(ctx, rc);
}

static const struct {
    const char *name;
    int arguments;
    void (*run)(sqlite3_context *, int, sqlite3_value **);
} own_functions[] = {
    {"param", 1, sql_param},
    {"param", 2, sql_param},
    {"age_at", 2, sql_age_at},
    {"wareki", 1, sql_wareki},
    {"fiscal_year", 1, sql_fiscal_year},
    {"fold", 1, sql_fold},
    {"add_years", 2, sql_add_years},
    {"concealed", 1, sql_concealed},
    {"business_days", 2, sql_business_days},
    {"business_days", 3, sql_business_days},
};

/* Of SQLite's: none that reads the clock, files or the schema. date() and its kin are here for
 * arithmetic; 'now' would be the machine's clock and is refused in the text of the check. */
static const char *const functions[] = {
    "count",      "sum",    "total",  "min",          "max",    "avg",     "abs",       "round",
    "coalesce",   "ifnull", "nullif", "iif",          "length", "substr",  "substring", "instr",
    "upper",      "lower",  "trim",   "ltrim",        "rtrim",  "replace", "date",      "julianday",
    "strftime",   "printf", "format", "group_concat", "like",   "glob",    "cast",      "rank",
    "row_number", "lag",    "lead",   "typeof",
};

static bool function_allowed(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(functions); i++)
        if (sqlite3_stricmp(functions[i], name) == 0)
            return true;
    for (size_t i = 0; i < ARRAY_LEN(own_functions); i++)
        if (sqlite3_stricmp(own_functions[i].name, name) == 0)
            return true;
    return false;
}

/* --- The guard --- */

/* Tables of records are read through the view of their name only, which shows what is in force.
 * SQLite gives the name of a query of the rule's own (WITH) in the same place: prepare() has seen
 * to it that none has the name of a view. */
static bool table_allowed(const struct check_state *state, const char *table, const char *view)
{
    if (strcmp(table, "this") == 0 || str_starts(table, "this__") || str_starts(table, "choices__"))
        return true;
    if (str_starts(table, "f_"))
        return view && strcasecmp(view, table + 2) == 0;
    if (strcmp(table, RECEIPTS) == 0 || strcmp(table, "record") == 0)
        return strcmp(table, RECEIPTS) == 0 || (view && strcasecmp(view, RECEIPTS) == 0);
    for (size_t i = 0; i < state->forms.count; i++) {
        size_t len = strlen(state->forms.items[i]);
        if (strncmp(table, state->forms.items[i], len) == 0 &&
            (!table[len] || str_starts(table + len, "__")))
            return true;
    }
    return false;
}

/* A query the rule itself has named (WITH): of these no column is read where rows are counted. */
static bool is_named_query(const struct check_state *state, const char *table, const char *column)
{
    static const char *const modules[] = {"sqlite_", "pragma_", "dbstat", "fts5"};
    for (size_t i = 0; i < ARRAY_LEN(modules); i++)
        if (strncasecmp(table, modules[i], strlen(modules[i])) == 0)
            return false;
    for (size_t i = 0; i < state->schema.count; i++)
        if (strcasecmp(state->schema.items[i], table) == 0)
            return false;
    return !*column;
}

static int authorize(void *context, int action, const char *a, const char *b, const char *schema,
                     const char *view)
{
    struct check_state *state = context;
    (void)schema;
    if (!state->guarding)
        return SQLITE_OK;
    bool good = action == SQLITE_SELECT || action == SQLITE_RECURSIVE ||
                /* A table of nothing: count(*) and subqueries read no column. */
                (action == SQLITE_READ &&
                 (!*a || table_allowed(state, a, view) || is_named_query(state, a, b))) ||
                (action == SQLITE_FUNCTION && function_allowed(b));
    if (!good && !state->denied[0])
        snprintf(state->denied, sizeof state->denied, "%s%s%s", a ? a : "", a && b ? "." : "",
                 b ? b : "");
    return good ? SQLITE_OK : SQLITE_DENY;
}

static int progress(void *context)
{
    struct check_state *state = context;
    return ++state->units > STEP_LIMIT || clock_mono() - state->started > TIME_LIMIT;
}

static struct check_state *state_of(struct store *store)
{
    sqlite3 *db = database_handle(store->db);
    if (store->check)
        return store->check;
    store->check = xcalloc(1, sizeof *store->check);
    for (size_t i = 0; i < ARRAY_LEN(own_functions); i++)
        sqlite3_create_function(db, own_functions[i].name, own_functions[i].arguments,
                                SQLITE_UTF8 | SQLITE_DETERMINISTIC, store->check,
                                own_functions[i].run, NULL, NULL);
    /* Once and for all: to change it makes SQLite compile every statement of the connection again.
     */
    sqlite3_set_authorizer(db, authorize, store->check);
    return store->check;
}

static void forget_rules(struct check_state *state)
{
    for (size_t i = 0; i < state->rule_count; i++) {
        sqlite3_finalize(state->rules[i].stmt);
        xfree(&state->rules[i].sql);
    }
    xfree(&state->rules);
    state->rule_count = 0;
}

void check_state_free(struct check_state **state)
{
    if (!*state)
        return;
    strings_free(&(*state)->forms);
    strings_free(&(*state)->schema);
    strings_free(&(*state)->binds);
    strings_free(&(*state)->temp);
    xfree(&(*state)->layout);
    forget_rules(*state);
    xfree(state);
}

static enum status know(struct store *store, const char *sql, struct strings *names,
                        struct error *err)
{
    struct statement *s;
    strings_free(names);
    enum status st = database_query(store->db, err, &s, sql, "");
    while (!st && statement_next(s, &st, err))
        strings_add(names, statement_text(s, 0));
    statement_close(&s);
    return st;
}

static enum status know_forms(struct store *store, struct check_state *state, struct error *err)
{
    enum status st = know(store, "SELECT DISTINCT form FROM form_column", &state->forms, err);
    return st ? st : know(store, "SELECT name FROM sqlite_schema", &state->schema, err);
}

/* --- The record on screen --- */

/* The tables as SQL: records of one form version have one layout. */
static char *layout_of(const struct check_table *tables, size_t count)
{
    struct buffer make = BUFFER_INIT;
    for (size_t i = 0; i < count; i++) {
        buffer_printf(&make, "CREATE TEMP TABLE \"%s\"(", tables[i].name);
        for (size_t c = 0; c < tables[i].columns.count; c++)
            buffer_printf(&make, "%s\"%s\" TEXT", c ? "," : "", tables[i].columns.items[c]);
        buffer_add_text(&make, ");");
    }
    return buffer_steal(&make);
}

static enum status each_table(struct store *store, const char *format, struct error *err)
{
    struct check_state *state = state_of(store);
    enum status st = OK;
    for (size_t i = 0; !st && i < state->temp.count; i++) {
        char *sql = xasprintf(format, state->temp.items[i]);
        st = database_run(store->db, err, sql, "");
        xfree(&sql);
    }
    return st;
}

/* Empty tables of this layout. They stay for the next record: to drop and make them is most of the
 * work of a check. */
static enum status lay_out(struct store *store, const struct check_table *tables, size_t count,
                           struct error *err)
{
    struct check_state *state = state_of(store);
    char *layout = layout_of(tables, count);
    if (str_eq(state->layout, layout) && each_table(store, "DELETE FROM temp.\"%s\"", NULL) == OK) {
        xfree(&layout);
        return OK;
    }
    forget_rules(state);
    enum status st = each_table(store, "DROP TABLE IF EXISTS temp.\"%s\"", err);
    if (!st)
        st = database_script(store->db, layout, err);
    strings_free(&state->temp);
    xfree(&state->layout);
    for (size_t i = 0; i < count; i++)
        strings_add(&state->temp, tables[i].name);
    state->layout = layout;
    return st;
}

static enum status fill_table(struct store *store, const struct check_table *table,
                              struct error *err)
{
    struct buffer insert = BUFFER_INIT;
    size_t columns = table->columns.count;
    enum status st = OK;
    buffer_printf(&insert, "INSERT INTO temp.\"%s\" VALUES(", table->name);
    for (size_t c = 0; c < columns; c++)
        buffer_add_text(&insert, c ? ",?" : "?");
    buffer_add_char(&insert, ')');
    for (size_t at = 0; !st && at + columns <= table->cells.count; at += columns)
        st = database_run_texts(store->db, err, insert.data,
                                (const char *const *)table->cells.items + at, columns);
    buffer_free(&insert);
    return st;
}

enum status check_begin(struct store *store, const struct check_table *tables, size_t count,
                        const struct check_host *host, struct error *err)
{
    struct check_state *state = state_of(store);
    state->host = host;
    strings_free(&state->binds);
    enum status st = know_forms(store, state, err);
    if (!st)
        st = lay_out(store, tables, count, err);
    for (size_t i = 0; !st && i < count; i++) {
        st = fill_table(store, &tables[i], err);
        for (size_t c = 0; strcmp(tables[i].name, "this") == 0 && c < tables[i].columns.count;
             c++) {
            strings_add(&state->binds, tables[i].columns.items[c]);
            strings_add(&state->binds, tables[i].cells.items[c]);
        }
    }
    return st;
}

void check_end(struct store *store)
{
    struct check_state *state = state_of(store);
    each_table(store, "DELETE FROM temp.\"%s\"", NULL);
    strings_free(&state->binds);
    state->host = NULL;
}

/* --- Running --- */

/* What the text says before SQLite reads it. */
static enum status look_at_words(const struct check_state *state, const char *name, const char *sql,
                                 struct error *err)
{
    struct strings words = STRINGS_INIT;
    sql_words(sql, &words);
    const char *posing = sql_poses_as(&words, &state->schema);
    enum status st = OK;
    if (sql_asks_the_clock(&words))
        st =
            error_set(err, E_RULE,
                      _("規則 %s: 機械の時計（'now'）は使えません。:today を使ってください"), name);
    else if (posing)
        st = error_set(err, E_RULE, _("規則 %s: 規則が使えないもの（%s）に触れています"), name,
                       posing);
    strings_free(&words);
    return st;
}

static enum status prepare(struct store *store, const char *name, const char *sql,
                           sqlite3_stmt **out, struct error *err)
{
    struct check_state *state = state_of(store);
    sqlite3 *db = database_handle(store->db);
    const char *tail = "";
    *out = NULL;
    enum status st = look_at_words(state, name, sql, err);
    if (st)
        return st;
    state->denied[0] = '\0';
    state->guarding = true;
    int rc = sqlite3_prepare_v2(db, sql, -1, out, &tail);
    state->guarding = false;
    while (tail && (*tail == ' ' || *tail == '\n' || *tail == ';'))
        tail++;
    if (!rc && *out && !*tail && sqlite3_stmt_readonly(*out) && !sqlite3_stmt_isexplain(*out))
        return OK;
    st = state->denied[0] || rc == SQLITE_AUTH || (!rc && *out)
             ? error_set(err, E_RULE, _("規則 %s: 規則が使えないもの（%s）に触れています"), name,
                         state->denied[0] ? state->denied : "SQL")
             : error_set(err, E_PARSE, _("規則 %s: %s"), name, rc ? sqlite3_errmsg(db) : "SQL");
    sqlite3_finalize(*out);
    *out = NULL;
    return st;
}

static void bind(struct check_state *state, sqlite3_stmt *stmt)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        for (size_t b = 0; name && b + 1 < state->binds.count; b += 2)
            if (strcmp(name + 1, state->binds.items[b]) == 0)
                sqlite3_bind_text(stmt, i, state->binds.items[b + 1], -1, SQLITE_STATIC);
    }
}

static void deliver(sqlite3_stmt *stmt, check_row row, void *context)
{
    const char *names[32], *values[32];
    size_t count = (size_t)sqlite3_column_count(stmt);
    if (count > ARRAY_LEN(names))
        count = ARRAY_LEN(names);
    for (size_t c = 0; c < count; c++) {
        const char *text = (const char *)sqlite3_column_text(stmt, (int)c);
        names[c] = sqlite3_column_name(stmt, (int)c);
        values[c] = text ? text : "";
    }
    row(context, names, values, count);
}

static enum status kept_rule(struct store *store, const char *name, const char *sql,
                             sqlite3_stmt **out, struct error *err)
{
    struct check_state *state = state_of(store);
    for (size_t i = 0; i < state->rule_count; i++)
        if (strcmp(state->rules[i].sql, sql) == 0) {
            *out = state->rules[i].stmt;
            return OK;
        }
    enum status st = prepare(store, name, sql, out, err);
    if (st)
        return st;
    state->rules = xroom(state->rules, state->rule_count, sizeof *state->rules);
    state->rules[state->rule_count++] = (struct rule){xstrdup(sql), *out};
    return OK;
}

/* A step compiles the statement again where a table has changed, so the guard looks here too. */
static int guarded_step(struct check_state *state, sqlite3_stmt *stmt)
{
    state->guarding = true;
    int rc = sqlite3_step(stmt);
    state->guarding = false;
    return rc;
}

enum status check_run(struct store *store, const char *name, const char *sql, check_row row,
                      void *context, struct error *err)
{
    struct check_state *state = state_of(store);
    sqlite3 *db = database_handle(store->db);
    sqlite3_stmt *stmt;
    enum status st = kept_rule(store, name, sql, &stmt, err);
    if (st)
        return st;
    bind(state, stmt);
    state->units = 0;
    state->started = clock_mono();
    int value = sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_LIMIT);
    int pattern = sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, PATTERN_LIMIT);
    sqlite3_progress_handler(db, STEP_UNIT, progress, state);
    int rc;
    while ((rc = guarded_step(state, stmt)) == SQLITE_ROW)
        deliver(stmt, row, context);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, value);
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, pattern);
    if (rc == SQLITE_TOOBIG)
        st = error_set(err, E_LIMIT, _("規則 %s: 値が長すぎます"), name);
    else if (rc == SQLITE_INTERRUPT)
        st = error_set(err, E_LIMIT, _("規則 %s: 時間がかかりすぎます"), name);
    else if (rc != SQLITE_DONE)
        st = error_set(err, E_PARSE, _("規則 %s: %s"), name, sqlite3_errmsg(db));
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    return st;
}

/* SQLite has no code of its own for it. */
static bool lacks_something(sqlite3 *db)
{
    const char *said = sqlite3_errmsg(db);
    return str_starts(said, "no such table") || str_starts(said, "no such column");
}

enum status check_try(struct store *store, const char *name, const char *sql, struct error *err)
{
    sqlite3_stmt *stmt;
    enum status st = know_forms(store, state_of(store), err);
    if (!st)
        st = prepare(store, name, sql, &stmt, err);
    if (st == E_PARSE && lacks_something(database_handle(store->db)))
        return error_set(err, E_NOT_FOUND, _("規則 %s: %s"), name,
                         sqlite3_errmsg(database_handle(store->db)));
    if (!st)
        sqlite3_finalize(stmt);
    return st;
}
