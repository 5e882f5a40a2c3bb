"""What is planned on the command line: which files and lines are taken, what they come to, and what is said of others."""

from pathlib import Path

import click
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.asking import Roots
from mxproof.cli.options.planned import PlannedOptions, certificates_typed, policy_typed, zone_of
from mxproof.evidence import Der, Kind
from mxproof.formats.mtasts import Mode, Policy
from mxproof.mail.change import MxValue, TxtValue
from mxproof.remedy.planned import PlannedCertificate
from mxproof.remedy.planned_zone import PlannedSet, PlannedZone
from support_certificates import INTERMEDIATE, ROOT, STRANGER, Defect, Made, leaf
from support_world import GOOD_POLICY, ZoneWorld, collect

CONTEXT = click.Context(click.Command("preflight"))
OPTION = click.Option(["--cert"])
MX1 = leaf(("mx1.example.com",))
MX2 = leaf(("mx2.example.com",))
ROOTS = Roots("some roots", (STRANGER.der, ROOT.der))


def pem_file(folder: Path, *certificates: Made) -> Path:
    path = folder / "mx1.pem"
    path.write_bytes(b"".join(one.certificate.public_bytes(Encoding.PEM) for one in certificates))
    return path


def certificate(value: str) -> PlannedCertificate:
    (one,) = certificates_typed(CONTEXT, OPTION, (value,))
    return one


def refused(value: str) -> str:
    with pytest.raises(RunError) as error:
        certificate(value)
    assert error.value.status == USAGE
    return str(error.value)


def policy(folder: Path, body: bytes) -> Policy | None:
    path = folder / "mta-sts.txt"
    path.write_bytes(body)
    return policy_typed(CONTEXT, OPTION, path)


def lines(*, set_: tuple[str, ...] = (), unset: tuple[str, ...] = ()) -> tuple[PlannedZone, ...]:
    return PlannedOptions(set_=set_, unset=unset).state("example.com", None, supposes=False).zones


def test_a_policy_that_will_be_served_is_read_and_none_where_no_file_is_named(tmp_path: Path) -> None:
    want = Policy(Mode.ENFORCE, 1209600, ("mx1.example.com", "mx2.example.com"))
    assert policy(tmp_path, GOOD_POLICY) == want
    assert policy_typed(CONTEXT, OPTION, None) is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            b"version: STSv1\nmode: enforced\nmx: mx1.example.com\nmax_age: 604800\n",
            "2: the mode is enforce, testing or none, in lower case (RFC 8461 section 3.2)",
        ),
        (
            b"version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\nmode: none\n",
            "5: mode stands again with another value: some senders take the last one (RFC 8461 section 3.2)",
        ),
    ],
)
def test_a_policy_that_is_not_valid_is_refused_with_its_line(tmp_path: Path, body: bytes, said: str) -> None:
    with pytest.raises(RunError) as error:
        policy(tmp_path, body)
    assert (str(error.value), error.value.status) == (f"{tmp_path / 'mta-sts.txt'}:{said}", USAGE)


def test_a_policy_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        policy_typed(CONTEXT, OPTION, tmp_path)
    assert str(error.value) == f"{tmp_path}: cannot be read (Is a directory)"


def test_a_certificate_is_named_with_its_host_and_those_above_it(tmp_path: Path) -> None:
    path = pem_file(tmp_path, MX1, INTERMEDIATE)
    want = PlannedCertificate("mx1.example.com", (Der(MX1.der), Der(INTERMEDIATE.der)))
    assert certificate(f"MX1.example.com.={path}") == want


@pytest.mark.parametrize("value", ["mx1.example.com", "mx1.example.com=", "=mx1.pem", "mx 1=mx1.pem"])
def test_a_certificate_without_a_host_or_a_file_is_wrong_usage(value: str) -> None:
    with pytest.raises(click.BadParameter) as error:
        certificate(value)
    assert error.value.message == (
        f"{value!r}; a host and a file such as mx1.example.com=mx1.pem was expected"
    )


