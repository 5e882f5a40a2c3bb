"""The files of contrib for the policy host, and the metrics that the guide names."""

import re
import shlex
from pathlib import Path

import msgspec

from keeping import ROOT
from mxproof.serve.daemon.config import UnixPath, read_config
from mxproof.serve.publish.config import PublishConfig
from mxproof.serve.publish.metrics import PublishCounts
from mxproof.serve.publish.settings import publish_settings
from support_docs import misuses

CONTRIB = ROOT / "contrib"
GUIDE = ROOT / "docs" / "guides" / "host-policies.md"


def unit(name: str) -> dict[str, str]:
    """Return the settings of a unit, the last of each name."""
    lines = (CONTRIB / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_the_configuration_is_right(tmp_path: Path) -> None:
    config = read_config(CONTRIB / "publish.toml", PublishConfig)
    settings = publish_settings(msgspec.structs.replace(config, folder=str(tmp_path)))
    assert settings.control == UnixPath("/run/mxproof-publish/control")
    chain, _ = settings.files.of("example.com")
    assert chain == "/etc/mxproof/certificates/mta-sts.example.com/fullchain.pem"


def test_the_service_starts_the_daemon_with_that_file_and_is_held_in() -> None:
    service = unit("mxproof-publish.service")
    program, *arguments = shlex.split(service["ExecStart"])
    assert (Path(program).name, misuses(arguments)) == ("mxproof", [])
    assert arguments == ["publish", "serve", "--config", "/etc/mxproof/publish.toml"]
    assert service["RuntimeDirectory"] == "mxproof-publish"
    held = ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "LockPersonality")
    assert {service[name] for name in held} == {"yes"}


def test_the_sockets_are_those_of_clients() -> None:
    assert unit("mxproof-publish.socket")["FileDescriptorName"] == "listen"


def test_the_timer_finishes_what_is_open_and_drives_roll_outs_on() -> None:
    lines = (CONTRIB / "mxproof-publish-rollout.service").read_text(encoding="utf-8").splitlines()
    started = [shlex.split(one.partition("=")[2]) for one in lines if one.startswith("ExecStart=")]
    assert [one[1:] for one in started] == [
        ["publish", verb, "--config", "/etc/mxproof/publish.toml"] for verb in ("resume", "rollout")
    ]
    assert [misuses(one[1:]) for one in started] == [[], []]
    assert unit("mxproof-publish-rollout.service")["SuccessExitStatus"] == "3"
    assert unit("mxproof-publish-rollout.timer")["WantedBy"] == "timers.target"


def test_each_of_several_servers_follows_with_that_file() -> None:
    service = unit("mxproof-publish-follow.service")
    _, *arguments = shlex.split(service["ExecStart"])
    assert (arguments, misuses(arguments)) == (
        ["publish", "follow", "--config", "/etc/mxproof/publish.toml"],
        [],
    )
    assert service["Restart"] == "always"


def test_the_guide_names_every_metric_and_no_other() -> None:
    told = set(re.findall(r"`(mxproof_publish_[a-z_]+)`", GUIDE.read_text(encoding="utf-8")))
    kept = set(re.findall(r"^# TYPE (\S+)", PublishCounts().text(), re.MULTILINE))
    assert told == kept
