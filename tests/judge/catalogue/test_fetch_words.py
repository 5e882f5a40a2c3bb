"""Which words tell of the fetch of a policy: those of what came, of what came instead, or of what waits behind that."""

import msgspec

from mxproof.evidence import Outcome
from mxproof.formats.mtasts import STRICT, Policy
from mxproof.judge.catalogue.answer_words import why
from mxproof.judge.catalogue.fetch_words import fetched, foretold, next_fault, stated, view
from mxproof.judge.codes import Code
from mxproof.judge.value import NextFault
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import PolicyFetch
from mxproof.mail.fetch_state import FetchState
from support_certificates import Defect
from support_world import Https, ZoneWorld, collect
from support_worlds import GOOD, MX1, MX2, POLICY_ADDRESS, WORLDS, policy

STATED = f"mode enforce, max_age 1209600, mx {MX1}, {MX2}"
TEXTS = ("text/plain", "text/html")


def fetch(world: ZoneWorld) -> PolicyFetch:
    (one,) = assemble(collect(world), world.at).policy_host.fetches
    return one


def of(code: Code) -> PolicyFetch:
    return fetch(WORLDS[code].world)


def served(**changes: object) -> PolicyFetch:
    return fetch(GOOD.but(https={POLICY_ADDRESS: msgspec.structs.replace(Https(), **changes)}))


def test_a_policy_states_mode_age_and_hosts() -> None:
    read = fetch(GOOD).read(STRICT)
    assert isinstance(read, Policy)
    assert stated(read) == STATED
    assert view(fetch(GOOD)) == STATED


def test_a_policy_that_the_lenient_alone_read_is_seen_as_one() -> None:
    assert view(of(Code.STS_POLICY_MEDIA_TYPE)) == STATED
    assert view(fetch(GOOD.but(policy=policy(MX1, MX2).replace(b"\n", b"\n\n", 1)))) == STATED


def test_a_text_that_nobody_reads_is_told_from_one_that_did_not_come() -> None:
    assert view(fetch(GOOD.but(policy=b"hello"))) == "no valid policy"
    assert view(of(Code.STS_POLICY_STATUS)) == "status 404"


def test_a_certificate_that_is_trusted_and_has_another_name_is_told_by_its_names() -> None:
    assert fetched(of(Code.STS_POLICY_CERT_INVALID)) == "it names www.example.com"


def test_a_certificate_that_is_not_trusted_is_told_by_why_not() -> None:
    expired = served(defect=Defect.EXPIRED, names=("www.example.com",))
    assert expired.chain is not None
    assert expired.chain.trust.detail
    assert fetched(expired) == expired.chain.trust.detail


def test_without_a_certificate_that_could_be_read_no_name_is_told() -> None:
    named = of(Code.STS_POLICY_CERT_INVALID)
    assert named.chain is not None
    leafless = msgspec.structs.replace(named.chain, leaf=None)
    assert fetched(msgspec.structs.replace(named, chain=leafless)) == "it names none"
    assert fetched(msgspec.structs.replace(named, chain=None)) == "it names none"


def test_an_old_session_is_told_by_its_version_and_by_how_asking_ended_where_that_is_not_known() -> None:
    old = of(Code.STS_POLICY_TLS_OLD)
    assert fetched(old) == "TLSv1.1"
    assert fetched(msgspec.structs.replace(old, tls=None)) == why(old.answer) == "answered"


def test_two_media_types_are_told_and_one_alone_is_not() -> None:
    cut = of(Code.STS_POLICY_INCOMPLETE)
    assert fetched(msgspec.structs.replace(cut, media_types=TEXTS)).endswith(": text/plain, text/html")
    assert fetched(msgspec.structs.replace(cut, media_types=TEXTS[:1])) == why(cut.answer)


def test_a_redirect_is_told_with_where_it_leads() -> None:
    led = of(Code.STS_POLICY_REDIRECT)
    assert fetched(led) == "status 301 to https://www.example.com/"
    assert fetched(msgspec.structs.replace(led, location="")) == "status 301 to nowhere"


def test_what_did_not_come_is_told_by_how_asking_ended() -> None:
    silent = of(Code.STS_POLICY_TIMEOUT)
    assert silent.answer.outcome is Outcome.TIMEOUT
    assert fetched(silent) == why(silent.answer)


def test_what_waits_behind_an_untrusted_session_is_the_next_fault() -> None:
    gone = NextFault(served(names=("www.example.com",), status=404))
    assert next_fault(gone) == "status 404"
    unread = NextFault(msgspec.structs.replace(served(names=("a.example.com",)), behind=FetchState.FETCHED))
    unlisted = NextFault(None, (MX1, MX2))
    assert next_fault(unlisted).endswith(f" {MX1}, {MX2}")
    assert len({next_fault(unread), next_fault(unlisted), next_fault(gone)}) == 3
    assert foretold((gone, unlisted)).endswith(f": status 404; {next_fault(unlisted)}")


def test_where_nothing_is_known_of_what_is_behind_the_fault_itself_is_told() -> None:
    unknown = msgspec.structs.replace(of(Code.STS_POLICY_STATUS), behind=None)
    assert next_fault(NextFault(unknown)) == "status 404"


def test_where_nothing_is_foretold_nothing_is_said() -> None:
    assert foretold(()) == ""
