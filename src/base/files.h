/*
 * base/files: files that are there whole or not at all.
 *
 * Everything the program writes is mode 0600, directories 0700: what it holds is residents' data.
 */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "base/strings.h"

/* Join directory and name with one slash; the caller frees. */
char *file_path(const char *dir, const char *name);
bool file_exists(const char *path);
bool file_is_dir(const char *path);
/* Bytes of a file; 0 when it is not there. */
uint64_t file_size(const char *path);
/* With all that lead there, where the program is at home. */
enum status file_make_dirs(const char *path, struct error *err);
/* The last one only: E_NOT_FOUND where what should hold it is not there, as when a medium is not
 * plugged in; made silently, it would lie on this machine. */
enum status file_make_dir(const char *path, struct error *err);
/* Append the whole file to out; more than limit bytes is E_LIMIT. */
enum status file_read(const char *path, size_t limit, struct buffer *out, struct error *err);
/* Temp name beside the target, fsync, rename, fsync of the directory. */
enum status file_write(const char *path, const void *data, size_t len, struct error *err);
/* What a writer that was killed left in a directory: PREFIX....tmpPID of processes that are gone.
 */
void file_sweep(const char *dir, const char *prefix);
enum status file_sync_dir(const char *path, struct error *err);
/* All of len, through EINTR and short writes. */
enum status file_write_all(int fd, const void *data, size_t len, struct error *err);
/* Bytes free for this user on the file system holding path; false when unknown. */
bool file_free_space(const char *path, uint64_t *bytes);
/* What lies in a directory, each sorted by name, without what begins with a dot. */
enum status file_list(const char *dir, struct strings *dirs, struct strings *files,
                      struct error *err);
/* A file or directory that comes with the program ("forms", "locale"): $SATOMADO_SHARE, then
 * "share" beside the executable (a build tree), then the installed place. The caller frees. */
char *file_resource(const char *name);
/* True when path lies on NFS, SMB or another network file system (SQLite's locks fail there). */
bool file_on_network(const char *path);

#endif
