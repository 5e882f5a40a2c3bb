"""The unit of contrib for a public sender test, and the bounds that the guide names."""

import re
import shlex
from pathlib import Path
from string import Template

from keeping import ROOT
from mxproof.lab.making import SIZE_BYTES_MAX
from mxproof.lab.sendertest.public_folder import KEPT, REMEMBERED, RUN_LASTS
from mxproof.lab.sendertest.public_serving import PUBLIC_ANSWERS_A_SECOND_MAX, PUBLIC_ANSWERS_TO_ALL_MAX
from mxproof.lab.sendertest.receiver import COMMANDS_KEPT_MAX, HEADER_KEPT_BYTES_MAX
from mxproof.lab.sendertest.serving import CONNECTIONS_AT_ONCE_MAX, CONNECTIONS_OF_A_CLIENT_MAX
from support_docs import misuses

CONFIGURATION = "/etc/mxproof"
GUIDE = ROOT / "docs/guides/run-a-public-sender-test.md"


def _settings(name: str) -> dict[str, str]:
    """Return what a file of contrib sets, by its name."""
    lines = (ROOT / "contrib" / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_the_service_starts_the_set_as_a_user_without_rights() -> None:
    unit, told = _settings("mxproof-sendertest.service"), _settings("sendertest.env")
    assert unit["EnvironmentFile"] == f"{CONFIGURATION}/sendertest.env"
    program, *arguments = shlex.split(Template(unit["ExecStart"]).substitute(told))
    assert (Path(program).name, misuses(arguments)) == ("mxproof", [])
    assert {"--zone", "--address", "--certificates"} <= set(arguments)
    assert arguments[arguments.index("--user") + 1] == "mxproof-sendertest"
    assert arguments[2] == f"/var/lib/{unit['StateDirectory']}"
    held = ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute")
    assert {unit[name] for name in held} == {"yes"}
    assert "CAP_SYS_ADMIN" not in unit["CapabilityBoundingSet"]


def test_the_guide_says_the_bounds_that_there_are() -> None:
    text = " ".join(re.sub(r"[|`]", " ", GUIDE.read_text(encoding="utf-8")).split())
    said = (
        f"removed {KEPT.days} days after its begin",
        f"the header, up to {HEADER_KEPT_BYTES_MAX >> 10} KiB",
        f"{SIZE_BYTES_MAX >> 20} MiB, then the connection ends; {COMMANDS_KEPT_MAX} commands",
        f"{CONNECTIONS_OF_A_CLIENT_MAX} of one client, a /64 counting as one, and {CONNECTIONS_AT_ONCE_MAX} in all",
        f"{PUBLIC_ANSWERS_A_SECOND_MAX} a second to one client, {PUBLIC_ANSWERS_TO_ALL_MAX} to all",
    )
    assert [one for one in said if one not in text] == []
    assert (RUN_LASTS + REMEMBERED).days == 9
