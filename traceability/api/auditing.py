"""What auditors need beside the record: samples that anybody draws again, and notes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Digest, Link, Party
from traceability.api.idempotency import answer_once
from traceability.api.lots import party_of
from traceability.api.requests import BadParameter
from traceability.api.schema import DAY, KEY, described, filter_parameters, of_shape
from traceability.api.statements import digest_of
from traceability.api.views import ApiView, json_answer
from traceability.ledger.errors import RecordError
from traceability.ledger.shapes import Digest as DigestShape
from traceability.ledger.shapes import Flag, Object, Text, optional
from traceability.ledger.shapes import Urn as UrnShape
from traceability.models import AuditNote
from traceability.rules.sampling import ALGORITHM
from traceability.selectors import audit_notes as reading
from traceability.selectors import sampling
from traceability.selectors.audit_notes import DONE, OPEN, OWN, SHARED
from traceability.selectors.names import Names, names_of
from traceability.selectors.sampling import Asked, Sample
from traceability.services import audit_notes as use_cases
from traceability.services.audit_notes import Subject
from traceability.services.rows_world import urn_of, uuid_of

TAG: Final = "Auditing"
REFUSED: Final = (400, 401, 403)
CHANGED: Final = (*REFUSED, 404, 413, 415, 422)
About = AuditNote.About
NEW_NOTE: Final = Object(
    {
        "lot": optional(UrnShape()),
        "statement": optional(DigestShape()),
        "declaration": optional(UrnShape()),
        "text": Text(4000),
        "shared": optional(Flag()),
    }
)
NOTE_CHANGE: Final = Object({"done": Flag()})
LONGEST_SEED: Final = 60
_SAMPLE: Final[dict[str, dict[str, Any]]] = {
    "organisation": {"type": "string", "format": "uuid", "description": "Whose statements; or name a lot."},
    "lot": {"type": "string", "format": "uuid", "description": "The lot with all that went into it."},
    "since": DAY,
    "until": DAY,
    "size": {"type": "integer", "minimum": 1, "maximum": sampling.MOST, "default": 20},
    "seed": {"type": "string", "minLength": 1, "maxLength": LONGEST_SEED},
    "tree": {"type": "integer", "minimum": 0, "description": "The size of the log; without it, of today's."},
}
_NEEDED: Final = ("since", "until", "seed")


class NothingToNote(RecordError):
    """A note on nothing, or on more than one thing."""

    code = "nothing_to_note"


class DrawnStatement(Struct):
    """A statement of a sample: one of `drawn` out of the `of` of its stratum."""

    statement: Digest
    link: Link
    index: int
    kind: str
    issuer: Party
    accepted_at: datetime
    drawn: int
    of: int
    changed: Annotated[bool, Meta(description="Whether it was corrected or withdrawn since.")]
    findings: list[str]


class SampleDocument(Struct):
    """A sample. Who may see the same draws the same at `again`, by hand or with any program."""

    algorithm: str
    seed: str
    tree: int
    units: Annotated[int, Meta(description="All that could be drawn.")]
    marked: Annotated[int, Meta(description="Those of them with a finding or a change: drawn more often.")]
    statements: list[DrawnStatement]
    again: Link


class NoteDocument(Struct):
    """A note of your organisation, or one that another shares with you."""

    id: UUID
    about: Annotated[str, Meta(examples=list(About.values))]
    subject: Annotated[str, Meta(description="A urn; of a statement its digest.")]
    text: str
    by: Party
    own: bool
    shared: bool
    created_at: datetime
    done_at: datetime | UnsetType = UNSET


class NoteFilter(django_filters.FilterSet):
    """What notes are looked for by."""

    state = django_filters.ChoiceFilter(choices=[(one, one) for one in (OPEN, DONE)], method="in_state")
    about = django_filters.ChoiceFilter(choices=About.choices)
    whose = django_filters.ChoiceFilter(choices=[(one, one) for one in (OWN, SHARED)], method="of_whom")
    text = django_filters.CharFilter(lookup_expr="icontains", max_length=120)

    def __init__(self, data: Mapping[str, str], rows: QuerySet[AuditNote], *, own: UUID) -> None:
        super().__init__(data, rows)
        self.own = Q(organisation=own)

    def in_state(self, rows: QuerySet[AuditNote], name: str, state: str) -> QuerySet[AuditNote]:
        return rows.filter(done_at__isnull=state == OPEN)

    def of_whom(self, rows: QuerySet[AuditNote], name: str, whose: str) -> QuerySet[AuditNote]:
        return rows.filter(self.own if whose == OWN else ~self.own)


class Samples(ApiView):
    """Samples are drawn, not stored: the same question gives the same sample."""

    @described(
        "draw_sample",
        "Draw a sample of the statements of an organisation that gave you a mandate, or behind a lot",
        tag=TAG,
        answers={200: SampleDocument},
        refused=(*REFUSED, 404),
        parameters=[OpenApiParameter(name, schema, required=name in _NEEDED) for name, schema in _SAMPLE.items()],
    )
    def get(self, request: Request) -> HttpResponse:
        given = requests.query(request, _SAMPLE.keys())
        for name in _NEEDED:
            if name not in given:
                raise BadParameter("Name the period and a seed, chosen before you look.", parameter=name)
        asked, seed = _asked(given), given["seed"]
        size = requests.whole_number(given, "size", least=1, most=sampling.MOST, default=20)
        drawn = sampling.sample(self.actor, asked, size=size, seed=seed, today=self.today)
        names = names_of(self.actor, {row.statement.issuer for row in drawn.rows}, self.today)
        again = urlencode({**given, "size": size, "tree": asked.tree})
        return json_answer(_sample_document(drawn, asked, seed, names, f"/api/v1/samples?{again}"))


class Notes(ApiView):
    """Notes on lots, statements and declarations; nothing of them is signed or stands in the log."""

    @described(
        "list_notes",
        "List your notes, and those that others share with you, newest first",
        tag=TAG,
        answers={200: pages.Page[NoteDocument]},
        refused=REFUSED,
        parameters=filter_parameters(NoteFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | NoteFilter.base_filters.keys())
        rows = NoteFilter(asked, reading.visible(self.actor), own=self.actor.organisation.pk)
        return pages.page_of(request, pages.filtered(rows), self._documents, order=("-created_at", "pk"))

    @described(
        "write_note",
        "Write a note on a lot, a statement or a declaration",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_NOTE)},
        answers={201: NoteDocument},
        refused=(*CHANGED, 409),
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW_NOTE)
        return answer_once(request, self.actor, lambda: self._write(wanted))

    def _write(self, wanted: Mapping[str, Any]) -> HttpResponse:
        made = use_cases.write(
            actor=self.actor,
            subject=self._subject(wanted),
            text=wanted["text"],
            shared=wanted.get("shared", False),
        )
        return json_answer(self._documents([made])[0], status=201)

    def _subject(self, wanted: Mapping[str, Any]) -> Subject:
        named = [one for one in About.values if one in wanted]
        if len(named) != 1:
            raise NothingToNote("Name one lot, statement or declaration to write on.", path="/lot")
        [about] = named
        key = wanted[about]
        digits = key.removeprefix("sha256:") if about == About.STATEMENT else str(uuid_of(key))
        return use_cases.subject_of(actor=self.actor, about=about, key=digits)

    def _documents(self, rows: Sequence[AuditNote]) -> list[NoteDocument]:
        return note_documents(self, rows)


class OneNote(ApiView):
    """A note of your organisation."""

    @described(
        "change_note",
        "Mark a note of yours as done, or open it again",
        tag=TAG,
        request={requests.JSON: of_shape(NOTE_CHANGE)},
        answers={200: NoteDocument},
        refused=CHANGED,
    )
    def put(self, request: Request, note: UUID) -> HttpResponse:
        wanted = requests.read_object(request, NOTE_CHANGE)
        use_cases.set_done(actor=self.actor, note=note, done=wanted["done"])
        return json_answer(note_documents(self, [reading.own(self.actor, note)])[0])

    @described("delete_note", "Take a note of yours away", tag=TAG, answers={204: None}, refused=(*REFUSED, 404))
    def delete(self, request: Request, note: UUID) -> HttpResponse:
        use_cases.remove(actor=self.actor, note=note)
        return HttpResponse(status=204)


def note_documents(view: ApiView, rows: Sequence[AuditNote]) -> list[NoteDocument]:
    """The notes as documents; the names of their writers come in one query."""
    names = names_of(view.actor, {row.organisation_id for row in rows}, view.today)
    own = view.actor.organisation.pk
    return [_note(row, names, own=row.organisation_id == own) for row in rows]


def _note(row: AuditNote, names: Names, *, own: bool) -> NoteDocument:
    return NoteDocument(
        id=row.pk,
        about=row.about,
        subject=f"sha256:{row.subject}" if row.about == About.STATEMENT else urn_of(UUID(row.subject)),
        text=row.text,
        by=party_of(row.organisation_id, names),
        own=own,
        shared=row.shared,
        created_at=row.created_at,
        done_at=row.done_at or UNSET,
    )


def _asked(given: Mapping[str, str]) -> Asked:
    if ("lot" in given) == ("organisation" in given):
        raise BadParameter("Name an organisation, or a lot.", parameter="organisation")
    since, until = requests.day(given, "since"), requests.day(given, "until")
    if until < since:
        raise BadParameter("It ends before it begins. Choose a later day.", parameter="until")
    newest = sampling.newest_tree()
    tree = requests.whole_number(given, "tree", least=0, most=10**9 - 1, default=newest)
    return Asked(since, until, min(tree, newest), _uuid(given, "organisation"), _uuid(given, "lot"))


def _uuid(given: Mapping[str, str], name: str) -> UUID | None:
    try:
        return UUID(given[name]) if name in given else None
    except ValueError:
        raise BadParameter("This is no uuid.", parameter=name) from None


def _sample_document(drawn: Sample, asked: Asked, seed: str, names: Names, again: str) -> SampleDocument:
    statements = [
        DrawnStatement(
            statement=digest_of(row.statement),
            link=f"/api/v1/statements/{digest_of(row.statement)}",
            index=row.index,
            kind=row.statement.kind,
            issuer=party_of(row.statement.issuer, names),
            accepted_at=row.statement.accepted_at,
            drawn=row.drawn.drawn,
            of=row.drawn.of,
            changed=row.changed,
            findings=list(row.findings),
        )
        for row in drawn.rows
    ]
    return SampleDocument(ALGORITHM, seed, asked.tree, drawn.units, drawn.marked, statements, again)
