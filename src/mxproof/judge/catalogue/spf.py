"""Words about SPF: what becomes of mail that the domain sends, and of the bounces of its MX hosts."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_LOOK_UP = ("dig +short TXT example.com",)
_CHECKED_BY = "mxproof check example.com --only spf"
_PERMERROR = (
    "A receiver that meets an error in the record ends with permerror. Many then refuse the mail, and under DMARC it "
    "counts as failed unless a DKIM signature saves it. Mail to the domain is not touched."
)

ENTRIES = (
    FindingWords(
        code=Code.SPF_OK,
        severity=Severity.OK,
        title="The SPF record is sound",
        summary="The SPF record of {subject} is sound, with {lookups} of 10 look-ups",
        detail="Mail from an address that it does not name ends as {result}.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=("RFC 7208 section 4",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_MISSING,
        severity=Severity.NOTICE,
        title="The domain has no SPF record",
        summary="{subject} has no SPF record",
        detail="So receivers cannot tell who may send mail in its name.",
        why="Large receivers refuse mail from domains without SPF and DKIM, and anyone may use a name without a record.",
        fix=(
            (
                "Publish a TXT record at {subject} that names whoever sends its mail. If only its MX hosts do:"
                "\n    v=spf1 mx -all"
                "\nIf nobody does:\n    v=spf1 -all"
            ),
        ),
        rfc=("RFC 7208 section 3",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_MULTIPLE,
        severity=Severity.WARNING,
        title="More than one SPF record",
        summary="{subject} has more than one SPF record, so none counts",
        detail="A receiver that checks {domain} ends with permerror as soon as it comes to {subject}.",
        why=_PERMERROR,
        fix=("Put all terms into one record, with its all at the end, and remove the others.",),
        rfc=("RFC 7208 section 4.5",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_INVALID,
        severity=Severity.WARNING,
        title="An SPF record is not valid",
        summary="The SPF record of {subject} is not valid: {term}",
        detail="What is wrong with it: {faults:each}. It is part of the evaluation of {domain}.",
        why=_PERMERROR
        + " The record is read whole before it is evaluated, so that one bad term spoils all others.",
        fix=("Correct the term, or take it out. Where {subject} is another's, tell whoever runs it.",),
        rfc=("RFC 7208 section 4.6", "RFC 7208 section 12"),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_INCLUDE_MISSING,
        severity=Severity.WARNING,
        title="SPF leads to a domain without a record",
        summary="The SPF record of {subject} leads by {term} to a domain that has no SPF record",
        detail="An include or redirect of a name without a record is an error, and not merely no match.",
        why=_PERMERROR,
        fix=(
            "Take the term out, or correct the name in it. Ask the provider that it is meant for which name is right.",
        ),
        rfc=("RFC 7208 section 5.2", "RFC 7208 section 6.1"),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_LOOKUPS_MANY,
        severity=Severity.WARNING,
        title="SPF needs more than 10 look-ups",
        summary="The SPF record of {domain} needs more than 10 look-ups; the limit is passed at {term} of {subject}",
        detail="Each of these looks something up, those of included records among them: {terms}.",
        why=_PERMERROR + " Mail that matches an earlier term passes all the same, which hides the fault.",
        fix=(
            (
                "Take out what no longer sends for the domain, put ip4 and ip6 in place of a and mx where the addresses are "
                "your own, and give a provider that needs many look-ups a subdomain of its own to send from."
            ),
        ),
        rfc=("RFC 7208 section 4.6.4",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_VOIDS_MANY,
        severity=Severity.WARNING,
        title="SPF looks up names that are not there",
        summary="More than 2 look-ups of the SPF record of {domain} find nothing",
        detail="What is not there: {voids}. Receivers may end with permerror at the third. For a client of IPv6 an a or mx "
        "asks for AAAA records, and a host without them counts.",
        why=_PERMERROR,
        fix=("Take out the terms that name what is no longer there.",),
        rfc=("RFC 7208 section 4.6.4",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_HOSTS_MANY,
        severity=Severity.WARNING,
        title="An mx of SPF names more than 10 hosts",
        summary="{term} in the SPF record of {subject} leads to more than 10 MX hosts",
        detail="A receiver of mail from {domain} must end with permerror there.",
        why=_PERMERROR,
        fix=("Name the addresses with ip4 and ip6 in place of mx.",),
        rfc=("RFC 7208 section 4.6.4",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_LOOKUP_FAILED,
        severity=Severity.WARNING,
        title="A look-up of SPF fails",
        summary="The look-up of {subject}, which SPF needs, was not answered: {why}",
        detail="{servers}. A receiver to which this happens ends with temperror.",
        why="With temperror a receiver puts mail off and looks again later, or takes it without SPF. It is no fault of the "
        "record, and goes as soon as the name servers answer.",
        fix=(
            (
                "Ask each name server of that zone by itself:\n    dig TXT {subject} @SERVER\nIf one is silent or fails, "
                "mend that server or take it out of the NS records, or tell whoever runs it."
            ),
        ),
        rfc=("RFC 7208 section 2.6.6", "RFC 7208 section 4.6.4"),
        verify=("dig +short NS example.com", "dig TXT example.com @ns1.example.com"),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_OPEN,
        severity=Severity.WARNING,
        title="SPF lets everybody pass",
        summary="The SPF record of {subject} lets everybody pass",
        detail="An address that no term names passes all the same, by an all without a qualifier, by a network of every "
        "address, or by a record that is included.",
        why="Whoever sends in the name of the domain passes SPF, and with that DMARC.",
        fix=("End the record with:\n    -all",),
        rfc=("RFC 7208 section 5.1",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_NEUTRAL,
        severity=Severity.NOTICE,
        title="SPF says nothing of others",
        summary="The SPF record of {subject} says nothing of those that it does not name",
        detail="It ends without an all, or with ?all, so that mail from any other address is neutral.",
        why="Neutral is treated as if there were no record (RFC 7208 section 8.2).",
        fix=("When all that sends for the domain is in the record, end it with:\n    -all",),
        rfc=("RFC 7208 section 4.7", "RFC 7208 section 8.2"),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_PTR,
        severity=Severity.NOTICE,
        title="SPF rests on reverse names",
        summary="The SPF record of {subject} uses {terms}",
        detail="The mechanism ptr looks up the reverse names of whoever connects. It must not be published any more.",
        why="It is slow, it burdens the servers of the reverse zones, and some receivers pass it over, so that what it should "
        "let pass does not.",
        fix=("Name the addresses or hosts with ip4, ip6 or a in place of ptr.",),
        rfc=("RFC 7208 section 5.5",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_ANSWER_LARGE,
        severity=Severity.WARNING,
        title="An answer of SPF does not fit into a datagram",
        summary="The TXT answer of {subject}, which SPF needs, comes over TCP only",
        detail="TXT records there: {count}. The SPF record shares the answer with all other texts at the name.",
        why="A receiver whose network loses TCP to port 53, or whose resolver does, gets no answer and ends with temperror.",
        fix=(
            (
                "Remove texts at {subject} that have served their purpose, such as those that once proved to somebody who owns "
                "the domain, and give long lists of addresses names of their own to include."
            ),
        ),
        rfc=("RFC 7208 section 3.4",),
        verify=("dig +ignore TXT example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_MX_UNCOVERED,
        severity=Severity.NOTICE,
        title="The MX hosts may not send for the domain",
        summary="Mail of {subject} from its own MX hosts does not pass SPF",
        detail="Of {addresses} it ends as {results}. That is right where these hosts only receive.",
        why="Where an MX host also sends mail of the domain, answers and forwards among it, that mail fails.",
        fix=("If these hosts send mail of the domain, add before the all:\n    mx",),
        rfc=("RFC 7208 section 5.4",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SPF_HELO_FAILED,
        severity=Severity.WARNING,
        title="Bounces of an MX host fail SPF",
        summary="Bounces of {subject} do not pass the SPF record of its own name",
        detail="From {addresses} the name {subject} ends as {result}. A bounce has no sender address, so receivers check the "
        "name with which the host greets.",
        why="The bounces of that host, and every other mail with an empty sender, fail SPF. Whoever should hear that mail was "
        "not delivered does not.",
        fix=("At {subject} publish a TXT record that lets its own addresses pass:\n    v=spf1 a -all",),
        rfc=("RFC 7208 section 2.3", "RFC 7208 section 2.4"),
        verify=("dig +short TXT mx1.example.com",),
        checked_by=_CHECKED_BY,
    ),
)
