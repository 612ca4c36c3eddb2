/*
 * form/version: one version of a form beside the one before it (様式の版). Records keep the version
 * they were written with and tables only ever grow, so a new version may add, reword and retire, but
 * nothing that holds values may vanish or become something else. Office asks before it installs a
 * form, and when a draft is to go on under a newer one.
 */
#ifndef FORM_VERSION_H
#define FORM_VERSION_H

#include "form/definition.h"

/* E_RULE, with the line in `file`, when `form` may not follow `before`: its number is not greater,
 * a field is gone, has another type or has moved into or out of a repeat, a choice is gone, a
 * reference points at another form. The same text again is no new version: OK. */
enum status version_follows(const struct form *form, const struct form *before, const char *file,
                            struct error *err);

/* What somebody filling in `before` would find different in `after`, one sentence each, in the
 * order of the form; labels in `language`. */
void version_differences(const struct form *before, const struct form *after, const char *language,
                         struct strings *out);

#endif
