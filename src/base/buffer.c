#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/xmem.h"

void buffer_free(struct buffer *b)
{
    xfree(&b->data);
    b->len = b->cap = 0;
}

void buffer_clear(struct buffer *b)
{
    b->len = 0;
    if (b->data)
        b->data[0] = '\0';
}

void buffer_reserve(struct buffer *b, size_t more)
{
    size_t need = b->len + more + 1;
    if (need <= b->cap)
        return;
    size_t cap = b->cap ? b->cap : 32;
    while (cap < need)
        cap *= 2;
    b->data = xreallocarray(b->data, cap, 1);
    b->cap = cap;
}

void buffer_add(struct buffer *b, const void *data, size_t len)
{
    buffer_reserve(b, len);
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buffer_add_text(struct buffer *b, const char *text)
{
    buffer_add(b, text, strlen(text));
}

void buffer_add_char(struct buffer *b, char c)
{
    buffer_add(b, &c, 1);
}

void buffer_printf(struct buffer *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    buffer_reserve(b, 0);
    b->data[b->len] = '\0';
    size_t room = b->cap - b->len;
    int len = vsnprintf(b->data + b->len, room, fmt, ap);
    va_end(ap);
    if (len >= 0 && (size_t)len >= room) {
        buffer_reserve(b, (size_t)len);
        vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
    }
    b->len += len > 0 ? (size_t)len : 0;
    va_end(again);
}

void buffer_splice(struct buffer *b, size_t pos, size_t del, const void *data, size_t len)
{
    buffer_reserve(b, len);
    memmove(b->data + pos + len, b->data + pos + del, b->len - pos - del);
    if (len)
        memcpy(b->data + pos, data, len);
    b->len = b->len + len - del;
    b->data[b->len] = '\0';
}

const char *buffer_text(const struct buffer *b)
{
    return b->data ? b->data : "";
}

char *buffer_steal(struct buffer *b)
{
    char *text = b->data ? b->data : xstrdup("");
    b->data = NULL;
    b->len = b->cap = 0;
    return text;
}
