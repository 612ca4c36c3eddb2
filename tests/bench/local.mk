# make bench: whole processes and durable saves beside what anybody would compare them with. It
# takes its minutes, so it is no part of make check; its programs are built there, to stay whole.
bench_shared = tests/bench/measure.c tests/bench/measure.h
bench_house = $(bench_shared) tests/bench/house.c tests/bench/house.h tests/bench/bare.c \
	tests/bench/bare.h
bench_programs = tests/bench/start tests/bench/save tests/bench/travel tests/bench/people \
	tests/bench/japanese
check_PROGRAMS += $(bench_programs)
tests_bench_start_SOURCES = tests/bench/start.c $(bench_shared)
tests_bench_start_LDADD = libbase.a $(LIBINTL) -lutil
tests_bench_save_SOURCES = tests/bench/save.c $(bench_house)
tests_bench_save_LDADD = $(room_ldadd)
tests_bench_travel_SOURCES = tests/bench/travel.c $(bench_house)
tests_bench_travel_LDADD = $(room_ldadd)
tests_bench_people_SOURCES = tests/bench/people.c $(bench_house)
tests_bench_people_LDADD = $(room_ldadd)
tests_bench_japanese_SOURCES = tests/bench/japanese.c $(bench_shared)
tests_bench_japanese_LDADD = $(room_ldadd)
EXTRA_DIST += $(srcdir)/tests/fixtures/*.tsv
EXTRA_DIST += tests/bench/run tests/bench/typing.scn tests/bench/typing_nano.scn \
	tests/bench/typing_vim.scn tests/bench/typing_dialog.scn tests/bench/typing_whiptail.scn \
	tests/bench/large_form tests/bench/large.scn tests/bench/large_none.scn
if HAVE_VTERM
bench_player = tests/e2e/play
endif
bench: all $(bench_programs) $(bench_player)
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/bench/run
.PHONY: bench
