"""Mail that flows while a domain is rolled out, its hosts change and MTA-STS is removed; by hand in the founding order some is deferred."""

import subprocess
import time
from pathlib import Path

from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollout import RolloutStage
from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.network import COMMAND_WITHIN_S
from real.bed.postfix import Sender
from real.bed.town import SENDING, Town
from real.plan.domains import MAX_AGE_S
from real.plan.flow import Flow, flowing, undelivered
from real.publish.publisher import BY_HAND, FLOWING, TTL_S, Publishing

_ENFORCED = "Verified TLS connection established"
_ENCRYPTED = "TLS connection established"


def _hosts(place: Town, domain: str, *lines: str) -> None:
    """Alter the MX records of a domain with nsupdate."""
    script = "\n".join((f"server {NAME_SERVER_MACHINE.ipv4}", f"zone {domain}.", *lines, "send", ""))
    command = place.network.inside(SENDING, "nsupdate", "-k", str(place.served.key.file))
    subprocess.run(command, input=script.encode(), check=True, timeout=COMMAND_WITHIN_S)
    assert place.follower is not None
    place.follower.refresh(f"{domain}.")


def _seen(flow: Flow) -> None:
    """Return when every sender has sent a message since nothing older is held by resolvers."""
    flow.await_all(time.monotonic() + TTL_S)


def _logged(senders: dict[str, Sender], words: str) -> dict[str, int]:
    return {name: one.daemon.text().count(words) for name, one in senders.items()}


def test_no_message_is_refused_deferred_or_in_clear_from_the_first_policy_to_the_last(
    place: Town, senders: dict[str, Sender], tmp_path: Path
) -> None:
    who = Publishing.of(place, FLOWING, tmp_path, "rfc2136")
    first, second = (f"mx: {name}.{FLOWING.name}" for name in ("mx", "mx2"))
    begin = _logged(senders, _ENCRYPTED)
    with flowing(senders, FLOWING.name) as flow:
        flow.await_all(time.monotonic())
        policy = who.policy("mode: testing", first, "max_age: 86400")
        stages = [who.rolled("rollout", "--policy", policy, "--without-reports").stage]
        _seen(flow)
        who.days_go_by(2)
        stages.append(who.rolled().stage)
        _seen(flow)
        held = _logged(senders, _ENFORCED)
        _seen(flow)
        assert _logged(senders, _ENFORCED)["fresh"] > held["fresh"]
        both = who.policy("mode: enforce", first, second, "max_age: 86400")
        assert who.run("apply", "--policy", both)[1].end is PublicationEnd.DONE
        _seen(flow)
        _hosts(place, FLOWING.name, f"update add {FLOWING.name}. {TTL_S} MX 5 mx2.{FLOWING.name}.")
        _seen(flow)
        for _ in range(3):
            stages.append(who.rolled("remove").stage)
            who.days_go_by(2)
            _seen(flow)
    assert stages == [
        RolloutStage.TESTING,
        RolloutStage.ENFORCE_DAY,
        RolloutStage.NONE,
        RolloutStage.WITHDRAWN,
        RolloutStage.GONE,
    ]
    assert undelivered(flow) == {}
    sent = {name: sum(one.sender == name for one in flow.messages()) for name in senders}
    encrypted = _logged(senders, _ENCRYPTED)
    assert {name: encrypted[name] - begin[name] >= sent[name] for name in senders} == dict.fromkeys(
        senders, True
    )


def test_by_hand_with_the_hosts_first_and_the_policy_after_them_mail_is_deferred(
    place: Town, senders: dict[str, Sender]
) -> None:
    domain = BY_HAND.name
    with flowing(senders, domain) as flow:
        flow.await_all(time.monotonic())
        _hosts(
            place,
            domain,
            f"update delete {domain}. MX",
            f"update add {domain}. {TTL_S} MX 5 mx2.{domain}.",
        )
        _seen(flow)
        flow.await_all(time.monotonic() + MAX_AGE_S / 2)
    assert set(undelivered(flow)) == {"fresh", "holding"}
