/*
 * form/loader: from a form file (YAML) to a struct form, with every mistake named by file, line and
 * column. Office's catalogue and the `form` commands call it.
 */
#ifndef FORM_LOADER_H
#define FORM_LOADER_H

#include "base/buffer.h"
#include "form/definition.h"
#include "form/workflow.h"

/* Reads the text of a fragment `{include: NAME}`; the caller frees. NULL = form texts only. */
typedef enum status (*form_include)(void *context, const char *name, struct buffer *out,
                                    struct error *err);

/* `file` names the text in messages. Stops at the first mistake. The form gets its own expanded
 * text (form->text), which loads again without includes to the same form. */
enum status form_load(const char *text, const char *file, const struct workflows *workflows,
                      form_include include, void *context, struct form **out, struct error *err);

/* The same of a tree somebody else read; its nodes with source n stand in sources->items[n - 1].
 * form->text is left empty. */
struct yaml;
enum status form_load_tree(struct yaml *root, const char *file, const struct strings *sources,
                           const struct workflows *workflows, struct form **out, struct error *err);

#endif
