/*
 * office/veil: 閲覧制限 in what is said of records: messages of rules, notes of lists, cells of
 * reports, titles of drafts. What rules count stays counted; whom they name is not told.
 *
 * A protected person is known by the ids and receipt numbers of the records, by name and reading,
 * and by the fields that are contact. They are gathered anew when something of it was written.
 */
#ifndef OFFICE_VEIL_H
#define OFFICE_VEIL_H

#include "form/instance.h"
#include "office/session.h"

/* What stands where something is not told to people who may not know that it is withheld. */
#define LEFT_OUT N_("（省略）")

struct veil;
void veil_free(struct veil **veil);

/* Looks whether it has to be made anew: before the first of many rows. */
void veil_refresh(struct office *office);

enum { VEIL_CELLS = 32 };
/* One row of an answer as somebody may read it; texts are borrowed. */
struct veiled {
    const char *values[VEIL_CELLS];
    size_t count;
    bool theirs; /* the row is of a record that they may not see */
};
/* `own`: the record at hand, or NULL; what stands in it is no secret to whoever reads it. `paper`:
 * what leaves the screen, where nobody protected is named whoever makes it. */
void veil_row(struct session *session, const struct instance *own, bool paper,
              const char *const *values, size_t count, struct veiled *out);
/* The text, or LEFT_OUT where it names somebody the session may not see. Borrowed. */
const char *veil_text(struct session *session, const struct instance *own, const char *text);
/* The text without those lines, as if there were nobody. The caller frees. */
char *veil_lines(struct session *session, const char *text);
/* Papers under print/ that name a protected person, or are of one of their records, are removed:
 * they were written before. What was printed can be printed again from the records. */
enum status veil_papers(struct office *office, struct error *err);

#endif
