"""Reports as the output of a monitoring plug-in, for Nagios, Icinga, Checkmk and what else runs such plug-ins.

By the guidelines of the Monitoring Plugins project: one line for people with the figures behind a bar, then lines that
tell more, then further figures behind a second bar. The exit status is the state.

| state | status | when |
|---|---|---|
| OK | 0 | every sender that decides delivers, and no finding is a problem |
| WARNING | 1 | any other problem: mail is at risk, or a finding weighs enough to fail |
| CRITICAL | 2 | a sender that decides refuses |
| UNKNOWN | 3 | nothing wrong was seen, and something needed could not be found out |

A word from outside holds no bar, which would begin figures, and nothing of what a shell or a page takes for more than
text, since such output is put into both. All is in ASCII, and the first line is short enough for every transport.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final

import msgspec

from mxproof.formats.text import safe
from mxproof.judge.checked import Checked, TermKind
from mxproof.judge.conclusion import Conclusion, concluded
from mxproof.judge.report import Report
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.alike import alike
from mxproof.render.text.paper import Paper

FIRST_LINE_BYTES_MAX: Final = 1024
OUTPUT_BYTES_MAX: Final = 8000
"""Nagios reads 8 KiB of a plug-in's output and forgets the rest."""
SERVICE: Final = "MXPROOF"

_WORDS_CHARACTERS_MAX = 400
_LINE_CHARACTERS_MAX = 300
_ASCII: Final = Paper(unicode=False)
_ESCAPES: Final = str.maketrans({"|": "\\x7c", "<": "\\x3c", "$": "\\x24", "`": "'"})
"""Backticks are the catalogue's own: what is to be typed or published stands in them."""
_LABEL_ESCAPES: Final = str.maketrans({"'": "_", "=": "_", " ": "_"})
_TERM_LABELS = {
    TermKind.MX_CERTIFICATE: "mx_certificate_days",
    TermKind.POLICY_CERTIFICATE: "policy_certificate_days",
    TermKind.POLICY: "policy_days",
    TermKind.CACHED_POLICY: "cached_policy_days",
}


