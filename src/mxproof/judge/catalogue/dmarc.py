"""Words about DMARC: what receivers are asked to do with mail in the domain's name, and who hears of it."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_LOOK_UP = ("dig +short TXT _dmarc.example.com",)
_CHECKED_BY = "mxproof check example.com --only dmarc"
_FORMAT = "RFC 9989 section 4.7"
_WALK = "RFC 9989 section 4.10"
_UNPROTECTED = (
    "Without a policy that counts, receivers do with forged mail what they like, and nobody tells you of it. Large receivers "
    "refuse mail in bulk from domains without DMARC."
)

ENTRIES = (
    FindingWords(
        code=Code.DMARC_OK,
        severity=Severity.OK,
        title="The DMARC policy is in force",
        summary="{domain} asks receivers to {policy} mail that fails DMARC",
        detail="The record that counts stands at {subject}.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=(_FORMAT,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_MISSING,
        severity=Severity.NOTICE,
        title="The domain has no DMARC record",
        summary="{domain} has no DMARC record",
        detail="There is none at {subject}, and none at the domains above it.",
        why=_UNPROTECTED,
        fix=(
            (
                "Publish a TXT record at {subject}, with an address that exists, and when the reports are clean, go on to "
                "p=quarantine and p=reject:\n    v=DMARC1; p=none; rua=mailto:dmarc@{domain}"
            ),
        ),
        rfc=(_WALK,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_MULTIPLE,
        severity=Severity.WARNING,
        title="More than one DMARC record",
        summary="{subject} has more than one DMARC record, so none counts",
        detail="Found: {texts:quoted}.",
        why=_UNPROTECTED,
        fix=("Keep one record. Several addresses go into its rua, with commas between.",),
        rfc=(_WALK,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_INVALID,
        severity=Severity.WARNING,
        title="The DMARC record is not valid",
        summary="The DMARC record at {subject} is not valid",
        detail="Found: {texts:quoted}. What is wrong with it: {faults:unless}.",
        why=_UNPROTECTED + " Receivers pass over what they cannot read, each in its own way.",
        fix=(
            "Publish a record that begins like this, with an address that exists:\n    v=DMARC1; p=none; rua=mailto:dmarc@{domain}",
        ),
        rfc=(_FORMAT, "RFC 7489 section 6.3"),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_UNANSWERED,
        severity=Severity.WARNING,
        title="Whether there is a DMARC record could not be found out",
        summary="The look-up of {subject} was not answered: {why}",
        detail="So it is not known from here which policy counts. A receiver to which this happens puts mail off, or takes "
        "it without DMARC.",
        why="A name server that is silent or fails makes the policy a matter of luck.",
        fix=(
            (
                "Ask each name server of {domain} by itself:\n    dig TXT {subject} @SERVER\nIf one is silent or fails, mend "
                "that server or take it out of the NS records."
            ),
        ),
        rfc=(_WALK,),
        verify=("dig +short NS example.com", "dig TXT _dmarc.example.com @ns1.example.com"),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_POLICY_NONE,
        severity=Severity.NOTICE,
        title="The DMARC policy asks for nothing",
        summary="{domain} asks receivers to do nothing about mail that fails DMARC",
        detail="The record that counts stands at {subject}.",
        why="A policy of none is for finding out who sends in the name of the domain. Forged mail is delivered as before.",
        fix=(
            "When the reports show that all of your own mail passes, put into the record:\n    p=quarantine\nand then\n    p=reject",
        ),
        rfc=(_FORMAT,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_PARTIAL,
        severity=Severity.NOTICE,
        title="The DMARC policy is not fully in force",
        summary="The DMARC policy of {domain}, {policy}, is not fully in force: {tag}",
        detail="A test mode (t=y) and a percentage (pct) make receivers do less than the policy says. pct is no longer part of "
        "DMARC, so that some receivers go by it and others do not.",
        why="What becomes of forged mail depends on the receiver, and on luck.",
        fix=("When the reports are clean, take the tag out of the record at {subject}.",),
        rfc=(_FORMAT, "RFC 7489 section 6.6.4"),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_SUBDOMAIN_OPEN,
        severity=Severity.NOTICE,
        title="DMARC protects subdomains less",
        summary="Subdomains of {domain} have the weaker DMARC policy {weaker}, and {domain} itself {policy}",
        detail="The record at {subject} says so with sp.",
        why="Who forges mail takes any subdomain, also one that does not exist.",
        fix=("Where no subdomain sends mail, take sp out of the record, so that p counts for all.",),
        rfc=(_FORMAT,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_REPORTS_MISSING,
        severity=Severity.NOTICE,
        title="No DMARC reports are asked for",
        summary="The DMARC record at {subject} asks for no reports",
        detail="It has no rua with an address.",
        why="Without reports nobody learns which of your own mail fails, before or after the policy is made stricter.",
        fix=("Add to the record, with an address that exists:\n    rua=mailto:dmarc@{domain}",),
        rfc=(_FORMAT,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_REPORT_UNAUTHORIZED,
        severity=Severity.WARNING,
        title="A destination of DMARC reports has not agreed",
        summary="{subject} does not say that it takes DMARC reports on {domain}",
        detail="The record at {record} sends them there. There is no record with v=DMARC1 at {consent}, so receivers send "
        "nothing to it.",
        why="Otherwise anyone could have a stranger flooded with reports. They are simply missing, without a word.",
        fix=(
            "Whoever runs {subject} publishes a TXT record at {consent}:\n    v=DMARC1",
            "Or name an address of the domain itself in the record.",
        ),
        rfc=("RFC 7489 section 7.1",),
        verify=("dig +short TXT example.com._report._dmarc.example.net",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DMARC_REPORT_UNDELIVERABLE,
        severity=Severity.WARNING,
        title="A destination of DMARC reports takes no mail",
        summary="{subject}, to which DMARC reports on {domain} go, takes no mail",
        detail="It has no MX record and no address, or says that it takes none. The record that names it is at {record}.",
        why="The reports bounce at their senders, and nobody reads them.",
        fix=("Name an address in the record that exists.",),
        rfc=("RFC 5321 section 5.1", "RFC 7505 section 3"),
        verify=("dig +short MX example.net",),
        checked_by=_CHECKED_BY,
    ),
)
