#include "form/expression.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "form/expression_tree.h"
#include "form/functions.h"
#include "text/pattern.h"
#include "text/utf8.h"

/* Deeper nesting and longer expressions than anybody writes; they keep a hostile file from
 * exhausting the stack (a + b + c + ... nests as well). */
enum { DEPTH_MAX = 200, OPERATORS_MAX = 2000 };

enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_STRING, TOKEN_REFERENCE, TOKEN_NAME, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    size_t offset, end; /* in the text */
    const char *start;  /* content: without quotes or ${} */
    size_t len;
};

struct parser {
    const struct expression *expression;
    struct token token;
    int depth;
    int operators;
    struct error *err;
    bool failed;
};

static enum status refuse_at(const struct expression *e, size_t offset, enum status code,
                             struct error *err, const char *message)
{
    size_t line = e->line, column = e->column, from = 0;
    if (e->in_cell)
        return error_at(err, code, e->file, line, column, "%s", message);
    for (size_t i = 0; i < offset; i++)
        if (e->text[i] == '\n') {
            line++;
            column = 1;
            from = i + 1;
        }
    char *before = xstrndup(e->text + from, offset - from);
    column += utf8_count(before);
    xfree(&before);
    return error_at(err, code, e->file, line, column, "%s", message);
}

static void refuse(struct parser *p, size_t offset, const char *message)
{
    if (!p->failed)
        refuse_at(p->expression, offset, E_PARSE, p->err, message);
    p->failed = true;
}

static bool name_start(unsigned char c)
{
    return isalpha(c) || c == '_' || c >= 0x80;
}
static bool name_char(unsigned char c)
{
    return name_start(c) || isdigit(c) || c == '-' || c == '.' || c == ':';
}

static void token_quoted(struct parser *p, const char *s)
{
    const char *close = strchr(s + 1, *s);
    if (!close) {
        refuse(p, p->token.offset, _("引用符が閉じていません。同じ引用符で閉じてください"));
        return;
    }
    p->token.kind = TOKEN_STRING;
    p->token.start = s + 1;
    p->token.len = (size_t)(close - s) - 1;
    p->token.end = (size_t)(close + 1 - p->expression->text);
}

static void token_reference(struct parser *p, const char *s)
{
    const char *close = strchr(s, '}');
    const char *from = s + 2;
    if (!close) {
        refuse(p, p->token.offset, _("${ が閉じていません。${項目名} と書いてください"));
        return;
    }
    p->token.end = (size_t)(close + 1 - p->expression->text);
    while (from < close && isspace((unsigned char)*from))
        from++;
    while (close > from && isspace((unsigned char)close[-1]))
        close--;
    if (from == close)
        refuse(p, p->token.offset, _("${} に項目名がありません"));
    p->token.kind = TOKEN_REFERENCE;
    p->token.start = from;
    p->token.len = (size_t)(close - from);
}

static void token_next(struct parser *p)
{
    static const char *const signs[] = {"!=", "<=", ">=", "..", "=", "<", ">", "+",
                                        "-",  "*",  "(",  ")",  ",", ".", "/", "["};
    const char *text = p->expression->text;
    const char *s = text + p->token.end;
    while (isspace((unsigned char)*s))
        s++;
    p->token = (struct token){TOKEN_END, (size_t)(s - text), (size_t)(s - text), s, 0};
    if (!*s || p->failed)
        return;
    const char *e = s;
    if (*s == '\'' || *s == '"') {
        token_quoted(p, s);
        return;
    }
    if (s[0] == '$' && s[1] == '{') {
        token_reference(p, s);
        return;
    }
    if (isdigit((unsigned char)*s) || (*s == '.' && isdigit((unsigned char)s[1]))) {
        p->token.kind = TOKEN_NUMBER;
        while (isdigit((unsigned char)*e))
            e++;
        if (*e == '.' && e[1] != '.')
            for (e++; isdigit((unsigned char)*e);)
                e++;
    } else if (name_start((unsigned char)*s)) {
        p->token.kind = TOKEN_NAME;
        while (name_char((unsigned char)*e))
            e++;
    } else {
        for (size_t i = 0; i < ARRAY_LEN(signs) && e == s; i++)
            if (str_starts(s, signs[i]))
                e = s + strlen(signs[i]);
        p->token.kind = TOKEN_SIGN;
        if (e == s)
            refuse(p, p->token.offset, _("式に使えない文字です"));
    }
    p->token.len = (size_t)(e - s);
    p->token.end = (size_t)(e - text);
}

