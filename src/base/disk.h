/*
 * base/disk: what lies under a directory: is it encrypted, when the machine is stolen?
 */
#ifndef BASE_DISK_H
#define BASE_DISK_H

#include <stdbool.h>

enum disk_cover {
    DISK_UNKNOWN,   /* a container or a file system that tells nothing */
    DISK_PLAIN,     /* whoever has the disk reads it */
    DISK_ENCRYPTED, /* dm-crypt, fscrypt, gocryptfs, eCryptfs, or memory */
};

/* Looks at the policy of the directory (fscrypt), the type of its file system, and the block
 * devices below it, through every layer of the device mapper. */
enum disk_cover disk_cover(const char *path);
/* A swap area that is no encrypted block device: memory may be found there later. */
bool disk_plain_swap(void);

#endif
