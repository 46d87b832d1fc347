"""HS codes that a sender may state for rare-earth goods: never chosen for him, alloys are classed case by case.

Source: headings of the Harmonized System as Chinese and US customs list them (read 2026-11-21); US ruling HQ 960824
took NdFeCo ingots out of 7202.99.
"""

from typing import Final

HS_CODES: Final = {
    "2530.90": "ores and concentrates",
    "2805.30": "rare-earth metals",
    "2846.10": "cerium compounds",
    "2846.90": "other rare-earth compounds",
    "3824.99": "mixtures",
    "7202.99": "other ferro-alloys",
    "7325.99": "other cast articles of iron or steel",
    "8505.11": "permanent magnets of metal",
    "8505.19": "other permanent magnets",
}
"""Six digits of the code, and what it means in short."""
CATEGORIES: Final = ("oxide", "metal", "alloy", "magnet", "other")
"""The categories of an export licence."""
