noinst_LIBRARIES += libform.a
libform_a_SOURCES = \
	src/form/answer.h \
	src/form/definition.h \
	src/form/expression.c src/form/expression.h \
	src/form/expression_tree.h \
	src/form/instance.h \
	src/form/loader.h \
	src/form/parameter.h \
	src/form/workflow.h
