"""What the declaration of a lot cites: the reference of its product, with the deviation of each figure from it."""

from typing import Any, Final

from epd.lca.members import rows
from epd.models import Declaration
from epd.rules.references import deviations_of
from epd.selectors.share_tables import figures_of
from traceability.ledger.errors import RecordError
from traceability.models import Lot
from traceability.selectors.access import Actor
from traceability.services import clock, rows_world
from traceability.services.rows_world import RowsWorld
from traceability.services.submissions import Body

KIND: Final = "declaration.reference"


class ValidTooLong(RecordError):
    """A validity of more than five years."""

    code = "valid_too_long"


class NoSuchReference(RecordError):
    """A reference that a lot cannot cite."""

    code = "no_such_reference"


class NotJustified(RecordError):
    """A shorter period of data without a reason."""

    code = "not_justified"


class DeviationsDiffer(RecordError):
    """Deviations that are not those of the figures."""

    code = "deviations_differ"


def in_force(actor: Actor, lot: Lot) -> list[tuple[Declaration, Body]]:
    """The references of the actor's organisation that a lot can cite today, newest first."""
    today = clock.now().date().isoformat()
    rows_found = Declaration.objects.filter(
        lot=None, declarant=actor.organisation, status=Declaration.Status.PUBLISHED
    ).select_related("statement")
    opened = {row.statement_id: one for row in rows_found
              for one in rows_world.effective_versions([row.statement])}  # fmt: skip
    found = [(row, opened[row.statement_id].body) for row in rows_found]
    product = (lot.material, lot.stage)
    return [(row, body) for row, body in found
            if (body["material"], body["stage"]) == product and str(body["valid_until"]) >= today]  # fmt: skip


def citing(*, actor: Actor, lot: Lot, figures: Body, cites: str, justification: str) -> Body:
    """What the declaration of a lot with these figures says beside them where it cites a reference."""
    if not cites:
        return {}
    found = next(((row, body) for row, body in in_force(actor, lot) if row.reference == cites), None)
    if found is None:
        raise NoSuchReference("Cite a reference declaration of your own that is in force.", path="/body/reference")
    if not justification.strip():
        raise NotJustified("Say why the figures are of a shorter time than twelve months.",
                           path="/body/reference/justification")  # fmt: skip
    row, body = found
    [cited] = rows_world.effective_versions([row.statement])
    deviations = deviations_of(figures_of({**figures, "lot": lot.urn}), body)
    said: dict[str, Any] = {"declaration": row.urn, "statement": cited.newest, "justification": justification.strip()}
    return {
        "period": _period(lot),
        "valid_until": body["valid_until"],
        "reference": said | ({"deviations": deviations} if deviations else {}),
    }


def _period(lot: Lot) -> dict[str, str]:
    """The days of the step that made a lot."""
    [made] = rows_world.effective_versions([lot.made_by])
    return {"from": made.occurred_from.date().isoformat(), "to": made.occurred_to.date().isoformat()}


def check_citation(issuer: str, body: Body, world: RowsWorld) -> None:
    """Refuses a citation of what is no reference in force of the same product, or with other deviations."""
    said = body.get("reference")
    if not isinstance(said, dict):
        return
    head, cited = world.head(str(said["declaration"])), world.effective_version(str(said["statement"]))
    if head is None or head.ended or head.owner != issuer or cited is None or cited.original.kind != KIND:
        raise NoSuchReference("Cite a reference declaration of your own that is in force.", path="/body/reference")
    lot = _product(body, world)
    if cited.body["declaration"] != said["declaration"] or lot != (cited.body["material"], cited.body["stage"]):
        raise NoSuchReference("Cite the reference declaration of this product.", path="/body/reference")
    if cited.body["profile"] != body["profile"]:
        raise NoSuchReference("Cite a reference under the same list of rules.", path="/body/reference")
    if str(body.get("valid_until", "9999")) > str(cited.body["valid_until"]):
        raise ValidTooLong("A lot is valid no longer than the reference that it cites.", path="/body/valid_until")
    if said.get("deviations", []) != deviations_of(figures_of(body), cited.body):
        raise DeviationsDiffer("These are not the deviations of the figures. Compute them again.",
                               path="/body/reference/deviations")  # fmt: skip


def _product(body: Body, world: RowsWorld) -> tuple[str, str]:
    """Material and stage of the lot of a declaration, as the step says that made it."""
    known = world.lot(str(body["lot"]))
    maker = None if known is None else world.effective(known.custody.created_by)
    if maker is None:
        raise NoSuchReference("The step that made this lot is not at hand.", path="/body/lot")
    found = next((row for row in rows(maker.body, "outputs") if row["lot"] == body["lot"]), maker.body)
    return str(found.get("material")), str(found.get("stage"))
