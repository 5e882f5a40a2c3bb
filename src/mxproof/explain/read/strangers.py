"""Which lines are of programs that deliver no mail, whatever words they share with those that do.

A web server, a tunnel and a test by hand meet certificates and refused connections as well, and people paste a screen
with all that was on it. Such a line is left out, so that what it says of TLS is not taken for what became of a mail.
Resolvers are no strangers: what they say of DNSSEC may be the reason of a delivery that failed.
"""

import re

_READING = (
    "imap-login: ",
    "pop3-login: ",
    "imapd: ",
    "pop3d: ",
    "/dnsblog[",
    "/postscreen[",
    "dnsblog_query: ",
    "reject_warning: ",
)
"""Servers that mail is read from, those that look at a client before any mail, and what Postfix only would have refused."""
_PROGRAM_CHARACTERS_MAX = 200
_PROGRAMS = (
    *(
        "nginx",
        "haproxy",
        "openvpn",
        "sshd",
        "kernel",
        "systemd",
        "cron",
        "sudo",
        "fail2ban",
        "mysqld",
        "mariadb",
    ),
    *("postgres", "redis", "apache2", "httpd", "certbot", "dockerd", "containerd", "kubelet", "fetchmail"),
    *(
        "offlineimap",
        "thunderbird",
        "wpa_supplicant",
        "slapd",
        "charon",
        "strongswan",
        "rsyslogd",
        "ntpd",
        "chronyd",
    ),
    "gitlab-runner",
)
_PROGRAM = re.compile(
    rf"(?:^|\s)(?:{'|'.join(_PROGRAMS)})(?!-resolved)[\w.-]{{0,20}}(?: ?\[\d{{1,10}}\])?: ", re.IGNORECASE
)
_SHAPES = tuple(
    (sign, re.compile(shape))
    for sign, shape in (
        # nginx, Apache, HAProxy, and a web server's log of requests
        ("#", r"\[(?:debug|info|notice|warn|error|crit|alert|emerg)\] \d{1,9}#\d{1,9}: "),
        ("[pid ", r"\[\w{2,20}:(?:emerg|alert|crit|error|warn|notice|info|debug)\] \[pid \d"),
        ("AH", r"\bAH\d{5}: "),
        ("] ", r"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{1,6}\] \S{1,100}/\S{1,100}: "),
        ("HTTP/", r"\"(?:GET|HEAD|POST|PUT|OPTIONS|CONNECT) \S{1,300} HTTP/"),
        # OpenVPN
        ("TLS_ERROR", r"\bTLS_ERROR: BIO "),
        ("OpenSSL: error", r"\d OpenSSL: error:"),
        ("TLS Auth Error", r"\bTLS Auth Error: "),
        ("VERIFY ERROR", r"\bVERIFY ERROR: depth="),
        ("TLS Error: TLS ", r"\bTLS Error: TLS (?:handshake failed|key negotiation)"),
        # openssl, curl, git, dig and its kin, clients of ACME
        ("depth=", r"^\s{0,4}depth=\d{1,3} "),
        ("erif", r"^\s{0,4}(?:verify (?:error|return):|Verify return code: |Verification(?: error)?: )"),
        ("CONNECTED(", r"^\s{0,4}CONNECTED\(\d"),
        ("openssl ", r"\bopenssl (?:x509|s_client|verify)\b"),
        ("curl: (", r"\bcurl: \(\d{1,3}\) "),
        ("fatal: unable to access", r"\bfatal: unable to access "),
        (";; ", r"^\s{0,4};; "),
        ("<<>> DiG", r"^; <<>> DiG "),
        ("server can't find", r"\*\* server can't find "),
        (" not found: ", r"\bHost \S{1,255} not found: \d\("),
        ("acme-challenge", r"\bacme-challenge\b"),
        # what an access list of Exim only notes (`warn`), and configuration
        ("] Warning: ", r"\] Warning: "),
        (
            "=",
            r"^\s{0,8}(?:(?:smtpd?|lmtp|tls|ssl|postscreen|hosts|virtual|relay|milter|inet|daemon)_[a-z0-9_]{1,60}|ssl|mydestination) ?= ?\S",
        ),
    )
)
"""How a line of another program, of a tool or of a configuration looks, each behind a sign that is soon looked for."""
_OTHER_SERVICE = re.compile(
    r"\bhttps?://(?!mta-sts\.)|:(?:80|110|143|389|443|636|993|995|1433|2376|3306|5432|6379|6443|8080|8443|9200|27017)\b"
    r"|\b(?:ldaps?|redis|mysql|psycopg\w?|postgres\w*|mongo\w*|kube\w*|docker|registry|git|npm|pip|maven|grpc|amqp|mqtt|imap|pop3)\b",
    re.IGNORECASE,
)
_DMARC_REPORT = ("<feedback", "<policy_published>")


def is_of_stranger(record: str) -> bool:
    """Tell whether a line is of a program that delivers no mail."""
    if any(name in record for name in _READING):
        return True
    head = record[:_PROGRAM_CHARACTERS_MAX].lower()
    if any(name in head for name in _PROGRAMS) and _PROGRAM.search(head):
        return True
    return any(sign in record and shape.search(record) for sign, shape in _SHAPES)


def is_of_other_service(text: str) -> bool:
    """Tell whether a text that does not speak of mail names another service: by its port, a URL, or what it asked for."""
    return bool(_OTHER_SERVICE.search(text))


def is_dmarc_report(text: str) -> bool:
    """Tell whether a text is a DMARC aggregate report (RFC 9990), which counts mail that was taken as well."""
    return all(sign in text for sign in _DMARC_REPORT)
