"""Named slots: use-cases of the rooms above that a page here offers as a button. `config/wiring.py` fills them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from traceability.models import Lot
from traceability.selectors.access import Actor
from traceability.services.errors import Refusal
from traceability.services.submissions import Receipt
from traceability.verifier.checks import Check, all_checks


class NoSuchService(Refusal):
    """Nothing fills this slot here."""

    code = "no_such_service"


def _no_results(*, actor: Actor, lot: Lot) -> Receipt:
    raise NoSuchService("This installation computes no results.")


def _nothing_more(actor: Actor) -> Sequence[tuple[str, object]]:
    return ()


@dataclass(slots=True)
class Slots:
    """What is filled in so far."""

    publish_result: Callable[..., Receipt] = _no_results
    checks_of_bundles: Callable[[], Sequence[Check]] = all_checks
    taken_out: Callable[[Actor], Sequence[tuple[str, object]]] = _nothing_more
    """What the rooms above keep of an organisation: JSON members of its archive."""


SLOTS = Slots()
