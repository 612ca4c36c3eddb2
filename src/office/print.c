#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"
#include "base/intl.h"
#include "base/log.h"
#include "base/xmem.h"
#include "office/office_internal.h"
#include "text/sanitize.h"

/* The command gets the file's name as its last word; it runs without a shell's help for the name.
 */
static void run_command(const char *command, const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        char *line = xasprintf("exec %s \"$1\" >/dev/null 2>&1", command);
        execl("/bin/sh", "sh", "-c", line, "sh", path, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0 || status)
        log_line("print: command failed (%d)", status);
}

enum status print_text(struct office *office, const char *name, const char *text, char path[256],
                       struct error *err)
{
    char *dir = file_path(office->dir, "print"), *file = file_path(dir, name);
    struct buffer page = BUFFER_INIT;
    if (office_is_training(office))
        buffer_add_text(&page, _("【見本】研修用です。効力はありません\n\n"));
    /* Whoever reads the file in a terminal, or feeds it to a printer, gets letters only. */
    char *clean = sanitize_lines(text);
    buffer_add_text(&page, clean);
    xfree(&clean);
    enum status st = file_make_dirs(dir, err);
    if (!st)
        st = file_write(file, page.data, page.len, err);
    snprintf(path, 256, "%s", file);
    const char *command = settings_get(office->settings, "print.command");
    if (!st && *command)
        run_command(command, file);
    buffer_free(&page);
    xfree(&dir);
    xfree(&file);
    return st;
}
