"""A TLS report as text: who reports, what was counted, and each way in which sessions failed with its cause."""

from datetime import UTC, datetime

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.told import ToldFailure, ToldPolicy, ToldReport
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.repair_words import REPAIRS
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.row_standing import standing_lines

WAYS_SHOWN_MAX = 12

_INDENT = 2
_COLUMN = 14
_DEEP = 4
AUTHENTICATED_WORDS = {
    Authenticated.UNKNOWN: "whether it is from this sender was not verified",
    Authenticated.UNSIGNED: "not signed: anybody may have sent it, and RFC 8460 section 3 has it ignored",
    Authenticated.VERIFIED: "signed by its sender",
    Authenticated.FAILED: "its signature does not hold: RFC 8460 section 3 has it ignored",
}
POLICY_TYPE_WORDS = {"sts": "MTA-STS", "tlsa": "DANE", "no-policy-found": "no policy"}


def tls_report_text(report: ToldReport, paper: Paper) -> str:
    """Return one report with an empty line behind it."""
    name = report.reporter or "unnamed sender"
    whom = f"{name} ({report.submitter})" if report.submitter and report.submitter != name else name
    lines = [paper.heading(part) for part in paper.wrapped(f"{whom}, {report_span(report)}", hang=_INDENT)]
    lines += _sessions(report, paper)
    for policy in report.policies:
        lines += _policy(policy, paper)
    lines += _labelled("from", AUTHENTICATED_WORDS[report.authenticated], paper, Tone.FAINT)
    if report.repairs:
        lines += _labelled("repairs", ", ".join(report.repairs), paper, Tone.FAINT)
    if paper.verbose:
        for repair in report.repairs:
            lines += paper.hung(f"{repair}: {REPAIRS[repair].title}. {REPAIRS[repair].made}", _COLUMN)
        lines += _labelled("report id", report.report_id or "none", paper, Tone.FAINT)
        lines += _labelled("source", report.source, paper, Tone.FAINT)
    return "\n".join(lines) + "\n\n"


def repairs_text(paper: Paper) -> str:
    """Return the list of all repairs."""
    width = max(map(len, Repair)) + _INDENT
    lines = [
        line
        for repair, words in REPAIRS.items()
        for line in paper.hung(words.title, width, Label(0, repair, Tone.STRONG))
    ]
    return "\n".join(lines) + "\n"


def repair_text(repair: Repair, paper: Paper) -> str:
    """Return what one repair means."""
    words = REPAIRS[repair]
    lines = [paper.heading(repair), *paper.wrapped(f"Found: {words.title}."), *paper.wrapped(words.made)]
    lines += paper.wrapped(f"Seen of: {words.seen}.") if words.seen else []
    return "\n".join([*lines, *paper.wrapped(f"See {words.rfc}.")]) + "\n"


def report_span(report: ToldReport) -> str:
    """Return of which time a report is: a day, or from when to when."""
    if report.begin is None or report.end is None:
        return "of an unknown time"
    begin, end = _utc(report.begin), _utc(report.end)
    seconds = (end - begin).total_seconds()
    if begin.hour == begin.minute == 0 and 86_399 <= seconds <= 86_400:
        return f"{begin:%Y-%m-%d}"
    return f"{begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"


def _sessions(report: ToldReport, paper: Paper) -> list[str]:
    told = report.sessions
    least = "at least " if told.at_least else ""
    tone = Tone.BAD if told.failure else Tone.GOOD
    words = f"{least}{told.success} as the policies ask, {least}{told.failure} failed"
    return _labelled("sessions", words, paper, tone)


def _policy(policy: ToldPolicy, paper: Paper) -> list[str]:
    kind = POLICY_TYPE_WORDS.get(policy.type, policy.type)
    mode = f", mode {policy.mode}" if policy.mode is not None else ""
    head = f"{kind} of {policy.domain or 'no named domain'}{mode}: {policy.success} passed, {policy.failure} failed"
    lines = ["", *paper.wrapped(head, indent=_INDENT, hang=_INDENT)]
    if policy.words:
        lines += paper.wrapped(policy.words, indent=_DEEP)
    ways = ways_of(policy)
    advised: set[str] = set()
    for failures in ways[:WAYS_SHOWN_MAX]:
        lines += ["", *_way(failures, paper, advised)]
    more = len(ways) - WAYS_SHOWN_MAX
    return (
        lines
        + (paper.wrapped(f"and {more_ways(more)}", indent=_DEEP) if more > 0 else [])
        + ([""] if ways else [])
    )


def more_ways(count: int) -> str:
    """Return how many ways of failing are left out."""
    return f"{count} more way{'s' * (count > 1)}"


def ways_of(policy: ToldPolicy) -> list[list[ToldFailure]]:
    """Return the failures that say the same together, whichever machines of the sender met them; the most first."""
    alike: dict[tuple[object, ...], list[ToldFailure]] = {}
    for one in policy.failures:
        key = (one.result_type, one.reason, one.receiving_mx, one.cause, one.finding, one.words)
        alike.setdefault(key, []).append(one)
    return sorted(alike.values(), key=lambda some: -sum(one.count for one in some))


def _way(failures: list[ToldFailure], paper: Paper, advised: set[str]) -> list[str]:
    """Return the lines of one way; a fix that was already `advised` is not told again."""
    first = failures[0]
    count = sum(one.count for one in failures)
    addresses = dict.fromkeys(one.receiving_ip for one in failures if one.receiving_ip)
    at = f" at {first.receiving_mx}" if first.receiving_mx else ""
    at += f" [{', '.join(addresses)}]" if addresses else ""
    reason = f", {first.reason}" if first.reason else ""
    lines = paper.hung(f"{first.result_type}{reason}{at}", _COLUMN, Label(_DEEP, f"{count} failed", Tone.BAD))
    if first.cause is not None:
        lines += _labelled("cause", f"{CATALOGUE[first.cause].title} ({first.cause})", paper, Tone.STRONG)
    if first.standing is not None:
        fix = first.fix if first.fix not in advised else ""
        advised.add(first.fix)
        lines += standing_lines(first.standing, first.words, first.finding, fix, paper)
    elif paper.verbose and first.words:
        lines += paper.hung(first.words, _COLUMN)
    return lines


def _labelled(label: str, words: str, paper: Paper, tone: Tone) -> list[str]:
    return paper.hung(words, _COLUMN, Label(_INDENT if label in _OUTER else _DEEP, label, tone))


_OUTER = frozenset({"sessions", "from", "repairs", "report id", "source"})


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
