/*
 * office/transfer_internal: what the parts of office/transfer share.
 */
#ifndef OFFICE_TRANSFER_INTERNAL_H
#define OFFICE_TRANSFER_INTERNAL_H

#include "office/transfer.h"

/* Office and name of a device, or the town's name; the caller frees. */
char *transfer_peer(struct office *office, const char *device);

#endif
