#include "store/tables.h"

#include <stddef.h>

/* Version 1. Later versions append a script, never change one. */
static const char journal[] =
    /* The truth: lines as written. `held` says why an event is not in force ("" = in force). */
    "CREATE TABLE event(id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, device TEXT NOT NULL,"
    " seq INTEGER NOT NULL, record TEXT NOT NULL, op INTEGER NOT NULL, header TEXT NOT NULL,"
    " body TEXT, seal TEXT, held TEXT NOT NULL DEFAULT '', extract INTEGER NOT NULL DEFAULT 0,"
    " arrived TEXT NOT NULL);"
    "CREATE INDEX event_chain ON event(device, seq);"
    "CREATE INDEX event_record ON event(record, id) WHERE record <> '';"
    "CREATE INDEX event_held ON event(held) WHERE held <> '';"
    "CREATE INDEX event_close ON event(op, id) WHERE op = 5;"
    /* Head of each device's chain as far as it is here without a gap. */
    "CREATE TABLE chain(device TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE fork(device TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    /* Bundles written and taken in. */
    "CREATE TABLE bundle(id TEXT PRIMARY KEY, incoming INTEGER NOT NULL, kind TEXT NOT NULL,"
    " number INTEGER NOT NULL, peer TEXT NOT NULL, file TEXT NOT NULL, at TEXT NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL, records INTEGER NOT NULL,"
    " received TEXT NOT NULL DEFAULT '') WITHOUT ROWID;"
    /* How far the town has a device's chain, as its last receipt says. */
    "CREATE TABLE receipt(device TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL,"
    " epoch INTEGER NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;";

static const char projection[] =
    "CREATE TABLE record(record TEXT PRIMARY KEY, form TEXT NOT NULL, version INTEGER NOT NULL,"
    " receipt_no TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,"
    " received_on TEXT NOT NULL, received_at TEXT NOT NULL, person TEXT NOT NULL,"
    " office TEXT NOT NULL, device TEXT NOT NULL, deadline TEXT NOT NULL,"
    " deficient INTEGER NOT NULL, conflict INTEGER NOT NULL, in_force INTEGER NOT NULL,"
    " open INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX record_form ON record(form, received_at);"
    "CREATE INDEX record_day ON record(received_on, device);"
    "CREATE INDEX record_person ON record(person) WHERE person <> '';"
    "CREATE INDEX record_state ON record(state, received_on);"
    "CREATE INDEX record_last ON record(device, last);"
    "CREATE INDEX record_number ON record(receipt_no) WHERE receipt_no <> '';"
    "CREATE TABLE form_column(form TEXT NOT NULL, name TEXT NOT NULL, repeat TEXT NOT NULL,"
    " PRIMARY KEY(form, name, repeat)) WITHOUT ROWID;";

static const char registry[] =
    "CREATE TABLE registry(version INTEGER PRIMARY KEY, hash TEXT NOT NULL, entry TEXT NOT NULL,"
    " seal TEXT NOT NULL);";

static const char *const all[] = {journal, projection, registry, NULL};

const char *const *tables_migrations(void)
{
    return all;
}
