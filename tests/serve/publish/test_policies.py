"""Policies from a folder and from the configuration, as they are served."""

from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.formats.mtasts import Mode
from mxproof.serve.publish.config import PolicyGroup
from mxproof.serve.publish.policies import HostedPolicies, hosted_policies
from support_publish import policy_text, served_text

GROUP = PolicyGroup(names=("Example.ORG",), mode=Mode.ENFORCE, mx=("MX.example.org",), max_age=86400)
GROUP_SERVED = b"version: STSv1\r\nmode: enforce\r\nmx: mx.example.org\r\nmax_age: 86400\r\n"


def test_files_of_any_line_ends_and_policies_of_the_configuration_are_served_with_crlf(
    tmp_path: Path,
) -> None:
    (tmp_path / "example.com.txt").write_bytes(policy_text("example.com"))
    (tmp_path / "Example.net.txt").write_bytes(served_text("example.net"))
    found = hosted_policies(str(tmp_path), (GROUP,))
    assert found == HostedPolicies(
        {
            "example.com": served_text("example.com"),
            "example.net": served_text("example.net"),
            "example.org": GROUP_SERVED,
        }
    )


def test_a_file_that_was_swapped_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "example.com.txt"
    for mode in ("testing", "enforce"):
        (tmp_path / "new").write_bytes(policy_text("example.com", mode))
        (tmp_path / "new").replace(file)
        assert hosted_policies(str(tmp_path), ()).bodies == {"example.com": served_text("example.com", mode)}


def test_files_of_editors_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in (".example.com.txt", "example.com.txt~", "README", "example.com.txt.new"):
        (tmp_path / name).write_bytes(b"")
    assert hosted_policies(str(tmp_path), ()) == HostedPolicies({})


def test_a_file_that_is_no_policy_is_at_fault_alone(tmp_path: Path) -> None:
    (tmp_path / "example.com.txt").write_bytes(policy_text("example.com"))
    (tmp_path / "example.net.txt").write_bytes(b"version: STSv1\nmode: enforce\n")
    (tmp_path / "no_name.txt").write_bytes(policy_text("example.com"))
    (tmp_path / "example.org.txt").mkdir()
    found = hosted_policies(str(tmp_path), ())
    assert list(found.bodies) == ["example.com"]
    assert sorted(found.faults) == ["example.net", "example.org", "no_name"]


def test_a_domain_whose_file_is_at_fault_keeps_what_it_had() -> None:
    before = HostedPolicies({"a.example": b"a", "b.example": b"b"})
    after = HostedPolicies({"c.example": b"c"}, {"a.example": "broken", "d.example": "broken"})
    assert after.after(before) == HostedPolicies({"c.example": b"c", "a.example": b"a"}, after.faults)


@pytest.mark.parametrize(
    "group",
    [
        PolicyGroup(names=("example.org",), mode=Mode.ENFORCE),
        PolicyGroup(names=("example.org",), mode=Mode.TESTING, mx=("mx..example.org",)),
        PolicyGroup(names=("192.0.2.1",), mode=Mode.NONE),
        PolicyGroup(names=("example",), mode=Mode.NONE),
    ],
)
def test_a_policy_of_the_configuration_that_is_none_is_refused(group: PolicyGroup) -> None:
    with pytest.raises(ConfigError, match=r"^policy"):
        hosted_policies("", (group,))


def test_a_domain_has_one_policy(tmp_path: Path) -> None:
    (tmp_path / "example.org.txt").write_bytes(b"broken")
    for folder, groups in ((str(tmp_path), (GROUP,)), ("", (GROUP, GROUP))):
        with pytest.raises(ConfigError, match=r"example\.org"):
            hosted_policies(folder, groups)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^folder: "):
        hosted_policies(str(tmp_path / "none"), ())
