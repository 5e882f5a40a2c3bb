"""Silences in words: each kind has a title, and what was found out or could not be is in what is told."""

from datetime import UTC, datetime

import msgspec
import pytest

from mxproof.judge.settling import TurnKind
from mxproof.judge.silence import CheckedSender, NamedFinding, Reported, Silence
from mxproof.judge.vocabulary import Verdict
from mxproof.render.text.silence_news import silence_sentences, silence_title
from mxproof.rhythm.alarm import Alarm, AlarmKind

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALARM = Alarm(AlarmKind.SENDER, "Microsoft", AT, AT, 15.4, 2e-5)
CHECKED = CheckedSender(
    "microsoft", "Microsoft 365", Verdict.REFUSED, (NamedFinding("mx-alias", "An alias."),)
)


def said(silence: Silence, kind: TurnKind = TurnKind.SILENT) -> str:
    return "\n".join(silence_sentences(kind, silence))


def of_kind(kind: AlarmKind) -> Silence:
    name = "google.com" if kind in (AlarmKind.SENDER, AlarmKind.REPORTER) else ""
    return Silence(msgspec.structs.replace(ALARM, kind=kind, sender=name))


@pytest.mark.parametrize("kind", AlarmKind)
def test_each_kind_has_a_title_of_its_own_and_an_end(kind: AlarmKind) -> None:
    silence = of_kind(kind)
    title = silence_title(silence.alarm)
    others = [silence_title(of_kind(other).alarm) for other in AlarmKind if other is not kind]
    assert title not in others
    assert title in said(silence, TurnKind.HEARD)
    assert silence.alarm.sender in said(silence)


def test_what_was_found_out_is_told() -> None:
    reports = (Reported("microsoft.com", 12, 0, ("validation-failure",)),)
    words = said(Silence(ALARM, CHECKED, "", 3, reports))
    for part in (
        "Microsoft 365",
        "REFUSES",
        "mx-alias",
        "microsoft.com",
        "12",
        "validation-failure",
        "mxproof explain",
    ):
        assert part in words


def test_what_could_not_be_found_out_is_told_in_its_place() -> None:
    words = said(Silence(ALARM, None, "no resolver answers", 3, (), "the store is away"))
    assert "no resolver answers" in words
    assert "the store is away" in words


def test_a_sender_without_a_model_and_without_reports_is_told_so() -> None:
    firm = msgspec.structs.replace(ALARM, sender="firm.example")
    words = said(Silence(firm, None, "", 3))
    assert len([line for line in words.splitlines() if "firm.example" in line]) == 4
