unit_tests += tests/unit/base/base_test
tests_unit_base_base_test_SOURCES = tests/unit/base/base_test.c
tests_unit_base_base_test_LDADD = $(unit_ldadd)
