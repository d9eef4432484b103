# Sourced by demo and test: a virtual environment of our own in .venv, made once and kept up to date.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

usable() { "$1" -c 'import sys, venv; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; }

# make_environment EXTRA: `python` is the environment's afterwards.
make_environment() {
    extra=$1
    python="$root/.venv/bin/python"
    if ! usable "$python"; then
        found=
        for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
            if command -v "$candidate" >/dev/null && usable "$candidate"; then found=$candidate && break; fi
        done
        if [ -z "$found" ]; then
            echo "Python 3.11 or newer is needed, with its venv module. Install it (Debian and Ubuntu: apt install" \
                "python3 python3-venv; macOS: brew install python) and try again." >&2
            exit 1
        fi
        rm -rf "$root/.venv"
        "$found" -m venv "$root/.venv" || {
            echo "The virtual environment could not be made. On Debian and Ubuntu: apt install python3-venv" >&2
            exit 1
        }
    fi
    # Installing takes a while even when there is nothing to do, so remember what was installed.
    wanted="$extra $(cat pyproject.toml deploy/constraints.txt | cksum)"
    if [ "$(cat .venv/installed 2>/dev/null || true)" != "$wanted" ]; then
        echo "Installing into $root/.venv ..."
        "$python" -m pip install --quiet --disable-pip-version-check \
            --constraint deploy/constraints.txt --editable ".$extra"
        echo "$wanted" >.venv/installed
    fi
}
