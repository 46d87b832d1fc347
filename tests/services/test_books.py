"""The books of an organisation out of signed statements: every act, seen by both sides; and its exceptions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from tests.demo_chain import Demo
from tests.services.market import day
from tests.web.pages import Page
from traceability.ledger import envelope
from traceability.ledger.statement import parse_header
from traceability.material.accounting import MASS, Flow, account, periods
from traceability.models import Finding, Lot, Mandate, OpeningRule, Organisation, Statement, Version
from traceability.selectors import accounts, exceptions
from traceability.selectors.access import Actor
from traceability.selectors.accounts import Books
from traceability.selectors.exceptions import Asked, Exceptional, Kind

if TYPE_CHECKING:
    from tests.services.market import Market

TODAY = datetime.now(UTC).date()
FOR_EVER = Asked(date(2020, 1, 1), TODAY)


def books(actor: Actor, owner: Organisation | None = None) -> Books:
    found = accounts.books(actor, owner or actor.organisation, TODAY)
    for month in periods(found.movements, datetime.now(UTC)):
        lines = account(found.movements, found.stock, month)
        assert all(one.difference_kg == 0 for one in lines), [one for one in lines if one.difference_kg]
        assert all(one.closing_kg >= 0 for one in lines)
    return found


def flows(found: Books) -> dict[Flow, Decimal]:
    """Dry kg of each flow in all months."""
    sums: dict[Flow, Decimal] = {}
    for one in found.movements:
        sums[one.flow] = sums.get(one.flow, Decimal(0)) + one.change_kg.get(MASS, Decimal(0))
    return sums


def listed(actor: Actor, owner: Organisation | None = None, asked: Asked = FOR_EVER) -> list[Exceptional]:
    return exceptions.exceptions(actor, owner or actor.organisation, asked, TODAY)


def kinds(found: list[Exceptional]) -> set[Kind]:
    return {one.kind for one in found}


def test_every_act_is_booked_with_both_sides(market: "Market") -> None:
    mine, separator = market.mine, market.separator
    kept = market.source()
    market.say(mine, "lot.adjust", {"lot": kept, "change_kg": "-10", "reason": "count of May"})
    market.say(mine, "lot.dispose", {"lot": kept, "mass_kg": "40", "route": "landfill"})
    part = f"urn:uuid:{UUID(int=7 << 120 | 7 << 76 | 2 << 62 | 9)}"
    market.split(kept, {part: "50"}, "50")
    sent = market.source()
    rejected = market.send(sent).digest
    market.say(separator, "lot.reject", {"lot": sent, "dispatch": rejected, "reason": "wet"})
    market.send(sent)
    market.say(mine, "lot.dispatch_cancel", {"lot": sent, "reason": "lorry broke down"})
    market.take(sent, market.send(sent).digest, weighed="900", difference="beyond")
    theirs = books(separator)
    assert flows(theirs) == {Flow.RECEIVED: 1000}
    market.say(separator, "lot.settle", {"lot": sent, "mass_kg": "900"})
    ours, theirs = books(mine), books(separator)
    assert flows(theirs) == {Flow.RECEIVED: 1000, Flow.SETTLED: -100}
    assert flows(ours) == {
        Flow.MADE: 2000, Flow.ADJUSTED: -10, Flow.DISPOSED: -40, Flow.REGROUPED: 0, Flow.DISPATCHED: -3000,
        Flow.RETURNED: 2000,
    }  # fmt: skip
    [take] = [one for one in ours.movements if one.flow is Flow.ADJUSTED]
    assert (take.booked_kg, take.after_kg, take.reason) == (1000, 990, "count of May")
    assert {one.site for one in ours.movements} == {market.facility}
    assert ours.sites == {market.facility: "Juniper Flat mine"}


def test_a_withdrawn_lot_was_never_there(market: "Market") -> None:
    lot = market.source()
    digest = "sha256:" + bytes(market.lot(lot).made_by.digest).hex()
    market.say(market.mine, "statement.void", {"voids": digest, "reason": "entered twice"})
    assert books(market.mine).movements == []


def test_who_is_told_no_masses_is_told_of_no_account(market: "Market") -> None:
    market.source()
    mine = market.mine.organisation
    Mandate.objects.create(giver=mine, holder=market.separator.organisation, purpose=Mandate.Purpose.values[0],
                           valid_from=TODAY, valid_until=TODAY)  # fmt: skip
    assert flows(books(market.separator, mine)) == {Flow.MADE: 1000}
    OpeningRule.objects.create(organisation=mine, group=OpeningRule.Group.MASS, audience=OpeningRule.Audience.NOBODY)
    silent = books(market.separator, mine)
    assert silent.movements == []
    assert len(silent.withheld) == 1


def test_a_transfer_that_stays_open_concerns_both_sides(market: "Market") -> None:
    lot = market.source()
    market.send(lot)
    for actor, other in ((market.mine, market.separator), (market.separator, market.mine)):
        [one] = [one for one in listed(actor) if one.kind is Kind.OPEN_TRANSFER]
        assert (f"urn:uuid:{one.lot}", one.party) == (lot, other.organisation.pk)
        assert one.days is not None
        assert one.days > exceptions.OPEN_DAYS
        at_most = replace(FOR_EVER, open_days=one.days)
        assert Kind.OPEN_TRANSFER not in kinds(listed(actor, asked=at_most))
    dispatch = Statement.objects.get(kind="lot.dispatch")
    market.take(lot, "sha256:" + bytes(dispatch.digest).hex())
    assert Kind.OPEN_TRANSFER not in kinds(listed(market.mine))


def test_a_difference_concerns_who_sent_and_who_weighed(market: "Market") -> None:
    first, second = market.source(), market.source()
    market.take(first, market.send(first).digest, weighed="900", difference="beyond")
    market.take(second, market.send(second).digest)
    for actor in (market.mine, market.separator):
        [one] = [one for one in listed(actor) if one.kind is Kind.DIFFERENCE]
        assert (f"urn:uuid:{one.lot}", one.party) == (first, market.separator.organisation.pk)
    assert Kind.DIFFERENCE not in kinds(listed(market.operator))


def test_times_are_held_against_the_log(market: "Market") -> None:
    market.source()
    [late] = [one for one in listed(market.mine) if one.kind is Kind.BACK_DATED]
    assert late.days is not None
    assert late.days == (late.statement.accepted_at - late.occurred_to).days > exceptions.LATE_DAYS
    assert Kind.BACK_DATED not in kinds(listed(market.mine, asked=replace(FOR_EVER, late_days=late.days)))
    earlier = Asked(date(2020, 1, 1), late.statement.accepted_at.date() - timedelta(days=1))
    assert listed(market.mine, asked=earlier) == []


def test_a_receipt_before_its_dispatch_is_back_dated_too(market: "Market") -> None:
    lot = market.source()
    sent = market.send(lot)
    body = {"lot": lot, "dispatch": sent.digest, "weighed_mass_kg": "1000", "difference": "within"}
    assert market.say(market.separator, "lot.receive", body, occurred=day(0)).findings == ("back_dated",)
    found = listed(market.separator, asked=replace(FOR_EVER, late_days=10**5))
    assert [(one.kind, one.code, one.days) for one in found] == [(Kind.BACK_DATED, "back_dated", None)]


def test_findings_of_the_door_are_listed_and_their_masses_kept(market: "Market") -> None:
    lot = market.lot(market.source())
    for code in ("yield_unusual", "fingerprint_broken", "mass_gain"):
        Finding.objects.create(statement=lot.made_by, lot=lot.pk, code=code, sentence="Low yield: Nd 10 %.")
    assert {Kind.YIELD, Kind.FINGERPRINT, Kind.FINDING} <= kinds(listed(market.mine))
    mine = market.mine.organisation
    Mandate.objects.create(giver=mine, holder=market.separator.organisation, purpose=Mandate.Purpose.values[0],
                           valid_from=TODAY, valid_until=TODAY)  # fmt: skip
    assert all(one.sentence for one in listed(market.separator, mine) if one.code)
    OpeningRule.objects.create(organisation=mine, group=OpeningRule.Group.MASS, audience=OpeningRule.Audience.NOBODY)
    assert not any(one.sentence for one in listed(market.separator, mine))


def test_page_file_and_call_say_the_same_and_outsiders_nothing(demo: Demo) -> None:
    client, of = demo.client("auditor"), demo.ids["juniper-flat"]
    page = client.get("/exceptions/", {"of": of})
    assert page.status_code == 200
    assert Page(page.content.decode()).faults == []
    rows = b"".join(client.get("/exceptions/", {"of": of, "format": "csv"}).streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    document = client.get("/api/v1/exceptions", {"organisation": of, "limit": 200}).json()
    assert len(rows) - 1 == len(document["results"]) > 0
    own = demo.client("juniper-flat").get("/api/v1/exceptions", {"limit": 200}).json()
    assert own["results"] == document["results"]
    back = client.get("/exceptions/", {"of": of, "kind": "open_transfer"})
    assert "No exception in this period." in back.content.decode()
    assert "do not make a period" in client.get("/exceptions/", {"of": of, "since": "soon"}).content.decode()
    assert demo.client("redgum").get("/exceptions/", {"of": of}).status_code == 404
    assert demo.client("redgum").get("/api/v1/exceptions", {"organisation": of}).status_code == 404


def test_the_time_on_the_list_is_the_signed_one_before_and_after_a_correction(market: "Market") -> None:
    """It comes from the index of lots, which has that of the newest version, only while there is no other version."""
    lot = market.source()
    [before] = [one for one in listed(market.mine) if one.kind is Kind.BACK_DATED]
    assert before.occurred_to == _signed(before) == market.lot(lot).made_at
    Lot.objects.filter(pk=before.lot).update(made_at=before.occurred_to - timedelta(days=1))
    Version.objects.create(statement=before.statement, original=before.statement)
    [after] = [one for one in listed(market.mine) if one.kind is Kind.BACK_DATED]
    assert after.occurred_to == before.occurred_to


def _signed(one: Exceptional) -> datetime:
    row = Statement.objects.get(pk=one.statement.pk)
    return parse_header(envelope.parse_envelope(bytes(row.envelope)).payload).occurred_to
