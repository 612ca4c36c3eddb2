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
/* Written as file systems write theirs: ext4 and others (36 letters), FAT (1234-ABCD), NTFS and UDF
 * (16 digits). */
bool medium_uuid_written(const char *text);
/* The same medium, in capital letters or small ones. */
bool medium_uuid_same(const char *a, const char *b);

#endif
