"""Which senders find a record and a policy in what a domain publishes: those alone of which it is known."""

import msgspec

from mxproof.formats.mtasts import STRICT
from mxproof.judge.senders import SENDERS, readings
from mxproof.judge.senders.readers import readers
from mxproof.judge.vocabulary import Confidence
from mxproof.mail.assemble import assemble
from support_world import Https, ZoneWorld, collect
from support_worlds import GOOD, POLICY_ADDRESS

ONE = next(one for one in SENDERS if one.mta_sts and one.confidence is Confidence.SOURCE_CODE)


def found(world: ZoneWorld, *traits: object) -> tuple[object, object]:
    said = readers(assemble(collect(world), world.at), traits)  # type: ignore[arg-type]  # each is made of ONE
    return said["record_readers"], said["policy_readers"]


NAME = ONE.name.partition(" (")[0]


def test_a_sender_reads_what_is_there() -> None:
    assert found(GOOD, ONE) == ((NAME,), (NAME,))
    unannounced = GOOD.zone_with("_mta-sts.example.com TXT")
    assert found(unannounced, ONE)[0] == ()


def test_one_that_knows_no_mta_sts_or_of_which_one_guesses_is_left_out() -> None:
    without = msgspec.structs.replace(ONE, mta_sts=None)
    guessed = msgspec.structs.replace(ONE, confidence=Confidence.GUESS)
    assert found(GOOD, without, guessed) == ((), ())


def test_a_policy_is_read_that_is_at_one_address_of_several() -> None:
    two = GOOD.zone_with(f"mta-sts.example.com A {POLICY_ADDRESS}", "mta-sts.example.com A 192.0.2.81")
    world = two.but(https={"192.0.2.81": Https(b"none")})
    assert found(world, ONE)[1] == (NAME,)
    nowhere = two.but(https=dict.fromkeys((POLICY_ADDRESS, "192.0.2.81"), Https(b"none")))
    assert found(nowhere, ONE)[1] == ()


def test_of_a_sender_of_which_it_is_open_how_it_reads_nothing_is_said() -> None:
    lenient = next(one for one in SENDERS if len(set(one.readings) - {ONE.readings[0]}) > 0 and one.mta_sts)
    either = msgspec.structs.replace(ONE, readings=(*ONE.readings, *lenient.readings))
    html = GOOD.but(https={POLICY_ADDRESS: Https(media_type="text/html")})
    each = [bool(found(html, msgspec.structs.replace(ONE, readings=(one,)))[1]) for one in either.readings]
    assert bool(found(html, either)[1]) is all(each)


def test_a_policy_is_read_by_whom_it_is_open_how_only_where_one_address_serves_both_ways() -> None:
    """A text in HTML is read by the first alone, and one in mode none without an mx line by the second alone."""
    either = msgspec.structs.replace(ONE, readings=(readings.STALWART, STRICT))
    none = Https(b"version: STSv1\nmode: none\nmax_age: 86400\n")
    html = Https(media_type="text/html")
    two = GOOD.zone_with(f"mta-sts.example.com A {POLICY_ADDRESS}", "mta-sts.example.com AAAA 2001:db8::81")

    def served(first: Https, second: Https) -> object:
        return found(two.but(https={POLICY_ADDRESS: first, "2001:db8::81": second}), either)[1]

    assert (served(html, none), served(none, html), served(html, html)) == ((), (), ())
    assert (served(html, Https()), served(Https(), none)) == ((NAME,), (NAME,))
