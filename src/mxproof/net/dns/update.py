"""DNS UPDATE (RFC 2136) over TCP, signed with a shared secret (TSIG, RFC 8945), by dnspython.

An update names what is expected to stand there, so that it changes nothing in a zone that somebody altered meanwhile.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import dns.exception
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.tsig
import dns.update
import msgspec

from mxproof.formats.errors import ConfigError
from mxproof.net.asking import Peer

UPDATE_TIMEOUT_S: Final = 20.0
TSIG_FILE_BYTES_MAX: Final = 4096

_ALGORITHMS: Final = frozenset(
    (dns.tsig.HMAC_SHA224, dns.tsig.HMAC_SHA256, dns.tsig.HMAC_SHA384, dns.tsig.HMAC_SHA512)
)
"""Those that RFC 8945 section 6 lets new set-ups use."""
_KEY: Final = re.compile(r'key\s+"?([^\s"{]+)"?\s*\{(.*?)\}', re.DOTALL)
_FIELD: Final = re.compile(r'(algorithm|secret)\s+"?([^\s";]+)"?\s*;')


class TsigKey(msgspec.Struct, frozen=True):
    """A shared secret with its name and algorithm."""

    name: str
    algorithm: str
    secret: str


class UpdateRefusedError(Exception):
    """The server did not do it, and says so; `rcode` is the name of its answer."""

    def __init__(self, rcode: str) -> None:
        super().__init__(rcode)
        self.rcode = rcode


class UpdateUnansweredError(Exception):
    """No answer that can be believed came, so that nobody knows whether it was done."""


def read_tsig_key(path: Path) -> TsigKey:
    """Return the key in a file as BIND, Knot (`keymgr -t`) and tsig-keygen write it; raises ConfigError for what is none."""
    try:
        with path.open("rb") as file:
            text = file.read(TSIG_FILE_BYTES_MAX).decode("ascii", "replace")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    found = _KEY.search(text)
    fields = dict(_FIELD.findall(found[2])) if found is not None else {}
    if found is None or fields.keys() != {"algorithm", "secret"}:
        raise ConfigError(
            f'{path}: no `key "NAME" {{ algorithm ...; secret ...; }};`, as tsig-keygen writes it'
        )
    key = TsigKey(found[1], fields["algorithm"], fields["secret"])
    try:
        _ring(key)
    except (ValueError, dns.exception.DNSException) as error:
        raise ConfigError(f"{path}: the key is not right ({error})") from None
    return key


def replace_set(
    server: Peer,
    key: TsigKey,
    zone: str,
    name: str,
    kind: str,
    before: Sequence[str],
    after: Sequence[str],
    ttl_s: int,
    timeout_s: float = UPDATE_TIMEOUT_S,
) -> None:
    """Have the records of a type at a name be `after`, where they are `before`, each in the form of a zone file.

    Raises UpdateRefusedError with NXRRSET or YXRRSET where they are not, and UpdateUnansweredError where nobody knows.
    """
    change = dns.update.UpdateMessage(
        _absolute(zone),
        keyring=_ring(key),
        keyname=dns.name.from_text(key.name),
        keyalgorithm=_algorithm(key),
    )
    owner = _absolute(name)
    if before:
        change.present(owner, *_rdatas(kind, before))
    else:
        change.absent(owner, kind)
    change.delete(owner, kind)
    for one in after:
        change.add(owner, ttl_s, kind, one)
    try:
        answer = dns.query.tcp(change, server.address, timeout=timeout_s, port=server.port)
    except (OSError, EOFError, dns.exception.DNSException) as error:
        raise UpdateUnansweredError(str(error) or type(error).__name__) from None
    if not answer.had_tsig:  # whatever a release of dnspython makes of it (RFC 8945 section 5.3)
        raise UpdateUnansweredError("the answer is not signed")
    if answer.rcode() != dns.rcode.NOERROR:
        raise UpdateRefusedError(dns.rcode.to_text(answer.rcode()))


def _rdatas(kind: str, records: Sequence[str]) -> list[dns.rdata.Rdata]:
    kind_number = dns.rdatatype.from_text(kind)
    return [dns.rdata.from_text(dns.rdataclass.IN, kind_number, one) for one in records]


def _absolute(name: str) -> dns.name.Name:
    return dns.name.from_text(name, dns.name.root)


def _algorithm(key: TsigKey) -> dns.name.Name:
    return dns.name.from_text(key.algorithm)


def _ring(key: TsigKey) -> dict[dns.name.Name, dns.tsig.Key]:
    made = dns.tsig.Key(dns.name.from_text(key.name), key.secret, _algorithm(key))
    if made.algorithm not in _ALGORITHMS:
        raise ValueError(f"algorithm {key.algorithm}; one of hmac-sha224 to hmac-sha512 was expected")
    return {made.name: made}
