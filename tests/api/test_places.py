"""Where a refusal points: every `path` leads to something that was sent, alone, in a batch, in an envelope."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.api.clients import DSSE, NDJSON, Clients, act, ndjson, urn
from tests.ledger.statements import BODIES, digest
from tests.services.test_envelopes import sealed, submission
from traceability.ledger import closed, identifiers
from traceability.ledger.pointers import pointer

PLATFORM_KINDS: Final = sorted(
    BODIES.keys() - {"organisation.register", "key.add", "key.rotate", "key.revoke", "log.heads"}
)
ASSAY: Final = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "60"}]}
PART: Final = {"material": "bastnaesite ore", "stage": "ore", "class": "product"}
STEP: Final = [{"step": "beneficiation", "country": "US"}]


def at(value: Any, path: str) -> Any:
    """What stands at a JSON pointer; KeyError, IndexError or ValueError where nothing does."""
    for written in path.split("/")[1:]:
        step = written.replace("~1", "/").replace("~0", "~")
        value = value[int(step) if isinstance(value, list) else step]
    return value


def require_place(sent: Any, problem: dict[str, Any]) -> None:
    """The path leads to something that was sent; of a missing field to the object in which it is missing."""
    path = problem.get("path", "")
    if "payload_path" in problem:
        payload = json.loads(identifiers.b64_decode(at(sent, path)))
        require_place(payload, {"code": problem["code"], "path": problem["payload_path"]})
    elif problem["code"] == "missing_field":
        holder, _, name = path.rpartition("/")
        assert name not in at(sent, holder), problem
    else:
        at(sent, path)


def wrong_versions(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Versions of a JSON value with one mistake each, and what the mistake is."""
    yield f"{place} is a number", 7
    yield f"{place} is a wrong text", "~/é"
    yield f"{place} is empty", []
    yield f"{place} is null", None
    yield f"{place} is a fraction", 1.5
    if isinstance(value, dict):
        yield f"{place} has an unknown field", {**value, "a/b~c": 1}
        yield f"{place} has a closed field", {**value, "closed": {"mass_kg": "x"}}
        for name, inner in value.items():
            yield f"{place} lacks {name}", {one: other for one, other in value.items() if one != name}
            for what, wrong in wrong_versions(inner, pointer(place, name)):
                yield what, {**value, name: wrong}
    elif isinstance(value, list):
        yield f"{place} stands twice", [*value, *value]
        for number, inner in enumerate(value):
            for what, wrong in wrong_versions(inner, f"{place}/{number}"):
                yield what, [*value[:number], wrong, *value[number + 1 :]]


