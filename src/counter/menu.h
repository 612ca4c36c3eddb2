/*
 * counter/menu: where work begins (メニュー): forms, search, the day, bundles, and the lists of
 * work with their counts.
 */
#ifndef COUNTER_MENU_H
#define COUNTER_MENU_H

#include "counter/desk.h"

void menu_open(struct desk *desk);

#endif
