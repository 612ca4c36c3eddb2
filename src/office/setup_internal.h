/*
 * office/setup_internal: shared by setup.c, enrol.c and demo.c only.
 */
#ifndef OFFICE_SETUP_INTERNAL_H
#define OFFICE_SETUP_INTERNAL_H

#include "base/strings.h"
#include "office/office_internal.h"
#include "office/setup.h"

/* Who signs entries of the registry, and where they go. */
struct signing {
    struct store *store;
    const struct key_pair *root;
};

enum status registry_certify_device(const struct signing *s, const struct key_card *card,
                                    const char *office, const char *brief, const char *name,
                                    const char *role, struct error *err);
enum status registry_certify_user(const struct signing *s, const struct key_card *card,
                                  const char *device, const char *office, const char *login,
                                  const char *name, const struct strings *roles, struct error *err);
/* A block of receipt numbers for a device of an office. */
enum status registry_give_block(const struct signing *s, const char *device, const char *brief,
                                struct error *err);

/* A user made here whom the town has yet to certify: kept for the request. */
enum status setup_note_wish(struct office *office, const char *login, const char *name,
                            const struct strings *roles, struct error *err);
/* Runs `work` in a transaction with the root key opened into *root_slot. E_DENIED elsewhere than
 * on the town. */
enum status setup_with_root(struct session *session, database_work work, void *context,
                            const struct key_pair **root_slot, struct error *err);

#endif