static bool token_is(const struct parser *p, enum token_kind kind, const char *text)
{
    return p->token.kind == kind && p->token.len == strlen(text) &&
           !strncmp(p->token.start, text, p->token.len);
}
static bool accept_sign(struct parser *p, const char *text)
{
    if (!token_is(p, TOKEN_SIGN, text))
        return false;
    token_next(p);
    return true;
}

static struct node *node_new(enum node_kind kind, size_t offset)
{
    struct node *n = xcalloc(1, sizeof *n);
    n->kind = kind;
    n->offset = offset;
    return n;
}
static void node_add(struct node *n, struct node *arg)
{
    n->args = xroom(n->args, n->arg_count, sizeof *n->args);
    n->args[n->arg_count++] = arg;
}
static void node_free(struct node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->arg_count; i++)
        node_free(n->args[i]);
    xfree(&n->args);
    xfree(&n->text);
    pattern_free(&n->pattern);
    xfree(&n);
}

static struct node *parse_binary(struct parser *p, size_t level);

static struct node *parse_expression(struct parser *p)
{
    struct node *n = NULL;
    if (++p->depth > DEPTH_MAX)
        refuse(p, p->token.offset, _("式の入れ子が深すぎます。計算項目に分けてください"));
    else
        n = parse_binary(p, 0);
    p->depth--;
    return n;
}

/* jr:choice-name(value, '${field}') names the field in a string, as pyxform wants it. */
static void quoted_reference(struct node *arg)
{
    size_t len = arg->kind == NODE_STRING ? strlen(arg->text) : 0;
    if (len < 4 || !str_starts(arg->text, "${") || arg->text[len - 1] != '}')
        return;
    char *name = xstrndup(arg->text + 2, len - 3);
    xfree(&arg->text);
    arg->text = name;
    arg->kind = NODE_FIELD;
}

static struct node *parse_call(struct parser *p, struct token name)
{
    struct node *n = node_new(NODE_CALL, name.offset);
    n->text = xstrndup(name.start, name.len);
    if (accept_sign(p, ")"))
        return n;
    do {
        struct node *arg = parse_expression(p);
        if (arg)
            node_add(n, arg);
    } while (!p->failed && accept_sign(p, ","));
    if (!p->failed && !accept_sign(p, ")"))
        refuse(p, p->token.offset, _("関数の引数が ) で閉じていません"));
    if (!p->failed && !strcmp(n->text, "jr:choice-name") && n->arg_count == 2)
        quoted_reference(n->args[1]);
    return n;
}

/* What may follow `..` or current(): /.. /. and at the end /name */
static struct node *parse_steps(struct parser *p, struct node *n)
{
    while (!p->failed && accept_sign(p, "/")) {
        struct token token = p->token;
        if (accept_sign(p, "..")) {
            n->number = n->kind == NODE_PARENT ? n->number + 1 : 1;
            n->kind = NODE_PARENT;
        } else if (accept_sign(p, ".")) {
            continue;
        } else if (token.kind == TOKEN_NAME || token.kind == TOKEN_REFERENCE) {
            token_next(p);
            n->kind = NODE_FIELD;
            n->offset = token.offset;
            xfree(&n->text);
            n->text = xstrndup(token.start, token.len);
        } else {
            refuse(p, token.offset, _("/ のあとに項目名がありません"));
        }
    }
    return n;
}

