"""Whatever has the shape of a statement is accepted or refused by name: no other error ever leaves the decision."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.acceptance.town import MINE, WORKS, Town, assay, concentrate, part
from tests.ledger.statements import BODIES, LOT, body_of, urn
from tests.ledger.test_kinds import places, put
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import KINDS
from traceability.ledger.shapes.scalars import Digest, Quantity, Urn, Word
from traceability.ledger.statement import ProcessStep

OTHERS: dict[type, list[Any]] = {
    Quantity: ["0", "0.001", "12", "99"],
    Urn: [LOT, urn("split part"), urn("nothing"), MINE],
    Digest: ["sha256:" + "0" * 64],
}


@pytest.fixture(scope="module")
def town() -> Town:
    """A town in which LOT is a lot with a history, and most names of the examples mean something."""
    found = Town()
    found.say(MINE, "facility.register", {"facility": urn("facility"), "country": "US", "name": "F"})
    found.source("feed", "5000")
    made = {**concentrate("x", "300", None), "lot": LOT}
    found.transform({"feed": "4900"}, [made])
    found.say(MINE, "lot.assay", {"lot": LOT, "assay": assay("10")})
    found.transform({"lot": "100"}, [concentrate("split part", "100", None)], process=())
    for name in ("in 1", "in 2"):
        found.source(name, "2000")
    return found


def variants(kind: str) -> Iterator[dict[str, Any]]:
    """The example of a kind, and the same with one value of the right shape exchanged."""
    yield body_of(kind)
    for place, field in places(KINDS[kind].body, BODIES[kind]):
        for other in OTHERS.get(type(field.shape), ()):
            yield put(BODIES[kind], place, other)
        if isinstance(field.shape, Word):
            yield from (put(BODIES[kind], place, word) for word in field.shape.words)


@pytest.mark.parametrize("issuer", [MINE, WORKS])
@pytest.mark.parametrize("kind", KINDS)
def test_statements(town: Town, kind: str, issuer: str) -> None:
    for body in variants(kind):
        for process in ((), (ProcessStep("leach", "MY"),)) if KINDS[kind].process else ((),):
            with suppress(RecordError):
                town.decide(town.build(issuer, kind, body, process=process))


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.correctable])
def test_corrections(town: Town, kind: str) -> None:
    originals = [one.original for one in town.world.versions.values() if one.original.kind == kind]
    for original in originals:
        for body in variants(kind):
            for claimed in (body, {**body, **{name: original.body[name] for name in ("lot", "inputs") if
                                              name in original.body}}):  # fmt: skip
                with suppress(RecordError):
                    town.decide(town.correction(original, **claimed))
        with suppress(RecordError):
            town.decide(town.voiding(original))


def test_odd_divisions(town: Town) -> None:
    rows = [part("p 1", "1"), part("p 2", "0.001"), concentrate("p 3", "1"), concentrate("p 4", "2", None)]
    for inputs in (["feed"], ["lot"], ["feed", "lot"], ["in 1", "in 2"], ["nothing"]):
        for outputs in (rows[:1], rows[:2], rows[2:], rows):
            body = {"inputs": [{"lot": urn(name), "mass_kg": "1"} for name in inputs], "outputs": outputs}
            with suppress(RecordError):
                town.decide(town.build(MINE, "lot.transform", body))
