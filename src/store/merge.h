/*
 * store/merge: from the events of one record to its values (統合): a pure function of the set of
 * events, without database and without clock. Projection and record reading call it.
 *
 * A field's candidates are its writes that are not causally before another write of the same
 * field; one distinct value shows, several are a conflict. A town's decision beats what an office
 * wrote to `state`. Whether an action was allowed is judged by the event's own past alone. What is
 * not valid, or stands on what is not here, is held with a reason and changes nothing.
 */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "store/event.h"
#include "store/schema.h"

/* Why an event is held: code stored with it, words for people. */
#define HELD_LIST(X)                                                       \
    X(HELD_BASE, "base", N_("前の記録がまだ届いていません"))               \
    X(HELD_FORM, "form", N_("様式のこの版がまだ届いていません"))           \
    X(HELD_REGISTRY, "registry", N_("登録簿のこの版がまだ届いていません")) \
    X(HELD_SEAL, "seal", N_("署名を確かめられません"))                     \
    X(HELD_ROLE, "role", N_("その権限のない人の処理です"))                 \
    X(HELD_STATE, "state", N_("その状態からはできない処理です"))           \
    X(HELD_REVOKED, "revoked", N_("失効した鍵の記録です。町の判断を待ちます"))   \
    X(HELD_BODY, "body", N_("本文がありません"))                           \
    X(HELD_FORK, "fork", N_("同じ端末の記録が二つに分かれています。町の判断を待ちます"))   \
    X(HELD_REFUSED, "refused", N_("二つに分かれた端末の記録のうち、町が採らなかった方です"))

enum held {
    HELD_NOT = 0,
#define HELD_ENUM(code, name, text) code,
    HELD_LIST(HELD_ENUM)
#undef HELD_ENUM
};
const char *held_name(enum held held);   /* "" for HELD_NOT */
const char *held_text(const char *name); /* for people, translated */
enum held held_of(const char *name);

struct merge_event {
    struct event event;
    struct line body; /* empty when disposed of */
    bool disposed;    /* out: a disposal in force covers it: its body counts for nothing and goes */
    enum held held;   /* in: HELD_FORK, HELD_REFUSED or HELD_REVOKED; out: why it is not in force */
    enum held noted;  /* what its row says so far */
};

struct merge_candidate {
    const char *value;
    size_t event; /* index */
    bool decision;
};

struct merge_field {
    char *path;
    struct merge_candidate *candidates;
    size_t count;
    size_t chosen; /* the candidate that shows */
    bool conflict; /* more than one distinct value */
};

struct merge_rules {
    void *context;
    const struct schema *(*schema)(void *context, const char *form, long version);
    /* The registry version is known here. */
    bool (*knows)(void *context, int64_t reg);
    bool (*role)(void *context, const char *actor, int64_t reg, const struct strings *roles);
    bool (*seal)(void *context, const struct event *event);
    /* The town ordered this disposal: an administrator, at one of its own devices. */
    bool (*disposal)(void *context, const struct event *event);
};

struct merge {
    struct merge_field *fields; /* by path, bytewise */
    size_t field_count;
    struct strings heads;
    const struct schema *schema; /* newest version among the events in force, NULL when none */
    bool conflict;
    bool disposed; /* some of it was; fields that are there were written without knowing it */
};

/* Brings events from the order in which they happened to arrive into one that is the same at every
 * place: bases first, and where neither stands on the other the time their authors wrote. */
void merge_order(struct merge_event *events, size_t count);

/* `events` as merge_order() left them. Values are borrowed from them. */
void merge_record(struct merge_event *events, size_t count, const struct merge_rules *rules,
                  struct merge *out);
void merge_free(struct merge *merge);
/* NULL when nothing was ever written. */
const struct merge_field *merge_field(const struct merge *merge, const char *path);
/* The value that shows; "" when there is none. */
const char *merge_value(const struct merge *merge, const char *path);

#endif
