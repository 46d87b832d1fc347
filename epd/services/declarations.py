"""EPD-style declarations of lots: published out of the lot's signed result, withdrawn, superseded."""

import hashlib
from typing import Any
from uuid import UUID

from epd.lca.bodies import declared_headline, figures_to_body
from epd.lca.indicators import Basis
from epd.lca.result import DECLARED_UNIT
from epd.models import Declaration, LotResultRow
from epd.rules.declared import declared
from epd.rules.profiles import profile_of
from epd.selectors.share_tables import figures_of as figures_with_tables
from epd.services import citing
from epd.services.results import ResultUnknown, require_period
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement
from traceability.models import Lot
from traceability.models import Statement as StatementRow
from traceability.selectors.access import Actor
from traceability.services import acceptance, clock, rows_world, sealing
from traceability.services.acceptance import Accepted
from traceability.services.drafts import require_no_approval
from traceability.services.rows_world import RowsWorld, uuid_of
from traceability.services.submissions import Act, Body, Receipt

TITLE = "EPD-style declaration, not verified"
ILLUSTRATIVE_TITLE = "EPD-style declaration, not verified, illustrative figures"
PROFILE = "international-epd-default/1"
_REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class NotTheDeclarant(RecordError):
    code = "not_the_declarant"


class FiguresDiffer(RecordError):
    """A declaration that does not repeat the figures of the result that it names."""

    code = "figures_differ"


class CustodyHashDiffers(RecordError):
    code = "custody_hash_differs"


class TitleClaimsTooMuch(RecordError):
    code = "title_claims_too_much"


class AnotherName(RecordError):
    """A declaration under a name or country that is not that of its declarant."""

    code = "another_name"


class OverAtOnce(RecordError):
    """A declaration whose validity ended before it was signed."""

    code = "over_at_once"


def publish(*, actor: Actor, lot: Lot, **said: Any) -> tuple[Declaration, Receipt]:
    """The declaration of a lot, from the newest result of its maker, and the receipt of declaration.publish.

    `said` is what `body_of` takes: product, illustrative, cites, justification.
    """
    if not actor.program:
        require_no_approval(actor)
    moment = clock.now()
    body = body_of(actor=actor, lot=lot, id=sealing.new_id(moment), **said)
    act = Act("declaration.publish", actor.organisation.pk, body, (moment, moment))
    [receipt] = acceptance.accept(actor=actor, submissions=[act])
    return Declaration.objects.get(pk=uuid_of(str(body["declaration"]))), receipt


def body_of(
    *,
    actor: Actor,
    lot: Lot,
    product: str,
    id: UUID,
    illustrative: bool = False,
    cites: str = "",
    justification: str = "",
) -> Body:
    """The opened body of declaration.publish: the figures of the newest result, and the lot's custody hash now.

    `cites` is the short reference of a reference declaration, and then its end of validity counts for the lot.
    """
    row = LotResultRow.objects.filter(lot=lot).select_related("statement").last()
    if row is None:
        raise ResultUnknown("Compute and sign the result of this lot first.")
    [effective] = rows_world.effective_versions([row.statement])
    figures = figures_of(effective.body, PROFILE)
    return {
        **figures,
        **citing.citing(actor=actor, lot=lot, figures=figures, cites=cites, justification=justification),
        "declaration": sealing.urn(id),
        "lot": lot.urn,
        "custody_hash": rows_world.reader().read_head(lot.urn).custody_hash,
        "result": effective.newest,
        "title": title_of(illustrative=illustrative),
        "product": product,
        "declarant": actor.organisation.name,
        "country": actor.organisation.country,
        "profile": PROFILE,
        "declared_unit": DECLARED_UNIT,
        "illustrative": illustrative,
        "factors": effective.body["factors"],
        "algorithms": effective.body["algorithms"],
    }


def figures_of(result_body: Body, profile: str) -> Body:
    """The figures of a result as a declaration under this profile states them, with what it does not declare."""
    return figures_to_body(declared(figures_with_tables(result_body), profile_of(profile)))


def withdraw(*, actor: Actor, declaration: Declaration, reason: str) -> Receipt:
    """The receipt of declaration.withdraw: from now on the page says withdrawn, and why."""
    return _end(actor, declaration, {"reason": reason})


def supersede(*, actor: Actor, declaration: Declaration, successor: Declaration, reason: str) -> Receipt:
    """The receipt of declaration.supersede: the successor takes the place of the declaration."""
    return _end(actor, declaration, {"successor": successor.urn, "reason": reason})


def _end(actor: Actor, declaration: Declaration, said: Body) -> Receipt:
    if not actor.program:
        require_no_approval(actor)
    moment = clock.now()
    kind = "declaration.supersede" if "successor" in said else "declaration.withdraw"
    act = Act(kind, actor.organisation.pk, {"declaration": declaration.urn, **said}, (moment, moment))
    return acceptance.accept(actor=actor, submissions=[act])[0]


