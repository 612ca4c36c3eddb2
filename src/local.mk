bin_PROGRAMS += satomado
satomado_SOURCES = src/main.c

# A room's fragment adds its library and its sources; the list is the link order.
room_libs += libcounter.a
room_libs += libcli.a
room_libs += liboffice.a
room_libs += libbundle.a
room_libs += libstore.a
room_libs += libform.a
room_libs += libui.a
room_libs += libconversion.a
room_libs += libtext.a
room_libs += libcrypto.a
room_libs += libbase.a
room_ldadd = $(room_libs) $(NCURSES_LIBS) $(SQLITE_LIBS) $(ICU_LIBS) $(SODIUM_LIBS) $(ZSTD_LIBS) \
	$(JANSSON_LIBS) $(YAML_LIBS) $(SECCOMP_LIBS) $(QRENCODE_LIBS) $(ANTHY_LIBS) $(LTLIBICONV) $(LIBICONV) $(LIBINTL) -lm
satomado_LDADD = $(room_ldadd)

include src/counter/local.mk
include src/cli/local.mk
include src/office/local.mk
include src/bundle/local.mk
include src/store/local.mk
include src/form/local.mk
include src/base/local.mk
include src/crypto/local.mk
include src/conversion/local.mk
include src/text/local.mk
include src/ui/local.mk
include src/xlsform/local.mk

# What the program brings along, laid beside the executable so that a build tree runs as it is.
all-local: share-links
share-links:
	$(AM_V_at)mkdir -p share
	$(AM_V_at)ln -sfn "$(abs_top_srcdir)/forms" share/forms
.PHONY: share-links
