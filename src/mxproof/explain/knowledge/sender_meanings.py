"""What sentences about who the sender is mean: SPF, DKIM, DMARC, names and reputation; the first row that fits counts."""

from typing import Final

from mxproof.explain.knowledge.meaning import Meaning, Words
from mxproof.explain.knowledge.rule import Side

_SPF: Final[Words] = "spf|sender policy framework"
_DKIM: Final[Words] = "dkim|domainkey*|domain keys"
_DMARC: Final[Words] = "dmarc"
_REVERSE: Final[Words] = (
    "ptr|rdns|reverse dns|reverse lookup|reverse name|reverse hostname|reverse host|"
    "reverse record|reverse resolution|reverse entry|reverse pointer|reverse mapping|"
    "in addr arpa|ip6 arpa|dns inverse|dns inverso|dns reverso"
)
_TEMPORARY: Final[Words] = (
    "temperror|temp error|temporary|temporarily|timeout|timed out|servfail|dns error|"
    "dns failure|lookup failed|lookup failure|try again|no answer|not answer*|didn t answer|"
    "not respond*|no response|not finish*|didn t finish|not complete*"
)
_BROKEN: Final[Words] = (
    "permerror|perm error|permanent error|syntax|too many|multiple|more than|unparseable|"
    "malformed|duplicate|void|two records|two dmarc|two spf|two txt|lookups only|lookup limit|loops|recursi*|cannot be evaluated|could not be parsed"
)
_REFUSED: Final[Words] = (
    "fail*|reject*|not pass*|doesn t pass|didn t pass|does not pass|did not pass|policy|"
    "violat*|quarantine|not comply|non compliant|compliance|unauthenticated|invalid|"
    "denied|refused|not permitted|not authori*|unauthori*|not accept*|not allow*|"
    "not meet|not align*|unaligned|blocked|forbid*|prohibit*|not legit*|not designat*|"
    "not list*|softfail|hardfail|mismatch|pas autoris*|refus*|nicht berechtigt|"
    "nicht erlaubt|nicht autorisiert|nicht zugelassen|nicht als absender|non autorizz*|no autorizad*|não autorizad*|"
    "niet toegestaan|niet opgenomen|no está autorizad*|non è autorizzat*|não está autorizad*|no permitid*|"
    "rechaz*|rifiut*|recusad*|geweigerd|afgewezen|abgelehnt|abgewiesen|odrzuc*"
)
_R: Final = Side.RECEIVER

_AUTHENTICATION: Final = (
    Meaning(
        cause="dkim_body_hash",
        needs=("body hash|bodyhash", "not verif*|fail*|mismatch|not match*|wrong|bad"),
        sample="550 DKIM body hash did not verify",
        unlike=("DKIM body hash verified", "the hash is bad"),
        side=_R,
    ),
    Meaning(
        cause="dkim_body_hash",
        needs=(_DKIM, "body", "altered|changed|modified|rewritten"),
        sample="550 DKIM: the body was changed on the way",
        unlike=("550 DKIM body hash verified", "550 the body was changed on the way"),
        side=_R,
    ),
    Meaning(
        cause="auth_or_dmarc",
        needs=(_SPF, _DKIM, _DMARC, (f"{_REFUSED}|must|require*|missing|not|no")),
        sample="550 message refused: SPF, DKIM or DMARC did not pass",
        unlike=("SPF, DKIM and DMARC are explained here", "550 SPF did not pass"),
        side=_R,
    ),
    Meaning(
        cause="auth_none",
        needs=(_SPF, _DKIM, (f"{_REFUSED}|must|require*|neither|missing|not|no")),
        unless=_DMARC,
        sample="550 sender must pass either SPF or DKIM",
        unlike=("SPF and DKIM are explained here", "550 DKIM did not pass"),
        side=_R,
    ),
    Meaning(
        cause="dmarc_dns_temp",
        needs=(_DMARC, _TEMPORARY),
        unless=_SPF,
        sample="451 DMARC lookup of example.com timed out",
        unlike=("451 the lookup timed out", "DMARC record found"),
        side=_R,
    ),
    Meaning(
        cause="dmarc_permerror",
        needs=(_DMARC, _BROKEN),
        sample="550 the DMARC record of example.com has a syntax error",
        unlike=("550 syntax error in MAIL FROM", "the DMARC record is in order"),
        side=_R,
    ),
    Meaning(
        cause="dmarc_fail",
        needs=(_DMARC, _REFUSED),
        unless="policy of none|p none|policy none",
        sample="550 DMARC validation failed for example.com",
        unlike=("DMARC report for example.com", "550 validation failed"),
        side=_R,
    ),
    Meaning(
        cause="spf_permerror",
        needs=(_SPF, _BROKEN),
        sample="550 SPF record of example.com: too many DNS lookups",
        unlike=("421 too many connections", "the SPF record is in order"),
        side=_R,
    ),
    Meaning(
        cause="spf_temperror",
        needs=(_SPF, _TEMPORARY),
        sample="451 SPF lookup of example.com timed out",
        unlike=("451 the lookup timed out", "the SPF record was found"),
        side=_R,
    ),
    Meaning(
        cause="spf_fail",
        needs=(_SPF, _REFUSED),
        sample="550 rejected: sender domain failed Sender Policy Framework (SPF) validation",
        unlike=("550 rejected: sender domain", "the SPF record is in order"),
        side=_R,
    ),
    Meaning(
        cause="dkim_key_dns",
        needs=(
            _DKIM,
            "key|selector|public key|lookup|query",
            (f"{_TEMPORARY}|not found|no key|not retriev*|unavailable|not available|missing|no record"),
        ),
        sample="451 DKIM public key of example.com not available",
        unlike=("the public key is on our page", "DKIM key found"),
        side=_R,
    ),
    Meaning(
        cause="dkim_none",
        needs=(
            _DKIM,
            ("not signed|no signature|unsigned|missing|no dkim|without|absent|must be signed"),
        ),
        sample="550 message has no DKIM signature",
        unlike=("550 message has no signature of the director", "DKIM signature present"),
        side=_R,
    ),
    Meaning(
        cause="dkim_signature",
        needs=(
            _DKIM,
            "signature*|sig",
            (
                "fail*|bad|invalid|not verif*|broken|reject*|not valid|verification|incorrect|not ok|"
                "invalide*|inválid*|ungültig*|non valid*|ongeldig*"
            ),
        ),
        unless="duplicate|more than one header",
        sample="550 bad DKIM signature of example.com",
        unlike=("550 bad signature in the request", "DKIM signature of example.com in order"),
        side=_R,
    ),
    Meaning(
        cause="dkim_none",
        needs=(_DKIM, "required|requires"),
        sample="550 this domain requires DKIM",
        unlike=("550 this domain requires a login", "DKIM of this domain in order"),
        side=_R,
    ),
    Meaning(
        cause="dkim_fail",
        needs=(_DKIM, _REFUSED),
        sample="550 DKIM check failed for example.com",
        unlike=("550 check failed", "DKIM check of example.com"),
        side=_R,
    ),
)

