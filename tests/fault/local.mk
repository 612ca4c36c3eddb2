# make kill RUNS=100: SIGKILL at random moments. It takes its time, so it is no part of make check.
kill_files = tests/fault/kill_test tests/fault/kill_before.part tests/fault/kill_after.part \
	tests/fault/kill_command.scn tests/fault/kill_command.part \
	tests/fault/kill_counter.scn tests/fault/kill_counter.part tests/fault/kill_counter_entry.part
EXTRA_DIST += $(kill_files)
kill: all tests/e2e/play
	$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/fault/kill_test
.PHONY: kill
