/*
 * form/expression_tree: the tree that form/expression builds and form/evaluate walks. Nobody else
 * looks inside an expression.
 */
#ifndef FORM_EXPRESSION_TREE_H
#define FORM_EXPRESSION_TREE_H

#include "form/expression.h"

struct function;
struct pattern;

enum node_kind {
    NODE_NUMBER,
    NODE_STRING,
    NODE_FIELD,      /* ${name}, ../name */
    NODE_LAST_SAVED, /* ${last-saved#name} */
    NODE_SELF,       /* . */
    NODE_PARENT,     /* .. and ../.. : number is how far up */
    NODE_COLUMN,     /* bare name: a column of the choice looked at in a choice_filter */
    NODE_CALL,
    NODE_NEGATE,
    NODE_OR,
    NODE_AND,
    NODE_EQUAL,
    NODE_NOT_EQUAL,
    NODE_LESS,
    NODE_LESS_EQUAL,
    NODE_GREATER,
    NODE_GREATER_EQUAL,
    NODE_ADD,
    NODE_SUBTRACT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_MODULO
};

struct node {
    enum node_kind kind;
    size_t offset; /* bytes from the start of the text, for errors */
    double number;
    char *text;                      /* string, name of field, column or function */
    const struct field *field;       /* NODE_FIELD, NODE_LAST_SAVED, after binding */
    const struct function *function; /* NODE_CALL, after binding */
    struct pattern *pattern;         /* of regex(), compiled when bound */
    struct node **args;              /* operands or arguments */
    size_t arg_count;
};

struct expression {
    char *text;
    char *file;
    size_t line, column;
    bool in_cell; /* line and column name a cell */
    struct node *root;
    const struct form *form;  /* after binding */
    const struct field *self; /* after binding; NULL = the form itself */
    size_t *reads;
    size_t read_count;
    bool is_volatile;
};

#endif
