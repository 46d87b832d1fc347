"""Identifiers of GS1 in one way of writing: EPC URIs and GS1 Digital Links of any domain as canonical Digital Links.

EPC Tag Data Standard 2.0, 6; GS1 Digital Link: URI Syntax, 4.10; CBV 2.0, 8.9.2 (lowest level of identification, no
consumer product variant, no query). What is not understood is left alone.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from traceability.intake.gtin import check_digit

DOMAIN: Final = "https://id.gs1.org"
_REMEMBERED: Final = 65536
LONGEST_REMEMBERED: Final = 200
"""What is longer is read anew each time, so that what is remembered stays small."""

_SERIAL: Final = (
    r"(?:%2[125-9A-Fa-f]|%3[0-9A-Fa-f]|%4[1-9A-Fa-f]|%5[0-9AaFf]|%6[1-9A-Fa-f]|%7[0-9Aa]"
    r"|[!')(*+,.0-9:;=A-Za-z_-])"
)
_PART: Final = r"(?:%2[3dfDF]|%3[0-9]|%4[1-9A-Fa-f]|%5[0-9Aa]|[0-9A-Z-])"
_TO_ESCAPE: Final = {ord(sign): f"%{ord(sign):02X}" for sign in "!()*+,:"}


def _numbers(digits: int) -> str:
    """A company prefix of 6 to 12 digits and a reference that fills it up to so many."""
    return "(?:" + "|".join(rf"[0-9]{{{n}}}\.[0-9]{{{digits - n}}}" for n in range(6, 13)) + ")"


def _with_digit(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"


def _link(place: str) -> Callable[[re.Match[str]], str]:
    """Writes a link whose blanks are: gtin (also of shipping units: the first digit of the reference stands first),
    checked and asset (digits with their check digit), part, pieces and serial."""

    def written(match: re.Match[str]) -> str:
        found = {name: value.translate(_TO_ESCAPE) for name, value in match.groupdict().items() if value}
        prefix, _, reference = match["key"].partition(".")
        found["part"] = (prefix + reference).translate(_TO_ESCAPE)
        found["pieces"] = found.get("pieces", "").replace(".", "")
        if (digits := prefix + reference).isdigit():
            found |= {
                "gtin": _with_digit(reference[:1] + prefix + reference[1:]),
                "checked": _with_digit(digits),
                "asset": _with_digit("0" + digits),
            }
        return place.format(**found)

    return written


def _form(key: str, rest: str, place: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    return re.compile(f"(?P<key>{key}){rest}", re.ASCII), _link(place)


def _serial(most: int) -> str:
    return rf"\.(?P<serial>{_SERIAL}{{1,{most}}})"


def _free(most: int, sign: str = _SERIAL) -> str:
    """A company prefix and a reference of any signs, both together within so many."""
    return "(?:" + "|".join(rf"[0-9]{{{n}}}\.{sign}{{1,{most - n}}}" for n in range(6, 13)) + ")"


_PIECES: Final = r"\.(?P<pieces>[0-9]{2}\.[0-9]{2})"
_PATTERN: Final = r"\.\*"
_URNS: Final = {
    "urn:epc:id:sgtin:": _form(_numbers(13), _serial(20), "/01/{gtin}/21/{serial}"),
    "urn:epc:class:lgtin:": _form(_numbers(13), _serial(20), "/01/{gtin}/10/{serial}"),
    "urn:epc:idpat:sgtin:": _form(_numbers(13), _PATTERN, "/01/{gtin}"),
    "urn:epc:id:upui:": _form(_numbers(13), _serial(28), "/01/{gtin}/235/{serial}"),
    "urn:epc:idpat:upui:": _form(_numbers(13), _PATTERN, "/01/{gtin}"),
    "urn:epc:id:itip:": _form(_numbers(13), _PIECES + _serial(20), "/8006/{gtin}{pieces}/21/{serial}"),
    "urn:epc:idpat:itip:": _form(_numbers(13), _PIECES + _PATTERN, "/8006/{gtin}{pieces}"),
    "urn:epc:id:sscc:": _form(_numbers(17), "", "/00/{gtin}"),
    "urn:epc:id:sgln:": _form(_numbers(12), _serial(20), "/414/{checked}/254/{serial}"),
    "urn:epc:id:pgln:": _form(_numbers(12), "", "/417/{checked}"),
    "urn:epc:id:grai:": _form(_numbers(12), _serial(16), "/8003/{asset}{serial}"),
    "urn:epc:idpat:grai:": _form(_numbers(12), _PATTERN, "/8003/{asset}"),
    "urn:epc:id:giai:": _form(_free(30), "", "/8004/{part}"),
    "urn:epc:id:gsrn:": _form(_numbers(17), "", "/8018/{checked}"),
    "urn:epc:id:gsrnp:": _form(_numbers(17), "", "/8017/{checked}"),
    "urn:epc:id:gdti:": _form(_numbers(12), _serial(17), "/253/{checked}{serial}"),
    "urn:epc:idpat:gdti:": _form(_numbers(12), _PATTERN, "/253/{checked}"),
    "urn:epc:id:cpi:": _form(_free(30, _PART), r"\.(?P<serial>[0-9]{1,12})", "/8010/{part}/8011/{serial}"),
    "urn:epc:idpat:cpi:": _form(_free(30, _PART), _PATTERN, "/8010/{part}"),
    "urn:epc:id:sgcn:": _form(_numbers(12), r"\.(?P<serial>[0-9]{1,12})", "/255/{checked}{serial}"),
    "urn:epc:idpat:sgcn:": _form(_numbers(12), _PATTERN, "/255/{checked}"),
    "urn:epc:id:ginc:": _form(_free(30), "", "/401/{part}"),
    "urn:epc:id:gsin:": _form(_numbers(16), "", "/402/{checked}"),
}
_NO_EXTENSION: Final = "/254/0"

_PRIMARY: Final[Mapping[str, str]] = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
}  # fmt: skip
_PRIMARY_CODES: Final = frozenset(_PRIMARY.values())
_QUALIFIERS: Final[Mapping[str, str]] = {"cpv": "22", "lot": "10", "ser": "21"}
_SIGNS: Final = r"[\"'\-.0-9;-?A-Z_a-z]"
_WHOLE: Final = re.compile(
    rf"/(?:00/[0-9]{{18}}|01/[0-9]{{14}}(?:/(?:10|21)/{_SIGNS}{{0,20}}|/235/{_SIGNS}{{0,28}})?"
    rf"|253/[0-9]{{13}}{_SIGNS}{{0,17}}|255/[0-9]{{13,25}}|401/{_SIGNS}{{0,30}}|402/[0-9]{{17}}"
    rf"|414/[0-9]{{13}}(?:/254/{_SIGNS}{{0,20}})?|417/[0-9]{{13}}|8003/[0-9]{{14}}{_SIGNS}{{0,16}}"
    rf"|8004/{_SIGNS}{{0,30}}|8006/[0-9]{{18}}(?:/(?:10|21)/{_SIGNS}{{0,20}})?"
    r"|8010/[#\-/0-9A-Z]{0,30}(?:/8011/[0-9]{0,12})?|801[78]/[0-9]{18})",
    re.ASCII,
)
_LOT: Final = re.compile(r"https?://[^?#]*?/01/(?P<gtin>[0-9]{14})/10/(?P<lot>[^/?#]+)", re.ASCII)


def canonical(uri: str) -> str | None:
    """The canonical Digital Link of a URI that carries a key of GS1, at its lowest level; None for any other."""
    return _canonical(uri) if len(uri) <= LONGEST_REMEMBERED else _canonical.__wrapped__(uri)


@lru_cache(_REMEMBERED)
def _canonical(uri: str) -> str | None:
    if uri.startswith("urn:epc:"):
        return _of_urn(uri)
    if uri.startswith(("https://", "http://")):
        return _of_link(uri)
    return None


def lot_of(uri: str) -> tuple[str, str] | None:
    """The 14 digits of the GTIN and the number of the lot that a URI names; None where it names no lot of GS1."""
    found = _LOT.fullmatch(canonical(uri) or uri)
    return (found["gtin"], unquote(found["lot"])) if found else None


def _of_urn(uri: str) -> str | None:
    scheme_end = uri.find(":", uri.find(":", 8) + 1) + 1
    known = _URNS.get(uri[:scheme_end])
    found = known[0].fullmatch(uri[scheme_end:]) if known else None
    return DOMAIN + known[1](found).removesuffix(_NO_EXTENSION) if known and found else None


def _of_link(uri: str) -> str | None:
    path = uri.partition("?")[0].partition("://")[2]
    segments = path.split("/")[1:]
    for at, segment in enumerate(segments[:-1]):
        code = _PRIMARY.get(segment, segment)
        if code in _PRIMARY_CODES and segments[at + 1][:4].isdigit() and len(segments[at + 1]) > 4:
            return _constrained(code, segments[at + 1 :])
    return None


def _constrained(code: str, rest: list[str]) -> str | None:
    """The link at its lowest level; None where the rest is not as the standard writes it."""
    key, *others = rest
    pairs = dict(zip((_QUALIFIERS.get(one, one) for one in others[::2]), others[1::2], strict=False))
    if len(others) != 2 * len(pairs):
        return None
    if code == "01":
        key = key.zfill(14)
    if code in ("01", "8006"):
        pairs.pop("22", None)
        if "21" in pairs:
            pairs.pop("10", None)
    path = f"/{code}/{key}" + "".join(f"/{name}/{value}" for name, value in pairs.items())
    return DOMAIN + path if _WHOLE.fullmatch(path) else None


def lgtin_link(gtin: str, lot: str) -> str:
    """The canonical link of a lot."""
    return f"{DOMAIN}/01/{gtin}/10/{quote(lot, safe='')}"
