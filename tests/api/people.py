"""People of the market who use the API with the session of the pages."""

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from traceability.models import Membership, Organisation


class Person(Client):
    """A browser that is signed in."""

    def __init__(self, organisation: Organisation, role: str, name: str) -> None:
        super().__init__()
        self.user = get_user_model().objects.create_user(name, f"{name}@market.example", first_name=name)
        self.member = Membership.objects.create(user=self.user, organisation=organisation, role=role)
        self.force_login(self.user)

    def read(self, path: str, **query: str) -> Any:
        return self.get(f"/api/v1/{path}", query)

    def send(self, path: str, body: object = None) -> Any:
        """POSTs JSON."""
        return self.post(f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json")

    def change(self, path: str, body: object) -> Any:
        """PUTs JSON."""
        return self.put(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
