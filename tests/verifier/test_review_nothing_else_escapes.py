"""Whatever has the shape of a result, a step or a declaration ends in a verdict, never in an error of the program."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from epd.lca import algorithms
from tests.ledger.test_kinds import places, put
from tests.verifier.builder import urn
from tests.verifier.stories import assay, lot
from tests.verifier.test_method import ELECTRICITY, LOTS, Figured, figured
from traceability.ledger import closed
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import KINDS
from traceability.ledger.shapes.scalars import Computed, Digest, Quantity, Text, Urn, Word
from traceability.verifier.report import Verdict

OTHERS: dict[type, list[Any]] = {
    Computed: ["0", "-1", "999999999999999", "0.000000000000000000000000000000000001"],
    Quantity: ["0", "0.00000001", "99", "999999999999.99999999"],
    Urn: [urn("ore"), urn("nothing")],
    Digest: ["sha256:" + "0" * 64],
    Text: ["x", "ree", "unknown", "lodestone-rollup/9"],
}
STEP: dict[str, Any] = {
    "inputs": [{"lot": urn("feed"), "mass_kg": "10"}],
    "outputs": [
        lot("made", "5", stage="metal", **{"class": "product"}, assay=assay(Nd2O3="1")),
        lot("beside", "5", stage="metal", **{"class": "co_product"}, assay=assay(Nd2O3="1"),
            price={"value_per_kg": "2", "currency": "EUR", "period": "2026", "date": "2026-01-01", "source": "x"}),
    ],
    "losses": [{"kind": "slag", "mass_kg": "1"}],
    "inventory": [ELECTRICITY, {"flow": "hydrochloric acid", "role": "ancillary", "amount": "3", "unit": "kg",
                                "basis": "metered", "concentration": "0.31", "factors": ["grid.us.2023"]}],
    "exclusions": [{"flow": "packaging", "reason": "small"}],
}  # fmt: skip
TURNED = STEP | {"inventory": STEP["inventory"][::-1], "outputs": STEP["outputs"][::-1]}


def variants(kind: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with one value exchanged or one member left out, as far as it still has the shape of its kind."""
    for place, field in places(KINDS[kind].body, body):
        others = OTHERS.get(type(field.shape), [])
        others = [*others, *field.shape.words] if isinstance(field.shape, Word) else others
        for other in others:
            yield from _shaped(kind, put(body, place, other))
    for name in body:
        yield from _shaped(kind, {one: body[one] for one in body if one != name})


def _shaped(kind: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        KINDS[kind].check(body, "/body", {})
    except RecordError:
        return
    yield body


@cache
def told() -> tuple[Figured, dict[str, Any]]:
    """A story up to the result of the metal, and the body of that."""
    story = figured(results=LOTS[:3])
    return story, story.result_body("metal")


def test_results() -> None:
    story, body = copy.deepcopy(told())
    count = 0
    for other in variants("lot.result", body):
        if other["lot"] == urn("metal"):
            story.log.say(story.parties["b"], "lot.result", other)
            count += 1
    story.log.commit()
    assert count > 100
    assert story.report().verdict is Verdict.INVALID


def test_declarations() -> None:
    story = copy.deepcopy(told()[0])
    story.state("metal", "b")
    story.target = urn("metal")
    story.declare()
    said = story.said["declaration"]
    values = {digest: closed.parse_disclosure(text) for digest, text in said.disclosures.items()}
    body = dict(closed.open_payload(json.loads(said.payload), values)[0]["body"])
    for number, other in enumerate(variants("declaration.publish", body)):
        if other["lot"] == urn("metal"):
            story.log.say(story.parties["b"], "declaration.publish", other | {"declaration": urn(f"other {number}")})
    story.log.commit()
    assert story.report().verdict is Verdict.INVALID


def test_steps() -> None:
    """Steps with any inventory, losses and prices, each with a result that says something of it."""
    story, result = copy.deepcopy(told())
    log, party = story.log, story.parties["b"]
    KINDS["lot.transform"].check(STEP, "/body", {})
    made: list[str] = []
    for other in (*variants("lot.transform", STEP), *variants("lot.transform", TURNED)):
        if {row["lot"] for row in (*other["inputs"], *other["outputs"])} != {urn("feed"), urn("made"), urn("beside")}:
            continue
        number, text = len(made), json.dumps(other)
        for name in ("feed", "made", "beside"):
            text = text.replace(urn(name), urn(f"{name} {number}"))
        ore = lot(f"feed {number}", "10000000", stage="ore", origin="mined", country="US", assay=assay(Nd2O3="90"))
        log.say(party, "lot.source", ore)
        partial = [urn(f"feed {number}")]
        step = log.say(party, "lot.transform", json.loads(text), process=[("leach", "EE")], partial=partial)
        log.outside.add(urn(f"beside {number}"))
        named = {"lot": urn(f"made {number}"), "computed_from": {"statements": [step.digest]}}
        log.say(party, "lot.result", result | named | {"algorithms": algorithms.references()})
        made.append(urn(f"made {number}"))
    assert len(made) > 50
    all_of_it = {
        "inputs": [{"lot": one, "mass_kg": "1"} for one in made],
        "outputs": [lot("all", str(len(made)), stage="metal", **{"class": "product"}, assay=assay(Nd2O3="1"))],
    }
    log.say(party, "lot.transform", all_of_it, process=[("mix", "EE")], partial=made)
    log.commit()
    story.target = urn("all")
    assert story.report().verdict is Verdict.INVALID
