"""GET /api/v1/search: the same as the page finds."""

import pytest

from tests.api.clients import Clients


@pytest.fixture
def lot(api: Clients) -> str:
    urn = api.market.source(lot_number="ORE-7")
    api.market.send(urn)
    return urn


def counts(answer: dict[str, object]) -> dict[str, int]:
    return {one["kind"]: one["count"] for one in answer["groups"]}  # type: ignore[index, attr-defined]


def test_what_is_found_has_its_kind_and_its_page(api: Clients, lot: str) -> None:
    answer = api.customer.read("search", q="bastnaesite").json()
    assert counts(answer) == {"lot": 1, "declaration": 0, "statement": 1, "partner": 0, "document": 0}
    [found] = answer["groups"][0]["results"]
    assert found["id"] == lot
    assert found["title"] == "ORE-7"
    assert found["page"] == f"/lots/{lot[9:]}/"
    assert "exact" not in answer


def test_one_kind_is_read_in_pages(api: Clients, lot: str) -> None:
    api.market.source(lot_number="ORE-8")
    first = api.owner.read("search", q="ore", kind="lot", limit="1").json()
    second = api.owner.read("search", q="ore", kind="lot", limit="1", page="2").json()
    beyond = api.owner.read("search", q="ore", kind="lot", limit="1", page="3").json()
    assert [one["groups"][0]["count"] for one in (first, second, beyond)] == [2, 2, 2]
    assert [row["title"] for one in (first, second, beyond) for row in one["groups"][0]["results"]] == [
        "ORE-8",
        "ORE-7",
    ]


def test_what_is_named_exactly_is_told(api: Clients, lot: str) -> None:
    assert api.owner.read("search", q="ore-7").json()["exact"]["id"] == lot
    assert "exact" not in api.outsider.read("search", q=lot).json()


def test_an_outsider_finds_nothing(api: Clients, lot: str) -> None:
    answer = api.outsider.read("search", q="bastnaesite").json()
    assert set(counts(answer).values()) == {0}
    assert api.anybody.get("/api/v1/search?q=ore").status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {}, {"q": ""}, {"q": " "}, {"q": "a" * 301}, {"q": "ore\x00"}, {"q": "ore", "kind": "cat"},
        {"q": "ore", "page": "0"}, {"q": "ore", "limit": "101"}, {"q": "ore", "more": "1"},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(api: Clients, query: dict[str, str]) -> None:
    assert api.owner.read("search", **query).status_code == 400
