"""Declarations of ours as files of other people's formats and for print, from the one set of signed figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from epd.documents.document import Document, Reference
from epd.documents.fulfilment import Fulfilment
from epd.documents.own import Stated, own_document, times_of
from epd.formats.write_ilcd import Writing
from epd.formats.write_ilcd_zip import write_archive
from epd.formats.write_openepd import write_openepd
from epd.formats.write_soda4lca import write_soda4lca
from epd.lca.indicators import Basis
from epd.models import Declaration
from epd.rules.declared import Cell, cells
from epd.rules.profiles import profile_of
from epd.selectors import declarations
from epd.selectors.share_tables import figures_of
from epd.services import passports, programmes
from epd.services.standing import Standing, standing_of, title_of
from traceability.ledger.errors import RecordError
from traceability.selectors.access import NotFound
from traceability.services import clock, issuing

JSON: Final = "application/json"
ZIP: Final = "application/zip"
PDF: Final = "application/pdf"


class DeclarationWithdrawn(RecordError):
    """A declaration whose figures must not travel any more."""

    code = "declaration_withdrawn"


class NoFont(RecordError):
    """A text with characters that no font at hand has."""

    code = "no_font"

    @classmethod
    def of(cls, letters: str) -> "NoFont":
        """The refusal of a text with these letters."""
        return cls(
            f"No font here shows {letters}. Take the declaration in another format, "
            "or ask the operator of this server for a folder of fonts (LODESTONE_PDF_FONTS)."
        )


class NoPrinter(RecordError):
    """Nothing fills the slot of the printed declaration here."""

    code = "no_printer"


@dataclass(frozen=True, slots=True)
class Export:
    """A declaration on its way out: what it says of itself, and all its figures under its profile."""

    declaration: Declaration
    body: Mapping[str, Any]
    stated: Stated
    standing: Standing | None
    cells: tuple[Cell, ...]

    def document(self, basis: Basis | None = None) -> Document:
        """The figures of one allocation, by default the one that was asked for."""
        return own_document(replace(self.stated, basis=basis or self.stated.basis), self.cells)

    def programmes(self) -> tuple[Fulfilment, ...]:
        """What it states of what each programme asks for, with the figures of the allocation that was asked for."""
        return programmes.beside(self.document(), self.cells, self.stated.basis)


@dataclass(frozen=True, slots=True)
class Kind:
    """A format in which a declaration can be taken away."""

    media_type: str
    write: Callable[[Export], bytes]


@dataclass(frozen=True, slots=True)
class File:
    """A written declaration."""

    name: str
    media_type: str
    content: bytes


def _no_printer(export: Export) -> bytes:
    raise NoPrinter("This installation prints no declarations.")


@dataclass(slots=True)
class Slots:
    """What the rooms above write; `config/wiring.py` fills it."""

    pdf: Callable[[Export], bytes] = _no_printer


SLOTS: Final = Slots()


def _writing(stated: Stated, version: str = "1.2") -> Writing:
    original = Reference(f"Signed declaration {stated.reference}, {stated.statement}")
    return Writing(f"{stated.published.isoformat()}T00:00:00+00:00", version, original)


_BESIDE: Final = ("period", "facility", "made_lots", "gaps", "stock_gap", "explanation")
"""What a reference says of its production beside the figures."""


def _production(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a reference says beside its figures, or a lot of the reference that it cites."""
    if "facility" in body:
        return {"production": {name: body[name] for name in _BESIDE if name in body}}
    return {"cites": body["reference"]} if "reference" in body else {}


def _openepd(export: Export) -> bytes:
    document, stated = export.document(), export.stated
    return write_openepd(document, {
        "title": stated.title, "verified": stated.verifier is not None, "reference": stated.reference,
        "statement": stated.statement, "allocation": stated.basis.value,
        "not_declared": [one.code for one in document.results if not one.values()],
        "programmes": [{"id": one.programme.id, "outcome": one.word.value, "declared": one.declared,
                        "required": len(one.required)} for one in export.programmes()],
        **_production(export.body),
    })  # fmt: skip


KINDS: Final[Mapping[str, Kind]] = MappingProxyType({
    "pdf": Kind(PDF, lambda export: SLOTS.pdf(export)),
    "openepd.json": Kind(JSON, _openepd),
    "ilcd.zip": Kind(ZIP, lambda export: write_archive(export.document(), _writing(export.stated))),
    "ilcd-1.3.zip": Kind(ZIP, lambda export: write_archive(export.document(), _writing(export.stated, "1.3"))),
    "soda4lca.json": Kind(JSON, lambda export: write_soda4lca(export.document(), _writing(export.stated))),
})  # fmt: skip
"""The formats by the end of their files' names."""
CREDENTIALS: Final[Mapping[str, Kind]] = MappingProxyType({
    "passport.jwt": Kind(issuing.TOKEN, lambda export: passports.passport(export, issuing.TOKEN)),
    "passport.json": Kind(issuing.DOCUMENT, lambda export: passports.passport(export, issuing.DOCUMENT)),
    "conformity.jwt": Kind(issuing.TOKEN, lambda export: passports.conformity(export, issuing.TOKEN)),
    "conformity.json": Kind(issuing.DOCUMENT, lambda export: passports.conformity(export, issuing.DOCUMENT)),
})  # fmt: skip
"""The credentials, likewise."""


def write(declaration: Declaration, kind: str, basis: Basis = Basis.ECONOMIC) -> File:
    """The file of a declaration in a format, with the figures of one allocation: the same bytes, but for proofs."""
    kinds = {**KINDS, **CREDENTIALS}
    if kind not in kinds:
        raise NotFound("There is no such format.")
    if declaration.status == Declaration.Status.WITHDRAWN:
        raise DeclarationWithdrawn("This declaration was withdrawn, so its figures are not given on.")
    content = kinds[kind].write(export_of(declaration, basis))
    return File(f"{declaration.reference}.{basis.value}.{kind}", kinds[kind].media_type, content)


def export_of(
    declaration: Declaration, basis: Basis = Basis.ECONOMIC, opened: Mapping[str, Any] | None = None
) -> Export:
    """What a declaration states, ready to be written: as it was `opened`, else as anybody reads it."""
    told = declarations.told(declaration, None, clock.now().date()) if opened is None else None
    body: Mapping[str, Any] = told.body if told else opened or {}
    standing = standing_of(declaration, clock.now().date())
    stated = Stated(
        uuid=str(declaration.pk),
        reference=declaration.reference,
        title=title_of(declaration, str(body["title"]), standing),
        product=declaration.product,
        declarant=Reference(declaration.declarant.name, str(declaration.declarant_id)),
        country=declaration.country,
        published=declaration.published_at.date(),
        **times_of(body),
        statement=f"sha256:{bytes(declaration.statement.digest).hex()}",
        basis=basis,
        verifier=standing.verifier if standing else None,
        operator=standing.operator if standing else None,
        registration=standing.number if standing else "",
    )
    result = figures_of({"lot": "-", **body})
    return Export(declaration, body, stated, standing, cells(result, profile_of(str(body["profile"]))))
