/*
 * office/postcode: addresses by their postcode (郵便番号簿): the book of this place, and fields of
 * an entry filled from it.
 */
#ifndef OFFICE_POSTCODE_H
#define OFFICE_POSTCODE_H

#include <stdbool.h>

#include "office/entry.h"
#include "text/ken_all.h"

/* Takes Japan Post's KEN_ALL.CSV or utf_ken_all.csv in place of the book that is there.
 * MAY_ADMINISTER; encoding NULL: found out. *count = places. */
enum status postcode_import(struct session *session, const char *file, const char *encoding,
                            long *count, struct error *err);

/* By number or its beginning, or by the town's name or reading. E_NOT_FOUND: there is no book. */
enum status postcode_find(struct office *office, const char *text, long limit,
                          struct postal_areas *out, struct error *err);
/* "009-1001 瀬田川県奥霧町霧沢（１～１９丁目）"; the caller frees. */
char *postcode_line(const struct postal_area *place);

/* --- In an entry: a field with appearance `postcode` (ADDRESS_PART_LIST) --- */

/* Places that what stands in the postcode field may mean; when nothing does, those that the address
 * written so far begins to name. Narrowed to what prefecture and municipality say already. */
enum status entry_postal_areas(struct entry *entry, const char *path, const char *typed, long limit,
                               struct postal_areas *out, struct error *err);
/* Fills the fields from the one place of a postcode that was typed in full, as far as all its
 * places agree. Only what is blank, or was filled so from the postcode before, changes. *count =
 * places of it; *kept: something else stands in a field and was left. */
enum status entry_fill_address(struct entry *entry, const char *path, const char *typed,
                               size_t *count, bool *kept, struct error *err);
/* Fills them from a place somebody chose, the postcode field too: all but an address that goes on
 * behind another town (*kept). */
enum status entry_take_area(struct entry *entry, const char *path, const struct postal_area *place,
                            bool *kept, struct error *err);

#endif
