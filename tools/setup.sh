# Sourced by start and check: what a build needs, installing what is missing, and the build itself.
# Debian 12, Ubuntu 24.04 or later; elsewhere the list is printed instead of installed.

# package  probe: a command, a pkg-config module or a file that shows it is there
build_packages='
gcc                 command gcc
libc6-dev           file    /usr/include/stdio.h
make                command make
pkg-config          command pkg-config
autoconf            command autoreconf
automake            command automake
autoconf-archive    file    /usr/share/aclocal/ax_append_compile_flags.m4
autopoint           command autopoint
gettext             command msgfmt
xz-utils            command xz
libncurses-dev      module  ncursesw
libsqlite3-dev      module  sqlite3
libicu-dev          module  icu-i18n
libsodium-dev       module  libsodium
libzstd-dev         module  libzstd
libjansson-dev      module  jansson
libyaml-dev         module  yaml-0.1
libseccomp-dev      module  libseccomp
libqrencode-dev     module  libqrencode
libanthy-dev        module  anthy
libminizip-dev      module  minizip
libxml2-dev         module  libxml-2.0
libxlsxwriter-dev   module  xlsxwriter
skkdic              file    /usr/share/skk/SKK-JISYO.L
skkdic-extra        file    /usr/share/skk/SKK-JISYO.jinmei
'
# What the tests compare the program with, or look at it with.
test_packages='
libcmocka-dev       module  cmocka
libvterm-dev        module  vterm
git                 command git
sqlite3             command sqlite3
age                 command age
minisign            command minisign
zstd                command zstd
jq                  command jq
openssl             command openssl
xxd                 command xxd
groff-base          command groff
universal-ctags     command ctags
unicode-data        file    /usr/share/unicode/auxiliary/GraphemeBreakTest.txt
procps              command ps
python3             command python3
tmux                command tmux
'

say() { printf '%s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# probe_finds KIND WHAT
probe_finds() {
    case $1 in
    command) command -v "$2" >/dev/null ;;
    module) command -v pkg-config >/dev/null && pkg-config --exists "$2" ;;
    file) [ -e "$2" ] ;;
    esac
}

# missing_packages TABLE: the names whose probe finds nothing
missing_packages() {
    local package kind what
    while read -r package kind what; do
        [ -z "$package" ] || probe_finds "$kind" "$what" || printf '%s ' "$package"
    done <<<"$1"
}

# require_packages TABLE: install what is missing, or say what is
require_packages() {
    local missing as_root=()
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        die "足りないものがあります（Debian のパッケージ名）: $missing" \
            "Missing, by their Debian names: $missing" \
            "Install what your system calls them and run this again."
    fi
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            die "管理者として次を実行してください / run as root: apt-get install $missing"
        as_root=(sudo)
    fi
    say "足りないパッケージを入れます / installing: $missing"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
        apt-get -qq -o DPkg::Lock::Timeout=300)
    # shellcheck disable=SC2086 # a list of names
    if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends $missing; } >&2; then
        die "" "パッケージを入れられませんでした。ネットワークを確かめるか、次を入れてからやり直してください:" \
            "Could not install. Check the network, or install these and run this again:" "  $missing"
    fi
    hash -r
    missing=$(missing_packages "$1")
    [ -z "$missing" ] || die "入れた後も見つかりません / still missing after installing: $missing"
}

# build_program DIR CONFIGURE-OPTIONS...: autoreconf, configure and make in DIR.
# A directory configured otherwise is configured again and built from nothing; with no options
# whatever configuration is there is kept.
build_program() {
    local dir=$1 jobs wanted
    shift
    jobs=$(nproc 2>/dev/null || echo 1)
    wanted=$*
    if [ ! -x configure ] || [ configure.ac -nt configure ]; then
        quietly autoreconf -fi || die "autoreconf が失敗しました / autoreconf failed"
    fi
    mkdir -p "$dir"
    if [ ! -f "$dir/Makefile" ] ||
        { [ -n "$wanted" ] && [ "$(cat "$dir/configured-with" 2>/dev/null)" != "$wanted" ]; }; then
        [ ! -f "$dir/Makefile" ] || make -s -C "$dir" distclean >/dev/null 2>&1 || true
        (cd "$dir" && quietly ../configure "$@") ||
            die "configure が失敗しました。詳しくは $dir/config.log / configure failed, see $dir/config.log"
        printf '%s\n' "$wanted" >"$dir/configured-with"
    fi
    make -s -C "$dir" -j"$jobs" >&2 || die "ビルドに失敗しました / the build failed"
}

# quietly COMMAND...: its output only when it fails
quietly() {
    local output status=0
    output=$("$@" 2>&1) || status=$?
    [ $status -eq 0 ] || say "$output"
    return $status
}
