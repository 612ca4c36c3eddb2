noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/database.c src/store/database.h \
	src/store/tables.c src/store/tables.h
