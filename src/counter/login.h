/*
 * counter/login: the closed door (利用開始・画面を閉める): name and password before work, the
 * password alone after a while without keys.
 */
#ifndef COUNTER_LOGIN_H
#define COUNTER_LOGIN_H

#include "counter/desk.h"

/* Until somebody is in (desk->session) - false: nobody, the program shall end. `user` stands in
 * the first field (may be NULL). */
bool login_open(struct desk *desk, const char *user);
/* Nothing stays on the screen; returns when the same user's password was given or the terminal has
 * gone. */
void login_lock(struct desk *desk);

#endif
