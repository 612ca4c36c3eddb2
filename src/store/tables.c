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

/* Folded copies of what people remember of somebody; sort keys as hex. */
static const char search[] =
    "CREATE TABLE search(id INTEGER PRIMARY KEY, record TEXT NOT NULL UNIQUE, form TEXT NOT NULL,"
    " person TEXT NOT NULL, is_person INTEGER NOT NULL, hidden INTEGER NOT NULL,"
    " merged_into TEXT NOT NULL, receipt_no TEXT NOT NULL, name TEXT NOT NULL, kana TEXT NOT NULL,"
    " birth TEXT NOT NULL, address TEXT NOT NULL, phone TEXT NOT NULL, postcode TEXT NOT NULL,"
    " name_key TEXT NOT NULL, kana_key TEXT NOT NULL, address_key TEXT NOT NULL,"
    " phone_key TEXT NOT NULL, number_key TEXT NOT NULL, birth_key TEXT NOT NULL,"
    " postcode_key TEXT NOT NULL, sort TEXT NOT NULL);"
    "CREATE INDEX search_kana ON search(kana_key, sort);"
    "CREATE INDEX search_name ON search(name_key, sort);"
    "CREATE INDEX search_phone ON search(phone_key) WHERE phone_key<>'';"
    "CREATE INDEX search_number ON search(number_key) WHERE number_key<>'';"
    "CREATE INDEX search_birth ON search(birth_key) WHERE birth_key<>'';"
    "CREATE INDEX search_postcode ON search(postcode_key) WHERE postcode_key<>'';"
    "CREATE INDEX search_person ON search(person) WHERE person<>'';"
    /* One- and two-character pieces, one index per kind: the trigram tokenizer finds no name of two
     * kanji, and detail=none knows no columns. */
    "CREATE TABLE search_text(id INTEGER PRIMARY KEY, name_grams TEXT NOT NULL,"
    " address_grams TEXT NOT NULL);"
    "CREATE VIRTUAL TABLE search_name_gram USING fts5(name_grams, content='search_text',"
    " content_rowid='id', detail=none);"
    "CREATE VIRTUAL TABLE search_address_gram USING fts5(address_grams, content='search_text',"
    " content_rowid='id', detail=none);";

static const char accounts[] =
    "CREATE TABLE account(login TEXT PRIMARY KEY, created_at TEXT NOT NULL,"
    " locked INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE attempt(login TEXT PRIMARY KEY, failures INTEGER NOT NULL,"
    " last INTEGER NOT NULL) WITHOUT ROWID;"
    /* Every receipt number ever seen: none is given twice. */
    "CREATE TABLE number(series TEXT NOT NULL, number INTEGER NOT NULL, record TEXT NOT NULL,"
    " PRIMARY KEY(series, number, record)) WITHOUT ROWID;";

/* A query by a bound value cannot use an index that leaves out the empty text: these hold all rows.
 */
static const char whole_indexes[] =
    "DROP INDEX event_record; CREATE INDEX event_record ON event(record, id);"
    "DROP INDEX record_person; CREATE INDEX record_person ON record(person);"
    "DROP INDEX record_number; CREATE INDEX record_number ON record(receipt_no);"
    "DROP INDEX search_phone; CREATE INDEX search_phone ON search(phone_key);"
    "DROP INDEX search_number; CREATE INDEX search_number ON search(number_key);"
    "DROP INDEX search_birth; CREATE INDEX search_birth ON search(birth_key);"
    "DROP INDEX search_postcode; CREATE INDEX search_postcode ON search(postcode_key);"
    "DROP INDEX search_person; CREATE INDEX search_person ON search(person);"
    "CREATE INDEX search_receipt ON search(receipt_no);"
    "CREATE INDEX search_merged ON search(merged_into) WHERE merged_into<>'';";

