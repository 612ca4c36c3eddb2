unit_tests += tests/unit/ui/edit_test
tests_unit_ui_edit_test_SOURCES = tests/unit/ui/edit_test.c
tests_unit_ui_edit_test_LDADD = $(unit_ldadd)

# A million random operations; make check does a twentieth of it.
fuzz-edit: tests/unit/ui/edit_test$(EXEEXT)
	EDIT_OPERATIONS=1000000 tests/unit/ui/edit_test$(EXEEXT)
.PHONY: fuzz-edit
