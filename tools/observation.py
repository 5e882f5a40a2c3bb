"""Print what is kept of a sender test: `python tools/observation.py OBSERVED.json SENDER SOFTWARE METHOD > data/observations/NAME.json`.

No address, header or name of the run is in it. Reasons for what the model has otherwise are written into `different` by hand.
"""

import sys
from pathlib import Path

import msgspec

from mxproof import __version__
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import concluded
from mxproof.judge.senders.inference.kept import KeptObservation, kept
from mxproof.judge.senders.inference.observation import SenderTest, read_test


def printed(observation: KeptObservation) -> str:
    """Return an observation as its file has it."""
    return msgspec.json.format(msgspec.json.encode(observation), indent=1).decode() + "\n"


def observation(test: SenderTest, sender: str, software: str, method: str) -> KeptObservation:
    """Return what is kept of a run."""
    return kept(concluded(test, SENDERS, f"mxproof {__version__}"), sender, software, method)


def main(path: str, sender: str, software: str, method: str) -> None:
    """Print what is kept of the run in the file."""
    test = read_test(Path(path).read_bytes())
    sys.stdout.write(printed(observation(test, sender, software, method)))


if __name__ == "__main__":
    main(*sys.argv[1:])
