"""A later bundle of a lot that came in: what was said of it in the other record since, and who is told of it."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.services.test_imports import brought, imported, there

if TYPE_CHECKING:
    from tests.services.elsewhere import Elsewhere
    from tests.services.market import Market

__all__ = ["there"]
WHY = "cracked in the furnace"


@pytest.fixture
def sold(market: "Market", there: "Elsewhere") -> str:
    """A part of the imported lot, which the mine bought of the separator."""
    from tests.services.market import urn

    imported(market, there)
    part, rest = urn(), urn()
    market.days = 300
    row = {"material": "oxide", "stage": "oxide", "class": "product"}
    outputs = [{"lot": part, "mass_kg": "4", **row}, {"lot": rest, "mass_kg": "6", **row}]
    market.say(market.separator, "lot.transform", {"inputs": [{"lot": there.lot, "mass_kg": "10"}], "outputs": outputs})
    to = {"lot": part, "to": market.mine.organisation.urn, "mass_kg": "4", "tolerance_pct": "0.05"}
    market.say(market.separator, "lot.dispatch", to)
    return part


def told(organisation: Any) -> list[tuple[str, str]]:
    from traceability.models import Notice

    rows = Notice.objects.filter(organisation=organisation, key__startswith="elsewhere:")
    return [(one.kind, str(one.subject)) for one in rows]


def test_nothing_changed_is_said_too(market: "Market", there: "Elsewhere", sold: str) -> None:
    row = brought(market, there.packed())
    assert (row.state, row.code, row.changes, row.proven) == ("verified", "", [], None)
    assert str(row.lot) == there.lot[9:]


def test_a_recall_elsewhere_is_told_to_everybody_who_has_of_the_lot(
    market: "Market", there: "Elsewhere", sold: str
) -> None:
    row = brought(market, there.later("lot.recall", reason=WHY))
    [change] = row.changes
    assert (change["kind"], change["lots"], change["reason"]) == ("lot.recall", [there.lot], WHY)
    assert told(market.mine.organisation) == [("lot.recalled", sold[9:])]
    assert told(market.separator.organisation) == []


def test_what_was_told_is_not_told_again(market: "Market", there: "Elsewhere", sold: str) -> None:
    brought(market, there.later("lot.recall", reason=WHY))
    row = brought(market, there.later("lot.dispatch_cancel", reason="it never left"))
    assert [one["kind"] for one in row.changes] == ["lot.recall", "lot.dispatch_cancel"]
    assert told(market.mine.organisation) == [("lot.recalled", sold[9:]), ("dispatch.cancelled", sold[9:])]


def test_a_correction_of_what_went_into_it_counts(market: "Market", there: "Elsewhere", sold: str) -> None:
    from tests.verifier.builder import urn

    row = brought(market, there.corrected(WHY))
    [change] = row.changes
    assert (change["kind"], change["lots"]) == ("statement.correct", [urn("mined")])
    assert told(market.mine.organisation) == [("lot.corrected", sold[9:])]


def test_an_older_bundle_tells_nothing_more(market: "Market", there: "Elsewhere", sold: str) -> None:
    from traceability.selectors import foreign_lots

    told_more = brought(market, there.later("lot.recall", reason=WHY))
    again = brought(market, there.content)
    assert (again.state, again.changes) == ("verified", None)
    assert foreign_lots.later_bundles()[told_more.lot] == told_more


def test_another_story_of_the_same_log_is_refused(market: "Market", there: "Elsewhere", sold: str) -> None:
    from tests.services.elsewhere import Elsewhere

    other = Elsewhere(market.mine.organisation.urn)
    row = brought(market, other.content)
    assert (row.state, row.code) == ("refused", "other_history")


def test_who_neither_brought_nor_holds_it_is_not_served(market: "Market", there: "Elsewhere", sold: str) -> None:
    from traceability.services import foreign_bundles

    content = there.later("lot.recall", reason=WHY)
    row = foreign_bundles.run_small(foreign_bundles.upload(actor=market.mine, name="x.zip", content=content))
    assert (row.state, row.code) == ("refused", "not_dispatched")


def test_what_tells_of_a_change_is_kept(market: "Market", there: "Elsewhere", sold: str) -> None:
    from traceability.services import foreign_bundles

    quiet = brought(market, there.packed())
    foreign_bundles.discard(actor=market.separator, bundle=quiet.pk)
    row = brought(market, there.later("lot.recall", reason=WHY))
    with pytest.raises(foreign_bundles.BundleInUse):
        foreign_bundles.discard(actor=market.separator, bundle=row.pk)
