noinst_LIBRARIES += libbundle.a
libbundle_a_SOURCES = \
	src/bundle/apply.c src/bundle/apply.h \
	src/bundle/copy.c src/bundle/copy.h \
	src/bundle/distinct.c src/bundle/distinct.h \
	src/bundle/header.c src/bundle/header.h \
	src/bundle/intake.c src/bundle/intake.h src/bundle/intake_internal.h \
	src/bundle/intake_reference.c \
	src/bundle/intake_blobs.c src/bundle/intake_chain.c src/bundle/intake_down.c src/bundle/intake_events.c \
	src/bundle/inspect.c src/bundle/inspect.h \
	src/bundle/payload.c src/bundle/payload.h \
	src/bundle/reader.c src/bundle/reader.h \
	src/bundle/unpack.c src/bundle/unpack.h \
	src/bundle/unpack_child.c src/bundle/unpack_child.h \
	src/bundle/sections.c src/bundle/sections.h \
	src/bundle/writer.c src/bundle/writer.h src/bundle/writer_internal.h \
	src/bundle/writer_blobs.c src/bundle/writer_chain.c src/bundle/writer_down.c \
	src/bundle/writer_reference.c
