"""Packages are built once a suite and commit, for all tests of them."""

import pytest

from real.packages.installed import provide


@pytest.fixture(scope="session", params=["bookworm", "trixie"])
def suite(request: pytest.FixtureRequest, host: None) -> str:
    """Have the packages of a suite, and return its name."""
    name = str(request.param)
    provide(name)
    return name
