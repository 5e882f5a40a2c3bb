"""Updates one after the other at a primary server: what it is told, what it holds then, and whom nobody believes."""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TSIG
import dns.rrset
import dns.tsig
import dns.update
import pytest

from mxproof.net.asking import Peer
from mxproof.net.dns.update import (
    UPDATE_TIMEOUT_S,
    TsigKey,
    UpdateRefusedError,
    UpdateUnansweredError,
    replace_set,
)

ZONE = "example.com"
NAME = "_mta-sts.example.com"
KEY = TsigKey("publisher.", "hmac-sha512", "c2VjcmV0IG9mIHRoZSB0ZXN0cw==")
OTHER_SECRET = "c2VjcmV0IG9mIG90aGVycw=="
TTL_S = 300
FIRST, SECOND, THIRD = '"v=STSv1; id=1;"', '"v=STSv1; id=2;"', '"text"'
Held = dict[tuple[str, str], dict[str, int]]
"""The TTL of each record by its data, by owner and type."""
BESIDE: Held = {(NAME, "A"): {"192.0.2.1": 60}, (ZONE, "TXT"): {FIRST: 60}}


def ring(secret: str = KEY.secret) -> dict[dns.name.Name, dns.tsig.Key]:
    name = dns.name.from_text(KEY.name)
    return {name: dns.tsig.Key(name, secret, dns.name.from_text(KEY.algorithm))}


