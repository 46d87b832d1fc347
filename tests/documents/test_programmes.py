"""What programmes ask for: the lists themselves, what completes them, and documents beside them."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from epd.documents.document import (
    CategoryRules,
    DeclaredUnit,
    Document,
    Format,
    Reference,
    Result,
)
from epd.documents.fulfilment import State, Word, fulfilment
from epd.documents.indicators import Group, Package, codes, indicator
from epd.documents.programmes import ProgrammeUnreadable, all_programmes, read
from epd.documents.stages import Stage
from tests.documents.samples import CLEAN, REAL_XML, openepd, sample
from tests.documents.samples import read as read_sample

ROOT = Path(__file__).parents[2]
IES, FULL, TRACI, RARE, CHINA = all_programmes()
ND = None
GATE = (Stage("A1"), Stage("A2"), Stage("A3"), Stage("A1-A3"))
Cells = tuple[tuple[Stage, Decimal | None], ...]


def result(code: str, cells: Cells, package: Package = Package.EF_31) -> Result:
    found = indicator(code, package)
    assert found is not None
    return Result(code, found, cells, uuid=found.uuid)


def whole(value: str = "1") -> Cells:
    return tuple((stage, Decimal(value)) for stage in GATE)


def document(*, without: str = "", cells: Cells | None = None, **changed: Any) -> Document:
    """A document that fulfils the default list, but for the indicator that is left out or has other cells."""
    given = {code: whole() for code in IES.required or ()}
    if without and cells is None:
        del given[without]
    elif without:
        given[without] = cells or ()
    right: dict[str, Any] = {
        "declared_unit": DeclaredUnit(Decimal(1), "kg", Decimal(1)), "published": date(2026, 1, 1),
        "expires": date(2031, 1, 1), "months": 12, "rules": CategoryRules("R"), "reviewers": (Reference("V"),),
        "results": tuple(result(code, cells) for code, cells in given.items()),
    }  # fmt: skip
    return Document(Format.ILCD, **{**right, **changed})


def line_of(found: Document, code: str) -> Any:
    [line] = [one for one in fulfilment(found, IES).lines if one.code == code]
    return line


# The lists


def test_the_lists_are_those_of_the_standards() -> None:
    groups = (Group.CORE, Group.ADDITIONAL, Group.RESOURCE, Group.WASTE, Group.OUTPUT)
    assert FULL.required is not None
    assert set(FULL.required) == set(codes(Package.EF_31, *groups))
    assert len(FULL.required) == 37
    assert IES.required is not None
    assert set(IES.required) == {*codes(Package.EF_31, Group.CORE), "PERE", "PERM", "PERT", "PENRE", "PENRM", "PENRT",
                                 "GWP-GHG"}  # fmt: skip
    assert IES.optional is not None
    assert {*IES.required, *IES.optional} | set(codes(Package.EF_31, Group.ADDITIONAL)) == {*FULL.required, "GWP-GHG"}
    assert TRACI.required is not None
    assert len(TRACI.required) == 23


@pytest.mark.parametrize("programme", [RARE, CHINA], ids=["rare earths", "China"])
def test_what_nobody_could_confirm_is_asked_by_nobody(programme: Any) -> None:
    assert {programme.methods, programme.declared_unit, programme.required, programme.cut_off} == {None}
    found = fulfilment(document(), programme)
    assert found.word is Word.NOT_ESTABLISHED
    [point] = [one for one in found.points if one.id == "text"]
    assert "Not asked, because the text of the programme is not at hand: methods, declared_unit" in point.sentence


def test_no_number_is_printed_of_rules_that_we_have_not_seen() -> None:
    text = (ROOT / "epd/documents/programmes.json").read_text()
    unseen = text[text.index("epd-international-rare-earths/1") :]
    assert "PCR" not in unseen
    assert set(re.findall(r"\d{4,}", unseen)) == {"2024", "3429", "24025"}  # a year, a class of UN CPC, GB/T 24025


# Documents beside them


def test_a_document_that_states_everything_fulfils_the_list() -> None:
    found = fulfilment(document(), IES)
    assert (found.word, found.declared) == (Word.FULFILLED, 20)
    assert {one.state for one in found.lines if not one.is_required} == {State.ABSENT}


def test_nd_is_not_zero_and_not_absent() -> None:
    nd = tuple((stage, ND) for stage in GATE)
    assert line_of(document(without="AP", cells=nd), "AP").state is State.NOT_DECLARED
    assert line_of(document(without="AP"), "AP").state is State.ABSENT
    assert line_of(document(without="AP", cells=whole("0")), "AP").state is State.DECLARED
    for cells in (nd, None):
        found = fulfilment(document(without="AP", cells=cells), IES)
        assert (found.word, found.declared) == (Word.NOT_FULFILLED, 19)


def test_the_three_parts_are_the_whole_and_two_are_not() -> None:
    parts = whole()[:3]
    assert line_of(document(without="AP", cells=parts), "AP").state is State.DECLARED
    two = line_of(document(without="AP", cells=parts[:2]), "AP")
    assert (two.state, two.modules) == (State.NOT_DECLARED, ("A1-A3",))
    after = ((Stage("C3"), Decimal(1)),)
    assert line_of(document(without="AP", cells=after), "AP").state is State.ABSENT


@pytest.mark.parametrize(
    ("changed", "point", "word"),
    [
        ({"declared_unit": DeclaredUnit(Decimal(1), "m3", None)}, "unit", Word.NOT_FULFILLED),
        ({"rules": None}, "rules", Word.NOT_FULFILLED),
        ({"reviewers": ()}, "verified", Word.NOT_FULFILLED),
        ({"expires": date(2031, 1, 2)}, "validity", Word.NOT_FULFILLED),
        ({"expires": date(2025, 1, 2)}, "validity", Word.NOT_FULFILLED),
        ({"expires": None}, "validity", Word.NOT_FULFILLED),
        ({"expires": None, "expires_year": 2032}, "validity", Word.NOT_FULFILLED),
        ({"months": 11}, "period", Word.NOT_FULFILLED),
        ({"months": None}, "period", Word.NOT_ESTABLISHED),
        ({"results": ()}, "method", Word.NOT_FULFILLED),
    ],
)
def test_each_point_has_a_word_of_its_own(changed: dict[str, Any], point: str, word: Word) -> None:
    found = fulfilment(document(**changed), IES)
    assert {one.id: one.word for one in found.points}[point] is word
    assert found.word is word


@pytest.mark.parametrize(
    "changed",
    [{"months": 3, "months_reason": "One lot."}, {"expires": None, "expires_year": 2031},
     {"published": date(2024, 2, 29), "expires": date(2029, 2, 28)}],
)  # fmt: skip
def test_what_is_allowed_is_fulfilled(changed: dict[str, Any]) -> None:
    assert fulfilment(document(**changed), IES).word is Word.FULFILLED


def test_modules_after_the_gate_may_be_exempt_and_that_must_be_claimed() -> None:
    [point] = [one for one in fulfilment(document(), FULL).points if one.id == "exemption"]
    assert point.word is Word.NOT_ESTABLISHED
    assert "C1, C2, C3, C4, D" in point.sentence
    [point] = [one for one in fulfilment(read_sample(sample(CLEAN[1])), FULL).points if one.id == "exemption"]
    assert point.word is Word.FULFILLED


def test_published_declarations_state_what_their_edition_asks_for() -> None:
    found = fulfilment(read_sample(sample(CLEAN[1])), FULL)
    assert (found.declared, len(found.required)) == (37, 37)
    ies = fulfilment(read_sample(sample(CLEAN[1])), IES)
    assert [one.code for one in ies.required if one.state is not State.DECLARED] == ["GWP-GHG"]
    older = fulfilment(read_sample(sample(REAL_XML[0])), FULL)  # EN 15804+A1
    assert (older.declared, older.word) == (0, Word.NOT_FULFILLED)
    assert {one.id: one.word for one in older.points}["method"] is Word.NOT_FULFILLED


def test_an_openepd_of_traci_is_held_against_its_own_list() -> None:
    value = openepd()
    cell = {"A1A2A3": {"mean": 1, "unit": "kgCO2e"}}
    value["impacts"] = {"TRACI 2.1": {"gwp": cell, "odp": cell}}
    found = fulfilment(read_sample(json.dumps(value).encode()), TRACI)
    declared = [one.code for one in found.required if one.state is State.DECLARED]
    assert declared == ["gwp", "odp", "SM", "RSF", "NRSF", "FW", "HWD", "NHWD", "CRU", "MER", "EEE"]
    assert {one.id: one.word for one in found.points}["method"] is Word.FULFILLED


# What an operator enters


def example() -> dict[str, Any]:
    """The file that docs/programmes.md shows."""
    text = (ROOT / "docs/programmes.md").read_text()
    found: dict[str, Any] = json.loads(text.partition("```json\n")[2].partition("```")[0])
    return found


def test_the_example_of_the_documentation() -> None:
    completed = next(one for one in all_programmes(example()) if one.id == RARE.id)
    assert completed.completed_from == "Category rules, version and page that you have read"
    assert completed.unconfirmed == ("optional", "data_months", "cut_off", "allocation")
    nd = tuple((stage, ND) for stage in GATE)
    results = (result("GWP-total", whole("1.5")), result("ADPE", nd))
    found = fulfilment(document(results=results), completed, {"ADPE": "no_factor"})
    assert [(one.code, one.state, one.modules, one.reason) for one in found.lines] == [
        ("GWP-total", State.DECLARED, (), ""), ("ADPE", State.NOT_DECLARED, ("A1-A3",), "no_factor")]  # fmt: skip
    assert (found.word, found.declared, len(found.required)) == (Word.NOT_FULFILLED, 1, 2)
    text = (ROOT / "docs/programmes.md").read_text()
    assert "| GWP-total | `declared` | |\n| ADPE | `not_declared` | A1-A3 |" in text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"x/1": {"source": "S"}}, "There are no such programmes: x/1."),
        ({RARE.id: {"methods": ["EF 3.1"]}}, "Name the source"),
        ({RARE.id: {"source": " ", "methods": ["EF 3.1"]}}, "Name the source"),
        ({RARE.id: []}, "Enter an object"),
        ({RARE.id: {"source": "S", "name": "N"}}, "Only what is not confirmed can be entered: methods"),
        ({IES.id: {"source": "S", "required": ["AP"]}}, "Only what is not confirmed can be entered: nothing."),
        ({RARE.id: {"source": "S", "methods": "EF 3.1"}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "required": ["AP", "AP"]}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "modules": {"required": ["A9"], "unless_exempt": []}}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "modules": ["A1"]}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "declared_unit": "kg"}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "declared_unit": {"is": "stone"}}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "validity_years": 0}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "data_months": True}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "cut_off": {"step": "x", "module": "1"}}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "cut_off": {"step": "0.5", "module": "0.1"}}}, "This cannot be read"),
        ({RARE.id: {"source": "S", "allocation": ["by taste"]}}, "This cannot be read"),
    ],
)
def test_what_is_entered_wrongly_is_refused_with_a_sentence(given: Any, says: str) -> None:
    with pytest.raises(ProgrammeUnreadable) as refused:
        all_programmes(given)
    assert says in refused.value.sentence


def test_a_list_without_a_field_or_with_an_open_one_is_refused() -> None:
    [first, *_] = json.loads((ROOT / "epd/documents/programmes.json").read_text())
    with pytest.raises(ProgrammeUnreadable, match="missing or too many: cut_off"):
        read({name: value for name, value in first.items() if name != "cut_off"})
    with pytest.raises(ProgrammeUnreadable, match="exactly where they are null"):
        read({**first, "cut_off": None})
