"""Silences in words: the title of an alarm, and what is told of it where it goes as news of a domain."""

from collections.abc import Iterator

from mxproof.judge.settling import TurnKind
from mxproof.judge.silence import Reported, Silence
from mxproof.render.text.silence import odds_words
from mxproof.render.text.words import VERDICT_WORDS, moment, sentence_start
from mxproof.rhythm.alarm import Alarm, AlarmKind

_OF_REPORTS = frozenset({AlarmKind.REPORTER, AlarmKind.REPORTS})
_OF_ALL = {
    AlarmKind.EVERYTHING: "Look at the mail server, its line, its port 25 and its log first.",
    AlarmKind.REPORTS: "Look at the _smtp._tls record, its mailbox and what takes the reports in.",
}


def silence_title(alarm: Alarm) -> str:
    """Return what a mail about an alarm is headed with."""
    match alarm.kind:
        case AlarmKind.EVERYTHING:
            return "no mail comes in"
        case AlarmKind.REPORTS:
            return "no TLS reports come in"
        case AlarmKind.REPORTER:
            return f"{alarm.sender} sends no TLS reports"
        case AlarmKind.SENDER:
            return f"{alarm.sender} is silent"


def silence_sentences(kind: TurnKind, silence: Silence) -> Iterator[str]:
    """Yield who is silent, what a check and the TLS reports say of it, and the next step; or that it is over."""
    alarm = silence.alarm
    title = silence_title(alarm)
    if kind is TurnKind.HEARD:
        yield f"Over: {title}. It was so since {moment(alarm.silent_since)}."
        return
    due = f"{alarm.expected:.0f}" if alarm.expected >= 10 else f"{alarm.expected:.1f}"
    what = "reports" if alarm.kind in _OF_REPORTS else "mails"
    nearly = ", or nearly so," if alarm.kind is AlarmKind.SENDER else ""
    since = moment(alarm.silent_since)
    begin = title if alarm.sender else sentence_start(title)
    yield f"{begin}{nearly} since {since}: {due} {what} were due; {odds_words(alarm)}."
    if alarm.kind in _OF_ALL:
        yield _OF_ALL[alarm.kind]
        return
    yield check_sentence(silence)
    yield from reports_sentences(silence)
    yield next_step(alarm)


def check_sentence(silence: Silence) -> str:
    """Return what a check says of exactly that sender."""
    if silence.unchecked:
        return f"No check was made: {silence.unchecked}"
    found = silence.checked
    if found is None:
        return f"Checked then; of {silence.alarm.sender} no model is known."
    words = VERDICT_WORDS[found.outcome]
    because = " ".join(f"{one.summary} ({one.code})" for one in found.because)
    return f"Checked then, for {found.name}: {words}" + (f". {because}" if because else ".")


def reports_sentences(silence: Silence) -> Iterator[str]:
    """Yield what TLS reports of these days say of that sender."""
    if silence.unread:
        yield f"TLS reports could not be looked at: {silence.unread}"
    elif silence.report_days and not silence.reports:
        yield f"TLS reports: none from {silence.alarm.sender} in the last {silence.report_days} days are kept."
    for one in silence.reports:
        yield _reported(one, silence.report_days)


def next_step(alarm: Alarm) -> str:
    """Return what to do about somebody's silence."""
    return f"Next: ask somebody who writes from {alarm.sender} for the bounce; `mxproof explain bounce.eml` reads it."


def _reported(one: Reported, days: int) -> str:
    ways = f" ({', '.join(one.result_types)})" if one.result_types else ""
    return f"TLS reports of {one.submitter}, last {days} days: {one.failure} sessions failed{ways}, {one.success} did not."
