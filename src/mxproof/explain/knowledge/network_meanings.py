"""What sentences about names and connections mean, whichever program writes them; the first row that fits counts."""

from typing import Final

from mxproof.explain.knowledge.meaning import Meaning, Words

_OF_SENDER: Final[Words] = "sender*|mail from|helo|ehlo|ptr|reverse|spf|dkim|dmarc"
_OF_LISTS: Final[Words] = "blacklist*|blocklist*|dnsbl|rbl|rblsmtpd"
_LOOK_UP: Final[Words] = (
    "dns|lookup*|resolv*|resolution|nameserver*|name server*|query|querying|name service|"
    "getaddrinfo|host not found"
)

_NAMES: Final = (
    Meaning(
        cause="null_mx",
        needs=(
            (
                "null mx|nullmx|does not accept mail|doesn t accept mail|accepts no mail|"
                "does not accept email|does not receive email|receives no email"
            ),
        ),
        unless=(f"{_OF_SENDER}|user|mailbox|from your|from you"),
        sample="Domain example.com receives no email (null MX)",
        unlike=("user does not accept mail from strangers", "Domain example.com receives email"),
    ),
    Meaning(
        cause="mx_loop",
        needs=(
            (
                "loops back|loop back|points to ourselves|points to ourself|points to myself|"
                "points back to|points to local host|point to local host|best preference mx|"
                "routes back to|is myself|is ourselves|points at myself"
            ),
        ),
        sample="MX of example.com points to ourselves",
        unlike=("the road loops around", "MX of example.com points to mx1"),
    ),
    Meaning(
        cause="mx_no_address",
        needs=(
            "mx|mail exchanger*|mail server*",
            (
                "no address*|neither a nor aaaa|no a record*|no aaaa|no ip*|not have an address|non existent hosts|"
                "without address*|no usable address*|no a or aaaa"
            ),
        ),
        sample="no A or AAAA records for the MX of example.com",
        unlike=("no address in the To field", "the MX of example.com has two addresses"),
    ),
    Meaning(
        cause="mx_invalid",
        needs=(
            "mx|mail exchanger*|dns",
            ("violat*|rfc 1035|is an ip address|invalid mx|illegal|is a cname|numeric|malformed mx|bad mx"),
        ),
        unless=_OF_SENDER,
        sample="This domain's DNS violates RFC 1035",
        unlike=("this message violates RFC 5322", "the MX of example.com is mx1"),
    ),
    Meaning(
        cause="dns_temp",
        needs=(
            _LOOK_UP,
            (
                "servfail|server failure|temporary failure|eai again|try again|lookup timed out|"
                "lookup timeout|dns timeout|query timed out|dns timed out|dns server failure|"
                "temporary dns|temporary resolution|failed temporarily"
            ),
        ),
        unless=(f"{_OF_SENDER}|{_OF_LISTS}|user|greylist*|graylist*|later|mailbox"),
        sample="MX lookup for example.com failed: ServFail",
        unlike=("the mailbox is busy, try again", "MX lookup for example.com: mx1"),
        of_session=True,
    ),
    Meaning(
        cause="dns_nxdomain",
        needs=(
            (
                "nxdomain|infodomainnonexistent|introuvable dans le dns|no such host|no such domain|enotfound|nonexistentdomain|"
                "non existent domain|nonexistent domain|domain does not exist|domain doesn t exist|"
                "host unknown|unknown host|unrouteable domain|domain not found|domain name not found|"
                "name or service not known|host not found|domain could not be found|"
                "domain was not found|domain existiert nicht|domaine n existe pas|dominio no existe|"
                "dominio non esiste"
            ),
        ),
        unless=(f"{_OF_SENDER}|{_OF_LISTS}|try again|client host|your host"),
        sample="MX example.com: NXDOMAIN",
        unlike=("sender domain not found", "the host was found"),
        of_session=True,
    ),
    Meaning(
        cause="mx_no_address",
        needs=(
            (
                "no mx|no mail exchanger*|mx not found|no mail server*|mx record not found|"
                "mx records not found"
            ),
        ),
        unless=(f"{_OF_SENDER}|mta sts|mtasts|sts"),
        sample="no MX records for example.com",
        unlike=("the sender has no MX", "MX records for example.com: 2"),
    ),
    Meaning(
        cause="dns_failure",
        needs=(
            "dns|mx lookup|name service|nameserver*|resolve|resolving|host lookup",
            "fail*|error|could not|cannot|can t|couldn t|unable",
        ),
        unless=(f"{_OF_SENDER}|{_OF_LISTS}|user|client|milter|unverified address"),
        sample="unable to resolve mx.example.com",
        unlike=("unable to resolve the conflict of the sender", "resolving mx.example.com"),
        of_session=True,
    ),
)

_CONNECTIONS: Final = (
    Meaning(
        cause="connect_refused",
        needs=(
            (
                "connection refused|econnrefused|actively refused|refused the connection|"
                "refused our connection|verbindung verweigert|verbindungsaufbau abgelehnt|verbindung zu abgelehnt|"
                "verbindung zu verweigert|verbindung abgelehnt|"
                "connexion refusée|conexión rechazada|conexión rehusada|connessione rifiutata"
            ),
        ),
        unless=(f"{_OF_LISTS}|by esa|reputation|policy"),
        sample="connect to mx.example.com: Connection refused (os error 111)",
        unlike=("the user refused", "connection established to mx.example.com"),
        of_session=True,
    ),
    Meaning(
        cause="connect_timeout",
        needs=(
            (
                "connection timed out|connect timed out|connect etimedout|etimedout|connect timeout|"
                "connection timeout|timed out connecting|timed out on connect*|no syn ack|timeout connecting|timeout while connecting|"
                "operation timed out|i o timeout|execution expired|opentimeout|"
                "connection attempt timed out|connexion expirée|zeitüberschreitung"
            ),
        ),
        sample="connect ETIMEDOUT 192.0.2.1:25 (mx.example.com)",
        unlike=("the session ends in time", "connect to mx.example.com"),
        of_session=True,
    ),
    Meaning(
        cause="connection_dropped",
        needs=(
            (
                "connection reset|econnreset|broken pipe|epipe|connection closed|closed connection|"
                "closed the connection|lost connection|connection lost|connection dropped|"
                "dropped connection|unexpected eof|connection aborted|socket hang up|socket closed|"
                "hung up|timed out while|verbindung zurückgesetzt"
            ),
        ),
        unless="idle|quit|lost connection after|smtpd|too many|limit|spam|attack",
        sample="mx.example.com closed the connection in reply to MAIL FROM",
        unlike=("the connection is open", "closed the connection after QUIT"),
        of_session=True,
    ),
    Meaning(
        cause="connect_failure",
        needs=(
            (
                "no route to host|network is unreachable|network unreachable|host unreachable|"
                "ehostunreach|enetunreach|host is down|ehostdown|failed to connect|could not connect|"
                "couldn t connect|unable to connect|cannot connect|can t connect|connect failed|"
                "connection failed|connection could not be established"
            ),
        ),
        sample="could not connect to the SMTP server mx.example.com",
        unlike=("connected to the SMTP server mx.example.com", "the route to the host is open"),
        of_session=True,
    ),
)

NETWORK_MEANINGS: Final = (*_NAMES, *_CONNECTIONS)
