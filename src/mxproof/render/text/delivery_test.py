"""A delivery test as text: what became of the mail at each address, the dialogue, and the bounce where there is one."""

from collections.abc import Iterator

from mxproof.judge.delivery_test import DeliveryTest, DeliveryTry, DialogueSide, TryResult
from mxproof.judge.vocabulary import Verdict
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import SECURITY_WORDS, duration, moment, sentence_start

_INDENT = 2
_COLUMN = 12
_TONES = {
    TryResult.ACCEPTED: ("✔", Tone.GOOD),
    TryResult.WITHHELD: ("✘", Tone.BAD),
    TryResult.DEFERRED: ("▲", Tone.DOUBTFUL),
    TryResult.REJECTED: ("✘", Tone.BAD),
    TryResult.BROKEN: ("?", Tone.UNKNOWN),
    TryResult.UNREACHED: ("?", Tone.UNKNOWN),
}
_SIDES = {
    DialogueSide.CLIENT: ("C", Tone.STRONG),
    DialogueSide.SERVER: ("S", Tone.PLAIN),
    DialogueSide.TLS: ("TLS", Tone.UNKNOWN),
    DialogueSide.MESSAGE: ("C", Tone.FAINT),
}
_WORDS = {
    TryResult.WITHHELD: "the sender hands no mail over here",
    TryResult.DEFERRED: "the server put the mail off",
    TryResult.REJECTED: "the server refused the mail",
    TryResult.BROKEN: "the dialogue broke off",
    TryResult.UNREACHED: "not tried",
}


def delivery_test_text(test: DeliveryTest, paper: Paper) -> str:
    """Return the whole of a delivery test; it ends with a line break."""
    what = "One test mail over each address" if test.with_data else "No mail, only up to the recipient"
    lab = f", in the lab ({test.simulated})" if test.simulated else ""
    head = f"{what}: to {test.recipient}, the way of {test.sender_name}{lab}, {moment(test.begun_at)}."
    lines = paper.wrapped(head)
    for one in test.tries:
        lines += ["", *_try(one, test, paper)]
    lines += ["", *paper.wrapped(_conclusion(test))]
    if any(one.message_id for one in test.tries):
        then = "Paste the headers of what arrives into `mxproof deliver-test --received -`."
        lines += paper.wrapped(then)
    return "\n".join(lines) + "\n"


def _try(one: DeliveryTry, test: DeliveryTest, paper: Paper) -> Iterator[str]:
    mark, tone = _TONES[one.result]
    place = f"{one.mx} [{one.address}]"
    yield paper.row(
        Label(0, mark, tone), Label(2, place, Tone.STRONG), Label(0, one.result.value.upper(), tone)
    )
    yield from paper.wrapped(f"{sentence_start(_said(one, test))}.", indent=_INDENT)
    if one.bounce is not None:
        yield from _bounce(one, paper)
    for line in one.dialogue:
        side, tone = _SIDES[line.side]
        words = f"({line.text})" if line.side is DialogueSide.MESSAGE else line.text
        yield from paper.hung(words, _INDENT + 6, Label(_INDENT + 2, side, tone))


def _said(one: DeliveryTry, test: DeliveryTest) -> str:
    """Return in a sentence what became of the mail at an address."""
    if one.result is TryResult.ACCEPTED:
        what = "the server took the message" if test.with_data else "the server takes the recipient"
        how = SECURITY_WORDS[one.security] if one.security is not None else "protection unknown"
        again = "; after TLS failed the sender came again in clear text" * (one.connections > 1)
        doubt = "; whether this sender would go on as far is not certain" * (
            one.verdict is not Verdict.DELIVERS
        )
        return f"{what} in {one.elapsed_ms / 1000:.1f} s ({how}){again}{doubt}"
    said = _WORDS[one.result]
    if one.result is TryResult.WITHHELD:
        said += ", without even connecting" * (one.connections == 0)
    elif one.stage != "session":
        said += f" at {one.stage.upper()}"
    details = [one.detail, *(one.reply if one.result in {TryResult.DEFERRED, TryResult.REJECTED} else ())]
    found = f" ({', '.join(one.because)})" if one.result is TryResult.WITHHELD and one.because else ""
    return ": ".join(filter(None, (said, " ".join(filter(None, details))))) + found


def _bounce(one: DeliveryTry, paper: Paper) -> Iterator[str]:
    """Yield what the sender of such a mail would read."""
    assert one.bounce is not None, "asked only where there is one"
    words = (("meanwhile", one.bounce.transient), ("bounce", one.bounce.final))
    for label, text in words:
        if text is not None:
            yield from paper.hung(text, _COLUMN + _INDENT, Label(_INDENT, label))
    if one.bounce.final is not None and one.bounce.after_s:
        yield from paper.hung(f"after {duration(one.bounce.after_s)}", _COLUMN + _INDENT)


def _conclusion(test: DeliveryTest) -> str:
    taken = sum(one.result is TryResult.ACCEPTED for one in test.tries)
    several = len(test.tries) != 1
    what = "took the mail" if test.with_data else "take the recipient" if several else "takes the recipient"
    return f"{taken} of {len(test.tries)} address{'es' * several} {what}."
