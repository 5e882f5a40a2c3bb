"""Servers that follow a script, asked by a plain client."""

import socket

import pytest

from mxproof.lab.running import RunningLab
from mxproof.lab.scenario import Scenario
from support_lab import CLIENT_S_MAX, in_lab, reach, world

MAIL = ("192.0.2.25", 25)
WEB = ("203.0.113.80", 443)


def mail_host(script: str) -> Scenario:
    return world(f"[[smtp]]\nname = 'mx1.example.com'\n{script}\n")


def said(lab: RunningLab, server: tuple[str, int], *lines: bytes) -> list[bytes]:
    """Return what the server says at first, if anything is read then, and to each line."""
    with socket.create_connection(reach(lab, *server), timeout=CLIENT_S_MAX) as connection:
        heard = [connection.recv(1000)] if server == MAIL else []
        for line in lines:
            connection.sendall(line)
            heard.append(connection.recv(1000))
        return heard


def test_a_turn_follows_each_of_the_client_s_and_then_the_end() -> None:
    scenario = mail_host("script.turns = ['220 {name}', '250 a\u00e9']")
    got = in_lab(scenario, lambda lab: said(lab, MAIL, b"EHLO x", b""))
    assert got == [b"220 mx1.example.com", b"250 a\xe9", b""]


def test_a_text_is_repeated_as_often_as_it_says() -> None:
    scenario = mail_host("script = { turns = ['220 {repeated}.'], repeated = 'ab', times = 3 }")
    assert in_lab(scenario, lambda lab: said(lab, MAIL)) == [b"220 ababab."]


def test_the_last_turn_is_repeated_until_the_client_leaves() -> None:
    scenario = mail_host("script = { turns = ['220-x'], ending = 'repeat' }")

    def client(lab: RunningLab) -> bytes:
        way = reach(lab, *MAIL)
        with (
            socket.create_connection(way, timeout=CLIENT_S_MAX) as connection,
            connection.makefile("rb") as stream,
        ):
            return stream.read(100_000)

    assert in_lab(scenario, client) == b"220-x" * 20_000


@pytest.mark.parametrize(("ending", "reset"), [("reset", True), ("close", False), ("cut", False)])
def test_a_connection_ends_as_it_says(ending: str, reset: bool) -> None:
    scenario = mail_host(f"script = {{ turns = ['220 x', '250 y'], ending = '{ending}' }}")

    def client(lab: RunningLab) -> bool:
        with socket.create_connection(reach(lab, *MAIL), timeout=CLIENT_S_MAX) as connection:
            connection.recv(1000)
            connection.sendall(b"EHLO x")
            try:
                while connection.recv(1000):
                    pass
            except ConnectionResetError:
                return True
            return False

    assert in_lab(scenario, client) is reset


def test_a_policy_host_may_speak_in_the_clear() -> None:
    scenario = world("[[https]]\nbody = 'abc'\nscript = { turns = ['{length}:{body}'], clear = true }\n")
    assert in_lab(scenario, lambda lab: said(lab, WEB, b"hello")) == [b"3:abc"]
