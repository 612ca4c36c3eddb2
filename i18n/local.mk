# Catalogues: Japanese is what the source says; i18n/LANG.po holds the others. The template is made
# from every source file there is, so no list of files is kept. They are built into
# share/locale/LANG/LC_MESSAGES, where the program finds them before it is installed.
languages = en ja_easy
po_files = $(languages:%=i18n/%.po)
mo_files = $(languages:%=share/locale/%/LC_MESSAGES/satomado.mo)
translated_sources = $(sort $(filter src/%.c src/%.h,$(DIST_SOURCES)))
extract_text = $(XGETTEXT) -D $(srcdir) -F --from-code=UTF-8 --add-comments=translators \
	--add-location=file --package-name=$(PACKAGE) -k -k_ -kN_ -kngettext:1,2 \
	--flag=_:1:pass-c-format --flag=N_:1:pass-c-format --flag=ngettext:1:pass-c-format \
	--flag=ngettext:2:pass-c-format --flag=error_set:3:c-format --flag=error_errno:3:c-format \
	--flag=error_at:6:c-format --flag=buffer_printf:2:c-format --flag=xasprintf:1:c-format

EXTRA_DIST += $(po_files) i18n/Makefile.in.in
CLEANFILES += i18n/satomado.pot $(mo_files)
DISTCLEANFILES = i18n/Makefile.in

i18n/satomado.pot: $(translated_sources)
	$(AM_V_GEN)$(MKDIR_P) i18n && $(extract_text) -o $@ $(translated_sources)

share/locale/%/LC_MESSAGES/satomado.mo: i18n/%.po
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(MSGFMT) --check -o $@ $<

all-local: $(mo_files)

# Bring the catalogues up to date with the source: what is new is empty, what is gone is dropped.
# Easy Japanese holds only what it says otherwise.
update-po: i18n/satomado.pot
	for po in $(po_files:%=$(srcdir)/%); do \
	  case $$po in *ja_easy.po) only=--translated ;; *) only= ;; esac; \
	  $(MSGMERGE) -q -F --no-fuzzy-matching --add-location=file -o $$po.new $$po $< && \
	  msgattrib $$only --no-obsolete -F -o $$po $$po.new && rm -f $$po.new || exit 1; \
	done
.PHONY: update-po

# What the source says now is all there in English: names what is not. No package without it.
check-po: i18n/satomado.pot
	@$(MSGMERGE) -q --no-fuzzy-matching -o i18n/en.now $(srcdir)/i18n/en.po $< && \
	  msgattrib --untranslated --no-obsolete --no-wrap i18n/en.now >i18n/en.missing && \
	  rm -f i18n/en.now; \
	if test -s i18n/en.missing; then cat i18n/en.missing; rm -f i18n/en.missing; exit 1; fi; \
	rm -f i18n/en.missing
dist-hook: check-po
.PHONY: check-po

install-data-local: $(mo_files)
	for lang in $(languages); do \
	  $(MKDIR_P) "$(DESTDIR)$(localedir)/$$lang/LC_MESSAGES" && \
	  $(INSTALL_DATA) share/locale/$$lang/LC_MESSAGES/satomado.mo \
	    "$(DESTDIR)$(localedir)/$$lang/LC_MESSAGES/satomado.mo" || exit 1; \
	done

uninstall-local:
	for lang in $(languages); do \
	  rm -f "$(DESTDIR)$(localedir)/$$lang/LC_MESSAGES/satomado.mo"; \
	done
