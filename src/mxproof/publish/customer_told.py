"""How the domain of a customer stands: version 1 of what `publish customers` prints as JSON, a line each."""

from typing import Final

import msgspec

from mxproof.publish.customers import CustomerEnd, CustomerResult
from mxproof.publish.told import ToldPublication, told
from mxproof.publish.told_certificate import ToldCertificate

CUSTOMER_VERSION: Final = 1


class ToldCustomer(msgspec.Struct, frozen=True):
    """One domain. `aliases` are lines for its zone; `certificate` is the host that wants one, empty for none.

    `publication` is what became of it as `publish apply` tells it, None where nothing was tried, and `said` is why. `order` is what became
    of the order of the certificate as `publish certificates` tells it, None where none is ordered here.
    """

    schema_version: int
    domain: str
    end: CustomerEnd
    aliases: tuple[str, ...]
    certificate: str
    publication: ToldPublication | None
    said: str
    order: ToldCertificate | None = None


def told_customer(result: CustomerResult) -> ToldCustomer:
    """Return how a customer's domain stands as it is printed."""
    return ToldCustomer(
        CUSTOMER_VERSION,
        result.domain,
        result.end,
        tuple(one.line() for one in result.aliases),
        result.certificate.host if result.certificate is not None else "",
        told(result.publication) if result.publication is not None else None,
        result.said,
        result.order,
    )
