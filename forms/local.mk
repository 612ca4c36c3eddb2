# Forms, workflows and towns travel with the program.
form_files = \
	forms/common/address.yaml \
	forms/common/contact.yaml \
	forms/common/designated.yaml \
	forms/common/group.yaml \
	forms/common/guardian.yaml \
	forms/common/identity.yaml \
	forms/common/name.yaml \
	forms/common/stay_days.yaml \
	forms/common/submitter.yaml \
	forms/furusato/activity_designation.yaml \
	forms/furusato/activity_notice.yaml \
	forms/furusato/activity_record.yaml \
	forms/furusato/furusato_basic.yaml \
	forms/furusato/furusato_premium.yaml \
	forms/furusato/group_designation.yaml \
	forms/furusato/stay_record.yaml \
	forms/ledgers.yaml \
	forms/people/person.yaml \
	forms/towns/okugiri.yaml \
	forms/towns/okugiri_postcodes.csv \
	forms/workflows.yaml
nobase_dist_pkgdata_DATA = $(form_files)
