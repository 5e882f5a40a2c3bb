"""Master files (RFC 1035 section 5): read by dnspython, returned as the records of a zone.

`$ORIGIN`, `$TTL`, `$GENERATE` and `$INCLUDE` are followed. A file that is included is looked for from the folder of the
zone file, as name servers have one folder for all files of a zone. A fault is a ConfigError that begins with file and
line.
"""

import ipaddress
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.CAA
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.TLSA
import dns.rdtypes.ANY.TXT
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA
import dns.rdtypes.nsbase
import dns.rrset
import dns.tokenizer
import dns.transaction
import dns.zonefile
import msgspec

from mxproof.evidence import (
    AddressRecord,
    CaaRecord,
    DnsRecord,
    MxRecord,
    NameRecord,
    OtherRecord,
    TlsaRecord,
    TxtRecord,
)
from mxproof.formats.dns_name import name_text
from mxproof.formats.errors import ConfigError
from mxproof.net.dns.zone_tokens import (
    A_PART,
    LINE,
    ZONE_BYTES_MAX,
    ZoneTokens,
    fault,
    refusal,
    text_of,
    too_large,
)
from mxproof.world.world import TTL_UNSAID_S, RRset

ZONE_RECORDS_MAX = 250_000
"""As many as are read in less than a minute; of a larger zone a part will do."""
FILES_MAX = 100
"""A zone file and what it includes, each as often as it is."""
_BESIDE_ALIASES = frozenset({"RRSIG", "NSEC", "KEY"})
_DIRECTIVES = ("$GENERATE", "$INCLUDE", "$ORIGIN", "$TTL")


class ZoneFile(msgspec.Struct, frozen=True):
    """What stands in a master file; `apex` is the owner of the SOA record, None where the file is a part of a zone."""

    rrsets: tuple[RRset, ...]
    apex: str | None


