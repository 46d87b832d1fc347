"""Logins of the demonstration exist while LODESTONE_DEMO=1, and at no other time."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from config.demo_login import DOMAIN, PASSWORD
from epd.demo.people import PEOPLE
from tests.demo_chain import Demo
from traceability.models import Organisation, Statement

BACKEND = "config.demo_login.DemoBackend"


def signs_in(email: str, password: str = PASSWORD) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_outside_demonstration_mode_nothing_is_loaded(db: None, settings: Any) -> None:
    assert settings.LODESTONE_DEMO is False
    assert BACKEND not in settings.AUTHENTICATION_BACKENDS
    with pytest.raises(CommandError, match="only in demonstration mode"):
        call_command("demo")
    assert not get_user_model().objects.exists()
    assert not Organisation.objects.exists()
    assert not Statement.objects.exists()
    assert not any(signs_in(person.email) for person in PEOPLE)


def test_accounts_that_a_demonstration_left_open_no_door_outside_it(demo: Demo, changing: None, settings: Any) -> None:
    email = PEOPLE[0].email
    assert email.endswith(DOMAIN)
    assert not get_user_model().objects.get(email=email).has_usable_password()
    assert not signs_in(email)
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, BACKEND]
    assert signs_in(email)
    assert not signs_in(email, "another password")
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert client.get("/notices/").status_code == 200
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[:-1]
    assert client.get("/notices/").status_code == 302  # the session ends with the mode
