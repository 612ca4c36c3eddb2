/*
 * bundle/intake_internal: what the sections of a bundle have in common while they are taken in.
 * Private to bundle/intake*.c.
 */
#ifndef BUNDLE_INTAKE_INTERNAL_H
#define BUNDLE_INTAKE_INTERNAL_H

#include "bundle/distinct.h"
#include "bundle/intake.h"
#include "store/event.h"

/* How a section is taken in. `line` gets every line that is no {"section"}; `end` is called before
 * the next section and at the end of the bundle. */
struct section_type {
    const char *name;
    enum bundle_kind kind;
    bool repeats; /* once for each chain of the header */
    enum status (*begin)(struct intake *in, const struct line *line, struct error *err);
    enum status (*line)(struct intake *in, const char *text, size_t len, struct error *err);
    enum status (*end)(struct intake *in, struct error *err);
};

struct blob;
struct incoming_reference;
struct reference;

enum awaited { AWAIT_HEADER, AWAIT_BODY, AWAIT_SEAL };

struct intake {
    struct store *store;
    const struct bundle_header *header;
    const struct registry_device *signer;
    struct bundle_applied *out;
    bool write, count;
    char own[HASH_HEX_SIZE];            /* this device */
    bool town;                          /* this place is the town */
    const struct section_type *section; /* NULL before the first */
    size_t sections;                    /* begun so far */
    int64_t held_before;
    /* Events: the one whose lines come, and those that go in together. */
    struct event now;
    enum awaited awaited;
    bool extract;
    struct event *batch;
    size_t batch_count, batch_done, batch_bytes;
    int64_t taken_at;  /* when the last batch was to be written out */
    int64_t commit_ms; /* and how long that took */
    int64_t events;
    struct distinct *records;
    /* chain */
    size_t chain;
    struct registry_device device;
    int64_t next_seq;
    char prev[HASH_HEX_SIZE];
    int64_t last_at;
    struct event last; /* the close it ends with */
    bool checkpoint, gap;
    /* registry */
    char *entry;
    struct registry_end registry;
    bool *provided; /* of each form the header requires: it is in the bundle */
    /* records */
    int64_t record_count;
    char record[UUID_SIZE];
    struct strings hashes, bases, heads;
    /* blobs */
    struct blob *blob;
    bool blob_gap; /* events that name them have not come */
    /* reference */
    struct incoming_reference *reference;
    struct reference *references; /* of the registry in the same bundle */
    size_t reference_count;
    /* receipt */
    int64_t epoch;
    char at[32];
    struct strings received;      /* device, seq, hash; */
    struct strings held, missing; /* hash, reason; blob */
};

/* A line of the content that no honest writer makes; `what` for whoever has to find out why. */
enum status intake_wrong(struct error *err, const char *what);

/* --- Events (intake_events.c) --- */

void intake_events_start(struct intake *in);
void intake_events_free(struct intake *in);
/* The next line of an event. *complete: it was the last one, and the event is in->now. */
enum status intake_event_line(struct intake *in, const char *text, size_t len, bool *complete,
                              struct error *err);
/* in->now goes the way of all: counted, written with others. */
enum status intake_event_take(struct intake *in, struct error *err);
/* Writes what waits. */
enum status intake_flush(struct intake *in, struct error *err);

/* --- Sections --- */

enum status chain_begin(struct intake *in, const struct line *line, struct error *err);
enum status chain_line(struct intake *in, const char *text, size_t len, struct error *err);
enum status chain_end(struct intake *in, struct error *err);

enum status entries_begin(struct intake *in, const struct line *line, struct error *err);
enum status entries_line(struct intake *in, const char *text, size_t len, struct error *err);
enum status entries_end(struct intake *in, struct error *err);

enum status records_begin(struct intake *in, const struct line *line, struct error *err);
enum status records_line(struct intake *in, const char *text, size_t len, struct error *err);
enum status records_end(struct intake *in, struct error *err);

enum status blobs_begin(struct intake *in, const struct line *line, struct error *err);
enum status blobs_line(struct intake *in, const char *text, size_t len, struct error *err);
enum status blobs_end(struct intake *in, struct error *err);
void intake_blob_free(struct intake *in);
/* A line {"data"} of something of which `left` bytes are still to come: its bytes, which the caller
 * frees. */
enum status intake_piece(const char *text, size_t len, int64_t left, uint8_t **bytes, size_t *size,
                         struct error *err);

enum status reference_begin(struct intake *in, const struct line *line, struct error *err);
enum status reference_line(struct intake *in, const char *text, size_t len, struct error *err);
enum status reference_end(struct intake *in, struct error *err);
void intake_note_reference(struct intake *in, const struct line *entry);
void intake_reference_free(struct intake *in);

enum status receipt_begin(struct intake *in, const struct line *line, struct error *err);
enum status receipt_line(struct intake *in, const char *text, size_t len, struct error *err);
enum status receipt_end(struct intake *in, struct error *err);

#endif
