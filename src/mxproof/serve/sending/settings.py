"""What the section `[send]` says, read once; the keys that sign are read then, too."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from mxproof.formats.dkim import signature
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import bare_address, canonical, is_host, is_localhost
from mxproof.formats.tlsrpt.destination import MailDestination, ReportDestination
from mxproof.mail.dkim_signing import DkimSigner, dkim_signer
from mxproof.net.asking import Asking, Peer
from mxproof.net.submission import SubmissionServer, parse_submission_server
from mxproof.serve.daemon.config import Listener, about, listener
from mxproof.serve.sending.config import SendOptions

KEY_BYTES_MAX: Final = 64 * 1024
DKIM_KEYS_MAX: Final = 4
LISTED_MAX: Final = 100_000
_ADDRESS_CHARACTERS_MAX: Final = 200


class MailWay(msgspec.Struct, frozen=True, kw_only=True):
    """How mail goes out: by the program `sendmail`, or through `server`; `roots` is a file, None for those of the machine."""

    sendmail: str = ""
    server: SubmissionServer | None = None
    password_file: Path | None = None
    password_command: tuple[str, ...] = ()
    roots: Path | None = None


class SendList(msgspec.Struct, frozen=True):
    """Domains by name, domains with all below them, which begin with a dot, and mail addresses."""

    entries: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.entries)

    def has_domain(self, domain: str) -> bool:
        """Tell whether a domain is listed, by its name or below another."""
        labels = domain.split(".")
        above = (f".{'.'.join(labels[place:])}" for place in range(1, len(labels)))
        return domain in self.entries or any(one in self.entries for one in above)

    def has_destination(self, to: ReportDestination) -> bool:
        """Tell whether a mailbox, its domain, or the host of a URL is listed."""
        is_address = isinstance(to, MailDestination) and to.address.lower() in self.entries
        return is_address or self.has_domain(to.host)


class SendSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that goes by. `asking` asks for records and addresses; `mail` is None where reports are only posted.

    `sender` is the envelope sender; `bounces` is None where nobody listens for what comes back to it.
    """

    organization: str
    contact: str
    sender: str
    asking: Asking
    bounces: Listener | None = None
    mail: MailWay | None = None
    signers: tuple[DkimSigner, ...] = ()
    https: bool = True
    allow: SendList = SendList()
    deny: SendList = SendList()
    day_max: int = 50_000
    destination_day_max: int = 5_000
    spread: timedelta = timedelta(hours=4)
    give_up: timedelta = timedelta(hours=24)
    keep_days: int = 60

    @property
    def submitter(self) -> str:
        """The domain that reports."""
        return self.contact.rpartition("@")[2]


def send_settings(options: SendOptions, asking: Asking | None, unasked: str = "") -> SendSettings | None:
    """Return what `options` say, None where no report is to be sent.

    `asking` is None where this machine has no resolver, and `unasked` says why. Raises ConfigError that names the key
    which is wrong.
    """
    if not options.contact:
        return None
    if asking is None:
        raise ConfigError(f"send: reports go where DNS says, and {unasked}")
    contact = _address("send.contact", options.contact)
    mail = _mail_way(options)
    if mail is None and not options.https:
        raise ConfigError("send: neither `through` nor `https`, so that no report could go out")
    signers = _signers(options, contact.rpartition("@")[2])
    if mail is not None and not signers and not options.signed_elsewhere:
        raise ConfigError(
            "send.dkim: a report by mail is ignored without a signature (RFC 8460 section 3); name a key, or set "
            "signed_elsewhere where the mail server signs"
        )
    return SendSettings(
        organization=options.organization or contact.rpartition("@")[2],
        contact=contact,
        sender=_address("send.bounce_address", options.bounce_address) if options.bounce_address else contact,
        bounces=_bounces(options),
        asking=asking,
        mail=mail,
        signers=signers,
        https=options.https,
        allow=_listed("send.allow", options.allow),
        deny=_listed("send.deny", options.deny),
        day_max=options.day_max,
        destination_day_max=options.destination_day_max,
        spread=timedelta(hours=options.spread_hours),
        give_up=timedelta(hours=options.give_up_hours),
        keep_days=options.keep_days,
    )


def _bounces(options: SendOptions) -> Listener | None:
    if not options.bounces:
        return None
    if not options.bounce_address:
        raise ConfigError(
            "send.bounces: what comes to `contact` is for people; name a `bounce_address` of its own"
        )
    with about("send.bounces"):
        return listener(options.bounces)


def _address(key: str, text: str) -> str:
    local, _, domain = text.rpartition("@")
    plain = local.isascii() and local.isprintable() and not set(local) & set(' "(),:;<>@[]\\')
    if (
        not local
        or not plain
        or not is_host(domain)
        or "." not in domain
        or len(text) > _ADDRESS_CHARACTERS_MAX
    ):
        raise ConfigError(f"{key}: {text!r}; a mail address such as tls-reports@example.com was expected")
    return f"{local}@{canonical(domain)}"


def _mail_way(options: SendOptions) -> MailWay | None:
    has_password = bool(options.password_file) or bool(options.password_command)
    if not options.through or options.through.startswith("/"):
        if has_password:
            raise ConfigError("send: a password is named, and `through` is no server that would want one")
        return MailWay(sendmail=options.through) if options.through else None
    with about("send.through"):
        server = parse_submission_server(options.through)
    if server.starttls and not server.user and _is_here(server.host):
        # What never leaves the machine needs no certificate, and few mail servers have one for 127.0.0.1.
        server = msgspec.structs.replace(server, starttls=False, clear=True)
    if bool(options.password_file) and bool(options.password_command):
        raise ConfigError("send: one of password_file and password_command was expected")
    if bool(server.user) != has_password:
        raise ConfigError("send.through: a user needs password_file or password_command, and they a user")
    return MailWay(
        server=server,
        password_file=Path(options.password_file) if options.password_file else None,
        password_command=options.password_command,
        roots=Path(options.ca_file) if options.ca_file else None,
    )


def _is_here(host: str) -> bool:
    return is_localhost(host) or (bare_address(host) is not None and Peer(host, 0).is_loopback)


def _signers(options: SendOptions, domain: str) -> tuple[DkimSigner, ...]:
    if len(options.dkim) > DKIM_KEYS_MAX:
        raise ConfigError(f"send.dkim: {len(options.dkim)} keys where at most {DKIM_KEYS_MAX} sign")
    return tuple(_signer(text, domain) for text in options.dkim)


def _signer(text: str, domain: str) -> DkimSigner:
    selector, _, path = text.partition("=")
    by = signature(domain, selector)
    if by is None or not path.startswith("/"):
        raise ConfigError(f"send.dkim: {text!r}; SELECTOR=/PATH was expected")
    try:
        with Path(path).open("rb") as file:
            data = file.read(KEY_BYTES_MAX)
    except OSError as error:
        raise ConfigError(f"send.dkim: {path}: cannot be read ({error.strerror})") from None
    with about(f"send.dkim: {path}"):
        return dkim_signer(by, data)


def _listed(key: str, texts: tuple[str, ...]) -> SendList:
    if len(texts) > LISTED_MAX:
        raise ConfigError(f"{key}: {len(texts)} entries where at most {LISTED_MAX} are looked for")
    for text in texts:
        domain = text.rpartition("@")[2].removeprefix(".")
        if not is_host(domain):
            raise ConfigError(f"{key}: {text!r}; a domain, .DOMAIN or a mail address was expected")
    return SendList(frozenset(canonical(text) for text in texts))
