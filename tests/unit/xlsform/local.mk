if HAVE_XLSX
unit_tests += tests/unit/xlsform/xlsx_test
endif
EXTRA_PROGRAMS += tests/unit/xlsform/xlsx_test
tests_unit_xlsform_xlsx_test_SOURCES = tests/unit/xlsform/xlsx_test.c
tests_unit_xlsform_xlsx_test_CFLAGS = $(AM_CFLAGS) $(XLSX_CFLAGS)
tests_unit_xlsform_xlsx_test_LDADD = libxlsform.a $(unit_ldadd) $(XLSX_LIBS)
