"""A clock that jumps under the daemon, by the hand of libfaketime, ends no policy: the mail stays protected."""

import re

import msgspec
import pytest

from real.bed.clock import faked
from real.bed.delivery import VERIFIED
from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.policyd import ANSWERED_WITHIN_S, policy_daemon
from real.bed.postfix import sender
from real.bed.town import SENDING, Town
from real.policyd.asking import OLD, TOLD, Asking, settings
from real.policyd.case import policy, secure
from real.policyd.worlds import changing

PORT = 8466
ADMIN_PORT = 8467
_JUMPED = re.compile(r"WARNING clock: the machine's clock is ([-+]\d+) s away")

both = pytest.mark.parametrize("asking", [OLD, TOLD], ids=lambda asking: asking.name)


@both
@pytest.mark.parametrize(("label", "jump"), [("jumped", "+400d"), ("set-back", "-400d")])
def test_mail_stays_protected_when_the_clock_jumps(
    place: Town, asking: Asking, label: str, jump: str
) -> None:
    """The policy cannot be fetched again by then, so that one that was taken for ended would be gone."""
    domain = changing(label)
    folder = place.folder / f"policyd-{label}-{asking.name}"
    place.publish(msgspec.structs.replace(domain, policy=policy(*domain.mx)))
    offset = place.folder / f"{label}-{asking.name}.time"
    offset.write_text("+0")
    where = settings(asking, f"inet:127.0.0.1:{PORT}")
    admin = f'\n[admin]\nhttp = "inet:127.0.0.1:{ADMIN_PORT}"\n'
    with (
        sender(
            place.network,
            SENDING,
            where,
            place.authority.file,
            place.folder / f"{label}-{asking.name}",
            edition=asking.edition,
        ) as one,
        policy_daemon(
            place.network,
            SENDING,
            place.authority.file,
            folder,
            port=PORT,
            more=admin,
            before=faked(offset),
        ) as daemon,
    ):
        one.daemon.await_ready()
        daemon.daemon.await_ready()
        assert daemon.asked("postfix", domain.name) == secure(*domain.mx)
        place.publish(msgspec.structs.replace(domain, id=None, policy_address=NAME_SERVER_MACHINE.ipv4))
        offset.write_text(jump)
        recipient = f"{asking.name}@{domain.name}"
        one.submit(recipient)
        assert one.outcome(recipient, status="sent").deed == VERIFIED
        assert daemon.asked("postfix", domain.name) == secure(*domain.mx)
        said = daemon.daemon.await_line(_JUMPED, ANSWERED_WITHIN_S)
        assert abs(int(said[1])) > 399 * 86_400
        assert "\nmxproof_policyd_clock_jumps_total 1" in daemon.page(ADMIN_PORT, "/metrics")
