"""The public addresses of the log: another tool's parser reads what they give, and no other path names anything."""

import json

import pytest
from django.test import RequestFactory
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from tests.log.authors import new_urn
from traceability.api import log as api
from traceability.ledger import checkpoint, envelope, headsproof, merkle, notes, tiles, tlogproof
from traceability.ledger.identifiers import b64_decode, digest_bytes
from traceability.ledger.statement import parse_statement
from traceability.models import LogEntry, Statement
from traceability.selectors import log
from traceability.services import integrator, publisher

IMMUTABLE = "public, max-age=31536000, immutable"


@pytest.fixture
def filled(long_log):
    """The operator of a log of 305 entries in two batches."""
    return long_log[0]


def get(path, method="get"):
    """The answer of the view that stands at this path below the prefix of the log."""
    resolver = URLResolver(RegexPattern(r"^/log/"), api.urlpatterns)
    found = resolver.resolve(f"/log/{path}")
    return found.func(getattr(RequestFactory(), method)(f"/log/{path}"), **found.kwargs)


def leaves():
    return [bytes(leaf) for leaf in LogEntry.objects.order_by("index").values_list("leaf_hash", flat=True)]


def checked(note):
    keys = [notes.parse_vkey(line) for line in get("keys").content.decode().splitlines()]
    return checkpoint.verify_checkpoint(note, log_keys=keys[:2], cosigner_keys=keys[2:]).checkpoint


def test_the_checkpoint_is_signed_by_the_keys_beside_it(filled):
    answer = get("checkpoint")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/plain; charset=utf-8", "no-cache")
    assert checked(answer.content).head == merkle.TreeHead(305, merkle.root_of(leaves()))


def test_the_tree_can_be_rebuilt_from_the_tiles_and_the_entries_alone(filled):
    size = checked(get("checkpoint").content).size
    entries: list[bytes] = []
    for bundle in tiles.touched_bundles(0, size):
        entries += tiles.parse_bundle(get(bundle.path).content, bundle.width)
    assert [merkle.leaf_hash(entry) for entry in entries] == leaves()
    served = {tile: get(tile.path).content for tile in tiles.touched_tiles(0, size)}
    assert served == tiles.grow(0, leaves(), served.__getitem__)


@pytest.mark.parametrize(
    ("path", "kept"),
    [("tile/0/000", IMMUTABLE), ("tile/entries/000", IMMUTABLE), ("tile/0/001.p/49", "public, max-age=3600")],
)
def test_full_tiles_are_kept_for_ever(filled, path, kept):
    answer = get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (200, kept)


@pytest.mark.parametrize(
    "path", ["tile/0/001", "tile/0/001.p/50", "tile/1/000.p/2", "tile/entries/001", "tile/0/002.p/1", "tile/63/000"]
)
def test_what_is_not_published_is_not_there(filled, path):
    answer = get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/000.p/256",
        "tile/0/x000/001",
        "tile/00/000",
        "tile/64/000",
        "tile/0/000/",
        "tile/../keys",
        "tile/0//000",
    ],
)
def test_a_tile_has_one_path(filled, path):
    assert get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "checkpoint/",
        "checkpoint\n",
        "CHECKPOINT",
        "proof/00.tlog-proof",
        f"proof/{'A' * 64}.tlog-proof",
    ],
)
def test_no_other_path_names_anything(path):
    with pytest.raises(Resolver404):
        URLResolver(RegexPattern(r"^/log/"), api.urlpatterns).resolve(f"/log/{path}") and get(path)


def test_a_statement_is_proven_by_its_digest(filled):
    row = Statement.objects.get(entry__index=42)
    answer = get(f"proof/{bytes(row.digest).hex()}.tlog-proof")
    found = tlogproof.parse_proof(answer.content)
    merkle.verify_inclusion(bytes(row.leaf_hash), 42, found.hashes, checked(found.checkpoint).head)
    assert get(f"proof/{'0' * 64}.tlog-proof").status_code == 404


@pytest.mark.parametrize("known", [True, False])
def test_the_head_of_a_subject_is_proven_by_its_key(filled, known):
    urn = list(filled.heads)[7] if known else new_urn()
    value = json.loads(get(f"heads/{headsproof.map_key(urn).hex()}").content)
    sealed = envelope.parse_envelope(value["log_heads"].encode())
    said = parse_statement(sealed.payload)
    proof = tlogproof.parse_proof(value["log_heads_proof"].encode())
    head = checked(proof.checkpoint).head
    leaf = Statement.objects.get(kind="log.heads", entry__index=proof.index).leaf_hash
    merkle.verify_inclusion(bytes(leaf), proof.index, proof.hashes, head)
    assert proof.index == said.body["size"] == head.size - 1
    found = headsproof.verify_head(
        headsproof.HeadProof.from_value(value["proof"]), urn, digest_bytes(str(said.body["root"]))
    )
    assert found == (headsproof.Head(1, filled.heads[urn][1]) if known else None)


def test_a_head_is_proven_after_a_crash_before_publishing(filled, monkeypatch):
    filled.hold()
    with monkeypatch.context() as crash:
        crash.setattr(publisher, "publish", lambda: None)
        integrator.integrate()
    monkeypatch.setattr(log, "LOOKS", 1)
    assert get(f"heads/{headsproof.map_key(filled.urn).hex()}").status_code == 200
    assert checked(get("checkpoint").content).size == 307


def test_two_sizes_are_consistent(filled):
    answer = get("consistency/4/305")
    path = [b64_decode(line) for line in answer.content.decode().splitlines()]
    old, new = (merkle.TreeHead(size, merkle.root_of(leaves()[:size])) for size in (4, 305))
    merkle.verify_consistency(old, new, path)
    assert [get(f"consistency/{sizes}").status_code for sizes in ("0/305", "305/4", "4/306", "04/305")] == [404] * 4


def test_the_addresses_stand_below_log(filled, client):
    answer = client.get("/log/tile/entries/000")
    assert answer.content == get("tile/entries/000").content
    assert answer["Cache-Control"] == IMMUTABLE
    assert "Set-Cookie" not in answer
    assert client.get("/log/tile/0/0").status_code == 404


def test_the_log_is_only_read(filled):
    assert get("checkpoint", "post").status_code == 405
    assert get("checkpoint", "head").status_code == 200


def test_a_log_that_is_not_open_yet_says_so(ledger_db):
    answer = get("checkpoint")
    assert (answer.status_code, answer.content.decode().startswith("The log has no checkpoint yet.")) == (503, True)
