"""Bundles by the API: 202 with Location, how far it is, the file."""

import io
from typing import TYPE_CHECKING

import pytest

from traceability.ledger.bundle import read_bundle

if TYPE_CHECKING:
    from tests.api.clients import Clients


@pytest.fixture
def kept(ledger_api: "Clients") -> str:
    """The path of the bundle of a lot that the mine has, in a log that has it."""
    from traceability.services import integrator

    lot = ledger_api.market.source()
    integrator.drain()
    return f"lots/{lot[9:]}/bundle"


def test_from_asking_to_the_file(ledger_api: "Clients", kept: str) -> None:
    from traceability.services import bundle_work

    owner = ledger_api.owner
    begun = owner.send(kept, None)
    assert begun.status_code == 202
    place = begun["Location"]
    assert begun.json()["links"]["self"] == place
    assert begun.json()["state"] == "waiting"
    waiting = owner.get(f"{place}/file")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "bundle_not_ready")
    bundle_work.work()
    done = owner.get(place).json()
    assert done["state"] == "done"
    assert done["statements_packed"] == done["statements"] == done["statements_found"] > 0
    content = b"".join(owner.get(done["links"]["file"]).streaming_content)
    assert len(content) == done["bytes"]
    assert read_bundle(io.BytesIO(content)).custody_hash == done["custody_hash"]
    assert [one["id"] for one in owner.read("bundles").json()["results"]] == [done["id"]]


def test_a_large_bundle_is_not_given_at_once(ledger_api: "Clients", kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability.services import bundle_jobs

    assert b"".join(ledger_api.owner.read(kept).streaming_content)
    monkeypatch.setattr(bundle_jobs, "AT_ONCE", 0)
    refused = ledger_api.owner.read(kept)
    assert (refused.status_code, refused.json()["code"]) == (409, "bundle_too_large")
    assert "POST here" in refused.json()["detail"]


def test_a_bundle_is_cancelled(ledger_api: "Clients", kept: str) -> None:
    place = ledger_api.owner.send(kept, None)["Location"]
    assert ledger_api.owner.delete(place).status_code == 204
    assert ledger_api.owner.get(place).json()["state"] == "cancelled"


def test_a_token_that_only_reads_asks_and_cancels(ledger_api: "Clients", kept: str) -> None:
    from tests.api.clients import Program
    from traceability.models import ApiToken

    reader = Program(ledger_api.market.mine, ApiToken.Scope.READ)
    begun = reader.send(kept, None)
    assert begun.status_code == 202
    assert reader.delete(begun["Location"]).status_code == 204


def test_others_see_nothing_of_it(ledger_api: "Clients", kept: str) -> None:
    place = ledger_api.owner.send(kept, None)["Location"]
    for client in (ledger_api.customer, ledger_api.outsider):
        assert client.send(kept, None).status_code == 404
        assert client.get(place).status_code == client.get(f"{place}/file").status_code == 404
        assert client.delete(place).status_code == 404
        assert client.read("bundles").json()["results"] == []
    assert ledger_api.anybody.get(place).status_code == 401


def test_too_many_at_once_are_refused(ledger_api: "Clients", kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability.services import bundle_jobs

    monkeypatch.setattr(bundle_jobs, "MOST_OPEN", 0)
    refused = ledger_api.owner.send(kept, None)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_bundles")
