"""What a sentence means that no rule knows: the first meaning whose words stand in it (`knowledge/meaning`).

Only a text that a machine wrote is read so: a reply with its code, an address, a field, an error of a library; prose of a
person may speak of certificates without one having failed. Names and addresses say nothing, except those of the records
that a look-up is for. A sentence of advice, a question or a success has no meaning here.
"""

import re
from functools import cache

import msgspec

from mxproof.explain.knowledge.meaning import NOT_MEANT, Meaning, Words
from mxproof.explain.knowledge.network_meanings import NETWORK_MEANINGS
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.knowledge.sender_meanings import SENDER_MEANINGS
from mxproof.explain.knowledge.transport_meanings import TRANSPORT_MEANINGS
from mxproof.explain.match.claiming import StatedCause
from mxproof.judge.vocabulary import Confidence

MEANINGS: tuple[Meaning, ...] = (*TRANSPORT_MEANINGS, *SENDER_MEANINGS, *NETWORK_MEANINGS)
SOURCE = "no text that is known: read by what its words mean together"
TEXT_CHARACTERS_MAX = 4000
SENTENCES_MAX = 40
QUOTED_CHARACTERS_MAX = 200
NEAR_CHARACTERS_MAX = 90
"""So far from one another words may stand that mean something together."""

