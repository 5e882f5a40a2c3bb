"""Where TLS does not work as it should: what a session becomes for one sender, whether it falls back, and what counts as TLS."""

import msgspec
import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.tls import broken_starttls, gone_on, is_encrypted, lost_inside, unsure_greeting
from mxproof.judge.senders.traits import EarlyText, FallBack, RefusedEhlo, Traits
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Session, SessionState
from support_world import Smtp, collect
from support_worlds import MX1, everywhere

SECURED, HELO_ONLY, HELO_AT_ONCE, EHLO_REJECTED, FAILED = (
    SessionState.SECURED,
    SessionState.HELO_ONLY,
    SessionState.HELO_AT_ONCE,
    SessionState.EHLO_REJECTED,
    SessionState.HANDSHAKE_FAILED,
)
OLD = Smtp(version="TLSv1.1")
EARLY = Smtp(early=b"250 surprise\r\n")
NO_HANDSHAKE = Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.TLS_FAILED)


def seen(server: Smtp, **changes: object) -> Session:
    """Return the session with a server, with other values in it."""
    world = everywhere(server)
    session = assemble(collect(world), world.at).hosts[0].endpoints[0].session(MX1)
    return msgspec.structs.replace(session, **changes)


def sender(**traits: object) -> Traits:
    """Return a sender as the RFC has it, with other traits."""
    return msgspec.structs.replace(RFC8461, **traits)


def test_a_sound_session_is_the_same_for_everybody() -> None:
    session = seen(Smtp())
    odd = sender(early_text=(EarlyText.HANDSHAKE,), refused_ehlo=RefusedEhlo.PASSED_OVER)
    assert gone_on(session, odd) is session


@pytest.mark.parametrize(
    ("early_text", "state"),
    [
        ((EarlyText.HANDSHAKE,), FAILED),
        ((EarlyText.HANDSHAKE, EarlyText.DEFERRED), SECURED),
        ((EarlyText.DEFERRED,), SECURED),
    ],
)
def test_early_text_spoils_the_handshake_of_a_sender_that_is_known_to_take_it_for_that(
    early_text: tuple[EarlyText, ...], state: SessionState
) -> None:
    session = gone_on(seen(EARLY), sender(early_text=early_text))
    assert (session.state, session.chain is None) == (state, state is FAILED)


def test_without_early_text_nothing_is_spoilt() -> None:
    assert gone_on(seen(OLD), sender(early_text=(EarlyText.HANDSHAKE,))).state is SECURED


@pytest.mark.parametrize(
    ("refused_ehlo", "goes_on"),
    [
        (RefusedEhlo.HELO, {HELO_ONLY: HELO_ONLY, HELO_AT_ONCE: EHLO_REJECTED, EHLO_REJECTED: EHLO_REJECTED}),
        (
            RefusedEhlo.HELO_AT_ONCE,
            {HELO_ONLY: HELO_ONLY, HELO_AT_ONCE: HELO_ONLY, EHLO_REJECTED: EHLO_REJECTED},
        ),
        (
            RefusedEhlo.NOT_KNOWN,
            {HELO_ONLY: HELO_ONLY, HELO_AT_ONCE: HELO_ONLY, EHLO_REJECTED: EHLO_REJECTED},
        ),
        (RefusedEhlo.PASSED_OVER, {HELO_ONLY: SECURED, HELO_AT_ONCE: SECURED, EHLO_REJECTED: SECURED}),
        (
            RefusedEhlo.FATAL,
            {HELO_ONLY: EHLO_REJECTED, HELO_AT_ONCE: EHLO_REJECTED, EHLO_REJECTED: EHLO_REJECTED},
        ),
    ],
)
def test_helo_helps_whoever_says_it_against_an_error_after_which_he_does(
    refused_ehlo: RefusedEhlo, goes_on: dict[SessionState, SessionState]
) -> None:
    traits = sender(refused_ehlo=refused_ehlo)
    assert {state: gone_on(seen(Smtp(), state=state), traits).state for state in goes_on} == goes_on


def test_whoever_passes_over_an_error_to_ehlo_passes_over_nothing_else() -> None:
    traits = sender(refused_ehlo=RefusedEhlo.PASSED_OVER)
    assert gone_on(seen(NO_HANDSHAKE), traits).state is FAILED


