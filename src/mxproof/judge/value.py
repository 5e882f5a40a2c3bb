"""What findings carry: the values of the rooms below, and the few that only a check has a use for.

A check passes on what it saw and makes no sentence of it; `mxproof.judge.catalogue.wording` does, for each kind of
value in one place, and whoever reasons about a finding reads names, addresses and times as such.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.evidence import Answer, Question
from mxproof.formats import Objection
from mxproof.formats.mtasts import Policy
from mxproof.formats.tlsa import Tlsa
from mxproof.mail.change import Publish
from mxproof.mail.domain import HostState, PolicyFetch


class Unseen(StrEnum):
    """What was not seen, in place of what it lacks."""

    POLICY = "policy"
    CERTIFICATE = "certificate"


class NameLack(msgspec.Struct, frozen=True):
    """A name that certificates lack: those at `addresses`, or all where it is empty."""

    name: str
    addresses: tuple[str, ...] = ()


class AliasLacks(msgspec.Struct, frozen=True):
    """What senders that look at one name or the other miss."""

    policy: tuple[str, ...] | Unseen
    certificate: tuple[NameLack, ...] | Unseen


class CertificateNames(msgspec.Struct, frozen=True):
    """The names of a certificate; `common_name` where it is the one wanted, and does not count (RFC 9525)."""

    names: tuple[str, ...]
    common_name: str | None = None


class HostLookUp(msgspec.Struct, frozen=True):
    """What the look-ups of a host's addresses came to; `target` is where its aliases end, itself without any."""

    name: str
    target: str
    state: HostState
    answers: tuple[Answer, ...]


class RecordFaults(msgspec.Struct, frozen=True):
    """What is wrong with an MTA-STS record.

    `several` texts look like records and none is one; `rivals` are texts that some senders count beside the record.
    """

    objections: tuple[Objection, ...]
    several: bool
    rivals: tuple[bytes, ...]


Value = (
    str
    | int
    | bytes
    | datetime
    | Answer
    | Question
    | Objection
    | Policy
    | PolicyFetch
    | Tlsa
    | HostState
    | HostLookUp
    | Publish
    | Unseen
    | NameLack
    | AliasLacks
    | CertificateNames
    | RecordFaults
    | None
    | tuple["Value", ...]
)
"""`bytes` are text as received; a tuple holds values in the order in which they are to be read."""
