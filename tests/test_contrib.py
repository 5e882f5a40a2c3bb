"""The files of contrib side by side: all daemons fit on one machine as they are packaged."""

import re

from keeping import ROOT

CONTRIB = ROOT / "contrib"
_PORT = re.compile(r"127\.0\.0\.1:(\d+)")


def test_no_two_daemons_listen_at_one_port() -> None:
    whose: dict[str, set[str]] = {}
    for path in sorted(CONTRIB.iterdir()):
        if path.suffix in {".toml", ".socket"}:
            for port in _PORT.findall(path.read_text(encoding="utf-8")):
                whose.setdefault(port, set()).add(path.stem.removeprefix("mxproof-"))
    assert len(whose) > 1
    assert {port: names for port, names in whose.items() if len(names) > 1} == {}
