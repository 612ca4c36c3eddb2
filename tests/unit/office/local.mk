unit_tests += tests/unit/office/furusato_test
tests_unit_office_furusato_test_SOURCES = tests/unit/office/furusato_test.c
tests_unit_office_furusato_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/office/way_test
tests_unit_office_way_test_SOURCES = tests/unit/office/way_test.c tests/unit/office/town_fixture.h
tests_unit_office_way_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/office/together_test
tests_unit_office_together_test_SOURCES = tests/unit/office/together_test.c tests/unit/office/town_fixture.h
tests_unit_office_together_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/office/postcode_test
tests_unit_office_postcode_test_SOURCES = tests/unit/office/postcode_test.c tests/unit/office/town_fixture.h
tests_unit_office_postcode_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/office/print_test
tests_unit_office_print_test_SOURCES = tests/unit/office/print_test.c tests/unit/office/town_fixture.h \
	tests/unit/clean.h
tests_unit_office_print_test_LDADD = $(unit_ldadd)
