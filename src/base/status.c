#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
} codes[] = {{"OK", ""},
#define STATUS_ROW(code, text) {#code, text},
             STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

const char *status_text(enum status code)
{
    const char *text = codes[code].text;
    return *text ? _(text) : "";
}

const char *status_name(enum status code)
{
    return codes[code].name;
}

void error_clear(struct error *err)
{
    if (err)
        memset(err, 0, sizeof *err);
}

static enum status fill(struct error *err, enum status code, const char *fmt, va_list ap)
{
    error_clear(err);
    if (err) {
        err->code = code;
        vsnprintf(err->detail, sizeof err->detail, fmt, ap);
    }
    return code;
}

enum status error_set(struct error *err, enum status code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fill(err, code, fmt, ap);
    va_end(ap);
    return code;
}

enum status error_errno(struct error *err, enum status code, const char *fmt, ...)
{
    int saved = errno;
    if (code == E_IO && (saved == ENOSPC || saved == EDQUOT || saved == EFBIG))
        code = E_FULL;
    va_list ap;
    va_start(ap, fmt);
    fill(err, code, fmt, ap);
    va_end(ap);
    if (err) {
        size_t len = strlen(err->detail);
        err->os_error = saved;
        snprintf(err->detail + len, sizeof err->detail - len, ": %s", strerror(saved));
    }
    errno = saved;
    return code;
}

enum status error_at(struct error *err, enum status code, const char *file, size_t line,
                     size_t column, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fill(err, code, fmt, ap);
    va_end(ap);
    if (err && line && column)
        snprintf(err->where, sizeof err->where, "%s:%zu:%zu", file, line, column);
    else if (err && line)
        snprintf(err->where, sizeof err->where, "%s:%zu", file, line);
    else if (err)
        snprintf(err->where, sizeof err->where, "%s", file);
    return code;
}

enum status error_field(struct error *err, const char *field)
{
    if (!err)
        return E_INTERNAL;
    snprintf(err->field, sizeof err->field, "%s", field);
    return err->code;
}

const char *error_text(const struct error *err)
{
    static char line[sizeof err->where + sizeof err->detail + 4];
    const char *text = err->detail[0] ? err->detail : status_text(err->code);
    snprintf(line, sizeof line, "%s%s%s", err->where, err->where[0] ? ": " : "", text);
    return line;
}
