"""Two lots side by side by program: what is told to whom, and what is asked wrongly."""

from decimal import Decimal

import pytest

from tests.api.clients import Clients, urn
from tests.api.test_reading import Sold, sold
from tests.demo_chain import Demo

__all__ = ["sold"]
PLACE = "/api/v1/lots/compare"


def place(first: str, second: str) -> str:
    return f"{PLACE}?a={first.removeprefix('urn:uuid:')}&b={second.removeprefix('urn:uuid:')}"


def test_the_customer_compares_what_he_bought_with_what_it_is_from_and_sees_no_more(api: Clients, sold: Sold) -> None:
    own = api.owner.get(place(sold.part, sold.ore)).json()
    bought = api.customer.get(place(sold.part, sold.ore)).json()
    assert [one["urn"] for one in own["lots"]] == [one["urn"] for one in bought["lots"]] == [sold.part, sold.ore]
    assert own["lots"][1]["mass_kg"]
    assert "mass_kg" in bought["lots"][1]["withheld"]
    assert all(None not in one["pct"] for one in own["contents"] if one["element"] == "Nd")
    assert {one["pct"][1] for one in bought["contents"]} == {None}
    assert not any("difference" in one for one in bought["contents"])


def test_who_may_not_see_one_of_them_gets_neither(api: Clients, sold: Sold) -> None:
    assert api.outsider.get(place(sold.part, sold.ore)).status_code == 404
    assert api.customer.get(place(sold.part, sold.rest)).status_code == 404
    assert api.owner.get(place(sold.part, urn())).status_code == 404
    assert api.anybody.get(place(sold.part, sold.ore)).status_code == 401


def test_what_is_asked_wrongly_is_named(api: Clients, sold: Sold) -> None:
    for query, parameter in (
        (f"?a={sold.part[9:]}", "b"),
        (f"?a=x&b={sold.part[9:]}", "a"),
        (f"?a={sold.part[9:]}&b={sold.part[9:]}", "b"),
        (f"?a={sold.part[9:]}&b={sold.rest[9:]}&c=1", "c"),
    ):
        answer = api.owner.get(PLACE + query)
        assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


@pytest.mark.parametrize("who", ["auditor", "isarmagnet"])
def test_shares_add_up_and_every_list_is_in_the_order_of_the_lots(demo: Demo, who: str) -> None:
    found = demo.client(who).get(place(demo.ids["ALLOY-1"], demo.ids["MAG-1"])).json()
    for side in (0, 1):
        shares = [one["shares"][side] for one in found["origins"] if one["element"] == "Dy"]
        assert abs(sum(Decimal(one or 0) for one in shares) - 1) < Decimal("1e-9")
    assert Decimal(found["recycled"]["post_consumer"][1]) > 0
    assert found["declarations"][1] == [demo.declaration.reference]
    assert found["countries"][1][:2] == ["US", "AU"]
    assert all(len(one["answers"]) == 2 for one in found["rules"])
    differing = next(one for one in found["contents"] if one["element"] == "Nd")
    first, second = map(Decimal, differing["pct"])
    assert Decimal(differing["difference"]) == second - first
