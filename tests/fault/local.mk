# make kill RUNS=100: SIGKILL at random moments, so often that it is no part of make check.
# The same scenarios are played a few times each with those of tests/e2e.
EXTRA_DIST += tests/fault/kill_test $(srcdir)/tests/fault/*.scn $(srcdir)/tests/fault/*.part
kill: all tests/e2e/play
	$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/fault/kill_test
.PHONY: kill
