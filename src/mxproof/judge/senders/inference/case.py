"""The cases of a sender test: one domain with one deliberate property each, and the traits that it depends on.

`about` is what the engine says: a trait is named where it can make a difference, and no other is. What the domains hold is
`mxproof.lab.sendertest.cases`. A case that depends on nothing is one where every sender that keeps to the RFCs does the same.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec


class Topic(StrEnum):
    """What a case asks of a sender that has it."""

    TRANSPORT = "transport"
    MTA_STS = "mta-sts"
    DANE = "dane"


class Proper(StrEnum):
    """What a sender does that has the mechanism of the topic and keeps to its RFC."""

    DELIVER = "deliver"
    REFUSE = "refuse"
    OPEN = "open"
    """The RFCs leave it open, or do not agree."""


class Case(msgspec.Struct, frozen=True):
    """One case; `title` is what is special about its domain.

    `names` tells whether the name in SNI counts as a part of what is seen. `again`: the domain becomes another once a first
    mail was taken, and what counts is what becomes of a second one. `astray` is the label of the host that takes no mail from
    a sender that keeps to the RFC, where the case has such a one. `policy_after_s`: the policy host responds after so long, and
    whether the policy was got counts as a part of what is seen where no mail came.
    """

    id: str
    topic: Topic
    title: str
    proper: Proper
    about: tuple[str, ...] = ()
    names: bool = False
    again: bool = False
    astray: str = ""
    policy_after_s: int = 0


REPORTING_CASE: Final = "report-wanted"
"""The case whose domain wants TLS reports by mail (RFC 8460 section 3)."""
POSTING_CASE: Final = "report-by-https"
"""The case whose domain wants them by HTTPS."""
_STS: Final = ("mta_sts",)
_NAME: Final = ("mta_sts", "policy_name")
_CERTIFICATE: Final = ("mta_sts", "certificate_name")
_LISTING: Final = ("mta_sts", "policy_name", "certificate_name")
_READ: Final = (*_LISTING, "readings")
_DANE: Final = ("dane", "precedences")


def _refused(id_: str, title: str, *about: str, topic: Topic = Topic.MTA_STS) -> Case:
    return Case(id_, topic, title, Proper.REFUSE, about)


def _delivered(id_: str, title: str, *about: str, topic: Topic = Topic.MTA_STS, names: bool = False) -> Case:
    return Case(id_, topic, title, Proper.DELIVER, about, names)


def _either(id_: str, title: str, *about: str, topic: Topic = Topic.MTA_STS) -> Case:
    return Case(id_, topic, title, Proper.OPEN, about)


_MTA_STS: Final = (
    _delivered("control", "policy, names and certificate are in order"),
    _refused("mx-unlisted", "the policy does not list the MX", *_LISTING),
    _refused(REPORTING_CASE, "the policy does not list the MX, and TLS reports are wanted", *_LISTING),
    _refused(POSTING_CASE, "the policy does not list the MX, and TLS reports are wanted by HTTPS", *_LISTING),
    _refused("cert-name", "the certificate of the MX has another name", *_CERTIFICATE),
    _refused("cert-listed", "the certificate has the name of another MX in the policy", *_CERTIFICATE),
    _refused("cert-expired", "the certificate of the MX has expired", *_STS),
    _refused("cert-self-signed", "the certificate of the MX is self-signed", *_STS),
    _refused("cert-intermediate", "the MX does not send the intermediate certificate", *_STS),
    _refused(
        "cert-common-name",
        "the certificate has its name in the common name alone",
        *_CERTIFICATE,
        "common_name",
    ),
    _either("cert-weak-key", "the certificate has an RSA key of 1024 bits", *_STS, "weak_key_at_mx"),
    _either("cert-key-usage", "the key usage has nothing that TLS does", *_STS, "library", "fall_back"),
    _either("cert-any-purpose", "the extended key usage is any, not that of a server", *_STS, "library"),
    _refused("no-starttls", "the MX does not offer STARTTLS", *_STS),
    _refused("starttls-error", "the MX answers STARTTLS with an error", *_STS, "fall_back"),
    _refused("no-handshake", "the TLS handshake fails", *_STS, "fall_back"),
    _refused(
        "tls-old",
        "the MX speaks nothing newer than TLS 1.1",
        *_STS,
        "outdated_tls",
        "clear_text_again",
        "fall_back",
    ),
    _refused(
        "wildcard-depth", "the pattern `*.` would have to stand for two labels", *_NAME, "deep_wildcards"
    ),
    _delivered(
        "first-bad", "the certificate of the first MX is wrong, that of the second right", *_CERTIFICATE
    ),
    _delivered(
        "ipv6-bad", "the MX has another certificate over IPv6, a wrong one", *_CERTIFICATE, "addresses"
    ),
    _delivered("mode-testing", "the policy does not list the MX, and is in mode testing"),
    _delivered("mode-none", "the policy does not list the MX, and is in mode none"),
    _delivered("alias-mx-listed", "the MX is an alias; the policy lists the alias", *_NAME),
    _refused("alias-target-listed", "the MX is an alias; the policy lists its target", *_NAME),
    _refused("alias-reverse-listed", "the MX is an alias; the policy lists the reverse name", *_NAME),
    _delivered("alias-mx-named", "the MX is an alias; the certificate has the alias", *_CERTIFICATE),
    _refused("alias-target-named", "the MX is an alias; the certificate has its target", *_CERTIFICATE),
    _refused(
        "alias-reverse-named", "the MX is an alias; the certificate has the reverse name", *_CERTIFICATE
    ),
    _delivered("alias-all", "the MX is an alias; policy and certificate have all names", "sni", names=True),
    _delivered(
        "record-twice", "there are two MTA-STS records, and a policy that does not list the MX", *_READ
    ),
    _delivered("record-id", "the id of the record has characters that no id has", *_READ),
    _delivered("record-no-id", "the record has no id", *_READ),
    _delivered("policy-redirect", "the policy host answers with a redirect"),
    _delivered("policy-media", "the policy is served as text/html", *_READ),
    _delivered("policy-missing", "the policy host answers 404"),
    _delivered("policy-refused", "the policy host refuses connections"),
    _delivered("policy-cert-name", "the certificate of the policy host has another name"),
    _delivered("policy-self-signed", "the certificate of the policy host is self-signed"),
    _either(
        "policy-weak-key",
        "the policy host has an RSA key of 1024 bits",
        *_LISTING,
        "weak_key_at_policy_host",
    ),
    _delivered(
        "policy-common-name",
        "the certificate of the policy host has its name in the common name alone",
        *_LISTING,
        "common_name_at_policy_host",
    ),
    _delivered("policy-blank-line", "the policy has a blank line", *_READ),
    _delivered("policy-no-age", "the policy has no max_age", *_READ),
    _delivered("policy-age-sign", "the max_age has a plus sign", *_READ),
    _delivered("policy-age-high", "the max_age is over the limit", *_READ),
    _refused("policy-mode-twice", "the policy has a second mode, which does not count", *_READ),
    _delivered("policy-line", "the policy has a line that is no field", *_READ),
    _delivered("policy-name-space", "the name of a field has a space behind it", *_READ),
    _delivered("policy-final-dot", "the pattern of the policy has a final dot", *_READ),
)
_DANE_CASES: Final = (
    _delivered("dane-right", "the TLSA record matches a self-signed certificate", topic=Topic.DANE),
    *(
        _refused(id_, title, *_DANE, *more, topic=Topic.DANE)
        for id_, title, *more in (
            ("dane-wrong", "the TLSA record matches no certificate"),
            ("dane-no-starttls", "there is a TLSA record, and no STARTTLS"),
            ("dane-unusable", "the TLSA record is of no use (1 1 1), and there is no STARTTLS"),
            ("dane-unanswered", "the look-up of the TLSA records fails"),
            ("dane-wrong-at-alias", "a TLSA record at the alias of the MX matches nothing", "tlsa_at"),
            ("dane-wrong-at-target", "a TLSA record at the target of the MX matches nothing", "tlsa_at"),
            ("dane-anchor-name", "the authority matches (2 1 1), the name does not", "anchored_names"),
        )
    ),
    _delivered(
        "dane-unsigned", "the TLSA record matches nothing, and the zone is not signed", topic=Topic.DANE
    ),
    _either(
        "dane-mx-unsigned",
        "the TLSA record matches nothing; the MX record is not signed, the host is",
        *_DANE,
        "dane_needs_secure_mx",
        topic=Topic.DANE,
    ),
    _delivered(
        "dane-wrong-at-alias-only",
        "the TLSA record at the target matches, that at the alias does not",
        *_DANE,
        "tlsa_at",
        topic=Topic.DANE,
    ),
    _delivered("dane-anchor", "the TLSA record matches the authority (2 1 1)", topic=Topic.DANE),
    *(
        _either(id_, title, *_DANE, trait, topic=Topic.DANE)
        for id_, title, trait in (
            ("dane-anchor-expired", "the authority matches (2 0 1), and has expired", "bare_anchors"),
            ("dane-anchor-whole", "the root stands in the record (2 0 0), and is not sent", "whole_anchors"),
            ("dane-anchor-key", "the key of the root stands in the record (2 1 0)", "whole_keys"),
        )
    ),
    _delivered(
        "dane-expired",
        "the TLSA record matches a certificate that has expired (3 1 1)",
        *_DANE,
        "doubted_dates",
        topic=Topic.DANE,
    ),
    _either(
        "dane-digests",
        "the SHA-256 digest matches, the SHA-512 one does not",
        *_DANE,
        "strongest_digest",
        topic=Topic.DANE,
    ),
    _either(
        "dane-unlisted",
        "the TLSA record matches; the policy does not list the MX",
        *_LISTING,
        *_DANE,
        topic=Topic.DANE,
    ),
    _delivered(
        "dane-right-untrusted",
        "the TLSA record matches; the policy is not satisfied by the certificate",
        *_STS,
        *_DANE,
        topic=Topic.DANE,
    ),
    _refused(
        "dane-wrong-listed",
        "the TLSA record matches nothing; the policy is satisfied",
        *_STS,
        *_DANE,
        topic=Topic.DANE,
    ),
    _either(
        "dane-first-only",
        "the TLSA record of the first MX matches nothing; the second has none, and is not in the policy",
        *_LISTING,
        *_DANE,
        topic=Topic.DANE,
    ),
)
_CHANGED: Final = tuple(
    Case(id_, topic, f"after the first mail {title}", proper, about, again=True, astray=astray)
    for id_, topic, title, proper, about, astray in (
        (
            "policy-renewed",
            Topic.MTA_STS,
            "the policy lists the other MX, under another id",
            Proper.DELIVER,
            (*_LISTING, "refresh"),
            "",
        ),
        (
            "policy-altered",
            Topic.MTA_STS,
            "the policy lists the other MX, under the same id",
            Proper.DELIVER,
            (*_LISTING, "refresh"),
            "",
        ),
        (
            "policy-outlived",
            Topic.MTA_STS,
            "max_age ends, and the policy lists the other MX, under the same id",
            Proper.DELIVER,
            (*_LISTING, "refresh"),
            "",
        ),
        (
            "policy-gone",
            Topic.MTA_STS,
            "record and policy are gone; the first MX was not in it",
            Proper.DELIVER,
            (*_LISTING, "refresh"),
            "mx1",
        ),
        (
            "certificate-lost",
            Topic.TRANSPORT,
            "an MX with a self-signed certificate comes first",
            Proper.OPEN,
            ("remembers_level",),
            "",
        ),
    )
)
POLICY_AFTER_S: Final = (6, 15, 45)
"""After how long a policy comes that is slow: those are told apart of whom it is known for how long they wait, and it is less than the
minute after which Courier asks anew, twenty times."""
_SLOW: Final = tuple(
    Case(
        id_,
        Topic.MTA_STS,
        f"the policy, which does not list the MX, comes after {after_s} seconds",
        Proper.OPEN,
        (*_LISTING, "policy_wait_s", "given_up"),
        policy_after_s=after_s,
    )
    for id_, after_s in zip(("policy-slow", "policy-slower", "policy-slowest"), POLICY_AFTER_S, strict=True)
)
_OPEN: Final = tuple(
    Case(id_, Topic.TRANSPORT, title, proper, tuple(about), names)
    for id_, title, proper, about, names in (
        ("open", "there is neither a policy nor a TLSA record", Proper.DELIVER, (), False),
        ("open-self-signed", "the certificate is self-signed", Proper.DELIVER, (), False),
        ("open-no-starttls", "the MX does not offer STARTTLS", Proper.DELIVER, (), False),
        ("open-starttls-error", "the MX answers STARTTLS with an error", Proper.OPEN, ("fall_back",), False),
        ("open-no-handshake", "the TLS handshake fails", Proper.OPEN, ("fall_back",), False),
        (
            "open-tls-old",
            "the MX speaks nothing newer than TLS 1.1",
            Proper.OPEN,
            ("outdated_tls", "clear_text_again", "fall_back"),
            False,
        ),
        (
            "open-ehlo-refused",
            "the MX answers EHLO and HELO with an error inside TLS",
            Proper.OPEN,
            ("refused_ehlo", "clear_text_again"),
            False,
        ),
        (
            "open-cut",
            "the MX ends the connection after the handshake",
            Proper.OPEN,
            ("lost_inside",),
            False,
        ),
        (
            "open-early",
            "the MX says more in the clear behind its 220 to STARTTLS",
            Proper.OPEN,
            ("early_text", "fall_back"),
            False,
        ),
        (
            "open-key-usage",
            "the key usage has nothing that TLS does",
            Proper.OPEN,
            ("library", "fall_back"),
            False,
        ),
        ("open-alias", "the MX is an alias", Proper.DELIVER, (), False),
        ("mx-malformed", "the first MX record holds no host name", Proper.OPEN, ("malformed_mx",), False),
        ("mx-literal", "the first MX record holds an address", Proper.OPEN, ("literal_mx",), False),
        ("mx-null-beside", "a null MX stands beside another", Proper.OPEN, ("null_mx_beside",), False),
        ("ipv6-dead", "nobody answers over IPv6", Proper.DELIVER, (), False),
    )
)

CASES: Final[Mapping[str, Case]] = MappingProxyType(
    {case.id: case for case in (*_OPEN, *_MTA_STS, *_SLOW, *_DANE_CASES, *_CHANGED)}
)
"""All cases by id, those first that others rest on."""