static struct node *parse_name(struct parser *p, struct token token)
{
    token_next(p);
    if (accept_sign(p, "(")) {
        struct node *n = parse_call(p, token);
        if (p->failed || strcmp(n->text, "current") != 0)
            return n;
        if (n->arg_count)
            refuse(p, token.offset, _("current() に引数はありません"));
        n->kind = NODE_SELF;
        xfree(&n->text);
        return parse_steps(p, n);
    }
    struct node *n = node_new(NODE_COLUMN, token.offset);
    n->text = xstrndup(token.start, token.len);
    return n;
}

static struct node *parse_reference(struct parser *p, struct token token)
{
    static const char last_saved[] = "last-saved#";
    struct node *n = node_new(NODE_FIELD, token.offset);
    token_next(p);
    n->text = xstrndup(token.start, token.len);
    if (str_starts(n->text, last_saved)) {
        char *name = xstrdup(n->text + strlen(last_saved));
        xfree(&n->text);
        n->text = name;
        n->kind = NODE_LAST_SAVED;
    }
    return n;
}

static struct node *parse_primary(struct parser *p)
{
    struct token token = p->token;
    struct node *n = NULL;
    switch (token.kind) {
    case TOKEN_NUMBER:
    case TOKEN_STRING:
        n = node_new(token.kind == TOKEN_NUMBER ? NODE_NUMBER : NODE_STRING, token.offset);
        n->text = xstrndup(token.start, token.len);
        if (n->kind == NODE_NUMBER)
            n->number = strtod(n->text, NULL);
        token_next(p);
        return n;
    case TOKEN_REFERENCE:
        return parse_reference(p, token);
    case TOKEN_NAME:
        return parse_name(p, token);
    case TOKEN_END:
        refuse(p, token.offset, _("式が途中で終わっています"));
        return NULL;
    case TOKEN_SIGN:
        break;
    }
    if (accept_sign(p, "(")) {
        n = parse_expression(p);
        if (!p->failed && !accept_sign(p, ")"))
            refuse(p, token.offset, _("( が ) で閉じていません"));
        return n;
    }
    if (accept_sign(p, "."))
        return parse_steps(p, node_new(NODE_SELF, token.offset));
    if (accept_sign(p, "..")) {
        n = node_new(NODE_PARENT, token.offset);
        n->number = 1;
        return parse_steps(p, n);
    }
    refuse(p, token.offset,
           _("ここには値が要ります。項目は ${項目名}、文字は '文字' と書いてください"));
    return NULL;
}

static struct node *parse_unary(struct parser *p)
{
    size_t offset = p->token.offset;
    struct node *n, *arg;
    if (!accept_sign(p, "-"))
        return parse_primary(p);
    if (++p->depth > DEPTH_MAX) {
        refuse(p, offset, _("式の入れ子が深すぎます。計算項目に分けてください"));
        return NULL;
    }
    arg = parse_unary(p);
    p->depth--;
    if (!arg)
        return NULL;
    n = node_new(NODE_NEGATE, offset);
    node_add(n, arg);
    return n;
}

/* Operators from the loosest to the tightest; all associate to the left. */
static const struct {
    size_t level;
    enum token_kind token;
    const char *text;
    enum node_kind kind;
} operators[] = {
    {0, TOKEN_NAME, "or", NODE_OR},      {1, TOKEN_NAME, "and", NODE_AND},
    {2, TOKEN_SIGN, "=", NODE_EQUAL},    {2, TOKEN_SIGN, "!=", NODE_NOT_EQUAL},
    {3, TOKEN_SIGN, "<", NODE_LESS},     {3, TOKEN_SIGN, "<=", NODE_LESS_EQUAL},
    {3, TOKEN_SIGN, ">", NODE_GREATER},  {3, TOKEN_SIGN, ">=", NODE_GREATER_EQUAL},
    {4, TOKEN_SIGN, "+", NODE_ADD},      {4, TOKEN_SIGN, "-", NODE_SUBTRACT},
    {5, TOKEN_SIGN, "*", NODE_MULTIPLY}, {5, TOKEN_NAME, "div", NODE_DIVIDE},
    {5, TOKEN_NAME, "mod", NODE_MODULO},
};
enum { LEVELS = 6 };

