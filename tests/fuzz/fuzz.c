#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/xmem.h"
#include "form/workflow.h"

char *fuzz_text(const uint8_t *data, size_t len)
{
    return xstrndup((const char *)data, len);
}

const struct workflows *fuzz_workflows(void)
{
    static struct workflows *workflows;
    struct buffer text = BUFFER_INIT;
    const char *source = getenv("SATOMADO_SRCDIR");
    if (workflows)
        return workflows;
    char *path = file_path(source ? source : ".", "forms/workflows.yaml");
    if (file_read(path, 1 << 20, &text, NULL) ||
        workflows_load(buffer_text(&text), path, &workflows, NULL))
        fuzz_fail("forms/workflows.yaml is not there; set SATOMADO_SRCDIR");
    xfree(&path);
    buffer_free(&text);
    return workflows;
}

void fuzz_fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}
