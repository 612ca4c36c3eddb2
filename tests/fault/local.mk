# make kill RUNS=100: SIGKILL at random moments, so often that it is no part of make check.
# The same scenarios are played a few times each with those of tests/e2e.
EXTRA_DIST += tests/fault/kill_test $(srcdir)/tests/fault/*.scn $(srcdir)/tests/fault/*.part
kill: all tests/e2e/play
	$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/fault/kill_test
.PHONY: kill

# Every call that reads or writes a file fails: a sample in make check, all of them by make faults.
unit_tests += tests/fault/every_call
tests_fault_every_call_SOURCES = tests/fault/every_call.c tests/unit/bundle/bundle_fixture.h \
	tests/unit/store/store_fixture.h
tests_fault_every_call_LDADD = $(unit_ldadd)
faults: tests/fault/every_call
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) CMOCKA_MESSAGE_OUTPUT=STDOUT tests/fault/every_call all
.PHONY: faults

# SIGKILL at random moments of one process on its files; make kills RUNS=10000 SEED=1 for more.
unit_tests += tests/fault/kills
tests_fault_kills_SOURCES = tests/fault/kills.c tests/unit/bundle/bundle_fixture.h \
	tests/unit/store/store_fixture.h
tests_fault_kills_LDADD = $(unit_ldadd)
kills: tests/fault/kills
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) CMOCKA_MESSAGE_OUTPUT=STDOUT tests/fault/kills $(RUNS)
.PHONY: kills
