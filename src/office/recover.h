/*
 * office/recover: the last administrator of a place has forgotten the password: the escrow opens the
 * place's keys once more (預託鍵による回復).
 */
#ifndef OFFICE_RECOVER_H
#define OFFICE_RECOVER_H

#include "base/buffer.h"
#include "office/office.h"

/* Makes a new key for an administrator of this place with the escrow identity of the file. On the
 * town it is certified at once; elsewhere `request` gets the enrolment request that has to go to the
 * town. E_DENIED: the escrow is not that of this place, or nobody's such administrator. */
enum status recover_admin(struct office *office, const char *login, const char *password,
                          const char *escrow_file, struct buffer *request, struct error *err);

#endif
