"""The factor set that ships with this release."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from epd.lca.factors import FactorSet, parse_factor_set

FILE: Final = Path(__file__).with_name("lodestone-factors-2026-11.json")


@cache
def shipped_factors() -> FactorSet:
    """Our own dated set, with source, vintage, quality and licence of each number."""
    return parse_factor_set(json.loads(FILE.read_text(encoding="utf-8")))
