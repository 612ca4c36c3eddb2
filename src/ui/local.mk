noinst_LIBRARIES += libui.a
libui_a_SOURCES = \
	src/ui/edit.c src/ui/edit.h \
	src/ui/keymap.c src/ui/keymap.h \
	src/ui/paint.c src/ui/paint.h \
	src/ui/terminal.c src/ui/terminal.h
