"""Requests to addresses that strangers chose: only to the public internet, and never further than they were let.

A name is resolved once, every address that it has is judged, and the connection goes to the judged address: a name that
changes its mind between the two looks (DNS rebinding) gains nothing. Nothing follows a redirect.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from traceability.ledger.errors import RecordError

CONNECT_S: Final = 5.0
WHOLE_S: Final = 15.0
MOST_READ_BYTES: Final = 4096
LONGEST_URL: Final = 500

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""What IANA gave out. IPv4-mapped, NAT64, unique local, link-local and multicast addresses lie outside."""
REFUSED_V6: Final = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo and other tunnels
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: an IPv4 address in disguise
            "3fff::/20",  # documentation
        ),
    )
)
REFUSED_V4: Final = tuple(map(ipaddress.IPv4Network, ("192.88.99.0/24", "192.0.0.0/24")))


class BadAddress(RecordError):
    """An address to which nothing is sent from here."""

    code = "bad_webhook_address"


class NotReached(RecordError):
    """Nobody answered in time, or not in a way that could be read."""

    code = "not_reached"


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and the beginning of the body."""

    status: int
    excerpt: str
    took_ms: int


def check_url(url: str) -> SplitResult:
    """The parts of an address of the right form; where its name leads is looked at when something is sent."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress("This is no address. Write one such as https://example.org/hooks.") from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise BadAddress(f"Use at most {LONGEST_URL} characters of ASCII; write other names in their xn-- form.")
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise BadAddress("Use an https address such as https://example.org/hooks.")
    if parts.scheme == "http" and not (settings.LODESTONE_LOOPBACK_WEBHOOKS and _names_loopback(parts.hostname)):
        raise BadAddress("Use https: what goes over http can be read and changed on its way.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress("Leave out user names, passwords and fragments. The signature says who sent it.")
    _refuse_inner(parts.hostname)
    return parts


def _refuse_inner(host: str) -> None:
    """Refuses what is no place on the public internet already as it is written: an address, or this machine's name."""
    address = _literal(host)
    if _names_loopback(host):
        wrong = not settings.LODESTONE_LOOPBACK_WEBHOOKS
    else:
        wrong = address is not None and not may_reach(address)
    if wrong:
        raise BadAddress(f"{host} is not on the public internet. Use the name by which others reach your server.")


def _literal(host: str) -> Address | None:
    """The address that a host is, in any of the ways in which systems read one (127.1, 0x7f000001); None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """The answer to one POST of these bytes."""
    parts = check_url(url)
    started = time.monotonic()
    try:
        with _connection(parts, started + WHOLE_S) as connection:
            connection.request("POST", _target(parts), body, {"Connection": "close", **headers})
            response = connection.getresponse()
            excerpt = response.read(MOST_READ_BYTES).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise _not_reached(error, started) from error
    return Answer(response.status, excerpt, round((time.monotonic() - started) * 1000))


def get(url: str, *, accept: str, most_bytes: int) -> bytes:
    """The body of one GET, of at most so many bytes; what is larger, elsewhere or not there is NotReached."""
    parts = check_url(url)
    started = time.monotonic()
    try:
        with _connection(parts, started + WHOLE_S) as connection:
            connection.request("GET", _target(parts), headers={"Connection": "close", "Accept": accept})
            response = connection.getresponse()
            body = response.read(most_bytes + 1)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise _not_reached(error, started) from error
    if response.status != http.HTTPStatus.OK:
        raise NotReached(f"The answer had the status {response.status}; redirects are not followed.")
    if len(body) > most_bytes:
        raise NotReached(f"The answer had more than {most_bytes} bytes.")
    return body


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _not_reached(error: Exception, started: float) -> NotReached:
    if time.monotonic() - started >= WHOLE_S:
        return NotReached(f"No answer within {WHOLE_S:.0f} seconds.")
    return NotReached(f"{type(error).__name__}: {error}"[:200])


def may_reach(address: Address) -> bool:
    """Whether an address is one of the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        return address in GLOBAL_UNICAST and address.is_global and not any(address in one for one in REFUSED_V6)
    return address.is_global and not address.is_multicast and not any(address in one for one in REFUSED_V4)


def resolve(host: str, port: int) -> Address:
    """The address to which a name leads; refused when any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise NotReached(f"The name {host} leads nowhere: {error}"[:200]) from error
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    loopback = settings.LODESTONE_LOOPBACK_WEBHOOKS and _names_loopback(host)
    for address in addresses:
        if not (address.is_loopback if loopback else may_reach(address)):
            raise BadAddress(f"{host} leads to {address}, which is not on the public internet.")
    return addresses[0]


@contextmanager
def _connection(parts: SplitResult, ends: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to the judged address, cut off when the time is over, however slowly the other side drips."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = resolve(host, port)
    sock = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET)
    sock.settimeout(CONNECT_S)
    cut = threading.Timer(max(0.0, ends - time.monotonic()), lambda: _cut(sock))
    cut.daemon = True
    cut.start()
    try:
        sock.connect((str(address), port))
        if parts.scheme == "https":
            # The name goes into SNI and the certificate check; the way leads to the judged address.
            sock = _tls().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
            sock.do_handshake()
        connection = http.client.HTTPConnection(host, port)
        connection.sock = sock
        yield connection
    finally:
        cut.cancel()
        sock.close()


def _cut(sock: socket.socket) -> None:
    """Ends what another thread waits for; the methods of a TLS socket would first say goodbye."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:  # it is closed already
        pass


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _names_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
