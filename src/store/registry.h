/*
 * store/registry: what the town has certified (登録簿): devices, users and their roles, forms,
 * parameters, workflows, blocks of receipt numbers, revocations.
 *
 * A chain of entries with one writer, the town. An entry is two lines, kept and exported byte for
 * byte: one-line JSON, and its seal. Every lookup is made "as of version n" (REGISTRY_NEWEST for
 * now) in tables derived from the chain. Office asks it, the journal judges events with it, bundle
 * carries it; only set-up and the town's commands append.
 *
 *   {"v":1,"version":7,"prev":"<hash>","at":"<iso time>","kind":"device",...}
 *   {"sign":"<128 hex digits>"}
 *
 * Hash of an entry = BLAKE2b-256("satomado-registry-entry-1\0" ‖ line 1); the seal is the root
 * key's Ed25519 over "satomado-registry-1\0" ‖ hash. `prev` of entry 1 is 64 zeros. Entry 1 is the
 * town itself.
 */
#ifndef STORE_REGISTRY_H
#define STORE_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/status.h"
#include "base/strings.h"
#include "crypto/keyring.h"

struct store;
struct registry;

#define REGISTRY_NEWEST ((long)0)

/* The store must outlive it. Nothing is read before it is asked for: the login screen needs none of
 * it. */
struct registry *registry_open(struct store *store);
/* Reads what is there; before anything is built on it. E_PARSE, E_CORRUPT: it is damaged. */
enum status registry_ready(struct registry *registry, struct error *err);
void registry_free(struct registry **registry);

/* Newest version known here, other processes' included; 0 while there is no entry. */
long registry_version(struct registry *registry);

/* --- What entries say. Strings are owned by the struct; the *_free functions allow zeros. --- */

struct registry_town {
    long version; /* of the entry */
    char *name;   /* 奥霧町 */
    char *code;   /* municipality code with check digit */
    uint8_t root[SEAL_PUBLIC_SIZE];
    char fingerprint[HASH_HEX_SIZE]; /* of root */
    struct age_recipient recipient;  /* the town's of the year */
    struct age_recipient escrow;
    struct age_recipient *others;
    size_t other_count;
};

struct registry_device {
    long version;
    char id[HASH_HEX_SIZE]; /* fingerprint of key */
    uint8_t key[SEAL_PUBLIC_SIZE];
    struct age_recipient recipient;
    char *office;   /* 霧沢郵便局 */
    char *brief;    /* 霧沢: as in receipt numbers */
    char *name;     /* 窓口1 */
    char *role;     /* counter | laptop | town */
    char *replaces; /* id of the device whose chain it continues (restored, lost); "" = none */
};

struct registry_user {
    long version;
    char id[HASH_HEX_SIZE]; /* fingerprint of key: `actor` of events */
    uint8_t key[SEAL_PUBLIC_SIZE];
    char *login;
    char *name;
    char *office;
    char device[HASH_HEX_SIZE]; /* where the key lives */
    struct strings roles;
};

struct registry_form {
    long version; /* of the entry */
    char *id;
    long number; /* the form's own version, 2026112401 */
    char *title;
    char *code;               /* in receipt numbers; "" when the form has none */
    char hash[HASH_HEX_SIZE]; /* BLAKE2b-256("satomado-form-1\0" ‖ text) */
    char *text;               /* self-contained YAML; NULL in lists */
};

struct registry_block {
    long version;
    char device[HASH_HEX_SIZE];
    char *brief; /* office as in receipt numbers */
    long first;
    long last;
};

struct registry_revocation {
    long version;
    char id[HASH_HEX_SIZE]; /* fingerprint of a device's or user's key */
    char *reason;
    char at[ISO_TIME_SIZE]; /* of the entry */
    struct strings heads;   /* registry_head(): up to there its events of that chain stay good */
};

/* A stick (USBメモリー) the town has registered, by the UUID of its file system. */
struct registry_medium {
    long version;
    char *uuid;
    char *label;
    bool retired;
};

void registry_town_free(struct registry_town *town);
void registry_device_free(struct registry_device *device);
void registry_user_free(struct registry_user *user);
void registry_form_free(struct registry_form *form);
void registry_revocation_free(struct registry_revocation *revocation);

