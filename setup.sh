# shellcheck shell=sh
# Read by ./run and ./test: puts in place what is missing, and does nothing (in a few milliseconds) when all is there.
# A fresh Debian 12 has python3 and git, but no make, no venv module, no certificates and no Pango.

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; return; fi
    command -v sudo >/dev/null || return 1
    if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi # without a terminal nobody can type a password
}

# Those of the given Debian packages that are not installed. On another system nothing is known to be missing.
missing_packages() {
    command -v dpkg-query >/dev/null || return 0
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf ' %s' "$package"
    done
}

# False when a package could not be installed; the caller knows whether that stops the work.
# The lock time-out is for another apt at work: without it apt gives up at once.
install_packages() {
    [ $# -gt 0 ] || return 0
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || return 1
    say "Installing system packages: $*"
    as_root apt-get -qq -o DPkg::Lock::Timeout=300 update >&2 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
            install -y --no-install-recommends "$@" </dev/null >/dev/null
}

installed_mark() { printf '.venv/installed-%s' "$1"; }
# The folder is part of it: the scripts of a virtual environment name it.
wanted_mark() { { pwd -P && cat "$1"; } | sha256sum; }
is_installed() { [ "$(cat "$(installed_mark "$1")" 2>/dev/null)" = "$(wanted_mark "$1")" ]; }

make_venv() {
    missing=$(missing_packages ca-certificates)
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
    # shellcheck disable=SC2086 # a list of words
    install_packages $missing || say "Could not install:$missing"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "Python 3.11 or newer is needed."
    python3 -c 'import ensurepip, venv' 2>/dev/null || stop "Python's venv module is needed (on Debian: apt-get install python3-venv)."
    rm -rf .venv
    python3 -m venv .venv
}

# Brings .venv to what a lock file says; every package is checked against its hash, none is compiled.
ensure_python() {
    is_installed "$1" && return
    # A half-made environment has no pip; a moved or copied one has the pip of the other place.
    case $(.venv/bin/pip --version 2>/dev/null) in *"$(pwd -P)/.venv/"*) ;; *) make_venv ;; esac
    say "Installing the Python packages of $1"
    .venv/bin/pip install -qq --disable-pip-version-check --no-input --require-hashes --only-binary :all: -r "$1" ||
        stop "The Python packages of $1 could not be installed: is the network there?"
    wanted_mark "$1" >"$(installed_mark "$1")"
}

# WeasyPrint's libraries. The shop works without them, so nothing stops here.
ensure_pango() {
    missing=$(missing_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
    # shellcheck disable=SC2086 # a list of words
    install_packages $missing && return
    say "The shop starts, but without PDFs: these system packages are missing:$missing"
    say "Whoever looks after this machine can add them with: apt-get install$missing"
}

ensure_run() {
    ensure_python requirements.lock
    ensure_pango
}
