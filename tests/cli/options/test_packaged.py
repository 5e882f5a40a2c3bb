"""The configuration of a package: read where it is there, and said to be wrong where nobody may look."""

from pathlib import Path

from mxproof.cli.options.packaged import packaged_config


def test_the_configuration_of_the_package_is_read_where_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "policyd.toml"
    assert packaged_config(file) is None
    file.write_text("")
    assert packaged_config(file) == file
    assert packaged_config(file / "below") is None


def test_a_configuration_that_cannot_be_looked_at_is_there() -> None:
    class Closed(type(Path())):  # type: ignore[misc]  # the class of paths differs by platform
        def exists(self) -> bool:
            raise PermissionError(13, "Permission denied")

    assert packaged_config(Closed("/etc/x.toml")) == Closed("/etc/x.toml")
