"""Named slots: use-cases of the rooms above that a page here offers as a button. `config/wiring.py` fills them."""

from collections.abc import Callable
from dataclasses import dataclass

from traceability.models import Lot
from traceability.selectors.access import Actor
from traceability.services.errors import Refusal
from traceability.services.submissions import Receipt


class NoSuchService(Refusal):
    """Nothing fills this slot here."""

    code = "no_such_service"


def _no_results(*, actor: Actor, lot: Lot) -> Receipt:
    raise NoSuchService("This installation computes no results.")


@dataclass(slots=True)
class Slots:
    """What is filled in so far."""

    publish_result: Callable[..., Receipt] = _no_results


SLOTS = Slots()
