/*
 * office/slip: the papers of a filing as text: 内容確認書 before, 受付票 after 受付確定.
 */
#ifndef OFFICE_SLIP_H
#define OFFICE_SLIP_H

#include "base/buffer.h"
#include "office/entry.h"

/* A label and its value in their columns, and a line across: for papers of the same make. */
void slip_line(struct buffer *out, const char *label, const char *value);
void slip_rule(struct buffer *out);
/* Writes print/受付票 and gives its path. */
enum status slip_write(struct entry *entry, char path[256], struct error *err);

#endif
