/*
 * office/setup_internal: shared by setup.c, enrol.c and demo.c only.
 */
#ifndef OFFICE_SETUP_INTERNAL_H
#define OFFICE_SETUP_INTERNAL_H

#include "base/buffer.h"
#include "base/strings.h"
#include "form/workflow.h"
#include "office/office_internal.h"
#include "office/setup.h"

/* --- A place: directory, keys, database --- */

struct place {
    struct store *store;
    struct key_pair *user, *device;
};
/* E_EXISTS when the directory is set up already. Settings, which make it a place, are not written.
 */
enum status setup_make_place(const char *dir, const char *admin, const char *password,
                             struct place *place, struct error *err);
void setup_close_place(struct place *place);
/* What was in a directory before; when setting up fails, what came since goes, so that it can be
 * tried again. */
struct setup_traces {
    struct strings files, keys;
};
void setup_look(const char *dir, struct setup_traces *out);
void setup_withdraw(const char *dir, const struct setup_traces *before);
void setup_traces_free(struct setup_traces *traces);
struct key_card setup_card(const struct key_pair *pair);

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

/* A device that goes on where another ended. */
struct replacement {
    const char *old; /* id */
    const char *head;
    int64_t seq; /* of head: the last event that the one who goes on knows */
    bool lost;   /* the old one is gone with its users' keys: these end too */
};
/* Certifies `card` in the place of a device: same office, name and role, a block of numbers of its
 * own; the old key is revoked from the later of `head` and what has come in here. The users who are
 * certified there move along. */
enum status registry_replace_device(const struct signing *s, const struct replacement *replacement,
                                    const struct key_card *card, struct error *err);
/* The registry as text: both lines of each entry. */
enum status setup_registry_lines(struct registry *registry, struct buffer *out, struct error *err);
/* The fingerprint of the root key that the first entry of a registry's text names; that it is the
 * town's own, somebody else must show. E_PARSE. */
enum status setup_registry_root(const char *text, char root[HASH_HEX_SIZE], struct error *err);
/* Takes in a registry as text (setup_registry_text), inside the caller's transaction. `root` may be
 * "" or NULL: whatever the first entry says. E_PARSE where it is cut off. */
enum status setup_accept_lines(struct registry *registry, const char *text, const char *root,
                               struct error *err);

/* The workflows that come with the program, and (text may be NULL) their text, which the caller
 * frees. */
enum status setup_workflows(struct workflows **out, char **text, struct error *err);
/* Loads a form file with the workflows it extends and signs it into the registry. */
enum status setup_add_form(const struct signing *s, const struct workflows *workflows,
                           const char *file, struct error *err);
/* A fragment that comes with the program, as form_load() asks for it. */
enum status setup_fragment(void *context, const char *name, struct buffer *out, struct error *err);

/* Revokes `r->old`, a key that worked on the chain of `device`: what the town has of that chain
 * stays good, and what `r` says was there before the key ended. */
enum status registry_end_key(const struct signing *s, const struct replacement *r,
                             const char *device, struct error *err);
/* A user made here whom the town has yet to certify: kept for the request. `old`: the key that ends
 * with it, or NULL. */
enum status setup_note_wish(struct office *office, const char *login, const char *name,
                            const struct strings *roles, const struct replacement *old,
                            struct error *err);
/* Writes an age identity file. */
enum status setup_write_identity(const char *file, const struct key_pair *identity,
                                 struct error *err);
enum status setup_read_identity(const char *file, struct key_pair **out, struct error *err);
/* The escrow the registry names can open this device's key: a place whose people have all forgotten
 * their passwords is not lost. */
enum status setup_share_escrow(struct session *session, struct error *err);
/* The same where the escrow has changed since (a registry came in a bundle): any user of the place
 * can. *changed (may be NULL): it had. Not for the town, which does so when it changes it. */
enum status setup_keep_escrow(struct session *session, bool *changed, struct error *err);
/* What the registry says is ended opens no key that lies here any more (失効): the town's own when
 * it ends one, another place when it learns of it. *any: something was wrapped to one. Copies made
 * before stay as they are. */
enum status setup_withdraw_ended(struct office *office, bool *any, struct error *err);
/* A key that `with` can open opens for one more holder. */
enum status setup_share(struct session *with, enum key_kind kind, const struct key_holder *holder,
                        struct error *err);
/* Shares with a user's new key what it has to open here, and certifies it (town) or notes the wish.
 */
enum status setup_admit(struct session *with, const struct key_pair *user, const char *login,
                        const char *name, const struct strings *roles,
                        const struct replacement *old, struct error *err);
/* Town: the root key may be kept away; asked before anything is made that has to be certified.
 * E_NOT_FOUND. */
enum status setup_root_here(struct session *session, struct error *err);
/* Runs `work` in a transaction with the root key opened into *root_slot. E_DENIED elsewhere than
 * on the town. */
enum status setup_with_root(struct session *session, database_work work, void *context,
                            const struct key_pair **root_slot, struct error *err);

#endif
