"""An explanation as text: plain words first, then what they rest on, then what to look at and to run.

It reads the same in a pipe as on a terminal; every word from a bounce passes the paper's `clean`.
"""

from mxproof.evidence import ANSWERED
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.causes.fault import Fault
from mxproof.explain.explanation import (
    Claim,
    Explanation,
    Joined,
    LookedFor,
    MeasuredNameServer,
    Reached,
    Recipient,
)
from mxproof.render.text.fix import fix
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import duration, listed, moment

RECIPIENTS_SHOWN_MAX = 10
SERVERS_SHOWN_MAX = 12

_INDENT = 2
_COLUMN = 14
KIND_WORDS = {
    CauseKind.TRANSPORT_SECURITY: "transport security",
    CauseKind.DNS: "DNS",
    CauseKind.AUTHENTICATION: "authentication",
    CauseKind.CONNECTION: "connection",
    CauseKind.OTHER: "other",
}
_DAY_S = 86_400
_ROUGH_FROM_S = 3600


def explain_text(explained: Explanation, paper: Paper, *, name_source: bool = False) -> str:
    """Return the explanation with a final line break; with `name_source`, its first line says whose it is."""
    lines = [paper.heading(paper.clean(explained.source))] if name_source else []
    lines += _answer(explained, paper)
    for number, claim in enumerate(explained.causes):
        lines += ["", *_claim(claim, paper, "cause" if number == 0 else "also")]
    for lead in explained.leads:
        lines += ["", *_claim(lead, paper, "possible")]
    if explained.live is not None:
        lines += ["", *_live(explained.live, paper)]
    facts = [*_facts(explained, paper), *_next(explained.next, paper)]
    lines += ["", *facts] if facts else []
    return "\n".join(lines) + "\n"


def _answer(explained: Explanation, paper: Paper) -> list[str]:
    if explained.causes:
        front = Label(0, f"{KIND_WORDS[explained.kind]}:", Tone.BAD)
    elif explained.understood:
        front = Label(0, "another kind:", Tone.UNKNOWN)
    else:
        front = Label(0, "?", Tone.UNKNOWN)
    lines = paper.hung(explained.headline, len(front.text) + 1, front)
    lines += paper.wrapped(explained.words, indent=_INDENT)
    return lines + (["", *_fault(explained, paper)] if explained.suspects else [])


def _fault(explained: Explanation, paper: Paper) -> list[str]:
    return paper.hung(fault_words(explained), _COLUMN, Label(_INDENT, "fault", Tone.STRONG))


def fault_words(explained: Explanation) -> str:
    """Return at whose side the fault lies, or all who are suspected, the likeliest first."""
    told = [
        f"{one.what} ({one.fault})" if explained.fault is Fault.UNCLEAR else one.what
        for one in explained.suspects
    ]
    return f"{explained.fault}: {', or '.join(told)}"


def _claim(claim: Claim, paper: Paper, label: str) -> list[str]:
    lines = paper.hung(f"{claim.code} ({claim.confidence})", _COLUMN, Label(_INDENT, label, Tone.STRONG))
    lines += paper.hung(f'"{claim.because}"', _COLUMN, Label(_INDENT, "said"))
    if claim.host is not None:
        lines += paper.hung(claim.host, _COLUMN, Label(_INDENT, "about"))
    lines += paper.hung(claim.check, _COLUMN, Label(_INDENT, "look at"))
    for number, source in enumerate(filter(None, claim.known_from.split("; "))):
        front = (Label(_INDENT, "known from"),) if number == 0 else ()
        lines += [paper.row(*front, Label(_COLUMN, source.strip(), Tone.PLAIN))]
    return lines


def _live(live: Joined, paper: Paper) -> list[str]:
    """Return what a check finds now, and every step that it advises."""
    tone = {
        LookedFor.CONFIRMED: Tone.BAD,
        LookedFor.CHANGED: Tone.BAD,
        LookedFor.NOT_FOUND: Tone.GOOD,
    }
    label = Label(_INDENT, "now", tone.get(live.joined, Tone.UNKNOWN))
    where = f"lab scenario {live.simulated}: " if live.simulated else ""
    lines = paper.hung(f"{where}{joined_words(live)}. {live.words}", _COLUMN, label)
    lines += fix(live.steps, live.otherwise, _COLUMN, paper, Label(_INDENT, "fix", Tone.STRONG))
    rows = {"who acts": live.who, "verified": live.verified}
    lines += [
        line
        for label, words in rows.items()
        if words
        for line in paper.hung(words, _COLUMN, Label(_INDENT, label))
    ]
    return lines + _measured(live.name_servers, paper)


