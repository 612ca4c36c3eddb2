/*
 * house: a data directory opened by somebody, and people to fill it with. None of them exist: names
 * are put together from parts, the same for the same number.
 */
#ifndef TESTS_BENCH_HOUSE_H
#define TESTS_BENCH_HOUSE_H

#include "base/buffer.h"
#include "office/entry.h"
#include "office/session.h"

/* What main() of a program that opens a house does first: helpers that run as the same executable
 * end here, with their exit code; -1 for anything else. */
int house_child(int argc, char **argv);

struct house {
    struct office *office;
    struct session *session;
};
/* With the sample town's password. */
void house_open(struct house *h, const char *dir, const char *login);
void house_close(struct house *h);

struct person {
    char family[32], given[32], family_kana[64], given_kana[64];
    char birth[16], address[64], phone[20];
};
#define PERSON_PREFECTURE   "北峰県"
#define PERSON_MUNICIPALITY "雪見町"
void person_make(struct person *p, unsigned long number);

/* One registration filled in, as far as 受付確定; the caller frees. */
struct entry *house_entry(struct house *h, const struct person *p);
/* Its deficiencies explained, finalised for a new person. */
void house_finalise(struct entry *entry);
void house_explain(struct entry *entry);

/* Text of every event of this device's chain after `seq`: header, body and seal, a line each. */
void house_lines(struct house *h, int64_t after, struct buffer *out);
int64_t house_head(struct house *h);

#endif
