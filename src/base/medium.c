#include "base/medium.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"

#define LINKS "/dev/disk/by-uuid"

bool medium_uuid_of(const char *links, dev_t device, char out[MEDIUM_UUID_SIZE])
{
    DIR *dir = opendir(links);
    bool found = false;
    for (struct dirent *e; dir && !found && (e = readdir(dir));) {
        char *path = file_path(links, e->d_name);
        struct stat info;
        found = e->d_name[0] != '.' && strlen(e->d_name) < MEDIUM_UUID_SIZE &&
                stat(path, &info) == 0 && !S_ISDIR(info.st_mode) && info.st_rdev == device;
        if (found)
            snprintf(out, MEDIUM_UUID_SIZE, "%.*s", MEDIUM_UUID_SIZE - 1, e->d_name);
        xfree(&path);
    }
    if (dir)
        closedir(dir);
    return found;
}

bool medium_uuid(const char *path, char out[MEDIUM_UUID_SIZE])
{
    struct stat info;
    out[0] = '\0';
    return stat(path, &info) == 0 && medium_uuid_of(LINKS, info.st_dev, out);
}

bool medium_uuid_written(const char *text)
{
    static const char *const forms[] = {"hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh", "hhhh-hhhh",
                                        "hhhhhhhhhhhhhhhh"};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        const char *form = forms[i], *at = text;
        while (*form && (*form == 'h' ? isxdigit((unsigned char)*at) : *at == *form))
            form++, at++;
        if (!*form && !*at)
            return true;
    }
    return false;
}

bool medium_uuid_same(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}
