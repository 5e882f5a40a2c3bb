"""One profile for all property tests: the same examples in every run, and no limit of wall-clock time."""

import gc
import logging
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from side_by_side import SHORT

EXAMPLES_SHORT = 20
"""Of a hundred: what is left of a law in `make test`."""

# Programs that tests start find the same modules as the tests do.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
).rstrip(os.pathsep)

# A shell has what it runs in the background ignore Ctrl-C, and programs that tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Whatever is made while tests are collected stays to the end: there is nothing in it to be looked through again and again.
gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was collected out of all later collections of garbage."""
    gc.freeze()
    gc.enable()


# How long it took to make an example says something of this machine only.
settings.register_profile(
    "mxproof",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("mxproof")
settings.register_profile("short", settings.get_profile("mxproof"), max_examples=EXAMPLES_SHORT)


def pytest_configure(config: pytest.Config) -> None:
    """Try the first examples of each law where what is exhaustive is left out, and all of them wherever it is run."""
    if config.option.markexpr == SHORT:
        settings.load_profile("short")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each law its mark, by which it is run again with all its examples."""
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.function):
            item.add_marker(pytest.mark.law)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Have what a daemon in this process let through of the log be so for its own test alone."""
    logging.getLogger("mxproof").setLevel(logging.NOTSET)


# Hypothesis also draws from the constants of whatever modules are loaded. Which those are depends on the tests that ran in this
# process before, so that one run would try what no other does; `make fuzz` is for inputs that are new each time.
providers._get_local_constants = Constants

# What is read from outside is held to these bounds (`mxproof.evidence`), so no other time reaches what is written.
st.register_type_strategy(
    datetime,
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
