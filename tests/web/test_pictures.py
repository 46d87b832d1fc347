"""Pictures: the custody graph of the demonstration chain, and each other picture with its table."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from tests.standards import standards_path
from traceability.web.numbers import NOT_DECLARED
from traceability.web.pictures import balance, bars, custody, dots, headline, layering, qr, stack, svg
from traceability.web.pictures.graph import MOST_IN_A_COLUMN, Edge, Node, collapse, folded
from traceability.web.pictures.palette import Palette

KG = Decimal
PALETTE = Palette.of(("US", "AU", "MY", "EE", "DE"))
SPLITS = {"OX-NDPR-MP": "3000", "OX-NDPR-MW": "1500", "OX-NDPR-REC": "1000"}  # part-lots that were shipped to E
FORBIDDEN = re.compile(r"style=|<script|on\w+=|#[0-9a-f]{6}")


def _chain(element: str = "Nd") -> tuple[list[Node], list[Edge]]:
    """The 20 lots of the demonstration chain and the three part-lots, with the masses of one element."""
    chain = json.loads((standards_path("epcis/chain-demo") / "demo_chain.json").read_text())
    mass = {lot["id"]: KG(lot["ree_kg"].get(element, "0")) for lot in chain["lots"]}
    whole = {lot["id"]: KG(lot["dry_mass_kg"]) for lot in chain["lots"]}
    lost = {row["event"]: KG(row["loss_kg"]) for row in chain["balance"] if row["element"] == element}
    parts = {lot: round(mass[lot] * KG(part) / whole[lot], 3) for lot, part in SPLITS.items()}
    edges = [Edge(lot, f"{lot}/1", part) for lot, part in parts.items()]
    shares: dict[str, Decimal] = {}
    for event in chain["events"]:
        drawn = {
            lot: parts.get(lot) or mass[lot] * KG(kg) / whole[lot] for lot, kg in event.get("input_kg", {}).items()
        } or {lot: mass[lot] for lot in event["inputs"]}
        into = sum(drawn.values()) or KG(1)
        for source, target in ((source, target) for source in drawn for target in event["outputs"]):
            name = f"{source}/1" if source in SPLITS else source
            edges.append(Edge(name, target, round(mass[target] * drawn[source] / into, 3)))
        shares |= {lot: lost.get(event["id"], KG(0)) * drawn[lot] / into for lot in drawn}
    nodes = [
        Node(
            lot["id"], lot["id"], lot["stage"], lot.get("country_of_step") or lot.get("origin", "DE"), mass[lot["id"]],
            "aside" if lot.get("co_product") else "past", lost_kg=round(shares.get(lot["id"], KG(0)), 3),
        )
        for lot in chain["lots"]
    ]  # fmt: skip
    nodes += [
        replace(node, id=f"{node.id}/1", label=f"{node.id}/1", country="EE", mass_kg=parts[node.id], lost_kg=KG(0))
        for node in nodes if node.id in SPLITS
    ]  # fmt: skip
    return nodes, edges


def _draw(nodes, edges, **changed):
    given = {"name": "g", "element_name": "neodymium", "symbol": "Nd", "palette": PALETTE, "focus": "MAG-1"}
    return custody.draw(nodes, edges, **{**given, **changed})


def _parts(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314  (our own drawing)


def test_the_demonstration_chain_has_23_lots_in_order_from_ore_to_magnet():
    nodes, edges = _chain()
    assert len(nodes) == 23
    links = [layering.Link(edge.source, edge.target) for edge in edges]
    layers = layering.layer_of([node.id for node in nodes], links, {node.id: node.stage for node in nodes})
    assert all(layers[edge.source] < layers[edge.target] for edge in edges)
    assert layers["ORE-MP"] == layers["ORE-MW"] == layers["SCRAP-EOL"] == layers["SCRAP-SWARF"] == 0
    assert layers["MET-DY"] == layers["MET-NDPR"]
    assert max(layers, key=layers.__getitem__) in {"MAG-1", "SWARF-1"}


@pytest.mark.parametrize("element", ["Nd", "Dy", "La"])
@pytest.mark.parametrize("which", ["svg", "narrow"])
def test_a_drawing_is_well_formed_painted_by_classes_and_says_what_it_is(element, which):
    picture = _draw(*_chain(element), element_name=element, symbol=element)
    drawing = getattr(picture, which)
    root = _parts(drawing)
    assert root[0].tag == "title"
    assert root[1].tag == "desc"
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    assert not FORBIDDEN.search(drawing)
    assert drawing.count("nan") == drawing.count("inf") == 0


def test_the_same_graph_gives_the_same_drawing():
    assert _draw(*_chain()) == _draw(*_chain())


def test_ids_carry_the_name_so_that_two_graphs_stand_on_one_page():
    one, two = _draw(*_chain()), _draw(*_chain(), name="h")
    ids = re.findall(r'id="([^"]+)"', one.svg + one.narrow + two.svg + two.narrow)
    assert len(ids) == len(set(ids)) == 12


def test_bars_never_overlap_and_stay_in_the_drawing():
    nodes, edges = _chain()
    root = _parts(_draw(nodes, edges).svg)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    bars_of = [bar for bar in root.iter("rect") if bar.get("width") == "8"]
    assert len(bars_of) == 23
    columns: dict[str, list[tuple[float, float]]] = {}
    for bar in bars_of:
        top, tall = float(bar.get("y", "")), float(bar.get("height", ""))
        assert 0 <= top <= top + tall <= height
        assert float(bar.get("x", "")) + 8 <= width
        columns.setdefault(bar.get("x", ""), []).append((top, top + tall))
    for spans in columns.values():
        spans.sort()
        assert all(spans[i][1] < spans[i + 1][0] for i in range(len(spans) - 1))


def test_the_width_of_a_band_is_the_mass():
    nodes = [Node(name, name, stage, "US", KG(mass)) for name, stage, mass in
             (("a", "ore", 30), ("b", "ore", 10), ("c", "oxide", 40))]  # fmt: skip
    edges = [Edge("a", "c", KG(30)), Edge("b", "c", KG(10))]
    drawn = _parts(_draw(nodes, edges).svg)
    widths = {}
    for band in drawn.iter("path"):
        if "band" in (band.get("class") or ""):
            ((top, bottom),) = re.findall(r"^M\S+ (\S+?)C.*L\S+ \S+?C.* (\S+)Z$", band.get("d", ""))
            widths[str(band[0].text).split(" ")[0]] = float(bottom) - float(top)
    assert widths["a"] == pytest.approx(3 * widths["b"], rel=0.01)


def test_what_is_lost_is_hatched_what_waits_is_dashed_and_what_is_found_is_outlined():
    nodes, edges = _chain()
    nodes = [replace(node, finding="lab sheet missing") if node.id == "OX-NDPR-REC" else node for node in nodes]
    nodes.append(Node("buyer", "Nordwind Drives", "buyer", "DE", KG("2143.004"), "pending"))
    edges.append(Edge("MAG-1", "buyer", KG("2143.004")))
    picture = _draw(nodes, edges)
    assert "url(#g-hatch)" in picture.svg
    assert "url(#g-down-hatch)" in picture.narrow
    for drawing in (picture.svg, picture.narrow):
        assert "find-o" in drawing
        assert "Finding: lab sheet missing" in drawing
        assert re.search(r'class="band c-\d pend"', drawing)
        assert "not yet received" in drawing
    assert [key.words for key in picture.legend][-4:] == [
        "Lost", "Not part of this history", "Not yet received", "Finding",
    ]  # fmt: skip


def test_a_withheld_mass_is_said_and_never_zero():
    nodes = [Node("a", "OX-1", "oxide", "MY", None), Node("b", "MET-1", "metal", "EE", KG("0"))]
    picture = _draw(nodes, [Edge("a", "b", None)])
    assert "MY, mass withheld" in picture.svg
    assert "EE, no Nd" in picture.svg
    assert picture.twin is not None
    assert [row[3] for row in picture.twin.cells] == ["withheld", KG("0")]


def test_what_people_wrote_is_escaped():
    node = Node("a", '<img src=x onerror="1">&', "ore", "US", KG(1), finding="<b>", href='/lots/"><script>')
    picture = _draw([node], [])
    for drawing in (picture.svg, picture.narrow):
        _parts(drawing)
        assert "<img" not in drawing
        assert "<script" not in drawing


def test_lots_link_to_their_pages_and_the_drawing_is_then_no_image():
    picture = _draw([Node("a", "ORE-MP", "ore", "US", KG(1), href="/lots/1")], [])
    assert 'href="/lots/1"' in picture.svg
    assert 'role="group"' in picture.svg
    assert 'role="img"' in _draw([Node("a", "ORE-MP", "ore", "US", KG(1))], []).svg


def test_many_lots_become_few_and_none_is_forgotten():
    ores = [Node(f"o{i}", f"ORE-{i}", "ore", "US", KG(i), lost_kg=KG(1)) for i in range(300)]
    ores[3] = replace(ores[3], finding="differs")
    metal = Node("m", "MET-1", "metal", "EE", KG(1000))
    edges = [Edge(ore.id, "m", ore.mass_kg) for ore in ores]
    layers = {**{ore.id: 0 for ore in ores}, "m": 1}
    shown, merged, where = collapse([*ores, metal], edges, layers, focus="o5")
    assert len([node for node in shown if where[node.id] == 0]) == MOST_IN_A_COLUMN
    assert {"o3", "o5", "o299", "m"} <= {node.id for node in shown}
    group = next(node for node in shown if node.id == "+0")
    assert group.label == "293 further lots"
    assert group.lost_kg == 293
    assert sum(node.mass_kg or 0 for node in shown if where[node.id] == 0) == sum(range(300))
    assert sum(edge.mass_kg or 0 for edge in merged) == sum(range(300))
    assert "293 further lots" in _draw([*ores, metal], edges).svg


def test_a_sum_with_a_withheld_mass_in_it_is_withheld():
    ores = [Node(f"o{i}", f"ORE-{i}", "ore", "US", KG(i) if i else None) for i in range(20)]
    shown, _, _ = collapse(ores, [], {ore.id: 0 for ore in ores})
    assert shown[-1].mass_kg is None


def test_matter_that_is_its_own_ancestor_is_refused():
    nodes = [Node(name, name, "oxide", "US", KG(1)) for name in "ab"]
    with pytest.raises(layering.LoopError):
        _draw(nodes, [Edge("a", "b", KG(1)), Edge("b", "a", KG(1))])


def test_an_empty_graph_is_still_a_drawing():
    assert _parts(_draw([], []).svg)[0].text == "Custody graph by neodymium"


def test_the_table_of_the_graph_names_every_lot():
    nodes, edges = _chain()
    twin = custody.table(nodes, edges, name="custody", element_name="neodymium")
    assert [row[0] for row in twin.cells] == [node.label for node in nodes]
    assert "CON-MP" in twin.cells[0][5]


def test_from_the_sixth_country_on_an_outline():
    palette = Palette.of(["US", "AU", "MY", "EE", "DE", "VN", "BR", "US", ""])
    assert [palette.paint(code) for code in ("US", "DE", "VN", "BR", "ZZ")] == ["c-1", "c-5", "c-x", "c-x", "c-x"]
    legend = [key.words for key in palette.legend({"US", "EE", "VN", "BR", "ZZ"})]
    assert legend == ["United States", "Estonia", "Vietnam, Brazil"]


NEODYMIUM = balance.Balance(
    "Nd", KG("3021.720"), KG("2976.394"), KG("45.326"), KG("0.000"), KG("9.065"), "pass", "Closes"
)  # fmt: skip


def test_a_balance_is_cut_only_where_little_is_lost_and_says_so():
    assert balance.axis_of([NEODYMIUM]) == balance.Axis(0.95, 1.02)
    assert balance.draw([NEODYMIUM], name="b").cut == "95\u202f%"
    much = replace(NEODYMIUM, out_kg=KG("2100"), lost_kg=KG("921.720"))
    assert balance.axis_of([NEODYMIUM, much]).low == 0
    assert balance.draw([much], name="b").cut == ""


@pytest.mark.parametrize(
    ("changed", "painted", "said"),
    [
        ({}, 'class="lost"', "0.000 ± 9.065 kg unexplained"),
        ({"lost_kg": None, "unexplained_kg": KG("45.326")}, "open-d", "45.326 ± 9.065 kg unexplained"),
        ({"out_kg": KG("3060"), "unexplained_kg": KG("-83.606")}, "fill-fail", "83.606 ± 9.065 kg too much"),
        ({"uncertainty_kg": None}, "came", "0.000 kg unexplained"),
        ({"in_kg": KG(0), "out_kg": KG(0), "lost_kg": None}, "", "0.000 ± 9.065 kg unexplained"),
    ],
)  # fmt: skip
def test_a_balance_shows_and_says_what_is_left(changed, painted, said):
    one = replace(NEODYMIUM, **changed)
    drawn = balance.draw([one], name="b")
    assert painted in drawn.rows[0][1]
    assert one.said == said.replace(" kg", "\u202fkg")
    assert drawn.twin.cells[0][0] == "Nd"
    if drawn.rows[0][1]:
        _parts(drawn.rows[0][1])


def test_what_nobody_stated_is_not_zero():
    one = replace(NEODYMIUM, lost_kg=None, uncertainty_kg=None)
    row = balance.draw([one], name="b").twin.cells[0]
    assert row[3] == "not stated"
    assert row[5] == "not established"


def test_bars_are_sorted_and_gaps_stand_last():
    drawn = bars.draw([bars.Bar("a", NOT_DECLARED), bars.Bar("b", "1"), bars.Bar("c", "3"), bars.Bar("d", None)])
    assert [row.bar.label for row in drawn.rows] == ["c", "b", "a", "d"]
    assert 'width="33.33%"' in drawn.rows[1].svg
    assert "fill-a" not in drawn.rows[2].svg


def test_shares_share_one_scale():
    drawn = bars.draw([bars.Bar("a", "0.528654"), bars.Bar("b", "0.284563")], is_share=True)
    assert 'width="88.11%"' in drawn.rows[0].svg


def test_stages_merge_what_is_too_small_and_keep_every_value_in_the_table():
    parts = [stack.Part(f"p{i}", KG(i), "A1") for i in range(1, 10)]
    picture = stack.stages(parts, name="s", title="By stage", unit="kg CO2e")
    assert len(picture.legend) == 6
    assert picture.legend[-1].words == "Other"
    assert sum(KG(key.value or 0) for key in picture.legend) == 45
    assert picture.twin is not None
    assert len(picture.twin.cells) == 9
    _parts(picture.svg)


def test_shares_of_a_whole_keep_their_countries():
    parts = [
        stack.Part("Mined, United States", KG("0.524049"), paint="c-1"),
        stack.Part("Recycled", KG("0.2"), paint="c-5"),
    ]
    picture = stack.shares(parts, name="o", title="Origin")
    assert [key.is_share for key in picture.legend] == [True, True]
    assert 'class="c-5" x="52.4049%"' in picture.svg


@pytest.mark.parametrize("value", ["0.000000084", "0.412", "38.4", "999", "474000"])
def test_the_headline_has_an_axis_from_zero(value):
    picture = headline.draw(headline.Headline(value, "kg CO2e"), name="h", title="GWP")
    texts = [element.text for element in _parts(picture.svg).iter("text")]
    assert texts[0] == "0"
    assert 4 <= len(texts) <= 12
    assert "ref" not in picture.svg


def test_the_headline_with_its_band_and_its_reference():
    picture = headline.draw(headline.Headline("38.4", "kg", "31.2", "47.9", "41.0"), name="h", title="GWP")
    assert "Band from 31.2 to 47.9. The reference is 41.0." in picture.svg
    assert picture.twin is not None
    assert len(picture.twin.cells) == 4


@pytest.mark.parametrize(("share", "full", "said"), [("0.97", 5, 97), ("0.46", 2, 46), ("0", 0, 0), ("0.999", 5, 99)])
def test_dots_of_completeness(share, full, said):
    assert dots.svg(share).count("dot-on") == full
    assert dots.per_cent(share) == said


def test_a_qr_code_has_its_quiet_zone_and_is_deterministic():
    drawing = qr.svg("https://lodestone.example/d/7Q4K-2M9X")
    assert drawing == qr.svg("https://lodestone.example/d/7Q4K-2M9X")
    side = int(_parts(drawing).get("viewBox", "").split()[-1])
    corners = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h", drawing)]
    assert min(corners)[0] == min(y for _, y in corners) == qr.QUIET
    assert side == 25 + 2 * qr.QUIET + 4


def test_a_drawing_stands_alone_with_its_stylesheet():
    alone = svg.standalone(_draw(*_chain()).svg, ".band { fill-opacity: 0.3 } /* \\g<1> < & */")
    root = _parts(alone)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "fill-opacity" in str(root.findtext("{*}style"))


def _row_of(count: int, **marked: str) -> tuple[list[Node], list[Edge]]:
    """Lots of which each was made of the one before."""
    nodes = [
        Node(f"n{n}", f"N-{n}", "metal", "EE", Decimal(100 - n), finding=marked.get(f"n{n}", "")) for n in range(count)
    ]
    edges = [Edge(f"n{n}", f"n{n + 1}", Decimal(100 - n)) for n in range(count - 1)]
    return nodes, edges


def test_a_long_row_of_lots_becomes_one_between_its_ends() -> None:
    shown, edges = folded(*_row_of(40), focus="n39")
    assert [node.label for node in shown] == ["N-0", "N-1", "N-38", "N-39", "36 lots in a row"]
    ends = {(edge.source, edge.target) for edge in edges}
    assert ends == {("n0", "n1"), ("n1", "=n1"), ("=n1", "n38"), ("n38", "n39")}


def test_a_finding_in_a_row_is_shown_and_short_rows_stay() -> None:
    shown, _ = folded(*_row_of(40, n20="yield unusual"), focus="n39")
    assert "N-20" in [node.label for node in shown]
    assert len(folded(*_row_of(6), focus="n5")[0]) == 6


def test_the_picture_of_a_very_long_row_is_small() -> None:
    nodes, edges = _row_of(60)
    drawn = custody.draw(
        nodes, edges, name="g", element_name="neodymium", symbol="Nd", palette=Palette.of(["EE"]), focus="n59"
    )
    assert "56 lots in a row" in drawn.svg
    assert drawn.twin is not None
    assert len(drawn.twin.cells) == 60
