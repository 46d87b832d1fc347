"""The map of the steps: the projection, what is joined, where labels stand, and who sees what on the pages."""

import re
from decimal import Decimal
from math import cos, radians
from xml.etree import ElementTree

import pytest

from tests.demo_chain import Demo
from tests.web.pages import Page
from traceability.intake.countries import NAMES
from traceability.web.gallery import chain
from traceability.web.pictures import steps_map, world
from traceability.web.pictures.graph import Edge, Node
from traceability.web.pictures.palette import Palette
from traceability.web.pictures.placing import Frame, Line, place_labels

KG = Decimal
PALETTE = Palette.of(("US", "AU", "MY", "EE", "DE"))
FORBIDDEN = re.compile(r"style=|<script|on\w+=|#[0-9a-f]{6}|nan|inf")


def _draw(found: steps_map.Journey) -> steps_map.Picture:
    return steps_map.draw(found, name="m", title="Map", palette=PALETTE, element_name="neodymium")


def _parts(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314  (our own drawing)


# The world


def test_the_projection_has_the_extent_of_its_paper() -> None:
    """Savric, Patterson and Jenny (2018): the pole at 1.31736 and the end of the equator at 2.70663 radii."""
    assert world.project(180, 0)[0] / world.SCALE == pytest.approx(2.7066299837, abs=1e-9)
    assert world.project(0, 90)[1] / world.SCALE == pytest.approx(-1.3173627592, abs=1e-9)


@pytest.mark.parametrize(("east", "north"), [(0, 0), (24.8, 59.4), (-115.5, 35.5), (133, -25), (178, 71)])
def test_areas_are_true_everywhere(east: float, north: float) -> None:
    step = 1e-5
    (x0, y0), (x1, y1) = world.project(east - step, north), world.project(east + step, north)
    (u0, v0), (u1, v1) = world.project(east, north - step), world.project(east, north + step)
    drawn = abs((x1 - x0) * (v1 - v0) - (y1 - y0) * (u1 - u0))
    on_earth = (radians(2 * step) * world.SCALE) ** 2 * cos(radians(north))
    assert drawn == pytest.approx(on_earth, rel=1e-5)


def test_every_country_has_a_place_and_the_file_is_small() -> None:
    assert world.places().keys() == NAMES.keys()
    assert world.FILE.stat().st_size < 60_000
    assert "Natural Earth" in world.FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "west", "east", "south", "north"),
    [("EE", 22, 28, 57.5, 59.7), ("US", -125, -67, 25, 49), ("MY", 100, 119, 1, 7), ("ZA", 17, 33, -35, -22)],
)
def test_countries_stand_where_they_are(code: str, west: float, east: float, south: float, north: float) -> None:
    x, y = world.places()[code]
    corners = [world.project(lon, lat) for lon in (west, east) for lat in (south, north)]
    assert min(x for x, _ in corners) < x < max(x for x, _ in corners)
    assert min(y for _, y in corners) < y < max(y for _, y in corners)


def test_no_coast_crosses_the_map() -> None:
    for coast in world.coasts():
        jumps = [int(one) for one in re.findall(r"[+-]?\d+", coast.d.partition("l")[2])][::2]
        assert max(map(abs, jumps)) < 400, coast.d[:40]


# What is joined


def test_countries_are_joined_in_the_order_of_custody_with_the_mass_that_crossed() -> None:
    found = steps_map.journey(*chain())
    assert [stop.country for stop in found.stops] == ["US", "AU", "DE", "MY", "EE"]
    crossed = {(way.source, way.target): way.mass_kg for way in found.ways if not way.pending}
    assert crossed == {
        ("AU", "MY"): KG("4961.774"),
        ("US", "EE"): KG("1876.775"),
        ("MY", "EE"): KG("1010.195"),
        ("DE", "EE"): KG("663.086"),
        ("EE", "DE"): KG("2143.004"),  # of the alloy into the magnet; the swarf stands aside
    }


def test_the_swarf_of_a_step_is_no_part_of_the_journey() -> None:
    found = steps_map.journey(*chain())
    assert all("SWARF-1" not in stop.lots for stop in found.stops)


def test_a_sum_over_a_withheld_mass_is_withheld() -> None:
    nodes = [Node(name, name, "oxide", land, KG(5)) for name, land in (("a", "MY"), ("b", "MY"), ("c", "EE"))]
    found = steps_map.journey(nodes, [Edge("a", "c", KG(5)), Edge("b", "c", None)])
    assert [way.mass_kg for way in found.ways] == [None]
    picture = _draw(found)
    assert "Malaysia to Estonia: mass withheld" in picture.svg
    assert picture.twin is not None
    assert picture.twin.cells[0] == ("Malaysia", "Oxide", "a, b", "Estonia withheld")


def test_a_lot_without_a_country_is_said_and_not_placed() -> None:
    nodes = [Node("a", "A", "oxide", "MY", KG(5)), Node("b", "B", "oxide", "", KG(5))]
    found = steps_map.journey(nodes, [Edge("a", "b", KG(5))])
    assert (found.unplaced, found.ways) == (1, ())
    assert "1 lot has no country of its own" in _draw(found).svg


