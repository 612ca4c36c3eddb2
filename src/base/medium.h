/*
 * base/medium: which medium a directory lies on (媒体): the UUID of its file system, as printed on
 * the label of a registered stick.
 */
#ifndef BASE_MEDIUM_H
#define BASE_MEDIUM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define MEDIUM_UUID_SIZE 64
/* False when the kernel tells none (a container, a network folder). */
bool medium_uuid(const char *path, char out[MEDIUM_UUID_SIZE]);
/* The same for a device number, among the links in a directory like /dev/disk/by-uuid. */
bool medium_uuid_of(const char *links, dev_t device, char out[MEDIUM_UUID_SIZE]);

#endif