static struct node *parse_binary(struct parser *p, size_t level)
{
    if (level == LEVELS)
        return parse_unary(p);
    struct node *left = parse_binary(p, level + 1);
    for (size_t i = 0; i < ARRAY_LEN(operators) && !p->failed;) {
        if (operators[i].level != level || !token_is(p, operators[i].token, operators[i].text)) {
            i++;
            continue;
        }
        struct node *n = node_new(operators[i].kind, p->token.offset);
        node_add(n, left);
        if (++p->operators > OPERATORS_MAX)
            refuse(p, p->token.offset, _("式が長すぎます。計算項目に分けてください"));
        token_next(p);
        struct node *right = parse_binary(p, level + 1);
        if (right)
            node_add(n, right);
        left = n;
        i = 0;
    }
    return left;
}

enum status expression_parse(const char *text, const char *file, size_t line, size_t column,
                             struct expression **out, struct error *err)
{
    struct expression *e = xcalloc(1, sizeof *e);
    struct parser p = {.expression = e, .err = err};
    e->text = xstrdup(text);
    e->file = xstrdup(file ? file : "");
    e->line = line;
    e->column = column;
    token_next(&p);
    e->root = parse_expression(&p);
    if (!p.failed && p.token.kind != TOKEN_END)
        refuse(&p, p.token.offset, _("式の続きを読めません。演算子か括弧を確かめてください"));
    *out = p.failed ? NULL : e;
    if (p.failed)
        expression_free(&e);
    return p.failed ? E_PARSE : OK;
}

void expression_in_cell(struct expression *expression)
{
    expression->in_cell = true;
}

void expression_free(struct expression **expression)
{
    struct expression *e = *expression;
    if (!e)
        return;
    node_free(e->root);
    xfree(&e->text);
    xfree(&e->file);
    xfree(&e->reads);
    xfree(expression);
}

static void reads_add(struct expression *e, const struct field *field)
{
    if (!field)
        return;
    for (size_t i = 0; i < e->read_count; i++)
        if (e->reads[i] == field->index)
            return;
    e->reads = xroom(e->reads, e->read_count, sizeof *e->reads);
    e->reads[e->read_count++] = field->index;
}

static enum status refuse_name(const struct expression *e, const struct node *n, const char *what,
                               const char *nearest, struct error *err)
{
    char *message = nearest ? xasprintf(_("%s「%s」はありません。「%s」ではありませんか"), what,
                                        n->text, nearest)
                            : xasprintf(_("%s「%s」はありません"), what, n->text);
    refuse_at(e, n->offset, E_PARSE, err, message);
    xfree(&message);
    return E_PARSE;
}

static enum status bind_field(struct expression *e, struct node *n, struct error *err)
{
    n->field = form_field(e->form, n->text);
    if (n->field) {
        if (n->kind == NODE_FIELD)
            reads_add(e, n->field);
        return OK;
    }
    struct strings names = STRINGS_INIT;
    for (size_t i = 0; i < e->form->field_count; i++)
        strings_add(&names, e->form->fields[i]->name);
    refuse_name(e, n, _("項目"),
                str_nearest(n->text, (const char *const *)names.items, names.count), err);
    strings_free(&names);
    return E_PARSE;
}

static enum status bind_column(struct expression *e, struct node *n, struct error *err)
{
    const struct choice_list *list = e->self ? e->self->choices : NULL;
    struct strings names = STRINGS_INIT;
    if (!list) {
        refuse_at(e, n->offset, E_PARSE, err,
                  _("名前だけでは読めません。項目は ${項目名}、文字は '文字' と書いてください"));
        return E_PARSE;
    }
    strings_add(&names, "name");
    strings_add(&names, "label");
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k + 1 < list->items[i].extra.count; k += 2)
            if (strings_find(&names, list->items[i].extra.items[k]) < 0)
                strings_add(&names, list->items[i].extra.items[k]);
    bool known = strings_find(&names, n->text) >= 0;
    if (!known)
        refuse_name(e, n, _("選択肢の列"),
                    str_nearest(n->text, (const char *const *)names.items, names.count), err);
    strings_free(&names);
    return known ? OK : E_PARSE;
}

