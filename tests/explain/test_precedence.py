"""The tables of precedence: every case has its row, and each row decides as a postmaster would."""

import pytest

from mxproof.explain.engine import diagnosed
from mxproof.explain.knowledge.other_kinds import OTHER_KINDS, OtherKind, Tells
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.precedence import (
    COUNTS,
    PRECEDENCE,
    Claimed,
    CountsAs,
    Named,
    RecipientReport,
    Voice,
    claimed,
    named,
    only_wrappers,
)
from mxproof.explain.read.material import StatementPlace
from mxproof.judge.vocabulary import Confidence

REFUSAL = OtherKind("refused", "", tells=Tells.REFUSAL)
REASON = OtherKind("mailbox-full", "")
MEANT = StatedCause("spf_fail", Confidence.GUESS, "", Side.UNKNOWN, is_meant=True)


def _cause(cause: str, confidence: Confidence = Confidence.DOCUMENTED) -> StatedCause:
    return StatedCause(cause, confidence, "", Side.UNKNOWN)


def test_every_case_has_a_row() -> None:
    read = [one for one in Named if one is not Named.UNREAD]
    want = {(one, words) for one in (Claimed.MEANT, Claimed.WEAK, Claimed.NOTHING) for words in read}
    assert set(PRECEDENCE) == want | {(Claimed.SOUND, Named.UNREAD)}
    assert set(COUNTS) == {(place, said) for place in StatementPlace for said in RecipientReport}


def test_codes_speak_before_leads_and_leads_before_the_rest() -> None:
    assert PRECEDENCE[Claimed.NOTHING, Named.NOTHING] == (Voice.CODES, Voice.LEADS, Voice.REST)


def test_a_reason_in_known_words_goes_before_what_a_sentence_means() -> None:
    assert PRECEDENCE[Claimed.MEANT, Named.REASON] == (Voice.WORDS,)
    assert {PRECEDENCE[Claimed.MEANT, said] for said in (Named.REFUSAL, Named.REMARK, Named.NOTHING)} == {
        (Voice.CLAIMS,)
    }


def test_a_transcript_beside_a_diagnostic_gives_leads() -> None:
    leads = {key for key, counts in COUNTS.items() if counts is CountsAs.LEADS}
    assert leads == {
        (StatementPlace.TRANSCRIPT, RecipientReport.DIAGNOSED),
        (StatementPlace.TRANSCRIPT, RecipientReport.UNANSWERED),
    }


@pytest.mark.parametrize(
    ("claims", "want"),
    [
        ((), Claimed.NOTHING),
        ((_cause("null_mx", Confidence.GUESS),), Claimed.WEAK),
        ((_cause("connect_or_tls"),), Claimed.WEAK),
        ((_cause("null_mx", Confidence.GUESS), _cause("spf_fail")), Claimed.SOUND),
        ((_cause("null_mx", Confidence.GUESS), _cause("connect_or_tls")), Claimed.SOUND),
        ((_cause("spf_fail"),), Claimed.SOUND),
        ((MEANT,), Claimed.MEANT),
        ((MEANT, _cause("spf_fail")), Claimed.SOUND),
    ],
)
def test_claims_are_as_sound_as_the_soundest_of_them(claims: tuple[StatedCause, ...], want: Claimed) -> None:
    assert claimed(claims) is want


@pytest.mark.parametrize(
    ("kind", "in_prose", "want"),
    [
        (None, True, Named.NOTHING),
        (REASON, True, Named.REASON),
        (REFUSAL, True, Named.REMARK),
        (REFUSAL, False, Named.REFUSAL),
    ],
)
def test_a_refusal_in_prose_is_a_remark(kind: OtherKind | None, in_prose: bool, want: Named) -> None:
    assert named(kind, in_prose=in_prose) is want


def test_only_one_kind_is_a_mere_refusal_and_none_that_words_name_tells_little() -> None:
    assert [one.id for one in OTHER_KINDS if one.tells is not Tells.REASON] == ["refused"]


def test_no_causes_are_only_wrappers() -> None:
    assert only_wrappers(())
    assert not only_wrappers((_cause("connect_or_tls"), _cause("spf_fail")))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (b"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "user-unknown"),
        (b"550 5.1.10 nobody knows these words", None),
        (b"our policy on lunch", None),
        (b"550 by our policy", "refused"),
    ],
)
def test_the_first_voice_that_speaks_is_the_answer(text: bytes, want: str | None) -> None:
    other = diagnosed(text).other
    assert (other.id if other else None) == want