struct registry_devices {
    struct registry_device *items;
    size_t count;
};
struct registry_users {
    struct registry_user *items;
    size_t count;
};
struct registry_forms {
    struct registry_form *items;
    size_t count;
};
struct registry_blocks {
    struct registry_block *items;
    size_t count;
};
struct registry_media {
    struct registry_medium *items;
    size_t count;
};
void registry_media_free(struct registry_media *list);
void registry_devices_free(struct registry_devices *list);
void registry_users_free(struct registry_users *list);
void registry_forms_free(struct registry_forms *list);
void registry_blocks_free(struct registry_blocks *list);

/* --- Lookups: E_NOT_FOUND when the registry said nothing of it at that version. --- */

enum status registry_town(struct registry *registry, long at, struct registry_town *out,
                          struct error *err);
enum status registry_device(struct registry *registry, long at, const char *device,
                            struct registry_device *out, struct error *err);
/* The device whose id begins with these digits. A revoked key is still found, as with users. */
enum status registry_device_like(struct registry *registry, long at, const char *digits,
                                 struct registry_device *out, struct error *err);
enum status registry_devices(struct registry *registry, long at, struct registry_devices *out,
                             struct error *err);
/* By fingerprint of the key. A revoked key is still found: see registry_revocation(). */
enum status registry_user(struct registry *registry, long at, const char *key,
                          struct registry_user *out, struct error *err);
/* The newest key of a login on a device that is not revoked. */
enum status registry_user_of(struct registry *registry, long at, const char *device,
                             const char *login, struct registry_user *out, struct error *err);
/* device NULL = everywhere; one row per login and device, revoked keys left out; by login. */
enum status registry_users(struct registry *registry, long at, const char *device,
                           struct registry_users *out, struct error *err);
/* A row for every key that was ever certified, as it was certified last; by login. */
enum status registry_all_users(struct registry *registry, long at, struct registry_users *out,
                               struct error *err);
/* Whether the user of a key held a role at that version; a revoked key holds none. */
bool registry_has_role(struct registry *registry, long at, const char *key, const char *role);
/* number 0 = the version in force then. */
enum status registry_form(struct registry *registry, long at, const char *id, long number,
                          struct registry_form *out, struct error *err);
/* The versions in force, by id, without text. */
enum status registry_forms(struct registry *registry, long at, struct registry_forms *out,
                           struct error *err);

/* Whole texts that replace one another. */
enum registry_text { REGISTRY_PARAMETERS, REGISTRY_WORKFLOWS, REGISTRY_LEDGERS };
/* The caller frees *out. */
enum status registry_text(struct registry *registry, long at, enum registry_text which, char **out,
                          struct error *err);
/* Blocks of a device, oldest first. */
enum status registry_blocks(struct registry *registry, long at, const char *device,
                            struct registry_blocks *out, struct error *err);
/* "<device> <seq> <hash>" of an event, as revocations name the last good one of a chain. */
char *registry_head(const char *device, int64_t seq, const char *hash);
/* Whether an event counts that a device wrote or a user signed (`key`): always while the key is in
 * force, else up to the accepted heads of the newest revocation. */
bool registry_accepts(struct registry *registry, const char *key, const char *device, int64_t seq,
                      const char *hash);
bool registry_revoked(struct registry *registry, long at, const char *key);
/* E_NOT_FOUND = in force. */
enum status registry_revocation(struct registry *registry, long at, const char *key,
                                struct registry_revocation *out, struct error *err);

/* ISO time since which the town's `recipient` or `escrow` is the one in force; false before there
 * is one. */
bool registry_town_since(struct registry *registry, const char *member, char at[32]);
/* Registered media, by UUID, retired ones too. */
enum status registry_media(struct registry *registry, long at, struct registry_media *out,
                           struct error *err);
/* Rules FORM.FIELD=VALUE: which records besides its own a device is to have; none when nothing was
 * said. `version` of the entry that says so (may be NULL); 0 = nothing was said. */
enum status registry_scope(struct registry *registry, long at, const char *device,
                           struct strings *rules, long *version, struct error *err);

