"""A lot of another log comes in: only as the verified bundle of that log proves it, and never as more (section 5)."""

from traceability.acceptance.errors import ImportRefused
from traceability.acceptance.versions import corrected_body
from traceability.acceptance.world import Body, ForeignLot, World
from traceability.ledger.custody import CustodyState
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
    foreign = world.foreign(str(body["bundle"]), statement.issuer)
    if foreign is not None:
        compare_open(statement, body, foreign, origin=world.origin)


def compare_open(statement: Statement, body: Body, foreign: ForeignLot, *, origin: str) -> None:
    """Refuses an import into the log of this origin whose open fields are not those of the lot there."""
    for name in _SAME:
        if body[name] != getattr(foreign, name):
            raise ImportRefused(f"The bundle proves another {name}.", path=f"/body/{name}")
    if body["organisation"] != foreign.sender:
        raise ImportRefused("Another organisation dispatched the lot.", path="/body/organisation")
    if foreign.to != (origin, statement.issuer):
        raise ImportRefused("The lot was dispatched to another log, or to another organisation.", path="/issuer")
    if any(one.key not in foreign.keys for one in statement.cosigners):
        raise ImportRefused("This is no key of the sender that is active in its log.", path="/cosigners/0/key")


def check_matter(statement: Statement, opened: Body, world: World) -> None:
    """Refuses more mass, or more of an element, than was dispatched; as far as both are disclosed."""
    body = _claimed(statement, opened, world)
    foreign = None if body is None else world.foreign(str(body["bundle"]), statement.issuer)
    if body is not None and foreign is not None:
        compare_matter(body, foreign)


@computing()
def compare_matter(body: Body, foreign: ForeignLot) -> None:
    """Refuses another mass, or more of an element, than the lot has there."""
    if foreign.mass_kg is None or "mass_kg" not in body:
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


def dispatched_lot(world: World, lot: str) -> ForeignLot | None:
    """A lot of this world as another log takes it in; None where its newest statement is no dispatch to one."""
    record, head = world.lot(lot), world.head(lot)
    if record is None or head is None or record.custody.state is not CustodyState.IN_TRANSIT:
        return None
    sent = world.effective(record.custody.dispatched_by)
    to = None if sent is None else sent.body["to"]
    if sent is None or not isinstance(to, dict) or head.custody_hash != sent.original.custody_hash(lot):
        return None
    ring, stock = world.ring(sent.original.issuer), record.stock
    active = {
        key: one.public_key for key, one in (ring.keys if ring else {}).items() if one.active and not one.recovery
    }
    return ForeignLot(
        log=world.origin,
        lot=lot,
        material=record.custody.material,
        stage=record.stage,
        dispatch=sent.original.digest,
        dispatched_at=sent.occurred_to,
        custody_hash=head.custody_hash,
        sender=sent.original.issuer,
        keys=dict(sorted(active.items(), key=lambda one: one[0] != sent.original.key)),
        to=(str(to["origin"]), str(to["organisation"])),
        mass_kg=None if stock is None else stock.custody_kg,
        composition=None if stock is None else stock.composition,
    )
