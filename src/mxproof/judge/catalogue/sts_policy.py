"""Words about the text of the policy and what it says."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_TEXT = "RFC 8461 section 3.2"
_NEW_ID = "Then set a new id in the record at _mta-sts.{domain}."
_GET = ("curl -sSi https://mta-sts.example.com/.well-known/mta-sts.txt",)

ENTRIES = (
    FindingWords(
        code=Code.STS_OK,
        severity=Severity.OK,
        title="MTA-STS record and policy are valid",
        summary="MTA-STS record and policy are valid: {policy}",
        detail="The record has the id {id}, and every address of {subject} that was tried serves the same valid policy.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=("RFC 8461 section 3.1", _TEXT),
        verify=("dig +short TXT _mta-sts.example.com", *_GET),
    ),
    FindingWords(
        code=Code.STS_POLICY_MEDIA_TYPE,
        severity=Severity.WARNING,
        title="The policy is not served as text/plain",
        summary="The policy is served as {media_type:media_type} and not as text/plain",
        detail="Seen at {addresses}. Senders should check the media type, to be safe from servers where strangers may "
        "put files; some do. {policy_readers:aside}.",
        why="Senders that check take such a response for no policy, others accept it.",
        fix=("Let the web server send Content-Type: text/plain for /.well-known/mta-sts.txt.",),
        rfc=(_TEXT,),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_INVALID,
        severity=Severity.ERROR,
        title="The policy is not valid",
        summary="The policy that {subject} serves is not valid",
        detail="Seen at {addresses}: {faults:each}. {policy_readers:aside}.",
        why="A sender that cannot read the policy delivers as if there were none, and one that still holds an older "
        "policy keeps to that until its max_age is over. Nobody tells you but TLS reports.",
        fix=("Serve this policy in its place:{policy:policy_block}", _NEW_ID),
        ways={
            "unwritten": (
                (
                    "Mend the text. A valid policy has `version: STSv1`, one `mode` (enforce, testing or none), one `max_age` "
                    "in seconds up to 31557600 and an `mx:` line for each MX host."
                ),
                _NEW_ID,
            )
        },
        rfc=(_TEXT,),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_AMBIGUOUS,
        severity=Severity.ERROR,
        title="Senders read the policy differently",
        summary="Senders read the policy that {subject} serves differently",
        detail="Seen at {addresses}. It is not clear in places: {faults:each}.",
        why="Strict senders refuse such a text as a whole and act as if there were no policy; others read past the "
        "fault, or drop the line that has it, which may be the one with your MX host. Of a field given twice some take "
        "the first and some the last.",
        fix=(
            (
                "Serve this policy in its place, which all read alike and which fits the MX hosts:{policy:policy_block}If another "
                "`mode` is meant, look first at what it would do."
            ),
            _NEW_ID,
        ),
        ways={"unwritten": ("Mend this in the policy: {faults:each}", _NEW_ID)},
        rfc=(_TEXT,),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_DIFFERS,
        severity=Severity.WARNING,
        title="The policy host serves different things at its addresses",
        summary="What {subject} serves depends on the address that a sender asks",
        detail="Seen: {views:views}.",
        why="Which policy a sender holds is then a matter of chance, and a bounce cannot be understood from what you "
        "see yourself.",
        fix=(
            (
                "Serve this policy on every server behind {subject}, or remove the address records of those that are not meant "
                "to serve one:{policy:policy_block}"
            ),
            _NEW_ID,
        ),
        ways={
            "unwritten": (
                (
                    "Put the same policy on every server behind {subject}, or remove the address records of those that are "
                    "not meant to serve it."
                ),
                _NEW_ID,
            )
        },
        rfc=("RFC 8461 section 3.3",),
        verify=("curl -sS --connect-to ::192.0.2.80: https://mta-sts.example.com/.well-known/mta-sts.txt",),
    ),
    FindingWords(
        code=Code.STS_MODE_TESTING,
        severity=Severity.NOTICE,
        title="The policy is in testing",
        summary="The policy is in mode testing: failures are reported and mail is delivered all the same",
        detail="Whatever is wrong with hosts and certificates refuses no mail through this policy, and it protects "
        "none either. {enforcing}.",
        why="Testing is a step on the way. It is easily forgotten, and gives no protection while it lasts.",
        fix=("{enforcing:advice}",),
        rfc=("RFC 8461 section 5",),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_ENFORCE_BREAKS,
        severity=Severity.WARNING,
        title="Enforcing the policy would stop mail",
        summary="In mode enforce {enforcing:refusals} modelled senders would refuse mail for {domain}",
        detail="They deliver now, since the policy is in testing. Then would refuse: {enforcing:each_refusal}.",
        why="The step from testing to enforce is taken when all looks well; what only testing lets pass then stops mail, "
        "for as long as max_age says, even after the policy is put back.",
        fix=("{enforcing:advice}",),
        rfc=("RFC 8461 section 5", "RFC 8461 section 8.3"),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_MODE_NONE,
        severity=Severity.NOTICE,
        title="The policy is switched off",
        summary="The policy is in mode none: senders act as if there were no policy",
        detail="This is the right way to leave MTA-STS, or to give up an older policy. {enforcing}.",
        why="Mode none makes senders forget an older policy as soon as they fetch this one.",
        fix=(
            (
                "To leave MTA-STS: keep record and policy until the max_age of every policy served earlier is over, then "
                "remove both."
            ),
        ),
        otherwise=("To use it again, set a new id and serve first:\n    mode: testing",),
        rfc=("RFC 8461 section 5", "RFC 8461 section 8.3"),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_MAX_AGE_SHORT,
        severity=Severity.NOTICE,
        title="Senders remember the policy for a short time only",
        summary="max_age is {max_age} seconds, less than a week",
        detail="A sender that hears nothing new for longer than that forgets the policy, and can then be kept from "
        "finding it again.",
        why="The memory of senders is what protects against someone who blocks the look-up. The RFC wants the longest "
        "max_age that is practical, weeks or more. A short one is right for the days before a change.",
        fix=("When no change is planned, set this or more, and a new id:\n    max_age: {wanted}",),
        rfc=("RFC 8461 section 10.2",),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_MX_UNLISTED,
        severity=Severity.WARNING,
        title="An MX host is not in the policy",
        summary="MX host {host} matches no mx line of the policy",
        detail="The policy lists {patterns}.{near:wildcard}{left_by:leftover} A sender that enforces the policy does not "
        "deliver to {host}.",
        why="Such a host takes no mail from senders that honour MTA-STS. If it is a backup, you notice only when the "
        "others are down; if it is the only one, mail waits in queues and bounces after a day or more.",
        fix=(
            "Add to the policy:{host:mx_block}",
            "Then set a new id in the record at _mta-sts.{domain}.",
            "Senders that hold the old policy may keep to it until its max_age is over: {max_age:span}.",
        ),
        ways={
            "delegated": (
                "Have the provider behind {provider}, who serves this policy for you, add to it:{host:mx_block}",
                "Have the id of the record at _mta-sts.{domain} changed then.",
                "Senders that hold the old policy may keep to it until its max_age is over: {max_age:span}.",
            ),
            "leave": (
                "If this policy was not made for these MX hosts, no longer announce it. Remove:{announced:block}",
                (
                    "Remove mta-sts.{domain} when its max_age is over, {max_age:span}: senders that hold the policy keep to "
                    "it until then. A policy of your own at mta-sts.{domain}, with a new id, ends that sooner for those "
                    "that look."
                ),
            ),
            "retire": (
                "If mail is bouncing now, take {host} out of the MX records until senders have the new policy.",
            ),
            "listed-elsewhere": (
                (
                    "Put the policy that {listed_at} serves on {unlisted_at} too, or remove that address of "
                    "mta-sts.{domain}. It has:{host:mx_block}"
                ),
                "Then set a new id in the record at _mta-sts.{domain}.",
            ),
        },
        rfc=("RFC 8461 section 4.1", "RFC 8461 section 8.4"),
        verify=("dig +short MX example.com", *_GET),
    ),
    FindingWords(
        code=Code.STS_MX_UNUSED,
        severity=Severity.NOTICE,
        title="The policy lists hosts that are no MX hosts",
        summary="The policy lists what no MX host needs: {patterns}",
        detail="This does no harm by itself. It may be left over, or prepared for a host to come.",
        why="A line too many lets a host receive mail that you may no longer control.",
        fix=(
            (
                "If the hosts are gone for good, remove their `mx:` lines from the policy and set a new id in the record at "
                "_mta-sts.{domain}."
            ),
        ),
        rfc=("RFC 8461 section 4.1", "RFC 8461 section 10.4"),
        verify=("dig +short MX example.com", *_GET),
    ),
    FindingWords(
        code=Code.STS_MEMORY_OUTLIVES,
        severity=Severity.WARNING,
        title="Senders may still hold an older policy that refuses",
        summary="A policy fetched on {fetched} stays in force until {until} for senders that hold it",
        detail="It lists {patterns}. A sender that holds it judges by it, whatever is published now, until it fetches "
        "the new policy or the time is over.",
        why="This is why mail can bounce for days after everything was put right: a sender refreshes when it sees a "
        "new id, and not all of them are known to look at once.",
        fix=(
            "See that the record at _mta-sts.{domain} has a new id and that the new policy is served.",
            (
                "Until {until} keep the MX hosts such that the old policy accepts them too: their names in its mx lines, and "
                "certificates for these names."
            ),
        ),
        rfc=("RFC 8461 section 5.1", "RFC 8461 section 8.1"),
        verify=(
            "mxproof check example.com --cached-policy old-mta-sts.txt --cached-at 2026-06-01T12:00:00Z",
        ),
    ),
)
