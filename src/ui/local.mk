noinst_LIBRARIES += libui.a
libui_a_SOURCES = \
	src/ui/dialog.c src/ui/dialog.h \
	src/ui/edit.c src/ui/edit.h \
	src/ui/field.c src/ui/field.h \
	src/ui/keymap.c src/ui/keymap.h \
	src/ui/list.c src/ui/list.h \
	src/ui/paint.c src/ui/paint.h \
	src/ui/qr.c src/ui/qr.h \
	src/ui/screen.c src/ui/screen.h \
	src/ui/terminal.c src/ui/terminal.h \
	src/ui/wrap.c src/ui/wrap.h
