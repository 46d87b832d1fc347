"""A content of blocks as PDF/A-3a with its signed original inside, by typst: the same content gives the same bytes.

No font of the machine is used, no clock and no network: the fonts are those inside typst (Libertinus, DejaVu Sans Mono;
SIL Open Font License and its like) and those of a folder that the operator names.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from epd.services.exchange import NoFont

TEMPLATE: Final = Path(__file__).with_name("declaration.typ").read_bytes()
STANDARD: Final = "a-3a"
_WITHOUT_FONT: Final = re.compile('the text `"(.+?)"` could not be displayed')


def typeset(content: Mapping[str, Any], original: str, moment: datetime, font_folder: str = "") -> bytes:
    """The PDF, dated `moment`, with `original` attached; NoFont where a character cannot be shown."""
    compiler = typst.Compiler(font_paths=_fonts(font_folder), ignore_system_fonts=True)
    inputs = {"content": json.dumps(content, ensure_ascii=False), "original": original}
    try:
        made = compiler.compile(
            TEMPLATE, format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=int(moment.timestamp())
        )
    except typst.TypstError as error:
        missing = "".join(dict.fromkeys("".join(_WITHOUT_FONT.findall(error.diagnostic))))
        if not missing:
            raise
        raise NoFont.of(missing) from None
    if not isinstance(made, bytes):
        raise TypeError("typst made no single file")
    return made


@cache
def _fonts(folder: str) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[folder] if folder else [])
