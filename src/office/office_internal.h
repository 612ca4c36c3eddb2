/*
 * office/office_internal: what the use cases share; nobody outside this room includes it.
 */
#ifndef OFFICE_OFFICE_INTERNAL_H
#define OFFICE_OFFICE_INTERNAL_H

#include "crypto/keyring.h"
#include "form/instance.h"
#include "office/catalogue.h"
#include "office/office.h"
#include "office/session.h"
#include "store/draft.h"
#include "store/record.h"
#include "store/registry.h"
#include "store/settings.h"
#include "store/store.h"

struct office {
    char *dir;
    struct settings *settings;
    const char *language;
    struct store *store;
    struct drafts *drafts;
    struct catalogue *catalogue;
    struct gazetteer *gazetteer; /* NULL until it is asked (office/postcode) */
    struct veil *veil;           /* NULL until it is asked (office/veil) */
    enum office_role role;
    char *device; /* own id */
    bool started; /* the program's start event was written */
};

struct session {
    struct office *office;
    char *login;
    char *name;
    struct strings roles;
    struct user_keys *keys;
};

/* What forms may ask of the world, answered for a session (office/host.c). Kept alive by the
 * caller as long as the instance. */
struct host {
    struct office *office;
    struct session *session;
    struct form_host form;
    const char *record;             /* id of the record at hand, where it has one; else NULL */
    const struct instance *subject; /* a record's, whose day of decision counts; NULL before one */
    bool unveiled; /* what rules say is kept for everybody, and veiled where it is read
                      (office/veil) */
};
void host_init(struct host *host, struct session *session);

/* form_host.previous: office/comparison. */
char *host_previous(void *context, const struct instance *instance, const struct field *field);

/* Where somebody lives and is called: what a household shares, and what is one value with it. */
bool field_tells_where(const struct form *form, const struct field *field);
/* What is withheld of a protected person: what the form calls `contact`, and where somebody lives.
 */
bool field_is_contact(const struct form *form, const struct field *field);
/* 閲覧制限: whether somebody may see a record at all. */
bool session_sees(const struct session *session, const char *record);
/* record_load(), but what they may not see is not there. */
enum status record_load_for(struct session *session, const char *id, struct record *out,
                            struct error *err);
/* draft_list() without what others may not see of protected people: what was begun for one of them,
 * and what somebody else has typed of one. */
enum status drafts_for(struct session *session, enum draft_filter filter, const char *owner,
                       struct draft_list *out, struct error *err);
/* Whether it is among these. */
bool draft_seen(struct session *session, const struct draft *draft);
/* What is said instead of how a protected person is reached. */
#define WITHHELD N_("（閲覧制限）")
/* E_DENIED for papers about a protected person; `record` may be "". */
enum status print_permit(struct session *session, const char *record, struct error *err);

/* A value as people see it: that of a reference by its title, that of an attachment by name, size
 * and hash. The caller frees. */
char *host_display(struct host *host, const struct field *field, const char *value);

/* The record a reference means: its id, a scanned code, or its receipt number, title or a part of
 * them that no other record has; a barcode takes the first two only. E_INVALID says how many there
 * are, or what is wrong with the code. *value belongs to the caller. */
enum status reference_find(struct session *session, const struct field *field, const char *typed,
                           char **value, struct error *err);

/* Loads the values of a record into a new instance of the form version it was written with. */
enum status record_instance(struct host *host, const struct record *record, struct instance **out,
                            struct error *err);

/* Writes `read` for records that somebody takes out as a file, of a form or by a report. */
enum status record_note_export(struct session *session, const struct form *form,
                               const struct strings *records, struct error *err);

/* "id@version" of a form; the caller frees. */
char *form_name(const struct form *form);
/* Display name of an actor's key; "" when unknown. The caller frees. */
char *actor_name(struct office *office, const char *actor);
/* "霧沢郵便局 窓口1"; the first digits of a device nobody knows. The caller frees. */
char *device_place(struct office *office, const char *device);
/* 和暦 and time at which an event was written; the caller frees. */
struct event;
char *event_time(const struct event *event);
/* Writes text into DIR/print/NAME and gives its path; prints it where a command is set. */
enum status print_text(struct office *office, const char *name, const char *text, char path[256],
                       struct error *err);

#endif