def test_it_is_unsure_whether_a_passing_error_is_answered_with_helo_only_where_that_is_not_known() -> None:
    at_once = seen(Smtp(), state=HELO_AT_ONCE)
    problem = unsure_greeting(at_once, sender(refused_ehlo=RefusedEhlo.NOT_KNOWN))
    assert problem is not None
    assert problem.code is Code.SMTP_EHLO_REJECTED
    assert unsure_greeting(at_once, sender(refused_ehlo=RefusedEhlo.HELO)) is None
    final = seen(Smtp(), state=HELO_ONLY)
    assert unsure_greeting(final, sender(refused_ehlo=RefusedEhlo.NOT_KNOWN)) is None


@pytest.mark.parametrize(
    ("fall_back", "stops_at"),
    [
        (FallBack.ALWAYS, set()),
        (FallBack.REFUSED, {FAILED}),
        (FallBack.NEVER, {FAILED, SessionState.STARTTLS_REJECTED}),
    ],
)
def test_a_sender_gives_up_at_what_it_does_not_fall_back_from(
    fall_back: FallBack, stops_at: set[SessionState]
) -> None:
    servers = {
        FAILED: NO_HANDSHAKE,
        SessionState.STARTTLS_REJECTED: Smtp(stage=SmtpStage.STARTTLS),
        SessionState.NO_STARTTLS: Smtp(stage=SmtpStage.EHLO),
        SECURED: Smtp(),
    }
    traits = sender(fall_back=fall_back)
    found = {state for state, server in servers.items() if broken_starttls(seen(server), traits) is not None}
    assert found == stops_at


@pytest.mark.parametrize(
    ("fall_back", "outdated_tls", "stops"),
    [
        (FallBack.ALWAYS, (False,), False),
        (FallBack.REFUSED, (False,), True),
        (FallBack.NEVER, (False,), True),
        (FallBack.NEVER, (True,), False),
        (FallBack.NEVER, (False, True), False),
    ],
)
def test_an_old_tls_stops_a_sender_that_does_not_speak_it_nor_falls_back(
    fall_back: FallBack, outdated_tls: tuple[bool, ...], *, stops: bool
) -> None:
    problem = broken_starttls(seen(OLD), sender(fall_back=fall_back, outdated_tls=outdated_tls))
    assert (problem.code if problem else None) == (Code.TLS_VERSION_OLD if stops else None)


def test_early_text_stops_a_sender_that_defers_for_it_whatever_it_falls_back_from() -> None:
    problem = broken_starttls(
        seen(EARLY), sender(early_text=(EarlyText.DEFERRED,), fall_back=FallBack.ALWAYS)
    )
    assert problem is not None
    assert (problem.code, problem.result_type) == (Code.STARTTLS_EARLY_DATA, ResultType.VALIDATION_FAILURE)
    unsure = sender(early_text=(EarlyText.DEFERRED, EarlyText.HANDSHAKE))
    assert broken_starttls(seen(EARLY), unsure) is None


def test_a_session_is_lost_inside_tls_only_after_its_handshake() -> None:
    assert lost_inside(seen(Smtp(), state=SessionState.BROKEN))
    assert not lost_inside(seen(Smtp(), state=SessionState.BROKEN, tls=None))
    assert not lost_inside(seen(Smtp(), state=EHLO_REJECTED))


def test_mail_is_encrypted_in_a_session_that_is_secured_greeted_with_ehlo_or_not() -> None:
    states = {state for state in SessionState if is_encrypted(seen(Smtp(), state=state), sender())}
    assert states == {SECURED, HELO_ONLY}


def test_an_old_tls_is_none_to_whoever_comes_again_in_clear_text_for_it() -> None:
    again = {"clear_text_again": True, "outdated_tls": (False,)}
    assert not is_encrypted(seen(OLD), sender(**again))
    assert is_encrypted(seen(Smtp()), sender(**again))
    assert is_encrypted(seen(OLD), sender(clear_text_again=True, outdated_tls=(False, True)))
    assert is_encrypted(seen(OLD), sender(clear_text_again=False, outdated_tls=(False,)))
