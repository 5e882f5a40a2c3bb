"""`mxproof policyd` as a process: it serves, is asked about, and is told to end."""

import asyncio
import fcntl
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.serve.daemon.config import print_config
from support_cli import PATIENCE_S, mxproof, one_line, started
from support_long import EXHAUSTIVE
from support_policyd import client, config_for, site

JSON = ("--format", "json")
SECURE = "secure match=smol.example.com:tol.example.com servername=hostname"


def _ready(process: "subprocess.Popen[bytes]") -> None:
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    while "ready version=" not in line:
        assert line, "the daemon ended before it was ready"
        line = process.stderr.readline().decode()


def test_a_daemon_serves_is_asked_about_and_ends_cleanly(tmp_path: Path) -> None:
    async def scene() -> None:
        async with site("direct") as one:
            file = tmp_path / "policyd.toml"
            file.write_bytes(print_config(config_for(one, tmp_path)))
            config = ("policyd", "--config", str(file))
            with started(*config) as process:
                try:
                    await asyncio.to_thread(_ready, process)
                    async with client(tmp_path) as postfix:
                        assert await postfix.look_up("example.com") == SocketmapReply(Status.OK, SECURE)
                    got = await asyncio.to_thread(mxproof, *config, "query", "EXAMPLE.com")
                    assert got.returncode == 0
                    told = got.stdout.decode()
                    assert f"postfix       OK {SECURE}\n" in told
                    assert "held before   policy enforce, id " in told
                    assert "asked now     MX example.com: found" in told
                    assert "hosts         not looked at: the MX answer is not secure" in told
                    got = await asyncio.to_thread(mxproof, *config, "list")
                    rows = [line.split("\t") for line in got.stdout.decode().splitlines()]
                    assert [row[:3] for row in rows[1:]] == [["example.com", "sts", "sts-enforce"]]
                    got = await asyncio.to_thread(
                        mxproof, *config, "query", "example.com", "b.example", *JSON
                    )
                    results = list(map(msgspec.json.decode, got.stdout.splitlines()))
                    assert [one["destination"] for one in results] == ["example.com", "b.example"]
                    assert results[0]["before"]["policy"]["mode"] == "enforce"
                    assert results[0]["replies"]["postfix"] == f"OK {SECURE}"
                    got = await asyncio.to_thread(
                        mxproof, *config, "list", "*.com", "--mode", "enforce", *JSON
                    )
                    (row,) = map(msgspec.json.decode, got.stdout.splitlines())
                    assert (row["destination"], row["decision"]["reason"]) == ("example.com", "sts-enforce")
                    got = await asyncio.to_thread(mxproof, *config, "export")
                    assert got.stdout.decode() == f"example.com\t{SECURE}\n"
                    got = await asyncio.to_thread(mxproof, *config, "purge", "example.com")
                    assert (got.returncode, one_line(got.stderr)) == (0, "mxproof: example.com: forgotten")
                    process.send_signal(signal.SIGTERM)
                    assert await asyncio.to_thread(process.wait, PATIENCE_S) == 0
                finally:
                    process.kill()

    asyncio.run(scene())


def test_the_configuration_is_printed_and_checked(tmp_path: Path) -> None:
    got = mxproof(
        "policyd", "--listen", "unix:/run/x", "--trust-ad", "--store", "sqlite:/x.db", "--print-config"
    )
    assert got.returncode == 0
    file = tmp_path / "policyd.toml"
    file.write_bytes(got.stdout)
    assert b'listen = ["unix:/run/x"]' in got.stdout
    again = mxproof("policyd", "--config", str(file), "--print-config")
    assert again.stdout == got.stdout
    assert mxproof("policyd", "--config", str(file), "--check-config").returncode == 0


