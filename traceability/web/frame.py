"""What stands around every page: who acts, what waits, how far the log is. Filled by a context processor as `frame`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# (key of the section, name of the address, word): the order in which they stand
NAVIGATION = (
    ("overview", "overview", _("Overview")),
    ("stock", "stock", _("Stock")),
    ("lots", "lots", _("All lots")),
    ("incoming", "incoming", _("Incoming")),
    ("outgoing", "outgoing", _("Outgoing")),
    ("record", "record", _("Record")),
    ("declarations", "declarations", _("Declarations")),
    ("requests", "requests", _("Requests")),
    ("facilities", "facilities", _("Facilities")),
    ("partners", "partners", _("Partners")),
)
OF_GOODS = frozenset({"stock", "incoming", "outgoing", "record", "facilities"})
"""The sections for those who make, ship or receive goods."""
FOOTER = (
    ("how_it_works", _("How the record works")),
    ("formats", _("Formats")),
    ("rule_sets", _("Rule sets")),
    ("offline_verifier", _("Download the offline verifier")),
    ("signer", _("Sign with a key of your own")),
    ("accessibility", _("Accessibility")),
)
PERSONAL = (
    ("notices", _("Notices")),
    ("watches", _("What you watch")),
    ("bundle_jobs", _("Bundles")),
    ("tokens", _("API tokens")),
    ("numbers", _("Numbers")),
    ("account_email", _("E-mail address")),
    ("account_change_password", _("Password")),
    ("mfa_index", _("Two-factor authentication")),
)
ADMINISTRATION = (
    ("keys", _("Keys")),
    ("webhooks", _("Webhooks")),
    ("audit", _("Audit log")),
)


@dataclass(frozen=True, slots=True)
class Acting:
    """An organisation that the person may act for; `href` switches to it."""

    name: str
    role: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The newest checkpoint of the log."""

    size: int
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """The header and the foot of a page; `counts` holds what waits, by key of the section."""

    person: str = ""
    acting: Acting | None = None
    organisations: tuple[Acting, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    is_admin: bool = False
    left_out: frozenset[str] = frozenset()
    """The sections that are no business of this organisation."""


def links(which: str, counts: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """The links of the navigation, the foot or the personal menu; an address that does not exist is left out."""
    rows = {"navigation": NAVIGATION, "footer": FOOTER, "personal": PERSONAL, "administration": ADMINISTRATION}[which]
    found = ({"key": str(row[0]), "href": _address(str(row[-2])), "words": row[-1]} for row in rows)
    return [{**one, "count": (counts or {}).get(str(one["key"]), 0)} for one in found if one["href"]]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
