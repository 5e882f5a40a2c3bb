"""A sender test as it is passed on: nothing of the sender is left to find, and the same is inferred."""

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.conclusion import concluded
from mxproof.judge.senders.inference.observation import (
    SeenBounce,
    SeenConnection,
    SeenRecipient,
    SenderTest,
    read_test,
    write_test,
)
from mxproof.judge.senders.inference.possible import POSSIBLE, words_of
from mxproof.judge.senders.inference.redaction import passed_on
from mxproof.judge.senders.postfix import POSTFIX_DANE
from support_certificates import NOW
from support_long import EXHAUSTIVE
from support_sendertest import done, sent_by

HEADERS = "Received: from desk.corp.example.net (desk [198.51.100.77])\n\tby x\nFrom: Jo <jo@corp.example.net>\nSubject: a secret\n"
SECRETS = ("198.51.100.20", "2001:db8:1:2", "out7", "corp", "jo@", "Jo <", "a secret", "token")


@pytest.fixture(scope="module")
def seen() -> SenderTest:
    test = sent_by(done({trait: words_of(POSTFIX_DANE, trait)[0] for trait in POSSIBLE}))
    replace = msgspec.structs.replace
    connections = tuple(
        replace(
            one,
            client="2001:db8:1:2::3" if number % 2 else one.client,
            greeting="ehlo out7.corp.example.net",
            sender="jo@corp.example.net",
            recipients=(f"token@{one.host.partition('.')[2]}",),
            headers=HEADERS,
        )
        for number, one in enumerate(test.connections)
    )
    said = SeenRecipient(
        f"token@{test.cases[0].domain}",
        "failed",
        "5.7.1",
        f"mx1.{test.cases[0].domain}",
        f"to token@{test.cases[0].domain}: out7.corp.example.net [198.51.100.20] is not wanted, says box.corp.example.net",
    )
    bounce = SeenBounce(test.begun, "198.51.100.20", "box.corp.example.net", (said,))
    return replace(test, connections=connections, bounces=(bounce,))


def test_nothing_of_the_sender_is_left_to_find(seen: SenderTest) -> None:
    after, removed = passed_on(seen)
    text = write_test(after).decode()
    assert [secret for secret in SECRETS if secret in text] == []
    assert (removed.addresses, removed.hosts) == (2, 3)
    assert removed.headers == len(seen.connections)
    first = after.connections[0]
    assert (first.client, first.greeting, first.sender) == (
        "198.51.100.0",
        "ehlo x.example.net",
        "x@x.example.net",
    )
    assert first.headers == "Received:\nFrom:\nSubject:\n"
    assert {one.client for one in after.connections} == {"198.51.100.0", "2001:db8:1::"}


def test_host_names_stay_where_that_is_wanted(seen: SenderTest) -> None:
    after, removed = passed_on(seen, hosts_kept=True)
    assert (after.connections[0].greeting, after.connections[0].sender) == (
        "ehlo out7.corp.example.net",
        "x@corp.example.net",
    )
    assert removed.hosts == 0


def test_a_greeting_of_one_letter_takes_no_letter_out_of_words(seen: SenderTest) -> None:
    short = msgspec.structs.replace(seen.connections[0], greeting="ehlo a")
    after, _ = passed_on(msgspec.structs.replace(seen, connections=(short,)))
    assert after.bounces[0].recipients[0].diagnostic.endswith("is not wanted, says x.example.net")


@EXHAUSTIVE
def test_the_same_is_inferred(seen: SenderTest) -> None:
    after = read_test(write_test(passed_on(seen)[0]))
    told, before = (concluded(one, SENDERS, "test") for one in (after, seen))
    assert [one.diagnostic != "" for one in told.bounces] == [True]
    assert msgspec.structs.replace(told, bounces=()) == msgspec.structs.replace(before, bounces=())


