# Cells as terminals count them; make width also asks xterm, which needs Xvfb.
check_PROGRAMS += tests/width/advance
tests_width_advance_SOURCES = tests/width/advance.c
tests_width_advance_LDADD = $(room_ldadd)
width_tests = tests/width/run
EXTRA_DIST += tests/width/run
width: tests/width/advance$(EXEEXT)
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/width/run tmux xterm
.PHONY: width
