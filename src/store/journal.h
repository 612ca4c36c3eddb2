/*
 * store/journal: the truth (記録簿): events are appended here and never changed. Office writes
 * through it, bundle takes in through it.
 *
 * Each device's events are a chain without gaps. An event is acknowledged to a user only after
 * store_transaction() has returned OK.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "store/event.h"
#include "store/store.h"

struct journal_entry {
    enum event_op op;
    const char *record; /* uuid, "" or NULL when about none */
    const char *form;   /* "id@version", likewise */
    struct line *body;  /* from event_body(); freed by journal_append() */
};

/* Appends one event of this device inside a transaction. keys may be NULL for OP_START (nobody has
 * logged in yet). Of `out` (may be NULL) the caller frees. E_CONFLICT: this device is known to be
 * there twice and writes into no record any more; a day can still be closed, so that the town gets
 * what there is. */
enum status journal_append(struct store *store, const struct user_keys *keys,
                           const struct journal_entry *entry, struct event *out, struct error *err);

/* The event at that place (chain, number, hash) is here, in its chain or as an extract. */
bool journal_has(struct store *store, const char *device, int64_t seq, const char *hash);

enum journal_taken { JOURNAL_NEW, JOURNAL_KNOWN, JOURNAL_FORK };

/* Takes in an event from elsewhere inside a transaction. In a chain the events of a device must
 * follow one another (E_HELD names a gap); an extract brings single ones and makes no chain. Of an
 * event whose number another one has, both ends are held. */
enum status journal_accept(struct store *store, const struct event *event, bool extract,
                           enum journal_taken *taken, struct error *err);
/* The same for many that follow one another inside one transaction: where they stand is kept here
 * meanwhile. Zeros at first; journal_run_end() before the transaction ends. */
struct journal_run {
    char device[HASH_HEX_SIZE];
    int64_t seq;
    char hash[HASH_HEX_SIZE];
    bool moved;
};
enum status journal_accept_next(struct store *store, struct journal_run *run,
                                const struct event *event, bool extract, enum journal_taken *taken,
                                struct error *err);
enum status journal_run_end(struct store *store, struct journal_run *run, struct error *err);

/* Whether events that follow event `seq` with that hash can be taken in: it is here in its chain.
 * Nothing is before the first (seq 0). */
bool journal_joins(struct store *store, const char *device, int64_t seq, const char *hash);
/* The device has another event of that number here. */
bool journal_forks(struct store *store, const struct event *event);
/* The number from which on a device's chain is there twice; 0 = it is one. */
int64_t journal_fork(struct store *store, const char *device);

/* The town decides by revoking the device: the events that lead to an accepted head count, the
 * others from the fork on do not. Until then, or while that head is not here, neither side does. */
enum journal_side { JOURNAL_WHOLE, JOURNAL_OPEN, JOURNAL_GOOD, JOURNAL_REFUSED };
enum journal_side journal_side(struct store *store, const char *device, int64_t seq,
                               const char *hash);
/* After a decision: events that are about no record are judged again here, the others by the
 * projection. */
enum status journal_judge_fork(struct store *store, const char *device, struct error *err);

/* An end of a chain that is there twice. */
struct journal_tip {
    char hash[HASH_HEX_SIZE];
    int64_t seq;
    int64_t events; /* from the fork on */
    char at[32];    /* ISO time its author wrote */
    enum journal_side side;
};
struct journal_tips {
    struct journal_tip *items; /* the caller frees */
    size_t count;
};
enum status journal_tips(struct store *store, const char *device, struct journal_tips *out,
                         struct error *err);

/* The town has more of this device, or something else, than is here: this is an old copy. Nothing
 * is written into records any more (journal_append). */
enum status journal_stop(struct store *store, struct error *err);
bool journal_stopped(struct store *store);

/* Own device id; the caller frees. "" before set-up. */
char *journal_device(struct store *store);
/* Head of a device's chain as it is here: seq 0 when there is none. */
enum status journal_head(struct store *store, const char *device, int64_t *seq,
                         char hash[HASH_HEX_SIZE], struct error *err);
/* Hash of one event of a chain; E_NOT_FOUND. */
enum status journal_hash(struct store *store, const char *device, int64_t seq,
                         char hash[HASH_HEX_SIZE], struct error *err);

/* The one event whose hash begins so (8 digits or more): chain, number and whole hash. E_NOT_FOUND,
 * E_CONFLICT. For what somebody typed: reads the places of all events. */
enum status journal_find(struct store *store, const char *prefix, char device[HASH_HEX_SIZE],
                         int64_t *seq, char hash[HASH_HEX_SIZE], struct error *err);

/* Each event as written; `seal` and `body` may be NULL. Anything but OK stops. */
typedef enum status (*journal_sink)(void *context, const struct event *event, const char *held,
                                    struct error *err);
/* Lines as written; body and seal may be NULL. */
struct journal_lines {
    enum event_op op;
    const char *record, *header, *body, *seal;
};
typedef enum status (*journal_line_sink)(void *context, const struct journal_lines *lines,
                                         struct error *err);
/* The events from..to that lead up to the event `head` of number `to`: what leaves the house. Each
 * is hashed and joined to the one before (E_CORRUPT). Nobody is kept from the database while the
 * sink works. */
enum status journal_read_path(struct store *store, const char *device, int64_t from, int64_t to,
                              const char *head, journal_line_sink sink, void *context,
                              struct error *err);
/* The forms ("id@version") the events from..to speak of, each once, added to those known. */
enum status journal_chain_forms(struct store *store, const char *device, int64_t from, int64_t to,
                                struct strings *forms, struct error *err);
/* The last event of an op in from..to; 0 when there is none. */
enum status journal_last(struct store *store, const char *device, enum event_op op, int64_t from,
                         int64_t to, int64_t *seq, struct error *err);
/* Everything about a record, in order of arrival; record NULL = everything there is. */
enum status journal_read_record(struct store *store, const char *record, journal_sink sink,
                                void *context, struct error *err);
/* Held events with their reason. */
enum status journal_read_held(struct store *store, journal_sink sink, void *context,
                              struct error *err);
/* ISO time at which the newest event was written down here; "" when there is none. The caller
 * frees. */
enum status journal_newest_time(struct store *store, char **out, struct error *err);
/* A device's event of the greatest number that is here, in its chain or not; seq 0 when there is
 * none.
 */
enum status journal_last_known(struct store *store, const char *device, int64_t *seq,
                               char hash[HASH_HEX_SIZE], struct error *err);
/* The newest event that arrived here, counted as they arrive. */
enum status journal_newest(struct store *store, int64_t *arrival, struct error *err);
/* How many events are held. */
int64_t journal_held(struct store *store);
/* Devices whose chain is here, sorted. */
enum status journal_devices(struct store *store, struct strings *out, struct error *err);
/* Records with an event on `device` after `seq` (history ops only), oldest first. */
enum status journal_records_since(struct store *store, const char *device, int64_t seq,
                                  struct strings *out, struct error *err);
/* Records of which something came in an extract, without its chain; sorted. */
enum status journal_extracted(struct store *store, struct strings *out, struct error *err);
/* Events of one op by a device (NULL = by any), newest first, bodies parsed by the caller: closes.
 */
enum status journal_read_op(struct store *store, const char *device, enum event_op op,
                            journal_sink sink, void *context, struct error *err);

#endif
