noinst_LIBRARIES += libcounter.a
libcounter_a_SOURCES = \
	src/counter/beside.c src/counter/beside.h \
	src/counter/bundles.c src/counter/bundles.h src/counter/carried.c src/counter/carried.h \
	src/counter/confirm.c \
	src/counter/conflict.c src/counter/conflict.h \
	src/counter/counter.c src/counter/counter.h \
	src/counter/day.c src/counter/day.h \
	src/counter/desk.c src/counter/desk.h \
	src/counter/doing.c src/counter/doing.h \
	src/counter/duties.c src/counter/duties.h \
	src/counter/disposal.c src/counter/disposal.h \
	src/counter/entry.c src/counter/entry.h src/counter/entry_screen.h \
	src/counter/entry_attach.c src/counter/entry_choice.c src/counter/entry_help.c \
	src/counter/entry_layout.c src/counter/entry_layout.h \
	src/counter/entry_paint.c src/counter/entry_previous.c src/counter/entry_rows.c \
	src/counter/entry_postcode.c \
	src/counter/entry_typing.c \
	src/counter/input.c src/counter/input.h \
	src/counter/login.c src/counter/login.h \
	src/counter/menu.c src/counter/menu.h \
	src/counter/pair.c src/counter/pair.h \
	src/counter/page.c src/counter/page.h \
	src/counter/person.c src/counter/person.h \
	src/counter/reports.c src/counter/reports.h \
	src/counter/record.c src/counter/record.h \
	src/counter/scan.c src/counter/scan.h \
	src/counter/search.c src/counter/search.h \
	src/counter/upkeep.c src/counter/upkeep.h \
	src/counter/worklist.c src/counter/worklist.h
