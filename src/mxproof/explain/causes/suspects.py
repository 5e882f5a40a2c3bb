"""The suspects that causes and rules share, by side; the order in a cause is that of likelihood."""

from typing import Final

from mxproof.explain.causes.fault import Fault, Suspect

POLICY: Final = Suspect(
    fault=Fault.RECIPIENT, words="the recipient's MTA-STS policy and the MX records beside it"
)
POLICY_HOST: Final = Suspect(fault=Fault.RECIPIENT, words="the recipient's policy host")
CERTIFICATE: Final = Suspect(fault=Fault.RECIPIENT, words="the certificate of the recipient's server")
CERTIFICATE_NAMES: Final = Suspect(
    fault=Fault.RECIPIENT, words="the names in the certificate of the recipient's server"
)
CHAIN: Final = Suspect(
    fault=Fault.RECIPIENT,
    words="the certificate of the recipient's server, or an intermediate one that it does not send",
    seldom_at_provider=True,
    of_host=True,
)
STARTTLS: Final = Suspect(fault=Fault.RECIPIENT, words="STARTTLS on the recipient's server")
SERVER_TLS: Final = Suspect(
    fault=Fault.RECIPIENT, words="TLS versions, ciphers or key of the recipient's server"
)
TLSA: Final = Suspect(
    fault=Fault.RECIPIENT, words="the recipient's TLSA records and the certificate beside them"
)
ZONE: Final = Suspect(
    fault=Fault.RECIPIENT,
    words="the recipient's zone: its signatures or its name servers",
    seldom_at_provider=True,
)
DOMAIN: Final = Suspect(
    fault=Fault.RECIPIENT, words="the recipient's domain, or the way it is spelled", seldom_at_provider=True
)
MX: Final = Suspect(fault=Fault.RECIPIENT, words="the recipient's MX records", seldom_at_provider=True)
NO_MAIL: Final = Suspect(fault=Fault.RECIPIENT, words="the recipient's domain, which takes no mail")
LISTENER: Final = Suspect(
    fault=Fault.RECIPIENT,
    words="the recipient's mail server or its firewall",
    seldom_at_provider=True,
    of_host=True,
)
SERVER: Final = Suspect(fault=Fault.RECIPIENT, words="the recipient's mail server")

TRUST_STORE: Final = Suspect(
    fault=Fault.SENDER,
    words="the sender's own trust store",
    next="openssl s_client -starttls smtp -connect {host}:25 -verify_return_error",
    seldom_at_provider=True,
)
RESOLVER: Final = Suspect(
    fault=Fault.SENDER,
    words="the sender's own resolver: it strips DNSSEC, blocks names or does not answer",
    next="dig +dnssec MX {domain}",
    seldom_at_provider=True,
)
NETWORK: Final = Suspect(
    fault=Fault.SENDER,
    words="the sender's own network: port 25 blocked on the way out, or no route over IPv6",
    next="nc -vz {host} 25",
    seldom_at_provider=True,
)
CLIENT_TLS: Final = Suspect(
    fault=Fault.SENDER,
    words="the sender's own TLS settings: versions, ciphers or port",
    next="openssl s_client -starttls smtp -connect {host}:25",
    seldom_at_provider=True,
)
POLICY_TABLE: Final = Suspect(
    fault=Fault.SENDER,
    words="the sender's own TLS policy for this destination",
    next="postconf smtp_tls_policy_maps",
    program="postfix",
    seldom_at_provider=True,
)
POLICY_DAEMON: Final = Suspect(
    fault=Fault.SENDER,
    words="the sender's own policy service, which does not answer its mail server",
    next="postconf smtp_tls_policy_maps",
    program="postfix",
)
CONTENT_FILTER: Final = Suspect(
    fault=Fault.SENDER,
    words="a filter on the sender's own machine, which its mail server cannot reach",
    next="postconf content_filter smtpd_milters",
    program="postfix",
)
OWN_DOMAINS: Final = Suspect(
    fault=Fault.SENDER,
    words="the sender's own server: the domains that it takes for its own, or a resolver that answers with it",
    next="dig +short MX {domain}",
)
ROUTES: Final = Suspect(
    fault=Fault.SENDER, words="the sender's own routing rules", next="dig +short MX {domain}"
)
CONNECTOR: Final = Suspect(
    fault=Fault.SENDER, words="the sender's own connector, which expects another certificate"
)
CLIENT_CERTIFICATE: Final = Suspect(
    fault=Fault.SENDER, words="the certificate or the address that the sender shows"
)
RECORDS: Final = Suspect(
    fault=Fault.SENDER, words="the sender's own SPF, DKIM and DMARC records, or its signing"
)
RECORD_SERVERS: Final = Suspect(fault=Fault.SENDER, words="the name servers of the sender's domain")
SENDING_NAME: Final = Suspect(fault=Fault.SENDER, words="the names of the sending server: PTR, HELO, address")
SENDING_ADDRESS: Final = Suspect(fault=Fault.SENDER, words="the sending address and what came from it before")
SENDER_DOMAIN: Final = Suspect(fault=Fault.SENDER, words="the domain of the envelope sender")
MESSAGE: Final = Suspect(fault=Fault.SENDER, words="the message or the client that sent it")

WAY: Final = Suspect(
    fault=Fault.PATH,
    words="the way between the two: a firewall, or a device that inspects SMTP",
    seldom_at_provider=True,
    of_host=True,
)
DEVICE: Final = Suspect(fault=Fault.PATH, words="a device on the way that inspects SMTP")
FORWARDER: Final = Suspect(
    fault=Fault.PATH, words="a list, a gateway or a forwarder that changed the message"
)

RULE: Final = Suspect(fault=Fault.RECEIVER, words="a rule of the receiver")
FILTER: Final = Suspect(fault=Fault.RECEIVER, words="the receiver's filter")
LOOK_UPS: Final = Suspect(fault=Fault.RECEIVER, words="the receiver's own look-ups")
RECEIVING_CONNECTOR: Final = Suspect(
    fault=Fault.RECEIVER, words="the receiver's connector and what it expects"
)
