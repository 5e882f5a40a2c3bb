"""What judging a fix came to is said where it concerns somebody."""

import pytest

from mxproof.judge.catalogue.proof_words import proof, withheld
from mxproof.judge.report import SenderAfter, VerifiedFix
from mxproof.judge.vocabulary import Remedied, Security, Verdict

ALL = (Verdict.DELIVERS, Verdict.DELIVERS)
ONE = (Verdict.DELIVERS, Verdict.REFUSED)


def test_what_changes_nothing_is_not_said() -> None:
    assert proof(Remedied.IDLE, ALL, (), (), stops=False) == ""
    assert proof(Remedied.HELPS, ONE, (), (), stops=False) == ""


@pytest.mark.parametrize("standing", [Remedied.UNKNOWN, Remedied.SECURES])
def test_what_is_open_or_secures_is_said_where_nobody_is_stopped(standing: Remedied) -> None:
    assert proof(standing, ALL, (), (), stops=False)


def test_senders_that_deliver_are_counted() -> None:
    assert "all 2" in proof(Remedied.MENDS, ALL, (), (), stops=True)
    assert "1 of 2" in proof(Remedied.HELPS, ONE, (), ("cert-expired",), stops=True)


def test_what_is_mended_along_and_what_stops_them_then_is_named() -> None:
    assert "mx-alias" in proof(Remedied.MENDS, ALL, ("mx-alias",), (), stops=False)
    assert "cert-expired" in proof(Remedied.HELPS, ONE, (), ("cert-expired",), stops=True)


def test_why_no_step_is_offered_names_who_is_left() -> None:
    senders = (
        SenderAfter("google", Verdict.DELIVERS, Security.MTA_STS),
        SenderAfter("mox", Verdict.REFUSED, None),
    )
    left = withheld(VerifiedFix(Remedied.IDLE, senders), "mx-alias")
    assert "mox" in left
    assert "google" not in left
    assert withheld(VerifiedFix(Remedied.HARMS, senders), "mx-alias") != left
