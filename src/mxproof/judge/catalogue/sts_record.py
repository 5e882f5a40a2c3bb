"""Words about the TXT record that announces a policy."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_RECORD = "RFC 8461 section 3.1"
_LOOK_UP = ("dig +short TXT _mta-sts.example.com",)

ENTRIES = (
    FindingWords(
        code=Code.STS_ABSENT,
        severity=Severity.NOTICE,
        title="The domain does not use MTA-STS",
        summary="{domain} does not use MTA-STS",
        detail="There is no MTA-STS record at {subject}. Mail arrives all the same: a sender without DANE encrypts it "
        "if it can, and checks no certificate.",
        why="Without a policy, and without DANE, anyone on the way between two servers can switch encryption off or "
        "show a certificate of his own, and the sender does not notice.",
        fix=(
            (
                "At https://{policy_host}/.well-known/mta-sts.txt serve these lines:"
                "\n    version: STSv1\n    mode: testing{patterns:mx_block}    max_age: 604800"
            ),
            "Publish:{record:block}",
            "Publish a TLSRPT record too. When the reports stay clean, set `mode: enforce` and a new id.",
        ),
        rfc=(_RECORD,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.STS_RECORD_MISSING,
        severity=Severity.WARNING,
        title="A policy is served, and no record announces it",
        summary="{policy_host} serves a policy, and no record at {subject} announces it",
        detail="A sender looks at the record first and asks for the policy only where there is one, so this policy "
        "protects nobody new. Senders that fetched it earlier keep to it until its max_age is over.",
        why="The record is the only sign by which a sender learns that there is a policy, or that it has changed.",
        fix=("To use MTA-STS, publish:{record:block}",),
        otherwise=(
            (
                "To give it up: first publish the record again and serve `mode: none` with a new id, and remove both only "
                "when the max_age of every older policy is over (RFC 8461 section 8.3)."
            ),
        ),
        rfc=(_RECORD, "RFC 8461 section 8.3"),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.STS_RECORD_MISPLACED,
        severity=Severity.WARNING,
        title="The MTA-STS record stands at another name",
        summary="An MTA-STS record stands at {names}, and senders look for it at {subject} alone",
        detail="A sender that finds no record at {subject} acts as if the domain had no policy.",
        why="The protection is simply not there, and nobody is told: neither the sender nor the domain writes anything down.",
        fix=("Publish this, and remove the record at {names}:{record:block}",),
        rfc=(_RECORD,),
        verify=("dig +short TXT _mta-sts.example.com", "dig +short TXT example.com"),
    ),
    FindingWords(
        code=Code.STS_RECORD_DANGLING,
        severity=Severity.WARNING,
        title="The MTA-STS record is an alias that leads nowhere",
        summary="{subject} is an alias (CNAME) of {target}, which has no MTA-STS record",
        detail="What the resolver says of {target}: {why}. Senders act as if the domain had no policy.",
        why="A provider that hosts MTA-STS no longer does so, or never knew of the domain. Whoever registers a name that is gone "
        "can publish a policy for the domain that refuses all mail.",
        fix=(
            (
                "Have the provider of {target} publish the record, or remove the alias. Without a provider, publish in its "
                "place:{plain:block}"
            ),
        ),
        rfc=("RFC 8461 section 3.1", "RFC 8461 section 8.2"),
        verify=("dig TXT _mta-sts.example.com",),
    ),
    FindingWords(
        code=Code.STS_WILDCARD,
        severity=Severity.NOTICE,
        title="A wildcard answers for the record",
        summary="What _mta-sts.{domain} answers with comes from a wildcard and is no MTA-STS record: {texts:quoted}",
        detail="Another name below {domain} is answered with the same. Senders pass over a text that does not begin with "
        "v=STSv1, and act as if there were none.",
        why="It does no harm. A record of its own at _mta-sts takes the place of the wildcard there.",
        fix=("Nothing has to be done. For MTA-STS publish a record of its own at _mta-sts.{domain}.",),
        rfc=("RFC 8461 section 3.1", "RFC 4592 section 2.2.1"),
        verify=("dig +short TXT _mta-sts.example.com", "dig +short TXT no-such-name.example.com"),
    ),
    FindingWords(
        code=Code.STS_RECORD_MULTIPLE,
        severity=Severity.ERROR,
        title="More than one MTA-STS record",
        summary="{subject} has more than one MTA-STS record; {record_readers:counting}",
        detail="Found: {texts:quoted}. A sender that finds any number but one must act as if the domain had no policy.",
        why="With two records MTA-STS is switched off for nearly every sender that does not still remember a policy.",
        fix=("Remove all but the record that is meant. What should remain looks like this:{record:block}",),
        rfc=(_RECORD,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.STS_RECORD_INVALID,
        severity=Severity.ERROR,
        title="The MTA-STS record is not valid",
        summary="The MTA-STS record at {subject} is not valid; {record_readers:using}",
        detail="Found: {texts:quoted}. What is wrong with it: {faults}.",
        why="A sender must act as if the domain had no policy where the record does not follow the grammar. Nothing "
        "bounces and nothing is logged; the protection is simply not there.",
        fix=("Publish this instead:{record:block}",),
        rfc=(_RECORD,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.STS_RECORD_AMBIGUOUS,
        severity=Severity.ERROR,
        title="Senders read the MTA-STS record differently",
        summary="Some senders accept the MTA-STS record at {subject}, others do not",
        detail="Found: {texts:quoted}. What strict senders object to: {faults}.",
        why="Strict senders take such a record for none and others read past the fault, so that mail is protected "
        "from some and not from others, and tests by hand give different answers.",
        fix=("Publish this instead, and nothing else beside it that begins alike:{record:block}",),
        rfc=(_RECORD, "RFC 8461 erratum 6285"),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.STS_RECORD_UNANSWERED,
        severity=Severity.WARNING,
        title="Whether there is an MTA-STS record could not be found out",
        summary="The look-up of {subject} was not answered: {why}",
        detail="So it is not known from here whether a policy is announced. Where senders get no answer either, those "
        "that remember a policy keep to it and others deliver without one; some wait until they get an answer.",
        why="A name server that answers for some types and names only, or is slow, makes protection a matter of luck.",
        fix=(
            (
                "Ask again, and ask each name server of {domain} by itself:\n    dig TXT {subject} @SERVER\nIf one is silent "
                "or fails, mend that server or take it out of the NS records."
            ),
        ),
        ways={
            "bogus": (
                "Mend the signatures of {subject}, as dnssec-bogus says. The record itself may be in order.",
            )
        },
        rfc=(_RECORD,),
        verify=("dig +short NS example.com", "dig TXT _mta-sts.example.com @ns1.example.com"),
    ),
)