def check_publication(statement: Statement, body: Body, world: RowsWorld) -> None:
    """Refuses a declaration that is not by the maker of its lot, or says other than the result that it names."""
    lot = world.lot(str(body["lot"]))
    if lot is None or lot.custody.maker != statement.issuer:
        raise NotTheDeclarant("Only the maker of a lot can declare it.", path="/body/lot")
    head = world.read_head(str(body["lot"]))
    if head.custody_hash != body["custody_hash"]:
        raise CustodyHashDiffers("The lot has a new head. Read it and declare again.", path="/body/custody_hash")
    check_figures(body, world)
    check_title(str(body["title"]), illustrative=body["illustrative"] is True)
    check_name(statement.issuer, body, world)
    require_period(body)
    citing.check_citation(statement.issuer, body, world)
    if str(body.get("valid_until", "9999")) < statement.issued_at.date().isoformat():
        raise OverAtOnce("This day is over. Choose a later day.", path="/body/valid_until")


def check_name(issuer: str, body: Body, world: RowsWorld) -> None:
    """A declaration names its declarant as he is registered at that point of the log."""
    row = StatementRow.objects.filter(kind="organisation.register", issuer=uuid_of(issuer)).first()
    register = None if row is None else world.effective(f"sha256:{bytes(row.digest).hex()}")
    known = {} if register is None else register.body
    if known.get("name", body["declarant"]) != body["declarant"]:
        sentence = f"Declare under the name with which you are registered: {known['name']}."
        raise AnotherName(sentence, path="/body/declarant")
    if known.get("country", body["country"]) != body["country"]:
        sentence = f"Declare under the country with which you are registered: {known['country']}."
        raise AnotherName(sentence, path="/body/country")


def check_figures(body: Body, world: RowsWorld) -> None:
    """Refuses figures that are not, digit by digit, those of the result that the declaration names."""
    result = world.effective_version(str(body["result"]))
    if result is None or result.original.kind != "lot.result" or result.body["lot"] != body["lot"]:
        raise ResultUnknown("There is no such result of this lot, or it was corrected.", path="/body/result")
    if body["declared_unit"] != DECLARED_UNIT:
        raise FiguresDiffer("The figures of a result are per kilogram: declare 1 kg.", path="/body/declared_unit")
    figures = figures_of(result.body, str(body["profile"]))
    for name in sorted(figures.keys() | {"factors", "algorithms"}):
        if body.get(name) != (figures.get(name) or result.body.get(name)):
            raise FiguresDiffer("Repeat the figures of the result, digit by digit.", path=f"/body/{name}")


def check_title(title: str, *, illustrative: bool) -> None:
    """An unverified result is titled as what it is (ISO 14025: an EPD is by definition independently verified)."""
    if title != title_of(illustrative=illustrative):
        raise TitleClaimsTooMuch(f'Title it "{title_of(illustrative=illustrative)}".', path="/body/title")


def title_of(*, illustrative: bool) -> str:
    """What a declaration is called that nobody verified."""
    return ILLUSTRATIVE_TITLE if illustrative else TITLE


def store_publication(one: Accepted) -> None:
    """The row that finds a declaration."""
    body = one.opened
    headline = declared_headline(body, Basis.ECONOMIC)
    Declaration.objects.create(
        pk=uuid_of(str(body["declaration"])),
        lot_id=uuid_of(str(body["lot"])),
        declarant_id=uuid_of(one.statement.issuer),
        statement=one.row,
        reference=reference_of(uuid_of(str(body["declaration"]))),
        product=str(body["product"]),
        country=str(body["country"]),
        gwp_ghg=headline if headline is not None else declared_headline(body, Basis.MASS),
        illustrative=body["illustrative"] is True,
        published_at=one.row.accepted_at,
    )


def store_end(one: Accepted) -> None:
    """The status of a declaration that was withdrawn or superseded."""
    superseded = one.statement.kind == "declaration.supersede"
    Declaration.objects.filter(pk=uuid_of(str(one.statement.body["declaration"]))).update(
        status=Declaration.Status.SUPERSEDED if superseded else Declaration.Status.WITHDRAWN,
        successor=uuid_of(str(one.statement.body["successor"])) if superseded else None,
        reason=str(one.statement.body["reason"]),
    )


def reference_of(declaration: UUID) -> str:
    """The short reference of a declaration, eight letters of its urn's hash: 7Q4K-2M9X."""
    number = int.from_bytes(hashlib.sha256(declaration.bytes).digest()[:5])
    letters = "".join(_REFERENCE_LETTERS[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"
