"""Words about what stands in a policy that senders read."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_TEXT = "RFC 8461 section 3.2"
_NEW_ID = "Then set a new id in the record at _mta-sts.{domain}."
_GET = ("curl -sSi https://mta-sts.example.com/.well-known/mta-sts.txt",)

ENTRIES = (
    FindingWords(
        code=Code.STS_POLICY_SLOW,
        severity=Severity.NOTICE,
        title="The policy host takes long to answer",
        summary="{subject} takes {slowest_ms} ms to serve the policy",
        detail="Seen at {addresses}, from the connection to the last byte.",
        why="Mail waits while its sender fetches the policy. The RFC suggests to wait for a minute; postfix-mta-sts-resolver "
        "gives up after four seconds and delivers as if there were no policy; postfix-tlspol asks three times, two seconds each, and "
        "keeps the mail then.",
        fix=(
            "Serve the policy as a plain file, without a program behind it, from a machine that is not asleep or full.",
        ),
        rfc=("RFC 8461 section 3.3",),
        verify=("time curl -sS https://mta-sts.example.com/.well-known/mta-sts.txt",),
    ),
    FindingWords(
        code=Code.STS_POLICY_CHARSET,
        severity=Severity.WARNING,
        title="The media type names a charset that the policy is not in",
        summary="The policy at {subject} is said to be in {charset}, where ASCII reads as something else",
        detail="The policy reads well as ASCII, and that is what most senders take it for.",
        why="A sender that reads the policy in the charset that it is said to be in finds none: postfix-mta-sts-resolver decodes it "
        "so, and delivers as if there were no policy.",
        fix=(
            "Have the web server say `Content-Type: text/plain` for the policy, with `charset=utf-8` or without a charset.",
        ),
        rfc=(_TEXT, "RFC 9110 section 8.3.2"),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_FIELD_UNKNOWN,
        severity=Severity.NOTICE,
        title="The policy has fields that no RFC knows",
        summary="The policy has fields that senders do not know: {fields}",
        detail="The fields of a policy are version, mode, max_age and mx, in lower case. Senders pass over any other.",
        why="Such a field says nothing to anybody. Where it is one of these misspelt, what you meant is not in force: an MX "
        "host behind it is not listed.",
        fix=("Remove these fields, or spell them as they are meant: {fields}.", _NEW_ID),
        rfc=(_TEXT,),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_MX_REPEATED,
        severity=Severity.NOTICE,
        title="The policy lists an MX host twice",
        summary="The policy lists more than once: {patterns}",
        detail="A line that stands twice counts once.",
        why="It does no harm by itself. Often one of the two was meant to be another host, which is then not listed.",
        fix=("Put the host that is missing in its place, or remove one of the lines.", _NEW_ID),
        rfc=(_TEXT,),
        verify=("dig +short MX example.com", *_GET),
    ),
    FindingWords(
        code=Code.STS_MAX_AGE_LONG,
        severity=Severity.NOTICE,
        title="Senders remember the policy for a very long time",
        summary="max_age is {max_age} seconds, more than half a year",
        detail="A sender that does not hear of a new id keeps to the policy for that long, whatever becomes of the MX hosts.",
        why="The RFC wants weeks or more, and has no need of a year. A policy that is wrong, or was left behind by a former "
        "provider, stops mail for as long as its max_age.",
        fix=("A month protects as well. Set this, and a new id:\n    max_age: {wanted}",),
        rfc=("RFC 8461 section 10.2", _TEXT),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_ID_UNCHANGED,
        severity=Severity.WARNING,
        title="The policy was changed and its id was not",
        summary="The policy was changed after {fetched}, and the id is still {id}",
        detail="Then it said {before}. Now it says {policy}.",
        why="The id is how a sender hears of a new policy. One that holds the old text sees the id that it knows and keeps to "
        "that text until its max_age is over: mail to a new MX host is refused for as long.",
        fix=(
            "Publish the record with a new id:{record:block}Do so whenever the policy changes, and after it.",
        ),
        rfc=("RFC 8461 section 3.1", "RFC 8461 section 3.3"),
        verify=("dig +short TXT _mta-sts.example.com", *_GET),
        checked_by="mxproof check example.com --since earlier.json",
    ),
    FindingWords(
        code=Code.STS_POLICY_UNCHANGED,
        severity=Severity.NOTICE,
        title="The id was changed and the policy was not",
        summary="The id is a new one, {id}, and the policy is what it was at {fetched}",
        detail="It says {policy}.",
        why="It does no harm by itself: senders fetch the same text once more. Where a new policy was meant, it is not served "
        "yet, and a sender that asks now will not ask again for it.",
        fix=("If a new policy was meant, serve it now and set one more new id after that.",),
        rfc=("RFC 8461 section 3.1",),
        verify=("dig +short TXT _mta-sts.example.com", *_GET),
        checked_by="mxproof check example.com --since earlier.json",
    ),
    FindingWords(
        code=Code.STS_TESTING_LONG,
        severity=Severity.NOTICE,
        title="The policy has been in testing for long",
        summary="The policy has been in testing since {since:day} at least",
        detail="The id of its record is {id}; where an id is made of a date, that is the day of the last change.",
        why="Testing is for the weeks in which reports are read. While it lasts, whoever stands between sender and server can "
        "read and change mail as if there were no policy.",
        fix=(
            "Read what the TLS reports of the last weeks say. Where they show no failure, serve this, and set a new id:\n    mode: enforce",
            "Where nobody reads them, say so honestly: withdraw record and policy.",
        ),
        rfc=("RFC 8461 section 5", "RFC 8460 section 3"),
        verify=("dig +short TXT _mta-sts.example.com", *_GET),
    ),
)
