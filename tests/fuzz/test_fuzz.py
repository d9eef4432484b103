"""A short while of fuzzing for every way in; the long one is started by hand: python -m tests.fuzz --help"""

import pytest
import structlog
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import main
from tests.fuzz.targets import targets

EXAMPLES = {"mapping": 12, "receiver": 60}


@pytest.mark.parametrize(
    "name", ["signature", "delivery", "receiver", "issue", "text", "answer", "mapping", "template"]
)
def test_whatever_comes_in_the_promise_is_kept(name: str) -> None:
    with targets() as known:
        promise, inputs = known[name]

        @settings(
            max_examples=EXAMPLES.get(name, 150),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        )
        @given(inputs)
        def keeps(arguments: tuple[object, ...]) -> None:
            promise(*arguments)

        keeps()


def test_every_target_has_a_test() -> None:
    with targets() as known:
        assert set(known) == {"signature", "delivery", "receiver", "issue", "text", "answer", "mapping", "template"}
        assert all(isinstance(inputs, st.SearchStrategy) for _, inputs in known.values())


def test_the_long_run_says_how_many_inputs_it_took() -> None:
    logging_as_it_was = structlog.get_config()
    try:
        told = CliRunner().invoke(main, ["--seconds", "1", "--only", "answer"])
    finally:
        structlog.configure(**logging_as_it_was)

    assert told.exit_code == 0, told.output
    assert "inputs in 1 s, no promise broken" in told.output