def test_what_is_on_its_way_is_dashed_and_in_the_legend() -> None:
    nodes = [Node("a", "A", "magnet", "DE", KG(5)), Node("r", "on its way", "buyer", "SE", KG(5), "pending")]
    picture = _draw(steps_map.journey(nodes, [Edge("a", "r", KG(5))]))
    for drawing in (picture.svg, picture.narrow):
        assert re.search(r'class="way c-5 pend"', drawing)
    assert [one.words for one in picture.legend] == ["Not yet received"]
    assert picture.twin is not None
    assert picture.twin.cells[1][:3] == ("Sweden", "Buyer", "")


# The drawing


@pytest.mark.parametrize("which", ["svg", "narrow"])
def test_a_map_is_well_formed_painted_by_classes_and_says_what_it_is(which: str) -> None:
    drawing = getattr(_draw(steps_map.journey(*chain())), which)
    root = _parts(drawing)
    assert [root[0].tag, root[1].tag] == ["title", "desc"]
    assert not FORBIDDEN.search(drawing)
    assert len([one for one in root.iter("circle") if one[0].text]) == 5
    assert {one.text for one in root.iter("text")} == {"United States", "Australia", "Germany", "Malaysia", "Estonia"}


def test_the_width_of_a_line_is_the_mass() -> None:
    drawn = _parts(_draw(steps_map.journey(*chain())).svg)
    widths = {
        str(one[0].text).partition(":")[0]: float(one.get("stroke-width", ""))
        for one in drawn.iter("path") if (one.get("class") or "").startswith("way ")
    }  # fmt: skip
    assert widths["Australia to Malaysia"] == 14
    assert widths["United States to Estonia"] == pytest.approx(14 * 1876.775 / 4961.774, abs=0.05)


@pytest.mark.parametrize("form", [steps_map.WIDE, steps_map.NARROW])
@pytest.mark.parametrize("lands", [["DE", "EE"], ["US", "NZ"], ["MT"], ["DE", "NL", "BE", "LU", "FR", "CH", "AT"]])
def test_points_and_labels_stay_in_the_drawing(form: steps_map.Form, lands: list[str]) -> None:
    frame = Frame.of([world.places()[one] for one in lands], form.width, form.least, form.most)
    assert form.least - 0.05 <= form.width / frame.height <= form.most + 0.05
    for land in lands:
        x, y = frame.spot(world.places()[land])
        assert 0 <= x <= form.width
        assert 0 <= y <= frame.height


def test_labels_of_neighbours_do_not_overlap() -> None:
    frame = Frame.of([(0, 0), (900, 300)], 1056, 1.9, 2.4)
    labels = place_labels([((500, 200), "Germany"), ((520, 205), "Poland"), ((1040, 200), "New Zealand")], [], frame)
    assert [one.cls for one in labels] == ["te", "", "te"]


def test_there_and_back_are_two_lines() -> None:
    there, back = Line.between((0, 0), (100, 0)), Line.between((100, 0), (0, 0))
    assert there.half_way[1] < 0 < back.half_way[1]


# The pages


def _html(demo: Demo, who: str, address: str) -> str:
    html = str(demo.client(who).get(address).content.decode())
    assert Page(html).faults == []
    return html


def _map(html: str) -> str:
    found = re.search(r'<svg class="chart graph map".*?</figure>', html, re.S)
    return found.group(0) if found else ""


@pytest.mark.parametrize("who", ["isarmagnet", "auditor"])
def test_the_page_of_a_lot_has_its_map(demo: Demo, who: str) -> None:
    shown = _map(_html(demo, who, f"/lots/{demo.ids['MAG-1']}/"))
    assert "Australia to Malaysia" in shown
    assert "Placed by country, not by site." in shown
    assert ("Australia to Malaysia: mass withheld" in shown) == (who == "isarmagnet")


def test_the_map_follows_the_element_and_sorts_with_the_page(demo: Demo) -> None:
    address = f"/lots/{demo.ids['MAG-1']}/?element=Dy"
    html = _html(demo, "auditor", address)
    assert "The width of a line is the mass of dysprosium." in _map(html)
    table = demo.client("auditor").get(f"{address}&map-format=csv").getvalue().decode("utf-8-sig")
    assert table.startswith("Country,Stages,Lots,")
    assert "\r\nMalaysia,Oxide," in table


def test_a_source_has_no_map(demo: Demo) -> None:
    assert _map(_html(demo, "juniper-flat", f"/lots/{demo.ids['ORE-MP']}/")) == ""


def test_the_declaration_joins_countries_only_for_who_may_see_the_lot(demo: Demo) -> None:
    address = f"/d/{demo.declaration.reference}"
    for who in ("", "juniper-flat"):
        shown = _map(_html(demo, who, address))
        assert "United States" in shown
        assert "Malaysia" not in shown
        assert 'class="way ' not in shown
        assert "Those who may see the lot" in shown
    assert "Australia to Malaysia" in _map(_html(demo, "isarmagnet", address))
