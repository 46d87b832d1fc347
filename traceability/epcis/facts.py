"""What else an event can be asked by: quantities, what sensors told, papers, parties, dispositions that last."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from traceability.epcis.names import CBV, normal_name, normal_word

MEASURED: Final = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
"""Numbers of sensor reports; each is asked for with its unit: `value_CEL`."""
SENSED: Final = (
    "type", "deviceID", "dataProcessingMethod", "bizRules", "microorganism", "chemicalSubstance", "stringValue",
    "hexBinaryValue", "uriValue", "booleanValue",
)  # fmt: skip
_NAMES: Final = ("deviceID", "bizRules", "dataProcessingMethod", "uriValue")
SENSED_WHEN: Final = ("time", "startTime", "endTime")
PAPERS: Final[Mapping[str, tuple[str, str]]] = {
    "bizTransaction": ("bizTransactionList", "BTT-"), "source": ("sourceList", "SDT-"),
    "destination": ("destinationList", "SDT-"),
}  # fmt: skip
"""The list of each, and its words in the vocabulary."""
LASTING: Final = ("set", "unset")
_QUANTITIES: Final = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
LONGEST_FIELD: Final = 200
LONGEST_TEXT: Final = 900


class Fact(NamedTuple):
    """A value of an event: a text, or a number (moments in seconds since 1970)."""

    field: str
    text: str
    number: float | None


def facts_of(event: Mapping[str, Any]) -> frozenset[Fact]:
    """The facts of an event that was checked; what is too long to be asked for is left out."""
    return frozenset(
        one for one in _facts(event) if len(one.field) <= LONGEST_FIELD and len(one.text) <= LONGEST_TEXT
    )  # fmt: skip


def moment(text: str) -> float:
    """The seconds since 1970 of a moment with its offset."""
    return datetime.fromisoformat(text.upper()).timestamp()


def paper_field(kind: str, type_: str) -> str:
    """The field of a paper or party of this type; a word of the vocabulary however it was written."""
    return f"{kind}_{normal_word(type_, CBV + PAPERS[kind][1])}"


def _facts(event: Mapping[str, Any]) -> Iterator[Fact]:
    for name in _QUANTITIES:
        for one in event.get(name, ()):
            if "quantity" in one:
                yield Fact("quantity", "", float(one["quantity"]))
    for member in ("sensorElementList", "ilmd"):
        if event.get(member):
            yield Fact("exists", member, None)
    for element in event.get("sensorElementList", ()):
        yield from _sensed([element.get("sensorMetadata", {}), *element["sensorReport"]])
    for kind, (name, _) in PAPERS.items():
        for one in event.get(name, ()):
            yield Fact(paper_field(kind, one.get("type", "")), normal_name(one[kind]), None)
    for which in LASTING:
        for word in event.get("persistentDisposition", {}).get(which, ()):
            yield Fact(f"persistentDisposition_{which}", normal_word(word, f"{CBV}Disp-"), None)
    if declared := event.get("errorDeclaration"):
        yield Fact("errorDeclarationTime", "", moment(declared["declarationTime"]))
        if "reason" in declared:
            yield Fact("errorReason", normal_word(declared["reason"], f"{CBV}ER-"), None)
        for one in declared.get("correctiveEventIDs", ()):
            yield Fact("correctiveEventID", one, None)


def _sensed(said: Sequence[Mapping[str, Any]]) -> Iterator[Fact]:
    for one in said:
        for name in SENSED:
            if name in one:
                yield Fact(name, sensed_text(name, one[name]), None)
        for name in SENSED_WHEN:
            if name in one:
                yield Fact(name, "", moment(one[name]))
        for name in MEASURED:
            if name in one:
                yield Fact(f"{name}_{one.get('uom', '')}", "", float(one[name]))


def sensed_text(name: str, value: Any) -> str:
    """What a sensor said, as it is compared."""
    if isinstance(value, bool):
        return str(value).lower()
    if name == "type":
        return normal_word(str(value), "https://gs1.org/voc/").removeprefix("gs1:")
    return normal_name(str(value)) if name in _NAMES else str(value)
