"""Master files (RFC 1035 section 5): read by dnspython, returned as the records of a zone.

`$ORIGIN`, `$TTL`, `$GENERATE` and `$INCLUDE` are followed. A file that is included is looked for from the folder of the
zone file, as name servers have one folder for all files of a zone. A fault is a ConfigError that begins with file and
line.
"""

import ipaddress
import socket
from collections.abc import Iterable
from contextlib import chdir
from io import StringIO
from pathlib import Path
from typing import cast

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
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
    DnsRecord,
    MxRecord,
    NameRecord,
    OtherRecord,
    TlsaRecord,
    TxtRecord,
)
from mxproof.formats.dns_name import name_text
from mxproof.formats.errors import ConfigError
from mxproof.world.world import TTL_UNSAID_S, RRset

ZONE_BYTES_MAX = 64 * 1024 * 1024
FILES_MAX = 100
"""A zone file and what it includes, each as often as it is."""
LINE = "line"
_BESIDE_ALIASES = frozenset({"RRSIG", "NSEC", "KEY"})


class ZoneFile(msgspec.Struct, frozen=True):
    """What stands in a master file; `apex` is the owner of the SOA record, None where the file is a part of a zone."""

    rrsets: tuple[RRset, ...]
    apex: str | None


def read_zone_file(path: Path, origin: str) -> ZoneFile:
    """Return the records in a file, in which names are relative to `origin` until it says otherwise."""
    try:
        if path.stat().st_size > ZONE_BYTES_MAX:
            raise ConfigError(f"{path}: more than {ZONE_BYTES_MAX} bytes")
        text = path.read_text(encoding="utf-8")
        with chdir(path.parent):
            return _read(text, str(path), origin)
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; a master file was expected") from None
    except OSError as error:
        which = error.filename or "a file that it includes"
        where = str(path) if which == str(path) else f"{path}: $INCLUDE {which}"
        raise ConfigError(f"{where}: cannot be read ({error.strerror or error})") from None


def read_lines(lines: Iterable[str], origin: str) -> tuple[RRset, ...]:
    """Return records that are lines of a master file; a fault is told with the line itself."""
    found: list[RRset] = []
    for line in lines:
        try:
            found += _read(f"{line}\n", LINE, origin).rrsets
        except ConfigError as error:
            raise ConfigError(f"{line!r}: {str(error).removeprefix(f'{LINE}:1: ')}") from None
    return tuple(found)


def rrset_of(rrset: dns.rrset.RRset) -> RRset:
    """Return records of one name and type as values."""
    return RRset(
        _name(rrset.name), dns.rdatatype.to_text(rrset.rdtype), tuple(map(_record, rrset)), rrset.ttl
    )


class _Records:
    """What the reader of dnspython writes to: records by name and type, wherever their zone begins."""

    def __init__(self) -> None:
        self.manager = self
        self._found: dict[str, dict[str, list[DnsRecord]]] = {}
        self._ttls: dict[tuple[str, str], int] = {}

    def origin_information(self) -> tuple[dns.name.Name, bool, dns.name.Name]:
        """Say that every name is in the zone."""
        return dns.name.root, False, dns.name.root

    def check_put_rdataset(self, check: object) -> None:
        """Take no check of anybody else."""

    def _set_origin(self, origin: dns.name.Name) -> None:
        """Take no part in where names are relative to."""

    def add(self, owner: dns.name.Name, ttl_s: int, rdata: dns.rdata.Rdata) -> None:
        """Take a record; an alias has no others beside it (RFC 1034 section 3.6.2)."""
        name, kind = _name(owner), dns.rdatatype.to_text(rdata.rdtype)
        beside = self._found.setdefault(name, {})
        others = {one for one in (*beside, kind) if one not in _BESIDE_ALIASES}
        if "CNAME" in others and (len(others) > 1 or (kind == "CNAME" and kind in beside)):
            raise dns.exception.SyntaxError(f"{name} has a CNAME record and another one beside it")  # type: ignore[no-untyped-call]  # dnspython leaves it untyped
        beside.setdefault(kind, []).append(_record(rdata))
        self._ttls.setdefault((name, kind), ttl_s)

    def rrsets(self) -> tuple[RRset, ...]:
        """Return all of them, none twice."""
        return tuple(
            RRset(name, kind, tuple(dict.fromkeys(records)), self._ttls[name, kind])
            for name, kinds in self._found.items()
            for kind, records in kinds.items()
        )


class _Tokens(dns.tokenizer.Tokenizer):
    """The words of a file; a fault is in the line of the last word, not in the one behind the end of a record."""

    at_end = False

    def get(self, want_leading: bool = False, want_comment: bool = False) -> dns.tokenizer.Token:
        """Return the next word."""
        token = super().get(want_leading, want_comment)
        self.at_end = token.is_eol()
        return token

    def where(self) -> tuple[str, int]:
        """Return file and line of the last word, the end of whose line may have been read already."""
        name, line = super().where()
        beyond = self.at_end or self.quoting or self.ungotten_char == "\n"
        return name, line - 1 if beyond else line


class _Reader(dns.zonefile.Reader):
    """The reader of dnspython, in whose included files faults are found as well."""

    _words: _Tokens
    _files = 0

    @property
    def tok(self) -> dns.tokenizer.Tokenizer:
        """Return the words of the file that is read now."""
        return self._words

    @tok.setter
    def tok(self, words: dns.tokenizer.Tokenizer) -> None:
        if isinstance(words, _Tokens):
            self._words = words
            return
        self._files += 1
        with words.file:
            if self._files > FILES_MAX:
                raise dns.exception.SyntaxError(f"more than {FILES_MAX} files")  # type: ignore[no-untyped-call]  # as above
            self._words = _Tokens(StringIO(words.file.read(ZONE_BYTES_MAX)), words.filename)


def _read(text: str, name: str, origin: str) -> ZoneFile:
    found = _Records()
    reader = _Reader(
        dns.tokenizer.Tokenizer(StringIO(text), name),
        dns.rdataclass.IN,
        cast("dns.transaction.Transaction", found),
        allow_include=True,
        default_ttl=TTL_UNSAID_S,
    )
    reader.current_origin = reader.last_name = dns.name.from_text(origin)
    try:
        reader.read()
    except dns.exception.SyntaxError as error:
        raise ConfigError(str(error).rstrip(".")) from None
    except (dns.exception.DNSException, ValueError) as error:
        file, line = reader.tok.where()
        raise ConfigError(f"{file}:{line}: {error or type(error).__name__}") from None
    rrsets = found.rrsets()
    return ZoneFile(rrsets, next((one.name for one in rrsets if one.type == "SOA"), None))


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
