"""The parts of a bridge: an id of its own that fits into the record, and what of an edit is done at the policy host."""

import pytest

from mxproof.mail.change import Ipv4Value, MxValue, PresentCertificate, Publish, Service, TxtValue, Withdraw
from mxproof.remedy.rehearsal.bridge import BRIDGE_ID_SUFFIX, _bridge_record, _of, _parts
from mxproof.remedy.rehearsal.edit import NEW_RANK, OWNER_RANK, RECORD_RANK, SERVER_RANK, Edit

STS, HOST, MX = "_mta-sts.example.com", "mta-sts.example.com", "mx.example.com"
A, OTHER = Ipv4Value("192.0.2.1"), Ipv4Value("192.0.2.2")
OLD = Withdraw(STS, TxtValue("v=STSv1; id=old;"))
MOMENT = "20261101T120000"


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("v=STSv1; id=20261201;", "20261201bridge"),
        ("v=STSv1; id=;", f"{MOMENT}bridge"),
        ("v=STSv1;", f"{MOMENT}bridge"),
        (f"v=STSv1; id={'a' * 26};", f"{'a' * 26}bridge"),
        (f"v=STSv1; id={'a' * 25}bc;", f"{'a' * 25}bbridge"),
    ],
)
def test_the_record_between_has_the_id_that_is_to_be_with_a_suffix_in_32_characters(
    text: str, id_: str
) -> None:
    between = _bridge_record(Edit(RECORD_RANK, (OLD, Publish(STS, TxtValue(text), 300))), MOMENT)
    assert between == Publish(STS, TxtValue(f"v=STSv1; id={id_};"), 300)
    assert id_.endswith(BRIDGE_ID_SUFFIX)


def test_of_the_record_what_comes_and_what_goes_is_told_apart() -> None:
    new = Publish(STS, TxtValue("v=STSv1; id=new;"))
    record = Edit(RECORD_RANK, (OLD, new))
    assert _of(record, Withdraw) == (OLD,)
    assert _of(record, Publish) == (new,)


def test_each_change_is_done_at_the_policy_host_or_elsewhere_and_no_edit_is_empty() -> None:
    moves = Withdraw(HOST, A), Publish(HOST, OTHER)
    beside = Publish(MX, OTHER)
    shown = PresentCertificate(Service.HTTPS, HOST, ("192.0.2.2",), (HOST,), keeps_key=False)
    mail = Publish("example.com", MxValue(10, HOST))
    edits = [
        Edit(OWNER_RANK, (moves[0], beside, moves[1])),
        Edit(SERVER_RANK, (shown,)),
        Edit(NEW_RANK, (moves[1],)),
        Edit(NEW_RANK, (mail,)),
    ]
    assert _parts(edits, HOST, at_host=True) == [Edit(OWNER_RANK, moves), Edit(NEW_RANK, moves[1:])]
    assert _parts(edits, HOST, at_host=False) == [
        Edit(OWNER_RANK, (beside,)),
        Edit(SERVER_RANK, (shown,)),
        Edit(NEW_RANK, (mail,)),
    ]
