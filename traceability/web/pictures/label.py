"""The label of a crate: 100 by 62 mm, black on white, with the QR code that leads to the lot."""

from __future__ import annotations

from collections.abc import Sequence

from traceability.web.pictures import qr
from traceability.web.pictures.svg import element, rect, text, words

WIDTH_MM, HEIGHT_MM = 100, 62
CODE_MM = 42
LONGEST = {"title": 20, "about": 30, "value": 24}
_FONT = "Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"


def svg(address: str, *, title: str, about: str, facts: Sequence[tuple[str, str]], fingerprint: str) -> str:
    """The label; what is too long ends in an ellipsis, and the address is written out below the code."""
    left = CODE_MM + 8
    digits = fingerprint.rpartition(":")[2]
    lines = [
        text(left, 13, _short(title, LONGEST["title"]), font_size=5, font_weight="bold"),
        text(left, 20, _short(about, LONGEST["about"]), font_size=3.2),
    ]
    for row, (name, value) in enumerate(facts):
        lines += [
            text(left, 28 + 5 * row, name, font_size=2.8, fill="#444"),
            text(left + 16, 28 + 5 * row, _short(value, LONGEST["value"]), font_size=2.8),
        ]
    lines += [
        text(left, 40, "Custody hash", font_size=2.4, fill="#444"),
        text(left, 44, " ".join(digits[at : at + 8] for at in range(0, 32, 8)), font_size=2.2, font_family="monospace"),
        text(
            left, 47.5, " ".join(digits[at : at + 8] for at in range(32, 64, 8)), font_size=2.2, font_family="monospace"
        ),
        text(4, 53, "Scan to check where this is from and what is proven", font_size=2.8),
        _code(4, 57.5, address),
    ]
    side, dark = qr.code(address)
    code = element("svg", dark, x=4, y=4, width=CODE_MM, height=CODE_MM, view_box=f"0 0 {side} {side}")
    return element(
        "svg", element("title", words(f"Label of {title}")),
        rect(0, 0, WIDTH_MM, HEIGHT_MM, "", fill="#fff"), code, *lines,
        cls="label", view_box=f"0 0 {WIDTH_MM} {HEIGHT_MM}", width=f"{WIDTH_MM}mm", height=f"{HEIGHT_MM}mm",
        font_family=_FONT, fill="#000", role="img",
    )  # fmt: skip


def file(drawn: str) -> str:
    """The label as a file of its own."""
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def _code(x: float, y: float, content: str) -> str:
    return text(x, y, content, font_size=2.2, font_family="monospace")


def _short(content: str, longest: int) -> str:
    return content if len(content) <= longest else content[: longest - 1] + "…"
