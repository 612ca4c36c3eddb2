#include "store/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/encoding.h"

enum setting_type {
    SETTING_TEXT,
    SETTING_CHOICE,
    SETTING_YES_NO,
    SETTING_NUMBER,
    SETTING_HASH,
    SETTING_ENCODING,
};

static const struct {
    const char *key;
    enum setting_type type;
    const char *standard;
    const char *bounds; /* "a|b|c" or "least..most" */
    const char *text;
} rows[] = {
#define SETTING_ROW(key, type, standard, bounds, text) {key, type, standard, bounds, text},
    SETTINGS_LIST(SETTING_ROW)
#undef SETTING_ROW
};

struct settings {
    struct strings pairs; /* key, value in the order of the file; unknown keys too */
};

struct settings *settings_new(void)
{
    return xcalloc(1, sizeof(struct settings));
}

void settings_free(struct settings **settings)
{
    if (!*settings)
        return;
    strings_free(&(*settings)->pairs);
    xfree(settings);
}

static long row_of(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].key, key) == 0)
            return (long)i;
    return -1;
}

static bool one_of(const char *choices, const char *value)
{
    struct strings list = STRINGS_INIT;
    strings_split(&list, choices, '|');
    bool found = strings_find(&list, value) >= 0;
    strings_free(&list);
    return found;
}

static bool within(const char *bounds, const char *value)
{
    char *end;
    long least = strtol(bounds, &end, 10), most = strtol(end + 2, NULL, 10);
    long number = strtol(value, &end, 10);
    return *value && !*end && number >= least && number <= most;
}

static enum status check(size_t row, const char *value, struct error *err)
{
    const char *bounds = rows[row].bounds;
    uint8_t hash[32];
    bool good = true;
    if (strchr(value, '\n'))
        good = false;
    else if (rows[row].type == SETTING_CHOICE)
        good = one_of(bounds, value);
    else if (rows[row].type == SETTING_YES_NO)
        good = one_of(bounds = "yes|no", value);
    else if (rows[row].type == SETTING_NUMBER)
        good = within(bounds, value);
    else if (rows[row].type == SETTING_HASH)
        good = !*value || hex_decode(hash, sizeof hash, value);
    else if (rows[row].type == SETTING_ENCODING)
        good = !*value || encoding_length(value, "") == 0;
    if (rows[row].type == SETTING_HASH)
        bounds = _("16進の数字64桁");
    else if (rows[row].type == SETTING_ENCODING)
        bounds = _("CP932、UTF-8、EUC-JP など");
    else if (rows[row].type == SETTING_TEXT)
        bounds = _("一行で");
    return good ? OK
                : error_set(err, E_INVALID, _("設定「%s」（%s）に「%s」は使えません（%s）"),
                            rows[row].key, _(rows[row].text), value, bounds);
}

static enum status read_line(struct settings *settings, const char *file, size_t number,
                             const char *line, struct error *err)
{
    const char *equals = strchr(line, '=');
    struct error why;
    if (!*line || *line == '#')
        return OK;
    if (!equals)
        return error_at(err, E_PARSE, file, number, 0, _("「名=値」の形で書いてください"));
    char *key = xstrndup(line, (size_t)(equals - line));
    long row = row_of(key);
    enum status st = row < 0 ? OK : check((size_t)row, equals + 1, &why);
    if (st)
        st = error_at(err, E_INVALID, file, number, 0, "%s", error_text(&why));
    strings_take(&settings->pairs, key);
    strings_add(&settings->pairs, equals + 1);
    return st;
}

enum status settings_load(const char *dir, struct settings **out, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    char *file = file_path(dir, SETTINGS_FILE);
    *out = NULL;
    enum status st = OK;
    if (!file_exists(file))
        st = error_set(err, E_NOT_FOUND,
                       _("%s はまだ設置されていません。satomado init で設置するか、--data "
                         "で場所を示してください"),
                       dir);
    if (!st)
        st = file_read(file, 65536, &text, err);
    if (!st) {
        *out = settings_new();
        strings_split(&lines, buffer_text(&text), '\n');
        for (size_t i = 0; !st && i < lines.count; i++)
            st = read_line(*out, file, i + 1, lines.items[i], err);
    }
    if (st)
        settings_free(out);
    strings_free(&lines);
    buffer_free(&text);
    xfree(&file);
    return st;
}

const char *settings_get(const struct settings *settings, const char *key)
{
    for (size_t i = 0; i + 1 < settings->pairs.count; i += 2)
        if (strcmp(settings->pairs.items[i], key) == 0)
            return settings->pairs.items[i + 1];
    long row = row_of(key);
    return row < 0 ? "" : rows[row].standard;
}

bool settings_is(const struct settings *settings, const char *key, const char *value)
{
    return strcmp(settings_get(settings, key), value) == 0;
}

long settings_number(const struct settings *settings, const char *key)
{
    return strtol(settings_get(settings, key), NULL, 10);
}

size_t settings_count(void)
{
    return ARRAY_LEN(rows);
}

const char *settings_row(size_t i, const char **bounds, const char **text)
{
    *bounds = rows[i].bounds;
    *text = _(rows[i].text);
    return rows[i].key;
}

enum status settings_set(struct settings *settings, const char *key, const char *value,
                         struct error *err)
{
    const char *names[ARRAY_LEN(rows)];
    long row = row_of(key);
    if (row < 0) {
        for (size_t i = 0; i < ARRAY_LEN(rows); i++)
            names[i] = rows[i].key;
        const char *near = str_nearest(key, names, ARRAY_LEN(rows));
        return error_set(err, E_NOT_FOUND, _("設定「%s」はありません%s%s"), key,
                         near ? _("。もしかして ") : "", near ? near : "");
    }
    enum status st = check((size_t)row, value, err);
    if (st)
        return st;
    for (size_t i = 0; i + 1 < settings->pairs.count; i += 2)
        if (strcmp(settings->pairs.items[i], key) == 0) {
            char *copy = xstrdup(value);
            xfree(&settings->pairs.items[i + 1]);
            settings->pairs.items[i + 1] = copy;
            return OK;
        }
    strings_add(&settings->pairs, key);
    strings_add(&settings->pairs, value);
    return OK;
}

enum status settings_save(const struct settings *settings, const char *dir, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    char *file = file_path(dir, SETTINGS_FILE);
    for (size_t i = 0; i + 1 < settings->pairs.count; i += 2)
        buffer_printf(&text, "%s=%s\n", settings->pairs.items[i], settings->pairs.items[i + 1]);
    enum status st = file_write(file, buffer_text(&text), text.len, err);
    buffer_free(&text);
    xfree(&file);
    return st;
}
