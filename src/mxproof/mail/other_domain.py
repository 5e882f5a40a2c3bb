"""Domains beside the one that is looked at: itself as others are served it, and where its reports go."""

import msgspec

from mxproof.mail.domain import MailDomain, TlsrptRecord
from mxproof.survey.served import ComparedZone, ZoneVersion


class OtherVersion(msgspec.Struct, frozen=True):
    """The domain as it is for whoever asks by way of other name servers than the resolver here did."""

    zone: ComparedZone
    version: ZoneVersion
    domain: MailDomain


class Reports(msgspec.Struct, frozen=True):
    """Where TLS reports on a domain end: who gets them by mail, as a domain that receives mail, and what else asks for some.

    `at_bases` are the TLSRPT records at TLSA base domains.
    """

    receivers: tuple[MailDomain, ...]
    at_bases: tuple[TlsrptRecord, ...]
