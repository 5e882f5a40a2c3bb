"""What becomes of one mail from a sender of which nothing is open."""

from datetime import timedelta

import msgspec

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate, fate
from mxproof.judge.senders.inference.possible import settled
from mxproof.judge.senders.traits import JudgedName
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import LevelMemory, Memory, SessionLevel
from support_certificates import NOW, Defect
from support_world import Smtp, ZoneWorld, collect
from support_worlds import ADDRESSES, GOOD, INCIDENT, MX1, MX2, connect, everywhere, policy

SENDER = settled({})
INSISTING = settled({"remembers_level": "yes"})
AT_MX1 = ADDRESSES[:2]
NO_POLICY = GOOD.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A")
VERIFIED = LevelMemory(SessionLevel.VERIFIED)
TARGET = "smol.example.com"
UNMATCHED = [f"_25._tcp.{host} TLSA 3 1 1 {'00' * 32}" for host in (MX1, MX2)]


def at_mx1(server: Smtp, world: ZoneWorld = NO_POLICY) -> ZoneWorld:
    return world.but(smtp=dict.fromkeys(AT_MX1, server))


def domain(world: ZoneWorld) -> MailDomain:
    return assemble(collect(world), world.at)


def test_the_first_host_that_delivers_takes_the_mail_over_tls() -> None:
    taken = fate(domain(GOOD), SENDER)
    assert taken == MailFate(MX1, encrypted=True)
    assert taken.is_taken


def test_a_host_that_is_refused_is_passed_over_for_the_next() -> None:
    assert fate(domain(GOOD.but(policy=policy(MX2))), SENDER) == MailFate(MX2, encrypted=True)


def test_a_mail_that_no_host_may_take_is_not_taken() -> None:
    found = fate(domain(GOOD.but(policy=policy("mx3.example.com"))), SENDER)
    assert found == NOT_TAKEN
    assert not found.is_taken


def test_where_there_is_no_host_to_try_no_mail_is_taken_whatever_is_remembered() -> None:
    null = domain(GOOD.zone_with("example.com MX 0 ."))
    assert fate(null, INSISTING) == NOT_TAKEN
    assert fate(null, INSISTING, (VERIFIED,)) == NOT_TAKEN


def test_a_host_without_starttls_takes_the_mail_in_the_clear_and_hears_no_name() -> None:
    open_ = domain(at_mx1(Smtp(stage=SmtpStage.EHLO)))
    assert fate(open_, SENDER) == MailFate(MX1, encrypted=False)
    assert fate(open_, SENDER, names=True) == MailFate(MX1, encrypted=False)


def test_the_name_in_sni_is_told_only_where_the_case_is_about_it() -> None:
    alias = domain(INCIDENT)
    assert fate(alias, settled({"sni": "target"})) == MailFate(MX1, encrypted=True)
    assert fate(alias, settled({"sni": "target"}), names=True) == MailFate(MX1, True, TARGET)
    assert fate(alias, settled({"sni": "mx"}), names=True) == MailFate(MX1, True, MX1)
    assert fate(alias, settled({"sni": "none"}), names=True) == MailFate(MX1, True, "")


def test_what_a_sender_leaves_open_is_unclear_only_where_it_makes_a_difference() -> None:
    either = msgspec.structs.replace(SENDER, sni=(JudgedName.MX, JudgedName.TARGET))
    assert fate(domain(INCIDENT), either) == MailFate(MX1, encrypted=True)
    assert fate(domain(INCIDENT), either, names=True) is None


def test_a_host_that_could_not_be_seen_makes_it_unclear_though_the_next_one_takes_mail() -> None:
    unseen = connect(Outcome.UNREACHABLE)
    assert fate(domain(at_mx1(unseen)), SENDER) is None
    assert fate(domain(everywhere(unseen)), SENDER) is None


def test_where_nobody_took_a_mail_the_policy_is_told_of_if_the_case_is_about_it() -> None:
    refused = domain(GOOD.but(policy=policy("mx3.example.com")))
    assert fate(refused, SENDER, waits=True) == MailFate(policy_got=True)
    unmatched = domain(NO_POLICY.but(signed=("example.com",)).zone_with(*UNMATCHED))
    assert fate(unmatched, settled({"dane": "yes"}), waits=True) == NOT_TAKEN


def test_a_mail_that_was_taken_says_nothing_of_the_policy() -> None:
    assert fate(domain(GOOD), SENDER, waits=True) == MailFate(MX1, encrypted=True)


def test_a_sender_that_remembers_a_level_has_not_forgotten_it() -> None:
    lost = domain(at_mx1(Smtp(defect=Defect.SELF_SIGNED)))
    assert fate(lost, INSISTING) == MailFate(MX1, encrypted=True)
    assert fate(lost, INSISTING, (VERIFIED,)) == MailFate(MX2, encrypted=True)
    assert fate(lost, SENDER, (VERIFIED,)) == MailFate(MX1, encrypted=True)


def test_the_best_of_the_levels_that_it_remembers_is_insisted_on() -> None:
    lost = domain(at_mx1(Smtp(defect=Defect.SELF_SIGNED)))
    every = (LevelMemory(SessionLevel.ENCRYPTED), VERIFIED)
    assert fate(lost, INSISTING, every) == MailFate(MX2, encrypted=True)
    assert fate(lost, INSISTING, every[:1]) == MailFate(MX1, encrypted=True)


def test_a_policy_that_is_remembered_is_gone_by_where_there_is_none_anymore() -> None:
    held = Memory(policy(MX2), NOW - timedelta(days=1), "20260501")
    assert fate(domain(NO_POLICY), SENDER, (held,)) == MailFate(MX2, encrypted=True)
    assert fate(domain(NO_POLICY), SENDER, (held, VERIFIED)) == MailFate(MX2, encrypted=True)


def test_a_policy_that_was_remembered_and_has_ended_is_not_gone_by() -> None:
    ended = Memory(policy(MX2, max_age=3600), NOW - timedelta(days=1), "20260501")
    assert fate(domain(NO_POLICY), SENDER, (ended,)) == MailFate(MX1, encrypted=True)
