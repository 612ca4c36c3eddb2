# Foreign containers are opened by a program of its own, so that the counter stays small.
if HAVE_XLSX
bin_PROGRAMS += satomado-xlsform
endif
EXTRA_PROGRAMS += satomado-xlsform
satomado_xlsform_SOURCES = src/xlsform/main.c
satomado_xlsform_LDADD = libxlsform.a $(room_ldadd) $(XLSX_LIBS)

noinst_LIBRARIES += $(xlsform_library)
EXTRA_LIBRARIES += libxlsform.a
if HAVE_XLSX
xlsform_library = libxlsform.a
endif
libxlsform_a_CFLAGS = $(AM_CFLAGS) $(XLSX_CFLAGS)
libxlsform_a_SOURCES = \
	src/xlsform/package.c src/xlsform/package.h \
	src/xlsform/read.c src/xlsform/read.h \
	src/xlsform/write.c src/xlsform/write.h