/* What the journal says of files; their bytes lie in a database of their own. */
static const char attachments[] =
    "CREATE TABLE attachment(record TEXT NOT NULL, event TEXT NOT NULL, blob TEXT NOT NULL,"
    " salt TEXT NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, copy_of TEXT NOT NULL,"
    " at TEXT NOT NULL, actor TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY(record, event))"
    " WITHOUT ROWID;"
    "CREATE INDEX attachment_blob ON attachment(blob);";

/* Several devices' chains in one bundle; what the town said of them; what left the house. */
static const char travel[] =
    "CREATE TABLE bundle_chain(bundle TEXT NOT NULL, device TEXT NOT NULL, first INTEGER NOT NULL,"
    " last INTEGER NOT NULL, PRIMARY KEY(bundle, device)) WITHOUT ROWID;"
    "INSERT INTO bundle_chain SELECT id, CASE WHEN incoming THEN peer ELSE (SELECT value FROM fact"
    " WHERE key='device') END, first, last FROM bundle WHERE kind='chain';"
    /* The newest checkpoint of each device, as its device signed it. */
    "CREATE TABLE checkpoint(device TEXT PRIMARY KEY, seq INTEGER NOT NULL, line TEXT NOT NULL)"
    " WITHOUT ROWID;"
    /* What the last receipt said of events held and attachments missing at the town. */
    "CREATE TABLE held_there(hash TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE missing_there(blob TEXT PRIMARY KEY) WITHOUT ROWID;"
    /* 持出し台帳: every file that left the data directory. */
    "CREATE TABLE carried(id INTEGER PRIMARY KEY, bundle TEXT NOT NULL, kind TEXT NOT NULL,"
    " number INTEGER NOT NULL, peer TEXT NOT NULL, file TEXT NOT NULL, medium TEXT NOT NULL,"
    " records INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL,"
    " approval TEXT NOT NULL, closed_at TEXT NOT NULL DEFAULT '', closed_by TEXT NOT NULL"
    " DEFAULT '', outcome TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX carried_open ON carried(closed_at, id);"
    /* Which devices have which records from here, and what came into force late. */
    "CREATE TABLE holder(device TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY(device, record))"
    " WITHOUT ROWID;";

/* 国民の祝日・休日, as the Cabinet Office lists them. */
static const char holidays[] =
    "CREATE TABLE holiday(day TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;";

/* Few among many: disposals, and what is said of keys. */
static const char rare_ops[] = "CREATE INDEX event_dispose ON event(op, id) WHERE op = 6;"
                               "CREATE INDEX event_user ON event(op, id) WHERE op = 8;"
                               "CREATE INDEX number_record ON number(record);";

/* The town's 縮退: reference data, replaced whole. */
static const char substitution[] =
    "CREATE TABLE substitution(letter TEXT PRIMARY KEY, written TEXT NOT NULL) WITHOUT ROWID;";

/* Records with several heads: what a look at them found. Disposed of with the record. */
static const char concerns[] =
    "CREATE TABLE concern(record TEXT PRIMARY KEY, heads TEXT NOT NULL,"
    " looked TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT '') WITHOUT ROWID;";

/* What the menu counts each time it is seen: few among many. */
static const char waiting[] = "CREATE INDEX record_open ON record(receipt_no, deadline) WHERE open;"
                              "CREATE INDEX record_conflict ON record(record) WHERE conflict;";

/* 閲覧制限: protected people, whoever is the same person, and everything that belongs to them. */
static const char concealing[] =
    "CREATE INDEX search_hidden ON search(record) WHERE hidden;"
    "CREATE VIEW concealed(record) AS WITH RECURSIVE people(id) AS ("
    "SELECT record FROM search WHERE hidden"
    " UNION SELECT t.record FROM people JOIN search t ON t.merged_into=people.id AND"
    " t.merged_into<>''"
    " UNION SELECT t.merged_into FROM people JOIN search t ON t.record=people.id AND"
    " t.merged_into<>'')"
    " SELECT id FROM people UNION SELECT s.record FROM people JOIN search s ON s.person=people.id;";

