/*
 * counter/counter: the program as clerks know it (窓口): login, menu, work, until they leave.
 */
#ifndef COUNTER_COUNTER_H
#define COUNTER_COUNTER_H

/* Opens the counter on a data directory; `user` (may be NULL) stands in the login field. Returns
 * the program's exit code after saying on stderr why it could not be opened. */
int counter_run(const char *data, const char *user);

#endif
