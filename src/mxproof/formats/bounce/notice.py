"""The human-readable part of a bounce: what is said of which recipient, without the message that it returns.

There is no standard for it. Observed in qmail, Exim, Postfix, Sendmail, OpenSMTPD, DragonFly, Exchange, Gmail and
others: an address stands at the beginning of a line, alone or before a colon, and what follows is about it; a line
with dashes, or one that begins and ends like a heading, and speaks of a copy, of headers or of the original message,
begins what is returned; without such a line, its `Received:` or `Return-Path:` does. A heading may also stand before
the bounce itself, where somebody forwards it: then a mail system is the author. What is returned ends where the next
bounce of the same paste begins.
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
_SENTENCE_OPENINGS: tuple[str, ...] = ("the ", "your ", "you ", "if you ", "please ")
_REPORTERS: tuple[str, ...] = (
    "mailer-daemon",
    "postmaster",
    "mail delivery",
    "mail administrator",
    "system administrator",
    "double-bounce",
    "undeliver",
    "delivery status",
    "delivery fail",
    "delivery delayed",
    "returned mail",
    "failure notice",
    "unzustellbar",
    "delayed mail",
)
_FORWARDED_FIELD = re.compile(r"\s{0,8}\**[^\W\d_][\w -]{1,20}\**\s?[:\N{FULLWIDTH COLON}] {0,8}\S")
_FORWARDED_LINES_MAX = 8
_BOUNCE_OPENING = re.compile(
    r"\s{0,8}(?:this is (?:the )?(?:mail system at|postfix program at|the qmail-send program|the dragonfly mail agent)"
    r"|hi\. this is the|this message was created automatically by mail delivery software"
    r"|delivery has failed to these recipients|(?:from|subject): (?:mailer-daemon|mail delivery s|undeliver)"
    r"|begin forwarded message|-{2,20} ?forwarded message)",
    re.IGNORECASE,
)
_RETURNED_FIELD = re.compile(r"(?:Received|Return-Path|DKIM-Signature): ?\S", re.IGNORECASE)
_RETURNED_INITIALS = frozenset("RrDd")
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
    """Return the notices in `text` without the messages that they return."""
    text = text[:NOTICE_CHARACTERS_MAX]
    lines = text.split("\n")
    lowered = text.lower()
    has_heading = any(words in lowered for words in _HEADING_WORDS)
    kept: list[str] = []
    position = 0
    while position < len(lines):
        end = _returned_at(lines, position, has_heading=has_heading)
        kept += lines[position:end]
        position = next(
            (number for number in range(end, len(lines)) if _BOUNCE_OPENING.match(lines[number])), len(lines)
        )
    return "\n".join(kept)


def _returned_at(lines: list[str], start: int, *, has_heading: bool) -> int:
    """Return the number of the line behind `start` at which a returned message begins, or how many there are."""
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line[:1] in _RETURNED_INITIALS and _RETURNED_FIELD.match(line):
            return number
        if has_heading and _is_heading(line):
            behind = lines[number + 1 : number + 1 + _FORWARDED_LINES_MAX]
            if not _is_forward(behind):
                return number
    return len(lines)


def sections(text: str, *, with_commands: bool = False) -> tuple[Section, ...]:
    """Return a notice in parts, each with the recipient that its text is about.

    The commands of a transcript (`>>> RCPT TO`) are left out but where they are asked for.
    """
    parts: list[tuple[str, list[str]]] = [("", [])]
    with_commands = with_commands or ">>> " not in text
    for line in text[:NOTICE_CHARACTERS_MAX].split("\n"):
        if not with_commands and _COMMAND.match(line):
            continue
        opened = _OPENING.match(line) if "@" in line else None
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
    return "\n".join(_REMOTE.findall(text[:NOTICE_CHARACTERS_MAX])) if "<<<" in text else ""


def _is_heading(line: str) -> bool:
    """Tell whether a line announces the returned message: it speaks of it, and has dashes or ends like a heading.

    The end of a sentence that began in the line before is none.
    """
    bare = line.strip()
    lowered = bare.lower()
    if ("message" not in lowered and "header" not in lowered) or len(bare) > HEADING_CHARACTERS_MAX:
        return False
    if not any(words in lowered for words in _HEADING_WORDS):
        return False
    if bare.startswith("--") or bare.endswith("--"):
        return True
    return bare.endswith((":", ".")) and not bare[0].islower() and not lowered.startswith(_SENTENCE_OPENINGS)


def _is_forward(behind: list[str]) -> bool:
    """Tell whether the fields behind a heading are those of a bounce: their author or subject is a mail system's."""
    fields: list[str] = []
    for line in behind:
        if fields and not line.strip():
            break
        if _FORWARDED_FIELD.match(line):
            fields.append(line)
    lowered = "\n".join(fields).lower()
    return any(words in lowered for words in _REPORTERS)
