/*
 * office/reference: the town's reference data (参照データ): postcodes, national holidays, the
 * town's words, its substitution table. Imported at the town they become a new version that its
 * next bundles bring to every place; there the town's version takes the place of what was imported.
 * A place's own words stay beside those of the town.
 */
#ifndef OFFICE_REFERENCE_H
#define OFFICE_REFERENCE_H

#include "base/strings.h"
#include "office/session.h"

#define REFERENCE_LIST(X)                                 \
    X(REFERENCE_POSTCODES, "postcodes", N_("郵便番号簿")) \
    X(REFERENCE_HOLIDAYS, "holidays", N_("祝日"))         \
    X(REFERENCE_DICTIONARY, "dictionary", N_("町の語"))   \
    X(REFERENCE_SUBSTITUTION, "substitution", N_("縮退の表"))

enum reference_kind {
#define REFERENCE_ENUM(kind, name, label) kind,
    REFERENCE_LIST(REFERENCE_ENUM)
#undef REFERENCE_ENUM
        REFERENCE_KINDS
};

/* Whether this may be imported here now. At the town by an administrator, with the root key here
 * (it goes to everybody): nothing of the version before is touched when that cannot be; elsewhere
 * E_RULE where the town has a version of its own, but for words, which stand beside it. */
enum status reference_may_import(struct session *session, enum reference_kind kind,
                                 struct error *err);
/* After an import: at the town what is in use here becomes a new version, unless it is the newest
 * one already; *number says which (0 elsewhere: nothing is done). `file` and `encoding` for
 * postcodes, whose book is what was imported. */
enum status reference_publish(struct session *session, enum reference_kind kind, const char *file,
                              const char *encoding, long *number, struct error *err);
/* Puts to use what has come from the town and is not in use yet, also after a crash; a sentence for
 * each is added. */
enum status reference_take_up(struct office *office, struct strings *changes, struct error *err);

/* What is here. */
struct reference_row {
    const char *name, *label;
    long used;    /* the town's version in use here; 0 = none */
    long newest;  /* the town's newest version; 0 = none */
    char at[32];  /* when the town wrote that one */
    bool missing; /* its bytes are not here */
};
void reference_row(struct office *office, enum reference_kind kind, struct reference_row *out);

#endif