class Primary:
    """Does updates as RFC 2136 section 3 has it; `asked` are zone, key and algorithm of each."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.held: Held = {key: dict(records) for key, records in BESIDE.items()}
        if texts:
            self.held[NAME, "TXT"] = dict.fromkeys(texts, TTL_S)
        self.asked: list[tuple[str, str, str]] = []

    def __call__(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire, keyring=ring(), one_rr_per_rrset=True)
        assert isinstance(query, dns.update.UpdateMessage)
        zone, key = query.zone[0], query.tsig
        assert key is not None
        signature = key[0]
        assert isinstance(signature, dns.rdtypes.ANY.TSIG.TSIG)
        self.asked.append((zone.name.to_text(), key.name.to_text(), signature.algorithm.to_text()))
        response = dns.message.make_response(query)
        rcode = self._unmet(query.prerequisite)
        response.set_rcode(rcode)
        for one in query.update if rcode == dns.rcode.NOERROR else ():
            self._change(one)
        return response.to_wire()

    def _unmet(self, wanted: Sequence[dns.rrset.RRset]) -> dns.rcode.Rcode:
        whole: dict[tuple[str, str], set[str]] = {}
        for one in wanted:
            owner, kind = _key(one)
            held = [key for key in self.held if key[0] == owner and kind in {key[1], "ANY"}]
            if one.deleting == dns.rdataclass.ANY and not held:
                return dns.rcode.NXRRSET
            if one.deleting == dns.rdataclass.NONE and held:
                return dns.rcode.YXDOMAIN if kind == "ANY" else dns.rcode.YXRRSET
            if one.deleting is None:
                whole.setdefault((owner, kind), set()).add(one[0].to_text())
        met = all(self.held.get(key, {}).keys() == records for key, records in whole.items())
        return dns.rcode.NOERROR if met else dns.rcode.NXRRSET

    def _change(self, one: dns.rrset.RRset) -> None:
        owner, kind = _key(one)
        if one.deleting is None:
            self.held.setdefault((owner, kind), {})[one[0].to_text()] = one.ttl
            return
        assert one.deleting == dns.rdataclass.ANY
        for key in [key for key in self.held if key[0] == owner and kind in {key[1], "ANY"}]:
            del self.held[key]

    @property
    def texts(self) -> dict[str, int]:
        assert {key: records for key, records in self.held.items() if key != (NAME, "TXT")} == BESIDE
        return self.held.get((NAME, "TXT"), {})


def _key(one: dns.rrset.RRset) -> tuple[str, str]:
    return one.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(one.rdtype)


def replaced(
    primary: Callable[[bytes], bytes],
    before: Sequence[str],
    after: Sequence[str],
    ttl_s: int = TTL_S,
    timeout_s: float = 5.0,
) -> None:
    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as received:
            wire = received.read(int.from_bytes(received.read(2)))
            answer = primary(wire)
            if answer:
                connection.sendall(len(answer).to_bytes(2) + answer)
            else:
                received.read()

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as thread:
        served = thread.submit(serve)
        peer = Peer("127.0.0.1", listening.getsockname()[1])
        try:
            replace_set(peer, KEY, ZONE, NAME, "TXT", before, after, ttl_s, timeout_s)
        finally:
            served.result()


def test_records_are_published_replaced_and_withdrawn_and_no_others_with_them() -> None:
    primary = Primary()
    replaced(primary, (), (FIRST,))
    assert primary.texts == {FIRST: TTL_S}
    replaced(primary, (FIRST,), (THIRD, SECOND), ttl_s=60)
    assert primary.texts == {THIRD: 60, SECOND: 60}
    replaced(primary, (SECOND, THIRD), (SECOND,))
    assert primary.texts == {SECOND: TTL_S}
    replaced(primary, (SECOND,), ())
    assert primary.texts == {}
    replaced(primary, (), (FIRST,))
    assert primary.texts == {FIRST: TTL_S}
    assert primary.asked == [("example.com.", "publisher.", "hmac-sha512.")] * 5


@pytest.mark.parametrize(
    ("held", "before", "rcode"),
    [
        ((FIRST,), (), "YXRRSET"),
        ((), (FIRST,), "NXRRSET"),
        ((SECOND,), (FIRST,), "NXRRSET"),
        ((FIRST, SECOND), (FIRST,), "NXRRSET"),
        ((FIRST,), (FIRST, SECOND), "NXRRSET"),
    ],
)
def test_what_somebody_changed_meanwhile_stays_as_it_is(
    held: Sequence[str], before: Sequence[str], rcode: str
) -> None:
    primary = Primary(held)
    with pytest.raises(UpdateRefusedError) as refused:
        replaced(primary, before, (THIRD,))
    assert refused.value.rcode == rcode
    assert primary.texts == dict.fromkeys(held, TTL_S)


@pytest.mark.parametrize("rcode", ["NXRRSET", "YXRRSET", "NOTAUTH", "NOTZONE", "REFUSED", "SERVFAIL"])
def test_whatever_else_a_server_says_is_a_refusal(rcode: str) -> None:
    def refusing(wire: bytes) -> bytes:
        response = dns.message.make_response(dns.message.from_wire(wire, keyring=ring()))
        response.set_rcode(dns.rcode.from_text(rcode))
        return response.to_wire()

    with pytest.raises(UpdateRefusedError) as refused:
        replaced(refusing, (), (FIRST,))
    assert (refused.value.rcode, str(refused.value)) == (rcode, rcode)


def unsigned(wire: bytes) -> bytes:
    response = dns.message.make_response(dns.message.from_wire(wire, keyring=ring()))
    response.keyring = response.tsig = None
    return response.to_wire()


def signed_by_another(wire: bytes) -> bytes:
    query = dns.message.from_wire(wire, keyring=ring())
    response = dns.message.make_response(query)
    response.use_tsig(ring(OTHER_SECRET), algorithm=KEY.algorithm)
    return response.to_wire()


def to_another(wire: bytes) -> bytes:
    query = dns.message.from_wire(wire, keyring=ring())
    query.id ^= 1
    return dns.message.make_response(query).to_wire()


@pytest.mark.parametrize("answer", [unsigned, signed_by_another, to_another, lambda wire: wire[:20]])
def test_no_success_is_believed_that_the_holder_of_the_key_did_not_sign(
    answer: Callable[[bytes], bytes],
) -> None:
    """RFC 8945 section 5.3: whoever is on the way could say so as well."""
    with pytest.raises(UpdateUnansweredError):
        replaced(answer, (), (FIRST,))


def test_a_server_that_says_nothing_is_waited_for_as_long_as_was_said() -> None:
    begun = time.monotonic()
    with pytest.raises(UpdateUnansweredError):
        replaced(lambda _: b"", (), (FIRST,), timeout_s=0.02)
    assert time.monotonic() - begun < UPDATE_TIMEOUT_S
