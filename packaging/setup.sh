#!/bin/sh
# Prepares a checkout: system libraries, .venv, pinned packages. Does nothing that is done already.
#   packaging/setup.sh run    what Podium needs to open its window
#   packaging/setup.sh lint   what the checks need (no system libraries)
#   packaging/setup.sh test   what the tests need too (virtual display, input driver, fonts)
#   packaging/setup.sh bench  also what the engine is measured with: real programs, xterm.js where npm is
#   packaging/setup.sh bench-window  also the other terminals it is measured with
#   packaging/setup.sh wheel  what building and checking wheels needs (no system libraries)
#   packaging/setup.sh package  what building and checking the other packages needs too
#   packaging/setup.sh test-xterm   what comparing with a real xterm needs on top
#   packaging/setup.sh test-agents  real agents, where npm and pip reach them (AGENTS="claude codex" for some of them)
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
measure=
agents=
case $purpose in
    bench*) measure=$purpose purpose=test ;;
    test-agents) agents=${AGENTS:-claude codex gemini opencode aider} purpose=test ;;
esac
python=${PYTHON:-python3}
venv=.venv

say() { printf 'podium setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Runs a command and shows its newest line while it runs: over the one before on a terminal, else one every ten
# seconds. What it said last is shown when it fails.
shown() { # shown COMMAND...
    progress=$(mktemp -d)
    shown_at=0
    { "$@" 2>&1 && : >"$progress/done"; } | while IFS= read -r line; do
        printf '%s\n' "$line" >>"$progress/log"
        if [ -t 2 ]; then
            printf '\r\033[K  %.70s' "$line" >&2
        elif [ $(($(date +%s) - shown_at)) -ge 10 ]; then
            shown_at=$(date +%s)
            printf '  %s\n' "$line" >&2
        fi
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
    status=0
    if [ ! -e "$progress/done" ]; then
        status=1
        [ ! -e "$progress/log" ] || tail -n 20 "$progress/log" >&2
    fi
    rm -rf "$progress"
    return $status
}

# Each entry: Debian's package, then the file or program that shows it is there. From measurements on Debian 12.
libraries='libglib2.0-0:libglib-2.0.so.0 libegl1:libEGL.so.1 libgl1:libGL.so.1 libdbus-1-3:libdbus-1.so.3
libfontconfig1:libfontconfig.so.1 libxkbcommon-x11-0:libxkbcommon-x11.so.0 libxcb-cursor0:libxcb-cursor.so.0
libxcb-icccm4:libxcb-icccm.so.4 libxcb-keysyms1:libxcb-keysyms.so.1 libxcb-shape0:libxcb-shape.so.0'
programs='git:git'
test_programs='xvfb:Xvfb xdotool:xdotool openbox:openbox dbus:dbus-daemon procps:ps nsis:makensis zsh:zsh fish:fish'
package_programs='dpkg-dev:dpkg-shlibdeps binutils:strip xz-utils:xz'
# Qt's Wayland plugin is linked with it; dpkg names its package in Depends.
package_libraries='libwayland-cursor0:libwayland-cursor.so.0'
xterm_programs='xterm:xterm xvfb:Xvfb xauth:xauth'
# To measure with. The benches name those that can't be had, and go on.
bench_programs='vim:vim less:less htop:htop tmux:tmux'
terminals='konsole:konsole kitty:kitty alacritty:alacritty rxvt-unicode:urxvt xterm:xterm qterminal:qterminal'
# Without these Podium runs, but Chinese, Japanese, Korean and emoji show as boxes.
fonts='fonts-dejavu-core:DejaVu fonts-noto-cjk:NotoSansCJK fonts-noto-color-emoji:NotoColorEmoji'

has_library() {
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "[[:space:]]$1 " && return 0
    for folder in /lib /usr/lib /usr/local/lib /lib/* /usr/lib/*; do
        [ -e "$folder/$1" ] && return 0
    done
    return 1
}
has_program() { command -v "$1" >/dev/null 2>&1; }
has_font() { [ -n "$(find /usr/share/fonts "$HOME/.fonts" -name "$1*" -print 2>/dev/null | head -n 1)" ]; }
missing_of() { # missing_of CHECK ENTRY...
    check=$1
    shift
    for entry in "$@"; do
        "$check" "${entry#*:}" || printf '%s ' "${entry%%:*}"
    done
}

install_packages() { # install_packages PACKAGE...
    # Ubuntu 24.04 renamed a few libraries for 64-bit time; the virtual names resolve to them.
    root=
    if [ "$(id -u)" -ne 0 ]; then
        has_program sudo || return 1
        root=sudo
        sudo -v || return 1 # asks for the password before the lines of progress come
    fi
    has_program apt-get || return 1
    say "installing with apt, about a minute: $*"
    shown $root apt-get update -q &&
        shown $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

need_packages() {
    [ "$purpose" != lint ] && [ "$purpose" != wheel ] || return 0
    [ "$(uname -s)" = Linux ] || return 0
    # shellcheck disable=SC2086 # the lists are meant to be split
    missing="$(missing_of has_library $libraries)$(missing_of has_program $programs)"
    # shellcheck disable=SC2086
    case $purpose in
        test) missing="$missing$(missing_of has_program $test_programs)$(missing_of has_font $fonts)" ;;
        test-xterm) missing="$missing$(missing_of has_program $xterm_programs)" ;;
        package) missing="$missing$(missing_of has_program $package_programs)$(missing_of has_library $package_libraries)" ;;
    esac
    [ -z "$missing" ] && return 0
    say "missing on this machine: $missing"
    # shellcheck disable=SC2086
    install_packages $missing && return 0
    fail "these could not be installed. Install them as root, then run this again: apt-get update && apt-get install $missing"
}

want_fonts() {
    [ "$purpose" = run ] && [ "$(uname -s)" = Linux ] || return 0
    # Asked for once: who has no right to install them should not be told at every start.
    asked="$venv/podium-fonts"
    [ -e "$asked" ] && return 0
    # shellcheck disable=SC2086
    missing=$(missing_of has_font $fonts)
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install_packages $missing ||
        say "these fonts are recommended; without them some characters show as boxes: $missing"
    : >"$asked"
}

want_peers() {
    [ -n "$measure" ] && [ "$(uname -s)" = Linux ] || return 0
    [ "$measure" = bench ] && wanted=$bench_programs || wanted="$bench_programs $terminals"
    # shellcheck disable=SC2086
    for package in $(missing_of has_program $wanted); do
        install_packages "$package" || say "$package could not be installed, so it is not measured"
    done
}

want_xterm_js() {
    [ "$measure" = bench ] && [ ! -d "$venv/bench-node/node_modules/@xterm/headless" ] && has_program npm || return 0
    mkdir -p "$venv/bench-node"
    npm install --prefix "$venv/bench-node" --no-audit --no-fund --silent @xterm/headless@6 >/dev/null 2>&1 ||
        say "xterm.js could not be installed, so it is not measured"
}

npm_package_of() {
    case $1 in
        claude) echo @anthropic-ai/claude-code ;;
        codex) echo @openai/codex ;;
        gemini) echo @google/gemini-cli ;;
        opencode) echo opencode-ai ;;
        copilot) echo @github/copilot ;;
    esac
}

want_node() {
    has_program node && has_program npm || install_packages nodejs npm || return 1
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null || {
        say "agents need node 20 or newer; installed: $(node --version 2>/dev/null || echo none)"
        return 1
    }
}

install_npm_agent() { # install_npm_agent NAME
    package=$(npm_package_of "$1")
    # By its version: asked for by name alone, npm takes an older one whose “engines” allow this node.
    version=$(npm view "$package" version 2>/dev/null) && [ -n "$version" ] &&
        npm install --prefix "$venv/agents/$1" --no-audit --no-fund --loglevel=error "$package@$version" >/dev/null 2>&1 &&
        [ -x "$venv/agents/$1/node_modules/.bin/$1" ]
}

install_aider() {
    for candidate in "$python" python3.12 python3.11 python3.10; do
        "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 13))' 2>/dev/null || continue
        "$candidate" -m venv "$venv/agents/aider" &&
            "$venv/agents/aider/bin/python" -m pip install --quiet --disable-pip-version-check aider-chat >/dev/null 2>&1
        return
    done
    return 1
}

want_agents() {
    [ -n "$agents" ] || return 0
    mkdir -p "$venv/agents"
    node=
    for agent in $agents; do
        [ -x "$venv/agents/$agent/node_modules/.bin/$agent" ] || [ -x "$venv/agents/$agent/bin/$agent" ] && continue
        say "installing $agent"
        if [ "$agent" = aider ]; then
            install_aider || say "aider could not be installed, so it is not tried"
        elif [ -z "$(npm_package_of "$agent")" ]; then
            say "setup does not know how to install $agent"
        else
            [ -n "$node" ] || { want_node && node=yes || node=no; }
            { [ "$node" = yes ] && install_npm_agent "$agent"; } || {
                rm -rf "${venv:?}/agents/$agent"
                say "$agent could not be installed, so it is not tried"
            }
        fi
    done
}

need_venv() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "Python 3.11 or newer is needed; $python is older or missing. Name another one: make run PYTHON=python3.12"
    if [ ! -x "$venv/bin/python" ]; then
        # Debian keeps ensurepip in a package of its own; a failed try leaves half a folder behind.
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            install_packages "python$version-venv" ||
                fail "Python's venv module is missing. Install it as root: apt-get update && apt-get install python$version-venv"
        fi
        say "making the virtual environment $venv"
        "$python" -m venv "$venv" || { rm -rf "$venv"; fail "the virtual environment $venv could not be made."; }
    fi
}

can_compile() {
    [ "${PODIUM_COMPILE:-1}" != 0 ] && has_program cc && "$venv/bin/python" -c '
import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'
}

need_python_packages() {
    # Each of these has all that the ones before it have.
    extra='[dev]'
    enough='[dev] [package]'
    if [ "$purpose" = run ]; then
        extra='[run]'
        enough='[run] [compile] [dev] [package]'
        if can_compile; then
            extra='[compile]'
            enough='[compile] [dev] [package]'
        fi
    elif [ "$purpose" = package ] || [ "$purpose" = wheel ]; then
        extra='[package]'
        enough='[package]'
    fi
    # The stamp names what it was made from, so a changed pin, version or purpose installs again.
    sum=$(cat pyproject.toml constraints.txt desktop/podium/__init__.py | cksum)
    stamp="$venv/podium-setup"
    for have in $enough; do
        [ -f "$stamp" ] && grep -qxF "$have $sum" "$stamp" && return 0
    done
    say "installing Python packages into $venv, one or two minutes"
    # The build's own tools are pinned by the environment variable; newer pips take them from nowhere else.
    shown env PIP_CONSTRAINT="$PWD/constraints.txt" "$venv/bin/python" -m pip install --disable-pip-version-check \
        --progress-bar off --constraint constraints.txt --editable ".$extra" ||
        fail "the Python packages could not be installed; the lines above say why."
    printf '%s\n' "$extra $sum" >"$stamp"
}

compile_terminal() {
    [ "$purpose" = lint ] || [ "$purpose" = wheel ] || "$venv/bin/python" packaging/compile_terminal.py
}

need_packages
need_venv
want_fonts
want_peers
want_xterm_js
want_agents
need_python_packages
compile_terminal
