"""What became of a publication, and what is shown of a domain, in words."""

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.evidence import Kind
from mxproof.judge.catalogue.zone_line import absolute, record_data
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.step import LaggingPlace, PublicationStep, StepName
from mxproof.publish.told import PublishedDomain, ShownPlace
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.plan import span
from mxproof.render.text.preflight import preflight_text
from mxproof.render.text.words import listed

LAG_SHOWN_MAX = 8

_COLUMN = 12
_MARKS = MappingProxyType(
    {
        PublicationEnd.NOTHING: ("✔ NOTHING TO DO", Tone.GOOD),
        PublicationEnd.PLANNED: ("✔ MAY BE PUBLISHED", Tone.GOOD),
        PublicationEnd.DONE: ("✔ PUBLISHED", Tone.GOOD),
        PublicationEnd.UNDONE: ("✔ TAKEN BACK", Tone.GOOD),
        PublicationEnd.WAITING: ("… WAITING", Tone.DOUBTFUL),
        PublicationEnd.UNSEEN: ("? NOT BEGUN", Tone.DOUBTFUL),
        PublicationEnd.UNCLEAR: ("? NOT PUBLISHED", Tone.DOUBTFUL),
        PublicationEnd.REFUSED: ("✘ NOT PUBLISHED", Tone.BAD),
        PublicationEnd.FAILED: ("✘ FAILED", Tone.BAD),
    }
)
_STATUSES = MappingProxyType(
    {
        PublicationEnd.NOTHING: DONE,
        PublicationEnd.PLANNED: DONE,
        PublicationEnd.DONE: DONE,
        PublicationEnd.UNDONE: DONE,
        PublicationEnd.WAITING: UNKNOWN,
        PublicationEnd.UNSEEN: UNKNOWN,
        PublicationEnd.UNCLEAR: UNKNOWN,
        PublicationEnd.REFUSED: PROBLEM,
        PublicationEnd.FAILED: PROBLEM,
    }
)
_NAMES = MappingProxyType(
    {
        StepName.HOST: "mta-sts",
        StepName.REPORTS: "_smtp._tls",
        StepName.POLICY: "policy",
        StepName.ID: "_mta-sts",
    }
)


def status_of_publication(result: PublicationResult) -> int:
    """Return DONE, PROBLEM for what may not or could not be done, UNKNOWN for what is waited for or not known."""
    return status_of_end(result.end)


def status_of_end(end: PublicationEnd) -> int:
    """Return the status of an end by itself."""
    return _STATUSES[end]


def marked(end: PublicationEnd) -> tuple[str, Tone]:
    """Return the mark that stands before an end."""
    return _MARKS[end]


def publication_text(result: PublicationResult, paper: Paper) -> str:
    """Return what became of a publication; it ends with a line break."""
    mark, tone = _MARKS[result.end]
    front = Label(0, mark, tone)
    lines = paper.hung(f"{_sentence(result)}", len(mark) + 2, front)
    if result.lag:
        lines += lag_lines(result.lag, paper)
    if result.end in {PublicationEnd.PLANNED, PublicationEnd.REFUSED, PublicationEnd.UNCLEAR}:
        for step in result.steps:
            lines += paper.hung(_step(step), _COLUMN, Label(2, str(step.step)))
    text = "\n".join(lines) + "\n"
    if result.judgement is not None and result.end is not PublicationEnd.DONE:
        text += "\n" + preflight_text(result.judgement.preflight, paper)
    return text


def _sentence(result: PublicationResult) -> str:
    domain, state = result.domain, result.state
    match result.end:
        case PublicationEnd.NOTHING:
            return f"{domain}: everybody shows what is wanted already{f', id {state.id}' if state else ''}."
        case PublicationEnd.PLANNED:
            return f"{domain}: these steps, each seen at every server before the next; nothing was done."
        case PublicationEnd.DONE:
            return f"{domain}: every server shows it{f', id {state.id}' if state else ''}."
        case PublicationEnd.UNDONE:
            return f"{domain}: no sender had seen anything of it."
        case PublicationEnd.WAITING:
            left = listed([_NAMES[one.step] for one in result.steps])
            return (
                f"{domain}: not everybody shows the step {_NAMES[result.steps[0].step]} yet; left are {left}. Mail is not "
                f"affected. `mxproof publish resume {domain}` goes on, `undo` takes it back."
            )
        case PublicationEnd.REFUSED:
            return f"{domain}: {_refusal(result)}"
        case PublicationEnd.UNSEEN:
            return f"{domain}: not every name server says what it has, and so nothing was begun."
        case PublicationEnd.UNCLEAR:
            return (
                f"{domain}: what every sender would do could not be found out, and so nothing was announced."
            )
        case PublicationEnd.FAILED:
            return f"{domain}: {result.said}."


def _refusal(result: PublicationResult) -> str:
    judgement = result.judgement
    assert judgement is not None, "what was refused was judged"
    if judgement.refusing:
        return f"{listed(list(judgement.refusing))} would go on to refuse mail, and nobody would be helped."
    wait_s = judgement.wait_s()
    way = (
        f"The order below is safe and takes {span(wait_s)}."
        if wait_s is not None
        else f"`mxproof plan {result.domain}` looks for a way."
    )
    return f"mail would be refused. {way} --force REASON publishes in spite of it."


