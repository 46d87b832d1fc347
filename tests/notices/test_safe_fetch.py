"""The guard: nothing is sent to what is not the public internet, and nobody holds us up."""

import ipaddress
import socket
import threading
import time

import pytest

from tests.notices.receivers import certificate, receiver
from traceability.services import safe_fetch
from traceability.services.safe_fetch import BadAddress, NotReached


@pytest.fixture
def loopback(settings):
    settings.LODESTONE_LOOPBACK_WEBHOOKS = True


@pytest.fixture
def names(monkeypatch):
    """What a name server says: lists of addresses, one for each time it is asked."""
    answers = []

    def getaddrinfo(host, port, **more):
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return answers


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.5", "224.0.0.1", "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8",
        "64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "fc00::1",
        "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "5f00::1",
    ],
)  # fmt: skip
def test_nothing_but_the_public_internet_is_reached(address, names, settings):
    assert settings.LODESTONE_LOOPBACK_WEBHOOKS is False
    assert not safe_fetch.may_reach(ipaddress.ip_address(address))
    names.append([address])
    with pytest.raises(BadAddress, match="not on the public internet"):
        safe_fetch.post("https://inside.example/", b"", {})


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::1"])
def test_public_addresses_are_reached(address):
    assert safe_fetch.may_reach(ipaddress.ip_address(address))


def test_a_name_with_one_inner_address_is_refused(names):
    names.append(["8.8.8.8", "10.0.0.1"])
    with pytest.raises(BadAddress):
        safe_fetch.resolve("two.example", 443)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_this_machine_are_refused(host):
    with pytest.raises((BadAddress, NotReached)):
        safe_fetch.post(f"https://{host}/", b"", {})


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "ftp://example.org/", "file:///etc/passwd", "http://example.org/", "https://", "https:///x",
        "https://user@example.org/", "https://user:secret@example.org/", "https://example.org/#part",
        "https://example.org:0/", "https://example.org:99999/", "https://example.org:port/", "https://exämple.org/",
        "https://example.org/a b", "https://example.org/a\r\nHost: x", "https://[::1", "http://localhost/",
        "http://127.0.0.1/", "https://example.org/" + "a" * 500,
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_refused(url):
    with pytest.raises(BadAddress):
        safe_fetch.check_url(url)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "10.0.0.7", "192.168.1.5", "169.254.169.254", "0.0.0.0",  # noqa: S104
     "localhost", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]", "224.0.0.1"],
)  # fmt: skip
def test_an_inner_address_is_refused_as_it_is_entered(host):
    with pytest.raises(BadAddress, match="Use the name by which others reach"):
        safe_fetch.check_url(f"https://{host}/hooks")


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700::1111]", "example.org", "10.example", "a1.example"])
def test_a_public_address_and_a_name_may_be_entered(host):
    safe_fetch.check_url(f"https://{host}/hooks")


def test_http_is_for_this_machine_alone_and_only_by_setting(loopback, names):
    safe_fetch.check_url("http://localhost:8000/hook")
    safe_fetch.check_url("http://127.0.0.1:8000/hook")
    with pytest.raises(BadAddress):
        safe_fetch.check_url("http://example.org/")
    names.append(["127.0.0.1"])
    with pytest.raises(BadAddress):
        safe_fetch.post("https://rebound.example/", b"", {})
    names[:] = [["10.0.0.1"]]
    with pytest.raises(BadAddress):
        safe_fetch.post("http://localhost/", b"", {})


def test_what_comes_back_is_the_status_and_the_beginning(loopback):
    with receiver() as there:
        there.status, there.body = 200, b"x" * 10_000
        answer = safe_fetch.post(there.url, b'{"a":1}', {"webhook-id": "msg_1"})
    assert (answer.status, len(answer.excerpt)) == (200, 4096)
    [(path, headers, body)] = there.got
    assert (path, body, headers["webhook-id"]) == ("/hook?a=1", b'{"a":1}', "msg_1")
    assert headers["host"].startswith("localhost:")


def test_a_redirect_is_an_answer_and_not_followed(loopback):
    with receiver() as inner, receiver() as there:
        there.status, there.headers = 307, {"Location": inner.url}
        assert safe_fetch.post(there.url, b"{}", {}).status == 307
        assert inner.got == []


def test_the_address_is_looked_up_once(loopback, names):
    with receiver() as there:
        names.extend([["127.0.0.1"], ["10.0.0.1"]])
        assert safe_fetch.post(there.url, b"{}", {}).status == 204


@pytest.mark.parametrize("over", ["http", "https"])
def test_who_drips_is_cut_off(over, loopback, monkeypatch, tmp_path):
    monkeypatch.setattr(safe_fetch, "WHOLE_S", 1.0)
    trusted, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with receiver(tls=context if over == "https" else None) as there:
        there.status, there.body, there.drip_s = 200, b"x" * 1000, 0.2
        started = time.monotonic()
        answer = safe_fetch.post(there.url, b"{}", {})
        assert time.monotonic() - started < 3
        assert len(answer.excerpt) < 10


def test_who_takes_the_connection_and_says_nothing_is_cut_off(loopback, monkeypatch):
    monkeypatch.setattr(safe_fetch, "WHOLE_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("http", "https"):
            with pytest.raises(NotReached):
                safe_fetch.post(f"{scheme}://localhost:{silent.getsockname()[1]}/", b"{}", {})


def test_nobody_there(loopback):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(NotReached, match="ConnectionRefused"):
        safe_fetch.post(f"http://localhost:{port}/", b"{}", {})


def test_a_certificate_must_be_trusted_and_bear_the_name(loopback, monkeypatch, tmp_path):
    trusted, context = certificate(tmp_path)
    with receiver(tls=context) as there:
        with pytest.raises(NotReached, match="CERTIFICATE_VERIFY_FAILED"):
            safe_fetch.post(there.url, b"{}", {})
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert safe_fetch.post(there.url, b"{}", {}).status == 204
        with pytest.raises(NotReached, match="CERTIFICATE_VERIFY_FAILED"):
            safe_fetch.post(there.url.replace("localhost", "127.0.0.1"), b"{}", {})


def test_who_begins_an_answer_and_never_ends_its_head_is_cut_off(loopback, monkeypatch):
    monkeypatch.setattr(safe_fetch, "WHOLE_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as there:
        dripping = threading.Thread(target=drip_a_head, args=[there], daemon=True)
        dripping.start()
        started = time.monotonic()
        with pytest.raises(NotReached):
            safe_fetch.post(f"http://localhost:{there.getsockname()[1]}/", b"{}", {})
        assert time.monotonic() - started < 3
        dripping.join(5)


def drip_a_head(server):
    client, _ = server.accept()
    with client:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200:
                client.sendall(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            pass
