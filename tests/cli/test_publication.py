"""What the commands of `publish` that alter something have in common."""

import pytest

from mxproof.cli.publication import resumable


def test_after_an_interruption_it_is_said_how_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), resumable():
        raise KeyboardInterrupt
    assert "`mxproof publish resume`" in capsys.readouterr().err
