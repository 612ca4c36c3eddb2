/*
 * bundle/unpack_child: what the child of bundle/unpack does, and what it says to its parent. Private
 * to the two.
 *
 * It writes frames: 4 bytes length (of this machine), 1 byte verdict, the content. A frame of
 * length 0 is the last one; only its verdict (enum status) means something.
 */
#ifndef BUNDLE_UNPACK_CHILD_H
#define BUNDLE_UNPACK_CHILD_H

#include <stdint.h>

#include "crypto/age.h"

#define UNPACK_FRAME_HEAD (sizeof(uint32_t) + 1)
#define UNPACK_FRAME_MAX  65536

/* From encrypted bytes to text: age, then the one zstd frame. */
struct opening;
/* NULL when memory is short. The sink gets at most UNPACK_FRAME_MAX bytes at once. */
struct opening *opening_new(const uint8_t file_key[AGE_FILE_KEY_SIZE], age_sink sink,
                            void *context);
/* E_CRYPTO, E_PARSE, E_LIMIT; or what the sink says. */
enum status opening_add(struct opening *opening, const void *data, size_t len);
enum status opening_finish(struct opening *opening);
void opening_free(struct opening **opening);

#endif
