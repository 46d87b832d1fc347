"""Who holds a lot and what may happen to it: the custody table of record-format.md section 5, from open fields alone.

`advance` is the whole of it: what a statement makes of the lots that it names, or a CustodyError. No masses here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from traceability.ledger.errors import RecordError
from traceability.ledger.immutable import immutable
from traceability.ledger.kinds.kind import Body, corrected_body, rows_at
from traceability.ledger.kinds.lots import MAKING
from traceability.ledger.statement import Statement


class CustodyState(StrEnum):
    HELD = "held"
    ON_HOLD = "on_hold"
    IN_TRANSIT = "in_transit"
    BLOCKED = "blocked"
    CLOSED = "closed"
    VOID = "void"


@immutable
class LotCustody:
    """One lot as the open fields of its chain leave it."""

    urn: str
    material: str
    maker: str
    holder: str
    created_by: str  # digest of the source or transform
    state: CustodyState = CustodyState.HELD
    receiver: str = ""  # while it is in transit or blocked: an organisation here, or what `recipient` calls others
    sender: str = ""  # who dispatched it, while it is in transit or blocked
    dispatched_by: str = ""  # digest of the dispatch, while it is in transit or blocked
    closed_by: str = ""  # digest of the statement that took the rest
    drawn: bool = False  # an `input` role stood on it
    travelled: bool = False  # it was dispatched at least once
    quiet: bool = True  # since it was made only what does not stand in the way of a void
    recalled: bool = False


ReadLot = Callable[[str], LotCustody | None]
ReadStatement = Callable[[str], Statement | None]


class CustodyError(RecordError):
    code = "custody"


class LotUnknown(CustodyError):
    code = "lot_unknown"


class LotExists(CustodyError):
    code = "lot_exists"


class NotHolder(CustodyError):
    code = "not_holder"


class NotMaker(CustodyError):
    code = "not_maker"


class NotReceiver(CustodyError):
    code = "not_receiver"


class WrongState(CustodyError):
    code = "wrong_custody_state"


class LotVoid(CustodyError):
    code = "lot_void"


class AlreadyDrawn(CustodyError):
    code = "already_drawn"


class NotThatDispatch(CustodyError):
    code = "not_that_dispatch"


class NotASplitOrMerge(CustodyError):
    code = "not_a_split_or_merge"


class WrongCosigner(CustodyError):
    code = "wrong_cosigner"


class DispatchToSelf(CustodyError):
    code = "dispatch_to_self"


class NotVoidable(CustodyError):
    code = "not_voidable"


class NotCorrectable(CustodyError):
    code = "not_correctable"


class NotIssuerOfOriginal(CustodyError):
    code = "not_issuer_of_original"


@immutable
class CustodyStep:
    """What a statement changes: the lots after it, and findings (codes) on it."""

    lots: Mapping[str, LotCustody]
    findings: tuple[str, ...] = ()


NO_STEP = CustodyStep({})
_WORDS = {
    CustodyState.HELD: "is on hand",
    CustodyState.ON_HOLD: "is on hold",
    CustodyState.IN_TRANSIT: "is on its way to its receiver",
    CustodyState.BLOCKED: "is blocked until its weighed difference is settled",
    CustodyState.CLOSED: "is used up",
    CustodyState.VOID: "was declared void",
}


def advance(statement: Statement, read_lot: ReadLot, read_statement: ReadStatement) -> CustodyStep:
    """The lots after this statement and the findings on it; a CustodyError when the table does not allow it."""
    rule = _RULES.get(statement.kind)
    if rule is not None:
        return rule(statement, read_lot)
    if statement.kind == "statement.correct":
        return _correct(statement, read_lot, read_statement)
    if statement.kind == "statement.void":
        return _void(statement, read_lot, read_statement)
    return NO_STEP


def _lot(read_lot: ReadLot, urn: str) -> LotCustody:
    lot = read_lot(urn)
    if lot is None:
        raise LotUnknown("This lot is not in the record.", path="/chains", lot=urn)
    if lot.state is CustodyState.VOID:
        raise LotVoid("This lot was declared void; its number is never used again.", path="/chains", lot=urn)
    return lot


def _own(statement: Statement, read_lot: ReadLot, *states: CustodyState) -> LotCustody:
    """The one lot of a statement, which its issuer must hold in one of these states."""
    return _held(_lot(read_lot, str(statement.body["lot"])), statement.issuer, *states)


def _held(lot: LotCustody, issuer: str, *states: CustodyState) -> LotCustody:
    if lot.holder != issuer:
        raise NotHolder("Only the organisation that holds the lot can do this.", path="/chains", lot=lot.urn)
    if lot.state not in states:
        raise WrongState(f"The lot {_WORDS[lot.state]}, so this is not possible now.", path="/chains", lot=lot.urn)
    return lot


def presumed(urn: str, statement: Statement) -> LotCustody:
    """A lot whose chain is not at hand, as this statement needs it: whether that is true cannot be told here."""
    rows = (*rows_at(statement.body, "outputs"), *rows_at(corrected_body(statement.body), "outputs"))
    material = str(rows[0]["material"]) if rows else ""
    return LotCustody(urn, material, statement.issuer, statement.issuer, "")


def _changed(lot: LotCustody, *findings: str) -> CustodyStep:
    return CustodyStep({lot.urn: lot}, findings)


def _new_lot(statement: Statement, read_lot: ReadLot, urn: str, material: str) -> LotCustody:
    if read_lot(urn) is not None:
        raise LotExists("A lot with this urn is in the record already. Use a new one.", path="/chains", lot=urn)
    return LotCustody(urn, material, statement.issuer, statement.issuer, statement.digest)


def _source(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    return _changed(_new_lot(statement, read_lot, str(statement.body["lot"]), str(statement.body["material"])))


def _import(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    """A lot of another log: who dispatched it there signs second."""
    if [one.organisation for one in statement.cosigners] != [statement.body["organisation"]]:
        raise WrongCosigner("The organisation that dispatched the lot to you signs its import second.",
                            path="/cosigners")  # fmt: skip
    return _source(statement, read_lot)


def _transform(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    lots: dict[str, LotCustody] = {}
    for chain in statement.chains:
        if chain.role != "output":
            lots[chain.subject] = _drawn(_lot(read_lot, chain.subject), statement, chain.role)
    for row in rows_at(statement.body, "outputs"):
        urn = str(row["lot"])
        lots[urn] = _new_lot(statement, read_lot, urn, str(row["material"]))
    if not statement.process:
        _check_split_or_merge(statement.body, lots, "/body")
    return CustodyStep(lots)


def _drawn(lot: LotCustody, statement: Statement, role: str) -> LotCustody:
    _held(lot, statement.issuer, CustodyState.HELD)
    if role == "input":
        return replace(lot, drawn=True, quiet=False)
    return replace(lot, state=CustodyState.CLOSED, closed_by=statement.digest, quiet=False)


def _check_split_or_merge(body: Body, lots: Mapping[str, LotCustody], path: str) -> None:
    """Without `process` it is a split (one input) or a merge (one output, one material); no inventory, no losses."""
    inputs, outputs = rows_at(body, "inputs"), rows_at(body, "outputs")
    materials = {lots[str(row["lot"])].material for row in (*inputs, *outputs)}
    if (len(inputs) > 1 and len(outputs) > 1) or len(materials) != 1:
        raise NotASplitOrMerge(
            "Without a process it is a split of one lot or a merge into one lot of one material. Name the process.",
            path=f"{path}/outputs",
        )
    extra = [name for name in ("inventory", "losses", "wip_change", "exclusions") if name in body]
    if extra or any("assay" in row or row["class"] != "product" for row in outputs):
        raise NotASplitOrMerge(
            "A split or merge has no inventory, losses, assay or output class but product. Name the process.",
            path=path,
        )


def _dispose(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    chain = statement.chains[0]
    return _changed(_drawn(_lot(read_lot, chain.subject), statement, chain.role))


def _assay(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    return _changed(_own(statement, read_lot, CustodyState.HELD, CustodyState.ON_HOLD, CustodyState.BLOCKED))


def _adjust(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    return _changed(_own(statement, read_lot, CustodyState.HELD, CustodyState.ON_HOLD))


def _in_account(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    """A lot that is credited to a claims account, or of which is claimed: whole, and in its owner's hands."""
    if "lot" not in statement.body:
        return NO_STEP
    lot = _own(statement, read_lot, CustodyState.HELD, CustodyState.ON_HOLD)
    if lot.drawn:
        raise AlreadyDrawn("Part of this lot was used. Only whole lots are credited and claimed of.",
                           path="/chains", lot=lot.urn)  # fmt: skip
    return _changed(replace(lot, quiet=False))


