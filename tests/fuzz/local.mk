# What comes from outside, given whatever bytes there are. In a usual build each target reads its
# corpus once, as a test; `make fuzz` builds them with clang and libFuzzer in a directory of its own.
#   FUZZ_RUNS     inputs to try for each target (1000000)
#   FUZZ_SECONDS  but no longer than this (600)
#   FUZZ_TARGETS  which (all)
# A further target: NAME.c here, its name in fuzz_programs with its SOURCES and LDADD, some small
# inputs in corpus/NAME/.
if FUZZING
fuzz_main =
fuzz_link = -fsanitize=fuzzer
else
fuzz_main = tests/fuzz/replay.c
fuzz_link =
endif
fuzz_shared = tests/fuzz/fuzz.c tests/fuzz/fuzz.h $(fuzz_main)
fuzz_ldflags = $(AM_LDFLAGS) $(fuzz_link)
fuzz_programs = tests/fuzz/form tests/fuzz/expression tests/fuzz/xlsform tests/fuzz/parameter \
	tests/fuzz/bundle_header tests/fuzz/age tests/fuzz/event tests/fuzz/content \
	tests/fuzz/token

tests_fuzz_form_SOURCES = tests/fuzz/form.c $(fuzz_shared)
tests_fuzz_form_LDADD = $(room_ldadd)
tests_fuzz_form_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_expression_SOURCES = tests/fuzz/expression.c $(fuzz_shared)
tests_fuzz_expression_LDADD = $(room_ldadd)
tests_fuzz_expression_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_xlsform_SOURCES = tests/fuzz/xlsform.c $(fuzz_shared)
tests_fuzz_xlsform_LDADD = $(room_ldadd)
tests_fuzz_xlsform_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_parameter_SOURCES = tests/fuzz/parameter.c $(fuzz_shared)
tests_fuzz_parameter_LDADD = $(room_ldadd)
tests_fuzz_parameter_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_bundle_header_SOURCES = tests/fuzz/bundle_header.c $(fuzz_shared)
tests_fuzz_bundle_header_LDADD = $(room_ldadd)
tests_fuzz_bundle_header_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_age_SOURCES = tests/fuzz/age.c $(fuzz_shared)
tests_fuzz_age_LDADD = $(room_ldadd)
tests_fuzz_age_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_token_SOURCES = tests/fuzz/token.c $(fuzz_shared)
tests_fuzz_token_LDADD = $(room_ldadd)
tests_fuzz_token_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_event_SOURCES = tests/fuzz/event.c $(fuzz_shared)
tests_fuzz_event_LDADD = $(room_ldadd)
tests_fuzz_event_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_content_SOURCES = tests/fuzz/content.c $(fuzz_shared)
tests_fuzz_content_LDADD = $(room_ldadd)
tests_fuzz_content_LDFLAGS = $(fuzz_ldflags)
EXTRA_PROGRAMS += tests/fuzz/xlsx
tests_fuzz_xlsx_SOURCES = tests/fuzz/xlsx.c $(fuzz_shared)
tests_fuzz_xlsx_LDADD = libxlsform.a $(room_ldadd) $(XLSX_LIBS)
tests_fuzz_xlsx_LDFLAGS = $(fuzz_ldflags)
if HAVE_XLSX
fuzz_programs += tests/fuzz/xlsx
endif

check_PROGRAMS += $(fuzz_programs)
fuzz-programs: $(fuzz_programs)
	@printf '%s\n' $(fuzz_programs)
fuzz:
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/fuzz/run
.PHONY: fuzz fuzz-programs
EXTRA_DIST += tests/fuzz/run tests/fuzz/expression.dict $(srcdir)/tests/fuzz/corpus
