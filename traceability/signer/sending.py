"""The only part of the signer that knows the network, and only when it is asked to: with --url."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

from traceability.ledger.errors import RecordError
from traceability.signer.files import MAX_BYTES

TIMEOUT_S = 30
_LOCAL = ("localhost", "127.0.0.1", "::1")


class NotSent(RecordError):
    """A site that could not be asked, or that refused."""

    code = "not_sent"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token goes to the site that was named and to no other."""

    def redirect_request(self, *args: object) -> None:
        return None


def fetch(url: str, token: str, path: str) -> bytes:
    """What the site answers at a path of the API."""
    return _ask(url, token, path, None)


def send(url: str, token: str, path: str, body: bytes) -> str:
    """What the site answers to the signed statements."""
    return _ask(url, token, path, body).decode("utf-8", "replace")


def _address(url: str, path: str) -> str:
    site = urlsplit(url)
    if site.scheme != "https" and not (site.scheme == "http" and site.hostname in _LOCAL):
        raise NotSent("Name the site with https: a token is never sent in the clear.", path="--url")
    return url.rstrip("/") + path


def _ask(url: str, token: str, path: str, body: bytes | None) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(_address(url, path), body, headers)  # noqa: S310 (https alone, or this machine)
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            return bytes(answer.read(MAX_BYTES))
    except urllib.error.HTTPError as error:
        said = error.read(2000).decode("utf-8", "replace")
        raise NotSent(f"The site answered {error.code}: {said}") from None
    except urllib.error.URLError as error:
        raise NotSent(f"The site could not be asked: {error.reason}") from None