def _hold(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    return _changed(replace(_own(statement, read_lot, CustodyState.HELD), state=CustodyState.ON_HOLD))


def _release(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    return _changed(replace(_own(statement, read_lot, CustodyState.ON_HOLD), state=CustodyState.HELD))


def _by_maker(statement: Statement, read_lot: ReadLot) -> LotCustody:
    lot = _lot(read_lot, str(statement.body["lot"]))
    if lot.maker != statement.issuer:
        raise NotMaker("Only the organisation that made the lot can say this.", path="/chains", lot=lot.urn)
    return lot


def _result(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    return _changed(_by_maker(statement, read_lot))


def _recall(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    return _changed(replace(_by_maker(statement, read_lot), recalled=True, quiet=False))


def _dispatch(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    lot = _own(statement, read_lot, CustodyState.HELD)
    to = recipient(statement.body["to"])
    if to == statement.issuer:
        raise DispatchToSelf("The lot is yours already. Dispatch it to another organisation.", path="/body/to")
    if lot.drawn:
        raise AlreadyDrawn(
            "Part of this lot was used. Split the rest into a lot of its own and dispatch that one.",
            path="/chains",
            lot=lot.urn,
        )
    return _changed(
        replace(
            lot,
            state=CustodyState.IN_TRANSIT,
            sender=statement.issuer,
            receiver=to,
            dispatched_by=statement.digest,
            travelled=True,
            quiet=False,
        )
    )


def recipient(to: object) -> str:
    """The organisation of this log that a dispatch names; `outside`, or a name with the origin of another log."""
    return f"{to['organisation']} at {to['origin']}" if isinstance(to, dict) else str(to)


def _arriving(statement: Statement, read_lot: ReadLot) -> LotCustody:
    """The lot in transit to the issuer of a receipt or rejection, which must name its dispatch.

    How the lot stands is told to nobody but those between whom it is.
    """
    lot = _lot(read_lot, str(statement.body["lot"]))
    if statement.issuer not in (lot.holder, lot.receiver):
        raise NotReceiver("This lot is not on its way to you.", path="/chains", lot=lot.urn)
    if lot.state is not CustodyState.IN_TRANSIT:
        raise WrongState(f"The lot {_WORDS[lot.state]}: nothing is on its way.", path="/chains", lot=lot.urn)
    if lot.receiver != statement.issuer:
        raise NotReceiver("The lot was dispatched to somebody else.", path="/chains", lot=lot.urn)
    if statement.body["dispatch"] != lot.dispatched_by:
        raise NotThatDispatch("Name the dispatch that is on its way.", path="/body/dispatch", lot=lot.urn)
    return lot


def _at_rest(lot: LotCustody, holder: str) -> LotCustody:
    return replace(lot, state=CustodyState.HELD, holder=holder, sender="", receiver="", dispatched_by="")


def _receive(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    lot = _arriving(statement, read_lot)
    if statement.body["difference"] == "within":
        return _changed(_at_rest(lot, statement.issuer))
    return _changed(replace(lot, state=CustodyState.BLOCKED, holder=statement.issuer))


def _reject(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    lot = _arriving(statement, read_lot)
    return _changed(_at_rest(lot, lot.sender))


def _cosigned_by(statement: Statement, organisation: str) -> bool:
    """Whether this organisation signed too; nobody else may."""
    others = [cosigner.organisation for cosigner in statement.cosigners if cosigner.organisation != organisation]
    if others:
        raise WrongCosigner("Only the other party of this dispatch signs beside you.", path="/cosigners/0/organisation")
    return bool(statement.cosigners)


def _dispatch_cancel(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    lot = _own(statement, read_lot, CustodyState.IN_TRANSIT)
    back = _at_rest(lot, lot.sender)
    return _changed(back) if _cosigned_by(statement, lot.receiver) else _changed(back, "cancelled_alone")


def _settle(statement: Statement, read_lot: ReadLot) -> CustodyStep:
    lot = _own(statement, read_lot, CustodyState.BLOCKED)
    settled = _at_rest(lot, lot.holder)
    return _changed(settled) if _cosigned_by(statement, lot.sender) else _changed(settled, "settled_alone")


def _original(statement: Statement, digest: str, read_statement: ReadStatement) -> Statement:
    original = read_statement(digest)
    if original is None or original.kind in ("statement.correct", "statement.void"):
        raise NotCorrectable("Name the original statement, not a correction of it.", path="/body")
    if original.issuer != statement.issuer:
        raise NotIssuerOfOriginal("Only the issuer of a statement can correct or withdraw it.", path="/issuer")
    if {chain.subject for chain in original.chains} != {chain.subject for chain in statement.chains}:
        raise NotCorrectable("Append it to every chain of the original and to no other.", path="/chains")
    return original


def _correct(statement: Statement, read_lot: ReadLot, read_statement: ReadStatement) -> CustodyStep:
    """A correction leaves custody alone, but what a lot is called may change."""
    original = _original(statement, str(statement.body["replaces"]), read_statement)
    lots = {chain.subject: lot for chain in original.chains if (lot := read_lot(chain.subject)) is not None}
    if any(lot.state is CustodyState.VOID for lot in lots.values()):
        raise LotVoid("This lot was declared void; there is nothing left to correct.", path="/chains")
    if original.kind not in MAKING:
        return NO_STEP
    claimed = corrected_body(statement.body)
    rows = rows_at(claimed, "outputs") if original.kind == "lot.transform" else [claimed]
    renamed = {str(row["lot"]): replace(lots[str(row["lot"])], material=str(row["material"])) for row in rows}
    if original.kind == "lot.transform" and not original.process:
        _check_split_or_merge(claimed, lots | renamed, "/body/as/body")
    return CustodyStep(renamed)


def _void(statement: Statement, read_lot: ReadLot, read_statement: ReadStatement) -> CustodyStep:
    original = _original(statement, str(statement.body["voids"]), read_statement)
    if original.kind not in MAKING:
        return NO_STEP
    lots: dict[str, LotCustody] = {}
    for chain in original.chains:
        lot = _lot(read_lot, chain.subject)
        if chain.role == "output":
            lots[lot.urn] = _voided(lot)
        elif lot.closed_by == original.digest:
            lots[lot.urn] = replace(lot, state=CustodyState.HELD, closed_by="")
    return CustodyStep(lots)


def _voided(lot: LotCustody) -> LotCustody:
    if not lot.quiet:
        raise NotVoidable(
            "Others built on this lot already: it was used, dispatched or recalled. Correct the statement instead.",
            path="/chains",
            lot=lot.urn,
        )
    return replace(lot, state=CustodyState.VOID)


_RULES: Mapping[str, Callable[[Statement, ReadLot], CustodyStep]] = {
    "lot.source": _source,
    "lot.import": _import,
    "lot.transform": _transform,
    "lot.assay": _assay,
    "lot.adjust": _adjust,
    "lot.dispose": _dispose,
    "lot.hold": _hold,
    "lot.release": _release,
    "lot.result": _result,
    "lot.recall": _recall,
    "lot.dispatch": _dispatch,
    "lot.receive": _receive,
    "lot.reject": _reject,
    "lot.dispatch_cancel": _dispatch_cancel,
    "lot.settle": _settle,
    "account.credit": _in_account,
    "account.claim": _in_account,
}
