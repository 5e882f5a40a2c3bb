"""What real senders did in every world, kept in data/predictions: the fates, a line each, and what was observed of the worlds.

The models are held against both without any sender (`tests/judge/senders/test_predictions.py`), and the page of predictions is
made of them.
"""

import gzip
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec

from keeping import ROOT
from mxproof.evidence import Evidence
from mxproof.evidence.codec import decode, encode
from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Security
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from real.models.bench import MODELS
from real.models.fate import Fate, Outcome
from real.models.foretold import foretold_of

FOLDER = ROOT / "data" / "predictions"
FATES = "fates.jsonl"
EVIDENCE = "evidence.gz"


class Tried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day of a run, and which release each sender was of."""

    date: str
    software: Mapping[str, str]


class KeptFate(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one sender did in one world.

    `security`, `tls` and `address` are of the session that took the message, `code` the status that the sender gives where
    none did.
    """

    sender: str
    world: str
    outcome: Outcome
    security: Security | None = None
    tls: str | None = None
    address: str | None = None
    code: str = ""


def keep(
    folder: Path,
    software: Mapping[str, str],
    done: Mapping[str, Mapping[str, Fate]],
    seen: Mapping[str, Evidence],
) -> None:
    """Write to `folder` what was done and seen in a run; what was `done` is by sender and by world.

    A sender without a model is left out.
    """
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    lines = [msgspec.json.encode(Tried(date, software))]
    lines += [
        msgspec.json.encode(_kept(sender, label, done[sender][label])) for label in seen for sender in MODELS
    ]
    folder.mkdir(exist_ok=True)
    (folder / FATES).write_bytes(b"".join(line + b"\n" for line in lines))
    written = (b"%s %d\n%s" % (label.encode(), len(text := encode(one)), text) for label, one in seen.items())
    (folder / EVIDENCE).write_bytes(gzip.compress(b"".join(written), mtime=0))


def _kept(sender: str, label: str, fate: Fate) -> KeptFate:
    code = fate.code if fate.outcome is not Outcome.SENT else ""
    return KeptFate(sender, label, fate.outcome, fate.security, fate.tls, fate.address, code)


def fates() -> tuple[Tried, tuple[KeptFate, ...]]:
    """Return what was done when it was tried last."""
    first, *others = (FOLDER / FATES).read_bytes().splitlines()
    return (
        msgspec.json.decode(first, type=Tried),
        tuple(msgspec.json.decode(one, type=KeptFate) for one in others),
    )


@cache
def domains() -> Mapping[str, MailDomain]:
    """Return what was seen of each world then, by its label."""
    file = io.BytesIO(gzip.decompress((FOLDER / EVIDENCE).read_bytes()))
    found = {}
    while head := file.readline():
        label, size = head.decode().split()
        evidence = decode(file.read(int(size)))
        found[label] = assemble(evidence, evidence.observed_at())
    return found


@cache
def foretold() -> Mapping[tuple[str, str], Delivery]:
    """Return what the models of today foretell of it, by sender and world."""
    return {
        (sender, label): foretold_of(domain, model)
        for label, domain in domains().items()
        for sender, model in MODELS.items()
    }
