"""Clients of the API that act for the organisations of the market, and short ways to ask and to submit."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.services.market import START, Market, open_market, urn
from traceability.ledger.moments import format_moment
from traceability.models import ApiToken, Organisation
from traceability.selectors.access import Actor
from traceability.services import organisations, publisher, tokens

NDJSON = "application/x-ndjson"
DSSE = "application/vnd.dsse+json"


class Program(Client):
    """A client with a token."""

    def __init__(self, actor: Actor, *scopes: ApiToken.Scope) -> None:
        self.actor = actor
        self.secret = tokens.create(
            actor=actor,
            name="tests",
            scopes=scopes or [ApiToken.Scope.SUBMIT],
            expires_at=timezone.now() + timedelta(days=1),
        )[1]
        super().__init__(headers={"Authorization": f"Bearer {self.secret}"})

    def send(self, path: str, body: object, **headers: str) -> Any:
        """POSTs JSON."""
        return self.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

    def say(self, kind: str, body: dict[str, Any], **more: Any) -> Any:
        """POSTs an act."""
        return self.send("statements", act(kind, body, **more))

    def read(self, path: str, **query: str) -> Any:
        return self.get(f"/api/v1/{path}", query)


@dataclass
class Clients:
    """Who asks in the tests."""

    market: Market
    owner: Program
    customer: Program
    outsider: Program
    anybody: Client

    @property
    def all(self) -> dict[str, Client]:
        return {"owner": self.owner, "customer": self.customer, "outsider": self.outsider, "anybody": self.anybody}


def act(kind: str, body: dict[str, Any], *, day: int = 1, **more: Any) -> dict[str, Any]:
    """An act as it travels."""
    return {"kind": kind, "body": body, "occurred_from": format_moment(START + timedelta(days=day)), **more}


def ndjson(*rows: object) -> str:
    return "\n".join(json.dumps(row) for row in rows) + "\n"


def open_clients() -> Clients:
    """The market with its clients, and an organisation that has nothing to do with the others."""
    publisher.open_log()
    market = open_market()
    foreign, _ = organisations.register(name="Elsewhere", country="CH", roles=["buyer"], at=START)
    outsider = organisations.on_behalf_of(foreign)
    return Clients(market, Program(market.mine), Program(market.separator), Program(outsider), Client())


__all__ = ["DSSE", "NDJSON", "Clients", "Organisation", "Program", "act", "ndjson", "open_clients", "urn"]
