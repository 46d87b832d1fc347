"""Two at once: what needs an order gets one, and nobody waits for ever."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.services.market import Market, day, open_market, urn
from traceability.ledger.errors import RecordError
from traceability.models import ChainLink, Statement
from traceability.services import acceptance, asking, log_queue, organisations, rows_world, sealing
from traceability.services.acceptance import newest_checkpoint
from traceability.services.submissions import SignedSubmission


@pytest.fixture
def market(ledger_db: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Market]:
    """A market with real commits; the log sleeps."""
    monkeypatch.setattr(log_queue, "_nudge", lambda: None)
    yield open_market()
    connection.close()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave, or the code with which it was refused, when all were done at the same time."""
    ready = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return deed()
        except RecordError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def signed(market: Market, kind: str, body: dict[str, Any]) -> Callable[[], Any]:
    """Submits an envelope that was signed before."""
    act = market.act(market.mine, kind, body)
    world = rows_world.reader()
    sealed = sealing.seal(act, world, seen=newest_checkpoint(world.origin, None), now=day(90)[0])
    one = SignedSubmission(sealed.written, tuple(found.text for found in sealed.disclosures.values()))
    return lambda: acceptance.accept(actor=market.mine, submissions=[one])[0]


def test_of_two_who_want_the_same_place_one_gets_it(market: Market) -> None:
    ore, new = market.source(), urn()
    for kind, bodies, codes in (
        ("lot.hold", [{"lot": ore, "reason": reason} for reason in ("a", "b")], {"head_moved"}),
        # A chain that begins has no row to lock: who finds it taken saw either its head or its lot first.
        (
            "lot.source",
            [market.source_body(new), market.source_body(new, mass_kg="7")],
            {"head_moved", "lot_exists"},
        ),
    ):
        found = at_once(*(signed(market, kind, body) for body in bodies))
        refused = [one for one in found if isinstance(one, str)]
        assert len(refused) == 1
        assert set(refused) <= codes
    assert ChainLink.objects.filter(subject=new[9:]).count() == 1


def test_a_rotation_and_what_the_old_key_signs_are_one_after_the_other(market: Market) -> None:
    for _ in range(5):
        old = signed(market, "lot.source", market.source_body(urn()))
        found = at_once(old, lambda: organisations.rotate_key(actor=market.mine))
        assert not isinstance(found[1], str)
        rotation = Statement.objects.filter(kind="key.rotate").latest("pk")
        if found[0] == "key_not_active":
            continue
        by_old_key = Statement.objects.filter(kind="lot.source", key_id=rotation.key_id)
        assert by_old_key.latest("pk").pk < rotation.pk


def test_two_rotations_do_not_wait_for_each_other_for_ever(market: Market) -> None:
    found = at_once(*[lambda: organisations.rotate_key(actor=market.mine)] * 2)
    assert not [one for one in found if isinstance(one, str)]
    assert Statement.objects.filter(kind="key.rotate").count() == 2


def test_the_same_envelope_twice_at_once_is_one_statement(market: Market) -> None:
    for _ in range(5):
        submit = signed(market, "lot.source", market.source_body(urn()))
        found = at_once(submit, submit)
        assert [one for one in found if isinstance(one, str)] == []
        assert found[0].digest == found[1].digest
        assert sorted(one.repeated for one in found) == [False, True]


def test_what_is_asked_twice_at_once_is_one_request(market: Market) -> None:
    lot = market.source()
    market.send(lot)

    def ask() -> Any:
        return asking.ask_for_declaration(actor=market.separator, lot=market.lot(lot).pk).pk

    assert len(set(at_once(ask, ask, ask))) == 1


def test_of_two_answers_at_once_one_counts(market: Market) -> None:
    lot = market.source()
    market.send(lot)
    request = asking.ask_for_declaration(actor=market.separator, lot=market.lot(lot).pk).pk
    answers = at_once(
        lambda: asking.decline(actor=market.mine, request_id=request, reason="no").state,
        lambda: asking.withdraw(actor=market.separator, request_id=request).state,
    )
    assert sorted(answers) in (["declined", "request_over"], ["request_over", "withdrawn"])
