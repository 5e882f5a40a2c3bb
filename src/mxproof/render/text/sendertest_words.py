"""The words of a sender test, for text and page alike."""

from typing import Final

from mxproof.judge.senders.inference.case import POSTING_CASE, REPORTING_CASE, Proper, Topic
from mxproof.judge.senders.inference.conclusion import (
    Became,
    Conduct,
    Honoured,
    SenderTestReport,
    SenderTlsReport,
    ToldBounce,
    ToldCase,
    ToldDifference,
    ToldMechanism,
)
from mxproof.judge.senders.inference.inferring import Agreement
from mxproof.judge.senders.inference.setting import ServerSetting
from mxproof.judge.vocabulary import Verdict
from mxproof.render.text.words import listed, moment

TOPIC_WORDS: Final = {Topic.TRANSPORT: "SMTP and TLS", Topic.MTA_STS: "MTA-STS", Topic.DANE: "DANE"}
HONOURED_WORDS: Final = {
    Honoured.YES: "honoured",
    Honoured.PARTLY: "honoured in part",
    Honoured.NO: "not honoured",
    Honoured.UNKNOWN: "not known",
}
HONOURED_TONES: Final = {
    Honoured.YES: Verdict.DELIVERS,
    Honoured.PARTLY: Verdict.AT_RISK,
    Honoured.NO: Verdict.REFUSED,
    Honoured.UNKNOWN: Verdict.UNKNOWN,
}
BECAME_WORDS: Final = {
    Became.ENCRYPTED: "delivered over TLS",
    Became.CLEAR_TEXT: "delivered in clear text",
    Became.HELD: "not delivered",
    Became.UNSENT: "not sent",
}
PROPER_WORDS: Final = {
    Proper.DELIVER: "to be delivered",
    Proper.REFUSE: "not to be delivered",
    Proper.OPEN: "left open",
}
CONDUCT_TONES: Final = {
    Conduct.PROPER: Verdict.DELIVERS,
    Conduct.LAX: Verdict.REFUSED,
    Conduct.STRICT: Verdict.AT_RISK,
    Conduct.OPEN: Verdict.UNKNOWN,
    Conduct.UNSENT: Verdict.UNKNOWN,
}
AGREEMENT_WORDS: Final = {
    Agreement.SAME: "the same",
    Agreement.NEW: "new",
    Agreement.DIFFERENT: "different",
    Agreement.NOT_SHOWN: "not shown",
}
TRAIT_WORDS: Final = {
    "mta_sts": "has MTA-STS",
    "dane": "has DANE",
    "policy_name": "name compared with the policy",
    "certificate_name": "name compared with the certificate",
    "sni": "name put in SNI",
    "deep_wildcards": "`*` in a policy stands for several labels",
    "common_name": "takes a common name",
    "readings": "reads record and policy as",
    "policy_wait_s": "waits for a policy",
    "given_up": "a policy that did not come in time is taken as",
    "precedences": "DANE and MTA-STS together",
    "library": "TLS library",
    "outdated_tls": "takes TLS before 1.2 where TLS is demanded",
    "weak_key_at_mx": "takes a weak key at an MX",
    "weak_key_at_policy_host": "takes a weak key at a policy host",
    "common_name_at_policy_host": "takes a common name at a policy host",
    "dane_needs_secure_mx": "DANE needs a signed MX record",
    "tlsa_at": "looks for TLSA records at",
    "anchored_names": "with usage 2 the name counts",
    "doubted_dates": "with usage 3 an expired certificate fails",
    "strongest_digest": "the strongest digest alone counts",
    "bare_anchors": "takes an expired anchor of usage 2",
    "whole_anchors": "takes an anchor from the record",
    "whole_keys": "takes the key of an anchor from the record",
    "refused_ehlo": "where EHLO inside TLS is refused",
    "clear_text_again": "comes again at once in clear text",
    "fall_back": "falls back to clear text",
    "lost_inside": "where a session is lost inside TLS",
    "early_text": "what comes behind the 220 to STARTTLS",
    "addresses": "other addresses of an MX host",
    "malformed_mx": "an MX record without a host name",
    "literal_mx": "an MX record with an address",
    "null_mx_beside": "a null MX beside others",
    "refresh": "fetches a policy that it holds again",
    "remembers_level": "remembers how well sessions were secured",
}
"""The words for each trait; what it may be keeps the word of the model."""

