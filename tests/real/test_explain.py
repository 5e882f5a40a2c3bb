"""What `mxproof explain` makes of the notices of failure that real Postfix wrote."""

from mxproof.explain.engine import explain
from real.bed.bed import Bed
from real.bed.delivery import Delivery
from real.bed.senders import POSTFIX_DANE, POSTFIX_STS

UNVERIFIED = ["cert_not_verified"]
NO_HANDSHAKE = ["tls_handshake"]
NO_NAMES = ["dns_temp"]
CAUSES = {
    "expired": {POSTFIX_STS: UNVERIFIED},
    "untrusted": {POSTFIX_STS: UNVERIFIED},
    "unlisted": {POSTFIX_STS: UNVERIFIED},
    "no-starttls": {POSTFIX_STS: ["starttls_missing"]},
    "starttls-refused": {POSTFIX_STS: ["starttls_server_error"]},
    "no-handshake": {POSTFIX_DANE: NO_HANDSHAKE, POSTFIX_STS: NO_HANDSHAKE},
    "disowned": {POSTFIX_DANE: NO_NAMES, POSTFIX_STS: NO_NAMES},
    "dane-mismatch": {POSTFIX_DANE: UNVERIFIED},
    "dane-expired": {POSTFIX_STS: UNVERIFIED},
    "dane-unusable": {POSTFIX_STS: UNVERIFIED},
    "dane-unanswered": {POSTFIX_DANE: ["dane_dns"]},
    "dane-at-provider": {POSTFIX_DANE: UNVERIFIED},
}


def test_a_notice_is_traced_to_its_cause(bed: Bed, deliveries: dict[str, Delivery]) -> None:
    returned = [name for name in (POSTFIX_DANE, POSTFIX_STS) if deliveries[name].status != "sent"]
    notices = {name: explain(bed.senders[name].bounce(), name) for name in returned}
    causes = {name: [str(cause.code) for cause in found.causes] for name, found in notices.items()}
    assert causes == CAUSES.get(bed.world.name, {})
