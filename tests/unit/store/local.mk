unit_tests += tests/unit/store/scan_test
tests_unit_store_scan_test_SOURCES = tests/unit/store/scan_test.c
tests_unit_store_scan_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/store/merge_test
tests_unit_store_merge_test_SOURCES = tests/unit/store/merge_test.c tests/unit/store/store_fixture.h
tests_unit_store_merge_test_LDADD = $(unit_ldadd)
