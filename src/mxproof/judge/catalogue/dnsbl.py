"""Words about lists of addresses."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_CHECKED_BY = "mxproof check example.com --dnsbl"
_ENTRY = "RFC 5782 section 2.1"
_TEST = "RFC 5782 section 5"
_PUBLIC = (
    "Lists refuse whoever asks by way of a public resolver, or too often: they then answer 127.255.255.254, .255 or .252 "
    "(Spamhaus), or nothing. Ask by way of a resolver of your own, which asks the name servers of the list itself."
)
_TESTED = ("dig +short A 2.0.0.127.zen.spamhaus.org", "dig +short TXT 2.0.0.127.zen.spamhaus.org")

ENTRIES = (
    FindingWords(
        code=Code.DNSBL_LISTED,
        severity=Severity.WARNING,
        title="An address is on a list that receivers reject by",
        summary="{subject} is listed by {zones} ({codes})",
        detail="The list says: {reasons:quoted}.",
        why="Receivers that ask the list reject or put off mail from this address. Where it only receives mail, nothing is lost, "
        "but something on that machine may be sending what it should not.",
        fix=(
            (
                "Find out why: read the page that the list names, look for mail that you did not send, and for infected machines "
                "behind the address."
            ),
            "When that is mended, ask the list to take the address out, on its own page.",
        ),
        rfc=(_ENTRY,),
        verify=("dig +short A 25.2.0.192.zen.spamhaus.org", "dig +short TXT 25.2.0.192.zen.spamhaus.org"),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSBL_REFUSED,
        severity=Severity.NOTICE,
        title="A list refuses to answer",
        summary="{subject} refuses the resolver here ({codes}), so it is not known whom it lists",
        detail="Its answer for {families} is a refusal, and no entry: nothing else was asked of it.",
        why=_PUBLIC,
        fix=(
            "Check again from a machine whose resolver asks by itself, or name another list with `--dnsbl-zone`.",
        ),
        rfc=(_TEST,),
        verify=_TESTED,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSBL_UNANSWERED,
        severity=Severity.NOTICE,
        title="A list does not tell its test entries apart",
        summary="{subject} does not answer as a list does ({families}), so it is not known whom it lists",
        detail="A list has an entry for 127.0.0.2 and none for 127.0.0.1, so that it can be seen to work; one of IPv6 addresses "
        "has the same two as ::ffff:127.0.0.2 and ::ffff:127.0.0.1.",
        why="A list that was given up lists nobody, or everybody; some lists know IPv4 alone. Lists that refuse a public resolver "
        "may not answer it either.",
        fix=("Look at the page of the list: whether it is still kept, for which families, and who may ask.",),
        rfc=(_TEST,),
        verify=_TESTED,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSBL_OK,
        severity=Severity.OK,
        title="No address is on a list that was asked",
        summary="{addresses}: not listed by {zones}",
        detail="These lists were seen to tell their test entries apart.",
        why="Many receivers reject mail from an address that is listed.",
        rfc=(_ENTRY,),
        verify=_TESTED,
        checked_by=_CHECKED_BY,
    ),
)
