"""The table of parents and children: chosen in every way, as page, CSV and workbook, and by the API."""

import csv
import io
import re
from typing import Any

from tests.demo_chain import Demo
from tests.web.pages import Page

NOBODY = "01a20000-0000-7000-8000-000000000000"


def _but_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)


def page(demo: Demo, who: str, query: str) -> str:
    answer = demo.client(who).get(f"/lineage/?{query}")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert Page(html).faults == []
    return html


def csv_rows(demo: Demo, who: str, query: str) -> list[dict[str, str]]:
    answer: Any = demo.client(who).get(f"/lineage/?{query}&format=csv")
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_a_pasted_list_leads_to_its_table(demo: Demo) -> None:
    client = demo.client("auditor")
    typed = f"MAG-1\r\n{demo.lot('ALLOY-1').urn}, no such lot"
    answer = client.post("/lineage/", {"lots": typed, "direction": "up", "depth": "all"})
    assert answer.status_code == 302
    html = client.get(answer["Location"]).content.decode()
    assert Page(html).faults == []
    assert "ORE-MP" in html
    assert "no such lot" in html


def test_a_long_list_is_kept_with_the_sign_in(demo: Demo) -> None:
    client = demo.client("auditor")
    typed = "\n".join(["MAG-1", *(f"X-{number}" for number in range(200))])
    answer = client.post("/lineage/", {"lots": typed, "direction": "up", "depth": "1"})
    assert len(answer["Location"]) < 200
    html = client.get(answer["Location"]).content.decode()
    assert "X-49" in html
    assert "ALLOY-1" in html
    for number in range(3):
        client.post("/lineage/", {"lots": typed.replace("X", f"Y{number}"), "direction": "up", "depth": "1"})
    assert "ALLOY-1" not in client.get(answer["Location"]).content.decode()


def test_stock_is_taken_as_it_was_narrowed(demo: Demo) -> None:
    html = page(demo, "isarmagnet", "of=stock&state=all&direction=up&depth=1")
    assert re.search(r"\d+ lots asked for", html)
    assert page(demo, "isarmagnet", "of=stock&state=all&q=nothing-like-it")


def test_the_csv_says_what_the_page_says(demo: Demo) -> None:
    rows = csv_rows(demo, "auditor", "lot=MAG-1&depth=1")
    assert [row["Lot"] for row in rows] == ["ALLOY-1"]
    assert rows[0]["Relation"] == "Parent"
    assert rows[0]["urn of the lot asked for"] == demo.lot("MAG-1").urn
    everything = csv_rows(demo, "auditor", "lot=MAG-1&depth=all")
    assert {"ORE-MP", "SCRAP-EOL"} <= {row["Lot"] for row in everything}


def test_the_workbook_holds_the_same_rows_with_figures_as_figures(demo: Demo) -> None:
    from traceability.formats.xlsx import read_workbook
    from traceability.intake.numbers import NumberStyle

    answer: Any = demo.client("auditor").get("/lineage/?lot=ALLOY-1&depth=1&format=xlsx")
    book = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == 'attachment; filename="lineage.xlsx"'
    [grid] = read_workbook(book, NumberStyle.POINT)
    texts = {text for row in grid.rows.values() for text in row.values()}
    assert {"ALLOY-1", "MET-DY", "MET-NDPR", "160", "4000"} <= texts


def test_an_outsider_learns_nothing_of_a_lot_by_its_id_or_number(demo: Demo) -> None:
    magnet = demo.lot("MAG-1")
    by_id = page(demo, "redgum", f"lot={magnet.pk}")
    by_nothing = page(demo, "redgum", f"lot={NOBODY}")
    assert "There is no such lot, or it is not yours to see:" in by_id
    assert _but_token(by_id).replace(str(magnet.pk), "X") == _but_token(by_nothing).replace(NOBODY, "X")
    assert "MAG-1" not in by_id


def test_wrong_choices_are_taken_for_the_usual_ones(demo: Demo) -> None:
    assert "ALLOY-1" in page(demo, "auditor", "lot=MAG-1&depth=-5&direction=sideways&page=x")


def test_the_api_gives_the_same_rows_page_by_page(demo: Demo) -> None:
    client = demo.client("auditor")
    asked: dict[str, Any] = {"lots": ["MAG-1", "nobody"], "direction": "up", "depth": "all", "limit": 5}
    seen: list[str] = []
    while True:
        answer = client.post("/api/v1/lineage", asked, content_type="application/json").json()
        assert answer["unknown"] == ["nobody"]
        seen += [row["id"] for row in answer["results"]]
        if "next" not in answer:
            break
        asked["cursor"] = answer["next"]
    assert len(seen) == len(set(seen)) == len(csv_rows(demo, "auditor", "lot=MAG-1&depth=all"))
    short = client.get("/api/v1/lineage?lots=MAG-1").json()["results"]
    assert [(one["relation"], one["number"]) for one in short] == [("parent", "ALLOY-1")]


def test_the_api_refuses_a_cursor_of_nobody(demo: Demo) -> None:
    client = demo.client("auditor")
    for cursor in ("r5", "cjUx=", "zzzz", "cjA1", "cg", "\u00e9"):
        answer = client.get("/api/v1/lineage", {"lots": "MAG-1", "cursor": cursor})
        assert answer.status_code == 400


def test_the_graph_goes_both_ways_and_only_so_far(demo: Demo) -> None:
    client, alloy = demo.client("auditor"), demo.lot("ALLOY-1")
    both = client.get(f"/lots/{alloy.pk}/?direction=both&element=Nd").content.decode()
    assert Page(both).faults == []
    assert "MAG-1" in both
    assert "OX-NDPR-BLEND" in both
    graph = csv_of_graph(demo, f"/lots/{alloy.pk}/?direction=both&element=Nd&depth=1")
    assert {"MAG-1", "MET-NDPR", "ALLOY-1"} <= graph
    assert "OX-NDPR-BLEND" not in graph
    assert "OX-NDPR-BLEND" in csv_of_graph(demo, f"/lots/{alloy.pk}/?direction=both&element=Nd")


def csv_of_graph(demo: Demo, address: str) -> set[str]:
    answer: Any = demo.client("auditor").get(f"{address}&custody-format=csv")
    text = b"".join(answer.streaming_content).decode()
    return {row["Lot"] for row in csv.DictReader(io.StringIO(text))}


def test_a_lot_that_is_under_way_is_drawn_dashed(demo: Demo, changing: None) -> None:
    from traceability.models import Lot

    magnet = demo.lot("MAG-1")
    Lot.objects.filter(pk=magnet.pk).update(state="in_transit", receiver=demo.organisation("nordwind"))
    html = demo.client("auditor").get(f"/lots/{demo.lot('ALLOY-1').pk}/?direction=down&element=Nd").content.decode()
    assert "Not yet received" in html
