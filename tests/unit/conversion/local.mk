unit_tests += tests/unit/conversion/names_test
tests_unit_conversion_names_test_SOURCES = tests/unit/conversion/names_test.c
tests_unit_conversion_names_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/conversion/conversion_test
tests_unit_conversion_conversion_test_SOURCES = tests/unit/conversion/conversion_test.c
tests_unit_conversion_conversion_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/conversion/dictionary_test
tests_unit_conversion_dictionary_test_SOURCES = tests/unit/conversion/dictionary_test.c
tests_unit_conversion_dictionary_test_LDADD = $(unit_ldadd)

# The same program and the same tests without the engine of kana-kanji conversion, in a build of its
# own beside this one.
check-without-anthy:
	$(MKDIR_P) without-anthy
	test -f without-anthy/Makefile || (cd without-anthy && \
	  eval "$(abs_top_srcdir)/configure $$(../config.status --config) --without-anthy")
	$(MAKE) -C without-anthy
	$(MAKE) -C without-anthy check
.PHONY: check-without-anthy
