noinst_LIBRARIES += liboffice.a
liboffice_a_SOURCES = \
	src/office/anchor.c src/office/anchor.h \
	src/office/rebuild.c src/office/rebuild.h \
	src/office/duty.c src/office/duty.h \
	src/office/reference.c src/office/reference.h \
	src/office/beside.c src/office/beside.h \
	src/office/calendar.c src/office/calendar.h \
	src/office/due.c src/office/due.h \
	src/office/action.c src/office/action.h src/office/action_internal.h \
	src/office/action_updates.c src/office/action_each.c \
	src/office/catalogue.c src/office/catalogue.h \
	src/office/card.c src/office/card.h src/office/card_read.c \
	src/office/care.c src/office/care.h src/office/care_internal.h \
	src/office/concern.c src/office/concern.h \
	src/office/conflict.c src/office/conflict.h \
	src/office/check.c src/office/check.h \
	src/office/report.c src/office/report.h \
	src/office/comparison.c src/office/comparison.h \
	src/office/comparison_sheet.c src/office/comparison_sheet.h \
	src/office/entry.c src/office/entry.h \
	src/office/entry_about.c src/office/entry_attach.c src/office/entry_correct.c src/office/entry_version.c \
	src/office/entry_draft.c \
	src/office/entry_finalise.c \
	src/office/entry_findings.c \
	src/office/entry_internal.h \
	src/office/form_files.c src/office/form_files.h \
	src/office/entry_person.c \
	src/office/entry_previous.c \
	src/office/entry_reference.c \
	src/office/entry_rows.c \
	src/office/held.c src/office/held.h \
	src/office/host.c \
	src/office/letters.c src/office/letters.h \
	src/office/office.c src/office/office.h \
	src/office/office_internal.h \
	src/office/parameters.c src/office/parameters.h \
	src/office/people.c src/office/people.h \
	src/office/person_lines.c src/office/person_lines.h \
	src/office/postcode.c src/office/postcode.h \
	src/office/preferences.c src/office/preferences.h \
	src/office/paper.c src/office/paper.h \
	src/office/print.c \
	src/office/recover.c src/office/recover.h \
	src/office/rotate.c src/office/rotate.h \
	src/office/restore.c \
	src/office/recordset.c src/office/recordset.h \
	src/office/recordview.c src/office/recordview.h \
	src/office/scanning.c src/office/scanning.h \
	src/office/session.c src/office/session.h \
	src/office/slip.c src/office/slip.h \
	src/office/worklist.c src/office/worklist.h \
	src/office/worklist_internal.h \
	src/office/worklist_rules.c src/office/worklist_kept.c src/office/worklist_due.c src/office/worklist_reminders.c src/office/worklist_twins.c src/office/setup_shipped.c \
	src/office/day.c src/office/day.h \
	src/office/csv_bytes.c src/office/csv_internal.h \
	src/office/csv_columns.c src/office/csv_columns.h \
	src/office/csv_export.c src/office/csv_export.h \
	src/office/csv_import.c src/office/csv_import.h \
	src/office/demo.c src/office/demo_history.c src/office/demo_internal.h \
	src/office/dispose.c src/office/dispose.h \
	src/office/demo_script.c src/office/demo_script.h \
	src/office/doctor.c \
	src/office/dossier.c src/office/dossier.h \
	src/office/notice.c src/office/notice.h \
	src/office/enrol.c \
	src/office/setup.c src/office/setup.h src/office/setup_internal.h \
	src/office/sheet.c src/office/sheet.h \
	src/office/transfer.c src/office/transfer.h src/office/transfer_internal.h \
	src/office/transfer_media.c src/office/transfer_send.c \
	src/office/users.c src/office/users.h \
	src/office/veil.c src/office/veil.h
