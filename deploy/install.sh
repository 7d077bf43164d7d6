#!/bin/sh
# Makes .venv and installs a lock into it: deploy/install.sh requirements.txt
# Run again it does nothing, in a moment. What is wrong with the machine is said in one line.
set -eu
cd "$(dirname "$0")/.."
lock=$1
venv=.venv
stamp=$venv/$(basename "$lock" .txt).installed
log=$venv/install.log

stop() {
    printf 'Not installed: %s\n' "$1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    found=$("${PYTHON:-python3}" --version 2>&1) || found="no ${PYTHON:-python3} that works"
    stop "this needs Python 3.11 or newer; found ${found}. Install one, or name it: make run PYTHON=/path/to/python3.12"
}

# A read-only checkout, or one that somebody else set up: said before anything is tried.
can_write() {
    if [ -e "$venv" ] && [ ! -w "$venv" ]; then
        stop "$venv belongs to $(stat -c %U "$venv") and cannot be written to: run this as that user, or chown -R it to $(id -un)."
    elif [ ! -e "$venv" ] && [ ! -w . ]; then
        stop "the folder $(pwd) cannot be written to: it is read-only, or belongs to $(stat -c %U .)."
    fi
}

make_venv() {
    python=$(find_python) || exit 1
    rm -rf "$venv"
    if ! reason=$("$python" -m venv "$venv" 2>&1); then
        rm -rf "$venv"
        case $reason in
        *ensurepip*) stop "this Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" ;;
        *) stop "$python -m venv failed: $(printf %s "$reason" | tail -n 1)" ;;
        esac
    fi
}

# The last line that matches tells most; the whole story stays in the log.
explain() {
    if grep -qiE 'No space left' "$log"; then
        stop "the disk is full."
    elif grep -qiE 'DO NOT MATCH THE HASHES|hash mismatch' "$log"; then
        stop "a downloaded package is not the one the lock names, and was refused. See $log"
    elif grep -qiE "failed to build|failed building|failed-wheel-build|metadata-generation-failed|build_ext|gcc|compiler" "$log"; then
        stop "a package has no ready-made form for this machine and could not be built: it needs a C compiler and Python's headers \
(Debian: apt-get install build-essential python3-dev). See $log"
    elif grep -qiE 'connection|resolution|unreachable|timed out|SSLError|ProxyError|No matching distribution|Could not find a version' "$log"; then
        stop "the packages cannot be downloaded: no network, or a package index that does not have them. See $log"
    fi
    stop "pip failed: $(grep -v '^ *$' "$log" | tail -n 1) See $log"
}

is_new_enough "$venv/bin/python" || { can_write && make_venv; }
installed="$(cksum <"$lock") $("$venv/bin/python" -V)"
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$installed" ]; then
    can_write
    echo "Installing the packages of $lock (a minute or two) …"
    rm -f "$venv"/*.installed
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --retries 2 \
        --require-hashes -r "$lock" >"$log" 2>&1 || explain
    printf %s "$installed" >"$stamp"
fi
