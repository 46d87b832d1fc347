"""What the clocks of a country show: with it a form begins, and the person says otherwise where it is otherwise."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from traceability.selectors import drafts
from traceability.selectors.access import Actor
from traceability.services import clock

UTC: Final = "+00:00"
_PLACES: Final = {
    "AR": "America/Argentina/Buenos_Aires", "AT": "Europe/Vienna", "AU": "Australia/Sydney", "BE": "Europe/Brussels",
    "BG": "Europe/Sofia", "BI": "Africa/Bujumbura", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
    "CH": "Europe/Zurich", "CL": "America/Santiago", "CN": "Asia/Shanghai", "CZ": "Europe/Prague",
    "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GR": "Europe/Athens", "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest", "ID": "Asia/Jakarta", "IE": "Europe/Dublin", "IL": "Asia/Jerusalem",
    "IN": "Asia/Kolkata", "IT": "Europe/Rome", "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "KZ": "Asia/Almaty",
    "LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MG": "Indian/Antananarivo",
    "MM": "Asia/Yangon", "MN": "Asia/Ulaanbaatar", "MW": "Africa/Blantyre", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NA": "Africa/Windhoek", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo",
    "NZ": "Pacific/Auckland", "PH": "Asia/Manila", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest", "RS": "Europe/Belgrade", "RU": "Europe/Moscow", "SE": "Europe/Stockholm",
    "SG": "Asia/Singapore", "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava", "TH": "Asia/Bangkok",
    "TR": "Europe/Istanbul", "TW": "Asia/Taipei", "TZ": "Africa/Dar_es_Salaam", "UA": "Europe/Kyiv",
    "US": "America/New_York", "VN": "Asia/Ho_Chi_Minh", "ZA": "Africa/Johannesburg",
}  # fmt: skip
"""Where most people of a country live that makes or handles rare earths; IANA time zones."""


def usual_offset(actor: Actor, now: datetime | None = None) -> str:
    """The UTC offset at the actor's only site, else of his organisation's country, now."""
    sites = drafts.facilities(actor)[:2]
    country = sites[0].country if len(sites) == 1 else actor.organisation.country
    return offset_in(country, now or clock.now())


def offset_in(country: str, moment: datetime) -> str:
    """The UTC offset in a country at a moment, as `+02:00`; that of UTC where its clocks are not known here."""
    try:
        local = moment.astimezone(ZoneInfo(_PLACES[country]))
    except (KeyError, ZoneInfoNotFoundError):
        return UTC
    written = f"{local:%z}"
    return f"{written[:3]}:{written[3:5]}"
