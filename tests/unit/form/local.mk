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
