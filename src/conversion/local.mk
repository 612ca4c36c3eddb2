noinst_LIBRARIES += libconversion.a
libconversion_a_SOURCES = \
	src/conversion/conversion.c src/conversion/conversion.h \
	src/conversion/dictionary.c src/conversion/dictionary.h \
	src/conversion/engine.c src/conversion/engine.h \
	src/conversion/letters.c src/conversion/letters.h \
	src/conversion/lexicon.c src/conversion/lexicon.h \
	src/conversion/reading.c src/conversion/reading.h \
	src/conversion/variants.c src/conversion/variants.h \
	src/conversion/wordlist.c src/conversion/wordlist.h