def test_an_authority_before_the_certificate_of_the_server_is_refused(tmp_path: Path) -> None:
    path = pem_file(tmp_path, INTERMEDIATE, MX1)
    assert refused(f"mx1.example.com={path}") == (
        f"{path}: begins with that of an authority; the certificate of mx1.example.com was expected first"
    )


def test_an_authority_alone_is_taken_as_a_server_shows_it(tmp_path: Path) -> None:
    path = pem_file(tmp_path, ROOT)
    assert certificate(f"mx1.example.com={path}").chain == (Der(ROOT.der),)


def test_certificates_of_several_servers_in_one_file_are_refused(tmp_path: Path) -> None:
    path = pem_file(tmp_path, MX1, INTERMEDIATE, MX2)
    assert refused(f"mx1.example.com={path}") == (
        f"{path}: certificates of several servers; that of mx1.example.com and those above it were expected"
    )


def test_one_that_signed_itself_may_stand_above_another(tmp_path: Path) -> None:
    alone = leaf(("mx2.example.com",), Defect.SELF_SIGNED)
    path = pem_file(tmp_path, MX1, alone)
    assert certificate(f"mx1.example.com={path}").chain == (Der(MX1.der), Der(alone.der))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n",
            "holds no certificate; PEM or DER was expected, and not the private key",
        ),
        (b"mx1.example.com\n", "holds no certificate; PEM or DER was expected"),
        (b"\x30mx1", "element longer than what holds it; certificates were expected"),
    ],
)
def test_a_file_without_a_certificate_is_refused_with_what_it_holds_instead(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "mx1.pem"
    path.write_bytes(data)
    assert refused(f"mx1.example.com={path}") == f"{path}: {said}"


def test_options_are_true_where_anything_is_planned() -> None:
    assert not PlannedOptions()
    assert PlannedOptions(mode="testing")
    assert PlannedOptions(unset=("mx1 AAAA",))


def test_a_state_without_a_mode_or_lines_leaves_both_as_they_are() -> None:
    state = PlannedOptions().state("example.com", None, supposes=True, announces=True)
    assert (state.mode, state.zones, state.policy) == (None, (), None)
    assert (state.supposes, state.announces) == (True, True)
    assert PlannedOptions(mode="testing").state("example.com", None, supposes=False).mode is Mode.TESTING


def test_of_the_roots_that_are_trusted_those_are_kept_at_which_a_planned_chain_could_end() -> None:
    planned = PlannedCertificate("mx1.example.com", (Der(MX1.der), Der(INTERMEDIATE.der)))
    options = PlannedOptions(certificates=(planned, planned))
    assert options.state("example.com", ROOTS, supposes=False).anchors == (Der(ROOT.der),)
    assert PlannedOptions().state("example.com", ROOTS, supposes=False).anchors == ()


def test_roots_of_the_machine_are_those_where_no_others_are_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem_file(tmp_path, STRANGER, ROOT)))
    planned = PlannedCertificate("mx1.example.com", (Der(MX1.der), Der(INTERMEDIATE.der)))
    state = PlannedOptions(certificates=(planned,)).state("example.com", None, supposes=False)
    assert state.anchors == (Der(ROOT.der),)


def test_a_zone_of_lines_comes_before_those_of_files(tmp_path: Path) -> None:
    path = tmp_path / "part"
    path.write_text("@ MX 10 old\n")
    options = PlannedOptions(zones=(str(path),), set_=("@ 300 MX 10 new",))
    first, second = options.state("example.com", None, supposes=False).zones
    assert first.said("example.com", Kind.MX) == PlannedSet((MxValue(10, "new.example.com"),), 300)
    assert second.said("example.com", Kind.MX) == PlannedSet((MxValue(10, "old.example.com"),))


def test_names_of_a_zone_are_relative_to_the_origin_that_is_named_or_else_to_the_domain(
    tmp_path: Path,
) -> None:
    path = tmp_path / "part"
    path.write_text('_mta-sts TXT "v=STSv1; id=1;"\n')
    want = PlannedSet((TxtValue("v=STSv1; id=1;"),))
    assert zone_of(str(path), "example.com").said("_mta-sts.example.com", Kind.TXT) == want
    assert zone_of(f"Example.NET.={path}", "example.com").said("_mta-sts.example.net", Kind.TXT) == want


