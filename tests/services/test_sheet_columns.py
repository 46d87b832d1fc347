"""What a sheet carries beyond lots: flows, prices, splits, merges, transport, documents; read as a form reads them."""

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import Any

import pytest

from tests.intake.test_sheets import SOURCE, STEP, changed
from tests.services.market import Market
from tests.services.test_sheets import LATER, found, signed, uploaded
from traceability.intake.drafts import read_draft
from traceability.intake.numbers import NumberStyle
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.statement import parse_statement
from traceability.models import Disclosure, Lot, SheetImport, Statement
from traceability.selectors.slots import SLOTS, FactorChoice
from traceability.services import evidence, sheet_work, sheets

GRID = FactorChoice("grid.us.2023", "electricity, US grid", "kWh", "US", illustrative=True)
NOX = FactorChoice("emission.nox", "nitrogen oxides", "kg", "GLO", illustrative=True, compartment="air")


@pytest.fixture(autouse=True)
def factors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SLOTS, "factors", lambda organisation: (GRID, NOX))


def rows_of(*rows: dict[str, Any]) -> list[list[Any]]:
    """Rows under the keys that they name."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return [keys, *([row.get(key) for key in keys] for row in rows)]


def bodies(sheet: SheetImport) -> Sequence[dict[str, Any]]:
    return [act["body"] for act in sheets.acts_of(sheet)]


STEP_1: dict[str, Any] = {
    "step": "1", "process": "beneficiation", "country": "US", "occurred_from": LATER, "input_lot": "IN-1",
    "input_mass_kg": "600", "lot_number": "C-1", "material": "concentrate", "stage": "concentrate", "mass_kg": "50",
    "class": "product", "basis": "dry_mass", "Nd2O3": "7", "price_per_kg": "12.5", "currency": "usd",
    "price_period": "2026 Q1", "price_date": "2026-03-31", "price_source": "contract",
}  # fmt: skip
POWER = {"flow": "electricity", "role": "Electricity", "amount": "4200", "unit": "kWh", "known": "metered",
         "factors": "electricity, us grid"}  # fmt: skip
FUMES = {"step": "1", "flow": "nitrogen oxides", "role": "emission", "amount": "1.2 t", "known": "apportioned",
         "factors": "emission.nox", "compartment": "Air", "apportioned_by": "mass of products",
         "apportioned_over": "2026-02"}  # fmt: skip


def test_a_step_with_flows_losses_price_and_work_in_process_is_what_a_form_makes_of_it(market: Market) -> None:
    market.source(lot_number="IN-1", mass_kg="1000")
    lost = {"loss": "dust", "loss_mass_kg": "2", "Nd2O3": "1", "in_process": "Nd", "in_process_kg": "-0.001"}
    left = {"left_out": "packaging", "left_out_why": "below 1 %"}
    sheet = uploaded(market.mine, rows_of(STEP_1 | POWER, FUMES, lost, left), "transform")
    assert found(sheet) == []
    (body,) = bodies(sheet)
    typed = {
        "inputs": [{"lot": body["inputs"][0]["lot"], "mass_kg": "600"}],
        "outputs": [{"lot": body["outputs"][0]["lot"], "lot_number": "C-1", "material": "concentrate",
                     "stage": "concentrate", "mass_kg": "50", "class": "product",
                     "assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "7"}]},
                     "price": {"value_per_kg": "12.5", "currency": "USD", "period": "2026 Q1", "date": "2026-03-31",
                               "source": "contract"}}],
        "losses": [{"kind": "dust", "mass_kg": "2", "elements": [{"species": "Nd2O3", "content_pct": "1"}]}],
        "wip_change": [{"species": "Nd", "mass_kg": "-0.001"}],
        "inventory": [
            {"flow": "electricity", "role": "electricity", "amount": "4200", "unit": "kWh", "basis": "metered",
             "factors": "grid.us.2023"},
            {"flow": "nitrogen oxides", "role": "emission", "amount": "1200", "unit": "kg", "basis": "apportioned",
             "factors": "emission.nox", "compartment": "air",
             "apportionment": {"key": "mass of products", "period": "2026-02"}},
        ],
        "exclusions": [{"flow": "packaging", "reason": "below 1 %"}],
    }  # fmt: skip
    assert body == read_draft("lot.transform", typed, NumberStyle.POINT).body


def test_what_is_wrong_with_a_flow_stands_at_its_cell(market: Market) -> None:
    market.source(lot_number="IN-1", mass_kg="1000")
    flow = {"flow": "steam", "role": "heat", "amount": "5", "unit": "bushel", "known": "metered"}
    rows = rows_of(STEP_1 | POWER, FUMES | {"compartment": "sea water"}, flow, POWER | {"factors": "grid.us.2022"})
    at = {key: number for number, key in enumerate(rows[0])}
    sheet = uploaded(market.mine, rows, "transform")
    wrong = {(one.row, one.column - 1): one for one in sheets.findings_of(sheet)}
    assert {place: one.code for place, one in wrong.items()} == {
        (4, at["unit"]): "unknown_unit", (5, at["factors"]): "name_unknown",
    }  # fmt: skip
    assert wrong[5, at["factors"]].right == "grid.us.2023"
    cells = {(4, at["unit"] + 1): "MJ", (5, at["factors"] + 1): "grid.us.2023"}
    again = sheet_work.run_small(sheets.put_right(actor=market.mine, sheet_id=sheet.pk, cells=cells))
    assert [(one.row, one.column - 1, one.code) for one in sheets.findings_of(again)] == [
        (3, at["compartment"], "compartment_mismatch")
    ]


def test_a_flow_below_a_source_lot_goes_on_with_it(market: Market) -> None:
    ore = {"lot_number": "A-1", "material": "ore", "stage": "ore", "mass_kg": "10", "origin": "mined", "country": "US",
           "occurred_from": LATER}  # fmt: skip
    water = {"flow": "water", "role": "water", "amount": "3 m3", "known": "estimated"}
    sheet = uploaded(market.mine, rows_of(ore | POWER, water, ore | {"lot_number": "A-2"}))
    assert found(sheet) == []
    assert [[row["flow"] for row in body.get("inventory", ())] for body in bodies(sheet)] == [
        ["electricity", "water"], [],
    ]  # fmt: skip


def test_a_step_without_its_name_is_not_taken_for_a_split(market: Market) -> None:
    market.source(lot_number="IN-1", mass_kg="1000")
    rows = [STEP, ["1", "", "", LATER, "IN-1", "600", "C-1", "bastnaesite ore", "ore", "600", "product"]]
    assert ("B", 2, "missing") in found(uploaded(market.mine, rows, "transform"))


def test_lots_are_split_and_merged_by_sheet(market: Market) -> None:
    market.source(lot_number="IN-1", mass_kg="1000")
    part = {"lot": "IN-1", "lot_number": "P-1", "mass_kg": "400 kg", "occurred_from": LATER}
    sheet = uploaded(market.mine, rows_of(part, {"lot_number": "P-2", "mass_kg": "0.1 t"}), "split")
    assert found(sheet) == []
    assert signed(market.mine, sheet).state == SheetImport.State.SIGNED
    held = {one.number: (one.remaining_kg, one.material, one.stage) for one in Lot.objects.all()}
    assert held == {
        "IN-1": (500, "bastnaesite ore", "ore"), "P-1": (400, "bastnaesite ore", "ore"),
        "P-2": (100, "bastnaesite ore", "ore"),
    }  # fmt: skip
    whole = {"lot_number": "W-1", "lot": "P-1", "mass_kg": "400", "occurred_from": "2026-03-21 08:00"}
    merge = uploaded(market.mine, rows_of(whole, {"lot": "P-2", "mass_kg": "100"}), "merge")
    assert found(merge) == []
    assert signed(market.mine, merge).state == SheetImport.State.SIGNED
    assert Lot.objects.get(number="W-1").remaining_kg == 500


def test_what_is_wrong_in_a_split_is_told_where_it_was_typed(market: Market) -> None:
    market.source(lot_number="IN-1", mass_kg="1000")
    part = {"lot": "IN-1", "lot_number": "P-1", "mass_kg": "x", "occurred_from": LATER}
    assert found(uploaded(market.mine, rows_of(part), "split")) == [("C", 2, "not_a_number")]
    assert found(uploaded(market.mine, rows_of(part | {"lot": "IN-2", "mass_kg": "1"}), "split")) == [
        ("A", 2, "name_unknown")
    ]
    much = [part | {"mass_kg": "600"}, part | {"mass_kg": "600", "lot_number": "P-2"}]
    assert found(uploaded(market.mine, rows_of(*much), "split")) == [("A", 2, "overdrawn")]
    twice = [part | {"mass_kg": "6"}, part | {"mass_kg": "6"}]
    assert {code for *_, code in found(uploaded(market.mine, rows_of(*twice), "split"))} == {"lot_number_twice"}


def test_goods_arrive_with_their_legs_and_packaging(market: Market) -> None:
    market.send(market.source(lot_number="D-1"))
    row = {"lot": "D-1", "weighed_mass_kg": "1000", "occurred_from": LATER, "packaging_kg": "12", "mode": "Sea",
           "distance_km": "12000 km"}  # fmt: skip
    sheet = uploaded(market.separator, rows_of(row, {"mode": "rail", "distance_km": "100 mi"}), "receive")
    assert found(sheet) == []
    (body,) = bodies(sheet)
    assert body["legs"] == [{"mode": "sea", "distance_km": "12000"}, {"mode": "rail", "distance_km": "160.9344"}]
    assert body["packaging_kg"] == "12"


def test_documents_are_named_by_file_or_digest_and_stand_in_the_evidence(market: Market) -> None:
    sheet = evidence.store(actor=market.mine, name="Lab sheet, March.txt", content=b"Nd2O3 0.66 %")
    note = evidence.store(actor=market.mine, name="note.txt", content=b"1000 kg")
    digest = bytes(note.sha256).hex()
    head = [*SOURCE, "Documents"]
    rows = [changed(A=f"A-{number}", G="2026-03-05 08:00") for number in (1, 2, 3, 4)]
    cells = ["lab sheet, march.txt", f"{digest}; NOTE.txt", "gone.txt", ""]
    made = uploaded(market.mine, [head, *([*row, cell] for row, cell in zip(rows, cells, strict=True))])
    assert found(made) == [("L", 4, "document_unknown")]
    evidence.store(actor=market.mine, name="gone.txt", content=b"here now")
    made = sheet_work.run_small(sheets.check_again(actor=market.mine, sheet_id=made.pk))
    assert signed(market.mine, made).state == SheetImport.State.SIGNED
    stored = [parse_envelope(bytes(one.envelope)).payload for one in Statement.objects.filter(kind="lot.source")]
    assert sorted(parse_statement(one).documents for one in stored) == [0, 1, 1, 1]
    said = b"".join(urlsafe_b64decode(f"{one.text}==") for one in Disclosure.objects.exclude(text=None)).decode()
    assert digest in said
    assert bytes(sheet.sha256).hex() in said


def test_of_two_documents_with_one_name_the_newest_is_proposed(market: Market) -> None:
    evidence.store(actor=market.mine, name="note.txt", content=b"old")
    newest = evidence.store(actor=market.mine, name="note.txt", content=b"new")
    made = uploaded(market.mine, [[*SOURCE, "Documents"], [*changed(G="2026-03-05 08:00"), "note.txt"]])
    (wrong,) = sheets.findings_of(made)
    assert (wrong.code, wrong.right) == ("name_ambiguous", f"sha256:{bytes(newest.sha256).hex()}")
