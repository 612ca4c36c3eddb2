# Random histories beside a plain model. A few in make check; make histories RUNS=100000 SEED=1 for as
# many as one has time for.
unit_tests += tests/property/histories
tests_property_histories_SOURCES = tests/property/histories.c tests/property/model.c \
	tests/property/model.h tests/unit/bundle/bundle_fixture.h tests/unit/store/store_fixture.h
tests_property_histories_LDADD = $(unit_ldadd)
histories: tests/property/histories
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) CMOCKA_MESSAGE_OUTPUT=STDOUT tests/property/histories $(RUNS) $(SEED)
.PHONY: histories

# Every bit of a bundle turned over, every length it can be cut to: a sample in make check, all of
# them by make flips.
unit_tests += tests/property/flips
tests_property_flips_SOURCES = tests/property/flips.c tests/unit/bundle/bundle_fixture.h \
	tests/unit/store/store_fixture.h
tests_property_flips_LDADD = $(unit_ldadd)
flips: tests/property/flips
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) CMOCKA_MESSAGE_OUTPUT=STDOUT tests/property/flips all
.PHONY: flips
