#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/xmem.h"

#define LOG_LIMIT (1024 * 1024)

static char *log_path;
static char *(*log_clean)(const char *text);

void log_open(const char *dir, char *(*clean)(const char *text))
{
    log_close();
    log_clean = clean;
    log_path = file_path(dir, "satomado.log");
}

void log_close(void)
{
    xfree(&log_path);
}

static void rotate(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < LOG_LIMIT)
        return;
    char *old = xasprintf("%s.1", log_path);
    rename(log_path, old);
    xfree(&old);
}

void log_line(const char *fmt, ...)
{
    if (!log_path)
        return;
    int fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    char when[ISO_TIME_SIZE];
    iso_time(when, clock_now());
    va_list ap;
    va_start(ap, fmt);
    char *raw = xvasprintf(fmt, ap), *text = log_clean(raw);
    va_end(ap);
    xfree(&raw);
    struct buffer line = BUFFER_INIT;
    buffer_printf(&line, "%s %ld %s\n", when, (long)getpid(), text);
    /* A log that cannot be written must not stop the counter. */
    (void)file_write_all(fd, line.data, line.len, NULL);
    buffer_free(&line);
    xfree(&text);
    rotate(fd);
    close(fd);
}
