#include "base/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fscrypt.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"

/* statfs(2) types: eCryptfs; tmpfs and ramfs, which are gone with the power. */
#define ECRYPTFS 0xf15fUL
#define TMPFS    0x01021994UL
#define RAMFS    0x858458f6UL

enum { DEEPEST = 8, SYSFS_FILE = 4096, MOUNTS_FILE = 1 << 20 };

static bool has_policy(const char *path)
{
    struct fscrypt_get_policy_ex_arg policy = {.policy_size = sizeof policy.policy};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool has = fd >= 0 && ioctl(fd, FS_IOC_GET_ENCRYPTION_POLICY_EX, &policy) == 0;
    if (fd >= 0)
        close(fd);
    return has;
}

/* A block device or one that it lies on (LVM on LUKS, RAID of LUKS ...) is dm-crypt: its uuid in
 * sysfs begins with CRYPT-. */
static enum disk_cover block_cover(const char *sys, int depth)
{
    char *uuid_path = file_path(sys, "dm/uuid"), *slaves = file_path(sys, "slaves");
    struct buffer uuid = BUFFER_INIT;
    enum disk_cover cover = DISK_PLAIN;
    if (file_read(uuid_path, SYSFS_FILE, &uuid, NULL) == OK &&
        str_starts(buffer_text(&uuid), "CRYPT-"))
        cover = DISK_ENCRYPTED;
    DIR *d = cover == DISK_PLAIN && depth < DEEPEST ? opendir(slaves) : NULL;
    for (struct dirent *e; d && cover == DISK_PLAIN && (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        char *slave = file_path(slaves, e->d_name);
        cover = block_cover(slave, depth + 1);
        xfree(&slave);
    }
    if (d)
        closedir(d);
    buffer_free(&uuid);
    xfree(&uuid_path);
    xfree(&slaves);
    return cover;
}

static enum disk_cover device_cover(unsigned major_number, unsigned minor_number)
{
    char *sys = xasprintf("/sys/dev/block/%u:%u", major_number, minor_number);
    enum disk_cover cover = file_exists(sys) ? block_cover(sys, 0) : DISK_UNKNOWN;
    xfree(&sys);
    return cover;
}

/* Type of the file system mounted as device major:minor, as /proc/self/mountinfo names it: after
 * " - ". gocryptfs says so only there. */
static bool mounted_as(unsigned major_number, unsigned minor_number, const char *type)
{
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    char *device = xasprintf(" %u:%u ", major_number, minor_number);
    bool found = false;
    if (file_read("/proc/self/mountinfo", MOUNTS_FILE, &text, NULL) == OK)
        strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++) {
        const char *dash = strstr(lines.items[i], " - ");
        if (strstr(lines.items[i], device) && dash && strstr(dash, type))
            found = true;
    }
    strings_free(&lines);
    buffer_free(&text);
    xfree(&device);
    return found;
}

enum disk_cover disk_cover(const char *path)
{
    struct statfs fs;
    struct stat st;
    if (has_policy(path))
        return DISK_ENCRYPTED;
    if (statfs(path, &fs) != 0 || stat(path, &st) != 0)
        return DISK_UNKNOWN;
    unsigned long type = (unsigned long)fs.f_type & 0xffffffffUL;
    if (type == ECRYPTFS || type == TMPFS || type == RAMFS ||
        mounted_as(major(st.st_dev), minor(st.st_dev), "gocryptfs"))
        return DISK_ENCRYPTED;
    return device_cover(major(st.st_dev), minor(st.st_dev));
}

bool disk_plain_swap(void)
{
    struct buffer text = BUFFER_INIT;
    struct strings lines = STRINGS_INIT;
    bool plain = false;
    if (file_read("/proc/swaps", MOUNTS_FILE, &text, NULL) == OK)
        strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 1; i < lines.count && !plain; i++) { /* the first line is the heading */
        struct stat st;
        char area[256];
        if (sscanf(lines.items[i], "%255s", area) != 1 || strstr(area, "zram"))
            continue;
        plain = stat(area, &st) != 0 || !S_ISBLK(st.st_mode)
                    ? disk_cover(area) != DISK_ENCRYPTED
                    : device_cover(major(st.st_rdev), minor(st.st_rdev)) != DISK_ENCRYPTED;
    }
    strings_free(&lines);
    buffer_free(&text);
    return plain;
}
