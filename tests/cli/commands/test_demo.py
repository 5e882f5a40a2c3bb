"""`mxproof demo`: three acts, told in order, by the same check that everyone runs."""

import re

from support_cli import mxproof


def test_the_three_acts_end_as_they_ended() -> None:
    got = mxproof("demo")
    shown = got.stdout.decode()
    acts = re.split(r"^Act \d of 3: ", shown, flags=re.MULTILINE)[1:]
    assert (got.returncode, got.stderr) == (0, b"")
    assert [re.findall(r"^[^ ] (REFUSED|DELIVERS) ", act, re.MULTILINE) for act in acts] == [
        ["REFUSED"],
        ["REFUSED"],
        ["DELIVERS"],
    ]
    assert ["451 4.4.8" in acts[0], "451 4.7.5" in acts[1], "451" in acts[2]] == [True, True, False]