def test_a_bounce_keeps_what_it_says_of_the_set(seen: SenderTest) -> None:
    (bounce,) = passed_on(seen)[0].bounces
    (said,) = bounce.recipients
    assert (bounce.client, bounce.reporting_mta) == ("198.51.100.0", "x.example.net")
    assert (said.action, said.status, said.remote_mta) == ("failed", "5.7.1", f"mx1.{seen.cases[0].domain}")
    assert said.recipient == f"x@{seen.cases[0].domain}"
    assert said.diagnostic.endswith("x.example.net [198.51.100.0] is not wanted, says x.example.net")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[10.9.8.7] refused it", "[10.9.8.0] refused it"),
        ("at 2001:db8:1:2::3: no route", "at 2001:db8:1::: no route"),
        ("via IPv6:2001:db8:1:2::3.", "via IPv6:2001:db8:1::."),
        ("Relay7.Internal.Corp.example.net says so", "x.example.net says so"),
        ("OUT7.CORP.example.net says so", "x.example.net says so"),
        ("5.7.1 a status at 10:11:12, of release 3.10.13", "5.7.1 a status at 10:11:12, of release 3.10.13"),
    ],
    ids=["address", "IPv6", "literal", "unknown host", "known host", "numbers"],
)
def test_what_a_bounce_says_of_the_sender_is_shortened(seen: SenderTest, said: str, told: str) -> None:
    (bounce,) = seen.bounces
    (one,) = bounce.recipients
    spoken = msgspec.structs.replace(one, remote_mta="relay7.corp.example.net", diagnostic=said)
    after, _ = passed_on(
        msgspec.structs.replace(seen, bounces=(msgspec.structs.replace(bounce, recipients=(spoken,)),))
    )
    (kept,) = after.bounces[0].recipients
    assert (kept.remote_mta, kept.diagnostic) == ("x.example.net", told)


@pytest.mark.parametrize(
    ("greeting", "told"),
    [
        ("", ""),
        ("ehlo", "ehlo"),
        ("ehlo localhost", "ehlo x"),
        ("helo example.net", "helo example.net"),
        ("ehlo [198.51.100.20]", "ehlo x"),
        ("ehlo 198.51.100.20", "ehlo x"),
        ("ehlo a.b.c.example.net", "ehlo x.example.net"),
    ],
)
def test_a_greeting_is_shortened_whatever_it_says(seen: SenderTest, greeting: str, told: str) -> None:
    one = msgspec.structs.replace(seen.connections[0], greeting=greeting, sender="")
    after, _ = passed_on(msgspec.structs.replace(seen, connections=(one,)))
    assert after.connections[0].greeting == told


@pytest.mark.parametrize(
    ("client", "greeting", "sender", "want", "removed"),
    [
        ("2001:db8:1:2::3", "EHLO a.b.example.net", "", ("2001:db8:1::", "EHLO x.example.net", ""), 1),
        (
            "fe80::1%eth0",
            "HELO example.net",
            "jo@example.net",
            ("fe80::", "HELO example.net", "x@example.net"),
            0,
        ),
        ("192.0.2.77", "EHLO [192.0.2.77]", "@a.example.net", ("192.0.2.0", "EHLO x", "@x.example.net"), 2),
        ("unknown", "EHLO desk", "a@b@mail.example.org", ("x", "EHLO x", "x@x.example.org"), 2),
    ],
)
def test_of_a_connection_the_network_and_the_registered_name_are_left(
    client: str, greeting: str, sender: str, want: tuple[str, str, str], removed: int
) -> None:
    one = SeenConnection(NOW, client, "192.0.2.1", "mx1.example.com", greeting=greeting, sender=sender)
    test = sent_by({})
    nothing = msgspec.structs.replace(test.evidence, answers={})
    test = msgspec.structs.replace(test, evidence=nothing, later=None, connections=(one, one))
    after, counted = passed_on(test)
    assert [(each.client, each.greeting, each.sender) for each in after.connections] == [want, want]
    assert (counted.addresses, counted.hosts) == (1, removed)
    kept, counted = passed_on(test, hosts_kept=True)
    assert [each.greeting for each in kept.connections] == [greeting, greeting]
    assert {each.client for each in kept.connections} == {want[0]}
    assert (counted.addresses, counted.hosts) == (1, 0)
    assert passed_on(after)[0].connections == after.connections
