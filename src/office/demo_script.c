#include "office/demo_script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "office/entry.h"
#include "office/office_internal.h"

enum { FILE_LIMIT = 1 << 20, POOLS = 16 };

enum status demo_script_load(const char *file, struct yaml **out, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    *out = NULL;
    enum status st = file_read(file, FILE_LIMIT, &text, err);
    if (!st)
        st = yaml_read(buffer_text(&text), file, out, err);
    buffer_free(&text);
    return st;
}

/* --- Values --- */

static unsigned long roll(struct dice *dice, unsigned long below)
{
    dice->seed =
        (dice->seed * 6364136223846793005UL + 1442695040888963407UL) & 0xffffffffffffffffUL;
    return (dice->seed >> 33) % below;
}

/* Which row of each pool this record has. */
struct picks {
    struct dice *dice;
    long rows[POOLS];
};

/* {POOL.N} */
static bool add_pick(struct picks *picks, const char *word, struct buffer *out)
{
    const struct yaml *pools = picks->dice->pools;
    const char *dot = strchr(word, '.');
    for (size_t p = 0; dot && pools && p < POOLS && 2 * p + 1 < pools->count; p++) {
        const struct yaml *rows = pools->items[2 * p + 1];
        size_t len = (size_t)(dot - word);
        if (strlen(pools->items[2 * p]->text) != len ||
            strncmp(pools->items[2 * p]->text, word, len) != 0)
            continue;
        if (picks->rows[p] < 0)
            picks->rows[p] = (long)roll(picks->dice, rows->count);
        struct strings parts = STRINGS_INIT;
        strings_split(&parts, rows->items[picks->rows[p]]->text, '/');
        size_t part = (size_t)atol(dot + 1);
        bool found = part >= 1 && part <= parts.count;
        if (found)
            buffer_add_text(out, parts.items[part - 1]);
        strings_free(&parts);
        return found;
    }
    return false;
}

/* {A-B} */
static bool add_number(struct picks *picks, const char *word, struct buffer *out)
{
    const char *dash = strchr(word, '-');
    if (!isdigit((unsigned char)*word) || !dash)
        return false;
    unsigned long low = strtoul(word, NULL, 10), high = strtoul(dash + 1, NULL, 10);
    if (high < low)
        return false;
    buffer_printf(out, "%0*lu", (int)(dash - word), low + roll(picks->dice, high - low + 1));
    return true;
}

/* {day-N} */
static bool add_day(const char *word, struct buffer *out)
{
    char day[ISO_DATE_SIZE];
    if (!str_starts(word, "day"))
        return false;
    iso_date(day, date_from_days(date_days(clock_today()) + atol(word + strlen("day"))));
    buffer_add_text(out, day);
    return true;
}

static enum status fill(struct picks *picks, const char *text, struct buffer *out,
                        struct error *err)
{
    for (const char *p = text; *p;) {
        const char *close = *p == '{' ? strchr(p, '}') : NULL;
        if (!close) {
            buffer_add_char(out, *p++);
            continue;
        }
        char *word = xstrndup(p + 1, (size_t)(close - p - 1));
        bool known =
            add_pick(picks, word, out) || add_number(picks, word, out) || add_day(word, out);
        xfree(&word);
        if (!known)
            return error_set(err, E_INVALID, _("見本の値「%s」が分かりません"), text);
        p = close + 1;
    }
    return OK;
}

/* --- Records --- */

/* `repeat/+/field` makes a row (`+2` and so on, as no key stands twice), `repeat/./field` goes on
 * in it. */
static enum status type(struct entry *entry, const char *path, const char *typed, char row[37],
                        struct error *err)
{
    const char *slash = strchr(path, '/'), *field = slash ? strchr(slash + 1, '/') : NULL;
    if (!field)
        return entry_type(entry, path, typed, err);
    char *repeat = xstrndup(path, (size_t)(slash - path));
    enum status st = slash[1] == '+' ? entry_add_row(entry, repeat, row, err) : OK;
    char *whole = xasprintf("%s/%s%s", repeat, row, field);
    if (!st)
        st = entry_type(entry, whole, typed, err);
    xfree(&repeat);
    xfree(&whole);
    return st;
}

static bool is_own_key(const char *key)
{
    return strcmp(key, "form") == 0 || strcmp(key, "times") == 0;
}

static enum status type_all(struct entry *entry, const struct yaml *record, struct picks *picks,
                            struct error *err)
{
    enum status st = OK;
    char row[37] = "";
    for (size_t i = 0; !st && i + 1 < record->count; i += 2) {
        const char *key = record->items[i]->text;
        struct buffer typed = BUFFER_INIT;
        if (is_own_key(key))
            continue;
        st = fill(picks, record->items[i + 1]->text, &typed, err);
        if (!st)
            st = type(entry, key, buffer_text(&typed), row, err);
        if (st && err)
            error_field(err, key);
        buffer_free(&typed);
    }
    return st;
}

static enum status finalise(struct entry *entry, struct error *err)
{
    const struct findings *findings;
    struct candidates same;
    struct receipt receipt;
    enum status st = entry_findings(entry, true, &findings, err);
    for (size_t i = 0; !st && i < findings->count; i++)
        if (findings->items[i].severity == FINDING_DEFICIENCY)
            entry_explain(entry, findings->items[i].rule, findings->items[i].path, true);
    if (!st)
        st = entry_candidates(entry, &same, err);
    if (st)
        return st;
    st = entry_finalise(entry, same.count ? same.items[0].person : "", &receipt, err);
    candidates_free(&same);
    return st;
}

static enum status write_one(struct session *session, const struct yaml *record, struct dice *dice,
                             struct error *err)
{
    struct picks picks = {.dice = dice};
    struct entry *entry;
    for (size_t i = 0; i < POOLS; i++)
        picks.rows[i] = -1;
    enum status st = entry_new(session, yaml_text(record, "form"), &entry, err);
    if (!st)
        st = type_all(entry, record, &picks, err);
    if (!st)
        st = finalise(entry, err);
    entry_free(&entry);
    return st;
}

static enum status in_form(const struct yaml *record, enum status st, struct error *err)
{
    if (!st || !err)
        return st;
    char *what = xstrdup(error_text(err));
    st = error_set(err, st, "%s: %s", yaml_text(record, "form"), what);
    xfree(&what);
    return st;
}

enum status demo_script_write(struct session *session, const struct yaml *records,
                              struct dice *dice, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; !st && records && i < records->count; i++) {
        const struct yaml *record = records->items[i];
        const char *times = yaml_text(record, "times");
        if (!yaml_text(record, "form"))
            return error_set(err, E_INVALID, _("見本の記録に form がありません"));
        for (long n = times ? atol(times) : 1; !st && n > 0; n--)
            st = in_form(record, write_one(session, record, dice, err), err);
    }
    return st;
}
