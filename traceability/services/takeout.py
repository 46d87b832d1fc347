"""All data of an organisation as one archive, written while it is read. No secret is in it.

The order of the members is that of their names, as the archive demands (ledger/stored_zip.py).
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db.models import QuerySet

from traceability.ledger import stored_zip
from traceability.models import (
    AuditEvent,
    AuditNote,
    Disclosure,
    Draft,
    DraftTemplate,
    EpcisCapture,
    Evidence,
    Facility,
    LogEntry,
    Mandate,
    ProductNumber,
    Statement,
)
from traceability.models.organisations import OpeningRule
from traceability.selectors import asking, stock
from traceability.selectors import members as people
from traceability.selectors.access import Actor
from traceability.services import audit, clock, evidence, members, takeout_lists
from traceability.services.slots import SLOTS

CHUNK: Final = 200
Member = tuple[str, bytes]
README: Final = """All data of {name} ({urn}) at {site}, as of {moment}.

organisation.json   what the organisation is, its rules for who reads what
statements/         every statement that it signed, byte for byte as the log keeps it (DSSE), by order of acceptance
statements.csv      the same as a list: kind, digest, place in the log
disclosures/        the confidential values of each of these statements: digest, salt and value
documents/          every document, named by the SHA-256 of its content; documents.csv has the names that you gave
epcis/              the EPCIS events that you captured, as they were sent, one document for each capture
drafts.json         what was typed and not signed
templates.json      what you kept to begin drafts from
background.json     background data of your own, and files for it
references.json     reference declarations that you prepare
remarks.json        what you and verifiers or programme operators wrote to each other on declarations
people.json         under which urns your people took part in declarations
declarations.json   your declarations and how far they are, and those of others that were submitted to you
requests.json       what partners asked of you and you of them, and the answers
openings.json       single values that you opened to partners, and they to you
proposals.json      what waits for a second signature of a partner, or was declined, on either side
approvals.json      what waits for a colleague or was sent back, and what was signed by a second person
arrivals.json       goods of which only a part arrived
sheets/             the cells of every sheet that you uploaded and that is kept; sheets.json has their names
imports.json        lots of other records: bundles that you brought, and imports that you signed first or second
webhooks.json       your webhooks, their public key and what became of each message; no secret
epcis.json          named EPCIS queries, who subscribed to them, and what you call lots in events
claims.json         your claims accounts
watches.json        what your people watch, and how they want to be told; notices.json has what you were told
facilities.csv, lots.csv, mandates.csv, members.csv, invitations.json, keys.json, notes.csv, tokens.csv, audit.csv