def test_the_configuration_is_found_where_the_environment_says(tmp_path: Path) -> None:
    file = tmp_path / "policyd.toml"
    file.write_text('listen = ["unix:/run/here"]\n')
    got = mxproof("policyd", "--print-config", env={"MXPROOF_POLICYD_CONFIG": str(file)})
    assert b'listen = ["unix:/run/here"]' in got.stdout
    got = mxproof(
        "policyd", "--config", "/dev/null", "--print-config", env={"MXPROOF_POLICYD_CONFIG": str(file)}
    )
    assert b"/run/here" not in got.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--config", "/no/such/file", "--check-config"),
        ("--listen", "here", "--check-config"),
        ("--store", "mysql://x", "--check-config"),
        ("--resolver", "resolver.example", "--check-config"),
        ("query", "not a domain"),
        ("query", "192.0.2.1"),
        ("query", "example.com", "192.0.2.1"),
        ("list", "--ends-within", "soon"),
        ("purge", "example.com"),
    ],
)
def test_a_mistake_is_one_line(words: tuple[str, ...]) -> None:
    got = mxproof("policyd", *words)
    assert got.returncode == 2
    assert one_line(got.stderr).startswith("mxproof: ")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[https]\nca_file = '/no/such/file.pem'", "/no/such/file.pem: "),
        ("[unix]\nowner = 'nobody-has-this-name'", "unix.owner: "),
        ("[store]\nurl = 'redis://cache:port/'", "store.url: "),
    ],
)
def test_checking_finds_what_the_machine_lacks(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "policyd.toml"
    file.write_text(text)
    got = mxproof("policyd", "--config", str(file), "--check-config")
    assert (got.returncode, one_line(got.stderr).startswith(f"mxproof: {key}")) == (2, True)


def test_checking_tells_of_overrides_that_are_over(tmp_path: Path) -> None:
    file = tmp_path / "policyd.toml"
    rule = '[[override]]\ndomain = "{}.example"\npolicy = "may"\nreason = "why"\nuntil = {}-01-01T00:00:00Z\n'
    file.write_text(rule.format("old", 2001) + rule.format("new", 2999))
    got = mxproof("policyd", "--config", str(file), "--check-config")
    said = got.stderr.decode().splitlines()
    assert got.returncode == 0
    assert [line.partition("override ")[2][:11] for line in said if "override " in line] == ["old.example"]


@pytest.mark.parametrize("name", ["postfix", "postfix-tlsrpt"])
def test_a_table_is_exported_for_the_map_that_postfix_names(tmp_path: Path, name: str) -> None:
    file = tmp_path / "policyd.toml"
    file.write_text(
        '[[override]]\ndomain = "a.example"\npolicy = "may"\nreason = "why"\nuntil = 2199-01-01T00:00:00Z\n'
    )
    got = mxproof("policyd", "--config", str(file), "export", "--map", name)
    assert (got.returncode, got.stdout) == (0, b"a.example\tmay\n")


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    got = mxproof("policyd", "--store", f"sqlite:{tmp_path}/state.db", "list")
    assert (got.returncode, got.stdout.count(b"\n")) == (0, 1)
    assert one_line(got.stderr).startswith(f"mxproof: {tmp_path}/state.db: there is no such file")
    assert list(tmp_path.iterdir()) == []


@EXHAUSTIVE
def test_a_reload_keeps_what_the_command_line_said(tmp_path: Path) -> None:
    async def scene() -> None:
        async with site("tlsa-right") as one:
            words = ("--listen", f"unix:{tmp_path}/socketmap", "--resolver", str(one.resolver), "--trust-ad")
            with started("policyd", *words) as process:
                try:
                    await asyncio.to_thread(_ready, process)
                    process.send_signal(signal.SIGHUP)
                    assert process.stderr is not None
                    line = await asyncio.to_thread(process.stderr.readline)
                    while b" INFO dane=" in line:  # the first look at the resolvers may end after the start
                        line = await asyncio.to_thread(process.stderr.readline)
                    assert line.endswith(b" INFO reload: done\n")
                    async with client(tmp_path) as postfix:
                        assert await postfix.look_up(one.lab.domain) == SocketmapReply(Status.OK, "dane-only")
                finally:
                    process.kill()

    asyncio.run(scene())


@EXHAUSTIVE
def test_a_log_that_nobody_reads_holds_no_answer_up(tmp_path: Path) -> None:
    """What the daemon says in debug of so many destinations is more than a pipe of one page holds."""

    async def scene() -> None:
        async with site("direct") as one:
            file = tmp_path / "policyd.toml"
            config = config_for(one, tmp_path)
            file.write_bytes(print_config(msgspec.structs.replace(config, log="debug")))
            with started("policyd", "--config", str(file)) as process:
                try:
                    assert process.stderr is not None
                    fcntl.fcntl(process.stderr.fileno(), fcntl.F_SETPIPE_SZ, 4096)
                    await asyncio.to_thread(_ready, process)
                    async with client(tmp_path) as postfix:
                        for number in range(80):
                            reply = await postfix.look_up(f"d{number}.{'x' * 60}.example.com")
                            assert reply.status is Status.NOTFOUND
                        assert await postfix.look_up("example.com") == SocketmapReply(Status.OK, SECURE)
                    process.send_signal(signal.SIGTERM)
                    assert await asyncio.to_thread(process.wait, PATIENCE_S) == 0
                finally:
                    process.kill()

    asyncio.run(scene())


@EXHAUSTIVE
def test_what_could_not_be_written_is_exported_from_the_running_daemon(tmp_path: Path) -> None:
    """A table in the place of the store's own keeps SQLite from writing, as a full disk does."""

    async def scene() -> None:
        async with site("direct") as one:
            file = tmp_path / "policyd.toml"
            file.write_bytes(print_config(config_for(one, tmp_path)))
            config = ("policyd", "--config", str(file))
            with started(*config) as process:
                try:
                    await asyncio.to_thread(_ready, process)
                    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as other:
                        other.execute("BEGIN IMMEDIATE")
                        async with client(tmp_path) as postfix:
                            assert await postfix.look_up("example.com") == SocketmapReply(Status.OK, SECURE)
                        got = await asyncio.to_thread(mxproof, *config, "export")
                        assert (got.returncode, got.stdout.decode()) == (0, f"example.com\t{SECURE}\n")
                        got = await asyncio.to_thread(mxproof, *config, "query", "example.com")
                        assert "store down, 1 destinations not written" in got.stdout.decode()
                        other.execute("ROLLBACK")
                finally:
                    process.kill()

    asyncio.run(scene())
