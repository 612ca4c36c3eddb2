noinst_LIBRARIES += libtext.a
libtext_a_SOURCES = \
	src/text/encoding.h \
	src/text/era.h \
	src/text/fold.h \
	src/text/grapheme.h \
	src/text/individual_number.h \
	src/text/kana.h \
	src/text/municipality_code.h \
	src/text/romaji.h \
	src/text/sanitize.h \
	src/text/utf8.c src/text/utf8.h \
	src/text/width.h
