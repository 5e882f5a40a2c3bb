"""Whose fault a failure can be: the five answers, and a suspect of one of them.

A cause carries its suspects as data, and a rule may narrow them to what its words tell. `mxproof.explain.fault` decides
between them by what else the text has.
"""

from enum import StrEnum

import msgspec


class Fault(StrEnum):
    """At whose side the fault lies."""

    RECIPIENT = "recipient"
    """The recipient's domain, its name servers or its mail servers."""
    SENDER = "sender"
    """The sending machine and its settings, or what the sender's domain publishes."""
    PATH = "path"
    """A network or a device between the two."""
    RECEIVER = "receiver"
    """A rule, a filter or a look-up of the receiving side, which finds fault with nothing of the sender's."""
    UNCLEAR = "unclear"
    """The same text can come from more than one side."""


class Suspect(msgspec.Struct, frozen=True, kw_only=True):
    """What may be at fault: the side, the thing in words, and the command that tells (empty: that of the cause).

    `program` is the only mail system that knows the command. What is `seldom_at_provider` is no lasting fault of a
    provider with millions of mailboxes: neither where it receives nor where it sends and reports. `of_host` tells a
    fault of the host that was tried from one of the recipient's domain.
    """

    fault: Fault
    words: str
    next: str = ""
    program: str = ""
    seldom_at_provider: bool = False
    of_host: bool = False
