/*
 * store/concern: records that were changed in two places at once and that nobody has corrected
 * since, and what somebody who knows the form found wrong with them (要確認). Projection notes
 * them, office looks at them. Not part of what is compared between places: each looks for itself.
 */
#ifndef STORE_CONCERN_H
#define STORE_CONCERN_H

#include "base/strings.h"
#include "store/store.h"

/* For projection: the record's heads as they are now; what did not come together from two places is
 * no concern. */
enum status concern_note(struct store *store, const char *record, const struct strings *heads,
                         bool merged, struct error *err);
/* Records nobody has looked at since their heads changed. */
enum status concern_pending(struct store *store, struct strings *out, struct error *err);
/* `text`: what was found when the heads were these, "" = nothing. A transaction of its own unless
 * one is open. */
enum status concern_set(struct store *store, const char *record, const struct strings *heads,
                        const char *text, struct error *err);

struct concern {
    char *record, *text;
};
struct concerns {
    struct concern *items;
    size_t count;
};
/* Those something was found with. */
enum status concern_list(struct store *store, struct concerns *out, struct error *err);
void concerns_free(struct concerns *list);

#endif
