"""People of the market in front of the supplier's pages, and short ways to fill in a draft and to sign it."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.test import Client

from tests.services.market import START, Market, open_market
from traceability.models import Draft, Lot, Membership, Organisation, Statement
from traceability.services import organisations

WHEN = {"occurred_from": "2026-03-20 06:10", "utc_offset": "+00:00"}
ORE = {
    "origin": {"origin": "mined", "country": "US", "occurred_from": "2026-03-20 06:10", "occurred_to": "",
               "utc_offset": "+00:00"},
    "lot": {"material": "bastnaesite ore", "lot_number": "ORE-7", "stage": "ore", "mass_kg": "1 000.5",
            "mass_kg_unit": "kg"},
    "assay": {"assay-basis": "dry_mass", "assay-rows-0-species": "Nd2O3", "assay-rows-0-content_pct": "0.66"},
    "energy": {},
    "documents": {},
}  # fmt: skip


@dataclass
class People:
    """A person of each organisation of the market; `viewer` only reads for the mine."""

    market: Market
    owner: Client
    partner: Client
    outsider: Client
    viewer: Client
    anybody: Client

    def lot(self, **changes: Any) -> Lot:
        """A lot of 1000 kg of ore that the mine holds."""
        return self.market.lot(self.market.source(**changes))

    def sent(self, **changes: Any) -> Lot:
        """A lot of ore on its way from the mine to the separator."""
        lot = self.lot(**changes)
        self.market.send(lot.urn)
        lot.refresh_from_db()
        return lot


def person(organisation: Organisation, role: str = Membership.Role.ADMIN, name: str = "") -> Client:
    """A browser in which somebody of this organisation is signed in."""
    user = get_user_model().objects.create_user(name or f"{organisation.pk}-{role}", f"{organisation.pk}@example.org")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def open_people() -> People:
    """The market with its people, and an organisation that has nothing to do with the others."""
    market = open_market()
    foreign, _ = organisations.register(name="Elsewhere", country="CH", roles=["buyer"], at=START)
    return People(
        market,
        owner=person(market.mine.organisation),
        partner=person(market.separator.organisation),
        outsider=person(foreign),
        viewer=person(market.mine.organisation, Membership.Role.VIEWER),
        anybody=Client(),
    )


def begin(client: Client, act: str, lot: Lot | None = None) -> Draft:
    """A new draft."""
    found = client.post("/record/begin", {"act": act} | ({"lot": str(lot.pk)} if lot else {}))
    assert found.status_code == 302, found.content.decode()
    return Draft.objects.get(pk=UUID(found["Location"].split("/")[2]))


def fill(client: Client, draft: Draft, sections: dict[str, dict[str, str]]) -> Draft:
    """The draft after these sections were saved; each must be taken without a complaint."""
    for key, answers in sections.items():
        found = client.post(f"/record/{draft.pk}/{key}/", answers | {"save": ""})
        assert found.status_code == 302, complaints(found)
    draft.refresh_from_db()
    return draft


def sign(client: Client, draft: Draft) -> Statement:
    """The statement that a draft becomes."""
    found = client.post(f"/record/{draft.pk}/check/", {"agreed": "on"})
    assert found.status_code == 302, complaints(found)
    return Statement.objects.get(urn=UUID(found["Location"].split("/")[2]))


def record(client: Client, act: str, sections: dict[str, dict[str, str]], lot: Lot | None = None) -> Statement:
    """The statement of an act that somebody typed and signed."""
    return sign(client, fill(client, begin(client, act, lot), sections))


def complaints(response: Any) -> list[str]:
    """The sentences in the summary of a page."""
    html = response.content.decode()
    summary = re.search(r'<div class="errors".*?</div>', html, re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]*)", summary[0]) if summary else [html[:2000]]


def typed(response: Any, name: str) -> str:
    """What stands in a field of a page."""
    html = response.content.decode()
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert tag is not None, name
    value = re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else ""


def beside(response: Any, name: str) -> str:
    """The sentence beside a field of a page; empty where there is none."""
    found = re.search(rf'id="id_{name}_error">.*?</svg><span><span class="vh">Error: </span>(.*?)</span>',
                      response.content.decode(), re.DOTALL)  # fmt: skip
    return found[1] if found else ""
