/*
 * counter/page: a screen made of lines to read and rows to choose from (一覧の画面). Menu, lists,
 * people, days and bundles are such pages; what they show and do is in their type.
 */
#ifndef COUNTER_PAGE_H
#define COUNTER_PAGE_H

#include "base/buffer.h"
#include "counter/desk.h"
#include "ui/list.h"
#include "ui/screen.h"

struct page_type;

struct page {
    struct desk *desk;
    const struct page_type *type;
    void *own;          /* what the type keeps */
    struct buffer head; /* lines above the rows; filled by load */
    struct list list;   /* filled by load */
    long generation;    /* of the desk when it was loaded */
    int columns;        /* of the screen when it was painted last; 0 before */
};

struct page_type {
    struct screen screen; /* made with PAGE() */
    const char *title;
    /* Fills page->head and page->list, both empty. An error is shown, the page stays empty. */
    enum status (*load)(struct page *page, struct error *err);
    void (*chosen)(struct page *page, size_t row);
    /* Any other key; `row` is the selected one, -1 when there is none. May be NULL. After a screen
     * was popped nothing of the page may be touched. */
    bool (*key)(struct page *page, enum action action, long row);
    /* It is on top again after what lay over it. May be NULL. */
    void (*back)(struct page *page);
    void (*free)(void *own);
    bool numbered;
    bool wraps; /* its rows are made for the width of the screen */
};

#define PAGE(name, keys)                                                    \
    {                                                                       \
        name, page_paint, page_event, page_beat, page_back, page_free, keys \
    }

/* Opens one over the others. own is freed with it. */
void page_open(struct desk *desk, const struct page_type *type, void *own);
/* Loads again now, the selected row stays selected as far as it is there. */
void page_reload(struct page *page);
/* The screen's functions, for PAGE(). */
void page_paint(void *state, int top, int rows, int columns);
void page_event(void *state, const struct ui_event *event);
void page_beat(void *state);
void page_back(void *state);
void page_free(void *state);

#endif
