"""The search obeys the rules of every page, over the demonstration chain."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from tests.demo_chain import Demo
from traceability.models import Lot, OpeningRule, Organisation, SearchText, Statement
from traceability.selectors import access, names, search, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.search import Kind
from traceability.services import search_hits

TODAY = timezone.now().date()
WHO = ("isarmagnet", "redgum", "auditor", "nordwind", "operator")


def found(actor: Actor, text: str, kind: Kind = Kind.LOT) -> list[Any]:
    return list(search.found(actor, search.question(text), kind, TODAY))


def sees(look: Callable[[], object]) -> bool:
    try:
        look()
    except NotFound:
        return False
    return True


def lots_seen(actor: Actor) -> set[UUID]:
    """The lots whose pages the actor may open, asked one by one."""
    ids = Lot.objects.values_list("pk", flat=True)
    return {one for one in ids if sees(partial(access.lot, actor, one, TODAY))}


@pytest.mark.parametrize("who", WHO)
def test_what_is_searched_is_what_each_page_would_show(demo: Demo, who: str) -> None:
    actor = demo.actor(who)
    lots = lots_seen(actor)
    assert set(Lot.objects.filter(access.is_seen(actor, TODAY)).values_list("pk", flat=True)) == lots
    rows = Statement.objects.all()
    seen = {row.pk for row in rows if statements._sees(actor, row, TODAY)}
    assert set(statements.visible(actor, TODAY).values_list("pk", flat=True)) == seen
    read = access.readable_disclosures(actor, rows.values_list("pk", flat=True), TODAY)
    everything = access.all_readable_disclosures(actor, TODAY)
    assert set(everything.values_list("pk", flat=True)) == set(read.values_list("pk", flat=True))
    others = {row.pk for row in Organisation.objects.all()} - {actor.organisation.pk}
    known = set(names.known(actor, TODAY).values_list("pk", flat=True))
    assert known == set(names.names_of(actor, others, TODAY).known)


@pytest.mark.parametrize("audience", OpeningRule.Audience.values)
@pytest.mark.parametrize("who", ["isarmagnet", "auditor", "nordwind"])
def test_rules_of_issuers_count(demo: Demo, changing: None, who: str, audience: str) -> None:
    for number, row in enumerate(Organisation.objects.order_by("pk")):
        group = OpeningRule.Group.values[number % len(OpeningRule.Group.values)]
        OpeningRule.objects.update_or_create(organisation=row, group=group, defaults={"audience": audience})
    actor = demo.actor(who)
    read = access.readable_disclosures(actor, Statement.objects.values_list("pk", flat=True), TODAY)
    everything = access.all_readable_disclosures(actor, TODAY)
    assert set(everything.values_list("pk", flat=True)) == set(read.values_list("pk", flat=True))


def test_a_declaration_is_found_by_anybody_with_its_product_and_declarant(demo: Demo) -> None:
    for who in ("isarmagnet", "nordwind"):
        assert [row.pk for row in found(demo.actor(who), "isarmagnet magnet", Kind.DECLARATION)] == [
            demo.declaration.pk
        ]
    assert found(demo.actor("nordwind"), "nonesuch", Kind.DECLARATION) == []


def test_numbers_of_what_went_into_a_lot_stay_with_their_makers(demo: Demo) -> None:
    actor = demo.actor("isarmagnet")
    assert demo.ids["MET-NDPR"] in {str(row.pk) for row in found(actor, demo.lot("MET-NDPR").material)}
    assert found(actor, "MET-NDPR") == []
    assert search_hits.exact(actor, "MET-NDPR", TODAY) is None


def test_a_declaration_is_named_by_its_reference_its_address_and_its_identifier(demo: Demo) -> None:
    one = demo.declaration
    for text in (one.reference, one.reference.lower(), f"https://lodestone.example/d/{one.reference}", one.urn):
        hit = search_hits.exact(demo.actor("nordwind"), text, TODAY)
        assert hit is not None, text
        assert hit.href == f"/d/{one.reference}"


def stands_in(words: tuple[str, ...], text: str) -> bool:
    """Whether each of these plain words, or one that begins with it, stands in a text; a single letter only itself."""
    there = text.split()
    return all(any(one == word or (len(word) > 1 and one.startswith(word)) for one in there) for word in words)


@pytest.mark.parametrize("who", WHO)
def test_the_search_finds_what_is_found_by_asking_for_each_thing_in_turn(demo: Demo, who: str) -> None:
    actor = demo.actor(who)
    lots = lots_seen(actor)
    said = {row.pk for row in Statement.objects.all() if statements._sees(actor, row, TODAY)}
    opened = access.readable_disclosures(actor, Statement.objects.values_list("pk", flat=True), TODAY)
    digests = {"", *opened.values_list("digest", flat=True)}
    texts = [one for one in SearchText.objects.filter(kind="statement") if one.disclosure in digests]
    counted = Counter(word for one in SearchText.objects.filter(kind="statement") for word in one.text.split())
    common = [word for word, _ in counted.most_common(12)]
    rare = [word for word, number in sorted(counted.items()) if number == 1][:12]
    for asked in (*common, *rare, f"{common[0]} {common[1]}", f"{common[2]} {rare[0]}", "m", "zzzz"):
        terms = search.question(asked).terms
        for kind, seen, named_in in ((Kind.LOT, lots, "subject"), (Kind.STATEMENT, said, "source")):
            named = [{getattr(one, named_in) for one in texts if stands_in(term, one.text)} for term in terms]
            assert {row.pk for row in found(actor, asked, kind)} == seen.intersection(*named), (asked, kind)
