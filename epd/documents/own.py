"""Our own declaration as a document: the figures of one allocation, every other indicator of EN 15804 as ND."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypedDict

from epd.documents.document import DeclaredUnit, Document, Format, Reference, Result
from epd.documents.indicators import INDICATORS, Group, Package
from epd.documents.stages import Stage
from epd.lca.indicators import Basis, LifeCycleModule
from epd.rules.declared import Cell

CODES: Final[Mapping[str, str]] = {
    "gwp_ghg": "GWP-GHG", "gwp_total": "GWP-total", "gwp_fossil": "GWP-fossil", "gwp_biogenic": "GWP-biogenic",
    "gwp_luluc": "GWP-luluc", "odp": "ODP", "ap": "AP", "ep_fw": "EP-freshwater", "ep_mar": "EP-marine",
    "ep_ter": "EP-terrestrial", "pocp": "POCP", "adpe": "ADPE", "adpf": "ADPF", "wdp": "WDP", "pm": "PM",
}  # fmt: skip
"""Our indicators by the codes of EN 15804. GWP-GHG is the one of the Nordic countries, without biogenic carbon."""
NAMES: Final[Mapping[str, str]] = {
    "GWP-total": "Global warming potential, total", "GWP-fossil": "Global warming potential, fossil",
    "GWP-biogenic": "Global warming potential, biogenic", "GWP-luluc": "Global warming potential, land use",
    "GWP-GHG": "Global warming potential without biogenic carbon dioxide", "ODP": "Ozone depletion potential",
    "AP": "Acidification potential", "EP-freshwater": "Eutrophication potential, freshwater",
    "EP-marine": "Eutrophication potential, marine", "EP-terrestrial": "Eutrophication potential, terrestrial",
    "POCP": "Photochemical ozone formation potential", "ADPE": "Abiotic depletion, minerals and metals",
    "ADPF": "Abiotic depletion, fossil resources", "WDP": "Water deprivation potential",
    "PM": "Particulate matter", "IRP": "Ionising radiation", "ETP-fw": "Ecotoxicity, freshwater",
    "HTP-c": "Human toxicity, cancer", "HTP-nc": "Human toxicity, non-cancer", "SQP": "Soil quality potential",
    "PERE": "Renewable primary energy as energy", "PERM": "Renewable primary energy as raw material",
    "PERT": "Renewable primary energy, total", "PENRE": "Non-renewable primary energy as energy",
    "PENRM": "Non-renewable primary energy as raw material", "PENRT": "Non-renewable primary energy, total",
    "SM": "Secondary material", "RSF": "Renewable secondary fuels", "NRSF": "Non-renewable secondary fuels",
    "FW": "Net fresh water", "HWD": "Hazardous waste disposed", "NHWD": "Non-hazardous waste disposed",
    "RWD": "Radioactive waste disposed", "CRU": "Components for re-use", "MFR": "Materials for recycling",
    "MER": "Materials for energy recovery", "EEE": "Exported electrical energy", "EET": "Exported thermal energy",
}  # fmt: skip
"""What the codes mean. Other readers find an indicator by its code in brackets behind its name."""
VERSION: Final = "01.00.000"
_GATE: Final = (Stage("A1"), Stage("A2"), Stage("A3"), Stage("A1-A3"))
_MODULES: Final = {"A1": LifeCycleModule.A1, "A2": LifeCycleModule.A2, "A3": LifeCycleModule.A3}


@dataclass(frozen=True, slots=True)
class Stated:
    """What a published declaration says of itself."""

    uuid: str
    reference: str
    title: str
    product: str
    declarant: Reference
    country: str
    published: date
    statement: str
    """The digest of the signed original."""
    basis: Basis
    valid_until: date | None = None
    year: int | None = None
    """In which the period of the data ended."""
    covers: str = "Production of one lot."
    verifier: Reference | None = None
    operator: Reference | None = None
    """Of the programme that registered it."""
    registration: str = ""


class Times(TypedDict):
    """What a declaration says of time."""

    valid_until: date | None
    year: int | None
    covers: str


def times_of(body: Mapping[str, object]) -> Times:
    """What an opened declaration says of its validity and of the time of its data."""
    period = body.get("period")
    first, last = (str(period["from"]), str(period["to"])) if isinstance(period, dict) else ("", "")
    covers = "Production of one lot." if "lot" in body else f"Mean of the production of one site, {first} to {last}."
    valid = date.fromisoformat(str(body["valid_until"])) if "valid_until" in body else None
    return {"valid_until": valid, "year": int(last[:4]) if last else None, "covers": covers}


def own_document(stated: Stated, cells: Iterable[Cell]) -> Document:
    """The document of a declaration on one basis, cradle to gate, per kg. A verifier is named where one signed."""
    figures = {CODES[one.indicator]: one for one in cells if one.basis is stated.basis}
    return Document(
        format=Format.ILCD,
        name=f"{stated.product} ({stated.title})",
        uuid=stated.uuid,
        version=VERSION,
        subtype="specific dataset",
        description=(
            f"{stated.title}. {stated.covers} Cradle to gate (A1-A3), declared unit 1 kg. Burdens allocated by "
            f"{stated.basis.value} basis; the original states both. Reference {stated.reference}, signed original "
            f"{stated.statement}."
        ),
        location=stated.country,
        declared_unit=DeclaredUnit(Decimal(1), "kg", Decimal(1)),
        published=stated.published,
        expires=stated.valid_until,
        reference_year=stated.year or stated.published.year,
        owner=stated.declarant,
        author=stated.declarant,
        operator=stated.operator,
        registration=stated.registration,
        review="Independent external review" if stated.verifier else "",
        reviewers=(stated.verifier,) if stated.verifier else (),
        results=tuple(
            Result(
                name=f"{NAMES[one.code]} ({one.code})",
                indicator=one,
                cells=tuple((stage, _value(figures.get(one.code), stage)) for stage in _GATE),
                uuid=one.uuid,
                version=one.versions.get(Package.EF_31, ""),
                unit=one.unit.text,
                unit_group=one.unit.group,
                is_flow=one.group in (Group.RESOURCE, Group.WASTE, Group.OUTPUT),
                is_input=one.group is Group.RESOURCE,
            )
            for one in INDICATORS
            if Package.EF_31 in one.packages and (one.group is not Group.NATIONAL or one.code == "GWP-GHG")
        ),
    )


def _value(cell: Cell | None, stage: Stage) -> Decimal | None:
    """The figure of a stage; ND where it is not declared."""
    if cell is None or not cell.is_declared:
        return None
    return cell.a1_a3 if stage.module == "A1-A3" else cell.modules.get(_MODULES[stage.module])
