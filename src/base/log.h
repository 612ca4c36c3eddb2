/*
 * base/log: one rotated file for whoever looks after the machine. Codes and UUIDs, never names,
 * never what a resident said.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/* Write to DIR/satomado.log from now on; rotated to .1 at 1 MiB. Without it log_line() is silent.
 * clean makes a line harmless for the terminal it is read in (a new string): characters are no
 * business of this room. */
void log_open(const char *dir, char *(*clean)(const char *text));
void log_close(void);
void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
