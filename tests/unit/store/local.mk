unit_tests += tests/unit/store/scan_test
tests_unit_store_scan_test_SOURCES = tests/unit/store/scan_test.c
tests_unit_store_scan_test_LDADD = $(unit_ldadd)
