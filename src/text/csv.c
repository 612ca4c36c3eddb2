#include "text/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "text/encoding.h"
#include "text/utf8.h"

enum { CHUNK = 1 << 16, WHOLE_MAX = 1 << 28 };

struct place {
    size_t start, len, line;
};

struct csv_reader {
    char *name, *encoding;
    bool is_utf8;
    bool decoded;     /* whole, before rows were told apart */
    int fd;           /* -1: rest is all there is */
    struct buffer in; /* a piece of the file, or all of it */
    const char *rest; /* not yet taken; in `in` or the caller's memory */
    size_t left;
    size_t line; /* of the next byte */
    bool ended;
    struct buffer raw;  /* cells of the row as they stood, each with a LF behind it */
    struct buffer text; /* the same in UTF-8 */
    struct place *places;
    struct csv_cell *cells;
    size_t cap;
    struct csv_row row;
};

/* --- Bytes --- */

/* At least one byte at data(r), or the end. */
static enum status fill(struct csv_reader *r, struct error *err)
{
    if (r->left || r->fd < 0)
        return OK;
    buffer_clear(&r->in);
    buffer_reserve(&r->in, CHUNK);
    ssize_t got;
    do
        got = read(r->fd, r->in.data, CHUNK);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_errno(err, E_IO, _("%s を読めません"), r->name);
    r->in.len = (size_t)got;
    r->rest = r->in.data;
    r->left = (size_t)got;
    return OK;
}

static void take(struct csv_reader *r, size_t n)
{
    r->rest += n;
    r->left -= n;
}

/* The next byte, or -1 at the end. */
static enum status peek(struct csv_reader *r, int *c, struct error *err)
{
    enum status st = r->left ? OK : fill(r, err);
    *c = !st && r->left ? (unsigned char)*r->rest : -1;
    return st;
}

/* --- Cells --- */

static enum status broken(struct csv_reader *r, struct error *err, const char *message)
{
    r->ended = true;
    return error_at(err, E_PARSE, r->name, r->line, 0, "%s", message);
}

static void begin_cell(struct csv_reader *r)
{
    if (r->row.count == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 16;
        r->places = xreallocarray(r->places, r->cap, sizeof *r->places);
        r->cells = xreallocarray(r->cells, r->cap, sizeof *r->cells);
    }
    r->places[r->row.count] = (struct place){r->raw.len, 0, r->line};
}

static void end_cell(struct csv_reader *r)
{
    struct place *p = &r->places[r->row.count++];
    p->len = r->raw.len - p->start;
    buffer_add_char(&r->raw, '\n');
}

/* Adds the bytes up to one of `stop`, which stays. */
static enum status add_until(struct csv_reader *r, const bool stop[256], struct error *err)
{
    for (;;) {
        enum status st = r->left ? OK : fill(r, err);
        if (st || !r->left)
            return st;
        size_t n = 0;
        while (n < r->left && !stop[(unsigned char)r->rest[n]])
            n++;
        bool found = n < r->left;
        buffer_add(&r->raw, r->rest, n);
        take(r, n);
        if (r->raw.len > CSV_ROW_MAX) {
            r->ended = true;
            return error_at(err, E_LIMIT, r->name, r->row.line, 0,
                            _("一行が長すぎます。引用符（\"）が閉じていないことがあります"));
        }
        if (found)
            return OK;
    }
}

static enum status quoted_cell(struct csv_reader *r, bool *breaks, struct error *err)
{
    static const bool stop[256] = {['"'] = true, ['\n'] = true};
    size_t opened = r->line;
    enum status st = OK;
    int c;
    take(r, 1);
    for (;;) {
        st = add_until(r, stop, err);
        if (!st)
            st = peek(r, &c, err);
        if (st)
            return st;
        if (c < 0) {
            r->line = opened;
            return broken(r, err, _("引用符（\"）が閉じていません"));
        }
        take(r, 1);
        if (c == '\n') {
            r->line++;
            *breaks = true;
            buffer_add_char(&r->raw, '\n');
            continue;
        }
        st = peek(r, &c, err);
        if (st || c != '"')
            break;
        take(r, 1);
        buffer_add_char(&r->raw, '"');
    }
    if (!st && c >= 0 && c != ',' && c != '\r' && c != '\n')
        return broken(r, err, _("閉じた引用符（\"）のあとに文字があります"));
    return st;
}

