noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/database.c src/store/database.h \
	src/store/event.c src/store/event.h \
	src/store/line.c src/store/line.h \
	src/store/tables.c src/store/tables.h
