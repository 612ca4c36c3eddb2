unit_tests += tests/unit/ui/edit_test
tests_unit_ui_edit_test_SOURCES = tests/unit/ui/edit_test.c
tests_unit_ui_edit_test_LDADD = $(unit_ldadd)

# What is painted is looked at through libvterm.
seen = tests/unit/ui/seen.c tests/unit/ui/seen.h
if HAVE_VTERM
seen += tests/e2e/glyphs.c tests/e2e/glyphs.h
endif
unit_tests += tests/unit/ui/field_test
tests_unit_ui_field_test_SOURCES = tests/unit/ui/field_test.c tests/unit/ui/edit_model.c \
	tests/unit/ui/edit_model.h $(seen)
tests_unit_ui_field_test_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_unit_ui_field_test_LDADD = $(unit_ldadd) $(VTERM_LIBS)

unit_tests += tests/unit/ui/paint_test
tests_unit_ui_paint_test_SOURCES = tests/unit/ui/paint_test.c tests/unit/clean.h $(seen)
tests_unit_ui_paint_test_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_unit_ui_paint_test_LDADD = $(unit_ldadd) $(VTERM_LIBS)

# A million random keys; make check does a few thousand of them.
RUNS = 1000000
fuzz-edit: tests/unit/ui/field_test$(EXEEXT)
	FUZZ_RUNS=$(RUNS) tests/unit/ui/field_test$(EXEEXT)
.PHONY: fuzz-edit
