"""Sections of a printed declaration after its figures: what they do not show, what must be said, what words mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from epd.services.exchange import Export
from epd.web import words
from epd.web.declaration_page import DeclarationPage
from epd.web.pdf.blocks import Block, facts, paragraph, points, section

BLIND: Final = (
    "The factors of EF 3.1 for the depletion of minerals and metals (ADPE) have no value for neodymium, praseodymium, "
    "dysprosium and terbium, so that the elements of the product do not count there.",
    "The factors of EF 3.1 for ionising radiation (IRP) have no value for thorium-232 and radon-220, so that what ores "
    "and residues of rare earths carry of them does not count there.",
)
STATEMENTS: Final = (
    "The declarant alone is responsible for this declaration.",
    "Declarations of different programmes, by different rules or with different factors may not be comparable.",
    "It follows the indicators of EN 15804 and claims neither EN 15804 nor product category rules as fulfilled.",
    "Results of ADPE, ADPF, WDP, ETP-fw, HTP-c, HTP-nc and SQP are to be used with care: their uncertainties are high, "
    "or there is little experience with them.",
    "IRP deals with low doses of the nuclear fuel cycle. It does not count accidents, exposure at work, disposal of "
    "radioactive waste underground, or radon from soil and building materials.",
)
REFERENCES: Final = (
    "ISO 14025, Environmental statements and programmes for products.",
    "ISO 14040 and ISO 14044, Life cycle assessment.",
    "EN 15804:2012+A2:2019, Core rules for declarations of construction products.",
    "EF 3.1, package of characterisation factors of the European Commission.",
)
SHORT: Final = (
    ("EPD", "Environmental product declaration, verified by definition"),
    ("LCA", "Life cycle assessment"),
    ("ND", "Not declared"),
    ("GWP", "Global warming potential"),
)


def sections(export: Export, page: DeclarationPage) -> Iterator[Block]:
    """The sections in their order."""
    yield section(
        "Additional environmental information",
        paragraph("What the indicators do not see of rare earths:"), points(BLIND),
    )  # fmt: skip
    yield section("Differences to earlier versions", paragraph("This declaration states no earlier version."))
    yield section("Statements", points(STATEMENTS))
    yield section("Abbreviations", facts([*SHORT, *((code, str(about)) for code, about in words.NAMES.items())]))
    yield section(
        "References",
        points([
            *REFERENCES,
            f"Signed declaration {export.stated.reference}, {export.stated.statement}, attached to this document.",
            *([f"Signed result of the lot, {export.body['result']}."] if "result" in export.body else ()),
            f"Everything else that was signed: {page.address}",
        ]),
    )  # fmt: skip
