"""Sheets from the upload to the signature: every mistake at its cell, all rows or none."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from tests.accounts.people import member
from tests.formats.workbooks import workbook
from tests.intake.test_sheets import ROW, SOURCE, STEP, changed, places
from tests.services.market import START, Market, urn
from traceability.intake.numbers import NumberStyle
from traceability.ledger import composing
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import parse_statement
from traceability.models import ChainLink, Lot, Membership, Notice, OpeningRule, SheetImport, Statement
from traceability.selectors.access import Actor, Audience, NotFound
from traceability.services import acceptance, leases, sealing, sheet_work, sheets
from traceability.services.errors import ApprovalWanted, NotAllowed

State = SheetImport.State
LATER = "2026-03-20 08:00"


def uploaded(actor: Actor, rows: Sequence[Sequence[Any]], act: str = "source", **more: Any) -> SheetImport:
    """The sheet after it was checked."""
    given = {"name": "lots.xlsx", "style": NumberStyle.POINT, "utc_offset": "+00:00", **more}
    return sheet_work.run_small(sheets.upload(actor=actor, act=act, content=workbook(rows), **given))


def signed(actor: Actor, row: SheetImport) -> SheetImport:
    return sheet_work.run_small(sheets.sign(actor=actor, sheet_id=row.pk, revision=row.revision))


def row(number: str, **cells: Any) -> list[Any]:
    return changed(A=number, G="2026-03-05 08:00", **cells)


def found(sheet: SheetImport) -> list[tuple[str, int, str]]:
    sheet.refresh_from_db()
    return places(sheets.findings_of(sheet))


def test_a_sheet_of_lots_is_checked_and_signed_in_one_act(market: Market) -> None:
    sheet = uploaded(market.mine, [SOURCE, row("A-1"), row("A-2")])
    assert (sheet.state, sheet.rows, sheet.acts, sheet.mistakes) == (State.CHECKED, 2, 2, 0)
    assert not Lot.objects.exists()
    done = signed(market.mine, sheet)
    assert done.state == State.SIGNED
    assert sorted(Lot.objects.values_list("number", flat=True)) == ["A-1", "A-2"]
    assert signed(market.mine, done).state == State.SIGNED
    assert Statement.objects.filter(kind="lot.source").count() == 2


def test_nothing_is_signed_while_a_cell_is_wrong_and_it_can_be_put_right_in_place(market: Market) -> None:
    sheet = uploaded(market.mine, [SOURCE, row("A-1"), row("A-2", C="oxyde", D="12 t")])
    assert found(sheet) == [("C", 3, "unknown_choice"), ("D", 3, "unit_twice")]
    with pytest.raises(sheets.NotRight):
        sheets.sign(actor=market.mine, sheet_id=sheet.pk, revision=sheet.revision)
    right = sheet_work.run_small(
        sheets.put_right(actor=market.mine, sheet_id=sheet.pk, cells={(3, 3): "oxide", (3, 4): "12000"})
    )
    assert (right.mistakes, right.acts, right.revision) == (0, 2, 1)
    assert signed(market.mine, right).state == State.SIGNED
    assert Lot.objects.get(number="A-2").remaining_kg == 12000


def test_a_row_can_be_left_out(market: Market) -> None:
    sheet = uploaded(market.mine, [SOURCE, row("A-1"), row("A-1")])
    assert {code for _, _, code in found(sheet)} == {"lot_number_twice"}
    assert sheet_work.run_small(
        sheets.put_right(actor=market.mine, sheet_id=sheet.pk, cells={}, drop=[3])
    ).can_be_signed


def test_what_was_changed_since_it_was_read_is_not_signed(market: Market) -> None:
    sheet = uploaded(market.mine, [SOURCE, row("A-1")])
    sheet_work.run_small(sheets.put_right(actor=market.mine, sheet_id=sheet.pk, cells={(2, 4): "5"}))
    with pytest.raises(RecordError) as refused:
        sheets.sign(actor=market.mine, sheet_id=sheet.pk, revision=sheet.revision)
    assert refused.value.code == "approval_changed"


def test_the_same_file_again_is_told_and_not_recorded_twice(market: Market) -> None:
    signed(market.mine, uploaded(market.mine, [SOURCE, row("A-1")]))
    assert found(uploaded(market.mine, [SOURCE, row("A-1")])) == [("A", 2, "lot_number_taken")]


def steps(market: Market, second_draw: str = "50", out: str = "50") -> list[list[Any]]:
    market.source(lot_number="IN-1", mass_kg="1000")
    head = [*STEP, "The contents are per cent of", "Nd2O3 (%)"]
    return [
        head,
        ["1", "beneficiation", "US", LATER, "IN-1", "600", "C-1", "concentrate", "concentrate", out, "product", "", "",
         "dry_mass", "7"],
        ["2", "calcining", "US", "2026-03-21 08:00", "C-1", second_draw, "O-1", "oxide", "oxide", "49", "product",
         "", "", "dry_mass", "7.1"],
    ]  # fmt: skip


def test_steps_that_build_on_each_other_stand_in_one_sheet(market: Market) -> None:
    sheet = uploaded(market.mine, steps(market), "transform")
    assert found(sheet) == []
    assert signed(market.mine, sheet).state == State.SIGNED
    assert Lot.objects.get(number="C-1").remaining_kg == 0
    made = Lot.objects.get(number="O-1")
    assert ChainLink.objects.filter(subject=made.pk).count() == 1


def test_matter_that_does_not_add_up_is_told_at_its_cell(market: Market) -> None:
    sheet = uploaded(market.mine, steps(market, out="90"), "transform")
    assert [(letter, number) for letter, number, _ in found(sheet)][:1] == [("O", 2)]
    assert sheets.findings_of(sheet)[0].blocks


def test_more_than_there_is_is_told_at_the_draw_and_what_follows_is_left_in_peace(market: Market) -> None:
    rows = steps(market)
    rows[1][5] = "1200"
    assert found(uploaded(market.mine, rows, "transform")) == [("F", 2, "overdrawn")]


def test_a_refusal_at_the_signature_leaves_nothing_behind(market: Market) -> None:
    sheet = uploaded(market.mine, steps(market), "transform")
    lot = Lot.objects.get(number="IN-1")
    market.say(market.mine, "lot.dispose", {"lot": lot.urn, "mass_kg": "900", "route": "landfill"})
    before = Statement.objects.count()
    asked = sheets.sign(actor=market.mine, sheet_id=sheet.pk, revision=sheet.revision)
    sheet_work.run(asked)
    asked.refresh_from_db()
    assert (asked.state, Statement.objects.count()) == (State.WAITING, before)
    assert asked.error
    sheet_work.run(asked)
    assert found(asked)[0] == ("F", 2, "overdrawn")


def test_goods_are_dispatched_and_received_by_sheet(market: Market) -> None:
    for number in ("D-1", "D-2"):
        market.source(lot_number=number)
    partner = market.separator.organisation
    rows = [["Lot", "To whom", "When"], ["D-1", partner.urn, LATER], ["d-2", partner.urn, LATER]]
    assert signed(market.mine, uploaded(market.mine, rows, "dispatch")).state == State.SIGNED
    received = [["Lot", "Dry mass weighed (kg)", "When"], ["D-1", "1000.2", LATER], ["D-2", "998", LATER]]
    sheet = uploaded(market.separator, received, "receive")
    assert found(sheet) == []
    assert signed(market.separator, sheet).state == State.SIGNED
    states = dict(Lot.objects.values_list("number", "state"))
    assert (states["D-1"], states["D-2"]) == ("held", "blocked")


def test_later_assays_come_by_sheet(market: Market) -> None:
    market.source(lot_number="A-1", assay=None)
    rows = [["Lot", "When", "basis", "Nd2O3 %", "Report"], ["A-1", LATER, "dry_mass", "0.7", "R-1"]]
    sheet = uploaded(market.mine, [[*rows[0][:4], "Number of the report"], rows[1]], "assay")
    assert found(sheet) == []
    assert signed(market.mine, sheet).state == State.SIGNED


def test_an_assay_that_is_older_than_its_lot_is_told_at_its_date(market: Market) -> None:
    market.source(lot_number="A-1", assay=None)
    rows = [["Lot", "When", "basis", "Nd2O3 %"], ["A-1", "2026-02-01 08:00", "dry_mass", "0.7"]]
    assert found(uploaded(market.mine, rows, "assay")) == [("B", 2, "assayed_before_made")]


def test_a_file_that_is_no_such_sheet_is_refused_as_a_whole(market: Market) -> None:
    with pytest.raises(sheets.UnknownSheet):
        uploaded(market.mine, [["a", "b"], ["c", "d"]])
    with pytest.raises(sheets.NoSuchPlan):
        uploaded(market.mine, [SOURCE, ROW], "recall")
    assert not SheetImport.objects.exists()


def test_headings_alone_are_no_sheet_to_sign(market: Market) -> None:
    assert found(uploaded(market.mine, [SOURCE])) == [("", 1, "empty_sheet")]


def test_sheets_of_others_do_not_exist(market: Market) -> None:
    sheet = uploaded(market.mine, [SOURCE, row("A-1")])
    for ask in (
        lambda: sheets.one(market.separator, sheet.pk),
        lambda: sheets.put_right(actor=market.separator, sheet_id=sheet.pk, cells={}),
        lambda: sheets.sign(actor=market.separator, sheet_id=sheet.pk, revision=0),
        lambda: sheets.discard(actor=market.separator, sheet_id=sheet.pk),
        lambda: sheets.one(market.mine, uuid4()),
    ):
        with pytest.raises(NotFound):
            ask()
    viewer = Actor(0, market.mine.organisation, Membership.Role.VIEWER)
    with pytest.raises(NotAllowed):
        uploaded(viewer, [SOURCE, row("A-2")])


STEP_WITH = ["1", "beneficiation", "US", LATER, "LOT", "600", "C-1", "concentrate", "concentrate", "50", "product", "",
             "", "dry_mass", "7"]  # fmt: skip
NAMING: dict[str, list[list[Any]]] = {
    "transform": [[*STEP, "The contents are per cent of", "Nd2O3 (%)"], STEP_WITH],
    "assay": [["Lot", "When", "basis", "Nd2O3 %"], ["LOT", LATER, "dry_mass", "0.7"]],
    "dispatch": [["Lot", "To whom", "When", "Dry mass handed over (kg)"], ["LOT", "OTHER", LATER, "1000"]],
}


@pytest.mark.parametrize("act", NAMING)
def test_a_lot_of_others_in_a_cell_looks_like_one_that_does_not_exist(market: Market, act: str) -> None:
    said = []
    for lot in (urn(), market.source(lot_number="A-1")):
        cells = {"LOT": lot, "OTHER": market.mine.organisation.urn}
        rows = [[cells.get(cell, cell) for cell in line] for line in NAMING[act]]
        sheet = uploaded(market.separator, rows, act)
        said.append(
            [(*place, one.sentence) for place, one in zip(found(sheet), sheets.findings_of(sheet), strict=True)]
        )
    assert said[0] == said[1]
    assert [one[2] for one in said[0]] == ["lot_unknown"]


def test_where_approval_is_wanted_a_colleague_signs(market: Market) -> None:
    own = market.mine.organisation
    own.approval_wanted = True
    own.save()
    writer = member(own, "wanda", Membership.Role.SUBMITTER)
    approver = member(own, "ada", Membership.Role.APPROVER)
    sheet = uploaded(writer, [SOURCE, row("A-1")])
    for actor in (writer, approver):
        with pytest.raises(ApprovalWanted):
            signed(actor, sheet)
    sheets.ask(actor=writer, sheet_id=sheet.pk)
    assert Notice.objects.get().copies.get().user_id == approver.user_id
    sheets.send_back(actor=approver, sheet_id=sheet.pk, reason="Which smelter?")
    with pytest.raises(ApprovalWanted):
        signed(approver, sheet)
    sheets.ask(actor=writer, sheet_id=sheet.pk)
    assert signed(approver, sheet).state == State.SIGNED


def test_a_sheet_is_thrown_away_until_it_is_signed(market: Market) -> None:
    sheet = uploaded(market.mine, [SOURCE, row("A-1")])
    sheets.discard(actor=market.mine, sheet_id=sheet.pk)
    assert not SheetImport.objects.exists()
    done = signed(market.mine, uploaded(market.mine, [SOURCE, row("A-1")]))
    with pytest.raises(sheets.NotNow):
        sheets.discard(actor=market.mine, sheet_id=done.pk)


def test_work_that_fails_again_and_again_has_failed(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = sheets.upload(
        actor=market.mine, act="source", name="x", content=workbook([SOURCE, row("A-1")]), style=NumberStyle.POINT,
        utc_offset="+00:00",
    )  # fmt: skip

    def fail(_row: SheetImport) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(sheet_work, "_check", fail)
    for _ in range(leases.MOST_TRIES):
        with pytest.raises(OSError):
            sheet_work.work()
    assert sheet_work.work() == 1
    sheet.refresh_from_db()
    assert (sheet.state, sheet.error) == (State.FAILED, sheet_work.AGAIN)


def test_two_workers_never_do_the_same_work(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_work, "AT_ONCE", 0)
    sheet = uploaded(market.mine, [SOURCE, row("A-1")])
    taken = sheet_work._take()
    assert taken is not None
    assert sheet_work.work() == 0
    SheetImport.objects.update(seen_at=taken.seen_at - 2 * leases.LEASE)  # type: ignore[operator]
    assert sheet_work.work() == 1
    sheet_work.run(taken)
    assert found(sheet) == []
    asked = sheets.sign(actor=market.mine, sheet_id=sheet.pk, revision=0)
    assert sheet_work._take(asked.pk) is not None
    assert sheet_work.work() == 0
    sheet_work.release()
    assert sheet_work.work() == 1
    sheet.refresh_from_db()
    assert sheet.state == State.SIGNED


def large(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    """Lets every sheet be one that is done by two processes, so many acts at a time."""
    monkeypatch.setattr(sheet_work, "AT_ONCE", 0)
    monkeypatch.setattr(sheet_work, "CHUNK", chunk)


def test_a_large_sheet_is_read_and_composed_ahead(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    large(monkeypatch, 2)
    sheet = uploaded(market.mine, [SOURCE, *(row(f"A-{number}") for number in range(4)), row("A-4", D="12 t")])
    assert sheet_work.work() == 1
    assert found(sheet) == [("D", 6, "unit_twice")]
    sheets.put_right(actor=market.mine, sheet_id=sheet.pk, cells={(6, 4): "12"})
    assert sheet_work.work() == 1
    sheets.sign(actor=market.mine, sheet_id=sheet.pk, revision=1)
    with monkeypatch.context() as patch:
        patch.delattr(sealing, "compose")  # nothing is composed when it is signed
        assert sheet_work.work() == 1
    assert sorted(Lot.objects.values_list("number", flat=True)) == [f"A-{number}" for number in range(5)]


@pytest.mark.parametrize("chunk", [1, 2])
def test_what_was_composed_too_early_is_composed_again(
    market: Market, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    rows = steps(market)
    large(monkeypatch, chunk)
    sheet = uploaded(market.mine, rows, "transform")
    assert sheet_work.work() == 1
    sheets.sign(actor=market.mine, sheet_id=sheet.pk, revision=0)
    assert sheet_work.work() == 1
    sheet.refresh_from_db()
    assert (sheet.state, sheet.error) == (State.SIGNED, "")
    assert Lot.objects.get(number="C-1").remaining_kg == 0


def test_what_nobody_shows_any_more_is_closed_though_it_was_composed_open(market: Market) -> None:
    organisation = market.mine.organisation
    body = market.source_body(urn())
    act = replace(market.act(market.mine, "lot.source", body), id=sealing.new_id(START))
    with transaction.atomic():
        shown = OpeningRule.objects.create(organisation=organisation, group="mass", audience=Audience.ANYBODY)
        [told] = acceptance.foresee([act])
        assert told is not None
        [composed] = composing.composer()([told])
        assert composed is not None
        assert "mass_kg" in composed.statement.body
        shown.delete()
        acceptance.accept(actor=market.mine, submissions=[act], ahead={0: (told, composed)})
    payload = parse_envelope(bytes(Statement.objects.get(urn=act.id).envelope)).payload
    assert "mass_kg" not in parse_statement(payload).body


@pytest.mark.slow
def test_ten_thousand_rows_are_checked_put_right_and_signed(market: Market) -> None:
    rows = [row(f"N-{number}") for number in range(10_000)]
    rows[4_321][3] = "12 t"
    sheet = sheets.upload(
        actor=market.mine, act="source", name="many.xlsx", content=workbook([SOURCE, *rows]), style=NumberStyle.POINT,
        utc_offset="+00:00",
    )  # fmt: skip
    assert sheet_work.run_small(sheet).state == State.WAITING
    assert sheet_work.work() == 1
    assert found(sheet) == [("D", 4_323, "unit_twice")]
    sheets.put_right(actor=market.mine, sheet_id=sheet.pk, cells={(4_323, 4): "12000"})
    assert sheet_work.work() == 1
    sheets.sign(actor=market.mine, sheet_id=sheet.pk, revision=1)
    assert sheet_work.work() == 1
    assert Lot.objects.filter(number__startswith="N-").count() == 10_000
