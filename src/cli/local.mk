noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	src/cli/act.c \
	src/cli/bundle.c \
	src/cli/care.c \
	src/cli/calendar.c \
	src/cli/cli.c src/cli/cli.h \
	src/cli/conflict.c \
	src/cli/day.c \
	src/cli/exchange.c \
	src/cli/form.c \
	src/cli/report.c \
	src/cli/groups.c src/cli/groups.h \
	src/cli/held.c \
	src/cli/help.c \
	src/cli/journal.c \
	src/cli/output.c src/cli/output.h \
	src/cli/person.c \
	src/cli/qr.c \
	src/cli/rebuild.c \
	src/cli/record.c \
	src/cli/reference.c \
	src/cli/setting.c \
	src/cli/setup.c \
	src/cli/text.c \
	src/cli/town.c \
	src/cli/users.c \
	src/cli/worklist.c
