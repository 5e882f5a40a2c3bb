"""Certification authorities by the organization in their certificates: the names in CAA records that let them issue.

Each is taken from the authority's own pages or from what it declares in the CCADB, as `source` says. Of any other nothing is
known here, and of an authority with many brands nothing unless all its names are known: a name that is not in the table may
let it issue all the same. Where sources differ, a name in any of them counts. The pages of the authorities were not read again for
this: each of their names was found, under the same authority, in copies of what the CCADB lists (`_CCADB`), but for `entrust.net` and
`affirmtrust.com` of SSL.com, which the copy of 2026-09-22 has of Sectigo alone. Which organization a certificate of an authority
names is from certificates, and of those with `_CCADB` alone from a table that others made of the intermediates that Mozilla lists.
"""

import re
from typing import Final

import msgspec

_ORGANIZATION = re.compile(r"(?:^|(?<!\\),)O=((?:\\.|[^,\\])+)")
_ESCAPED = re.compile(r"\\(.)")


class CaaIssuer(msgspec.Struct, frozen=True):
    """An authority: the organizations that its certificates name, and its names in CAA records."""

    organizations: tuple[str, ...]
    names: tuple[str, ...]
    source: str


_CCADB: Final = (
    "CCADB, report AllCAAIdentifiersReport, as copied in netray-info/netray crates/tlsight/data/caa_domains.tsv and, on"
    " 2026-09-22, in fabriziosalmi/certmate modules/core/caa.py"
)
"""What every authority in a browser's store declares there, as far as copies show it: the report itself was not read."""
_SECTIGO: Final = (
    "sectigo.com",
    "usertrust.com",
    "trust-provider.com",
    "comodo.com",
    "comodoca.com",
    "entrust.net",
    "affirmtrust.com",
)
CAA_ISSUERS: Final = (
    CaaIssuer(("Let's Encrypt",), ("letsencrypt.org",), "https://letsencrypt.org/docs/caa/"),
    CaaIssuer(
        ("Google Trust Services", "Google Trust Services LLC"),
        ("pki.goog",),
        "https://developers.google.com/public-key-infrastructure/dns-debugging",
    ),
    CaaIssuer(
        ("Amazon",),
        ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", "aws.amazon.com"),
        "https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html",
    ),
    CaaIssuer(
        ("GlobalSign nv-sa",),
        ("globalsign.com",),
        "https://support.globalsign.com/ssl/general-ssl/caa-checking-ssl-certificates",
    ),
    CaaIssuer(
        ("Buypass AS-983163327",),
        ("buypass.com", "buypass.no"),
        "https://community.buypass.com/t/h7hqcpz/acme-caa-notification",
    ),
    CaaIssuer(
        ("SSL Corporation", "SSL Corp"),
        ("ssl.com", "entrust.net", "affirmtrust.com"),
        "https://www.ssl.com/how-to/configure-caa-records-to-authorize-ssl-com/",
    ),
    CaaIssuer(
        ("GoDaddy.com, Inc.", "Starfield Technologies, Inc."),
        ("godaddy.com", "starfieldtech.com", "amazon.com"),
        "https://www.godaddy.com/help/using-caa-records-with-your-ssl-certificate-27227",
    ),
    CaaIssuer(
        ("Sectigo Limited", "COMODO CA Limited", "The USERTRUST Network"),
        _SECTIGO,
        _CCADB,
    ),
    CaaIssuer(("ZeroSSL",), (*_SECTIGO, "zerossl.com"), f"{_CCADB}, which takes it for Sectigo"),
    CaaIssuer(
        ("DigiCert Inc", "DigiCert, Inc."),
        (
            "digicert.com",
            "www.digicert.com",
            "digicert.ne.jp",
            "cybertrust.ne.jp",
            "thawte.com",
            "geotrust.com",
            "rapidssl.com",
            "symantec.com",
            "digitalcertvalidation.com",
            "volusion.digitalcertvalidation.com",
            "stratossl.digitalcertvalidation.com",
            "intermediatecertificate.digitalcertvalidation.com",
            "1and1.digitalcertvalidation.com",
            "quovadisglobal.com",
            "pkioverheid.nl",
            "amazon.com",
            "amazontrust.com",
            "awstrust.com",
            "amazonaws.com",
        ),
        f"{_CCADB}; https://docs.digicert.com/en/certcentral/manage-certificates/dns-caa-resource-record-check.html",
    ),
    CaaIssuer(("Actalis S.p.A.",), ("actalis.it",), _CCADB),
    CaaIssuer(("Asseco Data Systems S.A.",), ("certum.pl", "certum.eu", "yandex.ru"), _CCADB),
    CaaIssuer(("Hellenic Academic and Research Institutions CA",), ("harica.gr",), _CCADB),
    CaaIssuer(("Certainly",), ("certainly.com",), _CCADB),
    CaaIssuer(("IdenTrust",), ("identrust.com", "www.identrust.com"), _CCADB),
    CaaIssuer(("D-Trust GmbH",), ("d-trust.net", "d-trust.de", "dtrust.de", "dtrust.net"), _CCADB),
    CaaIssuer(("Deutsche Telekom Security GmbH",), ("telesec.de", "pki.dfn.de", "dfn.de"), _CCADB),
)


def organization(name: str) -> str:
    """Return the organization in a distinguished name as RFC 4514 writes it, empty where it has none."""
    found = _ORGANIZATION.search(name)
    return _ESCAPED.sub(r"\1", found[1]) if found is not None else ""


def caa_names(issuer: str) -> tuple[str, ...]:
    """Return the names that let an authority issue, of whose distinguished name nothing need be known."""
    named = organization(issuer)
    return next((one.names for one in CAA_ISSUERS if named in one.organizations), ())
