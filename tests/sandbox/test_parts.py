"""Promise: what arrives from a program, whatever it is, is read or left alone, and never breaks the watch."""

from __future__ import annotations

import json
import os
import socket
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.sandbox import home, packets, reports
from askfirst.harness.sandbox.attempts import MOST, Attempts
from askfirst.harness.sandbox.names import NameServer
from askfirst.harness.sandbox.packets import Going
from askfirst.harness.sandbox.presets import presets
from askfirst.harness.sandbox.proxying import RefusingProxy
from askfirst.harness.sandbox.relaying import Place

SYN, SYN_ACK, ACK = 0x02, 0x12, 0x10


def ip4(protocol: int, rest: bytes, host: str = "203.0.113.7") -> bytes:
    """Make a packet of IPv4."""
    return bytes([0x45, *[0] * 8, protocol, 0, 0]) + socket.inet_aton("10.0.0.1") + socket.inet_aton(host) + rest


def ip6(protocol: int, rest: bytes, host: str = "2001:db8::7") -> bytes:
    """Make a packet of IPv6."""
    addresses = socket.inet_pton(socket.AF_INET6, "::2") + socket.inet_pton(socket.AF_INET6, host)
    return bytes([0x60, *[0] * 5, protocol, 64]) + addresses + rest


def tcp(flags: int, port: int = 443) -> bytes:
    """Make a header of TCP."""
    return struct.pack("!HH", 50000, port) + bytes([*[0] * 8, 0x50, flags])


def udp(port: int, source: int = 50000) -> bytes:
    """Make a header of UDP."""
    return struct.pack("!HHHH", source, port, 8, 0)


PACKETS = {
    "a connection begins": (ip4(6, tcp(SYN)), Going("203.0.113.7", 443)),
    "it goes on": (ip4(6, tcp(ACK)), None),
    "an answer": (ip4(6, tcp(SYN_ACK)), None),
    "over IPv6": (ip6(6, tcp(SYN)), Going("2001:db8::7", 443)),
    "UDP": (ip4(17, udp(123)), Going("203.0.113.7", 123)),
    "a question about a name, recorded by the name server": (ip4(17, udp(53)), None),
    "its answer": (ip4(17, udp(50000, 53)), None),
    "a ping": (ip4(1, b"\x08\0\0\0"), Going("203.0.113.7", "icmp")),
    "nobody there": (ip4(1, b"\x03\x03\0\0"), None),
    "neighbours": (ip6(58, b"\x87\0\0\0", "ff02::1"), None),
    "another protocol": (ip4(47, b"\0\0\0\0"), Going("203.0.113.7", "protocol 47")),
    "half a packet": (ip4(6, b"\0\0"), None),
    "nothing": (b"", None),
}


@pytest.mark.parametrize("name", PACKETS)
def test_a_packet_tells_where_it_goes(name: str) -> None:
    """The first one of an attempt does; what follows it and what answers it do not."""
    packet, expected = PACKETS[name]

    assert expected == packets.going(packet)


@given(st.binary(max_size=80))
def test_no_packet_breaks_the_sniffer(packet: bytes) -> None:
    """Whatever a raw socket sends is read, or is none."""
    assert packets.going(packet) is None or isinstance(packets.going(packet), Going)


def question(name: str, kind: int = 1) -> bytes:
    """Ask about a name."""
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split(".") if one)
    return struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, kind, 1)


