/*
 * keys: what a key sends on a given terminal, from the terminal's own description.
 */
#ifndef TESTS_E2E_KEYS_H
#define TESTS_E2E_KEYS_H

#include <stdbool.h>

#include "base/buffer.h"

/*
 * Append what the key sends on a terminal of type term: F1..F12, Enter, Esc, Tab, Space, Backspace,
 * Delete, Insert, Up, Down, Left, Right, Home, End, PgUp, PgDn, a character; before it S-, C- or
 * M-. False when there is no such key there; why (borrowed) says which of the two is the reason.
 */
bool keys_sequence(const char *term, const char *name, struct buffer *out, const char **why);

#endif
