/*
 * bundle/intake: the lines of a bundle one after another, verified, and (second time) taken in.
 * Only bundle/apply calls it.
 */
#ifndef BUNDLE_INTAKE_H
#define BUNDLE_INTAKE_H

#include "bundle/apply.h"
#include "bundle/header.h"
#include "store/registry.h"

struct intake;

/* All must outlive it. Only INTAKE_WRITE writes; the others check everything that can be checked
 * without, INTAKE_COUNT also says what of it is new here. */
enum intake_mode { INTAKE_CHECK, INTAKE_COUNT, INTAKE_WRITE };
struct intake *intake_new(struct store *store, const struct bundle_header *header,
                          const struct registry_device *signer, enum intake_mode mode,
                          struct bundle_applied *out);
void intake_free(struct intake **intake);
/* An unpack_line: context is the intake. */
enum status intake_line(void *context, const char *line, size_t len, struct error *err);
/* After the last line: nothing may be missing. */
enum status intake_finish(struct intake *intake, struct error *err);
/* All is well, but something before it is not here. */
bool intake_waits(const struct intake *intake);
/* It is attachments, and their events are missing. */
bool intake_waits_for_events(const struct intake *intake);

#endif
