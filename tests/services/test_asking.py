"""Partners ask each other for declarations and for the opening of values; nobody else is asked, or learns of it."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model

from epd.factors import shipped_factors
from epd.models import Declaration
from epd.services import declarations, factors, results
from tests.services.market import START, Market
from traceability.models import AuditEvent, Disclosure, Membership, Notice, Opening, Organisation, PartnerRequest
from traceability.models import Statement as StatementRow
from traceability.selectors import access, asking, search, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.lot_facts import facts_of
from traceability.services import asking as use_cases
from traceability.services import clock, organisations, takeout
from traceability.services.asking import Asking
from traceability.services.errors import NotAllowed

TODAY = clock.now().date()
State = PartnerRequest.State


@pytest.fixture
def outsider(market: Market) -> Actor:
    foreign, _ = organisations.register(name="Elsewhere", country="CH", roles=["buyer"], at=START)
    return organisations.on_behalf_of(foreign)


@pytest.fixture
def lot(market: Market) -> str:
    """A lot on its way from the mine to the separator."""
    urn = market.source(
        lot_number="SECRET-7",
        assay={"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.66"}], "laboratory": "Hidden Lab"},
    )
    market.send(urn)
    return urn


def made(market: Market, lot: str) -> StatementRow:
    return market.lot(lot).made_by


def digest(row: StatementRow) -> str:
    return f"sha256:{bytes(row.digest).hex()}"


def close_names(market: Market) -> None:
    market.mine.organisation.opening_rules.create(group="names", audience="nobody")


def ask_to_open(market: Market, lot: str, **more: Any) -> PartnerRequest:
    row = made(market, lot)
    places = asking.askable(market.separator, row, TODAY)
    return use_cases.ask_for_opening(actor=market.separator, digest=digest(row), places=places, **more)


def ask_to_declare(market: Market, lot: str, **more: Any) -> PartnerRequest:
    return use_cases.ask_for_declaration(actor=market.separator, lot=UUID(lot[9:]), **more)


def declare(market: Market, lot: str) -> Declaration:
    factors.by_digest.cache_clear()
    factors.publish(actor=market.operator, factors=shipped_factors())
    results.publish_results(actor=market.mine, lots=[market.lot(lot)])
    return declarations.publish(actor=market.mine, lot=market.lot(lot), product="ore")[0]


def kinds(actor: Actor) -> list[str]:
    rows = Notice.objects.filter(organisation=actor.organisation, about="request")
    return list(rows.order_by("created_at").values_list("kind", flat=True))


# Asking


def test_a_buyer_asks_the_maker_of_his_lot_and_both_see_it(market: Market, lot: str, outsider: Actor) -> None:
    row = ask_to_declare(market, lot, said=Asking("  for our\nEPD ", TODAY + timedelta(days=9)))
    assert (row.to, row.message, row.state) == (market.mine.organisation, "for our EPD", State.OPEN)
    for actor, to_us, partner in ((market.mine, True, "Baltika Metals"), (market.separator, False, "Juniper Flat")):
        [line] = asking.shown(actor, list(asking.requests(actor)), TODAY)
        assert (line.to_us, line.partner, line.lot) == (to_us, partner, "SECRET-7")
    assert list(asking.to_answer(market.mine)) == [row]
    assert not asking.requests(outsider).exists()
    with pytest.raises(NotFound):
        asking.request(outsider, row.pk)
    assert kinds(market.mine) == ["request.made"]
    assert kinds(market.separator) == []
    assert AuditEvent.objects.filter(organisation=market.separator.organisation, kind="request").count() == 1


def test_the_same_asked_again_is_the_same_request(market: Market, lot: str) -> None:
    assert ask_to_declare(market, lot) == ask_to_declare(market, lot, said=Asking("again"))
    assert kinds(market.mine) == ["request.made"]


def test_a_product_is_asked_of_a_partner(market: Market, lot: str) -> None:
    mine = market.mine.organisation.pk
    row = use_cases.ask_for_declaration(actor=market.separator, to=mine, product="N42 ore")
    assert (row.to_id, row.product, row.lot) == (mine, "N42 ore", None)
    with pytest.raises(use_cases.NothingToAsk):
        use_cases.ask_for_declaration(actor=market.separator, to=mine)


def test_a_stranger_is_never_asked(market: Market, lot: str, outsider: Actor) -> None:
    for to in (market.mine.organisation.pk, UUID(int=7)):
        with pytest.raises(NotFound):
            use_cases.ask_for_declaration(actor=outsider, to=to, product="ore")
    with pytest.raises(NotFound):
        use_cases.ask_for_declaration(actor=outsider, lot=UUID(lot[9:]))
    with pytest.raises(NotFound):
        use_cases.ask_for_opening(actor=outsider, digest=digest(made(market, lot)), places=["/body/lot_number"])
    assert not PartnerRequest.objects.exists()


def test_the_maker_of_what_went_into_a_lot_is_no_partner(market: Market, outsider: Actor) -> None:
    """Who buys from the separator sees the ore of the mine, but shares no lot with the mine."""
    ore = market.source(lot_number="ORE-1")
    market.take(ore, market.send(ore).digest)
    from tests.services.market import urn

    part = urn()
    market.split(ore, {part: "1000"}, drawn="1000")
    body = {"lot": part, "to": outsider.organisation.urn, "mass_kg": "1000", "tolerance_pct": "0.05"}
    market.say(market.separator, "lot.dispatch", body)
    assert access.lot(outsider, UUID(ore[9:]), TODAY)
    with pytest.raises(use_cases.NotAPartner):
        use_cases.ask_for_declaration(actor=outsider, lot=UUID(ore[9:]))
    assert use_cases.ask_for_declaration(actor=outsider, lot=UUID(part[9:])).to == market.separator.organisation


def test_nobody_asks_himself_or_one_who_cannot_answer(market: Market, lot: str) -> None:
    with pytest.raises(use_cases.NothingToAsk):
        use_cases.ask_for_declaration(actor=market.mine, lot=UUID(lot[9:]))
    Organisation.objects.filter(pk=market.mine.organisation.pk).update(standing="suspended")
    with pytest.raises(use_cases.NotAPartner):
        ask_to_declare(market, lot)


def test_a_viewer_neither_asks_nor_answers(market: Market, lot: str) -> None:
    viewers = [Actor(0, one.organisation, Membership.Role.VIEWER) for one in (market.separator, market.mine)]
    with pytest.raises(NotAllowed):
        use_cases.ask_for_declaration(actor=viewers[0], lot=UUID(lot[9:]))
    row = ask_to_declare(market, lot)
    with pytest.raises(NotAllowed):
        use_cases.decline(actor=viewers[1], request_id=row.pk, reason="no")
    with pytest.raises(NotAllowed):
        use_cases.withdraw(actor=viewers[0], request_id=row.pk)


@pytest.mark.parametrize("days", [-1, 731])
def test_a_day_that_is_no_use_is_refused(market: Market, lot: str, days: int) -> None:
    with pytest.raises(use_cases.BadDueDate):
        ask_to_declare(market, lot, said=Asking(due_on=TODAY + timedelta(days=days)))


def test_texts_are_cleaned_and_have_an_end(market: Market, lot: str) -> None:
    assert ask_to_declare(market, lot, said=Asking("a\x00b\u202ec")).message == "a b c"
    with pytest.raises(use_cases.BadText):
        ask_to_open(market, lot_closed(market), said=Asking("a" * 1001))


def lot_closed(market: Market) -> str:
    close_names(market)
    lot = market.source(lot_number="SECRET-8")
    market.send(lot)
    return lot


def test_an_organisation_asks_only_so_often(market: Market, lot: str) -> None:
    mine = market.mine.organisation.pk
    for number in range(use_cases.MOST_OPEN):
        use_cases.ask_for_declaration(actor=market.separator, to=mine, product=f"P{number}")
    with pytest.raises(use_cases.TooManyRequests):
        use_cases.ask_for_declaration(actor=market.separator, to=mine, product="one more")
    PartnerRequest.objects.update(state=State.WITHDRAWN)
    for number in range(use_cases.MOST_OPEN, use_cases.MOST_A_DAY):
        row = use_cases.ask_for_declaration(actor=market.separator, to=mine, product=f"P{number}")
        use_cases.withdraw(actor=market.separator, request_id=row.pk)
    with pytest.raises(use_cases.TooManyRequests):
        use_cases.ask_for_declaration(actor=market.separator, to=mine, product="one more")
    PartnerRequest.objects.update(asked_at=clock.now() - timedelta(days=2))
    use_cases.ask_for_declaration(actor=market.separator, to=mine, product="one more")


# Answering with a declaration


def test_a_declaration_answers(market: Market, lot: str) -> None:
    row, declaration = ask_to_declare(market, lot), declare(market, lot)
    answer = {"actor": market.mine, "request_id": row.pk, "declaration": declaration.pk, "reason": "here"}
    ended = use_cases.answer_with_declaration(**answer)
    assert use_cases.answer_with_declaration(**answer) == ended
    assert (ended.state, ended.declaration, ended.reason) == (State.ANSWERED, declaration.pk, "here")
    assert kinds(market.separator) == ["request.answered"]
    [line] = asking.shown(market.separator, [ended], TODAY)
    assert line.declaration is not None
    assert line.declaration.reference == declaration.reference
    with pytest.raises(use_cases.RequestOver):
        use_cases.decline(actor=market.mine, request_id=row.pk, reason="no")


def test_only_a_declaration_of_his_own_that_is_in_force_answers(market: Market, lot: str) -> None:
    row, declaration = ask_to_declare(market, lot), declare(market, lot)
    declarations.withdraw(actor=market.mine, declaration=declaration, reason="wrong")
    for one in (declaration.pk, UUID(int=7)):
        with pytest.raises(use_cases.NotInForce):
            use_cases.answer_with_declaration(actor=market.mine, request_id=row.pk, declaration=one)
    assert PartnerRequest.objects.get().state == State.OPEN


def test_each_does_his_own_part(market: Market, lot: str, outsider: Actor) -> None:
    row = ask_to_declare(market, lot)
    with pytest.raises(use_cases.NotYourPart):
        use_cases.decline(actor=market.separator, request_id=row.pk, reason="no")
    with pytest.raises(use_cases.NotYourPart):
        use_cases.withdraw(actor=market.mine, request_id=row.pk)
    with pytest.raises(use_cases.NothingToAsk):
        use_cases.answer_with_opening(actor=market.mine, request_id=row.pk, places=["/body/mass_kg"])
    for act in (use_cases.decline, use_cases.answer_with_opening):
        with pytest.raises(NotFound):
            act(actor=outsider, request_id=row.pk, reason="no", **({} if act is use_cases.decline else {"places": []}))  # type: ignore[operator]
    with pytest.raises(NotFound):
        use_cases.withdraw(actor=outsider, request_id=row.pk)


def test_a_request_is_declined_with_a_reason_and_not_made_again(market: Market, lot: str) -> None:
    row = ask_to_declare(market, lot)
    with pytest.raises(use_cases.BadText):
        use_cases.decline(actor=market.mine, request_id=row.pk, reason=" \x00 ")
    use_cases.decline(actor=market.mine, request_id=row.pk, reason="We sell ore, not declarations.")
    assert kinds(market.separator) == ["request.declined"]
    with pytest.raises(use_cases.DeclinedBefore):
        ask_to_declare(market, lot)
    PartnerRequest.objects.update(ended_at=clock.now() - use_cases.NOT_AGAIN)
    assert ask_to_declare(market, lot) != row


def test_a_request_is_withdrawn_by_who_made_it(market: Market, lot: str) -> None:
    row = ask_to_declare(market, lot)
    use_cases.withdraw(actor=market.separator, request_id=row.pk)
    assert use_cases.withdraw(actor=market.separator, request_id=row.pk).state == State.WITHDRAWN
    assert kinds(market.mine) == ["request.made", "request.withdrawn"]
    assert not asking.to_answer(market.mine).exists()
    assert ask_to_declare(market, lot) != row


# Opening values


def test_only_what_is_withheld_can_be_asked(market: Market, lot: str) -> None:
    row = made(market, lot)
    before = asking.askable(market.separator, row, TODAY)
    close_names(market)
    withheld = asking.askable(market.separator, row, TODAY)
    assert "/body/lot_number" in withheld
    assert "/body/lot_number" not in before
    assert asking.askable(market.mine, row, TODAY) == []
    for places in ([], ["/body/mass_kg"], ["/body/material"], ["/body/lot_number", "/nowhere"]):
        with pytest.raises(use_cases.NothingToAsk):
            use_cases.ask_for_opening(actor=market.separator, digest=digest(row), places=places)


def test_opened_values_are_read_by_who_asked_and_by_nobody_else(market: Market, lot: str, outsider: Actor) -> None:
    close_names(market)
    row = made(market, lot)
    request = ask_to_open(market, lot)
    assert len(request.places) >= 2
    use_cases.answer_with_opening(actor=market.mine, request_id=request.pk, places=["/body/lot_number"], reason="one")
    [opened] = statements.open_rows(market.separator, [row], TODAY)
    assert opened.body["lot_number"] == "SECRET-7"
    assert set(opened.withheld) >= set(request.places) - {"/body/lot_number"}
    assert facts_of(market.separator, [market.lot(lot)], TODAY)[UUID(lot[9:])].number == "SECRET-7"
    found = search.found(market.separator, search.question("secret"), search.Kind.LOT, TODAY)
    assert [one.urn for one in found] == [lot]
    for other in (market.operator, outsider):
        assert "lot_number" not in statements.open_rows(other, [row], TODAY)[0].body
        assert not access.all_readable_disclosures(other, TODAY).filter(path="/body/lot_number").exists()
    assert statements.open_rows(None, [row], TODAY)[0].body.get("lot_number") is None
    ended = PartnerRequest.objects.get()
    assert (ended.state, ended.opened) == (State.ANSWERED, ["/body/lot_number"])
    assert AuditEvent.objects.filter(organisation=market.mine.organisation, kind="opened").count() == 1
    assert Opening.objects.get().organisation == market.separator.organisation


def test_the_signed_record_stays_as_it_is(market: Market, lot: str) -> None:
    close_names(market)
    before = StatementRow.objects.count(), bytes(made(market, lot).envelope)
    request = ask_to_open(market, lot)
    use_cases.answer_with_opening(actor=market.mine, request_id=request.pk, places=request.places)
    assert (StatementRow.objects.count(), bytes(made(market, lot).envelope)) == before


def test_only_what_was_asked_is_opened(market: Market, lot: str) -> None:
    close_names(market)
    request = ask_to_open(market, lot)
    for places in ([], ["/body/mass_kg"], [request.places[0], "/body/mass_kg"]):
        with pytest.raises(use_cases.NothingToAsk):
            use_cases.answer_with_opening(actor=market.mine, request_id=request.pk, places=places)
    assert not Opening.objects.exists()


def test_who_opened_it_is_kept(market: Market, lot: str) -> None:
    close_names(market)
    request = ask_to_open(market, lot)
    user = get_user_model().objects.create_user("clerk")
    clerk = Actor(user.pk, market.mine.organisation, Membership.Role.SUBMITTER)
    use_cases.answer_with_opening(actor=clerk, request_id=request.pk, places=request.places)
    assert Opening.objects.filter(opened_by=user).count() == len(request.places)


def test_what_was_erased_cannot_be_opened(market: Market, lot: str) -> None:
    close_names(market)
    request = ask_to_open(market, lot)
    Disclosure.objects.filter(path="/body/lot_number").update(text=None)
    with pytest.raises(use_cases.NothingToAsk):
        use_cases.answer_with_opening(actor=market.mine, request_id=request.pk, places=["/body/lot_number"])
    assert "/body/lot_number" not in asking.askable(market.separator, made(market, lot), TODAY)
    assert "/body/lot_number" not in {one.place for one in asking.values(made(market, lot), request.places)}


def test_requests_are_among_the_data_that_one_takes_away(market: Market, lot: str) -> None:
    row = ask_to_declare(market, lot, said=Asking("for our EPD"))
    for actor in (market.mine, market.separator):
        with zipfile.ZipFile(io.BytesIO(b"".join(takeout.archive(actor=actor)))) as archive:
            [taken] = json.loads(archive.read("requests.json"))
        assert (taken["id"], taken["message"]) == (str(row.pk), "for our EPD")


def test_who_leaves_leaves_no_request_open(market: Market, lot: str) -> None:
    ask_to_declare(market, lot)
    market.separator.organisation.refresh_from_db()
    use_cases.end_all(market.separator)
    row = PartnerRequest.objects.get()
    assert (row.state, row.reason) == (State.WITHDRAWN, use_cases.GONE)
    again = ask_to_declare(market, lot)
    use_cases.end_all(market.mine)
    again.refresh_from_db()
    assert again.state == State.DECLINED
