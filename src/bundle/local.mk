noinst_LIBRARIES += libbundle.a
libbundle_a_SOURCES = \
	src/bundle/apply.h \
	src/bundle/header.c src/bundle/header.h \
	src/bundle/inspect.c src/bundle/inspect.h \
	src/bundle/payload.c src/bundle/payload.h \
	src/bundle/reader.c src/bundle/reader.h \
	src/bundle/unpack.c src/bundle/unpack.h \
	src/bundle/unpack_child.c src/bundle/unpack_child.h \
	src/bundle/writer.h
