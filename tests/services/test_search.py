"""The index of words: it finds what a reader may see, all of it and nothing else; it forgets what is erased."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.services.market import START, Market, urn
from tests.services.test_door import correction_body
from traceability.models import Disclosure, Lot, OpeningRule, SearchText
from traceability.models.search import WORDS, matching
from traceability.selectors import search
from traceability.selectors.access import Actor
from traceability.selectors.search import Kind
from traceability.services import evidence, organisations, search_hits
from traceability.services.index_check import check_index

TODAY = timezone.now().date()
HOSTILE = [
    "'", '"', "''", '"ore', "ore' OR 1=1 --", "ore\\", "ore:*", "ore & | !", "ore AND NOT ore", "NEAR(ore, 2)", "ore*",
    "^ore", "text:ore", "{text}", "-ore", "ore <-> ore", "(", "ore)", "%", "_", "%s", "\x00", "ore\x00", "\u202eero",
    "\u200f\u200eore", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "ǅ", "ﬁ", "🜁", "a" * 10_000,
    "' " * 5_000, "$$", "ore;", "\\x00", "\n\t", "ore\r\nSet-Cookie: a=b",
]  # fmt: skip


def found(actor: Actor, text: str, kind: Kind = Kind.LOT) -> list[Any]:
    return list(search.found(actor, search.question(text), kind, TODAY))


def numbers(actor: Actor, text: str) -> list[str]:
    return [row.number for row in found(actor, text)]


# What is found


def test_a_lot_is_found_by_its_number_its_material_and_both(market: Market) -> None:
    market.source(lot_number="ORE-7", material="bastnäsite ore")
    market.source(lot_number="ORE-8", material="monazite ore")
    assert numbers(market.mine, "ore-7") == ["ORE-7"]
    assert numbers(market.mine, "BASTNASITE 7") == ["ORE-7"]
    assert numbers(market.mine, "mona") == ["ORE-8"]
    assert numbers(market.mine, "ore") == ["ORE-8", "ORE-7"]
    assert numbers(market.mine, "monazite 7") == []
    assert numbers(market.mine, "m") == []


def test_a_lot_is_found_by_what_is_said_of_it_later(market: Market) -> None:
    lot = market.source()
    market.say(market.mine, "lot.hold", {"lot": lot, "reason": "Wet from the rain"})
    assert numbers(market.mine, "rain") == ["ORE-1"]
    [row, *_] = found(market.mine, "rain", Kind.STATEMENT)
    assert row.kind == "lot.hold"


def test_a_name_is_found_by_those_who_know_it(market: Market, market_outsider: Actor) -> None:
    assert found(market.separator, "juniper", Kind.PARTNER) == []
    market.send(market.source())
    assert [row.name for row in found(market.separator, "juniper", Kind.PARTNER)] == ["Juniper Flat"]
    assert found(market_outsider, "juniper", Kind.PARTNER) == []
    assert found(market.mine, "juniper", Kind.PARTNER) == []


def test_a_document_is_found_by_its_owner(market: Market) -> None:
    stored = evidence.store(actor=market.mine, name="lab-sheet_7.pdf", content=b"%PDF-1")
    evidence.store(actor=market.mine, name="other name.pdf", content=b"%PDF-1")
    assert found(market.mine, "sheet", Kind.DOCUMENT) == [stored]
    assert found(market.mine, "other", Kind.DOCUMENT) == []
    assert found(market.separator, "sheet", Kind.DOCUMENT) == []


# What is not found


@pytest.mark.parametrize("kind", list(Kind))
def test_an_outsider_finds_nothing_of_others(market: Market, market_outsider: Actor, kind: Kind) -> None:
    market.send(market.source(lot_number="ORE-7"))
    evidence.store(actor=market.mine, name="ORE-7.pdf", content=b"%PDF-1")
    for text in ("ORE-7", "bastnaesite", "juniper", "dispatch"):
        assert search.found(market_outsider, search.question(text), kind, TODAY).count() == 0
    lot = Lot.objects.get()
    for text in (lot.urn, f"https://lodestone.example/c/{lot.pk}", "ORE-7", hex_of(lot.newest.digest)):
        assert search_hits.exact(market_outsider, text, TODAY) is None


def test_a_confidential_number_finds_its_lot_for_those_alone_who_read_it(market: Market) -> None:
    lot = market.source(lot_number="SECRET-1")
    market.send(lot)
    assert numbers(market.separator, "secret") == ["SECRET-1"]
    assert found(market.separator, "secret", Kind.STATEMENT)
    OpeningRule.objects.create(organisation=market.mine.organisation, group="names", audience="nobody")
    for text in ("secret", "SECRET-1", "bastnaesite secret"):
        assert numbers(market.separator, text) == []
        assert found(market.separator, text, Kind.STATEMENT) == []
        assert search_hits.exact(market.separator, text, TODAY) is None
    assert numbers(market.separator, "bastnaesite") == ["SECRET-1"]
    assert numbers(market.mine, "secret") == ["SECRET-1"]
    assert (
        search_hits.hits(market.separator, Kind.LOT, found(market.separator, "bastnaesite"), TODAY)[0].title
        != "SECRET-1"
    )


def test_what_is_erased_is_forgotten_by_the_index_too(market: Market) -> None:
    market.source(lot_number="SECRET-1")
    assert matching(["secret"]).exists()
    Disclosure.objects.filter(path="/body/lot_number").update(text=None)
    assert not matching(["secret"]).exists()
    assert not SearchText.objects.filter(text__contains="secret").exists()
    assert numbers(market.mine, "secret") == []
    assert numbers(market.mine, "bastnaesite") == ["SECRET-1"]


def test_the_values_of_a_correction_and_its_documents_are_as_closed_as_they_stand(market: Market) -> None:
    lot = urn()
    receipt = market.say(market.mine, "lot.source", market.source_body(lot))
    market.send(lot)
    document = {"name": "blueprint.pdf", "media_type": "application/pdf", "bytes": 9, "sha256": "sha256:" + "0" * 64}
    said = correction_body(receipt, market.source_body(lot, lot_number="SECRET-9"), evidence=[document])
    market.say(market.mine, "statement.correct", said)
    assert numbers(market.mine, "secret-9") == ["SECRET-9"]
    assert [row.kind for row in found(market.mine, "blueprint", Kind.STATEMENT)] == ["statement.correct"]
    assert numbers(market.separator, "secret-9") == ["SECRET-9"]
    assert found(market.separator, "blueprint", Kind.STATEMENT) == numbers(market.separator, "blueprint") == []
    OpeningRule.objects.create(organisation=market.mine.organisation, group="names", audience="nobody")
    assert numbers(market.separator, "secret-9") == []
    assert found(market.separator, "secret-9", Kind.STATEMENT) == []
    [row] = found(market.separator, "typing error", Kind.STATEMENT)
    assert row.kind == "statement.correct"


# Bad input


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_search(market: Market, text: str) -> None:
    market.source()
    for kind in Kind:
        list(search.found(market.mine, search.question(text), kind, TODAY))
    search_hits.exact(market.mine, text, TODAY)


# Named exactly


def hex_of(digest: Any) -> str:
    return bytes(digest).hex()


def test_what_is_named_exactly_opens_at_once(market: Market) -> None:
    named = market.source(lot_number="ORE 7")
    lot = market.lot(named)
    page = f"/lots/{lot.pk}/"
    custody = hex_of(lot.newest.links.get(subject=lot.pk).custody_hash)
    for text in (
        named, str(lot.pk), str(lot.pk).upper(), f" {named} ", "ore 7", f"https://lodestone.example/c/{lot.pk}",
        f"http://127.0.0.1:8000/lots/{lot.pk}/?x=1", f"sha256:{custody}", custody.upper(),
        " ".join(custody[i : i + 8] for i in range(0, 64, 8)),
    ):  # fmt: skip
        hit = search_hits.exact(market.mine, text, TODAY)
        assert hit is not None, text
        assert hit.href == page
    digest = hex_of(lot.made_by.digest)
    for text in (digest, f"sha256:{digest}", f"https://lodestone.example/statements/{digest}/", str(lot.made_by.urn)):
        hit = search_hits.exact(market.mine, text, TODAY)
        assert hit is not None, text
        assert hit.href == f"/statements/{digest}/"
    stored = evidence.store(actor=market.mine, name="sheet.pdf", content=b"%PDF-1")
    hit = search_hits.exact(market.mine, hex_of(stored.sha256), TODAY)
    assert hit is not None
    assert hit.title == "sheet.pdf"
    assert search_hits.exact(market.separator, hex_of(stored.sha256), TODAY) is None


def test_a_number_that_two_lots_have_names_none(market: Market) -> None:
    market.source(lot_number="ORE-7")
    market.source(lot_number="ORE-7")
    assert search_hits.exact(market.mine, "ORE-7", TODAY) is None
    assert numbers(market.mine, "ORE-7") == ["ORE-7", "ORE-7"]


# The index


def test_the_index_can_be_made_again(ledger_db: dict[str, str]) -> None:
    from tests.services.market import open_market

    market = open_market()
    market.source(lot_number="ORE-7")
    evidence.store(actor=market.mine, name="sheet.pdf", content=b"%PDF-1")
    assert [str(one) for one in check_index()] == []
    before = sorted(SearchText.objects.values_list("kind", "source", "subject", "disclosure", "text"))
    SearchText.objects.filter(text__contains="ore").update(text="gold")
    SearchText.objects.filter(kind="partner").delete()
    assert numbers(market.mine, "ore") == []
    assert list(check_index())
    call_command("rebuild_index", "--write", verbosity=0)
    assert sorted(SearchText.objects.values_list("kind", "source", "subject", "disclosure", "text")) == before
    assert numbers(market.mine, "ore-7") == ["ORE-7"]
    assert numbers(market.mine, "gold") == []


def test_words_are_found_by_an_index(market: Market) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [WORDS])
            assert "gin" in cursor.fetchall()[0][0]
            return
        cursor.execute(f"EXPLAIN QUERY PLAN SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH 'ore'")  # noqa: S608
        assert "VIRTUAL TABLE" in cursor.fetchall()[0][3]
        cursor.execute(f"INSERT INTO {WORDS} ({WORDS}) VALUES ('integrity-check')")  # noqa: S608


@pytest.fixture
def market_outsider(market: Market) -> Actor:
    foreign, _ = organisations.register(name="Elsewhere", country="CH", roles=["buyer"], at=START)
    return organisations.on_behalf_of(foreign)
