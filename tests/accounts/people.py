"""People and organisations at the door, and short ways to read the letters they get."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from tests.services.market import START, Market
from traceability.models import Membership, Organisation
from traceability.selectors.access import Actor
from traceability.services import organisations, signup
from traceability.services.signup import Applied

PASSWORD = "a long walk to the mine"
NEWCOMER = Applied("Hafen Magnets", "DE", ("supplier",), "We press and sinter magnets.", "https://hafen.example")


def user(name: str, *, verified: bool = True) -> Any:
    """Somebody with a confirmed address."""
    made = get_user_model().objects.create_user(name, f"{name}@example.org", PASSWORD, first_name=name.title())
    EmailAddress.objects.create(user=made, email=made.email, verified=verified, primary=True)
    return made


def member(organisation: Organisation, name: str, role: str = Membership.Role.ADMIN) -> Actor:
    """A person who works for an organisation."""
    made = user(name)
    Membership.objects.create(user=made, organisation=organisation, role=role)
    return Actor(made.pk, organisation, role)


def browser(actor: Actor) -> Client:
    """A browser in which the person is signed in, for the organisation for which he acts."""
    client = Client()
    client.force_login(
        get_user_model().objects.get(pk=actor.user_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.session
    session["organisation"] = str(actor.organisation.pk)
    session.save()
    return client


def newcomer(name: str = "nele", applied: Applied = NEWCOMER) -> Actor:
    """An organisation that has just signed up, and the person who did it."""
    made = user(name)
    organisation = signup.apply(user_id=made.pk, applied=applied)
    return Actor(made.pk, organisation, Membership.Role.ADMIN)


def operator(market: Market, name: str = "sam", role: str = Membership.Role.ADMIN) -> Actor:
    """Somebody who decides for the operator."""
    return member(market.operator.organisation, name, role)


def letters(to: str) -> list[Any]:
    """The letters to an address, the newest last."""
    return [one for one in mail.outbox if one.to == [to]]


def link_in(letter: Any) -> str:
    """The path with query of the one link of this site in a letter."""
    found = re.search(r"http://(?:127\.0\.0\.1:8000|testserver)(/[^\s]+)", letter.body)
    assert found, letter.body
    return found[1]


def secret_in(letter: Any) -> str:
    """The secret of the link of an invitation."""
    [secret] = parse_qs(urlsplit(link_in(letter)).query)["key"]
    return secret


__all__ = ["NEWCOMER", "PASSWORD", "START", "Applied", "organisations"]
