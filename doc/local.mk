# The man page in Japanese and in English and the shell completion: printed by the program itself
# from its table of commands.
bash_completiondir = $(datadir)/bash-completion/completions
man_pages = doc/satomado.1 doc/en/satomado.1
nodist_bash_completion_DATA = doc/completion/satomado
EXTRA_DIST += doc/ARCHITECTURE.md doc/FORMAT.md doc/FORMS.md doc/MANUAL.md
CLEANFILES += $(man_pages) $(nodist_bash_completion_DATA)

doc/satomado.1: satomado$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && ./satomado$(EXEEXT) --lang ja --man >$@.new && mv $@.new $@

doc/en/satomado.1: satomado$(EXEEXT) $(mo_files)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && ./satomado$(EXEEXT) --lang en --man >$@.new && mv $@.new $@

doc/completion/satomado: satomado$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && ./satomado$(EXEEXT) --completion >$@.new && mv $@.new $@

all-local: $(man_pages)

install-data-hook: $(man_pages)
	$(MKDIR_P) "$(DESTDIR)$(mandir)/ja/man1" "$(DESTDIR)$(mandir)/man1"
	$(INSTALL_DATA) doc/satomado.1 "$(DESTDIR)$(mandir)/ja/man1/satomado.1"
	$(INSTALL_DATA) doc/en/satomado.1 "$(DESTDIR)$(mandir)/man1/satomado.1"

uninstall-hook:
	rm -f "$(DESTDIR)$(mandir)/ja/man1/satomado.1" "$(DESTDIR)$(mandir)/man1/satomado.1"
