#!/bin/sh
# everything.sh USER PERSON RECORD...: what every command that reads shows USER, about everybody and
# about one person in particular. A command that is not known here is named: whoever adds one says
# below how it is read, or that it tells nothing of records. $ONLY, $FORMS, $LISTS, $REPORTS narrow it.
user=$1 person=$2
shift 2
s() {
    echo "== $*"
    "$SATOMADO" --data "$DATA" --as "$user" "$@" 2>&1 </dev/null
}
names() { # the first column of a list
    s "$@" | sed -n 's/^\([a-z][a-z_.]*\)\([, ].*\)\{0,1\}$/\1/p' | sort -u
}
forms=${FORMS:-$(names form list)}
lists=${LISTS:-$(names worklist list)}
reports=${REPORTS:-$(names report)}
"$SATOMADO" --help | sed -n 's/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p' | while read -r command; do
    echo "$command" | grep -qE "^(${ONLY:-.*})$" || continue
    case $command in
    'record list') for f in $forms; do s record list "$f" --format csv; done ;;
    'record export') for f in $forms; do s record export "$f" --labels; done ;;
    'record show' | 'record act' | 'record notice' | 'record attachment' | 'record conflicts' | \
        'record version' | 'record sheet' | 'qr show' | 'qr print')
        for r in "$@"; do s $command "$r"; done
        s record show "$1" --history --whole ;;
    'worklist list' | 'bundle held list' | 'bundle list' | 'bundle receipt' | 'bundle carried' | \
        'day status' | 'journal disposed' | 'key fork list' | 'key list' | 'doctor')
        s $command ;;
    'worklist show') for l in $lists; do s worklist show "$l"; done ;;
    'report')
        s report
        for r in $reports; do
            s report "$r" --format csv
            s report "$r" --print # read below
        done
        s report report_receipts --period R5.4.1 to_day=R10.3.31
        s report report_renewals --period R12.3.31 ;;
    'search')
        for w in 県 町 0509 "R8" FB FP 雪見 ま し @ hidden 桐; do s search "$w"; done ;;
    'qr check')
        for r in $(cat "$TMP/tokens" 2>/dev/null); do s qr check "$r"; done ;;
    'person show') s person show "$person"; s person show "$person" --whole ;;
    'person dossier') s person dossier "$person" ;;
    'person same') s person same "$person" "$1" --reason 試し ;;
    'person other') s person other "$person" "$1" --reason 試し ;;
    'person protect') s person protect "$person" --until R20.1.1 --reason 試し ;;
    'journal log') s journal log; s journal log --record "$1" ;;
    'bundle create') s bundle create --to "$TMP/taken" ;;
    'record new')
        s record new furusato_change change_kind=renew family_name=桐生 given_name=みなと birth_date=S63.7.14
        s record new support_use
        s record new activity_record ;;
    # Nothing of residents is in what these show, or they only write what they are given.
    reference\ * | worklist\ act | qr\ scan | init | demo | restore | backup | town\ * | user\ * | key\ * | setting\ * | holiday\ * | \
        calendar\ * | dictionary\ * | postcode\ * | form\ * | substitution\ * | text\ * | \
        bundle\ * | journal\ * | day\ close | \
        record\ discard | record\ attach | record\ detach | record\ resolve | record\ import | \
        record\ number) ;;
    *) echo "UNKNOWN COMMAND $command" ;;
    esac
done
# What has been printed, written down beside the database, or taken out.
echo '== files'
cat "$DATA"/print/* "$DATA"/*.log "$TMP"/taken/* 2>/dev/null
exit 0
