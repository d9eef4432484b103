"""Are known weaknesses in what we install? python -m tests.audit

Every version of deploy/constraints.txt is looked up in the Python Packaging Advisory Database, which takes a network
that reaches it. Without one nothing is known, and that is said, not passed over.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).parents[1] / "deploy" / "constraints.txt"
SECONDS = 10
"""How long to wait for one answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say, and whether it is good: what could not be looked up is not bad, only unknown."""

    good: bool
    lines: tuple[str, ...]


def main() -> int:
    """Print the verdict; the exit code is 1 where a weakness is known."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", CONSTRAINTS, "--no-deps", "--disable-pip"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", str(SECONDS)]
    run = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    try:
        found = verdict(json.loads(run.stdout))
    except ValueError:
        last = run.stderr.strip().splitlines()[-1:]
        found = Verdict(good=True, lines=(f"NOT AUDITED: {' '.join(last) or 'pip-audit said nothing'}",))
    print("\n".join(found.lines))
    return 0 if found.good else 1


def verdict(report: Mapping[str, Any]) -> Verdict:
    """Read what pip-audit says (`--format json`)."""
    packages = report["dependencies"]
    known = [each for each in packages if "skip_reason" not in each]
    weak = [(each, weakness) for each in known for weakness in each["vulns"]]
    lines = tuple(
        f"{each['name']} {each['version']}: {weakness['id']}, "
        f"mended in {', '.join(weakness['fix_versions']) or 'no version yet'}: change deploy/constraints.txt"
        for each, weakness in weak
    )
    if len(known) < len(packages):
        unknown = len(packages) - len(known)
        lines += (
            f"NOT AUDITED: {unknown} of {len(packages)} packages; the index that is used here knows none of them",
        )
    return Verdict(not weak, lines or (f"No weakness is known in any of {len(packages)} packages.",))


if __name__ == "__main__":
    sys.exit(main())
