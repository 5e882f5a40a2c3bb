"""What distinguishes one sending system from another, as data.

A sender is a `Traits` value, never a subclass: the one engine reads it. Where the world does not know how a sender
behaves, the trait holds every possibility; the engine tries them all, and a result that depends on which one is true
comes out as `at_risk`. Behaviour with no source at all is a model of its own with confidence `guess`.
"""

from enum import StrEnum
from typing import Final

import msgspec

from mxproof.formats.mtasts import STRICT, PolicyReading
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Confidence, Security


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
    POLICY_FIRST = "policy-first"
    """A policy in mode enforce decides alone; DANE is looked at where there is none."""
    POLICY_ALONE = "policy-alone"
    """A policy in mode enforce decides alone; without one nothing is demanded."""


OFTEN_S: Final = 600


class Refresh(StrEnum):
    """When a sender fetches a policy again that it still holds."""

    BY_ID = "by-id"
    """As soon as the TXT record shows another id (RFC 8461 section 3.1)."""
    BY_ID_ALONE = "by-id-alone"
    """As soon as the record shows another id, and never while it shows the same one: not even past max_age."""
    OFTEN = "often"
    """About every `OFTEN_S` seconds, whatever the id; what it holds goes on while that fails."""
    FROM_HALF_LIFE = "from-half-life"
    """As soon as the record shows another id, once half of max_age is over, and never while it shows the same one."""
    EACH_TIME = "each-time"
    """For each mail: it holds nothing, so that what it had before counts no more, max_age or not."""
    UNDOCUMENTED = "undocumented"


WAITED_S_LEAST: Final = 4
"""For so many seconds every sender waits for a policy that has a model which says for how long; of the others no less is assumed."""


class GivenUp(StrEnum):
    """What a sender makes of a policy that it did not get in the time that it waits, where it holds none."""

    ABSENT = "absent"
    """It delivers as to a domain without MTA-STS (RFC 8461 section 3.3)."""
    DEFERRED = "deferred"
    """It keeps the mail."""


class Addresses(StrEnum):
    """What a sender does with the other addresses of an MX host once one of them has failed."""

    EACH = "each"
    """It tries them in turn, whatever failed."""
    UNCONNECTED = "unconnected"
    """It goes on where there is no connection; the first one that is made decides, IPv6 before IPv4."""


class ExchangeReading(StrEnum):
    """How a sender takes an MX record that does not hold the name of a host."""

    PASSED_OVER = "passed-over"
    """It is passed over, and the other MX records count."""
    TAKEN = "taken"
    """It is taken as it stands: the name is looked up, the address connected to."""
    FATAL = "fatal"
    """Nothing is delivered, whatever the other MX records say."""


class RefusedEhlo(StrEnum):
    """What a sender does where EHLO inside TLS is answered with an error (RFC 3207 section 4.2)."""

    FATAL = "fatal"
    """It does not deliver in that session."""
    HELO = "helo"
    """It says HELO after a lasting error, and does not deliver where that is refused too."""
    HELO_AT_ONCE = "helo-at-once"
    """So it does after a passing error as well, unless the server takes its leave with 421."""
    PASSED_OVER = "passed-over"
    """It goes on, whatever is answered to HELO."""
    NOT_KNOWN = "not-known"
    """It says HELO after a lasting error; whether it does after a passing one is not known, or differs."""


class LostInside(StrEnum):
    """What a sender does where a connection ends, or goes wrong, after the handshake, and nothing demands TLS."""

    CLEAR_TEXT = "clear-text"
    """It comes again in clear text."""
    DEFERRED = "deferred"
    NOT_KNOWN = "not-known"


class EarlyText(StrEnum):
    """What a sender makes of what comes in the clear behind the 220 to STARTTLS (RFC 3207 section 4.2)."""

    THROWN_AWAY = "thrown-away"
    """It throws that away and goes on."""
    HANDSHAKE = "handshake"
    """It takes that for the beginning of the handshake, or makes none: either way there is no TLS."""
    DEFERRED = "deferred"
    """It takes that for a reply, or breaks off, and puts the mail off."""


class FallBack(StrEnum):
    """Whether mail goes out in clear text, now or later, where STARTTLS is offered and fails and nothing demands it."""

    ALWAYS = "always"
    REFUSED = "refused"
    """Where STARTTLS is answered with an error, and not where the handshake fails."""
    NEVER = "never"