/* --- The town appends: one signed entry each, a transaction of its own unless one is open.
 * `version`, `id`, `hash` and other derived members of what is given are ignored. E_DENIED: not the
 * root key of this registry. E_INVALID, E_EXISTS, E_CONFLICT say what is wrong with it. --- */

/* The first makes the registry; later ones change name and recipients, never the root. */
enum status registry_add_town(struct registry *registry, const struct key_pair *root,
                              const struct registry_town *town, struct error *err);
/* Another root key from here on: sealed by the old one, and proven by the new one. The town stays
 * the one its first root key names, which is what papers show. */
enum status registry_add_root(struct registry *registry, const struct key_pair *root,
                              const struct key_pair *next, struct error *err);
/* Fingerprint of the root key in force. */
void registry_root(struct registry *registry, char out[HASH_HEX_SIZE]);
enum status registry_add_device(struct registry *registry, const struct key_pair *root,
                                const struct registry_device *device, struct error *err);
/* Also changes name and roles of a key that is there. */
enum status registry_add_user(struct registry *registry, const struct key_pair *root,
                              const struct registry_user *user, struct error *err);
/* E_CONFLICT unless the number is greater than that of the version in force. The same id, number
 * and text again is OK and adds nothing. */
enum status registry_add_form(struct registry *registry, const struct key_pair *root,
                              const struct registry_form *form, struct error *err);
enum status registry_add_text(struct registry *registry, const struct key_pair *root,
                              enum registry_text which, const char *text, struct error *err);
/* E_CONFLICT when it overlaps a block of the same office name. */
enum status registry_add_block(struct registry *registry, const struct key_pair *root,
                               const struct registry_block *block, struct error *err);
enum status registry_revoke(struct registry *registry, const struct key_pair *root,
                            const struct registry_revocation *revocation, struct error *err);
/* Also retires one: the newest entry counts. */
enum status registry_add_medium(struct registry *registry, const struct key_pair *root,
                                const struct registry_medium *medium, struct error *err);
/* Takes the place of what was said before; no rules = only its own records. */
enum status registry_add_scope(struct registry *registry, const struct key_pair *root,
                               const char *device, const struct strings *rules, struct error *err);
/* The first free block of `size` numbers of an office name (5 digits: up to 99999). E_LIMIT when
 * there is none. Fills brief, first, last; free with xfree(&out->brief). */
enum status registry_free_block(struct registry *registry, const char *brief, long size,
                                struct registry_block *out, struct error *err);

/* --- Carrying it --- */

/* Gets the two lines of each entry, without line ends. */
typedef enum status (*registry_sink)(void *context, const char *entry, const char *seal,
                                     struct error *err);
/* Entries first..last (REGISTRY_NEWEST = to the end). */
enum status registry_export(struct registry *registry, long first, long last, registry_sink sink,
                            void *context, struct error *err);

/* Takes one entry in, inside the caller's transaction. A known one must be the same byte for byte
 * (E_CONFLICT: a fork); the next one must follow the head and carry the root's seal (E_CRYPTO); a
 * gap is E_HELD; a kind of a newer program E_UNSUPPORTED. `root`: fingerprint the root key must
 * have, needed while the registry is empty (compared on paper at enrolment), else may be NULL. */
enum status registry_accept(struct registry *registry, const char *entry, const char *seal,
                            const char *root, bool *added, struct error *err);

/* Hash of an entry as hex; false when there is none of that version. */
bool registry_hash(struct registry *registry, long version, char out[HASH_HEX_SIZE]);

/* Where a chain of entries ends. */
struct registry_end {
    long version;
    char hash[HASH_HEX_SIZE];
    uint8_t root[SEAL_PUBLIC_SIZE]; /* seals what follows; zeros before entry 1 */
};
struct registry_end registry_end(struct registry *registry);
/* Everything registry_accept() asks of an entry that follows `end`, without taking it in; *end goes
 * on to it. *known: it is here. */
enum status registry_examine(struct registry *registry, struct registry_end *end, const char *entry,
                             const char *seal, const char *root, bool *known, struct error *err);

/* Verifies every entry from the first (journal verify). */
enum status registry_verify(struct registry *registry, struct error *err);

#endif