def _step(step: PublicationStep) -> str:
    if step.kind is Kind.POLICY:
        served = ", ".join(step.policy.split("\r\n")[1:-1]) or "no policy"
        return f"https://{step.name}/.well-known/mta-sts.txt: {served}"
    if step.record is None:
        return f"{absolute(step.name)} {step.kind}: no record"
    return f"{absolute(step.name)} {step.kind} {record_data(step.record)}"


def lag_lines(lag: tuple[LaggingPlace, ...], paper: Paper) -> Iterator[str]:
    """Yield who does not show a step, and what is shown there instead."""
    for one in lag[:LAG_SHOWN_MAX]:
        yield from paper.hung(f"{_where(one)}: {one.shows}", 4, Label(2, "-"))
    if len(lag) > LAG_SHOWN_MAX:
        yield from paper.hung(f"and {len(lag) - LAG_SHOWN_MAX} more", 4, Label(2, "-"))


def _where(one: LaggingPlace | ShownPlace) -> str:
    transport = f" over {one.transport.upper()}" if one.transport else ""
    return f"{one.place}{f' at {one.address}' if one.address else ''}{transport}"


def status_of_published(shown: PublishedDomain) -> int:
    """Return DONE where all that was published is shown, PROBLEM where it is not.

    UNKNOWN where nothing was published, or is under way, or what is shown could not be found out.
    """
    if shown.published_at is None or shown.open_since is not None:
        return UNKNOWN
    differing = [one for one in shown.shown if one.as_published is False]
    if any(one.told for one in differing):
        return PROBLEM
    return UNKNOWN if differing else DONE


def published_text(shown: PublishedDomain, paper: Paper) -> str:
    """Return what is shown of a domain; it ends with a line break."""
    lines = paper.hung(f"{shown.domain}: {_published(shown)}.", 2)
    if shown.open_since is not None:
        left = listed([_NAMES[one] for one in shown.open_steps]) or "nothing"
        words = f"under way since {shown.open_since:%Y-%m-%d %H:%M} UTC; left: {left}. `mxproof publish resume` goes on"
        lines += paper.hung(f"{words}.", 2, Label(0, "…", Tone.DOUBTFUL))
    for step in (StepName.ID, StepName.POLICY, StepName.HOST, StepName.REPORTS):
        lines += _alike([one for one in shown.shown if one.step is step], step, paper)
    if shown.certificate is not None and shown.certificate.end is not CertificateEnd.KEPT:
        lines += paper.hung(certificate_words(shown.certificate), _COLUMN, Label(2, "order", Tone.DOUBTFUL))
    lines += [line for one in shown.forced for line in paper.hung(f"{one}", _COLUMN, Label(2, "forced"))]
    return "\n".join(lines) + "\n"


def certificate_words(told: ToldCertificate) -> str:
    """Return how it stands with a certificate, as a sentence."""
    has = "none yet" if told.ends is None else f"until {told.ends:%Y-%m-%d}"
    renewed = "" if told.renewed_from is None else f", renewed from {told.renewed_from:%Y-%m-%d} on"
    again = "" if told.tried_again_at is None else f"; tried again from {moment(told.tried_again_at)} on"
    said = f": {told.said}" if told.said else ""
    return f"{told.name}: {has}{renewed}{said}{again}."


def moment(at: datetime | None) -> str:
    """Return a moment in words, `later` where it is not known."""
    return "later" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _published(shown: PublishedDomain) -> str:
    if shown.published_at is None:
        return "nothing was published from here (`mxproof publish adopt` takes over what is there)"
    differing = [one.told for one in shown.shown if one.as_published is False]
    other, silent = differing.count(True), differing.count(False)
    said = [
        *([f"{other} {'place shows' if other == 1 else 'places show'} something else"] if other else []),
        *([f"of {silent} it could not be found out"] if silent else []),
    ]
    stands = " and ".join(said) or "everybody shows it"
    return f"id {shown.id} since {shown.published_at:%Y-%m-%d %H:%M} UTC, {stands}"


def _alike(places: list[ShownPlace], step: StepName, paper: Paper) -> list[str]:
    """Return who shows what of one step, those that show the same together."""
    together: dict[tuple[str, bool | None, str], list[str]] = {}
    for one in places:
        ends = f", certificate until {one.certificate_ends:%Y-%m-%d}" if one.certificate_ends else ""
        words = together.setdefault((one.shows, one.as_published, ends), [])
        words.append(f"{one.place} {one.address} {one.transport}".strip())
    lines: list[str] = []
    for (shows, as_published, ends), who in together.items():
        mark, tone = {True: ("✔", Tone.GOOD), False: ("✘", Tone.BAD), None: ("·", Tone.FAINT)}[as_published]
        where = (
            f" ({', '.join(who)})"
            if paper.verbose or as_published is False or len(together) > 1
            else f" ({len(who)} asked)"
        )
        front = (Label(0, mark, tone), Label(2, _NAMES[step]))
        lines += paper.hung(f"{shows}{ends}{where}", _COLUMN + 2, *front)
    return lines