LAX_TITLE: Final = "Delivered where it should not"
STRICT_TITLE: Final = "Not delivered where it should be"
CONTRADICTIONS_TITLE: Final = "Not explained"
SETTINGS_TITLE: Final = "What to set"
TRAITS_TITLE: Final = "What a model should say"
MODELS_TITLE: Final = "Beside the models of this release"
CASES_TITLE: Final = "All cases"
REPORTS_TITLE: Final = "TLS reports"
NO_REPORTS: Final = (
    "None came until the end of the run. Whoever reports does so once a day (RFC 8460 section 4.1)."
)
BOUNCES_TITLE: Final = "Bounces"
EXPLANATION: Final = (
    "No sender that is possible here does this together with the rest; send to these cases once more."
)


def headline(report: SenderTestReport) -> str:
    """Return what was done, in a sentence."""
    total = len(report.cases)
    some = f"{report.sent} of {total} cases"
    every = "the one case" if total == 1 else f"all {total} cases"
    sent = f"{every if report.sent == total else some} {'was' if report.sent == 1 else 'were'} sent to"
    lost = ", ".join(f"{count} {kind}" for kind, count in report.lost.items())
    warning = f" Not everything was seen ({lost}): what a case shows may be wrong." if lost else ""
    return f"Sender test {report.run} of {moment(report.begun)}: {sent}.{warning}"


def mechanism_words(one: ToldMechanism) -> str:
    """Return what is to be said of a mechanism."""
    match one.honoured:
        case Honoured.YES:
            return "no case was delivered to that it forbids."
        case Honoured.PARTLY:
            were = "was" if len(one.lax) == 1 else "were"
            return f"{len(one.lax)} of the cases that it forbids {were} delivered to."
        case Honoured.NO:
            return "mail went out whatever it asked for."
        case _:
            return "too few cases were sent to."


def case_words(one: ToldCase) -> str:
    """Return a case with what became of the mail, in a few words."""
    return f"{one.title}: {became_words(one)}"


def became_words(one: ToldCase) -> str:
    """Return what became of the mail, over which TLS, and how long a policy was waited for."""
    waited = f"waited {one.policy_waited_ms / 1000:.1f} s for the policy" if one.policy_waited_ms else ""
    beside = ", ".join(filter(None, (one.tls, waited)))
    return f"{BECAME_WORDS[one.became]}{f' ({beside})' if beside else ''}"


def difference_words(one: ToldDifference) -> str:
    """Return in what a model is not the same."""
    model = listed(one.model) if len(one.model) < 4 else "nothing certain"
    said = f"{TRAIT_WORDS[one.trait]}: seen {listed(one.seen)}, the model says {model}"
    return f"{AGREEMENT_WORDS[one.agreement]}: {said}"


def report_words(one: SenderTlsReport) -> str:
    """Return what a TLS report says of a domain."""
    failed = f" ({listed(one.result_types)})" if one.result_types else ""
    of = one.case or f"{one.domain}, which is none of a case"
    sessions = "session" if one.success == 1 else "sessions"
    return (
        f"{one.organization or 'somebody'}: {of}, policy {one.policy_type}: {one.success} {sessions} went well, "
        f"{one.failure} failed{failed}"
    )


def bounce_words(one: ToldBounce) -> str:
    """Return what a bounce says of a case."""
    return f"{one.case}: {' '.join(filter(None, (one.action, one.status, one.diagnostic)))}"


def wants_reports(report: SenderTestReport) -> bool:
    """Tell whether mail was sent to a domain that wants TLS reports."""
    wanting = {REPORTING_CASE, POSTING_CASE}
    return any(one.case in wanting and one.became is not Became.UNSENT for one in report.cases)


def setting_title(one: ServerSetting) -> str:
    """Return what a setting is for."""
    return f"{one.server}, {TOPIC_WORDS[one.mechanism]}"


def of_conduct(report: SenderTestReport, conduct: Conduct) -> tuple[ToldCase, ...]:
    """Return the cases in which the sender did so."""
    return tuple(one for one in report.cases if one.conduct is conduct)