/* 受付簿: every record with a number, for reports. */
static const char receipts[] =
    "CREATE VIEW receipts AS SELECT record, form, receipt_no, title, state, received_on, person,"
    " office, deadline, in_force FROM record WHERE receipt_no <> '';";

/* Who surely has what: the number of the extract a record went with, or of the bundle a file did
 * (0 = before they were counted); records that changed without a new event (freed, a file came), by
 * the newest event of that time. */
static const char confirmed[] =
    "ALTER TABLE holder ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX holder_sent ON holder(device, sent);"
    "CREATE TABLE file_sent(device TEXT NOT NULL, blob TEXT NOT NULL, number INTEGER NOT NULL,"
    " PRIMARY KEY(device, blob)) WITHOUT ROWID;"
    "INSERT INTO file_sent SELECT device, record, 0 FROM holder WHERE length(record)=64;"
    "DELETE FROM holder WHERE length(record)=64;"
    "CREATE TABLE stirred(record TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX stirred_at ON stirred(at);";

/* A receipt number by any part of it: folded whole, from its code on, from its running number on.
 * Those of before are folded as far as SQL can. */
static const char number_parts[] =
    "ALTER TABLE search ADD COLUMN number_text TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE search ADD COLUMN number_tail TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE search ADD COLUMN number_run TEXT NOT NULL DEFAULT '';"
    "UPDATE search SET number_text=lower(receipt_no),"
    " number_tail=lower(substr(receipt_no,instr(receipt_no,'-')+1)) WHERE receipt_no<>'';"
    "UPDATE search SET number_tail=substr(number_tail,instr(number_tail,'-')+1) WHERE "
    "receipt_no<>'';"
    "UPDATE search SET number_run=replace(substr(number_tail,instr(number_tail,'-')+1),'-','')"
    " WHERE receipt_no<>'';"
    "CREATE INDEX search_number_text ON search(number_text);"
    "CREATE INDEX search_number_tail ON search(number_tail);"
    "CREATE INDEX search_number_run ON search(number_run);";

/* 重複候補: pairs of people that agree in something (bits of enum search_same) and whom nobody has
 * judged, the lesser id first; what was judged, as the people's records say. Pairs judged before
 * are taken out when one of the two changes, or by a rebuild. */
static const char twins[] =
    "CREATE TABLE twin(a TEXT NOT NULL, b TEXT NOT NULL, same INTEGER NOT NULL, PRIMARY KEY(a, b))"
    " WITHOUT ROWID;"
    "CREATE INDEX twin_other ON twin(b);"
    "CREATE TABLE judged(a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID;"
    "INSERT INTO twin SELECT p.record, s.record, (s.kana_key=p.kana_key AND"
    " p.kana_key<>'' AND s.birth_key=p.birth_key AND p.birth_key<>'') + 2*(s.phone_key=p.phone_key "
    "AND"
    " p.phone_key<>'') + 4*(s.address_key=p.address_key AND p.address_key<>'')"
    " FROM search p JOIN search s ON s.kana_key=p.kana_key AND p.kana_key<>'' AND "
    "(s.birth_key=p.birth_key AND p.birth_key<>'' OR"
    " s.address_key=p.address_key AND p.address_key<>'')"
    " WHERE p.is_person AND s.is_person AND p.merged_into='' AND s.merged_into=''"
    " AND p.record<s.record;"
    "INSERT OR IGNORE INTO twin SELECT p.record, s.record, (s.kana_key=p.kana_key AND"
    " p.kana_key<>'' AND s.birth_key=p.birth_key AND p.birth_key<>'') + 2*(s.phone_key=p.phone_key "
    "AND"
    " p.phone_key<>'') + 4*(s.address_key=p.address_key AND p.address_key<>'')"
    " FROM search p JOIN search s ON s.phone_key=p.phone_key AND p.phone_key<>'' WHERE p.is_person"
    " AND s.is_person AND p.merged_into='' AND s.merged_into='' AND p.record<s.record;";