class ServiceState(IntEnum):
    """The state of a service; the value is the exit status."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


WORST_STATE_FIRST = (ServiceState.CRITICAL, ServiceState.WARNING, ServiceState.UNKNOWN, ServiceState.OK)


class ServiceOutput(msgspec.Struct, frozen=True):
    """What is kept of one domain: its state, its headline, further lines, and its figures by label."""

    domain: str
    state: ServiceState
    headline: str
    lines: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]


def document(several: Iterable[Checked], fail_on: Severity) -> Iterator[str]:
    """Yield the output for one domain, or for several with the worst first.

    Findings from the severity `fail_on` on are a problem.
    """
    yield _output([_service(checked, fail_on) for checked in several])


def failed(message: str) -> str:
    """Return the line that says why there is no report."""
    return f"{SERVICE} {ServiceState.UNKNOWN.name} - {clean(message, _WORDS_CHARACTERS_MAX)}\n"


def state_of(report: Report, fail_on: Severity) -> ServiceState:
    """Return the state, as the table of the module has it."""
    match concluded(report, fail_on):
        case Conclusion.GOOD:
            return ServiceState.OK
        case Conclusion.UNKNOWN:
            return ServiceState.UNKNOWN
        case Conclusion.PROBLEM:
            return (
                ServiceState.CRITICAL if report.summary.outcome is Verdict.REFUSED else ServiceState.WARNING
            )


def clean(text: str, limit: int) -> str:
    """Return words that hold no bar, no markup and nothing that a shell expands, in ASCII."""
    shown = _ASCII.signs(safe(text, limit=limit).translate(_ESCAPES))
    return shown if len(shown) <= limit else shown[: limit - 3] + "..."


def _service(checked: Checked, fail_on: Severity) -> ServiceOutput:
    report = checked.report
    return ServiceOutput(
        report.domain,
        state_of(report, fail_on),
        report.summary.headline,
        tuple(_details(report)),
        tuple(_figures(checked)),
    )


def _output(services: list[ServiceOutput]) -> str:
    worst_first = sorted(services, key=lambda one: WORST_STATE_FIRST.index(one.state))
    state = worst_first[0].state if worst_first else ServiceState.UNKNOWN
    if len(services) == 1:
        only = services[0]
        words, lines, figures = only.headline, only.lines, only.figures
    else:
        words = _counted(worst_first)
        lines = tuple(f"{one.state.name} {one.headline}" for one in worst_first)
        figures = tuple(
            (f"{one.domain} {label}", value) for one in worst_first for label, value in one.figures
        )
    return _laid_out(
        f"{SERVICE} {state.name} - {clean(words, _WORDS_CHARACTERS_MAX)}",
        list(_written(figures)),
        [clean(line, _LINE_CHARACTERS_MAX) for line in lines],
    )


def _counted(services: list[ServiceOutput]) -> str:
    states = [one.state for one in services]
    counts = [f"{states.count(state)} {state.name}" for state in WORST_STATE_FIRST if state in states]
    troubled = [one.domain for one in services if one.state is not ServiceState.OK]
    named = f": {', '.join(troubled)}" if troubled else ""
    return f"{len(services)} domains, {', '.join(counts) or 'none checked'}{named}"


def _laid_out(words: str, figures: list[str], lines: list[str]) -> str:
    """Return first line, further lines and figures; as many figures as fit stand in the first line."""
    first, room = words, FIRST_LINE_BYTES_MAX - len(words) - 3
    shown = 0
    for figure in figures:
        room -= len(figure) + 1
        if room < 0:
            break
        shown += 1
    if shown:
        first += " | " + " ".join(figures[:shown])
    told = list(_within(lines, OUTPUT_BYTES_MAX // 2))
    more = list(_within(figures[shown:], OUTPUT_BYTES_MAX // 2 - FIRST_LINE_BYTES_MAX))
    if more:
        told = [*(told or [""])[:-1], f"{(told or [''])[-1]} | {more[0]}", *more[1:]]
    return "\n".join([first, *told]) + "\n"


def _within(lines: list[str], room: int) -> Iterator[str]:
    """Yield the first lines, as many as fit in `room` bytes."""
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return
        yield line


def _details(report: Report) -> Iterator[str]:
    """Yield a line for each sender that does not simply deliver, each kind of finding and each open question."""
    for sender in report.senders:
        if sender.decides and sender.outcome is not Verdict.DELIVERS:
            bounce = sender.bounce and (sender.bounce.transient or sender.bounce.final)
            yield f"{sender.id} {sender.outcome}: {bounce or ', '.join(sender.because) or 'no reason is known'}"
    for together in alike(report.findings):
        first = together[0]
        if first.severity is not Severity.OK:
            yield f"{first.severity} {first.code}: {'; '.join(one.summary for one in together)}"
    for unknown in report.unknowns:
        yield f"not found out: {unknown.question}: {unknown.why}"


def _figures(checked: Checked) -> Iterator[tuple[str, str]]:
    """Yield labels and values: first what every domain has, then what its hosts have."""
    report = checked.report
    outcomes = [sender.outcome for sender in report.senders if sender.decides]
    most = len(outcomes)
    yield "senders_refusing", f"{outcomes.count(Verdict.REFUSED)};;0;0;{most}"
    for label, verdict in (("senders_at_risk", Verdict.AT_RISK), ("senders_unknown", Verdict.UNKNOWN)):
        yield label, f"{outcomes.count(verdict)};;;0;{most}"
    severities = [finding.severity for finding in report.findings]
    yield "errors", f"{severities.count(Severity.ERROR)};;;0"
    yield "warnings", f"{severities.count(Severity.WARNING)};;;0"
    yield "time", f"{checked.seconds:.3f}s;;;0"
    for kind, label in _TERM_LABELS.items():
        days = [term.days(checked.now) for term in checked.terms if term.kind is kind]
        if days:
            yield label, f"{min(days):.2f}"
    for term in checked.terms:
        if term.kind is TermKind.MX_CERTIFICATE:
            yield f"{term.name} certificate_days", f"{term.days(checked.now):.2f}"


def _written(figures: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield figures as they are written, each label once; one that holds a space is quoted."""
    used: set[str] = set()
    for label, value in figures:
        *about, last = (
            part.translate(_LABEL_ESCAPES) for part in clean(label, _LINE_CHARACTERS_MAX).rsplit(" ", 1)
        )
        whole = " ".join((*about, last))
        if whole not in used:
            used.add(whole)
            yield f"'{whole}'={value}" if about else f"{whole}={value}"
