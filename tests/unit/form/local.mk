unit_tests += tests/unit/form/expression_test
tests_unit_form_expression_test_SOURCES = tests/unit/form/expression_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_expression_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/form/instance_test
tests_unit_form_instance_test_SOURCES = tests/unit/form/instance_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_instance_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/form/answer_test
tests_unit_form_answer_test_SOURCES = tests/unit/form/answer_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_answer_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/form/loader_test
tests_unit_form_loader_test_SOURCES = tests/unit/form/loader_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_loader_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/form/parameter_test
tests_unit_form_parameter_test_SOURCES = tests/unit/form/parameter_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_parameter_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/form/all_forms_test
tests_unit_form_all_forms_test_SOURCES = tests/unit/form/all_forms_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_all_forms_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/form/conformance_test
tests_unit_form_conformance_test_SOURCES = tests/unit/form/conformance_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_conformance_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/form/xlsform_test
tests_unit_form_xlsform_test_SOURCES = tests/unit/form/xlsform_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_xlsform_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/form/hostile_test
tests_unit_form_hostile_test_SOURCES = tests/unit/form/hostile_test.c \
	tests/unit/form/form_fixture.h
tests_unit_form_hostile_test_LDADD = $(unit_ldadd)
