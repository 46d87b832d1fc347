"""The urns under which people stand in the record of a declaration: drawn at random, and known here alone."""

from collections.abc import Mapping
from uuid import UUID

from epd.models import Person
from traceability.selectors.access import Actor
from traceability.services import clock, sealing
from traceability.services.errors import NotAllowed
from traceability.services.rows_world import urn_of


def of_submission(declaration: UUID, entered: int | None, approved: int) -> Mapping[str, str]:
    """Who entered a submission and who approves it; asked for by the one who enters it, anybody else approves it."""
    is_other = approved and approved != entered
    other = _urn(declaration, approved) if is_other else sealing.urn(sealing.new_id(clock.now()))
    return {"entered_by": _urn(declaration, entered or 0), "approved_by": other}


def of_actor(declaration: UUID, actor: Actor) -> str:
    """The urn of who acts; a program stands for the person whose token it has."""
    return _urn(declaration, actor.user_id)


def _urn(declaration: UUID, user: int) -> str:
    if not user:
        raise NotAllowed("A person says this, so that it is known to be another one. Sign in and say it yourself.")
    return urn_of(Person.objects.get_or_create(declaration=declaration, user_id=user)[0].urn)
