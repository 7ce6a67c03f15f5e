#!/bin/sh
# Puts podium on PATH: a link in ~/.local/bin to the program in .venv. Other files of that name are left alone.
#   packaging/link.sh            make it
#   packaging/link.sh --remove   remove it
set -eu
cd "$(dirname "$0")/.."
program=$(pwd -P)/.venv/bin/podium
folder=$HOME/.local/bin
link=$folder/podium

say() { printf 'podium: %s\n' "$*" >&2; }

if [ -L "$link" ] && [ "$(readlink "$link")" = "$program" ]; then
    ours=yes
elif [ -e "$link" ] || [ -L "$link" ]; then
    say "$link is another program or a link to one; it was left as it is"
    exit 1
else
    ours=
fi

if [ "${1:-}" = --remove ]; then
    if [ -z "$ours" ]; then
        say "there is no $link"
    else
        rm "$link"
        say "removed $link"
    fi
    exit 0
fi

mkdir -p "$folder"
[ -n "$ours" ] || ln -s "$program" "$link"
say "$link starts $program"
case ":$PATH:" in
    *":$folder:"*) ;;
    *) say "$folder is not on your PATH yet. Add this line to ~/.profile and log in again:"
       # shellcheck disable=SC2016 # the person's shell has to expand it
       say '    PATH="$HOME/.local/bin:$PATH"' ;;
esac
