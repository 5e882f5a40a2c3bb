"""Certification authorities by the organization in their certificates: the names in CAA records that let them issue.

Each is taken from the authority's own pages, as `source` says. Of any other nothing is known here, and of an authority
with many brands nothing unless all its names are known: a name that is not in the table may let it issue all the same.
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


CAA_ISSUERS: Final = (
    CaaIssuer(("Let's Encrypt",), ("letsencrypt.org",), "https://letsencrypt.org/docs/caa/"),
    CaaIssuer(
        ("Google Trust Services", "Google Trust Services LLC"),
        ("pki.goog",),
        "https://developers.google.com/public-key-infrastructure/dns-debugging",
    ),
    CaaIssuer(
        ("Amazon",),
        ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"),
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
        ("ssl.com",),
        "https://www.ssl.com/how-to/configure-caa-records-to-authorize-ssl-com/",
    ),
    CaaIssuer(
        ("GoDaddy.com, Inc.", "Starfield Technologies, Inc."),
        ("godaddy.com", "starfieldtech.com"),
        "https://www.godaddy.com/help/using-caa-records-with-your-ssl-certificate-27227",
    ),
)


def organization(name: str) -> str:
    """Return the organization in a distinguished name as RFC 4514 writes it, empty where it has none."""
    found = _ORGANIZATION.search(name)
    return _ESCAPED.sub(r"\1", found[1]) if found is not None else ""


def caa_names(issuer: str) -> tuple[str, ...]:
    """Return the names that let an authority issue, of whose distinguished name nothing need be known."""
    named = organization(issuer)
    return next((one.names for one in CAA_ISSUERS if named in one.organizations), ())
