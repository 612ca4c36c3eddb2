/*
 * office/card: papers with a QR code that names a record (登録証、用紙), and what a scanned code
 * says. Which forms have one, what stands on it and when it is good is the part `card` of the form;
 * the code itself is signed by this device (crypto/token) and believed without a line to anybody.
 */
#ifndef OFFICE_CARD_H
#define OFFICE_CARD_H

#include "base/clock.h"
#include "base/strings.h"
#include "form/definition.h"
#include "office/session.h"

/* Whether papers of the form's records are given out, and good, in this state. */
bool card_state_good(const struct form *form, const char *state);

/* What a record is printed as. */
struct card_face {
    char *token;          /* what its QR code says */
    char *title;          /* 登録証 */
    struct strings lines; /* what stands on it: label, value, label, value */
};

/* Signed now, by this device. E_RULE: its form has no such paper, or it is in no state in which one
 * is given out. Writes a `read` event. */
enum status card_make(struct session *session, const char *record, struct card_face *out,
                      struct error *err);
void card_face_free(struct card_face *face);
/* As text and as a file under print/, on paper where a command is set. E_DENIED: about a protected
 * person. The caller frees *text (may be NULL). */
enum status card_print(struct session *session, const char *record, char path[256], char **text,
                       struct error *err);

/* What a good code names. */
struct card_found {
    char record[37], form[48];
    struct date issued, until;        /* year 0: no end */
    char *title, *receipt_no, *state; /* the state in words */
    char *printed_by;                 /* 霧沢郵便局 窓口1 */
};
/* Reads a scanned text: the town, the device, its key, the signature, the last day, what it is
 * asked for (`field`, a barcode or reference; NULL = anything), and then the record: whether it is
 * here and the paper is still good. Every refusal says which of them it is. E_NOT_FOUND: the code
 * is good but its record is not here (yet), or not to be seen by this user, which must not be told
 * apart. */
enum status card_read(struct session *session, const struct field *field, const char *text,
                      struct card_found *out, struct error *err);
void card_found_free(struct card_found *found);

#endif
