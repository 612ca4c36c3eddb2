/*
 * fuzz: what the targets share. A target is a file with LLVMFuzzerTestOneInput(); libFuzzer drives
 * it (make fuzz), and in make check replay.c gives it the corpus once.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

struct workflows;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The input as text: it ends at its first NUL. The caller frees. */
char *fuzz_text(const uint8_t *data, size_t len);
/* forms/workflows.yaml of the source tree, loaded once. */
const struct workflows *fuzz_workflows(void);
/* Ends the program with a message: what must always hold did not. */
void fuzz_fail(const char *what) __attribute__((noreturn));

#endif
