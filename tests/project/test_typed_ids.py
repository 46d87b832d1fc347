"""Ids that stand in queries and bodies: to an outsider the id of a thing of others is as one that nobody has.

Ids in addresses are asked in test_routes. The owner asks each place too, so that it is sure that it takes the id.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests.project.site import Site, nothing_like
from tests.project.test_routes import but_names

DAY = {"occurred_from": "2026-11-22T06:00:00Z", "occurred_to": "2026-11-22T06:00:00Z", "utc_offset": "+00:00"}
HOLD = {"kind": "lot.hold", **DAY, "body": {"lot": "urn:uuid:{}", "reason": "wet"}}


@dataclass(frozen=True)
class Place:
    """Where an id is typed: {} in the query or the body; `thing` names what of the owner it is."""

    method: str
    address: str
    thing: str
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.thing}"


PLACES = (
    # the API, in bodies
    Place("post", "/api/v1/statements", "lot", HOLD),
    Place("post", "/api/v1/drafts", "lot", HOLD),
    Place("post", "/api/v1/drafts", "template", {"template": "urn:uuid:{}"}),
    Place("post", "/api/v1/watches", "lot", {"what": "lot", "subject": "urn:uuid:{}"}),
    Place("post", "/api/v1/notes", "lot", {"lot": "urn:uuid:{}", "text": "a"}),
    Place("post", "/api/v1/notes", "digest", {"statement": "sha256:{}", "text": "a"}),
    Place("post", "/api/v1/requests", "alloy", {"what": "declaration", "lot": "urn:uuid:{}"}),
    Place("post", "/api/v1/requests", "bought",
          {"what": "opening", "statement": "sha256:{}", "places": ["/body/outputs/0/mass_kg"]}),
    Place("post", "/api/v1/declarations", "lot", {"lot": "urn:uuid:{}", "product": "a"}),
    # the API, in queries
    Place("get", "/api/v1/lineage?lots={}&depth=all", "lot"),
    Place("get", "/api/v1/lots?holder={}", "organisation"),
    Place("get", "/api/v1/samples?organisation={}&since=2020-01-01&until=2030-01-01&seed=a", "organisation"),
    Place("get", "/api/v1/samples?lot={}&since=2020-01-01&until=2030-01-01&seed=a", "lot"),
    Place("get", "/api/v1/exceptions?organisation={}", "organisation"),
    Place("get", "/api/v1/material-accounts?organisation={}", "organisation"),
    Place("get", "/api/v1/material-accounts/movements?organisation={}", "organisation"),
    Place("get", "/api/v1/search?q=urn:uuid:{}", "lot"),
    Place("get", "/api/v1/search?q={}", "digest"),
    # the pages
    Place("post", "/record/begin", "lot", {"act": "hold", "lot": "{}"}),
    Place("post", "/watches/add", "lot", {"what": "lot", "subject": "{}"}),
    Place("get", "/lineage/?lot={}&depth=all", "lot"),
    Place("get", "/lots/?of={}", "organisation"),
    Place("get", "/exceptions/?of={}", "organisation"),
    Place("get", "/material-accounts/?of={}", "organisation"),
    Place("get", "/material-accounts/behind/?of={}", "organisation"),
    Place("get", "/sampling/?of={}&since=2020-01-01&until=2030-01-01&seed=a&size=5", "organisation"),
    Place("get", "/sampling/?lot={}&since=2020-01-01&until=2030-01-01&seed=a&size=5", "lot"),
    Place("get", "/search/?q=urn:uuid:{}", "lot"),
    Place("get", "/search/?q={}", "digest"),
    Place("get", "/openings/?partner={}", "holder"),
)  # fmt: skip


def asked(site: Site, who: str, place: Place, value: object) -> tuple[int, str, str]:
    """Status, where it leads, and what it says but for the id itself; the effects are taken back."""
    from django.db import transaction

    body = json.dumps(place.body).replace("{}", str(value)) if place.body else None
    given: dict[str, Any] = {}
    if place.address.startswith("/api/"):
        given = {"data": body, "content_type": "application/json"} if body else {}
    elif body:
        given = {"data": json.loads(body)}
    with transaction.atomic():
        answer = getattr(site.browsers[who], place.method)(place.address.replace("{}", str(value)), **given)
        text = b"".join(answer).decode()
        transaction.set_rollback(True)
    leads = answer.headers.get("Location", "")
    return int(answer.status_code), _but(leads, value), _but(but_names(text, place.address), value)


def _but(text: str, value: object) -> str:
    text = re.sub("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text.replace(str(value), ""))
    text = re.sub("20[0-9-]{8}T[0-9:.]+Z", "", text)
    return text.replace(str(value)[-4:], "")


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_typed_id_tells_an_outsider_nothing(site: Site, place: Place) -> None:
    value = thing(site, place.thing)
    outside = asked(site, "outsider", place, value)
    assert outside == asked(site, "outsider", place, nothing_like(value))
    assert outside[0] < 500
    assert asked(site, "owner", place, value) != asked(site, "owner", place, nothing_like(value))


def thing(site: Site, name: str) -> object:
    """Something of the owner, or an alloy that he bought."""
    from traceability.models import Lot, Organisation

    if name == "alloy":
        return Lot.objects.get(number="ALLOY-1").pk
    if name == "bought":
        return bytes(Lot.objects.get(number="ALLOY-1").made_by.digest).hex()
    if name == "holder":
        return Organisation.objects.get(name="Nordwind Drives").pk
    value = site.things[name]
    return UUID(value) if name == "draft" else value