/* Of a device that is there twice the checkpoints of every side, for who passes them on. */
static const char sides[] =
    "CREATE TABLE checkpoint_side(device TEXT NOT NULL, seq INTEGER NOT NULL, line TEXT NOT NULL,"
    " PRIMARY KEY(device, seq, line)) WITHOUT ROWID;";

/* An event is found by its place: its chain, its number, its hash. By the hash alone, which is as
 * random as anything can be, every event that comes in would change another page of the index. */
static const char places_of_events[] =
    "CREATE TABLE event_new(id INTEGER PRIMARY KEY, hash TEXT NOT NULL, device TEXT NOT NULL,"
    " seq INTEGER NOT NULL, record TEXT NOT NULL, op INTEGER NOT NULL, header TEXT NOT NULL,"
    " body TEXT, seal TEXT, held TEXT NOT NULL DEFAULT '', extract INTEGER NOT NULL DEFAULT 0,"
    " arrived TEXT NOT NULL);"
    "INSERT INTO event_new SELECT id, hash, device, seq, record, op, header, body, seal, held,"
    " extract, arrived FROM event ORDER BY id;"
    "DROP TABLE event;"
    "ALTER TABLE event_new RENAME TO event;"
    "CREATE UNIQUE INDEX event_place ON event(device, seq, hash);"
    "CREATE INDEX event_record ON event(record, id);"
    "CREATE INDEX event_held ON event(held) WHERE held <> '';"
    "CREATE INDEX event_close ON event(op, id) WHERE op = 5;"
    "CREATE INDEX event_dispose ON event(op, id) WHERE op = 6;"
    "CREATE INDEX event_user ON event(op, id) WHERE op = 8;";

/* What a row of search costs: the sort keys are read with the rows, blank keys are left out (who
 * asks says so), and days of birth, of which each comes again and again, are words among the
 * pieces. */
static const char lean_search[] =
    "DROP INDEX search_kana; DROP INDEX search_name; DROP INDEX search_phone;"
    "DROP INDEX search_number; DROP INDEX search_birth; DROP INDEX search_postcode;"
    "DROP INDEX search_receipt; DROP INDEX search_number_text; DROP INDEX search_number_tail;"
    "DROP INDEX search_number_run;"
    "CREATE INDEX search_kana ON search(kana_key);"
    "CREATE INDEX search_name ON search(name_key);"
    "CREATE INDEX search_phone ON search(phone_key) WHERE phone_key<>'';"
    "CREATE INDEX search_postcode ON search(postcode_key) WHERE postcode_key<>'';"
    "CREATE INDEX search_number ON search(number_key) WHERE number_key<>'';"
    "CREATE INDEX search_receipt ON search(receipt_no) WHERE receipt_no<>'';"
    "CREATE INDEX search_number_text ON search(number_text) WHERE number_text<>'';"
    "CREATE INDEX search_number_tail ON search(number_tail) WHERE number_tail<>'';"
    "CREATE INDEX search_number_run ON search(number_run) WHERE number_run<>'';"
    "UPDATE search_text SET name_grams=name_grams||(SELECT CASE WHEN birth_key='' THEN '' ELSE"
    " ' b'||birth_key END FROM search s WHERE s.id=search_text.id);"
    "INSERT INTO search_name_gram(search_name_gram) VALUES('rebuild');";

/* clang-format off: one a line, in the order in which they came */
static const char *const all[] = {
    journal,     projection,       registry,    accounts,  search,       whole_indexes,
    attachments, travel,           holidays,    rare_ops,  substitution, concerns,
    waiting,     concealing,       receipts,    confirmed, number_parts, twins,
    sides,       places_of_events, lean_search, NULL,
};
/* clang-format on */

const char *const *tables_migrations(void)
{
    return all;
}
