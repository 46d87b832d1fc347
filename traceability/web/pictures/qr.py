"""QR codes: dark on white in both themes, one path, no script."""

from __future__ import annotations

import segno

from traceability.web.pictures.svg import element, words

QUIET = 4  # modules of white around the code, ISO/IEC 18004, 9.1


def svg(address: str) -> str:
    """Return the QR code of an address; the same address gives the same drawing."""
    about = f"QR code for {address}"
    side, path = code(address)
    return element(
        "svg", element("title", words(about)), path,
        view_box=f"0 0 {side} {side}", role="img", shape_rendering="crispEdges", aria_label=about,
    )  # fmt: skip


def code(address: str) -> tuple[int, str]:
    """Return the modules along a side, quiet zone included, and the dark ones as a path; error correction M."""
    rows = [bytes(row) for row in segno.make(address, micro=False, error="m", boost_error=False).matrix]
    return len(rows) + 2 * QUIET, element("path", cls="qr-m", d="".join(_runs(rows)))


def _runs(rows: list[bytes]) -> list[str]:
    path = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            width = 1
            while x + width < len(row) and row[x + width] == row[x]:
                width += 1
            if row[x]:
                path.append(f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z")
            x += width
    return path