The log is open to anybody: {site}/log/. A statement is in it for ever. A disclosure opens confidential values:
keep this archive as you keep your books. Formats: {site}/about/formats/
"""


def archive(*, actor: Actor) -> Iterator[bytes]:
    """The bytes of the archive in pieces, for an administrator; that it was taken is written into the audit log."""
    members.require_admin(actor)
    audit.note(actor, audit.Kind.ACCOUNT, "All data exported")
    return stored_zip.write(_members(actor, clock.now()))


def _members(actor: Actor, now: datetime) -> Iterator[Member]:
    """A member is named with a slash at its end where it is a folder, and then a sequence of them."""
    for name, member in sorted(_parts(actor, now).items()):
        made = member()
        if isinstance(made, bytes):
            yield name, made
        else:
            yield from made


def _parts(actor: Actor, now: datetime) -> dict[str, Callable[[], bytes | Iterator[Member]]]:
    own = actor.organisation
    readme = README.format(
        name=own.name, urn=own.urn, site=settings.LODESTONE_BASE_URL, moment=f"{now:%Y-%m-%dT%H:%M:%SZ}"
    )
    drafts = Draft.objects.filter(organisation=own).order_by("pk").values("kind", "typed")
    templates = DraftTemplate.objects.filter(organisation=own).order_by("pk").values("name", "kind", "fields")
    token = ("name", "scope", "created_at", "expires_at", "revoked_at")
    tokens = own.api_tokens.order_by("created_at", "pk").values_list(*token)
    lot = ("urn", "number", "material", "stage", "state", "partner", "dry_mass_kg")
    note = ("about", "subject", "text", "shared_with", "created_at", "done_at")
    mandate = ("giver", "holder", "purpose", "from", "until", "revoked_at")
    return {
        "README.txt": readme.encode,
        "audit.csv": lambda: _csv(("at", "times", "kind", "user", "note"), _audit(actor)),
        "disclosures/": lambda: _disclosures(actor),
        "documents.csv": lambda: _csv(("sha256", "name", "media_type", "bytes", "stored_at"), _documents(actor)),
        "documents/": lambda: _document_files(actor),
        "drafts.json": lambda: _json(list(drafts)),
        "epcis/": lambda: _epcis(actor),
        "facilities.csv": lambda: _csv(("urn", "name", "country", "region", "void"), _facilities(actor)),
        "lots.csv": lambda: _csv(lot, _lots(actor, now)),
        "mandates.csv": lambda: _csv(mandate, _mandates(actor)),
        "members.csv": lambda: _csv(("name", "email", "role"), _people(actor)),
        "notes.csv": lambda: _csv(note, _notes(actor)),
        "organisation.json": lambda: _json(_organisation(actor)),
        "requests.json": lambda: _json(_requests(actor)),
        "sheets/": lambda: takeout_lists.sheets(actor),
        "statements.csv": lambda: _csv(
            ("file", "kind", "urn", "digest", "accepted_at", "log_index"), _statement_rows(actor)
        ),
        "statements/": lambda: _statements(actor),
        "templates.json": lambda: _json(list(templates)),
        "tokens.csv": lambda: _csv(token, tokens),
        **{name: partial(_json, found) for name, found in takeout_lists.lists(actor).items()},
        **{name: partial(_json, found) for name, found in SLOTS.taken_out(actor)},
    }


def _epcis(actor: Actor) -> Iterator[Member]:
    """The captured events as documents of one context each, every event as it was sent."""
    captures = EpcisCapture.objects.filter(organisation=actor.organisation).exclude(captured=None)
    for one in captures.order_by("pk").defer("content").distinct().iterator(chunk_size=CHUNK):
        texts = one.captured.order_by("pk").values_list("body", flat=True)
        head = msgspec.json.encode({"@context": one.context, "type": "EPCISDocument", "schemaVersion": "2.0",
                                    "creationDate": one.created_at}).decode()[:-1]  # fmt: skip
        document = f'{head},"epcisBody":{{"eventList":[{",".join(texts)}]}}}}'
        yield f"epcis/{one.pk}.jsonld", document.encode()


def _organisation(actor: Actor) -> dict[str, Any]:
    own = actor.organisation
    rules = OpeningRule.objects.filter(organisation=own).order_by("group").values_list("group", "audience")
    products = ProductNumber.objects.filter(organisation=own).values("material", "gtin", "given_at", "ended_at")
    return {
        "urn": own.urn,
        "name": own.name,
        "country": own.country,
        "roles": own.roles,
        "standing": own.standing,
        "since": own.created_at,
        "approval_wanted": own.approval_wanted,
        "programs_sign": own.programs_sign,
        "opening_rules": dict(rules),
        "product_numbers": list(products),
        "application": takeout_lists.application(actor),
    }


def _requests(actor: Actor) -> list[dict[str, Any]]:
    fields = ("id", "what", "asker", "to", "lot", "product", "statement__urn", "places", "message", "due_on",
              "asked_at", "state", "reason", "ended_at", "declaration", "opened")  # fmt: skip
    return list(asking.requests(actor).values(*fields))


def _said(actor: Actor) -> QuerySet[Statement]:
    return Statement.objects.filter(issuer=actor.organisation.pk).order_by("pk")


def _file(statement_id: int) -> str:
    return f"{statement_id:012d}"


def _statements(actor: Actor) -> Iterator[Member]:
    for pk, written in _said(actor).values_list("pk", "envelope").iterator(chunk_size=CHUNK):
        yield f"statements/{_file(pk)}.dsse.json", bytes(written)


def _statement_rows(actor: Actor) -> Iterator[Sequence[object]]:
    places = dict(LogEntry.objects.filter(statement__issuer=actor.organisation.pk).values_list("statement", "index"))
    for row in _said(actor).defer("envelope").iterator(chunk_size=CHUNK):
        digest = f"sha256:{bytes(row.digest).hex()}"
        yield _file(row.pk), row.kind, f"urn:uuid:{row.urn}", digest, row.accepted_at, places.get(row.pk, "")


def _disclosures(actor: Actor) -> Iterator[Member]:
    """One file for each statement with confidential values; erased ones are gone here too."""
    rows = Disclosure.objects.filter(statement__issuer=actor.organisation.pk).exclude(text=None)
    pairs = rows.order_by("statement_id", "path").values_list("statement_id", "text").iterator(chunk_size=CHUNK)
    open_id, texts = 0, list[str]()
    for statement_id, text in pairs:
        if statement_id != open_id and texts:
            yield f"disclosures/{_file(open_id)}.json", _json(texts)
            texts = []
        open_id = statement_id
        texts.append(text or "")
    if texts:
        yield f"disclosures/{_file(open_id)}.json", _json(texts)


def _documents(actor: Actor) -> Iterator[Sequence[object]]:
    for row in Evidence.objects.filter(organisation=actor.organisation).order_by("created_at", "pk"):
        yield bytes(row.sha256).hex(), row.name, row.media_type, row.size_bytes, row.created_at


def _document_files(actor: Actor) -> Iterator[Member]:
    """What was uploaded as evidence, and the bundles of other records."""
    kept = (Evidence.objects.filter(organisation=actor.organisation), actor.organisation.foreign_bundles.all())
    for digest in sorted({bytes(one) for rows in kept for one in rows.values_list("sha256", flat=True)}):
        path = evidence.path_of(actor.organisation.pk, digest)
        if path.is_file():
            yield f"documents/{digest.hex()}", path.read_bytes()


def _facilities(actor: Actor) -> Iterable[Sequence[object]]:
    rows = Facility.objects.filter(organisation=actor.organisation).order_by("name", "pk")
    return [(f"urn:uuid:{row.pk}", row.name, row.country, row.region, row.voided) for row in rows]


def _lots(actor: Actor, now: datetime) -> Iterator[Sequence[object]]:
    """All lots that it made, holds or held, with what it may read of them."""
    today = now.date()
    rows = stock.found(actor, stock.Wanted(state="all"), today).order_by("newest_id", "pk")
    for start in range(0, rows.count(), CHUNK):
        for line in stock.lines(actor, rows[start : start + CHUNK], today):
            yield (
                line.lot.urn,
                line.name,
                line.lot.material,
                line.lot.stage,
                line.state,
                line.partner,
                "" if line.mass_kg is None else f"{line.mass_kg:f}",
            )


def _mandates(actor: Actor) -> Iterator[Sequence[object]]:
    own = actor.organisation
    for row in Mandate.objects.filter(giver=own) | Mandate.objects.filter(holder=own):
        yield (
            f"urn:uuid:{row.giver_id}",
            f"urn:uuid:{row.holder_id}",
            row.purpose,
            row.valid_from,
            row.valid_until,
            row.revoked_at,
        )


def _notes(actor: Actor) -> Iterator[Sequence[object]]:
    """The notes of the organisation; those that others share with it are theirs."""
    for row in AuditNote.objects.filter(organisation=actor.organisation):
        shared_with = f"urn:uuid:{row.audited_id}" if row.shared else ""
        yield row.about, row.subject, row.text, shared_with, row.created_at, row.done_at or ""


def _people(actor: Actor) -> Iterator[Sequence[object]]:
    for row in people.members(actor):
        yield row.user.get_full_name(), row.user.email, row.role


def _audit(actor: Actor) -> Iterator[Sequence[object]]:
    rows = AuditEvent.objects.filter(organisation=actor.organisation).select_related("user").order_by("at", "pk")
    for row in rows.iterator(chunk_size=CHUNK):
        # Readers of other organisations stay unnamed here: their people are not this organisation's data.
        ours = row.user is not None and row.actor_organisation_id in (None, actor.organisation.pk)
        yield row.at, row.times, row.kind, row.user.email if ours and row.user else "", row.note


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def _plain(cell: object) -> str:
    """A cell as text that no spreadsheet takes for a formula."""
    if cell is None:
        return ""
    text = cell.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(cell, datetime) else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _json(found: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(found), indent=2)