_MACHINE = tuple(
    (sign, re.compile(shape))
    for sign, shape in (
        (".", r"[45](?<![\d.][45])\.\d{1,3}\.\d{1,3}(?![\d.])"),
        ("", r"(?:^|[:;'\"(>]|said:?) ?['\"]?#?[45]\d\d[ -]"),
        ("[", r"\[[0-9A-Fa-f.:]{7,45}\]"),
        ("=", r"\b[A-Za-z_-]{1,30}=\S"),
        ("]:", r"\S\[\d{1,10}\]:"),
        (".", r"(?:\d{1,3}\.){3}\d{1,3}"),
        (":25", r":25\b"),
        ('":', r"\"[A-Za-z_-]{2,40}\": ?[\"\d{[]"),
        ("errno", r"\berrno\b"),
        ("error:", r"\berror:[0-9A-F]{8}\b"),
        ("x509: ", r"\bx509: "),
        ("SSL_", r"\bSSL_"),
        (": ", r"\b(?:[Dd]eferred|[Bb]ounced|[Ff]ailed|[Ff]ailure|[Ee]rror|[Rr]efused|[Rr]ejected): "),
        (": ", r"\b(?:[Dd]eferring|[Cc]ould not deliver to|[Cc]annot deliver to) \S{1,255}: "),
        (":", r"\b\d\d:\d\d:\d\d\b"),
        ("", r"\b(?:ERROR|WARN(?:ING)?|INFO|DEBUG|NOTICE|NXDOMAIN|SERVFAIL|E[A-Z]{5,14})\b"),
        (":", r"\b\w{1,40}\.[a-z]{1,4}:\d{1,5}\b"),
    )
)
"""What only a machine writes, each behind a sign that is soon looked for."""
_SMTP = re.compile(
    r"\b(?:smtp\w{0,8}|mx\d{0,2}|esmtp|relay|mta|rcpt|mail|deliver\w*|outbound|starttls|courieresmtp|deferred|stat|dsn|attempt-no|dns error)\b|:25\b|@[A-Za-z]|(?<![\d.])[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}|\([45]\.\d\.\d{1,3}\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:imap\w*|pop3\w*|ldap\w*|mysql\w*|postgres\w*|redis|upstream|nginx|apache\w*|clam\w*|spamd|spamc|amavis|milter|dovecot|sasl"
    r"|lmtp|sshd|fail2ban\w*|certbot|acme\w*|letsencrypt|kernel|roundcube|php|ftp|cron)\b|\bprivate/|\bunix:|/run/|/var/",
    re.IGNORECASE,
)
"""Other programs, and sockets of the own machine."""
_ASIDE = re.compile(
    r"\(in reply to [^)]{1,60}\)|[\w.+%=-]{1,64}@[A-Za-z0-9.-]{1,255}"
    r"|\b(?:see|visit|refer to|look at|siehe|voir) (?! |spf not).{1,80}",
    re.IGNORECASE,
)
"""The command that was answered, an address, and where to read more."""
_SIGNS_OF_ASIDE = ("@", "(in", "see ", "visit ", "refer to ", "look at ", "siehe ", "voir ")
_URL = re.compile(r"\bhttps?://([^\s/\"'>]{1,255})([^\s\"'>)]{0,300})", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\w-])[\w-]{1,64}+(?:\.[\w-]{1,64}){1,30}\.?")
_SUBJECT = re.compile(
    r"\bsubject\b[^()\"'\n]{0,40}(?:\([^)]{0,300}\)|\"[^\"]{0,300}\"|'[^']{0,300}')", re.IGNORECASE
)
_NO_REFUSAL = re.compile(
    r"^\s{0,8}<\?xml|\"(?:GET|HEAD|POST|PUT) \S{1,300} HTTP/|(?<![\d.])535[ -]"
    r"|\b[A-Z]{1,12}_[A-Z_]{3,40}[({,]|\btests=|X-Spam|no action|\bprepend\b"
)
"""A report in XML, what a web server was asked for, a password that was wrong (RFC 4954 section 6), and what a filter notes
of a message that it lets through."""
_ACCEPTED = re.compile(r"(?<![\d.])250[ -](?:2\.\d|ok\b)|\bqueued as\b|\"code\": ?2\d\d\b", re.IGNORECASE)
_REFUSED = re.compile(r"(?<![\d.])[45]\d\d[ -]|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_REFUSAL = re.compile(
    r"(?<![\d.])[45]\d\d[ -]|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])"
    r"|\b(?:reject|refus|den[iy]|bounc|block|defer|declin|undeliver|not (?:be )?(?:accept|deliver|sent)|quarantin|abgewies|abgelehnt"
    r"|verweiger|rejet|rechaz|rifiut|recus|geweiger|odrzuc)",
    re.IGNORECASE,
)
"""That a message was not taken."""
_LET_THROUGH = re.compile(
    r"\b(?<!not )accepted\b|\b(?:log only|test mode|action (?:accept|deliver)|add(?:ing)? header|tagged|and delivered|strict = false)\b",
    re.IGNORECASE,
)
"""That it was taken all the same."""
_OF_CONTENT = re.compile(
    r"\b(?:(?:is|as|like|considered|contains?|be) (?:\w{1,12} )?spam|spam (?:message|content|score|mail)|virus|malware|phish\w*|attachment"
    r"|quota|mailbox (?:is )?full)\b",
    re.IGNORECASE,
)
"""Another reason, in the words of one."""
_SENTENCE = re.compile(r" (?:(?<=[\w)\]'\"][.!?;] ) *|--? )")
_RECORD = re.compile(
    r" (?=[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S{1,64} |\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)"
)
"""Between the lines of a log, which became one text: what one says and another speaks of do not belong together."""
LINES_READ_MAX = 40
_WHO_SAID = re.compile(r"^.{0,300}?\bsaid: ")
_WORD = re.compile(r"[^\W_]+")
_SESSION = re.compile(r"\b(?:X|CV|DN|P|tls_cipher|tls_version)=\S{1,200}|\bTLSv1\.\d with cipher\b")
"""What Exim and others note of a session that came about, as they do beside a refusal for another reason."""
_VERSION = re.compile(r"\b(?:TLS|SSL) ?v?[123](?:\.[0-3])?(?![\w.])", re.IGNORECASE)
_PAGES = (("mta-sts", " mtasts url "), ("openspf", " spf not permitted "))
"""What a page is about that stands in place of the reason."""
_DOMAIN = re.compile(
    r"\b(?:domain(?: of)?|(?:spf|dkim|dmarc)\b[\w ]{0,24}\b(?:of|for)) ['\"<]?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})\b",
    re.IGNORECASE,
)
"""The domain whose record a receiver names."""
START_CHARACTERS = 3
_RECORDS = (
    ("mta-sts.", " mtasts host "),
    ("_mta-sts.", " mtasts "),
    ("_25._tcp", " tlsa "),
    ("_dmarc.", " dmarc "),
    ("._domainkey.", " dkim key "),
    ("smtpsend.dns.nonexistentdomain", " nonexistentdomain "),
)
_STARTS_OF_NAMES = frozenset(
    word[:START_CHARACTERS] for _, words in (*_PAGES, *_RECORDS) for word in words.split()
)


class Row(msgspec.Struct, frozen=True):
    """A meaning with the words that it needs and those that turn it round, as they are looked for.

    `starts` has for each group how the words of it begin: without one of them in a text the row is not tried.
    """

    meaning: Meaning
    needs: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    starts: tuple[frozenset[str], ...]


def meant(text: str, *, is_of_machine: bool, is_of_delivery: bool = False) -> StatedCause | None:
    """Return the cause that the first sentence with a meaning names.

    `is_of_machine` and `is_of_delivery` where the place tells already that a machine wrote it, or wrote it of a recipient.
    """
    text = text[:TEXT_CHARACTERS_MAX]
    rows = _rows_near(text)
    if not rows or not (is_of_machine or _is_of_machine(text)):
        return None
    text = _SUBJECT.sub(" ", text)
    for record in _RECORD.split(text, LINES_READ_MAX):
        if found := _meant_in(record, rows, of_recipient=is_of_delivery):
            return None if _is_no_refusal(text) else found
    return None


