/*
 * counter/search: one box that finds people and records while it is typed into (検索).
 */
#ifndef COUNTER_SEARCH_H
#define COUNTER_SEARCH_H

#include "counter/desk.h"

void search_open(struct desk *desk);

#endif
