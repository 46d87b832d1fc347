"""A published declaration for print: its content in the order that readers of EPDs expect, and the PDF of it.

In English, with a decimal point, whoever asks: the same declaration gives the same bytes.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from epd.models import Declaration
from epd.services.exchange import Export
from epd.web.declaration_page import DeclarationPage
from epd.web.pdf import closing, front, results
from epd.web.pdf.blocks import Block, facts, note
from epd.web.pdf.typeset import typeset
from traceability.web.numbers import n3, read_with
from traceability.web.pictures import qr

LANGUAGE = "en"
NOT_STATED = "Not stated"


def write(export: Export) -> bytes:
    """The PDF, dated when the declaration was published, with the signed statement attached."""
    original = bytes(export.declaration.statement.envelope).decode()
    return typeset(content(export), original, export.declaration.published_at, settings.LODESTONE_PDF_FONTS)


def content(export: Export) -> dict[str, Any]:
    """The words, tables and drawings of the PDF, as blocks."""
    with translation.override(LANGUAGE), read_with(lambda: "."):
        page = DeclarationPage(export.declaration, None, export.stated.published)
        stated = export.stated
        return {
            "lang": LANGUAGE,
            "title": stated.title,
            "product": page.product,
            "author": stated.declarant.name,
            "about": f"Declaration {stated.reference} by {stated.declarant.name}, "
                     + ("verified" if export.standing else "not verified"),
            "by": f"{stated.declarant.name}, {page.country}",
            "foot": f"{stated.reference}. {stated.title}. Signed original: {stated.statement[:23]}…",
            "contents": "Contents",
            "cover": _cover(export, page),
            "code": {
                "svg": qr.svg(page.address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
                "about": f"QR code for {page.address}",
                "caption": "The newest state of this declaration, published, superseded or withdrawn:",
                "address": page.address,
            },
            "original": {
                "name": f"{stated.reference}.dsse.json",
                "media_type": "application/vnd.dsse+json",
                "about": "The signed declaration, byte for byte. This document is derived from it.",
            },
            "sections": [*front.sections(export, page), *results.sections(export, page),
                         *closing.sections(export, page)],
        }  # fmt: skip


def _cover(export: Export, page: DeclarationPage) -> list[Block]:
    stated, row = export.stated, export.declaration
    warnings = [export.standing.sentence if export.standing else
                "Not verified. No independent verifier has signed this declaration, "
                "so it is not an EPD under ISO 14025."]  # fmt: skip
    if page.is_illustrative:
        warnings.append("All environmental figures are illustrative: they show how the record works and are not for "
                        "claims.")  # fmt: skip
    if row.status == Declaration.Status.SUPERSEDED:
        by = f" by {page.successor.reference}" if page.successor else ""
        warnings.append(f"Superseded{by}: {row.reason}")
    headlines = [(f"GWP-GHG, {one.title[:1].lower()}{one.title[1:]}",
                  "Not declared" if one.value is None else f"{n3(one.value)} kg CO₂e per kg")
                 for one in page.figures.headlines]  # fmt: skip
    return [
        *(note(one) for one in warnings),
        facts([
            ("Reference", stated.reference),
            ("Published", stated.published.isoformat()),
            ("Valid until", str(export.body.get("valid_until", NOT_STATED))),
            ("Version", "1; a change is a new declaration"),
            ("Declared unit", "1 kg of product at the gate"),
            *headlines,
            ("Signed original", stated.statement),
        ]),
    ]  # fmt: skip
