"""Words about the chain of keys and signatures, and about the TLSA records of the certificates that are shown."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_CHECKED_BY = "mxproof check example.com --only dnssec"
_SEE = ("delv MX example.com", "dig +dnssec +cd MX example.com")
_KEYS = ("dig +short DS example.com", "dig +cd DNSKEY example.com")
_VALIDATED = "RFC 4035 section 5"
_BOGUS = (
    "To a sender that validates, these records do not exist: it defers the mail and gives up after days. One that uses DANE "
    "always validates; of others it is known for a few, so that what they do is told as unknown."
)
_NOT_TAKEN = "Seen: {links:each}. Bogus for that: {records}."
_SIGN_AGAIN = "Sign the zone again, and see why its signer did not: a job that no longer runs, a key that it cannot read, a secondary that gets no transfers."

ENTRIES = (
    FindingWords(
        code=Code.DNSSEC_OK,
        severity=Severity.OK,
        title="The chain of signatures is whole",
        summary="{domain}: keys and signatures lead from {zones} to every record that mail is found by",
        detail="Verified here: {records}. The first of their signatures ends on {until}.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=(_VALIDATED,),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_DS_UNMATCHED,
        severity=Severity.ERROR,
        title="The DS records name a key that the zone does not serve",
        summary="{zone} is bogus: {links:first}",
        detail=_NOT_TAKEN,
        why=_BOGUS,
        fix=(
            (
                "Compare the DS record that your registrar has published with the keys of the zone, and have it replaced by that of "
                "the key that signs. Where the zone moved to another provider, its DS record had to move with it."
            ),
        ),
        otherwise=(
            "Where nobody can sign the zone any more, have the DS record removed: the zone is then unsigned, and not bogus.",
        ),
        rfc=("RFC 4035 section 5.2", "RFC 6781 section 4.3.5"),
        verify=_KEYS,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_SIGNATURE_EXPIRED,
        severity=Severity.ERROR,
        title="Signatures have ended",
        summary="{zone} is bogus: {links:first}",
        detail=_NOT_TAKEN,
        why=_BOGUS,
        fix=(_SIGN_AGAIN,),
        rfc=("RFC 4035 section 5.3.1",),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_SIGNATURE_EARLY,
        severity=Severity.ERROR,
        title="Signatures are not valid yet",
        summary="{zone} is bogus: {links:first}",
        detail=_NOT_TAKEN,
        why=_BOGUS,
        fix=(
            "Set the clock of the machine that signs, and sign the zone again; signers let signatures begin an hour before.",
        ),
        rfc=("RFC 4035 section 5.3.1", "RFC 6781 section 4.4.2"),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_SIGNATURE_WRONG,
        severity=Severity.ERROR,
        title="Signatures do not verify",
        summary="{zone} is bogus: {links:first}",
        detail=_NOT_TAKEN,
        why=_BOGUS,
        fix=(
            "Sign the zone again. Where it was edited by hand behind the signer, edit the unsigned one and let the signer do the rest.",
        ),
        rfc=("RFC 4035 section 5.3.3",),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_SIGNATURE_MISSING,
        severity=Severity.ERROR,
        title="Records of a signed zone have no signature",
        summary="{zone} is bogus: {links:first}",
        detail=_NOT_TAKEN,
        why=_BOGUS,
        fix=(
            (
                "Sign the zone that has these records: a DS record says that it is signed. Where it was moved to servers that do not "
                "sign, have the DS record removed first, and wait for its time to live."
            ),
        ),
        rfc=("RFC 4035 section 2.2", _VALIDATED),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_KEY_MISSING,
        severity=Severity.ERROR,
        title="Signatures are made with a key that the zone does not serve",
        summary="{zone} is bogus: {links:first}",
        detail=_NOT_TAKEN,
        why=_BOGUS,
        fix=(
            (
                "Publish the key that signs, or sign with a key that is published. In a roll-over the new key has to be in every "
                "cache before it signs, and the old one stays until its last signature is forgotten."
            ),
        ),
        rfc=("RFC 4035 section 5.3.1", "RFC 6781 section 4.1.1"),
        verify=_KEYS,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_DENIAL_UNPROVEN,
        severity=Severity.ERROR,
        title="Nothing proves that a record is absent",
        summary="{zone} is bogus: {links:first}",
        detail="A sender that asks for such a record gets an error and not that there is none. " + _NOT_TAKEN,
        why="A sender that uses DANE and cannot find out whether there are TLSA records does not deliver (RFC 7672 section 2.1.2), "
        "for somebody might be hiding them.",
        fix=(
            "Have the zone signed whole, with its NSEC or NSEC3 records, and let every name server of it answer with these.",
        ),
        rfc=("RFC 4035 section 5.4", "RFC 7672 section 2.1.2"),
        verify=("dig +dnssec +cd TLSA _25._tcp.mx.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_SERVER_DIFFERS,
        severity=Severity.WARNING,
        title="One name server serves signatures that do not hold",
        summary="{server}, a name server of {zone}, serves what is bogus at {address}: {links:first}",
        detail="Seen there: {links:each}. The resolver here met other signatures, which hold or fail in other ways.",
        why="Whose resolver asks this server gets a failure, and whose asks another does not. So mail is deferred at one time and "
        "arrives at the next, and no test shows the same twice.",
        fix=("See that {server} gets the transfers of the zone, and serves it as the other servers do.",),
        rfc=(_VALIDATED, "RFC 4035 section 3.1.1"),
        verify=("dig +dnssec +norec MX example.com @ns2.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_SIGNATURE_ENDING,
        severity=Severity.WARNING,
        title="Signatures are about to end",
        summary="{zone}: signatures that were made for {days} days end on {until}",
        detail="These are about to end: {records}. A signer that works renews them earlier.",
        why="When they have ended, the zone is bogus: who validates finds no record of it, and delivers no mail.",
        fix=(_SIGN_AGAIN,),
        rfc=("RFC 6781 section 4.4.2",),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_ALGORITHM_OLD,
        severity=Severity.WARNING,
        title="The zone is signed with an algorithm that is no longer used",
        summary="{zone} is signed with {algorithms}",
        detail="What is not verified any more counts as unsigned, and with it all that hangs on it, such as DANE.",
        why="Systems that have retired SHA-1 take such a zone for unsigned; others still verify it. So senders treat it differently.",
        fix=(
            "Roll over to algorithm 13 (ECDSAP256SHA256): with the new signatures first, then its DS record, then without the old.",
        ),
        rfc=("RFC 8624 section 3.1", "RFC 9905 section 2", "RFC 6781 section 4.1.4"),
        verify=_KEYS,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_DIGEST_OLD,
        severity=Severity.NOTICE,
        title="A DS record has a digest of SHA-1",
        summary="{zone}: the DS record of key {key_tags} has a digest of SHA-1",
        detail="It is the only kind that the zone above has.",
        why="Validators stop taking SHA-1, and a zone without another DS record is then unsigned to them.",
        fix=(
            "Have your registrar publish a DS record with a digest of SHA-256 (type 2), and then remove that of SHA-1.",
        ),
        ways={
            "beside": (
                "Have your registrar remove the DS record of digest type 1; another one stands beside it.",
            )
        },
        rfc=("RFC 9905 section 2", "RFC 8624 section 3.3"),
        verify=_KEYS,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_KEY_SHORT,
        severity=Severity.NOTICE,
        title="A key that signs the zone is short",
        summary="{zone} has keys of RSA with {bits} bits",
        detail="Keys of 2048 bits, or of ECDSA, are what is recommended.",
        why="Who can work out a short key can sign whatever he likes in the name of your zone, TLSA records among it.",
        fix=("Roll over to a key of algorithm 13 (ECDSAP256SHA256), whose signatures are smaller besides.",),
        rfc=("RFC 6781 section 3.4.2", "RFC 8624 section 3.1"),
        verify=_KEYS,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_ITERATIONS,
        severity=Severity.NOTICE,
        title="NSEC3 hashes names more than once",
        summary="{zone} hashes the names in its proofs of absence {iterations} times more than once",
        detail="Validators take that still. No additional iterations are what is recommended.",
        why="It protects nothing, and costs every server and every validator time.",
        fix=("Sign the zone with NSEC, or with NSEC3 of 0 iterations and no salt.",),
        rfc=("RFC 9276 section 3.1",),
        verify=("dig +short NSEC3PARAM example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_ITERATIONS_MANY,
        severity=Severity.WARNING,
        title="NSEC3 hashes names more often than validators do",
        summary="{zone} hashes the names in its proofs of absence {iterations} times more than once",
        detail="Validators with a limit below that take the proofs for insecure, or answer with a failure.",
        why="That there is no TLSA record is then not proven, and a sender that gets a failure does not deliver. Where records are "
        "said to be insecure, nobody uses DANE.",
        fix=("Sign the zone with NSEC, or with NSEC3 of 0 iterations and no salt.",),
        rfc=("RFC 9276 section 3.1", "RFC 9276 section 3.2"),
        verify=("dig +short NSEC3PARAM example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_ISLAND,
        severity=Severity.NOTICE,
        title="The zone is signed, and nothing leads to its keys",
        summary="{zone} is signed, and counts as unsigned: {above} has no DS record",
        detail="Not secure for that: {records}.",
        why="Without a DS record in the zone above, no validator knows that the zone is signed. So there is no DANE, and nobody "
        "notices when a signature ends.",
        fix=("Have your registrar publish the DS record in the zone above:{ds:lines}",),
        rfc=("RFC 4035 section 2.4", "RFC 4033 section 2"),
        verify=_KEYS,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_UNSIGNED,
        severity=Severity.NOTICE,
        title="The zone is not signed",
        summary="{zone} is not signed with DNSSEC",
        detail="Not secure for that: {records}.",
        why="Nobody is refused for that. But who can forge an answer leads mail elsewhere, and DANE needs signatures; MTA-STS does "
        "without.",
        fix=(
            "Have the zone signed by whoever runs its name servers, and its DS record published in the zone above.",
        ),
        rfc=("RFC 4033 section 3", "RFC 7672 section 2.2.1"),
        verify=("dig +short DS example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DNSSEC_UNANSWERED,
        severity=Severity.NOTICE,
        title="The chain of signatures could not be followed",
        summary="{domain}: keys or signatures on the way to {records:few} were not answered",
        detail="So it is not known from here whether these are signed, unsigned or bogus.",
        why="A resolver on the way may not pass on signatures, and validating behind such a one is not possible.",
        fix=(
            "Ask by way of a resolver that passes on DNSSEC records:\n    mxproof check {domain} --only dnssec --resolver 127.0.0.1",
        ),
        rfc=("RFC 4035 section 3.2.1",),
        verify=_SEE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DANE_ABSENT,
        severity=Severity.NOTICE,
        title="The MX host has no TLSA records",
        summary="MX host {host} has no TLSA records, so that no sender uses DANE with it",
        detail="The records that its certificates call for stand at _25._tcp.{base}.",
        why="With them, a sender that uses DANE delivers to nobody but the holder of the key, and needs no authority for it.",
        fix=(
            (
                "Everything on the way is signed. Publish the record of each key that the host shows:{live:block}From then on, the "
                "record of a new key has to be published before the host shows it."
            ),
        ),
        ways={
            "anchored": (
                (
                    "Publish the record of the authority, which matches what it issues to this name while it sends its own "
                    "certificate along:{anchors:block}"
                ),
            ),
            "unsigned": (
                (
                    "First have the zones of these records signed: {insecure}. TLSA records on a way that is not signed are used by nobody. "
                    "The lines to publish are printed here once it is."
                ),
            ),
        },
        rfc=("RFC 7672 section 2.2", "RFC 7672 section 3.1", "RFC 7671 section 8.1"),
        verify=("dig +dnssec TLSA _25._tcp.mx.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.DANE_LINES,
        severity=Severity.OK,
        title="The TLSA records of the certificates that are shown",
        summary="MX host {host}: {matched} of its TLSA records match what it shows, and {waiting} match nothing yet or no longer",
        detail="What it shows now has these records:{live:block}Those of the authority, where it is sent:{anchors:block}"
        "Match now: {now}. For the next key, or left from the last: {next}.\n{ttl_s:later} a record was added, its key may be shown; "
        "an old record may go once no address shows its key. What caches hold now is forgotten by {until} at the latest, when its "
        "signature ends.",
        why="A record that is published in time is all that a new key asks for. The finding exists so that you see which is which.",
        rfc=("RFC 7671 section 8.1", "RFC 7671 section 8.4"),
        verify=("dig +dnssec TLSA _25._tcp.mx.example.com",),
        checked_by=_CHECKED_BY,
    ),
)
