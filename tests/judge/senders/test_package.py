"""What the package of senders offers, and that nobody loads what was not asked for."""

import subprocess
import sys

import pytest

from mxproof.judge import senders
from mxproof.judge.senders import bounces

ENGINE = "mxproof.judge.senders.engine"


def test_everything_that_is_named_is_there() -> None:
    assert all(getattr(senders, name) is not None for name in senders.__all__)


def test_nothing_else_is() -> None:
    with pytest.raises(AttributeError, match="no_such_sender"):
        getattr(senders, "no_such_sender")  # noqa: B009 - a name that the types do not know


def test_a_module_of_it_is_found_by_its_name() -> None:
    assert bounces.__name__ == "mxproof.judge.senders.bounces"


@pytest.mark.parametrize(
    ("code", "want"),
    [
        ("import mxproof.serve.policyd.daemon", b"False"),
        ("from mxproof.judge.senders import SENDERS, deliver", b"True"),
    ],
)
def test_the_policy_daemon_loads_no_engine(code: str, want: bytes) -> None:
    told = f"{code}; import sys; sys.exit(str({ENGINE!r} in sys.modules))"
    got = subprocess.run([sys.executable, "-c", told], capture_output=True, check=False)
    assert got.stderr.strip() == want
