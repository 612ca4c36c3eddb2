noinst_LIBRARIES += libform.a
libform_a_SOURCES = \
	src/form/answer.h \
	src/form/definition.c src/form/definition.h \
	src/form/expression.c src/form/expression.h \
	src/form/expression_tree.h \
	src/form/instance.h \
	src/form/loader.c src/form/loader.h src/form/loader_internal.h \
	src/form/loader_check.c src/form/loader_field.c \
	src/form/parameter.c src/form/parameter.h \
	src/form/workflow.c src/form/workflow.h \
	src/form/yaml.c src/form/yaml.h
