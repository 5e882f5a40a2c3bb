"""The verdict of each sender, worst first, with the bounce it writes."""

import msgspec

from mxproof.judge.report import Bounce, Delivery
from mxproof.judge.vocabulary import Verdict
from mxproof.render.html.parts import breakable, joined, section, table, verdict_word
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.senders import CAUTION, by_urgency
from mxproof.render.text.words import SECURITY_WORDS, duration

_HEADS = ("Sender", "What it does, and why")


class Anchors(msgspec.Struct, frozen=True):
    """Where the findings of a report begin on the page: `codes` are those that have a place there."""

    prefix: str
    codes: frozenset[str]

    def link(self, code: str) -> Element:
        """Return a link to the first finding of this code, or the code alone where it has no place."""
        if code not in self.codes:
            return element("code", code)
        return element("a", code, href=f"#{self.prefix}{code}")


def senders_section(senders: tuple[Delivery, ...], level: int, anchors: Anchors) -> Element | None:
    """Return the section, None where no sender was judged; guesses stand apart and are called so."""
    if not senders:
        return None
    counted = table("Senders", _HEADS, (_row(one, anchors) for one in by_urgency(senders)), "senders")
    guesses = [one for one in senders if not one.decides and one.outcome is not Verdict.DELIVERS]
    apart: list[Content] = []
    if guesses:
        rows = (_row(one, anchors) for one in guesses)
        apart = [element("p", CAUTION), table("Senders about whom there is a guess", _HEADS, rows, "senders")]
    return section(level, "Senders", f"{anchors.prefix}senders", counted, *apart)


def bounce_words(bounce: Bounce) -> list[Element]:
    """Return what the sender writes while it retries, and when it gives up."""
    at_last = "at once" if bounce.after_s == 0 else "in the end"
    if bounce.after_s:
        at_last = f"after {duration(bounce.after_s)}"
    final = bounce.final
    if final is None and bounce.after_s is not None:
        final = "a bounce of unknown wording"
    said = (("at first", bounce.transient), (at_last, final))
    return [_said(when, words) for when, words in said if words is not None]


def _said(when: str, words: str) -> Element:
    return element("p", element("span", f"{when}: ", class_="label"), element("code", words), class_="said")


def _row(sender: Delivery, anchors: Anchors) -> Element:
    words: list[Content] = [sender.id]
    if sender.name.lower() != sender.id:
        words = [*breakable(sender.name), element("span", sender.id, class_="id")]
    name = element("th", verdict_word(sender.outcome), *words, scope="row")
    return element("tr", name, element("td", *_story(sender, anchors)))


def _story(sender: Delivery, anchors: Anchors) -> list[Element]:
    story = bounce_words(sender.bounce) if sender.bounce is not None else []
    if sender.security is not None and sender.outcome is Verdict.DELIVERS:
        story.append(element("p", SECURITY_WORDS[sender.security]))
    if sender.because and sender.outcome is not Verdict.DELIVERS:
        links = joined(anchors.link(code) for code in sender.because)
        story.append(element("p", element("span", "because of ", class_="label"), *links))
    known = sender.confidence.replace("-", " ")
    return [*story, element("p", f"known from: {known}", class_="id")]
