"""What distinguishes one sending system from another, as data.

A sender is a `Traits` value, never a subclass: the one engine reads it. Where the world does not know how a sender
behaves, the trait holds every possibility; the engine tries them all, and a result that depends on which one is true
comes out as `at_risk`. Behaviour with no source at all is a model of its own with confidence `guess`.
"""

from enum import StrEnum

import msgspec

from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Confidence, Security
from mxproof.mail.domain import PolicyReading


class JudgedName(StrEnum):
    """Which name of a host is compared."""

    MX = "mx"
    """The name in the MX record (RFC 8461 section 4.1)."""
    TARGET = "target"
    """The name at the end of the alias chain."""
    PTR = "ptr"
    """The reverse name of the address."""
    POLICY = "policy"
    """No name of the host: the certificate is compared with the mx patterns of the policy."""
    NONE = "none"
    """Nothing is compared."""


class Precedence(StrEnum):
    """How DANE and MTA-STS stand to one another where a host has usable TLSA records (RFC 8461 section 2)."""

    DANE_FIRST = "dane-first"
    """DANE alone decides; the policy is not looked at for that host."""
    PRUNE_FIRST = "prune-first"
    """The policy drops MX hosts by name first; among those left, DANE decides about the certificate."""
    BOTH = "both"
    """The policy and DANE must both be satisfied."""
    DOMAIN_WIDE = "domain-wide"
    """DANE or the policy is chosen once for all hosts of the domain, by `mxproof.judge.senders.protection`."""


class Refresh(StrEnum):
    """When a sender fetches a policy again that it still holds."""

    BY_ID = "by-id"
    """As soon as the TXT record shows another id (RFC 8461 section 3.1)."""
    UNDOCUMENTED = "undocumented"


class ExchangeReading(StrEnum):
    """How a sender takes an MX record that does not hold the name of a host."""

    PASSED_OVER = "passed-over"
    """It is passed over, and the other MX records count."""
    TAKEN = "taken"
    """It is taken as it stands: the name is looked up, the address connected to."""
    FATAL = "fatal"
    """Nothing is delivered, whatever the other MX records say."""


class BounceText(msgspec.Struct, frozen=True):
    """The sender's words for one result type.

    `{domain}`, `{mx}`, `{name}` (the judged name), `{address}`, `{reply}` (the server's last) and `{status}` (its
    enhanced code) are filled in. `insists` is set where the words depend on whether DANE or MTA-STS refuses, `code`
    where they depend on the finding behind the refusal; without `transient` words the refusal is final at once.
    """

    result_type: ResultType
    transient: str | None
    final: str | None = None
    insists: Security | None = None
    code: Code | None = None

    def fits(self, result_type: ResultType, insists: Security | None, code: Code | None) -> bool:
        """Tell whether these are the words for such a refusal."""
        return (
            self.result_type is result_type and self.insists in {None, insists} and self.code in {None, code}
        )


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """One sending system.

    `policy_name` is compared with the mx patterns, `certificate_name` with the certificate; `sni` and `precedences`
    and `readings` hold every possibility that is not ruled out, the likeliest first. `dane_needs_secure_mx`: DANE
    is used only where the MX answer itself is secure; `dane_at_alias`: TLSA at the alias counts where the target has
    none (RFC 7672 section 2.2.2). `waits_for_record`: without a policy at hand mail waits while the look-up of the
    record fails. `retry_s` is how long it retries before the final bounce, None where unknown;
    `sources` say where each fact is from. `malformed_mx`, `literal_mx` and `null_mx_beside` hold every way, not ruled out, to
    take an MX record with a name that is no host name, with an address, and with the `.` of a null MX beside others.
    """

    id: str
    name: str
    confidence: Confidence
    sources: tuple[str, ...]
    mta_sts: bool = True
    policy_name: JudgedName = JudgedName.MX
    certificate_name: JudgedName = JudgedName.MX
    honours_testing: bool = True
    sni: tuple[JudgedName, ...] = (JudgedName.MX,)
    readings: tuple[PolicyReading, ...] = (PolicyReading.STRICT,)
    refresh: Refresh = Refresh.BY_ID
    waits_for_record: bool = False
    malformed_mx: tuple[ExchangeReading, ...] = (ExchangeReading.PASSED_OVER, ExchangeReading.TAKEN)
    literal_mx: tuple[ExchangeReading, ...] = (ExchangeReading.PASSED_OVER, ExchangeReading.TAKEN)
    null_mx_beside: tuple[ExchangeReading, ...] = (ExchangeReading.PASSED_OVER, ExchangeReading.FATAL)
    dane: bool = False
    dane_needs_secure_mx: bool = True
    dane_at_alias: bool = True
    precedences: tuple[Precedence, ...] = (Precedence.DANE_FIRST,)
    retry_s: int | None = None
    bounces: tuple[BounceText, ...] = ()
    note: str = ""

    def bounce_text(
        self, result_type: ResultType, insists: Security | None, code: Code | None
    ) -> BounceText | None:
        """Return the sender's words for a refusal, None where they are not known."""
        return next((text for text in self.bounces if text.fits(result_type, insists, code)), None)
