noinst_LIBRARIES += libform.a
libform_a_SOURCES = \
	src/form/answer.c src/form/answer.h src/form/answer_live.c \
	src/form/definition.c src/form/definition.h \
	src/form/dependency.c src/form/dependency.h \
	src/form/evaluate.c src/form/evaluate.h \
	src/form/expression.c src/form/expression.h \
	src/form/expression_tree.h \
	src/form/functions.c src/form/functions.h src/form/functions_internal.h \
	src/form/functions_date.c src/form/functions_number.c src/form/functions_text.c \
	src/form/instance.c src/form/instance.h src/form/instance_internal.h \
	src/form/instance_logic.c src/form/instance_rows.c \
	src/form/ledgers.c src/form/ledgers.h \
	src/form/loader.c src/form/loader.h src/form/loader_internal.h \
	src/form/loader_card.c src/form/loader_check.c src/form/loader_field.c src/form/loader_report.c \
	src/form/parameter.c src/form/parameter.h \
	src/form/workflow.c src/form/workflow.h \
	src/form/version.c src/form/version.h \
	src/form/workbook.c src/form/workbook.h \
	src/form/xlsform.h src/form/xlsform_internal.h \
	src/form/xlsform_in.c src/form/xlsform_out.c src/form/xlsform_parts.c \
	src/form/xlsform_survey.c \
	src/form/xlsform_words.c src/form/xlsform_words.h \
	src/form/yaml.c src/form/yaml.h
