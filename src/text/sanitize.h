/*
 * text/sanitize: text from a record made harmless for a terminal, log, page or printer: each
 * control, bidi control, zero-width or tag character and mark without a letter stands as ⟦U+202E⟧,
 * each malformed byte as ⟦FF⟧. Selectors and joiners that belong to a letter before them stay.
 * Every way out for a record's text goes through here.
 */
#ifndef TEXT_SANITIZE_H
#define TEXT_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* Tab and newline are escaped too. The caller frees. */
char *sanitize_text(const char *s);
/* The same, but newlines stay. */
char *sanitize_lines(const char *s);
void sanitize_add(struct buffer *out, const char *s, size_t len);
/* The rule itself: whether cp is escaped where it stands between before and after; 0 when there is
 * none, or when before is itself escaped. */
bool sanitize_escapes(uint32_t before, uint32_t cp, uint32_t after);

#endif
