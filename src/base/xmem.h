/*
 * base/xmem: memory that is there or the program ends.
 *
 * Out of memory is not handled call by call: the wrappers call the handler set by the ui (which
 * leaves curses first) and abort. A zero size is a programming error and aborts as well.
 */
#ifndef BASE_XMEM_H
#define BASE_XMEM_H

#include <stdarg.h>
#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
/* Grows to count * size, checked for overflow. */
void *xreallocarray(void *old, size_t count, size_t size);
/*
 * Makes room for one more behind the first `count` items of an array that grows by this call alone;
 * it doubles, so that what it costs grows with the items and not with their square.
 */
void *xroom(void *items, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
void *xmemdup(const void *data, size_t size);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *fmt, va_list ap);

/* Free *slot and set it to NULL; NULL and a NULL slot are allowed. */
void xfree(void *slot);

/* Called once before aborting (e.g. to give the terminal back); NULL removes it. */
void xmem_on_failure(void (*handler)(void));

#endif
