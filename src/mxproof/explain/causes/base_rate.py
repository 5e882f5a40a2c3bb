"""How often a receiver's own lookups fail: what is published, so that one failure in a hundred misleads nobody.

A temporary error in an authentication header is first a question to the domain's own name servers. Only when each
of them answers, over UDP and TCP, IPv4 and IPv6, the receiver's side is the likely place, and then these numbers
say what to expect of it.
"""

import msgspec


class BaseRate(msgspec.Struct, frozen=True):
    """A published rate, in words, for these causes."""

    causes: frozenset[str]
    words: str
    source: str


BASE_RATES: tuple[BaseRate, ...] = (
    BaseRate(
        frozenset({"dkim_key_dns", "spf_temperror", "dmarc_dns_temp"}),
        "Some of these errors are the receiver's own: at Microsoft's consumer service about 1 % of DKIM checks ended "
        "without the key in mid 2025 (1.03 % of the mail to Outlook.com in a 30-day sample), whatever the domain.",
        "https://forum.dmarcian.com/t/dkim-verification-failures-microsoft-365-exchange-online/2679",
    ),
)


def base_rate(cause: str) -> BaseRate | None:
    """Return the published rate for a cause, or None where there is none."""
    return next((rate for rate in BASE_RATES if cause in rate.causes), None)