def _meant_in(text: str, rows: list[Row], *, of_recipient: bool) -> StatedCause | None:
    """Return the meaning of the first sentence of one record that has one."""
    session: bool | None = None
    for sentence in _SENTENCE.split(text, SENTENCES_MAX):
        words = _words(sentence)
        for row in rows:
            if not _stand_together(words, row.needs) or _has(words, row.unless):
                continue
            if row.meaning.of_session:
                session = _is_of_session(text, of_recipient=of_recipient) if session is None else session
                if not session:
                    continue
            if row.meaning.side is Side.RECEIVER and not of_recipient and not _is_refused(text):
                continue
            if _has(words, _compared(NOT_MEANT)):
                break
            return _stated(row.meaning, sentence)
    return None


def _stated(found: Meaning, sentence: str) -> StatedCause:
    sentence = _WHO_SAID.sub("", sentence, count=1)
    named = _DOMAIN.search(sentence)
    return StatedCause(
        cause=found.cause,
        confidence=Confidence.GUESS,
        because=sentence.strip()[:QUOTED_CHARACTERS_MAX],
        side=found.side,
        domain=named.group(1) if named and found.side is Side.RECEIVER else "",
        suspects=found.suspects,
        source=SOURCE,
        is_meant=True,
    )


def _rows_near(text: str) -> list[Row]:
    """Return the rows of which a word of each group may stand in the text, in order of precedence."""
    lowered = text.lower()
    starts = {word[:START_CHARACTERS] for word in _WORD.findall(lowered)}
    if "://" in lowered or "_" in lowered:
        starts |= _STARTS_OF_NAMES
    return [row for row in _rows() if not any(map(starts.isdisjoint, row.starts))]


def _is_of_machine(text: str) -> bool:
    """Tell whether a text has anything that only a machine writes."""
    return any(sign in text and shape.search(text) for sign, shape in _MACHINE)


def _is_of_session(text: str, *, of_recipient: bool) -> bool:
    """Tell whether a text speaks of SMTP or of a recipient, and of no other program."""
    return (of_recipient or bool(_SMTP.search(text))) and _OTHERS.search(text) is None


def _is_refused(text: str) -> bool:
    """Tell whether a text says that a receiver did not take a message: what it found out about the sender is no refusal."""
    return bool(_REFUSAL.search(text)) and _LET_THROUGH.search(text) is None


def _is_no_refusal(text: str) -> bool:
    """Tell whether a text is no refusal at all, or one for another reason."""
    if _NO_REFUSAL.search(text) or _OF_CONTENT.search(text):
        return True
    return bool(_ACCEPTED.search(text)) and _REFUSED.search(text) is None


def _words(sentence: str) -> str:
    """Return the words of a sentence, a space before and behind each, without names and addresses."""
    lowered = sentence.lower()
    told = _SESSION.sub(" ", sentence) if "=" in lowered or " with cipher" in lowered else sentence
    if "://" in told:
        told = _URL.sub(_linked, told)
    if any(sign in lowered for sign in _SIGNS_OF_ASIDE):
        told = _ASIDE.sub(" ", told)
    if "tls" in lowered or "ssl" in lowered:
        told = _VERSION.sub("tls version ", told)
    if "." in told:
        told = _DOTTED.sub(_named, told)
    return f" {' '.join(_WORD.findall(told.lower()))} "


def _linked(found: re.Match[str]) -> str:
    url = found.group(0).lower()
    return next((words for sign, words in _PAGES if sign in url), " ")


def _named(found: re.Match[str]) -> str:
    name = found.group(0).lower()
    return next((words for sign, words in _RECORDS if sign in f"{name}."), " ")


def _stand_together(words: str, needs: tuple[tuple[str, ...], ...]) -> bool:
    """Tell whether a word of each group stands near one of the first."""
    if not all(_has(words, group) for group in needs):
        return False
    first, *others = needs
    for one in first:
        place = words.find(one)
        while place >= 0:
            near = words[max(0, place - NEAR_CHARACTERS_MAX) : place + len(one) + NEAR_CHARACTERS_MAX]
            if all(_has(near, group) for group in others):
                return True
            place = words.find(one, place + 1)
    return False


def _has(words: str, group: tuple[str, ...]) -> bool:
    for one in group:  # noqa: SIM110 - twice as fast as any() of a generator, and the most often called
        if one in words:
            return True
    return False


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(
        Row(
            one,
            tuple(map(_compared, one.needs)),
            _compared(one.unless),
            tuple(
                frozenset(word.split()[0][:START_CHARACTERS].rstrip("*") for word in group.split("|"))
                for group in one.needs
            ),
        )
        for one in MEANINGS
    )


@cache
def _compared(group: Words) -> tuple[str, ...]:
    """Return the words of a group as they are looked for: between spaces, a star open behind."""
    words = group.split("|") if group else []
    return tuple(f" {one[:-1]}" if one.endswith("*") else f" {one} " for one in words)
