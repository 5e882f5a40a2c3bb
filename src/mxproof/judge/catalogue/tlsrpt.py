"""Words about the record that asks for TLS reports."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_RECORD = "RFC 8460 section 3"
_LOOK_UP = ("dig +short TXT _smtp._tls.example.com",)
_CHECKED_BY = "mxproof check example.com --only reports"
_BLIND = (
    "Senders that refuse you never connect, so your log holds nothing. TLS reports, which large senders mail once a day, "
    "are the only way to hear of it before a person complains."
)

ENTRIES = (
    FindingWords(
        code=Code.TLSRPT_OK,
        severity=Severity.OK,
        title="TLS reports are asked for",
        summary="TLS reports are asked for at {rua}",
        detail="The record at {subject} is valid.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=(_RECORD,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.TLSRPT_MISSING,
        severity=Severity.NOTICE,
        title="No TLS reports are asked for",
        summary="{domain} asks for no TLS reports",
        detail="There is no TLSRPT record at {subject}.",
        why=_BLIND,
        fix=("Publish this, with an address that exists:{record:block}",),
        rfc=(_RECORD,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.TLSRPT_MULTIPLE,
        severity=Severity.WARNING,
        title="More than one TLSRPT record",
        summary="{subject} has {count} TLSRPT records, so none counts",
        detail="A sender that finds any number but one must act as if there were none.",
        why=_BLIND,
        fix=("Keep one record. Several addresses go into it, with commas between:{record:block}",),
        rfc=(_RECORD,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.TLSRPT_INVALID,
        severity=Severity.WARNING,
        title="The TLSRPT record is not valid",
        summary="The TLSRPT record at {subject} is not valid",
        detail="What is wrong with it: {faults:each}. Senders may send no reports, or send them to some of the addresses.",
        why=_BLIND,
        fix=("Publish this instead, with an address that exists:{record:block}",),
        rfc=(_RECORD,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.TLSRPT_UNDELIVERABLE,
        severity=Severity.WARNING,
        title="A destination of TLS reports takes no mail",
        summary="{subject}, to which TLS reports on {domain} go, takes no mail",
        detail="It has no MX record and no address, or says that it takes none. The record that names it is at {record}.",
        why=_BLIND + " These reports bounce at their senders.",
        fix=("Name an address in the record that exists.",),
        rfc=("RFC 8460 section 5.3", "RFC 5321 section 5.1"),
        verify=("dig +short TXT _smtp._tls.example.com", "dig +short MX example.net"),
    ),
    FindingWords(
        code=Code.TLSRPT_REFUSED,
        severity=Severity.NOTICE,
        title="Senders would refuse TLS reports where they go",
        summary="{refused:refusals} modelled senders do not deliver to {subject}, to which TLS reports on {domain} go",
        detail="To {subject} do not deliver: {refused:each_refusal}. The record that names it is at {record}.",
        why="Reports are to be delivered whatever is wrong with TLS, and are mail like any other to many systems that send "
        "them. What is kept back with the mail itself tells nobody of it.",
        fix=("Mend at {subject} what those senders refuse for: {refused:reasons}.",),
        otherwise=(
            "Or have the reports sent elsewhere: to an address in a domain whose mail arrives, or to a host that takes them over HTTPS.",
        ),
        rfc=(_RECORD, "RFC 8460 section 5.3", "RFC 8461 section 5"),
        verify=("dig +short TXT _smtp._tls.example.com", "mxproof check example.net"),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.TLSRPT_BASE_INVALID,
        severity=Severity.NOTICE,
        title="The TLSRPT record of a host with TLSA records does not count",
        summary="The TLSRPT record at {subject}, beside the TLSA records of {base}, does not count",
        detail="What is wrong with it: {faults:each}. Most senders look at {domain} alone for where reports go.",
        why="The policy domain of DANE is the TLSA base domain, the name of the host, and mox looks there as well and sends whoever "
        "runs the host what it met. Without a record there nothing is lost: all of it goes to the domain itself, too.",
        fix=("Remove what stands at {subject}, or publish one record there:{wanted:block}",),
        rfc=("RFC 8460 section 1.1", _RECORD, "RFC 7672 section 2.2.3"),
        verify=("dig +short TXT _smtp._tls.mx.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.TLSRPT_HOST_MISSING,
        severity=Severity.WARNING,
        title="A host that TLS reports are posted to has no address",
        summary="{subject}, to which TLS reports on {domain} are posted, has no address",
        detail="Neither an A nor an AAAA record stands there. The record that names it is at {record}.",
        why=_BLIND + " These reports reach nobody.",
        fix=(
            "Name a host in the record that takes reports, or a mail address, or give {subject} its address again.",
        ),
        rfc=("RFC 8460 section 5.4",),
        verify=("dig +short TXT _smtp._tls.example.com", "dig +short A reports.example.net"),
    ),
    FindingWords(
        code=Code.TLSRPT_UNANSWERED,
        severity=Severity.NOTICE,
        title="Whether TLS reports are asked for could not be found out",
        summary="The look-up of {subject} was not answered: {why}",
        detail="So it is not known from here whether TLS reports are asked for. Mail is not touched by this.",
        why=_BLIND,
        fix=(
            (
                "Ask again, and ask each name server of {domain} by itself:\n    dig TXT {subject} @SERVER\nIf one is silent "
                "or fails, mend that server or take it out of the NS records."
            ),
        ),
        rfc=(_RECORD,),
        verify=_LOOK_UP,
    ),
)
