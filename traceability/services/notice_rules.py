"""Whom an accepted statement concerns: read from its open fields, so that a notice can hold nothing confidential."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from traceability.ledger import envelope, identifiers, keys
from traceability.ledger.kinds.declarations import DECLARING
from traceability.ledger.statement import Statement, parse_header
from traceability.models import ChainLink, Finding, KeyEntry, Lot, LotAccess, Membership, Watch
from traceability.models import Statement as StatementRow
from traceability.models.notifications import Notice
from traceability.selectors import access
from traceability.selectors.access import Actor, NotFound
from traceability.services import clock
from traceability.services.projections import RECALL
from traceability.services.stored import uuid_of

Kind, About = Notice.Kind, Notice.About


@dataclass(frozen=True, slots=True)
class News:
    """Something for an organisation: for all its members, or for those alone who watch what it is about."""

    organisation: UUID
    kind: Notice.Kind
    about: Notice.About
    subject: UUID
    others: int = 0
    watchers: frozenset[int] | None = None


def news_of(row: StatementRow) -> list[News]:
    """What is to be told of an accepted statement, once to each organisation that it concerns."""
    said = read(row)
    rule = RULES.get(row.kind)
    found = [*(rule(row, said) if rule else ()), *_findings(row)]
    everybody = {(one.organisation, one.kind) for one in found if one.watchers is None}
    return [one for one in found if one.watchers is None or (one.organisation, one.kind) not in everybody]


def read(row: StatementRow) -> Statement:
    """The statement of a row, with what is closed in it left closed."""
    return parse_header(envelope.parse_envelope(bytes(row.envelope)).payload)


def published(declaration: UUID) -> tuple[StatementRow, Statement] | None:
    """The statement that published a declaration; None where there is none."""
    links = ChainLink.objects.filter(subject=declaration, seq=0, statement__kind__in=DECLARING)
    link = links.select_related("statement").first()
    return (link.statement, read(link.statement)) if link else None


# Goods on their way


def _dispatched(row: StatementRow, said: Statement) -> Iterator[News]:
    receiver = _receiver(said)
    if receiver is not None:
        yield News(receiver, Kind.GOODS_COMING, About.LOT, _lot(said))


def _arrived(row: StatementRow, said: Statement) -> Iterator[News]:
    dispatch = StatementRow.objects.get(digest=identifiers.digest_bytes(str(said.body["dispatch"])))
    kind = Kind.GOODS_REJECTED
    if row.kind == "lot.receive":
        kind = Kind.GOODS_RECEIVED if said.body["difference"] == "within" else Kind.GOODS_DIFFER
    yield News(dispatch.issuer, kind, About.LOT, _lot(said))


def _agreed(row: StatementRow, said: Statement) -> Iterator[News]:
    """To the other party of the dispatch that is settled or cancelled."""
    kind = Kind.DIFFERENCE_SETTLED if row.kind == "lot.settle" else Kind.DISPATCH_CANCELLED
    links = ChainLink.objects.filter(subject=_lot(said), statement__kind="lot.dispatch", statement__lt=row.pk)
    link = links.select_related("statement").order_by("-seq").first()
    if link is not None:
        parties = {link.statement.issuer, _receiver(read(link.statement))} - {row.issuer, None}
        yield from (News(one, kind, About.LOT, _lot(said)) for one in parties if one is not None)


def _receiver(said: Statement) -> UUID | None:
    to = said.body.get("to")
    return uuid_of(str(to)) if identifiers.is_urn(to) else None


def _lot(said: Statement) -> UUID:
    return uuid_of(str(said.body["lot"]))


# What becomes of lots


def _recalled(row: StatementRow, said: Statement) -> Iterator[News]:
    """To everybody who holds or held the recalled lot, or one that came of it."""
    lots = Finding.objects.filter(statement=row, code=RECALL).values("lot")
    return of_lots(row.issuer, Kind.LOT_RECALLED, Lot.objects.filter(pk__in=lots))


def _changed(row: StatementRow, said: Statement) -> Iterator[News]:
    """To everybody who holds or held the lots that a corrected or withdrawn statement speaks of."""
    kind = Kind.LOT_VOIDED if row.kind == "statement.void" else Kind.LOT_CORRECTED
    original = row.version_of.original
    return of_lots(row.issuer, kind, Lot.objects.filter(pk__in=original.links.values("subject")))


def of_lots(issuer: UUID, kind: Notice.Kind, lots: QuerySet[Lot]) -> Iterator[News]:
    """To everybody but who says it that holds or held one of the lots, and to those who watch them."""
    ids = lots.values("pk")
    rows = _seen(ids).exclude(organisation=issuer).values_list("organisation", "lot")
    by_organisation: dict[UUID, set[UUID]] = {}
    for organisation, lot in rows.order_by("organisation", "lot_id"):
        by_organisation.setdefault(organisation, set()).add(lot)
    for organisation, some in by_organisation.items():
        yield News(organisation, kind, About.LOT, min(some), others=len(some) - 1)
    of_lots = Watch.objects.filter(what=Watch.What.LOT, subject__in=ids)
    yield from _to_watchers((one for one in of_lots if _sees(one)), kind, About.LOT)
    of_declarations = Watch.objects.filter(what=Watch.What.DECLARATION, lot__in=ids)
    yield from _to_watchers(of_declarations, kind, About.DECLARATION)


def _seen(lots: Any) -> QuerySet[LotAccess]:
    return LotAccess.objects.filter(lot__in=lots).exclude(sees=LotAccess.Sees.ASSAY)


def _findings(row: StatementRow) -> Iterator[News]:
    """To the holder of each lot on which a statement left a finding, but for recalls, which are told as such."""
    found = Finding.objects.filter(statement=row, lot__isnull=False)
    if row.kind == "lot.recall":
        found = found.exclude(code=RECALL)
    for lot, holder in Lot.objects.filter(pk__in=found.values("lot")).values_list("pk", "holder"):
        yield News(holder, Kind.LOT_FINDING, About.LOT, lot)


# Declarations and keys


def _published(row: StatementRow, said: Statement) -> Iterator[News]:
    return _of_declaration(row, Kind.DECLARATION_PUBLISHED, uuid_of(str(said.body["declaration"])))


def _ended(row: StatementRow, said: Statement) -> Iterator[News]:
    superseded = row.kind == "declaration.supersede"
    kind = Kind.DECLARATION_SUPERSEDED if superseded else Kind.DECLARATION_WITHDRAWN
    return _of_declaration(row, kind, uuid_of(str(said.body["declaration"])))


def _submitted(row: StatementRow, said: Statement) -> Iterator[News]:
    declaration = uuid_of(str(said.body["declaration"]))
    yield News(uuid_of(str(said.body["to"])), Kind.DECLARATION_SUBMITTED, About.DECLARATION, declaration)


def _answered(row: StatementRow, said: Statement) -> Iterator[News]:
    declaration = uuid_of(str(said.body["declaration"]))
    if (found := published(declaration)) is not None:
        yield News(found[0].issuer, Kind.DECLARATION_ANSWERED, About.DECLARATION, declaration)


def _of_declaration(row: StatementRow, kind: Notice.Kind, declaration: UUID) -> Iterator[News]:
    """To those who hold or held its lot, and to those who watch it or its product."""
    found = published(declaration)
    if found is None:
        return
    _, said = found
    lots = [uuid_of(str(said.body["lot"]))] if "lot" in said.body else []
    holders = _seen(lots).exclude(organisation=row.issuer)
    for organisation in set(holders.values_list("organisation", flat=True)):
        yield News(organisation, kind, About.DECLARATION, declaration)
    watches = Watch.objects.filter(
        Q(what=Watch.What.DECLARATION, subject=declaration)
        | Q(what=Watch.What.PRODUCT, subject=row.issuer, product=str(said.body["product"]))
    )
    yield from _to_watchers(watches, kind, About.DECLARATION, subject=declaration)


def _of_keys(row: StatementRow, said: Statement) -> Iterator[News]:
    kinds = {"key.add": Kind.KEY_ADDED, "key.rotate": Kind.KEY_ROTATED, "key.revoke": Kind.KEY_REVOKED}
    organisation = uuid_of(keys.subject_organisation(said))
    yield News(organisation, kinds[row.kind], About.KEYS, organisation)


def key_uses(rows: Sequence[StatementRow]) -> Iterator[tuple[News, StatementRow]]:
    """For each key that its holder keeps and that signed some of these statements: the news, and the first of them."""
    own = KeyEntry.objects.filter(pk__in={bytes(row.key_id) for row in rows}, custody="holder").values_list(
        "pk", flat=True
    )
    for key in sorted(map(bytes, own)):
        first, *more = [row for row in rows if bytes(row.key_id) == key]
        yield News(first.issuer, Kind.KEY_USED, About.KEYS, first.issuer, others=len(more)), first


# Who watches


def _to_watchers(
    watches: Iterable[Watch], kind: Notice.Kind, about: Notice.About, *, subject: UUID | None = None
) -> Iterator[News]:
    """One piece of news for each organisation and subject, for the members who watch it."""
    users: dict[tuple[UUID, UUID], set[int]] = {}
    for watch in watches:
        users.setdefault((watch.organisation_id, subject or watch.subject), set()).add(watch.user_id)
    for (organisation, of), members in users.items():
        yield News(organisation, kind, about, of, watchers=frozenset(members))


def _sees(watch: Watch) -> bool:
    """Whether the watcher may still see his lot."""
    actor = Actor(watch.user_id, watch.organisation, Membership.Role.VIEWER)
    try:
        access.lot(actor, watch.subject, clock.now().date())
    except NotFound:
        return False
    return True


Rule = Callable[[StatementRow, Statement], Iterator[News]]
RULES: Final[dict[str, Rule]] = {
    "lot.dispatch": _dispatched,
    "lot.receive": _arrived,
    "lot.reject": _arrived,
    "lot.settle": _agreed,
    "lot.dispatch_cancel": _agreed,
    "lot.recall": _recalled,
    "statement.correct": _changed,
    "statement.void": _changed,
    "declaration.publish": _published,
    "declaration.reference": _published,
    "declaration.withdraw": _ended,
    "declaration.supersede": _ended,
    "declaration.submit": _submitted,
    "declaration.verify": _answered,
    "declaration.refuse": _answered,
    "declaration.register": _answered,
    "key.add": _of_keys,
    "key.rotate": _of_keys,
    "key.revoke": _of_keys,
}
