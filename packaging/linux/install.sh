#!/bin/sh
# Installs Podium from this folder, without root: for you alone, or below any prefix.
#   ./install.sh --user              into ~/.local: program, menu entry, file types, man pages, completions
#   ./install.sh --prefix FOLDER     the same below FOLDER, such as /usr/local
#   ./install.sh --uninstall         with the same --user or --prefix: remove it again; settings and history stay
set -eu

here=$(cd "$(dirname "$0")" && pwd)
prefix=
uninstall=

say() { printf 'podium: %s\n' "$*"; }
fail() { printf 'podium: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
        --user) prefix=${HOME:?}/.local ;;
        --prefix) [ $# -gt 1 ] || fail "--prefix needs a folder"; prefix=$2; shift ;;
        --uninstall) uninstall=1 ;;
        -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) fail "unknown option: $1; see ./install.sh --help" ;;
    esac
    shift
done
[ -n "$prefix" ] || prefix=${HOME:?}/.local
case $prefix in /*) ;; *) prefix=$(pwd)/$prefix ;; esac
case $prefix in *'
'*) fail "the folder's name must not contain a line break" ;; esac
program=$prefix/lib/podium
list=$program/installed-files
ours=../lib/podium/podium # where the link in bin leads

refresh() { # What desktops keep of menu entries, file types and icons. Each tool may be missing.
    share=$prefix/share
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$share/applications" || :; fi
    if command -v update-mime-database >/dev/null && [ -d "$share/mime/packages" ]; then
        update-mime-database "$share/mime" || :
    fi
    if command -v gtk-update-icon-cache >/dev/null; then
        gtk-update-icon-cache -q -t "$share/icons/hicolor" 2>/dev/null || :
    fi
}

remove() { # All that an earlier installation put here, and the folders that are empty then.
    [ -f "$list" ] || return 0
    while IFS= read -r file; do
        case $file in /* | *..*) fail "$list was changed; remove Podium by hand" ;; esac
        rm -f -- "$prefix/$file"
    done <"$list"
    sed 's,/[^/]*$,,' "$list" | sort -ru | while IFS= read -r folder; do
        while [ "$folder" != . ] && rmdir -- "$prefix/$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
    done
    rm -rf -- "$program"
    rmdir -- "$prefix/lib" "$prefix/bin" 2>/dev/null || :
}

if [ -n "$uninstall" ]; then
    [ -f "$list" ] || fail "Podium is not installed in $prefix"
    remove
    refresh
    say "removed from $prefix. Your settings and history stay in ~/.config/podium and ~/.local/state/podium."
    exit 0
fi

[ -x "$here/lib/podium/podium" ] || fail "run this in the folder the archive was unpacked to"
mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share"
[ -w "$prefix/lib" ] && [ -w "$prefix/share" ] || fail "$prefix can't be written to; choose another --prefix, or --user"
[ ! -e "$prefix/bin/podium" ] || [ "$(readlink "$prefix/bin/podium")" = "$ours" ] || fail "$prefix/bin/podium is another program; move it away first"
[ ! -e "$program" ] || [ -f "$list" ] || fail "$program is not from this installer; move it away first"
# Copied beside the old one first: what fails until then leaves that as it was.
new=$program.new
rm -rf -- "$new"
trap 'rm -rf -- "$new"' EXIT INT TERM
cp -R -- "$here/lib/podium" "$new"
remove
mv -- "$new" "$program"
(cd "$here" && find share -type f) >"$list"
while IFS= read -r file; do
    mkdir -p "$prefix/$(dirname "$file")"
    cp -- "$here/$file" "$prefix/$file"
done <"$list"
mkdir -p "$prefix/bin" # Gone with the older version, if nothing else was in it.
ln -sf "$ours" "$prefix/bin/podium"
echo bin/podium >>"$list"
# A desktop may not have this folder on its PATH.
entry=$prefix/share/applications/podium.desktop
quoted=$(printf '%s' "$prefix/bin/podium" | sed 's/[\\"`$]/\\\\&/g')
escaped=$(printf '%s' "$quoted" | sed 's/[\\&|]/\\&/g')
plain=$(printf '%s' "$prefix/bin/podium" | sed 's/[\\&|]/\\&/g')
sed -i.old "s|^Exec=podium|Exec=\"$escaped\"|; s|^TryExec=podium|TryExec=$plain|" "$entry"
rm -f "$entry.old"
refresh
say "installed in $prefix"
case :$PATH: in *":$prefix/bin:"*) ;; *) say "$prefix/bin is not on your PATH; add it, or start Podium from the menu" ;; esac
