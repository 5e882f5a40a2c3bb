"""What `mxproof check` foretells for Postfix with the daemon is what Postfix with the daemon does."""

import subprocess
import sys

import msgspec
import pytest

from real.bed.delivery import TRUSTED, VERIFIED
from real.bed.machines import RESOLVER
from real.bed.postfix import Sender
from real.bed.town import SENDING, Town
from real.policyd.asking import TOLD
from real.policyd.case import Case
from real.policyd.hostile import HOSTILE
from real.policyd.worlds import CASES

CHECKED_WITHIN_S = 300.0
MODEL = "postfix-mxproof"
FORETOLD = [case for case in CASES if case not in HOSTILE]
STATUS = {"delivers": "sent", "at_risk": "sent", "refused": "deferred"}
"""A sender that is at risk may be refused by one host, and is not by all."""
LEVEL: dict[str | None, str] = {
    "dane": VERIFIED.level,
    "mta-sts": VERIFIED.level,
    "opportunistic": TRUSTED.level,
}


class Bounce(msgspec.Struct, frozen=True):
    """The words of a refusal that is not final."""

    transient: str | None


class Foretold(msgspec.Struct, frozen=True):
    """What a report says of one sender, of which only this is read."""

    id: str
    outcome: str
    security: str | None
    bounce: Bounce | None


class Report(msgspec.Struct, frozen=True):
    """The report of a check, of which only the senders are read."""

    senders: tuple[Foretold, ...]


def _foretold(place: Town, domain: str) -> Foretold:
    options = ("--resolver", RESOLVER.ipv4, "--ca-file", str(place.authority.file), "--trust-ad", "--ipv4")
    command = (sys.executable, "-m", "mxproof", "check", domain, "--format", "json", *options)
    done = subprocess.run(
        place.network.inside(SENDING, *command), capture_output=True, timeout=CHECKED_WITHIN_S, check=False
    )
    report = msgspec.json.decode(done.stdout, type=Report)
    return next(one for one in report.senders if one.id == MODEL)


@pytest.mark.parametrize("case", FORETOLD, ids=lambda case: case.name)
def test_the_model_foretells_status_words_and_level(
    place: Town, senders: dict[str, Sender], case: Case
) -> None:
    recipient = f"foretold@{case.domain.name}"
    senders[TOLD.name].submit(recipient)
    foretold = _foretold(place, case.domain.name)
    got = senders[TOLD.name].outcome(recipient)
    said = None if foretold.bounce is None else foretold.bounce.transient
    if got.status == "sent":
        assert (STATUS[foretold.outcome], LEVEL[foretold.security]) == ("sent", got.level), got.log
    else:
        assert (STATUS[foretold.outcome], said) == (got.status, f"{got.dsn} {got.text}"), got.log