@pytest.mark.parametrize("name", ["no host=part", "example.net"])
def test_a_file_is_taken_by_its_whole_name_where_no_origin_stands_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text("@ MX 10 mx1\n")
    want = PlannedSet((MxValue(10, "mx1.example.com"),))
    assert zone_of(name, "example.com").said("example.com", Kind.MX) == want


@pytest.mark.parametrize("origin", ["", "example.net="])
def test_a_zone_without_a_record_is_refused(tmp_path: Path, origin: str) -> None:
    path = tmp_path / "part"
    path.write_text("; nothing yet\n")
    with pytest.raises(RunError) as error:
        zone_of(f"{origin}{path}", "example.com")
    assert str(error.value) == f"{path}: no record in it; a zone, or a part of one, was expected"


def test_a_zone_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        zone_of(str(tmp_path / "nothing"), "example.com")
    assert str(error.value) == f"{tmp_path / 'nothing'}: cannot be read (No such file or directory)"


@pytest.mark.parametrize(
    ("line", "name", "kind"),
    [
        ("mx1 AAAA", "mx1.example.com", Kind.AAAA),
        ("MX1 aaaa", "mx1.example.com", Kind.AAAA),
        ("mx1.example.net. A", "mx1.example.net", Kind.A),
        ("@ MX", "example.com", Kind.MX),
    ],
)
def test_a_name_and_a_type_of_which_no_record_will_be(line: str, name: str, kind: Kind) -> None:
    (zone,) = lines(unset=(line,))
    assert zone.said(name, kind) == PlannedSet(())
    assert zone.said("other.example.com", kind) is None


def test_records_that_are_set_stand_beside_types_that_are_unset() -> None:
    (zone,) = lines(set_=("mx1 A 192.0.2.9",), unset=("mx1 AAAA",))
    assert zone.has("mx1.example.com")
    assert zone.said("mx1.example.com", Kind.AAAA) == PlannedSet(())
    (zone,) = lines(set_=("@ MX 10 mx1",))
    assert zone.said("example.com", Kind.MX) == PlannedSet((MxValue(10, "mx1.example.com"),))
    assert lines() == ()


@pytest.mark.parametrize("line", ["mx1", "mx1 AAAA 192.0.2.9", "mx1 CAA", "mx1 NOTHING", ""])
def test_any_other_line_to_unset_is_refused(line: str) -> None:
    with pytest.raises(RunError) as error:
        lines(unset=(line,))
    assert str(error.value) == f"--unset {line!r}: a name and a type such as 'mx1 AAAA' were expected"


def test_a_line_to_set_that_is_no_record_is_refused() -> None:
    with pytest.raises(RunError) as error:
        lines(set_=("",))
    assert str(error.value) == "--set '': no record in it; one such as 'mx1 A 192.0.2.1' was expected"


def test_a_zone_that_nothing_of_the_mail_comes_by_is_told_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "far").write_text("mx1.example.com A 192.0.2.9\n")
    (tmp_path / "near").write_text("mx1 A 192.0.2.9\n")
    evidence = collect(ZoneWorld())
    far, near = str(tmp_path / "far"), str(tmp_path / "near")
    options = PlannedOptions(zones=(near, far), set_=("www A 192.0.2.9",))
    options.tell_idle(options.state("example.com", None, supposes=True), evidence)
    assert capsys.readouterr().err == (
        f"mxproof: {far}: nothing in it is at a name that mail for example.com comes by; "
        "names that end without a dot are relative to the origin\n"
    )


def test_lines_alone_are_not_told_as_a_zone(capsys: pytest.CaptureFixture[str]) -> None:
    options = PlannedOptions(set_=("www A 192.0.2.9",))
    options.tell_idle(options.state("example.com", None, supposes=True), collect(ZoneWorld()))
    assert capsys.readouterr().err == ""
