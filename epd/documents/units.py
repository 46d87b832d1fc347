"""Units of results: their unit group in ILCD, and the many ways in which programmes write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by the name that openEPD gives it, with the text and the unit group of the InData lists."""

    key: str
    text: str
    group: str
    others: tuple[str, ...] = ()
    """Unit groups that stand for the same."""


UNITS: Final[Mapping[str, Unit]] = MappingProxyType({
    one.key: one
    for one in (
        Unit("kgCO2e", "kg CO2 eqv.", "1ebf3012-d0db-4de2-aefd-ef30cedb0be1"),
        Unit("kgCFC11e", "kg CFC 11 eqv.", "d9e957c9-7309-4474-bf3a-7777df6c4e5b"),
        Unit("kgR11e", "kg R11 eqv.", "88054749-b0a6-47ea-a82b-dc5b29326512"),
        Unit("molHe", "mol H+ eqv.", "42e089ac-92bf-4bf2-8ca1-5fc40d18f2ed"),
        Unit("kgSO2e", "kg SO2 eqv.", "bc50c624-a9bc-45b1-a9b0-e6b10d00476f"),
        Unit("kgPe", "kg P eqv.", "0429039d-a61d-4590-ba67-aa4a20a810a1"),
        Unit("kgPO4e", "kg Phosphate eqv.", "67b5401d-873c-485f-bcf3-6ae83b918822"),
        Unit("kgNe", "kg N eqv.", "d05bb823-ecdf-4686-8c40-bf1d9257859f"),
        Unit("molNe", "mol N eqv.", "71b4d617-0ec9-4d3f-b65e-e438940c2401"),
        Unit("kgNMVOCe", "kg NMVOC eqv.", "d27c25f8-fbc1-44c6-b47b-4adbae4199c6"),
        Unit("kgC2H4e", "kg Ethene eqv.", "01c26c17-9a76-406e-8295-f17b55fd909e"),
        Unit("kgSbe", "kg Sb eqv.", "54ccd2d9-a32a-4fc2-923d-f2c8c93e89d4"),
        Unit("MJ", "MJ", "93a60a57-a3c8-11da-a746-0800200c9a66"),
        Unit("m3AWARE", "m3 world eqv.", "6ae2df01-888e-46c8-b17d-49fa3869b476"),
        Unit("AnnualPerCapita", "disease incidence", "3883559b-648f-4afc-8ba2-0bd24f3affa3"),
        Unit("kBqU235e", "kBq U235 eqv.", "456b05bf-1415-44a9-9993-02452f554c09"),
        Unit("CTUe", "CTUe", "aa959ded-f1eb-4efb-9c5c-2d60be36b3e6"),
        Unit("CTUh", "CTUh", "d4c9523e-2d7e-49fd-8469-998f547d3a70"),
        Unit("Point", "unitless", "f130951c-e67f-4f7f-8dd4-665de3974e18"),
        Unit("kg", "kg", "ad38d542-3fe9-439d-9b95-2f5f7752acaf", ("93a60a57-a4c8-11da-a746-0800200c9a66",)),
        Unit("m3", "m3", "cd950537-0a98-4044-9ba7-9f9a68d0a504", ("93a60a57-a3c8-12da-a746-0800200c9a66",)),
    )
})  # fmt: skip

_EQUIVALENT: Final = re.compile(r"(?<=[a-z0-9+])(?:-|\s)*(?:äquiv|äqv|äq|aeq|equivalents?|equiv|eqv|eq)\b\.?")
_RAISED: Final = re.compile(r"[\^_()]")
_ORNAMENT: Final = re.compile(r"[\s^_()*.\-]")
_WRITTEN: Final[Mapping[str, str]] = MappingProxyType({
    "kgco2e": "kgCO2e", "kgcfc11e": "kgCFC11e", "kgr11e": "kgCFC11e",
    "molh+e": "molHe", "molhe": "molHe", "kgso2e": "kgSO2e",
    "kgpe": "kgPe", "kgpo4e": "kgPO4e", "kgpo43e": "kgPO4e", "kgphosphate": "kgPO4e", "kgphosphatee": "kgPO4e",
    "kgphosphat": "kgPO4e", "kgne": "kgNe", "molne": "molNe", "kgnmvoce": "kgNMVOCe",
    "kgc2h4e": "kgC2H4e", "kgethene": "kgC2H4e", "kgethenee": "kgC2H4e", "kgo3e": "kgO3e", "kgsbe": "kgSbe",
    "mj": "MJ", "mjhu": "MJ", "kwh": "kWh", "m3worlde": "m3AWARE", "m3welte": "m3AWARE",
    "m3welteentzogen": "m3AWARE", "m3worldedeprived": "m3AWARE", "m3aware": "m3AWARE", "m3depriv": "m3AWARE",
    "diseaseincidence": "AnnualPerCapita", "krankheitsfälle": "AnnualPerCapita",
    "annualpercapita": "AnnualPerCapita", "kbqu235e": "kBqU235e", "ctue": "CTUe", "ctuh": "CTUh",
    "unitless": "Point", "dimensionless": "Point", "sqp": "Point", "point": "Point", "pt": "Point",
    "kg": "kg", "t": "t", "g": "g", "m3": "m3", "l": "l",
})  # fmt: skip
_SAME: Final = {"kgR11e": "kgCFC11e"}


def unit_key(written: str) -> str | None:
    """The key of the unit that a text means; None where nobody can tell. R11 and CFC-11 are one substance."""
    text = written.strip().lower().replace("₂", "2").replace("₃", "3").replace("₄", "4").replace("³", "3")
    return _WRITTEN.get(_ORNAMENT.sub("", _EQUIVALENT.sub("e", _RAISED.sub(" ", text))))


def same_unit(unit: Unit, written: str) -> bool | None:
    """Whether a text means this unit; None where nobody can tell."""
    key = unit_key(written)
    return None if key is None else key == _SAME.get(unit.key, unit.key)
