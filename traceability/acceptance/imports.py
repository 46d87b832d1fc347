"""A lot of another log comes in: only as the verified bundle of that log proves it, and never as more (section 5)."""

from traceability.acceptance.errors import ImportRefused
from traceability.acceptance.versions import corrected_body
from traceability.acceptance.world import Body, ForeignLot, World
from traceability.ledger.quantity import computing, parse_quantity
from traceability.ledger.statement import Statement
from traceability.material.composition import parse_assay

KIND = "lot.import"
_SAME = ("lot", "material", "stage", "log", "dispatch", "custody_hash")


def check_open(statement: Statement, world: World) -> None:
    """Refuses an import, or a correction of one, that the open fields of the bundle do not bear out."""
    body = _claimed(statement, statement.body, world)
    if body is None:
        return
    if body["log"] == world.origin:
        raise ImportRefused("The lot is of this log. Receive it here.", path="/body/log")
    foreign = world.foreign(str(body["bundle"]))
    if foreign is None:
        return
    for name in _SAME:
        if body[name] != getattr(foreign, name):
            raise ImportRefused(f"The bundle proves another {name}.", path=f"/body/{name}")
    if body["organisation"] != foreign.sender:
        raise ImportRefused("Another organisation dispatched the lot.", path="/body/organisation")
    if foreign.to != (world.origin, statement.issuer):
        raise ImportRefused("The lot was dispatched to another log, or to another organisation.", path="/issuer")
    if any(one.key not in foreign.keys for one in statement.cosigners):
        raise ImportRefused("This is no key of the sender that is active in its log.", path="/cosigners/0/key")


@computing()
def check_matter(statement: Statement, opened: Body, world: World) -> None:
    """Refuses more mass, or more of an element, than was dispatched; as far as both are disclosed."""
    body = _claimed(statement, opened, world)
    foreign = None if body is None else world.foreign(str(body["bundle"]))
    if body is None or foreign is None or foreign.mass_kg is None or "mass_kg" not in body:
        return
    if parse_quantity(body["mass_kg"]) != foreign.mass_kg:
        raise ImportRefused("The mass of an import is the one that was dispatched.", path="/body/mass_kg")
    assay = body.get("assay")
    if isinstance(assay, dict) and "rows" in assay and foreign.composition is not None:
        _check_contents(assay, foreign)


def _check_contents(assay: Body, foreign: ForeignLot) -> None:
    known = foreign.composition or {}
    for element, content in parse_assay(assay, path="/body/assay").composition().items():
        if element not in known or content.element_pct > known[element].element_pct:
            raise ImportRefused(f"The bundle proves less {element} in the lot.", path="/body/assay", element=element)


def _claimed(statement: Statement, body: Body, world: World) -> Body | None:
    """The body of an import, or the one that a correction of an import claims; None of other statements."""
    if statement.kind == KIND:
        return body
    if statement.kind != "statement.correct":
        return None
    before = world.effective(str(statement.body["replaces"]))
    return corrected_body(body) if before is not None and before.original.kind == KIND else None
