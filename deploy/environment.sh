# Sourced by demo and test: a virtual environment of our own in .venv, made once and kept up to date.
set -eu

# Some shells keep Python from writing down what it has compiled: then each of many short processes compiles it again.
unset PYTHONDONTWRITEBYTECODE

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

# Debian's python3 without python3-venv has venv, and cannot make one: it lacks ensurepip.
makes_environments() { "$1" -c 'import sys, venv, ensurepip; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; }
whole() { "$1" -c 'import sys, pip; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$candidate" >/dev/null && makes_environments "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    here=$(python3 --version 2>/dev/null || echo "no python3")
    echo "Python 3.11 or newer is needed, with its venv module; here is $here. Install it and try again:" >&2
    echo "  Debian 12, Ubuntu 24.04 or newer: apt install python3 python3-venv" >&2
    echo "  Ubuntu 22.04: apt install python3.11 python3.11-venv     macOS: brew install python" >&2
    return 1
}

# make_environment EXTRA: `python` is the environment's afterwards.
make_environment() {
    extra=$1
    python="$root/.venv/bin/python"
    # An environment does not work any more once its folder was moved.
    if ! whole "$python" || [ "$(cat .venv/made-in 2>/dev/null || echo "$root")" != "$root" ]; then
        found=$(find_python)
        rm -rf "$root/.venv"
        if ! "$found" -m venv "$root/.venv"; then
            rm -rf "$root/.venv"
            echo "The virtual environment $root/.venv could not be made: the reason is above." >&2
            exit 1
        fi
        echo "$root" >.venv/made-in
    fi
    # Installing takes a while even when there is nothing to do, so remember what was installed.
    wanted=$(cat pyproject.toml deploy/constraints.txt | cksum)
    if [ "$(cat ".venv/installed$extra" 2>/dev/null || true)" != "$wanted" ]; then
        echo "Installing into $root/.venv, which takes about a minute the first time ..."
        if ! "$python" -m pip install --quiet --disable-pip-version-check \
            --constraint deploy/constraints.txt --editable ".$extra"; then
            echo "The installation failed: the reason is above. It needs the Python package index; behind a proxy set" \
                "HTTPS_PROXY, with a mirror of your own PIP_INDEX_URL. Run the same command again to go on." >&2
            exit 1
        fi
        # Whatever was installed beside it, the product itself is there now.
        echo "$wanted" >.venv/installed
        echo "$wanted" >".venv/installed$extra"
    fi
}
