"""chain.json against the public demonstration chain, against the shapes of the record, and against its own promises."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from epd.demo import demonstration
from epd.factors import shipped_factors
from epd.lca.bodies import result_to_body
from tests.lca.demo_run import DemoRun, run
from tests.standards import standards_path
from traceability.ledger.canonical import encode
from traceability.ledger.kinds import kind_of
from traceability.ledger.quantity import round_places
from traceability.material.elements import species_of

DEMO = demonstration()
BODIES: dict[str, Any] = {act.key: act.body for act in DEMO.acts}
TRANSFORMS = DEMO.of_kind("lot.transform")
SIXTH = Decimal("0.0000005")


@pytest.fixture(scope="module")
def chain() -> DemoRun:
    return run()


@pytest.fixture(scope="module")
def published() -> Any:
    return json.loads(standards_path("epcis/chain-demo/demo_chain.json").read_text(encoding="utf-8"))


def lots() -> dict[str, Any]:
    made = {BODIES[act.key]["lot"]: BODIES[act.key] for act in DEMO.of_kind("lot.source")}
    for act in TRANSFORMS:
        made |= {row["lot"]: row for row in BODIES[act.key]["outputs"]}
    return made


class TestAgainstThePublishedChain:
    def test_twenty_lots_and_three_parts(self, published):
        assert set(lots()) == {row["id"] for row in published["lots"]} | {
            "OX-NDPR-MP/1",
            "OX-NDPR-MW/1",
            "OX-NDPR-REC/1",
        }

    def test_masses_stages_and_assays(self, published):
        found = lots()

        for row in published["lots"]:
            lot = found[row["id"]]
            assert Decimal(lot["mass_kg"]) == Decimal(row["dry_mass_kg"])
            assert lot["stage"] == row["stage"]
            contents = {species_of(one["species"]): Decimal(one["content_pct"]) for one in lot["assay"]["rows"]}
            assert {species.element for species in contents} == set(row["ree_kg"])
            for species, content in contents.items():
                assert species.is_oxide == (row["stage"] in ("ore", "concentrate", "oxide"))
                kg = Decimal(row["ree_kg"][species.element])
                assert content == round_places(kg / species.element_per_kg / Decimal(row["dry_mass_kg"]) * 100, 6)

    def test_element_losses_of_the_balance(self, published):
        for row in published["balance"]:
            if Decimal(row["loss_kg"]) == 0:
                continue
            (waste,) = (one for one in BODIES[row["event"]]["inventory"] if "elements" in one)
            (content,) = (one["content_pct"] for one in waste["elements"] if one["species"] == row["element"])
            found = Decimal(waste["amount"]) * Decimal(content) / 100
            assert found == pytest.approx(Decimal(row["loss_kg"]), abs=Decimal("0.01"))

    def test_expected_answers(self, published, chain):
        expected = published["expected"]
        shares = chain.results["MAG-1"].shares
        assert shares is not None

        for element, by_source in expected["provenance_by_element"].items():
            assert shares.elements[element].keys() == by_source.keys()
            assert all(abs(shares.elements[element][s] - Decimal(v)) <= SIXTH for s, v in by_source.items())
        for source, value in expected["provenance_of_total_ree"].items():
            assert abs(shares.totals[source] - Decimal(value)) <= SIXTH
        recycled = expected["recycled_content_total_ree"]
        assert abs(shares.recycled.post_consumer - Decimal(recycled["post_consumer"])) <= SIXTH
        assert abs(shares.recycled.pre_consumer - Decimal(recycled["pre_consumer"])) <= SIXTH
        for country, value in expected["country_of_mining_share"].items():
            assert abs(shares.countries[country] - Decimal(value)) <= SIXTH
        assert sum(shares.countries.values()) == 1
        total_kg = sum(kg for element, kg in chain.element_kg["MAG-1"].items())
        assert total_kg == pytest.approx(Decimal(expected["total_ree_kg"]), abs=Decimal("0.001"))


class TestAgainstTheRecord:
    def test_every_body_has_the_shape_of_its_kind(self):
        for act in DEMO.acts:
            if act.kind in ("lot.result", "declaration.publish"):
                continue
            kind = kind_of(act.kind)
            kind.body.check(signed(act.kind, dict(act.body)), f"/{act.key}", {})

    def test_every_result_has_the_shape_of_its_kind(self, chain):
        digest = "sha256:" + "0" * 64
        for result in chain.results.values():
            body = signed("lot.result", result_to_body(result)) | {
                "computed_from": {"statements": [digest]},
                "factors": digest,
                "algorithms": [{"id": "lodestone-rollup/1", "text": digest}],
            }

            kind_of("lot.result").body.check(body, "", {})
            assert encode(body)

    def test_acts_stand_in_order_of_time_and_of_making(self):
        moments = [act.issued_at for act in DEMO.acts]
        made: set[str] = set()

        assert moments == sorted(moments)
        for act in DEMO.acts:
            assert act.occurred_from <= act.occurred_to <= act.issued_at
            for row in BODIES[act.key].get("inputs", ()):
                assert row["lot"] in made
            made |= {row["lot"] for row in BODIES[act.key].get("outputs", ())}
            made |= {str(act.body["lot"])} if act.kind == "lot.source" else set()

    def test_roles_are_what_remains(self, chain):
        left = {lot: Decimal(row["mass_kg"]) for lot, row in lots().items()}
        for act in TRANSFORMS:
            for row in BODIES[act.key]["inputs"]:
                left[row["lot"]] -= Decimal(row["mass_kg"])
                assert act.roles is not None
                assert act.roles[row["lot"]] == ("input" if left[row["lot"]] else "input_rest")
        remaining: Any = DEMO.expected["remaining_kg"]

        assert {lot: left[lot] for lot in remaining} == {lot: Decimal(kg) for lot, kg in remaining.items()}

    def test_factors_that_are_named_exist(self):
        named = set(names_in(DEMO.acts, "factors"))

        assert named <= set(shipped_factors().factors)
        assert {name for name in named if name.startswith("grid.")} == {
            "grid.us.2023",
            "grid.au.2023",
            "grid.my.2022",
            "grid.de.2023",
            "grid.ee.2023",
        }

    def test_uncovered_rows_have_a_reason_or_are_below_the_cut_off(self):
        assert BODIES["EV-08"]["exclusions"][0]["flow"] == "hydrofluoric acid"
        for act in TRANSFORMS:
            if act.process:
                flows = {row["flow"] for row in BODIES[act.key]["exclusions"]}
                assert {"capital goods", "transport of reagents", "waste treatment"} <= flows

    def test_each_kind_of_number_says_where_it_comes_from(self):
        assert {"assays", "inventories", "prices", "transport", "moisture", "factors"} <= set(DEMO.sources)
        assert all(entry["status"] and entry["source"] for entry in DEMO.sources.values())


URN_FIELDS = ("lot", "facility", "to", "organisation", "attestation", "subject")


def signed(kind: str, value: Any, name: str = "") -> Any:
    """The body as it is signed: urns and digests where the act has keys, and what only a signer can add."""
    if isinstance(value, dict):
        found = {inner: signed(kind, one, inner) for inner, one in value.items()}
        if not name and kind == "organisation.register":
            found["public_key"] = "A" * 43
        if not name and kind == "factors.publish":
            found |= {"count": 1, "root": "sha256:" + "0" * 64}
        return found
    if isinstance(value, list):
        return [signed(kind, one, name) for one in value]
    if name in URN_FIELDS or (name == "source" and value in lots()) or (name == "missing_upstream"):
        return f"urn:uuid:{UUID(bytes=bytes(str(value).encode()[-16:].rjust(16, b'0')))}"
    if name in ("dispatch", "statements"):
        return "sha256:" + str(value).encode().hex().rjust(64, "0")[-64:]
    return value


def names_in(value: Any, field: str) -> list[str]:
    """Every text in a list of this name, at any depth."""
    if isinstance(value, tuple):
        return [name for act in value for name in names_in(act.body, field)]
    if isinstance(value, list):
        return [name for one in value for name in names_in(one, field)]
    if isinstance(value, dict):
        own = [one for one in value.get(field, []) if isinstance(one, str)] if field in value else []
        return own + [name for one in value.values() for name in names_in(one, field)]
    return []