@pytest.mark.parametrize("kind", PLATFORM_KINDS)
def test_each_mistake_in_the_body_of_a_kind_is_shown_where_it_stands(api: Clients, kind: str) -> None:
    sent = act(kind, BODIES[kind])
    wrong = [one for _, one in wrong_versions(sent)]
    assert len(wrong) > 35
    wrong = wrong[:: 1 + len(wrong) // 150]
    placed = 0
    for one in wrong:
        answer = api.owner.send("statements", one)
        if answer.status_code >= 400:
            require_place(one, answer.json())
            placed += "path" in answer.json()
    assert placed > len(wrong) / 2


OTHERS: Final[dict[str, dict[str, Any]]] = {
    "drafts": act("lot.source", BODIES["lot.source"], part_number="x"),
    "declarations": {"lot": digest("lot"), "product": "x", "illustrative": True},
    "requests": {"what": "result", "lot": digest("lot"), "to": digest("to"), "message": "x", "due_on": "2026-12-31"},
    "lineage": {"lots": ["x", "y"], "direction": "up", "depth": 3, "limit": 5},
    "watches": {"what": "lot", "subject": digest("lot")},
    "templates": {"name": "x", "draft": digest("draft")},
}


@pytest.mark.parametrize("path", OTHERS)
def test_each_mistake_in_what_other_addresses_take_is_shown_where_it_stands(api: Clients, path: str) -> None:
    placed = 0
    for _, wrong in wrong_versions(OTHERS[path]):
        answer = api.owner.send(path, wrong)
        assert answer.status_code not in (404, 405)
        if answer.status_code >= 400:
            require_place(wrong, answer.json())
            placed += "path" in answer.json()
    assert placed > 5


def broken_rules(api: Clients) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Acts that are well written and against a rule: the code, the place, the act."""
    market = api.market
    ore, other, gone, foreign = market.source(), market.source(), market.source(), market.source()
    sent = market.send(gone)
    market.take(foreign, market.send(foreign).digest)
    unknown, made = urn(), urn()
    source = market.source_body(made)
    yield "lot_unknown", "/body/lot", act("lot.hold", {"lot": unknown, "reason": "x"})
    yield "lot_exists", "/body/lot", act("lot.source", market.source_body(ore))
    yield "wrong_custody_state", "/body/lot", act("lot.hold", {"lot": gone, "reason": "x"}, day=90)
    yield "not_holder", "/body/lot", act("lot.hold", {"lot": foreign, "reason": "x"}, day=90)
    yield "not_receiver", "/body/lot", act("lot.reject", {"lot": gone, "dispatch": sent.digest, "reason": "x"}, day=90)
    yield (
        "dispatch_to_self",
        "/body/to",
        act(
            "lot.dispatch",
            {"lot": ore, "to": market.mine.organisation.urn, "mass_kg": "1000", "tolerance_pct": "0.05"},
            day=90,
        ),
    )
    yield (
        "unknown_organisation",
        "/body/to",
        act("lot.dispatch", {"lot": ore, "to": unknown, "mass_kg": "1000", "tolerance_pct": "0.05"}, day=90),
    )
    yield (
        "not_all_that_remains",
        "/body/mass_kg",
        act("lot.dispatch", {"lot": ore, "to": "outside", "mass_kg": "999", "tolerance_pct": "0.05"}, day=90),
    )
    yield (
        "used_before_made",
        "/occurred_from",
        act("lot.dispatch", {"lot": ore, "to": "outside", "mass_kg": "1000", "tolerance_pct": "0.05"}, day=0),
    )
    early = {"lot": ore, "assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.66"}]}}
    yield "assayed_before_made", "/occurred_from", act("lot.assay", early, day=0)
    yield "overdrawn", "/body/mass_kg", act("lot.dispose", {"lot": ore, "mass_kg": "1001", "route": "landfill"}, day=90)
    yield (
        "overdrawn",
        "/body/inputs/1/mass_kg",
        act(
            "lot.transform",
            {
                "inputs": [{"lot": ore, "mass_kg": "1"}, {"lot": other, "mass_kg": "1001"}],
                "outputs": [{"lot": made, "mass_kg": "1002", **PART}],
            },
            day=90,
        ),
    )
    yield (
        "mass_not_conserved",
        "/body/outputs",
        act(
            "lot.transform",
            {"inputs": [{"lot": ore, "mass_kg": "9"}], "outputs": [{"lot": made, "mass_kg": "8", **PART}]},
            day=90,
        ),
    )
    yield (
        "element_created",
        "/body/outputs",
        act(
            "lot.transform",
            {
                "inputs": [{"lot": ore, "mass_kg": "9"}],
                "outputs": [{"lot": made, "mass_kg": "8", **PART, "stage": "concentrate", "assay": ASSAY}],
            },
            process=STEP,
            day=90,
        ),
    )
    yield (
        "adjust_gains_matter",
        "/body/change_kg",
        act("lot.adjust", {"lot": ore, "change_kg": "5", "reason": "found"}, day=90),
    )
    yield (
        "assay_over_100",
        "/body/assay/rows",
        act(
            "lot.source",
            source
            | {
                "assay": {
                    "basis": "dry_mass",
                    "rows": [{"species": "Nd2O3", "content_pct": "60"}, {"species": "Pr6O11", "content_pct": "50"}],
                }
            },
        ),
    )
    yield "dry_mass_mismatch", "/body/mass_kg", act("lot.source", source | {"wet_mass_kg": "1000", "moisture_pct": "5"})
    yield "facility_not_yours", "/body/facility", act("lot.source", source | {"facility": unknown})
    yield "unknown_country", "/body/country", act("lot.source", source | {"country": "XX"})
    yield "time_order", "/occurred_from", act("lot.source", source, occurred_to="2020-01-01T00:00:00Z")
    yield "process_not_allowed", "/process", act("lot.source", source, process=STEP)
    yield "not_by_platform", "/kind", act("log.heads", BODIES["log.heads"])
    yield "missing_reference", "/body/voids", act("statement.void", {"voids": digest("none"), "reason": "x"}, day=90)
    yield "kind_not_voidable", "/body/voids", act("statement.void", {"voids": sent.digest, "reason": "x"}, day=90)
    yield from _corrections(api, ore)


def _corrections(api: Clients, ore: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    market = api.market
    made = urn()
    split = market.split(ore, {made: "10"}, "10").digest
    stated = {"inputs": [{"lot": ore, "mass_kg": "10"}], "outputs": [{"lot": made, "mass_kg": "10", **PART}]}

    def correction(moment: str = "2026-04-01T08:00:00Z", newest: str = split, **changes: Any) -> dict[str, Any]:
        claim = {"occurred_from": moment, "occurred_to": moment, "utc_offset": "+00:00", "body": stated | changes}
        body = {"replaces": split, "newest": newest, "reason": "x", "as": claim}
        return act("statement.correct", body, day=90)

    yield "not_newest_version", "/body/newest", correction(newest=digest("other"))
    yield "mass_not_conserved", "/body/as/body/outputs", correction(outputs=[{"lot": made, "mass_kg": "9", **PART}])
    yield "used_before_made", "/body/as/occurred_to", correction("2026-01-01T08:00:00Z")
    yield (
        "overdrawn",
        "/body/as/body/inputs/0/mass_kg",
        correction(inputs=[{"lot": ore, "mass_kg": "1001"}], outputs=[{"lot": made, "mass_kg": "1001", **PART}]),
    )
    yield "never_changed", "/body/as/body", correction(outputs=[{"lot": urn(), "mass_kg": "10", **PART}])


def test_each_broken_rule_is_shown_where_it_stands_alone_and_in_a_batch(api: Clients) -> None:
    found = []
    for code, path, sent in broken_rules(api):
        alone = api.owner.send("statements", sent).json()
        found.append((alone.get("code"), alone.get("path", ""), code, path))
        require_place(sent, alone)
        good = act("lot.source", api.market.source_body(urn()))
        answer = api.owner.post("/api/v1/statements/batch", ndjson(good, sent), content_type=NDJSON).json()
        assert {**answer, "line": 2} == {**alone, "line": 2} == answer | {"line": answer["line"]}
    assert [one[:2] for one in found] == [one[2:] for one in found]


def test_each_mistake_in_an_envelope_is_shown_at_its_payload_and_in_it(api: Clients) -> None:
    found = sealed(api.market)
    signed, disclosures = json.loads(found.written), list(submission(found).disclosures)
    content = json.loads(identifiers.b64_decode(signed["payload"]))
    inside = 0
    for _, wrong in wrong_versions(content):
        if not isinstance(wrong, dict):
            continue
        written = json.dumps(wrong, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        envelope = signed | {"payload": identifiers.b64_encode(written)}
        wrapped = {"envelope": envelope, "disclosures": disclosures}
        answer = api.owner.send("statements", wrapped).json()
        require_place(wrapped, answer)
        bare = json.dumps(envelope, sort_keys=True, separators=(",", ":"))
        alone = api.owner.post("/api/v1/statements", bare, content_type=DSSE).json()
        require_place(envelope, alone)
        inside += "payload_path" in answer and answer["path"] == "/envelope/payload" and alone["path"] == "/payload"
    assert inside > 100


def test_mistakes_beside_the_payload_of_an_envelope(api: Clients) -> None:
    found = sealed(api.market)
    signed, disclosures = json.loads(found.written), list(submission(found).disclosures)
    spare = closed.disclose(bytes(16), "42", name="mass_kg").text

    def place(envelope: dict[str, Any], texts: list[str]) -> tuple[str, str]:
        sent = {"envelope": envelope, "disclosures": texts}
        answer = api.owner.send("statements", sent).json()
        require_place(sent, answer)
        return answer["code"], answer.get("path", "")

    assert place(signed | {"payloadType": "text/plain"}, disclosures) == ("wrong_payload_type", "/envelope/payloadType")
    assert place(signed | {"payload": "!" + signed["payload"][1:]}, disclosures) == ("bad_base64", "/envelope/payload")
    assert place(signed, [*disclosures, spare]) == ("spare_disclosure", f"/disclosures/{len(disclosures)}")
    assert place(signed, [disclosures[0], "!"]) == ("bad_base64", "/disclosures/1")
    assert place(signed, disclosures[:1])[0] == "disclosure_required"
    [one] = signed["signatures"]
    zero = one | {"sig": identifiers.b64_encode(bytes(64))}
    assert place(signed | {"signatures": [one, one]}, disclosures) == ("wrong_signers", "/envelope/signatures")
    assert place(signed | {"signatures": [zero]}, disclosures) == (
        "signature_not_canonical",
        "/envelope/signatures/0/sig",
    )
    spaced = identifiers.b64_encode(identifiers.b64_decode(signed["payload"]) + b" ")
    assert place(signed | {"payload": spaced}, disclosures) == ("not_canonical", "/envelope/payload")
    assert place(signed | {"colour": 1.5}, disclosures) == ("float_refused", "/envelope/colour")
    for name in ("colour", "body"):
        sent = {"envelope": signed, "disclosures": disclosures, name: "red"}
        answer = api.owner.send("statements", sent).json()
        assert (answer["code"], answer["path"]) == ("unknown_field", f"/{name}")
        assert "payload_path" not in answer
