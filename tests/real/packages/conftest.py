"""Packages are built once a suite, for all tests of them."""

import pytest

from real.packages.installed import build, built_already


@pytest.fixture(scope="session", params=["bookworm", "trixie"])
def suite(request: pytest.FixtureRequest, host: None) -> str:
    """Build the packages of a suite, and return its name."""
    name = str(request.param)
    if not built_already():
        build(name, {})
    return name
