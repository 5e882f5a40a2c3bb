"""What of a fix can be copied as it stands: lines of a zone, the text of a policy.

They are made from the changes of a finding and not from its words, which say the same in a sentence.
"""

from collections.abc import Iterator

import msgspec

from mxproof.formats import FormatError
from mxproof.formats.mtasts import print_policy
from mxproof.judge.block import passages
from mxproof.judge.catalogue.zone_line import zone_line
from mxproof.mail.change import Change, Publish, ServePolicy, Withdraw


class ToCopy(msgspec.Struct, frozen=True):
    """A text to be copied, and where it belongs."""

    where: str
    text: str


def to_copy(changes: tuple[Change, ...]) -> tuple[ToCopy, ...]:
    """Return the texts, one for the records of a run of changes and one for each policy; none where there is none.

    A record that has to go is a comment, so that the whole text can stand in a zone file.
    """
    return tuple(_texts(changes))


def not_said(texts: tuple[ToCopy, ...], steps: tuple[str, ...]) -> tuple[ToCopy, ...]:
    """Return those of `texts` of which some line does not stand in `steps` to be pasted already."""
    pasted = {line.text for step in steps for line in passages(step) if line.pasted}
    return tuple(one for one in texts if not pasted.issuperset(one.text.splitlines()))


def _texts(changes: tuple[Change, ...]) -> Iterator[ToCopy]:
    lines: list[str] = []
    for change in changes:
        match change:
            case Publish(name, record):
                lines.append(zone_line(name, record))
            case Withdraw(name, record):
                lines.append(f"; remove: {zone_line(name, record)}")
            case ServePolicy():
                yield from _zone(lines)
                lines = []
                yield from _policy(change)
            case _:
                pass
    yield from _zone(lines)


def _zone(lines: list[str]) -> Iterator[ToCopy]:
    if lines:
        yield ToCopy("in the zone", "\n".join(lines))


def _policy(change: ServePolicy) -> Iterator[ToCopy]:
    """Yield the policy, unless its values are such that no text says them."""
    try:
        text = print_policy(change.policy).decode("ascii", "backslashreplace").replace("\r\n", "\n")
    except FormatError:
        return
    yield ToCopy(f"as https://mta-sts.{change.domain}/.well-known/mta-sts.txt", text.rstrip("\n"))
