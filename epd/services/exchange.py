"""Declarations of ours as files of other people's formats, from the one set of signed figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from epd.documents.document import Document, Reference
from epd.documents.own import Stated, own_document
from epd.formats.write_ilcd import Writing
from epd.formats.write_ilcd_zip import write_archive
from epd.formats.write_openepd import write_openepd
from epd.formats.write_soda4lca import write_soda4lca
from epd.lca.indicators import Basis
from epd.models import Declaration
from epd.rules.declared import cells
from epd.rules.profiles import profile_of
from epd.selectors import declarations
from epd.selectors.share_tables import figures_of
from traceability.ledger.errors import RecordError
from traceability.selectors.access import NotFound
from traceability.services import clock

JSON: Final = "application/json"
ZIP: Final = "application/zip"


class DeclarationWithdrawn(RecordError):
    """A declaration whose figures must not travel any more."""

    code = "declaration_withdrawn"


@dataclass(frozen=True, slots=True)
class Kind:
    """A format in which a declaration can be taken away."""

    media_type: str
    write: Callable[[Document, Stated], bytes]


@dataclass(frozen=True, slots=True)
class File:
    """A written declaration."""

    name: str
    media_type: str
    content: bytes


def _writing(stated: Stated, version: str = "1.2") -> Writing:
    original = Reference(f"Signed declaration {stated.reference}, {stated.statement}")
    return Writing(f"{stated.published.isoformat()}T00:00:00+00:00", version, original)


def _openepd(document: Document, stated: Stated) -> bytes:
    return write_openepd(document, {
        "title": stated.title, "verified": False, "reference": stated.reference, "statement": stated.statement,
        "allocation": stated.basis.value,
        "not_declared": [one.code for one in document.results if not one.values()],
    })  # fmt: skip


KINDS: Final[Mapping[str, Kind]] = MappingProxyType({
    "openepd.json": Kind(JSON, _openepd),
    "ilcd.zip": Kind(ZIP, lambda document, stated: write_archive(document, _writing(stated))),
    "ilcd-1.3.zip": Kind(ZIP, lambda document, stated: write_archive(document, _writing(stated, "1.3"))),
    "soda4lca.json": Kind(JSON, lambda document, stated: write_soda4lca(document, _writing(stated))),
})  # fmt: skip
"""The formats by the end of their files' names."""


def write(declaration: Declaration, kind: str, basis: Basis = Basis.ECONOMIC) -> File:
    """The file of a declaration in a format, with the figures of one allocation; the same bytes each time."""
    if kind not in KINDS:
        raise NotFound("There is no such format.")
    if declaration.status == Declaration.Status.WITHDRAWN:
        raise DeclarationWithdrawn("This declaration was withdrawn, so its figures are not given on.")
    body = declarations.told(declaration, None, clock.now().date()).body
    stated = Stated(
        uuid=str(declaration.pk),
        reference=declaration.reference,
        title=str(body["title"]),
        product=declaration.product,
        declarant=Reference(declaration.declarant.name, str(declaration.declarant_id)),
        country=declaration.country,
        published=declaration.published_at.date(),
        statement=f"sha256:{bytes(declaration.statement.digest).hex()}",
        basis=basis,
    )
    result = figures_of({**body, "lot": f"urn:uuid:{declaration.lot_id}"})
    document = own_document(stated, cells(result, profile_of(str(body["profile"]))))
    return File(
        f"{declaration.reference}.{basis.value}.{kind}", KINDS[kind].media_type, KINDS[kind].write(document, stated)
    )
