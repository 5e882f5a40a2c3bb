"""The sentence that gives a reason and is not known here: quoted, so that nobody is told that there is none.

It is looked for where a reason stands, in this order: the diagnostic of a recipient, the outcome of an attempt, what a
line or a notice says of one recipient, and the prose of a notice without the sentences that every notice has. Of a
reply the words behind its code are quoted, without who said it and to which command.
"""

import re
from collections.abc import Iterator

from mxproof.explain.read.material import Material, MaterialForm, Statement, StatementPlace
from mxproof.formats.bounce.reply import reply_codes

QUOTED_CHARACTERS_MAX = 200

_SAID = re.compile(
    r"^.{0,300}?\b(?:(?:said|responded|returned|replied|answered):? ['\"]?"
    r"|smtp error from remote mail server after [^:]{1,40}(?::<[^>]{0,300}>)?: (?:host \S{1,255} \[[^\]]{0,50}\]: )?)",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"^defer \(-?\d{1,4}\)[^:]{0,100}: |\(in reply to .{1,60}?command\)|\(?delivery attempts: \d{1,4}\)?",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"^[\W_]{0,4}(?:smtp; ?)?(?:status: ?)?(?:[245]\d\d)?[ -]{0,3}#?(?:[245]\.\d{1,3}\.\d{1,3})?[\s:;,.-]{0,4}",
    re.IGNORECASE,
)
_REPLY = re.compile(r"(?<![\d.])[45]\d\d[ -](?:[245]\.\d{1,3}\.\d{1,3})?")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"(?<=[.!?:\u3002]) +")
_LETTERS_MIN = 6
_USUAL = re.compile(
    r"this is (?:the|a|an) |i'm (?:sorry|afraid)|i wasn't able|for (?:further )?assistance|if you do so|delete your own"
    r"|please (?:include|send|do not reply|contact)|the mail system|the postfix program|hi[.!]|your message\b"
    r"|(?:a|the) message (?:that )?you sent|this message was created|the following (?:address|recipient|message)"
    r"|(?:one or more|all) of its|recipients|could not be delivered to|it's attached|it will be retried|you do not need"
    r"|delivery (?:has failed|to the following|is delayed|status|of the following)|the error was|reason:?$"
    r"|no action is required|technical details|message (?:headers?|will be)|see (?:technical|below)|subject:|date:|from:|to:"
    r"|(?:generating|receiving|remote|reporting|empfangender|generierender) (?:server|mta)|diagnosti|total retry"
    r"|below (?:is|this)|copy of|warning: message|this is a (?:permanent|warning|temporary)|number of|sent:|cc:|content-"
    r"|fehler bei der zustellung|échec de la remise|no se pudo entregar el mensaje|recapito non riuscito|bezorging is mislukt"
    r"|[=#*_-]{3}",
    re.IGNORECASE,
)


_PROSE = (StatementPlace.NOTE, StatementPlace.LINE, StatementPlace.NOTICE)
_NAMED = re.compile(
    r'"(?:reason|smtp_msg|diagnosticcode|response|error|err|message)" ?[:=] ?"([^"]{8,300})"', re.IGNORECASE
)
"""What a log in JSON calls the reason."""


def unread_sentence(material: Material) -> str:
    """Return the sentence of a reason that no rule knows, or an empty string where the text has none."""
    for said in _reasons(material):
        if len(_LETTER.findall(said)) >= _LETTERS_MIN:
            return said[:QUOTED_CHARACTERS_MAX]
    return ""


def _reasons(material: Material) -> Iterator[str]:
    for place in (StatementPlace.DIAGNOSTIC, StatementPlace.LOG):
        yield from (_words(one.text) for one in material.statements if one.place is place)
    told = [one for one in material.statements if one.place in _PROSE]
    yield from (said for one in told for said in _NAMED.findall(one.text))
    yield from (_words(one.text) for one in told if one.recipient and not _USUAL.match(one.text))
    for one in told:
        reply = _REPLY.search(one.text)
        if reply is not None:
            yield _words(one.text[reply.start() :])
    if material.form is MaterialForm.BOUNCE or any(reply_codes(one.text) for one in told):
        yield from (sentence for one in told for sentence in _unusual(one))


def _words(text: str) -> str:
    """Return the words of a reply: behind who said it and its codes, without the command it answered."""
    said = _SAID.sub("", text, count=1) if _REPLY.search(text) or "said:" in text else text
    return _CODES.sub("", _COMMAND.sub("", said), count=1).strip(" '\"()")


def _unusual(statement: Statement) -> Iterator[str]:
    """Yield the sentences of prose that not every notice has."""
    for sentence in _SENTENCE.split(statement.text):
        bare = sentence.strip()
        if bare and "@" not in bare and not _USUAL.search(bare):
            yield bare
