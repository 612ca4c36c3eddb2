#include "store/store.h"

#include "base/files.h"
#include "base/xmem.h"
#include "store/form_table.h"
#include "store/projection.h"
#include "store/registry.h"
#include "store/store_internal.h"
#include "store/tables.h"

enum status store_open(const char *dir, struct store **out, struct error *err)
{
    struct store *store = xcalloc(1, sizeof *store);
    char *path = file_path(dir, STORE_FILE);
    store->dir = xstrdup(dir);
    enum status st = database_open(path, tables_migrations(), &store->db, err);
    if (!st)
        store->registry = registry_open(store);
    if (st)
        store_free(&store);
    xfree(&path);
    *out = store;
    return st;
}

void store_free(struct store **store)
{
    if (!*store)
        return;
    check_state_free(&(*store)->check);
    registry_free(&(*store)->registry);
    database_free(&(*store)->attachments);
    database_free(&(*store)->db);
    strings_free(&(*store)->touched);
    form_tables_forget(*store);
    xfree(&(*store)->dir);
    xfree(store);
}

struct database *store_database(struct store *store)
{
    return store->db;
}

struct registry *store_registry(struct store *store)
{
    return store->registry;
}

const char *store_dir(const struct store *store)
{
    return store->dir;
}

void store_set_schemas(struct store *store, schema_lookup lookup, void *context)
{
    store->lookup = lookup;
    store->lookup_context = context;
}

const struct schema *store_schema(struct store *store, const char *form, long version)
{
    return store->lookup ? store->lookup(store->lookup_context, form, version) : NULL;
}

struct whole {
    struct store *store;
    database_work work;
    void *context;
};

static enum status do_work(void *context, struct error *err)
{
    struct whole *whole = context;
    enum status st = whole->work(whole->context, err);
    return st ? st : projection_flush(whole->store, err);
}

enum status store_transaction(struct store *store, database_work work, void *context,
                              struct error *err)
{
    struct whole whole = {store, work, context};
    /* A part that fails forgets what it touched, and nothing that was touched before it. */
    enum status st = database_in_transaction(store->db) ? projection_flush(store, err) : OK;
    if (!st)
        st = database_transaction(store->db, do_work, &whole, err);
    if (st)
        projection_forget(store);
    return st;
}

bool store_changed(struct store *store)
{
    return database_changed(store->db);
}

char *store_fact(struct store *store, const char *key)
{
    char *value = NULL;
    database_string(store->db, NULL, &value, "SELECT value FROM fact WHERE key=?", "t", key);
    return value ? value : xstrdup("");
}

bool store_has_fact(struct store *store, const char *key)
{
    char *value = store_fact(store, key);
    bool has = *value;
    xfree(&value);
    return has;
}

enum status store_set_fact(struct store *store, const char *key, const char *value,
                           struct error *err)
{
    return database_run(store->db, err,
                        "INSERT INTO fact(key,value) VALUES(?,?)"
                        " ON CONFLICT(key) DO UPDATE SET value=excluded.value",
                        "tt", key, value);
}
