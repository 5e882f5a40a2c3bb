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
_PROGRAM = re.compile(
    r"(?:^|\s)(?:nginx|haproxy|openvpn|sshd|kernel|systemd(?:-(?!resolved)\w{1,20})?|cron|crond|sudo|fail2ban[\w.-]{0,20}|mysqld|mariadbd?"
    r"|postgres|redis(?:-server)?|apache2|httpd|certbot|dockerd|containerd|kubelet|fetchmail|offlineimap|thunderbird|wpa_supplicant"
    r"|slapd|charon|strongswan|rsyslogd|ntpd|chronyd|gitlab-runner)(?: ?\[\d{1,10}\])?: ",
    re.IGNORECASE,
)
_SHAPE = re.compile(
    r"\[(?:debug|info|notice|warn|error|crit|alert|emerg)\] \d{1,9}#\d{1,9}: "
    r"|\[\w{2,20}:(?:emerg|alert|crit|error|warn|notice|info|debug)\] \[pid \d|\bAH\d{5}: "
    r"|\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{1,6}\] \S{1,100}/\S{1,100}: "
    r"|\"(?:GET|HEAD|POST|PUT|OPTIONS|CONNECT) \S{1,300} HTTP/"
    r"|\bTLS_ERROR: BIO |\d OpenSSL: error:|\bTLS Auth Error: |\bVERIFY ERROR: depth=|\bTLS Error: TLS (?:handshake failed|key negotiation)"
    r"|^\s{0,4}(?:depth=\d{1,3} |verify (?:error|return):|Verify return code: |Verification(?: error)?: |CONNECTED\(\d)"
    r"|\bcurl: \(\d{1,3}\) |^\s{0,4};; |^; <<>> DiG |\bfatal: unable to access "
    r"|\bacme-challenge\b|\bopenssl (?:x509|s_client|verify)\b|\*\* server can't find |\bHost \S{1,255} not found: \d\("
    r"|\] Warning: |^\s{0,8}(?:(?:smtpd?|lmtp|tls|ssl|postscreen|hosts|virtual|relay|milter|inet|daemon)_[a-z0-9_]{1,60}|ssl|mydestination) ?= ?\S"
)
"""nginx, Apache, HAProxy, a web server's log of requests, OpenVPN, `openssl`, curl, dig and its kin, git, clients of ACME;
what an access list of Exim only notes (`warn`); and the configuration of Postfix, Exim and Dovecot."""
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
    return bool(_PROGRAM.search(record[:_PROGRAM_CHARACTERS_MAX]) or _SHAPE.search(record))


def is_of_other_service(text: str) -> bool:
    """Tell whether a text that does not speak of mail names another service: by its port, a URL, or what it asked for."""
    return bool(_OTHER_SERVICE.search(text))


def is_dmarc_report(text: str) -> bool:
    """Tell whether a text is a DMARC aggregate report (RFC 9990), which counts mail that was taken as well."""
    return all(sign in text for sign in _DMARC_REPORT)
