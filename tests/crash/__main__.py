"""The long run, by hand: python -m tests.crash --postgres --kills 1000 (see --help)."""

import random
import tempfile
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import click

from tests.crash.lines import lines_of_the_road
from tests.crash.rig import rig
from tests.postgres import running_postgres


@click.command()
@click.option("--postgres", is_flag=True, help="On a PostgreSQL of its own, with two nodes; else on SQLite.")
@click.option("--kills", default=1000, show_default=True, help="Kills at random moments, beside one at every line.")
@click.option("--lines/--no-lines", default=True, show_default=True, help="Kill at every line of the road.")
@click.option("--file", "files", multiple=True, help="Only at the lines of this file, such as plugin/write.py.")
@click.option("--still", is_flag=True, help="Stand still at these lines instead, and go on.")
@click.option("--restarts", default=0, show_default=True, help="Times PostgreSQL itself is killed and started again.")
@click.option(
    "--every", default=20, show_default=True, help="Kills between two times that all is held to the contract."
)
@click.option("--pauses", default=0.05, show_default=True, help="How often a node stands still first, 0.0 to 1.0.")
@click.option("--seed", default=1, show_default=True, help="Of what people do and when they are killed.")
def main(
    postgres: bool,
    kills: int,
    lines: bool,
    files: tuple[str, ...],
    still: bool,
    restarts: int,
    every: int,
    pauses: float,
    seed: int,
) -> None:
    """Kill the product again and again, and print what came of it."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crash-")))
        server = stack.enter_context(running_postgres()) if postgres else None
        url = server.fresh(f"crash_{uuid4().hex}") if server else f"sqlite:///{folder / 'crash.sqlite3'}"
        running = stack.enter_context(rig(url, folder, seed))
        places = [(file, line) for file, line in lines_of_the_road() if lines and (not files or file in files)]
        chance.shuffle(places)
        for start in range(0, len(places), every):
            (running.stand_still_at if still else running.kill_at)(places[start : start + every])
            running.comes_to_rest()
            click.echo(f"{running.figures}")
        for number in range(restarts if server else 0):
            running.kill_anywhere(3)
            running.all_are_up()
            assert server
            with server.away(abruptly=number % 2 == 0):
                running.goes_on(1.0)
            running.goes_on(1.0)
            running.comes_to_rest()
            click.echo(f"PostgreSQL was away {number + 1} times; {running.figures}")
        for start in range(0, kills, every):
            running.kill_anywhere(min(every, kills - start), pauses)
            running.comes_to_rest()
            click.echo(f"{running.figures}")
    for file, line in sorted(running.figures.unreached):
        click.echo(f"not come to: {file}:{line}")
    click.echo(f"{url.partition(':')[0]}: {running.figures}")


if __name__ == "__main__":
    main()