static enum status plain_cell(struct csv_reader *r, struct error *err)
{
    static const bool stop[256] = {['"'] = true, [','] = true, ['\r'] = true, ['\n'] = true};
    int c;
    enum status st = add_until(r, stop, err);
    if (!st)
        st = peek(r, &c, err);
    if (!st && c == '"')
        return broken(r, err,
                      _("値の途中に引用符（\"）があります。値の全体を囲み、中では二つ続けて"
                        "書いてください"));
    return st;
}

/* Takes the line end at hand: LF or CRLF. */
static enum status end_line(struct csv_reader *r, int c, struct error *err)
{
    enum status st = OK;
    take(r, 1);
    if (c == '\r') {
        st = peek(r, &c, err);
        if (!st && c != '\n')
            return broken(r, err, _("改行が CR だけです。CRLF か LF にしてください"));
        if (!st)
            take(r, 1);
    }
    r->line++;
    return st;
}

/* One row as bytes into raw; a row of no cells at the end. */
static enum status split_row(struct csv_reader *r, bool *breaks, struct error *err)
{
    int c;
    enum status st = peek(r, &c, err);
    while (!st && (c == '\r' || c == '\n')) {
        st = end_line(r, c, err);
        if (!st)
            st = peek(r, &c, err);
    }
    r->row.line = r->line;
    if (st || c < 0) {
        r->ended = true;
        return st;
    }
    for (;;) {
        begin_cell(r);
        st = c == '"' ? quoted_cell(r, breaks, err) : plain_cell(r, err);
        if (!st)
            st = peek(r, &c, err);
        if (st)
            return st;
        end_cell(r);
        if (c < 0)
            return OK;
        if (c != ',')
            return end_line(r, c, err);
        take(r, 1);
        st = peek(r, &c, err);
        if (st)
            return st;
    }
}

/* --- Characters --- */

static bool is_ascii(const struct buffer *b)
{
    unsigned char all = 0;
    for (size_t i = 0; i < b->len; i++)
        all |= (unsigned char)b->data[i];
    return all < 0x80 && !memchr(b->data, '\0', b->len);
}

static enum status unreadable(struct csv_reader *r, size_t i, struct error *err)
{
    return error_at(err, E_INVALID, r->name, r->places[i].line, 0,
                    _("%zu列目に文字コード %s として読めない文字があります。文字コードの指定を"
                      "確かめてください"),
                    i + 1, r->encoding);
}

static void set_text(struct csv_reader *r, size_t i, const struct buffer *text, size_t start,
                     size_t len)
{
    text->data[start + len] = '\0';
    r->cells[i].text = text->data + start;
    r->cells[i].len = len;
}

static enum status take_utf8(struct csv_reader *r, struct error *err)
{
    for (size_t i = 0; i < r->row.count; i++)
        if (!utf8_valid(r->raw.data + r->places[i].start, r->places[i].len))
            return unreadable(r, i, err);
    for (size_t i = 0; i < r->row.count; i++)
        set_text(r, i, &r->raw, r->places[i].start, r->places[i].len);
    return OK;
}

static enum status decode_cells(struct csv_reader *r, struct error *err)
{
    for (size_t i = 0; i < r->row.count; i++) {
        r->cells[i].len = r->text.len; /* for now: where it begins */
        if (encoding_decode(r->encoding, r->raw.data + r->places[i].start, r->places[i].len,
                            &r->text, NULL))
            return unreadable(r, i, err);
        buffer_add_char(&r->text, '\n');
    }
    for (size_t i = r->row.count, end = r->text.len; i-- > 0;) {
        size_t start = r->cells[i].len;
        set_text(r, i, &r->text, start, end - 1 - start);
        end = start;
    }
    return OK;
}

/* The row at once where its LFs are only those between cells; opening the converter for each cell
 * would cost more than the work. */
