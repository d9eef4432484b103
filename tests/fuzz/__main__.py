"""Fuzz every way in for as long as wanted, and count: python -m tests.fuzz --seconds 3600"""

import time

import click
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.targets import targets


@click.command()
@click.option("--seconds", default=600, show_default=True, help="How long, all targets together.")
@click.option("--only", help="One target alone.")
def main(seconds: int, only: str | None) -> None:
    """Run until the time is over or a promise is broken; prints how many inputs each target took."""
    counts: dict[str, int] = {}
    with targets() as known:
        wanted = {name: target for name, target in known.items() if only in (None, name)}
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for name, (promise, inputs) in wanted.items():

                @settings(
                    max_examples=500,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                    phases=[Phase.generate, Phase.target, Phase.shrink],
                    print_blob=True,
                )
                @given(inputs)
                def keeps(arguments: tuple[object, ...], name: str = name, promise: object = promise) -> None:
                    # Only hypothesis knows how often it calls this.
                    counts[name] = counts.get(name, 0) + 1
                    assert callable(promise)
                    promise(*arguments)

                if time.monotonic() < until:
                    keeps()
    for name, count in counts.items():
        click.echo(f"{name:>12} {count:>10,} inputs")
    click.echo(f"{'together':>12} {sum(counts.values()):>10,} inputs in {seconds} s, no promise broken")


if __name__ == "__main__":
    main()
