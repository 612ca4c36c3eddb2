#include "base/xmem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*failure_handler)(void);

void xmem_on_failure(void (*handler)(void))
{
    failure_handler = handler;
}

static void __attribute__((noreturn)) fail(const char *why)
{
    if (failure_handler)
        failure_handler();
    fprintf(stderr, "satomado: %s\n", why);
    abort();
}

void *xcalloc(size_t count, size_t size)
{
    if (count == 0 || size == 0)
        fail("zero-sized allocation");
    void *p = calloc(count, size);
    if (!p)
        fail("out of memory");
    return p;
}

void *xmalloc(size_t size)
{
    if (size == 0)
        fail("zero-sized allocation");
    void *p = malloc(size);
    if (!p)
        fail("out of memory");
    return p;
}

void *xreallocarray(void *old, size_t count, size_t size)
{
    if (count == 0 || size == 0 || count > SIZE_MAX / size)
        fail("impossible allocation size");
    void *p = realloc(old, count * size);
    if (!p)
        fail("out of memory");
    return p;
}

void *xroom(void *items, size_t count, size_t size)
{
    bool full = (count & (count - 1)) == 0; /* it holds a power of two, or nothing */
    return full ? xreallocarray(items, count ? count * 2 : 1, size) : items;
}

void *xmemdup(const void *data, size_t size)
{
    return memcpy(xmalloc(size), data, size);
}

char *xstrndup(const char *text, size_t len)
{
    char *copy = xmalloc(len + 1);
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *xstrdup(const char *text)
{
    return xstrndup(text, strlen(text));
}

char *xvasprintf(const char *fmt, va_list ap)
{
    char *text;
    if (vasprintf(&text, fmt, ap) < 0)
        fail("out of memory");
    return text;
}

char *xasprintf(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap);
    va_end(ap);
    return text;
}

void xfree(void *slot)
{
    if (!slot)
        return;
    void **p = slot;
    free(*p);
    *p = NULL;
}