def asked(server: NameServer, packet: bytes) -> bytes:
    """Give the answer of a name server, b'' where there is none."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as us,
    ):
        line.bind(("127.0.0.1", 0))
        us.bind(("127.0.0.1", 0))
        us.settimeout(0.005)
        us.sendto(packet, line.getsockname())
        server.answer(line)
        try:
            return us.recv(4096)
        except TimeoutError:
            return b""


NAMES = {
    "sts.amazonaws.com": (1, "198.18.0.1", ["sts.amazonaws.com (looked up)"]),
    "a.model.example": (1, "127.64.0.1", []),
    "localhost": (1, "127.0.0.1", []),
    "123456789012.localhost": (1, "127.0.0.1", []),
    "STS.AmazonAWS.com.": (28, "", ["sts.amazonaws.com (looked up)"]),
    "c2VjcmV0.tunnel.example": (16, "", ["c2vjcmv0.tunnel.example (looked up)"]),
}


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_an_address_of_nobody(name: str) -> None:
    """Relays and this machine have their own; everything else is recorded, and answered so that nobody is suspicious."""
    kind, address, recorded = NAMES[name]
    tried: list[str] = []
    server = NameServer(Attempts(lambda one, _: tried.append(one)), {"a.model.example": "127.64.0.1"})
    answer = asked(server, question(name, kind))

    assert recorded == tried
    assert address == (socket.inet_ntoa(answer[-4:]) if answer[7] else "")
    assert (3 if kind == 16 else 0) == answer[3] & 15


@given(st.binary(max_size=64))
def test_no_question_breaks_the_name_server(packet: bytes) -> None:
    """What is no question gets no answer, and no error comes of it."""
    asked(NameServer(Attempts(lambda *_: None), {}), packet)


def test_a_place_is_recorded_once_and_by_its_name() -> None:
    """Who tries again and again tries one thing; an address given out for a name is that name; a flood has an end."""
    tried: list[tuple[str, bool]] = []
    attempts = Attempts(lambda address, aws: tried.append((address, aws)))
    address = attempts.address_for("sts.amazonaws.com")
    for _ in range(3):
        attempts.tried("sts.amazonaws.com")
        attempts.tried(address, 443)

    assert [("sts.amazonaws.com (looked up)", False), ("sts.amazonaws.com:443", True)] == tried
    for number in range(2 * MOST):
        attempts.tried(f"{number}.tunnel.example")
    assert MOST == len(tried)


PROXIED = {
    "CONNECT": (b"CONNECT sts.amazonaws.com:443 HTTP/1.1\r\n\r\n", b"HTTP/1.1 403", ["sts.amazonaws.com:443"]),
    "CONNECT, IPv6": (b"CONNECT [2001:db8::7]:443 HTTP/1.1\r\n\r\n", b"HTTP/1.1 403", ["2001:db8::7:443"]),
    "GET": (b"GET http://user:word@a.example/x HTTP/1.1\r\n\r\n", b"HTTP/1.1 403", ["a.example:80"]),
    "no proxy request": (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 403", []),
    "SOCKS 4": (b"\x04\x01\x01\xbb\xcb\x00\x71\x07\0", b"\x00\x5b", ["203.0.113.7:443"]),
    "SOCKS 4a": (b"\x04\x01\x01\xbb\0\0\0\1me\0b.example\0", b"\x00\x5b", ["b.example:443"]),
    "nonsense": (b"\xff\xfe\xfd\n", b"HTTP/1.1 403", []),
}


@pytest.mark.parametrize("name", PROXIED)
def test_the_proxy_says_no_and_where_to(name: str) -> None:
    """In every dialect of proxies; user and password do not get into the history."""
    request, answer, recorded = PROXIED[name]
    tried: list[str] = []
    proxy = RefusingProxy(Attempts(lambda address, _: tried.append(address)))
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as line:
        line.sendall(request)
        proxy.accept(listener).join(5)
        got = line.recv(4096)

    assert got.startswith(answer)
    assert recorded == tried


def test_the_proxy_lets_relays_through() -> None:
    """What the trial needs, such as a model, is reached by CONNECT; nothing is recorded of it."""
    tried: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as model, socket.create_server(("127.0.0.1", 0)) as listener:
        port = model.getsockname()[1]
        proxy = RefusingProxy(Attempts(lambda address, _: tried.append(address)), [Place("127.0.0.1", port)])
        with socket.create_connection(listener.getsockname()) as line:
            line.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
            thread = proxy.accept(listener)
            far, _ = model.accept()
            assert line.recv(100).startswith(b"HTTP/1.1 200")
            line.sendall(b"hello")
            assert b"hello" == far.recv(10)
            far.close()
        thread.join(5)

    assert ([], False) == (tried, thread.is_alive())


REPORTS = {
    "text": ("\x1b[32mAll done.\x1b[0m\n", "All done."),
    "last-line": ("thinking\nAll done.\n", "All done."),
    "json:result": (json.dumps({"result": "All done.", "cost": 1}), "All done."),
    "jsonl:item.text": ('{"item": {"text": "first"}}\nnoise\n{"item": {"text": "All done."}}\n{"end": 1}', "All done."),
    "json:response": ("no JSON at all", "no JSON at all"),
}


@pytest.mark.parametrize("how", REPORTS)
def test_the_final_message_is_read_as_the_preset_says(how: str) -> None:
    """And given whole where it cannot be read so: a report must not get lost over its form."""
    output, expected = REPORTS[how]

    assert expected == reports.final_message(output, how)


def test_a_final_message_in_a_file_is_read(tmp_path: Path) -> None:
    """Where the preset says so; it is the agent's file, so a link out of HOME is not followed, and the output counts."""
    home = tmp_path / "home"
    home.mkdir()
    secret = tmp_path / "secret.json"
    secret.write_text('{"info": {"submission": "a secret"}}')
    (home / "run.json").write_text('{"info": {"submission": "All done."}, "messages": []}')
    (home / "link.json").symlink_to(secret)
    (home / "broken.json").write_text("{")
    os.mkfifo(home / "pipe.json")

    found = {
        one: reports.reported("said", f"file:{one}.json:info.submission", home)
        for one in ("run", "link", "broken", "pipe", "none")
    }

    assert {"run": "All done.", "link": "said", "broken": "said", "pipe": "said", "none": "said"} == found


