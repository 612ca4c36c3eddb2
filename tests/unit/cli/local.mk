unit_tests += tests/unit/cli/output_test
tests_unit_cli_output_test_SOURCES = tests/unit/cli/output_test.c tests/unit/clean.h
tests_unit_cli_output_test_LDADD = $(unit_ldadd)
