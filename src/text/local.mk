noinst_LIBRARIES += libtext.a
libtext_a_SOURCES = \
	src/text/calendar.c src/text/calendar.h \
	src/text/csv.c src/text/csv.h \
	src/text/encoding.c src/text/encoding.h \
	src/text/encoding_converter.c src/text/encoding_internal.h \
	src/text/era.c src/text/era.h \
	src/text/fold.c src/text/fold.h \
	src/text/grapheme.c src/text/grapheme.h \
	src/text/individual_number.c src/text/individual_number.h \
	src/text/kana.c src/text/kana.h \
	src/text/ken_all.c src/text/ken_all.h \
	src/text/municipality_code.c src/text/municipality_code.h \
	src/text/pattern.c src/text/pattern.h \
	src/text/romaji.c src/text/romaji.h \
	src/text/sanitize.c src/text/sanitize.h \
	src/text/utf8.c src/text/utf8.h \
	src/text/width.c src/text/width.h
