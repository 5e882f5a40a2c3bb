"""Words about DKIM keys: what receivers verify signatures of the domain with."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_KEY = "RFC 6376 section 3.6.1"
_NAME = "RFC 6376 section 3.6.2.1"
_LOOK_UP = ("dig +short TXT s1._domainkey.example.com",)
_CHECKED_BY = "mxproof check example.com --selector s1"
_UNSIGNED = "A signature that cannot be verified counts as none. Mail that is forwarded, for which SPF fails, then fails DMARC as well."

ENTRIES = (
    FindingWords(
        code=Code.DKIM_OK,
        severity=Severity.OK,
        title="A DKIM key is sound",
        summary="The DKIM key {selector} of {domain} is sound ({size})",
        detail="It stands at {subject}.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=(_KEY,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DKIM_NOT_FOUND,
        severity=Severity.NOTICE,
        title="No DKIM key under a name in common use",
        summary="{subject} has no DKIM key under a name in common use",
        detail="Looked for: {selectors}. A domain does not say which selectors it has, so it may have keys all the same: they "
        "are named by s= in the DKIM-Signature of any mail that it sent.",
        why="Without a signature mail that is forwarded fails DMARC, and large receivers refuse mail in bulk.",
        fix=(
            "Ask again for the selector that your mail is signed with:\n    mxproof check {subject} --selector SELECTOR",
        ),
        rfc=(_NAME,),
        verify=_LOOK_UP,
        checked_by="mxproof check example.com --only dkim",
    ),
    FindingWords(
        code=Code.DKIM_KEY_MISSING,
        severity=Severity.WARNING,
        title="A DKIM key is missing",
        summary="There is no DKIM key {selector} of {domain}",
        detail="The resolver says of {subject}: {why}.",
        why=_UNSIGNED,
        fix=("Publish the key at {subject}, or have mail signed with a selector that has one.",),
        rfc=(_NAME, "RFC 6376 section 6.1.2"),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DKIM_KEY_MULTIPLE,
        severity=Severity.WARNING,
        title="Several TXT records stand where a DKIM key should",
        summary="{subject} has {count} TXT records; a DKIM key stands alone",
        detail="Which of them a receiver takes is not defined.",
        why=_UNSIGNED,
        fix=("Keep the record whose key signs now, and give another key a selector of its own.",),
        rfc=("RFC 6376 section 3.6.2.2",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DKIM_KEY_INVALID,
        severity=Severity.WARNING,
        title="A DKIM key cannot be used",
        summary="The DKIM key {selector} of {domain} cannot be used",
        detail="Found: {texts:quoted}. What is wrong with it: {faults:unless}.",
        why=_UNSIGNED,
        fix=(
            (
                "Publish the record again as the signer gives it. A common slip is a key cut or broken where a text of more "
                "than 255 characters was split."
            ),
        ),
        rfc=(_KEY, "RFC 8301 section 3.2"),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DKIM_KEY_REVOKED,
        severity=Severity.NOTICE,
        title="A DKIM key is revoked",
        summary="The DKIM key {selector} of {domain} is revoked",
        detail="The record at {subject} has an empty p.",
        why="Signatures with this selector fail. That is right where the key is retired, and a fault where mail is still signed "
        "with it.",
        fix=(
            "If mail is still signed with {selector}, publish its key, or have the signer use another selector.",
        ),
        rfc=(_KEY,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DKIM_KEY_SHORT,
        severity=Severity.NOTICE,
        title="A DKIM key is shorter than it should be",
        summary="The DKIM key {selector} of {domain} has {bits} bits",
        detail="Signers should use 2048 bits at least.",
        why="A short key can be broken by whoever has the means, and some receivers trust it less.",
        fix=(
            "Make a key of 2048 bits under a new selector, have mail signed with it, and remove the old one a week later.",
        ),
        rfc=("RFC 8301 section 3.2",),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DKIM_KEY_TESTING,
        severity=Severity.NOTICE,
        title="A DKIM key is marked as a test",
        summary="The DKIM key {selector} of {domain} is marked as a test",
        detail="The record at {subject} has the flag t=y, which asks receivers to treat signed mail as if it were not signed.",
        why="Receivers that go by the flag give the signature no weight.",
        fix=("When signing works, take y out of t in the record.",),
        rfc=(_KEY,),
        verify=_LOOK_UP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DKIM_KEY_LARGE,
        severity=Severity.NOTICE,
        title="A DKIM key does not fit into a datagram",
        summary="The DKIM key {selector} of {domain} comes over TCP only",
        detail="The answer for {subject} does not fit into a datagram.",
        why="A receiver whose network loses TCP to port 53 gets no key, and the signature ends as temperror.",
        fix=("Use a key of 2048 bits, which fits, or one of Ed25519 beside it.",),
        rfc=("RFC 6376 section 3.3.3",),
        verify=("dig +ignore TXT s1._domainkey.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DKIM_UNANSWERED,
        severity=Severity.WARNING,
        title="A DKIM key could not be looked up",
        summary="The look-up of {subject} was not answered: {why}",
        detail="A receiver to which this happens ends with temperror.",
        why="It puts mail off, or takes it without the signature, and then it may fail DMARC.",
        fix=(
            (
                "Ask each name server of the zone by itself:\n    dig TXT {subject} @SERVER\nIf one is silent or fails, mend "
                "that server or take it out of the NS records."
            ),
        ),
        rfc=("RFC 6376 section 6.1.2",),
        verify=("dig +short NS example.com", "dig TXT s1._domainkey.example.com @ns1.example.com"),
        checked_by=_CHECKED_BY,
    ),
)
