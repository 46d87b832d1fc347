"""The label of a crate: 100 by 62 mm, black on white, with the QR code that leads to the lot; as SVG and as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from traceability.web.pictures import pdf, qr
from traceability.web.pictures.svg import element, rect, text, words

WIDTH_MM, HEIGHT_MM = 100, 62
CODE_MM = 42
MARGIN_MM = 4
LONGEST = {"title": 20, "about": 30, "value": 24, "address": 70}
_LEFT = CODE_MM + 8
_FONT = "Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label; `address` is in its QR code."""

    address: str
    title: str
    about: str
    facts: Sequence[tuple[str, str]]
    fingerprint: str


def svg(label: Label) -> str:
    """The label; what is too long ends in an ellipsis, and the address is written out below the code."""
    side, dark = qr.code(label.address)
    code = element("svg", dark, x=MARGIN_MM, y=MARGIN_MM, width=CODE_MM, height=CODE_MM, view_box=f"0 0 {side} {side}")
    return element(
        "svg", element("title", words(_("Label of %(lot)s") % {"lot": label.title})),
        rect(0, 0, WIDTH_MM, HEIGHT_MM, "", fill="#fff"), code, *map(_as_svg, _lines(label)),
        cls="crate-label", view_box=f"0 0 {WIDTH_MM} {HEIGHT_MM}", width=f"{WIDTH_MM}mm", height=f"{HEIGHT_MM}mm",
        font_family=_FONT, fill="#000", role="img",
    )  # fmt: skip


def file(drawn: str) -> str:
    """The label as a file of its own."""
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def as_pdf(label: Label) -> bytes:
    """The label as a PDF of one page of its size; the same label gives the same bytes."""
    rows = qr.modules(label.address)
    size = CODE_MM / (len(rows) + 2 * qr.QUIET)
    start = MARGIN_MM + size * qr.QUIET
    bars = [
        pdf.Bar(start + x * size, start + y * size, width * size, size)
        for y, row in enumerate(rows)
        for x, width in qr.runs(row)
    ]
    return pdf.page((WIDTH_MM, HEIGHT_MM), bars, _lines(label), title=_("Label of %(lot)s") % {"lot": label.title})


def _lines(label: Label) -> list[pdf.Line]:
    digits = label.fingerprint.rpartition(":")[2]
    lines = [
        pdf.Line(_LEFT, 13, _short(label.title, LONGEST["title"]), 5, bold=True),
        pdf.Line(_LEFT, 20, _short(label.about, LONGEST["about"]), 3.2),
    ]
    for row, (name, value) in enumerate(label.facts):
        lines += [
            pdf.Line(_LEFT, 25 + 3.6 * row, name, 2.6, grey=True),
            pdf.Line(_LEFT + 17, 25 + 3.6 * row, _short(value, LONGEST["value"]), 2.6),
        ]
    lines += [pdf.Line(_LEFT, 40, _("Custody hash"), 2.4, grey=True)]
    lines += [
        pdf.Line(_LEFT, 44 + 3.5 * row, " ".join(digits[at : at + 8] for at in range(32 * row, 32 * row + 32, 8)), 2.2,
                 mono=True)
        for row in range(2)
    ]  # fmt: skip
    lines += [pdf.Line(MARGIN_MM, 53, _("Scan to check where this is from and what is proven"), 2.8)]
    longest = LONGEST["address"]
    parts = [label.address[at : at + longest] for at in range(0, len(label.address), longest)]
    return lines + [pdf.Line(MARGIN_MM, 57 + 3 * row, part, 2.2, mono=True) for row, part in enumerate(parts[:2])]


def _as_svg(line: pdf.Line) -> str:
    return text(
        line.x_mm, line.y_mm, line.content, font_size=line.size_mm, font_weight="bold" if line.bold else None,
        font_family="monospace" if line.mono else None, fill="#444" if line.grey else None,
    )  # fmt: skip


def _short(content: str, longest: int) -> str:
    return content if len(content) <= longest else content[: longest - 1] + "…"
