"""QR codes: dark on white in both themes, one path, no script."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import segno
from django.utils.translation import gettext as _

from traceability.web.pictures.svg import element, words

QUIET = 4  # modules of white around the code, ISO/IEC 18004, 9.1


def svg(address: str) -> str:
    """Return the QR code of an address; the same address gives the same drawing."""
    about = _("QR code for %(address)s") % {"address": address}
    side, path = code(address)
    return element(
        "svg", element("title", words(about)), path,
        view_box=f"0 0 {side} {side}", role="img", shape_rendering="crispEdges", aria_label=about,
    )  # fmt: skip


def code(address: str) -> tuple[int, str]:
    """Return the modules along a side, quiet zone included, and the dark ones as a path."""
    rows = modules(address)
    path = (f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z" for y, row in enumerate(rows) for x, width in runs(row))
    return len(rows) + 2 * QUIET, element("path", cls="qr-m", d="".join(path))


def modules(address: str) -> list[bytes]:
    """Return the rows of modules, 1 where dark, without quiet zone; error correction M."""
    return [bytes(row) for row in segno.make(address, micro=False, error="m", boost_error=False).matrix]


def runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Return where dark modules follow each other, each with how many they are."""
    x = 0
    for dark, group in groupby(row):
        width = len(list(group))
        if dark:
            yield x, width
        x += width