def _measured(servers: tuple[MeasuredNameServer, ...], paper: Paper) -> list[str]:
    """Return a line for each address of a name server, the domain's own zone first."""
    lines: list[str] = []
    for number, one in enumerate(servers[:SERVERS_SHOWN_MAX]):
        front = (Label(_INDENT, "measured"),) if number == 0 else ()
        lines += paper.hung(measured_words(one), _COLUMN, *front)
    more = len(servers) - SERVERS_SHOWN_MAX
    return lines + (paper.hung(f"and {more} more", _COLUMN) if more > 0 else [])


def joined_words(live: Joined) -> str:
    """Return whether what the bounce said was looked for, and found."""
    return live.joined.replace("-", " ")


def measured_words(one: MeasuredNameServer) -> str:
    """Return how one address of a name server answered."""
    size = max(one.udp.size_bytes, one.tcp.size_bytes)
    answers = f"UDP {_reached(one.udp)}, TCP {_reached(one.tcp)}" + (f", {size} bytes" if size else "")
    return f"{one.server} {one.address}: {answers}"


def _reached(one: Reached) -> str:
    """Return how long the slowest answer over one transport took, or how asking ended where none came whole."""
    return f"{one.elapsed_ms} ms" if one.outcome in ANSWERED else str(one.outcome)


def _facts(explained: Explanation, paper: Paper) -> list[str]:
    lines: list[str] = []
    for label, words in fact_words(explained).items():
        lines += paper.hung(words, _COLUMN, Label(_INDENT, label))
    return lines


def fact_words(explained: Explanation) -> dict[str, str]:
    """Return what the text says of itself by its label, without what it does not say."""
    rows = {
        "reported by": ", ".join(filter(None, (explained.reporter.name, explained.reporter.host))),
        "recipient": _recipients(explained.recipients),
        "codes": listed(explained.codes),
        "tried": _tried(explained),
    }
    return {label: words for label, words in rows.items() if words}


def _next(commands: tuple[str, ...], paper: Paper) -> list[str]:
    lines: list[str] = []
    for number, command in enumerate(commands):
        front = (Label(_INDENT, "next", Tone.STRONG),) if number == 0 else ()
        lines += [paper.row(*front, Label(_COLUMN, command, Tone.PLAIN))]
    return lines


def _recipients(recipients: tuple[Recipient, ...]) -> str:
    """Return what is said of each address; of a text without one there is nothing to say that the cause does not."""
    recipients = tuple(one for one in recipients if one.address)
    shown = [_recipient(one) for one in recipients[:RECIPIENTS_SHOWN_MAX]]
    more = len(recipients) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _recipient(one: Recipient) -> str:
    said = " ".join(filter(None, (one.action, one.status)))
    words = f"{one.address} ({said})" if said else one.address
    if one.causes:
        return f"{words}: {listed(one.causes)}"
    return f"{words}: {one.other}" if one.other else words


def _tried(explained: Explanation) -> str:
    words = []
    if explained.first_attempt is not None:
        words.append(f"from {moment(explained.first_attempt)}")
    if explained.last_attempt is not None and explained.last_attempt != explained.first_attempt:
        words.append(f"to {moment(explained.last_attempt)}")
    if explained.retried_s:
        words.append(f"for {_roughly(explained.retried_s)}" if words else _roughly(explained.retried_s))
    return " ".join(words)


def _roughly(seconds: int) -> str:
    """Return a span in its largest unit, since the second after a day of retries matters to nobody."""
    if seconds >= 2 * _DAY_S:
        return f"{round(seconds / _DAY_S)} days"
    if seconds >= _ROUGH_FROM_S:
        return f"{round(seconds / 3600)} h"
    return duration(seconds - seconds % 60 if seconds > 60 else seconds)
