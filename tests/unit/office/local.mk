unit_tests += tests/unit/office/furusato_test
tests_unit_office_furusato_test_SOURCES = tests/unit/office/furusato_test.c
tests_unit_office_furusato_test_LDADD = $(unit_ldadd)
