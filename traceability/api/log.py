"""What anybody may read of the log: checkpoint, tiles and entries (C2SP tlog-tiles), and proofs. No secret is needed.

A name can be asked for only by who knows it already: a statement by its digest, a subject by the key of its urn.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, re_path
from django.views.decorators.http import require_safe

from traceability.api.problems import status_of
from traceability.ledger import tiles
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64_encode
from traceability.ledger.merkle import BadTreeSize
from traceability.ledger.notes import BadNumber, parse_number
from traceability.ledger.tiles import BadTilePath
from traceability.ledger.tlogproof import format_proof
from traceability.selectors import log
from traceability.services.publisher import LogRefusesToSign, settled

TEXT = "text/plain; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"
ASK_AGAIN = "no-cache"
NOT_THERE = (BadNumber, BadTilePath, BadTreeSize)

View = Callable[..., HttpResponse]


def _public(view: View) -> View:
    """The view for GET and HEAD alone; a refusal is one sentence."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            return view(request, **parts)
        except RecordError as error:
            status = (
                404
                if isinstance(error, NOT_THERE)
                else 503
                if isinstance(error, LogRefusesToSign)
                else status_of(error)
            )
            return _answer(f"{error.sentence}\n".encode(), TEXT, ASK_AGAIN, status)

    return answer


def _answer(content: bytes, media_type: str, kept: str, status: int = 200) -> HttpResponse:
    return HttpResponse(content, content_type=media_type, status=status, headers={"Cache-Control": kept})


@_public
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The note of the newest published checkpoint."""
    return _answer(log.cosigned_note(log.newest_checkpoint()), TEXT, ASK_AGAIN)


@_public
def keys(request: HttpRequest) -> HttpResponse:
    """The verifier keys of the log, one a line: Ed25519, ML-DSA-44, and the time key."""
    return _answer("".join(f"{key}\n" for key in log.verifier_keys()).encode(), TEXT, FOR_AN_HOUR)


@_public
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries, by its one path."""
    wanted = tiles.parse_path(path)
    content = log.entries_bundle(wanted) if wanted.level is None else log.hashes_tile(wanted)
    return _answer(content, "application/octet-stream", FOR_EVER if wanted.width == tiles.FULL else FOR_AN_HOUR)


@_public
def proof(request: HttpRequest, digest: str) -> HttpResponse:
    """The c2sp.org/tlog-proof of the statement with this SHA-256 of its payload."""
    return _answer(format_proof(log.inclusion_proof(f"sha256:{digest}")), TEXT, ASK_AGAIN)


@_public
def heads(request: HttpRequest, key: str) -> HttpResponse:
    """The head of the subject with this map key, or that there is none, up to the newest published checkpoint."""
    found, head = settled(lambda: log.head_proof(bytes.fromhex(key)))
    value = {
        "log_heads": found.envelope.decode("ascii"),
        "log_heads_proof": format_proof(log.proof_at(found.index, found.checkpoint)).decode(),
        "proof": head.to_value(),
    }
    return JsonResponse(value, headers={"Cache-Control": ASK_AGAIN})


@_public
def consistency(request: HttpRequest, old: str, new: str) -> HttpResponse:
    """The hashes that show the tree of the old size to be the start of the new one, one base64 line each."""
    path = log.consistency_path(parse_number(old), parse_number(new))
    return _answer("".join(f"{b64_encode(each)}\n" for each in path).encode(), TEXT, FOR_EVER)


urlpatterns: list[URLPattern] = [
    re_path(r"^checkpoint\Z", checkpoint, name="log-checkpoint"),
    re_path(r"^keys\Z", keys, name="log-keys"),
    re_path(r"^(?P<path>tile/[a-z0-9/.]{1,80})\Z", tile, name="log-tile"),
    re_path(r"^proof/(?P<digest>[0-9a-f]{64})\.tlog-proof\Z", proof, name="log-proof"),
    re_path(r"^heads/(?P<key>[0-9a-f]{64})\Z", heads, name="log-heads"),
    re_path(r"^consistency/(?P<old>[0-9]{1,19})/(?P<new>[0-9]{1,19})\Z", consistency, name="log-consistency"),
]
