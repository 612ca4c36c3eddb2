noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/buffer.c src/base/buffer.h \
	src/base/child.c src/base/child.h \
	src/base/clock.c src/base/clock.h \
	src/base/disk.c src/base/disk.h \
	src/base/files.c src/base/files.h \
	src/base/intl.h \
	src/base/language.c src/base/language.h \
	src/base/log.c src/base/log.h \
	src/base/medium.c src/base/medium.h \
	src/base/status.c src/base/status.h \
	src/base/lookup.c src/base/lookup.h \
	src/base/strings.c src/base/strings.h \
	src/base/xmem.c src/base/xmem.h