static enum status decode_row(struct csv_reader *r, bool breaks, struct error *err)
{
    if (breaks || encoding_decode(r->encoding, r->raw.data, r->raw.len, &r->text, NULL)) {
        buffer_clear(&r->text);
        return decode_cells(r, err);
    }
    size_t start = 0;
    for (size_t i = 0; i < r->row.count; i++) {
        char *end = memchr(r->text.data + start, '\n', r->text.len - start);
        size_t len = (size_t)(end - r->text.data) - start;
        set_text(r, i, &r->text, start, len);
        start += len + 1;
    }
    return OK;
}

enum status csv_next(struct csv_reader *r, const struct csv_row **row, struct error *err)
{
    bool breaks = false;
    *row = NULL;
    if (r->ended)
        return OK;
    buffer_clear(&r->raw);
    buffer_clear(&r->text);
    r->row.count = 0;
    enum status st = split_row(r, &breaks, err);
    if (st || r->ended) {
        r->ended = true;
        return st;
    }
    st = r->is_utf8 || is_ascii(&r->raw) ? take_utf8(r, err) : decode_row(r, breaks, err);
    if (st)
        return st;
    for (size_t i = 0; i < r->row.count; i++) {
        struct csv_cell *cell = &r->cells[i];
        const struct place *p = &r->places[i];
        cell->bytes = r->decoded ? NULL : r->raw.data + p->start;
        cell->size = p->len;
        cell->line = p->line;
    }
    r->row.cells = r->cells;
    *row = &r->row;
    return OK;
}

/* --- Opening --- */

static enum status reader_new(const char *name, const char *encoding, struct csv_reader **out,
                              struct error *err)
{
    bool keeps;
    *out = NULL;
    encoding = encoding_known_name(encoding);
    enum status st = encoding_keeps_ascii(encoding, &keeps, err);
    if (st)
        return st;
    struct csv_reader *r = *out = xcalloc(1, sizeof *r);
    r->name = xstrdup(name);
    r->encoding = xstrdup(encoding);
    r->is_utf8 = str_eq(encoding, "UTF-8");
    r->decoded = !keeps;
    r->fd = -1;
    r->line = 1;
    return OK;
}

/* Where ASCII bytes are not always themselves, rows cannot be told apart before decoding. */
static enum status attach(struct csv_reader *r, const char *data, size_t len, struct error *err)
{
    r->rest = data;
    r->left = len;
    if (!r->decoded)
        return OK;
    struct buffer text = BUFFER_INIT;
    enum status st = encoding_decode(r->encoding, data, len, &text, err);
    buffer_free(&r->in);
    r->in = text;
    r->rest = buffer_text(&r->in);
    r->left = r->in.len;
    r->is_utf8 = true;
    return st;
}

static void skip_mark(struct csv_reader *r)
{
    if (r->is_utf8 && r->left >= 3 && memcmp(r->rest, "\xEF\xBB\xBF", 3) == 0)
        take(r, 3);
}

enum status csv_open_memory(const char *data, size_t len, const char *encoding, const char *name,
                            struct csv_reader **out, struct error *err)
{
    if (!encoding)
        encoding = utf8_valid(data, len) ? "UTF-8" : "CP932";
    enum status st = reader_new(name, encoding, out, err);
    if (!st)
        st = attach(*out, data, len, err);
    if (st)
        csv_close(out);
    else
        skip_mark(*out);
    return st;
}

/* UTF-8 throughout; back to the beginning then. */
static bool file_is_utf8(int fd)
{
    char data[CHUNK + 4];
    size_t kept = 0;
    bool valid = true;
    ssize_t got;
    while (valid && (got = read(fd, data + kept, CHUNK)) > 0) {
        size_t len = kept + (size_t)got, whole = len;
        /* The last character may go on in the next chunk. */
        while (whole > 0 && len - whole < 3 && ((unsigned char)data[whole - 1] & 0xC0) == 0x80)
            whole--;
        if (whole > 0 && (unsigned char)data[whole - 1] >= 0xC0)
            whole--;
        valid = utf8_valid(data, whole);
        kept = len - whole;
        memmove(data, data + whole, kept);
    }
    lseek(fd, 0, SEEK_SET);
    return valid && utf8_valid(data, kept);
}