_NAMES: Final = (
    Meaning(
        cause="ptr_generic",
        needs=(
            _REVERSE,
            (
                "generic|dynamic|dial up|dialup|residential|dynamically|default name|"
                "contains your ip|contains the ip|looks like|country code|home connection"
            ),
        ),
        sample="554 reverse DNS of 192.0.2.1 looks generic",
        unlike=("554 generic error", "reverse DNS of 192.0.2.1 found"),
        side=_R,
    ),
    Meaning(
        cause="ptr_mismatch",
        needs=(
            (f"{_REVERSE}|fcrdns"),
            (
                "mismatch*|not match*|doesn t match|resolve back|forward confirmed|fcrdns|forward|"
                "inconsistent|not correspond*|not agree"
            ),
        ),
        sample="550 reverse DNS of 192.0.2.1 does not match the name in HELO",
        unlike=("550 passwords do not match", "reverse DNS of 192.0.2.1 found"),
        side=_R,
    ),
    Meaning(
        cause="ptr_missing",
        needs=(
            _REVERSE,
            (
                "no|not|missing|without|lacks|fail*|doesn t|check|verifier|invalid|bad|cannot|can t|"
                "could not|required|requires|must|need*|unknown|absent|configure|unresolvable|"
                "incorrect|kein*|ohne|fehlt|fehlend*|pas de|absence|absent*|manquant*|senza|manca|"
                "sin|sem|falta|geen"
            ),
        ),
        sample="421 Service refused, please check your reverse DNS",
        unlike=("421 Service refused", "reverse DNS of 192.0.2.1 found"),
        side=_R,
    ),
    Meaning(
        cause="helo_bad",
        needs=(
            "helo|ehlo",
            (
                "invalid|not|bad|rejected|mismatch|fqdn|forged|spoof*|fake|unresolvable|incorrect|"
                "malformed|refused|wrong|unqualified|must be|fully qualified|private"
            ),
        ),
        unless=(
            "after helo|after ehlo|timed out|lost connection|starttls|advertis*|command|first|to ehlo|to helo"
        ),
        sample='550 HELO name "localhost" is not a fully-qualified host name',
        unlike=("550 user is not here", "lost connection after EHLO, no error"),
        side=_R,
    ),
    Meaning(
        cause="sender_null_mx",
        needs=("sender|mail from|sending domain|bounce domain", "null mx|nullmx|mx 0"),
        sample="550 the domain of the sender has a null MX",
        unlike=("550 the domain of the recipient has a null MX", "550 sender unknown"),
        side=_R,
    ),
    Meaning(
        cause="sender_domain_dns",
        needs=(
            ("sender|sender s|mail from|from address|return path|envelope from|sending domain|from domain"),
            "domain|hostname|mx|dns",
            (
                "not found|not exist*|doesn t exist|not resolve*|no mx|no a record|unresolvable|"
                "nxdomain|no such domain|cannot be resolved|can t be resolved|could not be resolved|doesn t resolve|"
                "no dns|no valid|not have|doesn t have|without"
            ),
        ),
        unless="recipient*",
        sample="450 the domain of the sender does not exist",
        unlike=("450 the domain of the recipient does not exist", "550 sender does not exist here"),
        side=_R,
    ),
    Meaning(
        cause="reputation",
        needs=(
            "reputation",
            ("poor|bad|low|due to|because of|insufficient|fail*|reject*|blocked|denied|deferred|negative"),
        ),
        unless="url|urls|link|links|web site|website|content",
        sample="554 connection refused due to poor reputation of 192.0.2.1",
        unlike=("554 connection refused", "our reputation is good"),
        side=_R,
    ),
)

SENDER_MEANINGS: Final = (*_AUTHENTICATION, *_NAMES)
