"""What the headers of a mail that arrived show, as text."""

from collections.abc import Iterator

from mxproof.explain.arrival import ArrivedMail, ArrivedResult, Hop
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import duration, moment

_INDENT = 2
_COLUMN = 12
_GOOD = frozenset({"pass", "bestguesspass", "softpass"})
_NEUTRAL = frozenset({"none", "neutral", "policy", "skipped"})


def arrival_text(arrival: ArrivedMail, paper: Paper) -> str:
    """Return what the headers show; it ends with a line break."""
    if not arrival.hops and not arrival.results:
        return "".join(f"{line}\n" for line in paper.wrapped(_NOTHING))
    lines = paper.wrapped(_what(arrival))
    entry = arrival.entry
    if entry is not None and not entry.encrypted:
        lines += paper.hung(_IN_CLEAR, 2, Label(0, "✘", Tone.BAD))
    for number, hop in enumerate(arrival.hops, 1):
        lines += _hop(number, hop, paper)
    for number, result in enumerate(arrival.results):
        lines += _result(result, "" if number else "results", paper)
    if arrival.token is not None and any(one.method == "spf" for one in arrival.results):
        lines += paper.wrapped(_OF_THIS_MACHINE)
    if any(one.result not in _GOOD | _NEUTRAL for one in arrival.results):
        lines += paper.wrapped("`mxproof explain FILE` says what is behind a result that is not a pass.")
    return "\n".join(lines) + "\n"


_NOTHING = (
    "No Received and no Authentication-Results field in it; the header of a message was expected, as a mail program shows "
    "it under `source` or `all headers`."
)
_IN_CLEAR = (
    "The first server says nothing of TLS, so that the mail came in clear text, or it does not write it down."
)
_OF_THIS_MACHINE = "SPF is about the machine that ran the test and the name it gave, and says nothing of the mail that your own servers send."


def _what(arrival: ArrivedMail) -> str:
    if arrival.token is None:
        return f"Headers of a mail that is none of `mxproof deliver-test` ({arrival.message_id or 'no Message-ID'})."
    over = f" handed over to {arrival.host} [{arrival.address}]" if arrival.host is not None else ""
    return f"A test mail of `mxproof deliver-test`{over}; it belongs to test {arrival.token}."


def _hop(number: int, hop: Hop, paper: Paper) -> Iterator[str]:
    client = " ".join(filter(None, (hop.from_name, f"[{hop.address}]" if hop.address else "")))
    tls = hop.tls_version or ("TLS" if hop.encrypted else "no TLS told of")
    when = moment(hop.at) if hop.at is not None else ""
    later = _later(hop.delay_s) if hop.delay_s is not None else ""
    told = ", ".join(filter(None, (hop.protocol, tls, when, later)))
    said = f"{hop.by or 'somebody'} took it{' from ' * bool(client)}{client} ({told})"
    return iter(paper.hung(said, _COLUMN, Label(_INDENT, f"hop {number}")))


def _later(delay_s: int) -> str:
    if delay_s < 0:
        return f"{duration(-delay_s)} before the hop in front of it: a clock is wrong"
    return f"{duration(delay_s)} later"


def _result(one: ArrivedResult, label: str, paper: Paper) -> Iterator[str]:
    about = f" for {one.about}" if one.about else ""
    by = f", says {one.by}" if one.by else ""
    because = f" ({one.because})" if one.because else ""
    front = (Label(_INDENT, label),) if label else ()
    return iter(paper.hung(f"{one.method}={one.result}{about}{by}{because}", _COLUMN, *front))