class Library(StrEnum):
    """The TLS library of a sender, where it decides what a certificate is good for (`library`)."""

    UNKNOWN = "unknown"
    OPENSSL = "openssl"
    GNUTLS = "gnutls"
    GO = "go"
    RUSTLS = "rustls"


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
    and `readings` hold every possibility that is not ruled out, the likeliest first. `deep_wildcards`: `*` in the policy
    stands for any number of labels; `common_name`: it counts where a certificate has no alternative names, and
    `common_name_at_policy_host` whether it does there too;
    `waits_for_record`: without a policy at hand mail waits while the look-up of the record fails. `policy_wait_s` is for how
    long it waits for a policy (RFC 8461 section 3.3 suggests a minute), None where that is not known, and `given_up` what it
    does then. `remembers_level`: a session less secure than an earlier one fails.

    `dane_needs_secure_mx`: DANE is used only where the MX answer itself is secure; `tlsa_at`: where it looks for
    TLSA records, the first that has some counts (RFC 7672 section 2.2.2); `anchored_names`: with usage 2 the
    certificate has to name the host (section 3.2.3); `doubted_dates`: whether an expired certificate passes with
    usage 3, as section 3.1.1 has it, is open. `strongest_digest`: of several digests for one usage and selector the
    strongest alone counts (RFC 7671 section 9); `bare_anchors`: of an anchor that usage 2 names neither dates nor
    authority count; `whole_anchors`: one that stands in the record as a whole need not be sent, `whole_keys`: nor one whose
    key does. `leaf_anchors`: the certificate itself may be the anchor; `anchors_last`: of what is sent behind the anchor
    nothing counts.

    `outdated_tls` holds whether it goes on where TLS is demanded and the server has none of 1.2 or later;
    `weak_key_at_mx` and `weak_key_at_policy_host` tell whether it takes a certificate with a key that is too short, and
    `refused_ehlo` what it does where EHLO is answered with an error inside; `clear_text_again`: where TLS cannot be set up
    that far and nothing demands it, it comes again at once in clear text. `fall_back` is when it does so at all, and
    `lost_inside` whether after a handshake too. `early_text` holds every way, not ruled out, to take what a server says too early.

    `addresses_known` is how it is known what it does with the other `addresses` of a host. `malformed_mx`, `literal_mx` and
    `null_mx_beside` hold every way, not ruled out, to take an MX record with a name that is no host name, with an
    address, and with the `.` of a null MX beside others. `retry_s` is how long it retries before the final bounce, None
    where unknown; `sources` say where each fact is from.
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
    deep_wildcards: bool = False
    common_name: bool = False
    common_name_at_policy_host: bool = False
    readings: tuple[PolicyReading, ...] = (STRICT,)
    refresh: Refresh = Refresh.BY_ID
    waits_for_record: bool = False
    policy_wait_s: int | None = None
    given_up: GivenUp = GivenUp.ABSENT
    remembers_level: bool = False
    malformed_mx: tuple[ExchangeReading, ...] = (ExchangeReading.PASSED_OVER, ExchangeReading.TAKEN)
    literal_mx: tuple[ExchangeReading, ...] = (ExchangeReading.PASSED_OVER, ExchangeReading.TAKEN)
    null_mx_beside: tuple[ExchangeReading, ...] = (ExchangeReading.PASSED_OVER, ExchangeReading.FATAL)
    dane: bool = False
    dane_needs_secure_mx: bool = True
    tlsa_at: tuple[JudgedName, ...] = (JudgedName.TARGET, JudgedName.MX)
    anchored_names: bool = True
    doubted_dates: bool = False
    strongest_digest: bool = False
    bare_anchors: bool = False
    whole_anchors: bool = False
    whole_keys: bool = False
    leaf_anchors: bool = False
    anchors_last: bool = False
    library: Library = Library.UNKNOWN
    precedences: tuple[Precedence, ...] = (Precedence.DANE_FIRST,)
    outdated_tls: tuple[bool, ...] = (True, False)
    weak_key_at_mx: bool = True
    weak_key_at_policy_host: bool = True
    refused_ehlo: RefusedEhlo = RefusedEhlo.HELO
    clear_text_again: bool = False
    fall_back: FallBack = FallBack.ALWAYS
    lost_inside: LostInside = LostInside.NOT_KNOWN
    early_text: tuple[EarlyText, ...] = (EarlyText.THROWN_AWAY, EarlyText.DEFERRED)
    addresses: Addresses = Addresses.EACH
    addresses_known: Confidence = Confidence.DOCUMENTED
    retry_s: int | None = None
    bounces: tuple[BounceText, ...] = ()
    note: str = ""

    @property
    def validates(self) -> bool:
        """Tell whether it is sure to see DNSSEC, for it is sure to use DANE."""
        return self.dane and Precedence.POLICY_ALONE not in self.precedences

    def bounce_text(
        self, result_type: ResultType, insists: Security | None, code: Code | None
    ) -> BounceText | None:
        """Return the sender's words for a refusal, None where they are not known."""
        return next((text for text in self.bounces if text.fits(result_type, insists, code)), None)
