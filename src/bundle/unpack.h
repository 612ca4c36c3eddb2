/*
 * bundle/unpack: opens the payload of a bundle (送付便の開封) in a child that can do nothing else:
 * it gets the 16-byte file key and the encrypted bytes, and gives lines back. Only bundle/reader
 * calls it; main() of every program that takes bundles in starts the child.
 */
#ifndef BUNDLE_UNPACK_H
#define BUNDLE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"
#include "crypto/age.h"

/* Every main() of a program that opens bundles begins with:
 *     if (argc == 2 && strcmp(argv[1], UNPACK_CHILD) == 0)
 *         return unpack_child_main();                                                            */
#define UNPACK_CHILD "--unpack-child"
int unpack_child_main(void);

/* Opens bundles in this process instead: the same code without the wall around it, for tests that
 * open hundreds of thousands of them. */
void unpack_in_process(bool on);

#define UNPACK_RATIO 200 /* most bytes of content for one byte of payload */

/* One line, without LF, NUL-terminated; borrowed. Anything but OK ends the reading with it. */
typedef enum status (*unpack_line)(void *context, const char *line, size_t len, struct error *err);

/* Gives the lines of the age file at [at, at + size) of fd, in order. That the file is whole is
 * known only when this returned OK: until then nothing may be done with the lines that could not
 * be undone. E_NOT_FOUND: written for others. E_CRYPTO: altered or cut. E_PARSE: no single zstd
 * frame of lines. E_LIMIT: a line, window or ratio too large. E_BUSY: no child to be had. */
enum status unpack_lines(int fd, off_t at, off_t size, const uint8_t (*identities)[AGE_KEY_SIZE],
                         size_t count, unpack_line line, void *context, struct error *err);

#endif