def read_zone_file(path: Path, origin: str, *, records_max: int = ZONE_RECORDS_MAX) -> ZoneFile:
    """Return the records in a file, in which names are relative to `origin` until it says otherwise."""
    try:
        with path.open("rb") as file:
            text = text_of(file.read(ZONE_BYTES_MAX + 1), str(path))
        with _working_in(path.parent):
            return _read(text, str(path), origin, records_max)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error})") from None


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Work in a folder, and go back to that of before, also where that has been deleted and has no name."""
    before = os.open(".", getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY)
    try:
        os.chdir(folder)
        yield
    finally:
        os.fchdir(before)
        os.close(before)


def read_lines(lines: Iterable[str], origin: str) -> tuple[RRset, ...]:
    """Return records that are lines of a master file; a fault is told with the line itself."""
    found: list[RRset] = []
    for line in lines:
        try:
            rrsets = _read(f"{line}\n", LINE, origin, ZONE_RECORDS_MAX).rrsets
        except ConfigError as error:
            raise ConfigError(str(error).removeprefix(f"{LINE}:1: ")) from None
        if not rrsets:
            raise ConfigError(f"{line!r}: no record in it; one such as 'mx1 A 192.0.2.1' was expected")
        found += rrsets
    return tuple(found)


def rrset_of(rrset: dns.rrset.RRset) -> RRset:
    """Return records of one name and type as values."""
    return RRset(
        _name(rrset.name), dns.rdatatype.to_text(rrset.rdtype), tuple(map(_record, rrset)), rrset.ttl
    )


class _Records:
    """What the reader of dnspython writes to: records by name and type, wherever their zone begins."""

    def __init__(self, records_max: int) -> None:
        self.manager = self
        self._found: dict[str, dict[str, list[DnsRecord]]] = {}
        self._ttls: dict[tuple[str, str], int] = {}
        self._left = records_max
        self.apex: str | None = None

    def origin_information(self) -> tuple[dns.name.Name, bool, dns.name.Name]:
        """Say that every name is in the zone."""
        return dns.name.root, False, dns.name.root

    def check_put_rdataset(self, check: object) -> None:
        """Take no check of anybody else."""

    def _set_origin(self, origin: dns.name.Name) -> None:
        """Take no part in where names are relative to."""

    def add(self, owner: dns.name.Name, ttl_s: int, rdata: dns.rdata.Rdata) -> None:
        """Take a record; an alias has no others beside it (RFC 1034 section 3.6.2), a zone one SOA (RFC 1035 section 5.2)."""
        self._left -= 1
        if self._left < 0:
            raise refusal(f"too many records; {A_PART}")
        name, kind = _name(owner), dns.rdatatype.to_text(rdata.rdtype)
        beside = self._found.setdefault(name, {})
        others = {one for one in (*beside, kind) if one not in _BESIDE_ALIASES}
        if "CNAME" in others and (len(others) > 1 or (kind == "CNAME" and kind in beside)):
            raise refusal(f"{name} has a CNAME record and another one beside it")
        record = _record(rdata)
        if kind == "SOA":
            if self.apex is not None and (name != self.apex or record not in beside[kind]):
                raise refusal("a second SOA record; a zone has one, at its top")
            self.apex = name
        beside.setdefault(kind, []).append(record)
        self._ttls.setdefault((name, kind), ttl_s)

    def rrsets(self) -> tuple[RRset, ...]:
        """Return all of them, none twice."""
        return tuple(
            RRset(name, kind, tuple(dict.fromkeys(records)), self._ttls[name, kind])
            for name, kinds in self._found.items()
            for kind, records in kinds.items()
        )


class _Reader(dns.zonefile.Reader):
    """The reader of dnspython, in whose included files faults are found as well."""

    _words: ZoneTokens
    _files = 0
    _bytes = 0

    @property
    def tok(self) -> dns.tokenizer.Tokenizer:
        """Return the words of the file that is read now."""
        return self._words

    @tok.setter
    def tok(self, words: dns.tokenizer.Tokenizer) -> None:
        if isinstance(words, ZoneTokens):
            self._words = words
            return
        with words.file as file:
            data = file.buffer.read(ZONE_BYTES_MAX + 1)
        self._files += 1
        self._bytes += len(data)
        if self._files >= FILES_MAX:
            raise refusal(f"more than {FILES_MAX} files; one of them seems to include itself")
        text = text_of(data, words.filename)
        if self._bytes > ZONE_BYTES_MAX:
            raise too_large(words.filename)
        self._words = ZoneTokens(text, words.filename)

    @property
    def words(self) -> ZoneTokens:
        """Return the words of the file that is read now, as our own."""
        return self._words


def _read(text: str, name: str, origin: str, records_max: int) -> ZoneFile:
    found = _Records(records_max)
    reader = _Reader(
        ZoneTokens(text, name),
        dns.rdataclass.IN,
        cast("dns.transaction.Transaction", found),
        allow_directives=_DIRECTIVES,
        default_ttl=TTL_UNSAID_S,
    )
    reader.current_origin = reader.last_name = dns.name.from_text(origin)
    try:
        reader.read()
    except OSError as error:
        raise fault(reader.words, f"cannot be read ({error.strerror or error})") from None
    except (dns.exception.DNSException, ValueError) as error:
        raise fault(reader.words, error) from None
    return ZoneFile(found.rrsets(), found.apex)


def _record(rdata: dns.rdata.Rdata) -> DnsRecord:
    match rdata:
        case dns.rdtypes.IN.A.A() | dns.rdtypes.IN.AAAA.AAAA():
            return AddressRecord(_as_received(rdata.address))
        case dns.rdtypes.ANY.MX.MX():
            return MxRecord(rdata.preference, _name(rdata.exchange))
        case dns.rdtypes.ANY.TXT.TXT():
            return TxtRecord(b"".join(rdata.strings), len(rdata.strings))
        case dns.rdtypes.ANY.TLSA.TLSA():
            return TlsaRecord(rdata.usage, rdata.selector, rdata.mtype, rdata.cert)
        case dns.rdtypes.ANY.CAA.CAA():
            return CaaRecord(rdata.flags, rdata.tag.decode("ascii", "replace").lower(), rdata.value)
        case dns.rdtypes.nsbase.NSBase():
            return NameRecord(_name(rdata.target))
        case _:
            return OtherRecord(rdata.to_text())


def _name(name: dns.name.Name) -> str:
    return name_text(name.to_digestable())


def _as_received(address: str) -> str:
    """Return `address` in the text that whoever asks makes of its bytes (RFC 5952 section 5 on mapped addresses)."""
    parsed = ipaddress.ip_address(address)
    family = socket.AF_INET6 if parsed.version == 6 else socket.AF_INET
    return socket.inet_ntop(family, parsed.packed)
