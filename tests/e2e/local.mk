# The player of the end-to-end scenarios; without libvterm it is not built and they are skipped.
player_sources = \
	tests/e2e/glyphs.c tests/e2e/glyphs.h \
	tests/e2e/keys.c tests/e2e/keys.h \
	tests/e2e/scenario.c tests/e2e/scenario.h tests/e2e/scenario_internal.h \
	tests/e2e/sought.c tests/e2e/sought.h \
	tests/e2e/steps_fault.c tests/e2e/steps_measure.c tests/e2e/steps_program.c \
	tests/e2e/steps_screen.c \
	tests/e2e/steps_terminal.c tests/e2e/steps_world.c \
	tests/e2e/terminal.c tests/e2e/terminal.h
tests_e2e_play_SOURCES = tests/e2e/play.c $(player_sources)
tests_e2e_play_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_play_LDADD = libbase.a $(VTERM_LIBS) $(NCURSES_LIBS) $(SQLITE_LIBS) $(LIBINTL) -lutil
if HAVE_VTERM
check_PROGRAMS += tests/e2e/play
endif
e2e_tests = tests/e2e/run
EXTRA_DIST += tests/e2e/run tests/e2e/README.md $(srcdir)/tests/e2e/*.scn $(srcdir)/tests/e2e/*.part $(srcdir)/tests/e2e/*.yaml tests/e2e/everything.sh
