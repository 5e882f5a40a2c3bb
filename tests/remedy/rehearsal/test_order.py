"""Orders that are not safe, whatever is waited for: a wait is in them only where something old is held (test_bridge has the safe ones)."""

from mxproof.judge.senders import SENDERS
from mxproof.mail.change import Change, MxValue, PresentCertificate, Publish, Service, Withdraw
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import edits
from mxproof.remedy.rehearsal.order import SERVER_GAP_S, ordered
from mxproof.remedy.rehearsal.timeline import TTL_UNKNOWN_S
from support_incident import DIRECT, TARGETS
from support_world import collect

SPOILT = tuple(
    PresentCertificate(Service.SMTP, host, (address,), ("other.example.com",), keeps_key=False)
    for host, address in zip(TARGETS, ("192.0.2.1", "192.0.2.2"), strict=True)
)
MOVED: tuple[Change, ...] = (
    Withdraw("example.com", MxValue(10, TARGETS[0])),
    Publish("example.com", MxValue(10, "elsewhere.example.com")),
)


def test_servers_that_spoil_mail_follow_one_another_without_a_wait() -> None:
    order = ordered(Judge(collect(DIRECT), DIRECT.at, (), SENDERS), edits(SPOILT))
    assert not order.is_safe
    assert [one.at_s for one in order.schedule] == [0, SERVER_GAP_S]


def test_after_records_the_next_edit_waits_until_no_cache_holds_the_old_ones() -> None:
    judge = Judge(collect(DIRECT), DIRECT.at, (), SENDERS)
    order = ordered(judge, [*edits(MOVED), *edits(SPOILT)])
    assert not order.is_safe
    assert order.schedule[-1].at_s >= TTL_UNKNOWN_S
