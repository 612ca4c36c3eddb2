/*
 * office/setup: making data directories and their keys (設置), the town's registry, and enrolling
 * places with each other; the fictitious town for trying out.
 */
#ifndef OFFICE_SETUP_H
#define OFFICE_SETUP_H

#include <stdbool.h>

#include "base/buffer.h"
#include "office/session.h"

struct setup {
    const char *dir;
    const char *town_file; /* forms/towns/NAME.yaml */
    const char *office;    /* "霧沢郵便局" */
    const char *brief;     /* "霧沢": in receipt numbers */
    const char *device;    /* "窓口1" */
    const char *role;      /* counter | laptop | town */
    const char *admin;     /* login of the first administrator */
    const char *password;
    const char *root; /* counter, laptop: fingerprint of the town's root key, from paper; or "" */
};

/* Creates directory, keys and the first administrator; on the town also the registry with the
 * forms and parameters that come with the program. E_EXISTS when something is there. */
enum status setup_init(const struct setup *setup, struct error *err);

/* A further user of this place: the key is made here, the town has to certify it (or does at once
 * where this is the town). `with` is logged in here and shares the device's key. */
enum status setup_add_user(struct session *with, const char *login, const char *name,
                           const char *const *roles, size_t role_count, const char *password,
                           struct error *err);

/* Counter: what the town must know of this place and its users, as lines to carry there. */
enum status setup_request(struct session *session, struct buffer *out, struct error *err);
/* Town: certifies a request that was compared with the fingerprint of the device on paper (its
 * first 16 digits or more; E_CRYPTO when they differ; NULL: nobody can have changed it, as in the
 * sample town): device, users with the roles asked for, a block of receipt numbers. Bundles to the
 * place may be written from now on. `lost`: id (at least 8 digits) of a device that is gone without
 * a backup, in whose place it comes; its users' keys end with it. NULL = none. */
enum status setup_trust(struct session *session, const char *request, const char *fingerprint,
                        const char *lost, struct error *err);
/* What a request asks to be certified, as lines for the one who compares it with paper. */
enum status setup_request_summary(const char *request, struct buffer *out, struct error *err);

/* The registry as text, to be carried to a place that was just certified; and taking it in there.
 * It must begin with the root key whose fingerprint the place was set up with. `version` (may be
 * NULL) is how many entries are known here then. E_PARSE: no registry, or cut off. */
enum status setup_registry_text(struct session *session, struct buffer *out, struct error *err);
enum status setup_accept_registry(struct session *session, const char *text, long *version,
                                  struct error *err);

/* Town: installs form files, a parameters file. */
enum status setup_install_form(struct session *session, const char *file, struct error *err);
enum status setup_install_parameters(struct session *session, const char *text, struct error *err);

/* What comes with this program and is newer than what the town has: forms of a greater version (or
 * not there yet), workflows and the order of ledgers where they differ, parameters the town does
 * not have (the values it has set stay). Forms are checked as form_file_check() does. A form the
 * town gave a greater version is not among them. */
struct shipped_row {
    char *name; /* form_id, key of a parameter, or the file of workflows or ledgers */
    char *file;
    long before, now; /* versions; 0 = not there, or has none */
};
struct shipped {
    struct shipped_row *items;
    size_t count;
};
enum status setup_shipped(struct session *session, struct shipped *out, struct error *err);
/* Town: takes all of them into the registry, or none. */
enum status setup_install_shipped(struct session *session, const struct shipped *list,
                                  struct error *err);
void shipped_free(struct shipped *list);

/* Fingerprints of this place: town root and device. */
enum status setup_fingerprints(struct office *office, char root[65], char device[65],
                               struct error *err);
/* Town: the escrow identity as an age identity file, written once at set-up. */
#define SETUP_ESCROW_FILE "escrow.identity"

struct demo {
    const char *dir;
    long people;
    long days;
    long years; /* of the ledgers before these days; 0 = empty */
    unsigned long seed;
};

/* DIR/office, DIR/branch, DIR/laptop, DIR/town, enrolled with each other, with people and history;
 * the same for the same seed (but for keys and times of writing). */
enum status demo_make(const struct demo *demo, struct error *err);

#endif