static enum status bind_pattern(struct expression *e, struct node *n, struct error *err)
{
    struct node *arg = n->args[1];
    char *message;
    enum status st;
    if (arg->kind != NODE_STRING || n->pattern)
        return OK;
    n->pattern = pattern_new(arg->text, &message);
    if (n->pattern)
        return OK;
    st = refuse_at(e, arg->offset, E_PARSE, err, message);
    xfree(&message);
    return st;
}

/* Which record that is depends on two fields of this one. */
static enum status bind_previous(struct expression *e, struct node *n, struct error *err)
{
    const struct node *arg = n->args[0];
    if (!e->form->previous.same)
        return refuse_at(e, n->offset, E_PARSE, err,
                         _("previous は、settings に previous のある様式で使えます"));
    if (arg->kind == NODE_STRING && !form_field(e->form, arg->text))
        return refuse_name(e, arg, _("項目"), NULL, err);
    reads_add(e, e->form->previous.same);
    reads_add(e, e->form->previous.by);
    return OK;
}

static enum status bind_call(struct expression *e, struct node *n, struct error *err)
{
    n->function = function_find(n->text);
    if (!n->function && function_lacking(n->text)) {
        char *message =
            xasprintf(_("関数「%s」は使えません（%s）"), n->text, function_lacking(n->text));
        refuse_at(e, n->offset, E_PARSE, err, message);
        xfree(&message);
        return E_PARSE;
    }
    if (!n->function)
        return refuse_name(e, n, _("関数"), function_nearest(n->text), err);
    if (n->arg_count < n->function->least || n->arg_count > n->function->most) {
        char *message =
            xasprintf(n->function->most == ANY_NUMBER ? _("%sの引数は%zu個以上です")
                      : n->function->least == n->function->most ? _("%sの引数は%zu個です")
                                                                : _("%sの引数は%zu個から%zu個です"),
                      n->text, n->function->least, n->function->most);
        refuse_at(e, n->offset, E_PARSE, err, message);
        xfree(&message);
        return E_PARSE;
    }
    if (n->function->outside)
        e->is_volatile = true;
    if (!strcmp(n->text, "regex"))
        return bind_pattern(e, n, err);
    if (!strcmp(n->text, "previous"))
        return bind_previous(e, n, err);
    /* which value is in force depends on the day of receipt */
    if (!strcmp(n->text, "param"))
        reads_add(e, form_field(e->form, "received_on"));
    return OK;
}

static enum status bind_node(struct expression *e, struct node *n, struct error *err)
{
    enum status st = OK;
    for (size_t i = 0; i < n->arg_count && !st; i++)
        st = bind_node(e, n->args[i], err);
    if (st)
        return st;
    switch (n->kind) {
    case NODE_LAST_SAVED:
        e->is_volatile = true;
        return bind_field(e, n, err);
    case NODE_FIELD:
        return bind_field(e, n, err);
    case NODE_COLUMN:
        return bind_column(e, n, err);
    case NODE_CALL:
        return bind_call(e, n, err);
    case NODE_SELF:
        reads_add(e, e->self);
        return OK;
    default:
        return OK;
    }
}

enum status expression_bind(struct expression *expression, const struct form *form,
                            const struct field *self, struct error *err)
{
    expression->form = form;
    expression->self = self;
    expression->read_count = 0;
    return bind_node(expression, expression->root, err);
}

size_t expression_reads(const struct expression *expression, const size_t **indexes)
{
    *indexes = expression->reads;
    return expression->read_count;
}
bool expression_volatile(const struct expression *expression)
{
    return expression->is_volatile;
}