REFUSED = {
    "claude-code": (
        json.dumps({"result": "x", "permission_denials": [{"tool_input": {"command": "aws s3 rb s3://b"}}]}),
        ("aws s3 rb s3://b",),
    ),
    "opencode": ("! permission requested: bash (aws s3 rb s3://b); auto-rejecting", ("aws s3 rb s3://b",)),
    "kiro": (
        "Tool execute_bash: non-interactive mode (no user to approve)",
        ("Tool execute_bash: non-interactive mode (no user to approve)",),
    ),
    "amazon-q": (
        "error: Tool approval required but --no-interactive was specified. Use --trust-all-tools",
        ("error: Tool approval required but --no-interactive was specified. Use --trust-all-tools",),
    ),
    "kiro ": (
        "● I will run the following command:\naws s3 rb s3://b\n ⋮\nTool approval required but --no-interactive was given",
        ("aws s3 rb s3://b",),
    ),
    "amazon-q ": (
        (
            "● I will run the following shell command: \naws s3 ls\n ⋮\n● Completed in 0.2s\n\n"
            "● I will run the following shell command: \naws s3 rb s3://b\n ⋮ \n ↳ Purpose: x\n\n"
            "error: Tool approval required but --no-interactive was specified. Use --trust-all-tools"
        ),
        ("aws s3 rb s3://b",),
    ),
    "codex": ("permission denied", ()),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_gate_refused_is_found(name: str) -> None:
    """In what each program writes when nobody is there to say yes."""
    output, expected = REFUSED[name]

    assert expected == reports.refused_commands(output, presets()[name.strip()].gate)


HEADLESS = {"asks", "denies", "approves", "removes the tool", "stops"}


def test_presets_say_all_that_is_compared() -> None:
    """Nine programs; how each behaves headless is one of five words, and two of them were never run."""
    found = presets()

    assert 9 == len(found)
    assert {one.headless for one in found.values()} <= HEADLESS
    assert ["kiro", "amazon-q"] == [name for name, one in found.items() if not one.live]
    for one in found.values():
        assert one.argv[0] == one.program
        assert any("{task" in word for word in one.argv), one.name
        assert len(one.model_url) in {0, 2}, one.name


def test_profiles_of_other_accounts_take_the_role_of_the_same_name() -> None:
    """The home account by its keys, every other one by its role; no key stands twice under another name."""
    environment = {"AWS_ACCESS_KEY_ID": "ASIAX", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "eu-west-1"}
    accounts = {"prod": "111111111111", "backup": "222222222222"}
    config, credentials = home.profiles(environment, accounts, ("prod", "Operator", "aws"))

    assert "role_arn = arn:aws:iam::222222222222:role/Operator" in config
    assert ["[default]", "[profile prod]", "[profile backup]"] == [one for one in config.splitlines() if one[:1] == "["]
    assert ["[default]", "[prod]"] == [one for one in credentials.splitlines() if one[:1] == "["]
