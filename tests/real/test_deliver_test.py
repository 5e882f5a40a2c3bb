"""`mxproof deliver-test` before real Postfix: what it says it handed over is what the servers say they took."""

import json
import re
from collections.abc import Iterator

import msgspec
import pytest

from mxproof.judge.delivery_test import DeliveryTest, TryResult
from mxproof.judge.senders import SENDERS
from real.bed.bed import Bed, built
from real.bed.checking import CHECKED_WITHIN_S, COMMAND
from real.bed.machines import RESOLVER
from real.bed.postfix import DELIVERED_WITHIN_S
from real.bed.worlds import RECIPIENT, WORLDS

TRIED = ("fixed", "no-starttls", "incident")
ACCEPTED, WITHHELD = TryResult.ACCEPTED, TryResult.WITHHELD


@pytest.fixture(scope="module", params=TRIED)
def tried(request: pytest.FixtureRequest, host: None) -> Iterator[Bed]:
    """Build some of the worlds."""
    world = next(world for world in WORLDS if world.name == request.param)
    with built(msgspec.structs.replace(world, name=f"deliver-{world.name}")) as bed:
        yield bed


def delivered(bed: Bed, *options: str) -> tuple[int, DeliveryTest]:
    """Deliver as one sender from the observer's machine."""
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(bed.ca_file))
    command = (*COMMAND, "deliver-test", "--to", RECIPIENT, "--helo", "observer.example.net", "--yes")
    done = bed.run(*command, *asking, "--format", "json", *options, within_s=CHECKED_WITHIN_S)
    assert done.stderr == b"", done.stderr.decode()
    assert json.loads(done.stdout)["schema_version"] == 1
    return done.returncode, msgspec.json.decode(done.stdout, type=DeliveryTest)


def test_a_message_that_was_accepted_is_in_the_servers_log_under_its_id(tried: Bed) -> None:
    status, test = delivered(tried, "--as", "opportunistic")
    assert (status, {one.result for one in test.tries}) == (0, {ACCEPTED})
    encrypted = tried.world.name != "deliver-no-starttls"
    assert {one.tls is not None for one in test.tries} == {encrypted}
    for one in test.tries:
        assert one.message_id is not None
        found = re.compile(rf"message-id={re.escape(one.message_id)}")
        tried.receiver_at(one.address).await_line(found, DELIVERED_WITHIN_S)


def test_a_sender_hands_over_where_its_model_delivers_and_nowhere_else(tried: Bed) -> None:
    want = {
        "deliver-fixed": {"rfc8461": {ACCEPTED}, "microsoft": {ACCEPTED}},
        "deliver-no-starttls": {"rfc8461": {WITHHELD}, "microsoft": {WITHHELD}},
        "deliver-incident": {"rfc8461": {ACCEPTED}, "microsoft": {WITHHELD}},
    }[tried.world.name]
    got = {one: {each.result for each in delivered(tried, "--as", one)[1].tries} for one in want}
    assert got == want


def test_without_data_a_server_is_left_before_any_mail(tried: Bed) -> None:
    status, test = delivered(tried, "--as", "opportunistic", "--no-data")
    assert (status, {one.message_id for one in test.tries}) == (0, {None})
    for one in test.tries:
        left = re.compile(r"disconnect from .* mail=1 rcpt=1 rset=1 quit=1 commands=")
        tried.receiver_at(one.address).await_line(left, DELIVERED_WITHIN_S)
    assert {one.id for one in SENDERS} >= {test.sender}
