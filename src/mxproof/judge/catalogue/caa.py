"""Words about CAA records: who may issue certificates for MX hosts and policy host."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_CHECKED_BY = "mxproof check example.com --only caa"
_SEE = ("dig +short CAA mx1.example.com", "dig +short CAA example.com")
_CLIMBED = "RFC 8659 section 3"
_LATE = (
    "Nothing is wrong today, and nothing will be until the certificate ends: then it is not renewed, and senders that verify "
    "it refuse to deliver."
)

ENTRIES = (
    FindingWords(
        code=Code.CAA_NOBODY_ALLOWED,
        severity=Severity.WARNING,
        title="CAA records let nobody issue certificates",
        summary="{owner}: its CAA records let no authority issue for {hosts}",
        detail="The certificate in use was issued by {issuer}. Critical tags that no authority knows: {critical}. What is "
        "written wrongly names nobody.",
        why=_LATE,
        fix=("Name the authority that issues your certificates in the {property} record at {owner}.",),
        rfc=("RFC 8659 section 4.2", "RFC 8659 section 4.1"),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.CAA_ISSUER_FORBIDDEN,
        severity=Severity.WARNING,
        title="The authority that issued the certificate may not issue it again",
        summary="{owner}: CAA lets {allowed} issue for {hosts}, and the certificate is from {issuer}",
        detail="Before it issues, an authority looks for CAA records at the name and at each name above it, and takes the first "
        "that it finds: here those at {owner}.",
        why=_LATE,
        fix=("Add the authority that you use, beside those that are there:{lines:lines}",),
        otherwise=("Get the next certificate from {allowed}.",),
        rfc=(_CLIMBED, "RFC 8659 section 4.2", "RFC 8659 section 4.3"),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.CAA_INVALID,
        severity=Severity.WARNING,
        title="A CAA record says nothing that an authority understands",
        summary="{owner}: CAA records that no authority understands: {faults:quoted}",
        detail="A value that is no domain name with parameters names nobody, and a tag that is not registered is passed over.",
        why="Who wrote the record meant something by it: that somebody may issue, or that nobody else may. Neither comes of it.",
        fix=(
            'Write it as `0 issue "letsencrypt.org"`, with `issue`, `issuewild` or `iodef` for the tag, or take it out.',
        ),
        rfc=("RFC 8659 section 4.2", "RFC 8659 section 4.1"),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.CAA_UNANSWERED,
        severity=Severity.NOTICE,
        title="CAA records could not be looked up",
        summary="{owner}: its CAA records could not be looked up, so it is not known who may issue for {hosts}",
        detail="There may be records, or none.",
        why="An authority that gets no answer either does not issue, in most cases: it may not take silence for permission where "
        "the zone is signed.",
        fix=(
            "Ask each name server for the CAA record; one that knows no such type has to say that there is none.",
        ),
        rfc=(_CLIMBED,),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.CAA_ISSUER_UNKNOWN,
        severity=Severity.NOTICE,
        title="It is not known whether CAA lets the authority issue again",
        summary="{owner}: CAA lets {allowed} issue for {hosts}; whether that is {issuer} is not known here",
        detail="Authorities choose the names that they go by in CAA records, and those of this one are not known to mxproof.",
        why="If it is none of them, the certificate will not be renewed.",
        fix=("Look up in the documents of your authority which name it goes by, and compare.",),
        rfc=("RFC 8659 section 4.2",),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.CAA_MISSING,
        severity=Severity.NOTICE,
        title="Every authority may issue certificates",
        summary="{hosts}: no CAA record, so every authority may issue a certificate",
        detail="None was found at these names or above them.",
        why="An authority that is deceived about who you are issues a certificate with your names to somebody else, who can then "
        "pose as your server. A CAA record leaves one authority that can be deceived.",
        fix=(
            'Publish a CAA record that names your authority, for instance `example.com. CAA 0 issue "letsencrypt.org"`.',
        ),
        rfc=(_CLIMBED,),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.CAA_OK,
        severity=Severity.OK,
        title="CAA lets the authority issue again",
        summary="{owner}: CAA lets {allowed} issue for {hosts}, whose certificate is from {issuer}",
        detail="The next renewal will not fail for this.",
        why="A renewal that fails is seen when the certificate ends.",
        rfc=(_CLIMBED,),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
)
