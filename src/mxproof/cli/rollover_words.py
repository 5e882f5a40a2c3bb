"""What became of rollovers and of certificates, and which TLSA records stand, in words."""

from types import MappingProxyType

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.cli.publication_words import certificate_words, lag_lines, marked, moment, status_of_end
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.publish.told_rollover import StandingTlsa, TlsaRole, ToldRollover
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.preflight import preflight_text

_COLUMN = 10
_ROLES = MappingProxyType(
    {TlsaRole.SHOWN: Tone.GOOD, TlsaRole.NEXT: Tone.DOUBTFUL, TlsaRole.LEFT: Tone.FAINT}
)
_CERTIFICATE_MARKS = MappingProxyType(
    {
        CertificateEnd.KEPT: ("✔ KEPT", Tone.GOOD),
        CertificateEnd.ISSUED: ("✔ ISSUED", Tone.GOOD),
        CertificateEnd.DUE: ("… DUE", Tone.DOUBTFUL),
        CertificateEnd.WAITING: ("… WAITING", Tone.DOUBTFUL),
        CertificateEnd.FAILED: ("✘ FAILED", Tone.BAD),
    }
)
_TOLD_WITH_RECORDS = frozenset({PublicationEnd.PLANNED, PublicationEnd.REFUSED, PublicationEnd.UNCLEAR})


def status_of_rollover(told: ToldRollover, *, is_hook: bool = False) -> int:
    """Return DONE, PROBLEM for what may not or could not be done, UNKNOWN for what is waited for or not known.

    For who is called as a hook nothing is wrong with what is waited for.
    """
    waits = told.end is PublicationEnd.WAITING
    return DONE if is_hook and waits else status_of_end(told.end)


def rollover_text(told: ToldRollover, paper: Paper) -> str:
    """Return what became of a rollover, and what stands; it ends with a line break."""
    mark, tone = marked(told.end)
    lines = paper.hung(f"{told.host}: {_sentence(told)}", len(mark) + 2, Label(0, mark, tone))
    if told.lag:
        lines += lag_lines(told.lag, paper)
    for one in told.standing:
        lines += paper.hung(_standing(one), _COLUMN, Label(2, str(one.role), _ROLES[one.role]))
    if told.end in _TOLD_WITH_RECORDS:
        for label, records in (("comes", told.coming), ("stands", told.relied), ("goes", told.going)):
            lines += [line for one in records for line in paper.hung(one, _COLUMN, Label(2, label))]
    text = "\n".join(lines) + "\n"
    if told.judgement is not None:
        text += "\n" + preflight_text(told.judgement, paper)
    return text


def _standing(one: StandingTlsa) -> str:
    where = "" if one.places == one.places_asked else f" (at {one.places} of {one.places_asked} places)"
    return f"{one.line}{where}"


def _sentence(told: ToldRollover) -> str:
    match told.end:
        case PublicationEnd.NOTHING:
            return _nothing(told)
        case PublicationEnd.PLANNED:
            return _planned(told)
        case PublicationEnd.DONE | PublicationEnd.UNDONE:
            return _done(told)
        case PublicationEnd.WAITING:
            return _waiting(told)
        case PublicationEnd.REFUSED:
            return "mail would be refused, and so nothing was done at this point. --force REASON goes on in spite of it."
        case PublicationEnd.UNCLEAR:
            return "what every sender would do could not be found out, and so nothing was done at this point."
        case PublicationEnd.UNSEEN:
            return "not every name server says what it has, and so no record was altered."
        case PublicationEnd.FAILED:
            return f"{told.said}."


def _nothing(told: ToldRollover) -> str:
    if told.said:
        return f"{told.said}."
    if any(one.role is TlsaRole.SHOWN for one in told.standing):
        return "its TLSA records name what it shows."
    if told.standing:
        return "no TLSA record names what it shows; `mxproof plan` finds what mends that."
    return "it has no TLSA records, and none are published: its addresses are not signed, so that no sender would believe them."


def _planned(told: ToldRollover) -> str:
    if not told.coming and not told.relied and not told.going:
        return "the certificate may be shown at once, and no record has to change; nothing was done."
    if not told.coming and told.relied:
        return (
            "its record stands already, and nobody knows for how long: the certificate may be shown after a wait until no cache has the old "
            "records alone; nothing was done."
        )
    if not told.going:
        return "these records may come; nothing was done."
    return (
        "this may be done in the safe order: what comes, a wait until no cache has the old records alone, the certificate, and last "
        "what goes; nothing was done."
    )


def _done(told: ToldRollover) -> str:
    if told.file:
        return f"{told.file} has the certificate, and every name server the records for it alone."
    return "every name server has the records for what is shown alone."


def _waiting(told: ToldRollover) -> str:
    again = "deploy" if told.file else "tlsa"
    later = f"`mxproof publish {again}` goes on"
    match told.stage:
        case Stage.ANNOUNCE:
            return f"not every name server has the next record yet, and nothing else changes before. {later}."
        case Stage.WAIT if told.file:
            return f"caches may have the old records alone until {moment(told.swap_at)}; then {later}, and swaps the certificate."
        case Stage.WAIT:
            return f"caches may have the old records alone until {moment(told.swap_at)}; install the certificate after that, not before."
        case Stage.INSTALL:
            return f"install the certificate now, at every address; once it is shown {later}, and the old records go."
        case Stage.SETTLE:
            return f"the new certificate is shown; the old records may go from {moment(told.withdraw_at)} on, once nothing shows the old one. {later}."
        case Stage.WITHDRAW | Stage.OVER:
            return f"not every name server has let go of the old records yet. {later}."


def status_of_certificate(told: ToldCertificate) -> int:
    """Return DONE where there is a certificate that may stay, PROBLEM where an order failed, UNKNOWN where one has to wait."""
    match told.end:
        case CertificateEnd.KEPT | CertificateEnd.ISSUED:
            return DONE
        case CertificateEnd.FAILED:
            return PROBLEM
        case CertificateEnd.DUE | CertificateEnd.WAITING:
            return UNKNOWN


def certificate_text(told: ToldCertificate, paper: Paper) -> str:
    """Return how it stands with a certificate; it ends with a line break."""
    mark, tone = _CERTIFICATE_MARKS[told.end]
    return "\n".join(paper.hung(certificate_words(told), len(mark) + 2, Label(0, mark, tone))) + "\n"
