"""The human-readable part of a bounce: what is said of which recipient, without the message that it returns.

There is no standard for it. Observed in qmail, Exim, Postfix, Sendmail, OpenSMTPD, DragonFly, Exchange, Gmail and
others: an address stands at the beginning of a line, alone or before a colon, and what follows is about it; a line
with dashes or a colon that speaks of a copy, of headers or of the original message begins what is returned; without
such a line, its `Received:` or `Return-Path:` does.
"""

import re

import msgspec

NOTICE_CHARACTERS_MAX = 128 * 1024
SECTIONS_MAX = 200
HEADING_CHARACTERS_MAX = 100

_HEADING_WORDS: tuple[str, ...] = (
    "original message",
    "message follows",
    "headers follow",
    "copy of the message",
    "unsent message",
    "header of the original",
    "original headers",
    "returned message",
    "message headers",
)
_RETURNED_FIELD = re.compile(r"(?:Received|Return-Path|DKIM-Signature): ?\S", re.IGNORECASE)
_ADDRESS = r"[^\s<>\"'@:;,()\[\]]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}[A-Za-z0-9]"
_OPENING = re.compile(rf"\s{{0,8}}<?({_ADDRESS})>?(?P<rest>\s*$|:.*|\s*\(.*|<mailto:.*)")
_SPOKEN_OF = re.compile(rf"<({_ADDRESS})>(?:\.\.\.|,| |$)")
_REMOTE = re.compile(r"^\s{0,8}<<< ?(.*)$", re.MULTILINE)
_COMMAND = re.compile(r"^\s{0,8}>>> ")


class Section(msgspec.Struct, frozen=True):
    """What a notice says of one recipient, or, where `address` is empty, before it names one."""

    address: str
    text: str


def without_returned(text: str) -> str:
    """Return the notice without the message that it returns."""
    lines = text[:NOTICE_CHARACTERS_MAX].split("\n")
    for number, line in enumerate(lines):
        if number and (_is_heading(line) or _RETURNED_FIELD.match(line)):
            return "\n".join(lines[:number])
    return "\n".join(lines)


def sections(text: str) -> tuple[Section, ...]:
    """Return a notice in parts, each with the recipient that its text is about; the transcript keeps its own lines."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in text[:NOTICE_CHARACTERS_MAX].split("\n"):
        if _COMMAND.match(line):
            continue
        opened = _OPENING.match(line)
        if opened and len(parts) < SECTIONS_MAX:
            parts.append((opened.group(1), [opened.group("rest").lstrip(":")]))
        else:
            parts[-1][1].append(line)
    return tuple(Section(address, "\n".join(lines)) for address, lines in parts if address or any(lines))


def addresses_spoken_of(text: str) -> tuple[str, ...]:
    """Return the addresses in angle brackets in `text`, each once, in order."""
    return tuple(dict.fromkeys(_SPOKEN_OF.findall(text[:NOTICE_CHARACTERS_MAX])))


def transcript(text: str) -> str:
    """Return what the remote server said, the `<<<` lines of a transcript, without their marks."""
    return "\n".join(_REMOTE.findall(text[:NOTICE_CHARACTERS_MAX]))


def _is_heading(line: str) -> bool:
    """Tell whether a line announces the returned message: it speaks of it, and has dashes or ends like a heading."""
    bare = line.strip()
    if not bare or len(bare) > HEADING_CHARACTERS_MAX:
        return False
    lowered = bare.lower()
    if not any(words in lowered for words in _HEADING_WORDS):
        return False
    return bare.startswith("--") or (
        bare.endswith(("--", ":", ".")) and not lowered.startswith(("the ", "your "))
    )