static enum status read_whole(struct csv_reader *r, const char *path, struct error *err)
{
    struct buffer whole = BUFFER_INIT;
    enum status st = file_read(path, WHOLE_MAX, &whole, err);
    if (!st)
        st = attach(r, whole.data, whole.len, err);
    if (!st && !r->decoded)
        r->in = whole;
    else
        buffer_free(&whole);
    return st;
}

enum status csv_open(const char *path, const char *encoding, struct csv_reader **out,
                     struct error *err)
{
    bool input = strcmp(path, "-") == 0;
    const char *file = input ? "/dev/stdin" : path;
    struct stat info;
    *out = NULL;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return error_errno(err, errno == ENOENT ? E_NOT_FOUND : E_IO, _("%s を開けません"), path);
    bool known = fstat(fd, &info) == 0;
    if (known && S_ISDIR(info.st_mode)) {
        close(fd);
        return error_set(err, E_IO, _("%s はフォルダーです。ファイルを指定してください"), path);
    }
    if (!encoding && known && S_ISREG(info.st_mode))
        encoding = file_is_utf8(fd) ? "UTF-8" : "CP932";
    enum status st = encoding
                         ? reader_new(path, encoding, out, err)
                         : error_set(err, E_USAGE, _("%s の文字コードを指定してください"), path);
    if (!st && (*out)->decoded) {
        close(fd);
        st = read_whole(*out, file, err);
    } else if (!st) {
        (*out)->fd = fd;
        st = fill(*out, err);
    } else {
        close(fd);
    }
    if (st)
        csv_close(out);
    else
        skip_mark(*out);
    return st;
}

void csv_close(struct csv_reader **slot)
{
    struct csv_reader *r = *slot;
    if (!r)
        return;
    if (r->fd >= 0)
        close(r->fd);
    buffer_free(&r->in);
    buffer_free(&r->raw);
    buffer_free(&r->text);
    xfree(&r->places);
    xfree(&r->cells);
    xfree(&r->name);
    xfree(&r->encoding);
    xfree(slot);
}

size_t csv_line(const struct csv_reader *reader)
{
    return reader->row.line;
}

const char *csv_encoding(const struct csv_reader *reader)
{
    return reader->encoding;
}

enum status csv_read(const char *data, size_t len, const char *encoding, const char *name,
                     csv_sink sink, void *context, struct error *err)
{
    struct csv_reader *reader;
    const struct csv_row *row = NULL;
    enum status st = csv_open_memory(data, len, encoding, name, &reader, err);
    while (!st) {
        st = csv_next(reader, &row, err);
        if (st || !row)
            break;
        st = sink(context, row, err);
    }
    csv_close(&reader);
    return st;
}

/* --- Writing --- */

static bool is_number(const char *text)
{
    text += *text == '-' || *text == '+';
    size_t whole = strspn(text, "0123456789");
    text += whole;
    if (*text == '.') {
        size_t part = strspn(text + 1, "0123456789");
        return whole && part && !text[1 + part];
    }
    return whole && !*text;
}

bool csv_is_formula(const char *text)
{
    text += strspn(text, "'");
    return *text && strchr("=+-@\t\r", *text) && !is_number(text);
}

const char *csv_unguarded(const char *text)
{
    return *text == '\'' && csv_is_formula(text) ? text + 1 : text;
}

void csv_add_cell(struct buffer *line, const char *text, size_t len, enum csv_place place)
{
    bool quoted = place == CSV_ALONE && !len;
    if (place == CSV_NEXT)
        buffer_add_char(line, ',');
    for (size_t i = 0; i < len && !quoted; i++)
        quoted = strchr("\",\r\n", text[i]) && text[i];
    if (len && (text[0] == ' ' || text[len - 1] == ' '))
        quoted = true;
    if (!quoted) {
        buffer_add(line, text, len);
        return;
    }
    buffer_add_char(line, '"');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            buffer_add_char(line, '"');
        buffer_add_char(line, text[i]);
    }
    buffer_add_char(line, '"');
}

void csv_end_row(struct buffer *line)
{
    buffer_add_text(line, "\r\n");
}
