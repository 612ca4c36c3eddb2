#include "store/reference.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/xmem.h"
#include "store/registry_internal.h"

enum { READ_AT_ONCE = 1 << 16 };

/* --- In the registry --- */

bool reference_name_good(const char *name)
{
    size_t len = strlen(name);
    return len && len < REFERENCE_NAME_SIZE && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz-") == len;
}

bool reference_of_line(const struct line *line, struct reference *out)
{
    const char *kind = line_text(line, "kind"), *name = line_text(line, "name");
    const char *hash = line_text(line, "hash"), *at = line_text(line, "at");
    uint8_t bytes[HASH_SIZE];
    *out = (struct reference){.number = (long)line_number(line, "number"),
                              .version = (long)line_number(line, "version"),
                              .size = line_number(line, "size")};
    if (!kind || strcmp(kind, "reference") != 0 || !name || !hash || !at ||
        !reference_name_good(name) || !hex_decode(bytes, sizeof bytes, hash) || out->number < 1 ||
        out->size < 1 || out->size > REFERENCE_MAX)
        return false;
    snprintf(out->name, sizeof out->name, "%s", name);
    snprintf(out->hash, sizeof out->hash, "%s", hash);
    snprintf(out->at, sizeof out->at, "%s", at);
    return true;
}

static enum status find(struct registry *r, const char *name, long number, struct reference *out,
                        struct error *err)
{
    long version = 0;
    const struct registry_entry *e;
    while ((e = registry_find(r, REGISTRY_NEWEST, "reference", "name", name, &version)))
        if (reference_of_line(&e->line, out) && (!number || out->number == number))
            return OK;
    *out = (struct reference){.number = 0};
    return error_set(err, E_NOT_FOUND, _("町の参照データ「%s」は登録簿にありません"), name);
}

enum status reference_newest(struct registry *r, const char *name, struct reference *out,
                             struct error *err)
{
    return find(r, name, 0, out, err);
}

enum status reference_numbered(struct registry *r, const char *name, long number,
                               struct reference *out, struct error *err)
{
    return find(r, name, number < 1 ? -1 : number, out, err);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct reference *)a)->name, ((const struct reference *)b)->name);
}

enum status reference_since(struct registry *r, long after, struct references *out,
                            struct error *err)
{
    long version = 0;
    const struct registry_entry *e;
    (void)err;
    *out = (struct references){0};
    while ((e = registry_find(r, REGISTRY_NEWEST, "reference", NULL, NULL, &version)) &&
           version > after) {
        struct reference found;
        bool wanted = reference_of_line(&e->line, &found);
        for (size_t i = 0; wanted && i < out->count; i++)
            wanted = strcmp(out->items[i].name, found.name) != 0;
        if (!wanted)
            continue;
        out->items = xroom(out->items, out->count, sizeof *out->items);
        out->items[out->count++] = found;
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_name);
    return OK;
}

enum status reference_add(struct registry *r, const struct key_pair *root, const char *name,
                          const void *bytes, size_t len, struct error *err)
{
    struct reference newest;
    char hash[HASH_HEX_SIZE];
    find(r, name, 0, &newest, NULL);
    hash_hex_of(hash, REFERENCE_DOMAIN, bytes, len);
    struct line line = registry_begin(r, "reference");
    line_add_text(&line, "name", name);
    line_add_number(&line, "number", newest.number + 1);
    line_add_text(&line, "hash", hash);
    line_add_number(&line, "size", (int64_t)len);
    return registry_append(r, root, &line, err);
}

/* --- Here --- */

char *reference_path(const struct store *store, const char *name)
{
    char *dir = file_path(store_dir(store), "reference"), *path = file_path(dir, name);
    xfree(&dir);
    return path;
}

bool reference_here(const struct store *store, const struct reference *reference)
{
    char *path = reference_path(store, reference->name), *block = xmalloc(READ_AT_ONCE);
    struct hash hash;
    uint8_t made[HASH_SIZE];
    char hex[HASH_HEX_SIZE] = "";
    int fd = file_size(path) == (uint64_t)reference->size ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t got = fd < 0 ? -1 : 1;
    hash_start(&hash, REFERENCE_DOMAIN);
    while (got > 0) {
        got = read(fd, block, READ_AT_ONCE);
        if (got > 0)
            hash_add(&hash, block, (size_t)got);
    }
    if (got == 0) {
        hash_finish(&hash, made);
        hex_encode(hex, made, sizeof made);
    }
    if (fd >= 0)
        close(fd);
    xfree(&block);
    xfree(&path);
    return strcmp(hex, reference->hash) == 0;
}

enum status reference_keep(const struct store *store, const char *name, const void *bytes,
                           size_t len, struct error *err)
{
    char *path = reference_path(store, name), *dir = file_path(store_dir(store), "reference");
    enum status st = file_make_dirs(dir, err);
    if (!st)
        st = file_write(path, bytes, len, err);
    xfree(&dir);
    xfree(&path);
    return st;
}

static char *fact_of(const char *name)
{
    return xasprintf("reference.%s", name);
}

long reference_in_use(struct store *store, const char *name)
{
    char *key = fact_of(name), *value = store_fact(store, key);
    long number = strtol(value, NULL, 10);
    xfree(&key);
    xfree(&value);
    return number;
}

enum status reference_note_in_use(struct store *store, const char *name, long number,
                                  struct error *err)
{
    char *key = fact_of(name), value[24];
    snprintf(value, sizeof value, "%ld", number);
    enum status st = store_set_fact(store, key, value, err);
    xfree(&key);
    return st;
}
