"""Fuzz every way in for as long as wanted, and count: python -m tests.fuzz --seconds 3600"""

import logging
import time
from collections.abc import Callable
from typing import Any

import click
import structlog
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.targets import Target, targets

AT_ONCE = 500
"""Inputs for one target before it is another's turn."""


@click.command()
@click.option("--seconds", default=600, show_default=True, help="How long, all targets together.")
@click.option("--only", help="One target alone.")
def main(seconds: int, only: str | None) -> None:
    """Run until the time is over or a promise is broken; prints how many inputs each target took."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    counts: dict[str, int] = {}
    with targets() as known:
        wanted = {name: target for name, target in known.items() if only in (None, name)}
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for name, target in wanted.items():
                if time.monotonic() < until:
                    # Only hypothesis knows how often it calls a promise.
                    counts[name] = counts.get(name, 0) + _tried(target)
    for name, count in counts.items():
        click.echo(f"{name:>12} {count:>10,} inputs")
    click.echo(f"{'together':>12} {sum(counts.values()):>10,} inputs in {seconds} s, no promise broken")


def _tried(target: Target) -> int:
    """Try a target with new inputs; how many there were."""
    promise, inputs = target
    count = 0

    @settings(
        max_examples=AT_ONCE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.target, Phase.shrink],
        print_blob=True,
    )
    @given(inputs)
    def keeps(arguments: Any) -> None:
        nonlocal count
        count += 1
        promise(*arguments)

    kept: Callable[[], None] = keeps
    kept()
    return count


if __name__ == "__main__":
    main()
