"""The words of lab sheets, English, German and Chinese: labels, headings, units, names of elements."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from traceability.material.elements import SPECIES, element_name

NUMBER, MASS, MOISTURE, ORIGIN, METHOD, LABORATORY, REPORT, TREO = (
    "lot_number", "mass", "moisture_pct", "country", "method", "laboratory", "report", "treo_pct",
)  # fmt: skip
RESULT, UNIT, LIMIT, ITEM, SPREAD = "result", "unit", "limit", "item", "spread"

_NO: Final = r"(?: ?(?:no|nr|number|nummer|id|#|号))?"
_LABELS: Final = {
    REPORT: rf"(?:(?:test |analysis |inspection |assay )?(?:certificate|report)|zeugnis|prüfbericht|bericht|zertifikat)"
            rf"{_NO[:-1]}|(?:报告|证书)(?:编号|号)?",
    NUMBER: rf"(?:lot|batch|heat|melt|cast|chargen?|los|schmelzen?|partie){_NO}(?: / ?(?:lot|batch|heat){_NO})?"
            r"|(?:批|炉|生产批|产品批)次?号",
    MASS: r"(?:(?:net|dry|total) )?(?:weight|mass|quantity)|netto(?:gewicht|masse)?|gewicht|masse|menge|净重|重量|数量",
    MOISTURE: r"(?:moisture|loss on drying|lod|moisture \(lod\)|h2o|feuchte?|feuchtigkeit|trocknungsverlust"
              r"|水分|含水量)(?: content)?(?: \(lod\))?",
    ORIGIN: r"(?:country of )?origin|made in|ursprungs?(?:land)?|herkunft(?:sland)?|原产[国地]|产地",
    METHOD: r"(?:test |analysis |analytical )?method|prüfverfahren|verfahren|methode|(?:检测|分析|检验)?方法",
    LABORATORY: r"(?:testing )?laborator(?:y|ies)|lab|labor|prüflabor|(?:检测)?(?:实验室|机构)",
    TREO: r"treo|∑reo|Σreo|total reo|total rare[- ]earth oxides?(?: \(treo\))?|稀土总量|稀土氧化物总量",
}  # fmt: skip
_HEADINGS: Final = {
    RESULT: r"(?:test |analysis |measured )?(?:results?|values?|actual|found|content|measured|analysis)|ist(?:wert)?"
            r"|ergebnis(?:se)?|messwert|gehalt|(?:检测|分析|测定|检验)?(?:结果|值)|含量|实测值?",
    UNIT: r"units?|einheit(?:en)?|单位",
    LIMIT: r"(?:spec(?:ification)?s?|limits?|min(?:imum)?|max(?:imum)?|standard|guaranteed?|nominal|target"
           r"|required|lower limit|upper limit|detection limit|lod|loq)|soll(?:wert)?|grenzwert|vorgabe"
           r"|标准(?:值|要求)?|指标|规格|要求|最[大小高低]值?",
    ITEM: r"items?|elements?|parameters?|analytes?|components?|oxides?|species|properties|property|bestandteil|element"
          r"|komponente|项目|元素|成分|检[测验]项目|分析项目",
    SPREAD: r"(?:rel\.? ?)?(?:s\.?d\.?|std\.? ?dev\.?|sdev|standard deviation|uncertainty|±|u|unsicherheit|不确定度)",
}  # fmt: skip
LABELS: Final = frozenset(_LABELS)
HEADINGS: Final = frozenset(_HEADINGS)
_COMPILED: Final = {
    role: re.compile(pattern, re.IGNORECASE) for role, pattern in (*_LABELS.items(), *_HEADINGS.items())
}
_UNIT_TEXT: Final = re.compile(
    r"(?:wt|mass|weight|gew|m)?[.\- ]*%(?: ?\(?(?:m/m|w/w|wt|mass)\)?)?|wt\.? ?pct|pct|percent|ppm|mg/kg|g/t|µg/g|g/kg",
    re.IGNORECASE,
)
_PER_CENT: Final = {"ppm": "0.0001", "mg/kg": "0.0001", "g/t": "0.0001", "µg/g": "0.0001", "g/kg": "0.1"}
_TRAILING: Final = re.compile(r"\s*(?:[,\[(]\s*([^,()\[\]]+?)\s*[)\]]?|(/.*))\s*$")
_OF_TREO: Final = re.compile(r"/ ?(?:t?reo|∑reo|Σreo)|(?:of|in|vom|von) (?:the )?t?reo|rel\.? ?%|%/reo", re.IGNORECASE)
_SYMBOL: Final = re.compile(r"([A-Z][a-z]?\d{0,2}(?:O\d{0,2})?)(?![A-Za-z0-9])")
_FORMULA: Final = re.compile(r"(?:[A-Z][a-z]?\d{0,2}){1,3}(?![A-Za-z])(?=\d|[^A-Za-z]|$)(?<=[a-z0-9])")
_GERMAN_AND_CHINESE: Final = {
    "Nd": ("neodym", "钕"), "Pr": ("praseodym", "镨"), "Dy": ("dysprosium", "镝"), "Tb": ("terbium", "铽"),
    "La": ("lanthan", "镧"), "Ce": ("cer", "铈"), "Sm": ("samarium", "钐"), "Eu": ("europium", "铕"),
    "Gd": ("gadolinium", "钆"), "Ho": ("holmium", "钬"), "Er": ("erbium", "铒"), "Tm": ("thulium", "铥"),
    "Yb": ("ytterbium", "镱"), "Lu": ("lutetium", "镥"), "Y": ("yttrium", "钇"), "Sc": ("scandium", "钪"),
    "Fe": ("eisen", "铁"), "B": ("bor", "硼"), "Co": ("kobalt", "钴"), "Cu": ("kupfer", "铜"),
    "Al": ("aluminium", "铝"),
}  # fmt: skip
_ELEMENT_NAMES: Final = {
    name: symbol
    for symbol in (formula for formula, one in SPECIES.items() if not one.is_oxide)
    for name in (element_name(symbol), *_GERMAN_AND_CHINESE.get(symbol, ()))
}
_SUBSCRIPTS: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@dataclass(frozen=True, slots=True)
class Named:
    """A species as a cell names it, with the unit beside it, and whether it is counted of all rare-earth oxides."""

    species: str
    unit: str = ""
    of_treo: bool = False


def plain(text: str) -> str:
    """A text without marks at its end, with single spaces, and signs of one meaning as one."""
    text = unicodedata.normalize("NFC", text).translate(_SUBSCRIPTS).replace("：", ":").replace("．", ".")
    return " ".join(text.split()).strip(" :*#")


def label_of(text: str) -> tuple[str, str, str] | None:
    """Which label a cell is (`lot_number` ...), the unit in its brackets, and the text behind its colon."""
    before, _, behind = plain(text.replace("：", ":")).partition(":")
    name, unit = _without_unit(before)
    role = _role(name, tuple(_LABELS))
    return None if role is None else (role, unit, behind.strip())


def heading_of(text: str) -> tuple[str, str] | None:
    """Which heading of a table a cell is (`result`, `unit`, `limit`, ...), and the unit in its brackets."""
    name, unit = _without_unit(plain(text))
    role = _role(name, tuple(_HEADINGS))
    return None if role is None else (role, unit)


def species_in(text: str) -> Named | None:
    """The species that a cell names, and nothing but it, its name and its unit; None where it names none."""
    whole = plain(text)
    of_treo = _OF_TREO.search(whole)
    bare, unit = _without_unit(_OF_TREO.sub("", whole).strip(" ,"))
    if not unit and (found := _UNIT_TEXT.search(bare)) and found.end() == len(bare) and found.start():
        bare, unit = bare[: found.start()].strip(" ,-"), found[0]
    symbol = _SYMBOL.match(bare)
    if symbol and symbol[1] in SPECIES:
        rest = bare[symbol.end() :].strip(" ()-").casefold()
        if not rest or rest in _ELEMENT_NAMES:
            return Named(symbol[1], unit, of_treo is not None)
        return None
    name, _, inner = bare.rstrip(")").partition("(")
    if inner.strip() in SPECIES:
        return Named(inner.strip(), unit, of_treo is not None)
    by_name = _ELEMENT_NAMES.get(name.strip().casefold())
    return None if by_name is None or inner else Named(by_name, unit, of_treo is not None)


def is_formula(text: str) -> bool:
    """Whether a text begins with what may be a chemical formula of two letters or more."""
    return _FORMULA.match(plain(text)) is not None


def says_of_treo(text: str) -> bool:
    """Whether a text says that contents are per cent of all rare-earth oxides."""
    return _OF_TREO.search(text) is not None


def unit_in(text: str) -> str:
    """The unit of contents that a text names, as it stands there; empty where it names none."""
    found = _UNIT_TEXT.search(text)
    return found[0].strip() if found else ""


def per_cent(unit: str) -> Decimal:
    """How many per cent one of the unit is."""
    return Decimal(_PER_CENT.get(unit.strip().casefold(), "1"))


def is_unit(text: str) -> bool:
    """Whether a text is a unit of contents and nothing else."""
    return _UNIT_TEXT.fullmatch(plain(text)) is not None


def _without_unit(text: str) -> tuple[str, str]:
    """A heading without the brackets at its end where they hold a unit, and that unit."""
    trailing = _TRAILING.search(text)
    inner = (trailing[1] or trailing[2] or "").strip(" /") if trailing else ""
    if trailing and (is_unit(inner) or inner.casefold() in ("kg", "t", "g", "lb", "lbs")):
        return text[: trailing.start()].strip(" ."), inner
    return text.strip(" ."), ""


def _role(name: str, among: tuple[str, ...]) -> str | None:
    name = name.replace(".", "").replace("º", "").replace("°", "").strip().casefold()
    return next((role for role in among if _COMPILED[role].fullmatch(name)), None)
