unit_tests += tests/unit/bundle/header_test
tests_unit_bundle_header_test_SOURCES = tests/unit/bundle/header_test.c
tests_unit_bundle_header_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/bundle/payload_test
tests_unit_bundle_payload_test_SOURCES = tests/unit/bundle/payload_test.c
tests_unit_bundle_payload_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/bundle/transfer_test
tests_unit_bundle_transfer_test_SOURCES = tests/unit/bundle/transfer_test.c \
	tests/unit/office/town_fixture.h
tests_unit_bundle_transfer_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/bundle/intake_test
tests_unit_bundle_intake_test_SOURCES = tests/unit/bundle/intake_test.c \
	tests/unit/bundle/bundle_fixture.h tests/unit/store/store_fixture.h
tests_unit_bundle_intake_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/bundle/delta_test
tests_unit_bundle_delta_test_SOURCES = tests/unit/bundle/delta_test.c \
	tests/unit/office/town_fixture.h
tests_unit_bundle_delta_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/bundle/reference_test
tests_unit_bundle_reference_test_SOURCES = tests/unit/bundle/reference_test.c \
	tests/unit/bundle/bundle_fixture.h tests/unit/store/store_fixture.h
tests_unit_bundle_reference_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/bundle/fork_test
tests_unit_bundle_fork_test_SOURCES = tests/unit/bundle/fork_test.c \
	tests/unit/bundle/bundle_fixture.h tests/unit/store/store_fixture.h
tests_unit_bundle_fork_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/bundle/distinct_test
tests_unit_bundle_distinct_test_SOURCES = tests/unit/bundle/distinct_test.c
tests_unit_bundle_distinct_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/bundle/order_test
tests_unit_bundle_order_test_SOURCES = tests/unit/bundle/order_test.c \
	tests/unit/bundle/bundle_fixture.h tests/unit/store/store_fixture.h
tests_unit_bundle_order_test_LDADD = $(unit_ldadd)
