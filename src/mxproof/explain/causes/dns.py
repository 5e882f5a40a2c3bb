"""Causes in the DNS of the recipient's or the sender's domain."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.causes.cause import Cause, CauseKind
from mxproof.judge.codes import Code

_KIND: Final = CauseKind.DNS
_CHECK_DOMAIN: Final = "mxproof check {domain}"

CAUSES: Final = (
    Cause(
        id="dns_nxdomain",
        kind=_KIND,
        suspects=(suspects.DOMAIN, suspects.RESOLVER),
        title="the recipient's domain or mail host does not exist in DNS",
        words="The sender asked DNS for the recipient's domain and was told that the name does not exist. A mistyped "
        "address is the common reason; an expired or undelegated domain is the other.",
        check="The spelling of the address; registration, delegation and MX record of the domain.",
        next=_CHECK_DOMAIN,
        findings=(Code.DOMAIN_MISSING, Code.MX_DANGLING),
    ),
    Cause(
        id="dns_temp",
        kind=_KIND,
        suspects=(suspects.ZONE, suspects.RESOLVER),
        title="DNS gave no answer about the recipient's domain for the moment",
        words="The sender's lookup ended in a server failure or a timeout, so it does not know where to deliver and "
        "tries again later. The authoritative name servers are the first suspects.",
        check="Every name server of the domain over UDP and TCP, IPv4 and IPv6, and its DNSSEC signatures.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_UNANSWERED, Code.MX_HOST_UNANSWERED),
    ),
    Cause(
        id="dns_failure",
        kind=_KIND,
        suspects=(suspects.ZONE, suspects.RESOLVER),
        title="the DNS lookup of the recipient's domain failed",
        words="The sender could not find out where mail for the domain goes. The code in the text says whether the name "
        "does not exist, has no mail servers, or gave no answer.",
        check="MX, A and AAAA records of the domain at every one of its name servers.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_UNANSWERED, Code.DOMAIN_MISSING, Code.MX_NO_ADDRESS),
    ),
    Cause(
        id="dns_failure_expired",
        kind=_KIND,
        suspects=(suspects.ZONE, suspects.RESOLVER),
        title="the DNS lookup failed until the sender gave up",
        words="The sender tried for as long as it keeps mail and never learned where to deliver. The lines of the earlier "
        "attempts name the DNS error.",
        check="MX, A and AAAA records of the domain at every one of its name servers.",
        next=_CHECK_DOMAIN,
        wrapper=True,
        findings=(Code.MX_UNANSWERED, Code.DOMAIN_MISSING, Code.MX_NO_ADDRESS),
    ),
    Cause(
        id="route_or_dns",
        kind=_KIND,
        suspects=(suspects.DOMAIN, suspects.ROUTES),
        title="the sender found no way to the recipient's domain",
        words="The sender has no route for this domain: it has neither MX nor address records, or the sender is "
        "configured not to send there.",
        check="MX and address records of the domain; the sender's routing rules.",
        next=_CHECK_DOMAIN,
        wrapper=True,
        findings=(Code.DOMAIN_MISSING, Code.MX_NO_ADDRESS),
    ),
    Cause(
        id="mx_no_address",
        kind=_KIND,
        suspects=(suspects.MX,),
        title="no MX host has an address",
        words="The domain names mail servers, or stands for itself, and none of these names has an A or AAAA record. No "
        "sender can connect.",
        check="A and AAAA records of each MX host.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_NO_ADDRESS, Code.MX_DANGLING),
    ),
    Cause(
        id="mx_invalid",
        kind=_KIND,
        suspects=(suspects.MX, suspects.RESOLVER),
        title="the MX record is not valid",
        words="The sender could not use what stands in the MX record: an IP address where a name belongs, a name with "
        "forbidden characters, or a malformed answer.",
        check="The MX records as the name servers send them.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_NAME_INVALID, Code.MX_ADDRESS_LITERAL, Code.MX_LOCALHOST),
    ),
    Cause(
        id="mx_wrong",
        kind=_KIND,
        suspects=(suspects.MX,),
        title="the MX record leads to the wrong place",
        words="The server that the MX record names is not the one that takes mail for this domain; with hosted mail each "
        "customer or region has a name of its own.",
        check="The MX record against the name that the provider gives for this domain.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_OK,),
    ),
    Cause(
        id="mx_loop",
        kind=_KIND,
        suspects=(suspects.MX, suspects.OWN_DOMAINS),
        title="the MX record points back at the sender",
        words="The best MX host of the domain is the sending server itself, which does not consider the domain its own. "
        "It would send the message to itself for ever.",
        check="The MX records with the addresses that the sender's resolver gives for them (0.0.0.0, 127.0.0.1 or an own "
        "one where it blocks a name), and the list of domains that the server accepts as its own.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_OK,),
    ),
    Cause(
        id="mx_loopback",
        kind=_KIND,
        suspects=(suspects.MX, suspects.RESOLVER),
        title="an MX host resolves to the sender's own machine",
        words="An MX host of the domain resolves to 127.0.0.1, ::1 or an address of the sender, so there is nobody else "
        "to deliver to.",
        check="A and AAAA records of each MX host.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_NO_ADDRESS,),
    ),
    Cause(
        id="null_mx",
        kind=_KIND,
        suspects=(suspects.NO_MAIL,),
        title="the domain says that it takes no mail (null MX)",
        words="The domain publishes the MX record `0 .`, which tells every sender that it receives no mail (RFC 7505). "
        "Delivery is not tried.",
        check="Whether the null MX is meant.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_NULL,),
    ),
    Cause(
        id="null_mx_or_refuses",
        kind=_KIND,
        suspects=(suspects.NO_MAIL,),
        title="the host says that it takes no mail",
        words="Either the domain publishes a null MX record (RFC 7505) or its server answers that it does not accept "
        "mail.",
        check="The MX record of the domain; the greeting of its mail server.",
        next=_CHECK_DOMAIN,
        findings=(Code.MX_NULL, Code.SMTP_TURNED_AWAY),
    ),
    Cause(
        id="sender_domain_dns",
        kind=_KIND,
        suspects=(suspects.SENDER_DOMAIN,),
        title="the sender's domain does not resolve",
        words="The receiver looked up the domain of the envelope sender and found neither MX nor address records, so it "
        "could never send a bounce there. It refuses such mail.",
        check="MX, A and AAAA records of the domain in MAIL FROM, at every one of its name servers.",
        next="dig +short MX {domain}",
    ),
    Cause(
        id="sender_null_mx",
        kind=_KIND,
        suspects=(suspects.SENDER_DOMAIN,),
        title="the sender's domain says that it takes no mail (null MX)",
        words="The domain of the envelope sender publishes a null MX record, so no bounce could ever reach it; the "
        "receiver refuses the message (RFC 7505 section 4.2).",
        check="The MX record of the domain in MAIL FROM.",
        next="dig +short MX {domain}",
    ),
)
