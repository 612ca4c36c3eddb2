/*
 * bundle/unpack_child: what the child of bundle/unpack says to its parent. Private to the two.
 *
 * It writes frames: 4 bytes length (of this machine), 1 byte verdict, the content. A frame of
 * length 0 is the last one; only its verdict (enum status) means something.
 */
#ifndef BUNDLE_UNPACK_CHILD_H
#define BUNDLE_UNPACK_CHILD_H

#include <stdint.h>

#define UNPACK_FRAME_HEAD (sizeof(uint32_t) + 1)
#define UNPACK_FRAME_MAX  65536

#endif
