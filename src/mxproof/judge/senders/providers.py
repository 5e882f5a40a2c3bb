"""The senders of large providers, each with its sources: nobody outside can run or read them (see `table`)."""

from typing import Final

from mxproof.judge.senders import bounces, readings
from mxproof.judge.senders.traits import JudgedName, Precedence, Refresh, Traits
from mxproof.judge.vocabulary import Confidence

_DAY_S: Final = 86_400

_MICROSOFT_SOURCES: Final = (
    "IETF ietf-smtp list, March 2021, message 00154: the MX answer is shown as the target of the CNAME, 4.4.8",
    "Exchange Team on Microsoft Tech Community blog post 3106386, quoted in 3930404: no CNAMEs with MTA-STS",
    "the founding incident: 4.4.8, then 4.7.5 with a certificate that named the alias only",
    "learn.microsoft.com: Email non-delivery reports in Exchange Online (4.4.8, 4.7.5, 5.4.8, 5.7.5, 4.7.32x)",
    "learn.microsoft.com: How SMTP DANE works (outbound DANE since 2022)",
    (
        "learn.microsoft.com: 4.7.322 for an expired certificate with DANE; RFC 7672 section 3.1.1 has dates ignored "
        "with usage 3, and nobody ran it"
    ),
    "Microsoft Tech Community 4501005 (2026-03): MTA-STS and DANE modes of outbound connectors",
)

MICROSOFT: Final = Traits(
    id="microsoft",
    name="Microsoft (Exchange Online, outlook.com, hotmail.com)",
    confidence=Confidence.OBSERVED,
    sources=_MICROSOFT_SOURCES,
    policy_name=JudgedName.TARGET,
    certificate_name=JudgedName.TARGET,
    sni=(JudgedName.TARGET, JudgedName.MX),
    readings=readings.BOTH,
    refresh=Refresh.UNDOCUMENTED,
    dane=True,
    doubted_dates=True,
    precedences=(Precedence.DANE_FIRST, Precedence.BOTH),
    retry_s=_DAY_S,
    bounces=bounces.MICROSOFT,
    note="Judges the name that a CNAME points to, in the policy and in the certificate. Which name it puts in SNI, "
    "whether DANE or MTA-STS comes first, and when it fetches a changed policy are not documented. The bounce may be "
    "wrapped in 4.4.317, the final one in 5.4.317.",
)

MICROSOFT_PTR: Final = Traits(
    id="microsoft-ptr",
    name="Microsoft, if it judged by reverse DNS",
    confidence=Confidence.GUESS,
    sources=(
        "the founding incident: the reverse names were the targets of the CNAMEs, so it cannot tell the two apart",
    ),
    policy_name=JudgedName.PTR,
    certificate_name=JudgedName.PTR,
    sni=(JudgedName.MX, JudgedName.TARGET),
    readings=readings.BOTH,
    refresh=Refresh.UNDOCUMENTED,
    retry_s=_DAY_S,
    bounces=bounces.MICROSOFT,
    note="A weak hypothesis, kept to be ruled out: no document says that reverse DNS plays a part.",
)

GOOGLE: Final = Traits(
    id="google",
    name="Google (Gmail, Workspace)",
    confidence=Confidence.OBSERVED,
    sources=(
        "Google security blog, April 2019: MTA-STS and TLS reporting for Gmail",
        "support.google.com/a/answer/9261504: About MTA-STS and TLS reporting",
        "the founding incident: Gmail kept delivering while the MX names were CNAMEs",
    ),
    readings=readings.BOTH,
    refresh=Refresh.UNDOCUMENTED,
    note="That it compares the name in the MX record is inferred from the incident. It may fetch a policy after the "
    "first message, which then leaves unprotected. Its wording of a bounce is not known.",
)
