"""Changes taken apart into edits: what has to be one act is one, servers follow one another, and keys overlap."""

from mxproof.formats.mtasts import Mode, Policy
from mxproof.mail.change import (
    Awaited,
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TlsaValue,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.remedy.rehearsal.edit import (
    GONE_RANK,
    MX_RANK,
    NAIVE_RANKS,
    NEW_RANK,
    OWNER_RANK,
    POLICY_RANK,
    RECORD_RANK,
    SERVER_RANK,
    edits,
)

HOST, TARGET = "mx.example.com", "smol.example.com"
KEY = f"_25._tcp.{HOST}"


def ranks(*changes: Change) -> list[int]:
    return [one.rank for one in edits(changes)]


def shown(address: str, host: str = HOST) -> PresentCertificate:
    return PresentCertificate(Service.SMTP, host, (address,), (host,), keeps_key=False)


def test_addresses_in_place_of_an_alias_are_one_act() -> None:
    changes = (Withdraw(HOST, CnameValue(TARGET)), Publish(HOST, Ipv4Value("192.0.2.1")))
    (edit,) = edits(changes)
    assert (edit.rank, edit.changes) == (OWNER_RANK, changes)


def test_addresses_of_a_name_where_nothing_stood_come_early_and_those_that_only_go_last() -> None:
    assert ranks(Withdraw(TARGET, Ipv4Value("192.0.2.1")), Publish(HOST, Ipv4Value("192.0.2.1"))) == [
        NEW_RANK,
        GONE_RANK,
    ]


def test_the_record_of_a_new_key_comes_before_the_old_one_goes_though_the_name_is_one() -> None:
    old, new = TlsaValue(3, 1, 1, "00"), TlsaValue(3, 1, 1, "11")
    assert ranks(Withdraw(KEY, old), Publish(KEY, new)) == [NEW_RANK, GONE_RANK]


def test_a_policy_comes_before_the_record_that_announces_it_and_that_is_one_act() -> None:
    record = "_mta-sts.example.com"
    got = edits(
        (
            Withdraw(record, TxtValue("v=STSv1; id=1;")),
            Publish(record, TxtValue("v=STSv1; id=2;")),
            ServePolicy("example.com", Policy(Mode.NONE, 86_400)),
        )
    )
    assert [(one.rank, len(one.changes)) for one in got] == [(POLICY_RANK, 1), (RECORD_RANK, 2)]


def test_servers_are_told_apart_by_their_address_and_what_one_server_shows_is_one_act() -> None:
    one, other = shown("192.0.2.1"), shown("192.0.2.2")
    same = Configure(Service.SMTP, TARGET, ("192.0.2.1",), Setting.STARTTLS)
    got = edits((one, other, same))
    assert [edit.rank for edit in got] == [SERVER_RANK, SERVER_RANK]
    assert {frozenset(edit.changes) for edit in got} == {frozenset((one, same)), frozenset((other,))}


def test_the_mx_set_changes_in_one_act() -> None:
    changes = (Withdraw("example.com", MxValue(10, HOST)), Publish("example.com", MxValue(10, TARGET)))
    assert ranks(*changes) == [MX_RANK]


def test_a_wait_is_no_edit() -> None:
    assert edits((Wait("example.com", Awaited.MAX_AGE, 60),)) == ()


def test_the_naive_order_has_every_rank_once() -> None:
    assert sorted(NAIVE_RANKS) == list(range(len(NAIVE_RANKS)))


def test_edits_stand_by_rank_whatever_order_their_changes_had_and_keep_theirs_within_one() -> None:
    serve = ServePolicy("example.com", Policy(Mode.NONE, 86_400))
    first, second = (Publish(name, Ipv4Value("192.0.2.1")) for name in ("z.example.com", "a.example.com"))
    moved = Publish("example.com", MxValue(10, TARGET))
    gone = Withdraw("old.example.com", Ipv4Value("192.0.2.1"))
    record = Withdraw("_mta-sts.example.com", TxtValue("v=STSv1; id=1;"))
    server = shown("192.0.2.1")
    got = edits((gone, moved, record, serve, first, server, second))
    assert [(one.rank, one.changes) for one in got] == [
        (SERVER_RANK, (server,)),
        (NEW_RANK, (first, second)),
        (POLICY_RANK, (serve,)),
        (RECORD_RANK, (record,)),
        (MX_RANK, (moved,)),
        (GONE_RANK, (gone,)),
    ]
