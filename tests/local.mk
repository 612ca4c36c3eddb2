# Every test program speaks TAP, so that each single case is counted.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	SATOMADO_SRCDIR='$(abs_top_srcdir)'; export SATOMADO_SRCDIR; \
	SATOMADO_BUILDDIR='$(abs_top_builddir)'; export SATOMADO_BUILDDIR;
unit_ldadd = $(room_ldadd) $(CMOCKA_LIBS)

include tests/unit/base/local.mk
include tests/unit/bundle/local.mk
include tests/unit/conversion/local.mk
include tests/unit/cli/local.mk
include tests/unit/crypto/local.mk
include tests/unit/form/local.mk
include tests/unit/office/local.mk
include tests/unit/store/local.mk
include tests/unit/text/local.mk
include tests/unit/ui/local.mk
include tests/unit/xlsform/local.mk
include tests/property/local.mk
include tests/e2e/local.mk
include tests/fault/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/width/local.mk

TESTS = tests/layers tests/language tests/catalogues tests/documents tests/verifier/run $(width_tests) $(e2e_tests)
if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif
if !FUZZING
TESTS += $(fuzz_programs)
endif
EXTRA_DIST += tests/layers tests/language tests/catalogues tests/documents \
	$(srcdir)/tests/verifier/* $(srcdir)/tests/fixtures/bundle $(srcdir)/tests/fixtures/age
