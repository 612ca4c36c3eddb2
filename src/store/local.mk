noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/attachment.c src/store/attachment.h src/store/attachment_internal.h \
	src/store/attachment_bytes.c src/store/attachment_copy.c \
	src/store/backup.c src/store/backup.h \
	src/store/concealed.c src/store/concealed.h \
	src/store/database.c src/store/database.h \
	src/store/event.c src/store/event.h \
	src/store/form_table.c src/store/form_table.h \
	src/store/holidays.c src/store/holidays.h \
	src/store/gazetteer.c src/store/gazetteer.h \
	src/store/journal_fork.c src/store/journal_internal.h \
	src/store/journal.c src/store/journal.h src/store/journal_path.c \
	src/store/line.c src/store/line.h \
	src/store/merge.c src/store/merge.h \
	src/store/projection.c src/store/projection.h \
	src/store/query_check.c src/store/query_check.h src/store/sql_words.c src/store/sql_words.h \
	src/store/record.c src/store/record.h src/store/record_older.c \
	src/store/recordset.c src/store/recordset.h \
	src/store/store.c src/store/store.h src/store/store_internal.h \
	src/store/transport.c src/store/transport.h \
	src/store/tables.c src/store/tables.h \
	src/store/carried.c src/store/carried.h \
	src/store/scope.c src/store/scope.h \
	src/store/account.c src/store/account.h \
	src/store/concern.c src/store/concern.h \
	src/store/dispose.c src/store/dispose.h \
	src/store/draft.c src/store/draft.h \
	src/store/numbers.c src/store/numbers.h \
	src/store/registry.c src/store/registry.h src/store/registry_internal.h \
	src/store/reference.c src/store/reference.h \
	src/store/registry_entries.c src/store/registry_travel.c \
	src/store/schema.h \
	src/store/search.c src/store/search.h src/store/search_internal.h \
	src/store/search_query.c src/store/search_twins.c \
	src/store/settings.c src/store/settings.h \
	src/store/substitution.c src/store/substitution.h \
	src/store/verify.c src/store/verify.h
