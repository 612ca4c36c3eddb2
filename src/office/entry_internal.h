/*
 * office/entry_internal: an entry's insides, shared by the entry_*.c files only.
 */
#ifndef OFFICE_ENTRY_INTERNAL_H
#define OFFICE_ENTRY_INTERNAL_H

#include "office/comparison.h"
#include "office/entry.h"
#include "office/office_internal.h"

/* In a draft the text that was refused stands at ".typed/PATH", so that nothing typed is lost. */
#define TYPED_PREFIX     ".typed/"
#define EXPLAINED_PREFIX ".explained/"

/* Typed text that was refused, with the reason. */
struct refused {
    char *path, *typed, *reason;
};

struct entry {
    struct session *session;
    const struct form *form;
    struct host host;
    struct instance *instance;
    char id[UUID_SIZE];
    bool final;
    struct values base;  /* of a finalised record: as it stands in the journal */
    struct values saved; /* of a draft: as it was saved last */
    struct refused *refused;
    size_t refused_count;
    struct strings explained; /* "rule path" of deficiencies ticked */
    struct values bytes;      /* of fields taken in from a file: see csv_internal.h */
    char *cursor;
    int64_t saved_at;
    bool changed; /* since the last save */
    struct findings findings;
    bool findings_known, findings_final;
    struct comparison previous;
    bool previous_known;
    char *summary;
};

/* Everything that depends on the values must be asked again. */
void entry_touch(struct entry *entry);
/* Appends an event of the session's user; the body is freed. Inside a transaction. */
enum status entry_append(struct entry *entry, const char *record, const struct form *form,
                         enum event_op op, struct line *body, struct error *err);
/* Adds to a body the bytes of those fields that its map `set` writes as they came in. */
void entry_add_bytes(const struct entry *entry, struct line *body);
/* 受付確定 without what is beside the record: no 受付票 is written, no draft thrown away. */
enum status entry_settle(struct entry *entry, const char *person, struct receipt *out,
                         struct error *err);
/* A new person with the fields both forms have by the same name. */
enum status entry_make_person(struct entry *entry, char id[UUID_SIZE], struct error *err);
/* What nobody knew of the person yet, the entry adds; what is known stays as it is. */
enum status entry_complete_person(struct entry *entry, const char *id, struct error *err);
/* What was refused there is forgotten, because another value takes its place. */
void entry_forget_refused(struct entry *entry, const char *path);
struct refused *entry_refused(const struct entry *entry, const char *path);
void entry_refuse(struct entry *entry, const char *path, const char *typed, const char *reason);
void findings_clear(struct findings *findings);
/* An attach event for each file that the record does not have yet, inside a transaction; kind and
 * reason of a correction, else NULL. */
enum status entry_append_attachments(struct entry *entry, const char *kind, const char *reason,
                                     struct error *err);
/* What a barcode `fills`, from the record `id` that was read at path. */
enum status entry_fill_scanned(struct entry *entry, const struct field *field, const char *path,
                               const char *id, struct error *err);
/* A new file that is not in the journal yet, so not part of a put. */
bool entry_attachment_new(const struct entry *entry, const char *path, const char *value);
/* Of these files the bytes go, unless an event or a draft names them. */
void entry_drop_blobs(struct office *office, const struct strings *blobs);
/* Hashes of all files in the fields now. */
void entry_blobs(const struct entry *entry, struct strings *out);
/* Writes `read` for a record opened by somebody. */
enum status record_note_read(struct session *session, const char *record, const char *form,
                             struct error *err);

#endif
