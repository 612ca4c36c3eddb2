/*
 * base/buffer: bytes that grow. Always NUL-terminated after the content, so .data can be used as
 * a string once something was appended (buffer_text() gives "" for an empty one).
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>

struct buffer {
    char *data;
    size_t len;
    size_t cap;
};

#define BUFFER_INIT \
    {               \
        NULL, 0, 0  \
    }

void buffer_free(struct buffer *b);
void buffer_clear(struct buffer *b);
void buffer_reserve(struct buffer *b, size_t more);
void buffer_add(struct buffer *b, const void *data, size_t len);
void buffer_add_text(struct buffer *b, const char *text);
void buffer_add_char(struct buffer *b, char c);
void buffer_printf(struct buffer *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Replace del bytes at pos with len bytes of data; data may be NULL when len is 0. */
void buffer_splice(struct buffer *b, size_t pos, size_t del, const void *data, size_t len);
/* The content as a string, borrowed; "" when nothing was ever added. */
const char *buffer_text(const struct buffer *b);
/* Hand the content to the caller, who frees it; the buffer is empty afterwards. Never NULL. */
char *buffer_steal(struct buffer *b);

#endif
