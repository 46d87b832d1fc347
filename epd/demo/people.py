"""The people of the demonstration, and the mandates between their organisations."""

from dataclasses import dataclass
from datetime import date
from itertools import product

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model

from epd.demo.load import Loader
from traceability.models import Mandate, Membership, Organisation

DOMAIN = "demo.lodestone.example"
SUPPLIERS = ("juniper-flat", "redgum", "selat", "rheinkreis", "baltika", "isarmagnet")


@dataclass(frozen=True, slots=True)
class Person:
    """A demonstration login."""

    organisation: str
    organisation_name: str
    first_name: str
    last_name: str
    role: str = Membership.Role.ADMIN
    login: str = ""

    @property
    def email(self) -> str:
        return f"{self.login or self.organisation}@{DOMAIN}"


PEOPLE = (
    Person("juniper-flat", "Juniper Flat Rare Earths", "Dana", "Whitfield"),
    Person("redgum", "Redgum Minerals", "Mia", "Taylor"),
    Person("selat", "Selat Separation", "Nurul", "Rahman"),
    Person("rheinkreis", "Rheinkreis Recycling", "Jonas", "Albers"),
    Person("baltika", "Baltika Metals", "Maarja", "Tamm"),
    Person("isarmagnet", "Isarmagnet", "Lena", "Huber"),
    Person("isarmagnet", "Isarmagnet, second pair of eyes", "Erik", "Vogel", Membership.Role.APPROVER, "isarmagnet-2"),
    Person("nordwind", "Nordwind Drives (buyer)", "Pieter", "de Vries"),
    Person("auditor", "The auditor, with mandates of all six", "Claire", "Martin"),
    Person("verifier", "The verifier of declarations, with the same mandates", "Anna", "Linde"),
    Person("operator", "The operator of this log", "Sam", "Okafor"),
)


def add_people(chain: Loader) -> None:
    """Makes each account and mandate that is not there yet. Nobody gets a usable password: see config/demo_login.py."""
    for person in PEOPLE:
        organisation = Organisation.objects.get(pk=chain.id_of(person.organisation))
        user, made = get_user_model().objects.get_or_create(
            username=person.email,
            defaults={"email": person.email, "first_name": person.first_name, "last_name": person.last_name},
        )
        if made:
            user.set_unusable_password()
            user.save()
        EmailAddress.objects.get_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
        Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": person.role})
    for holder, supplier in product(("auditor", "verifier"), SUPPLIERS):
        Mandate.objects.get_or_create(
            giver=Organisation.objects.get(pk=chain.id_of(supplier)),
            holder=Organisation.objects.get(pk=chain.id_of(holder)),
            purpose=Mandate.Purpose.AUDIT,
            defaults={"valid_from": date(2026, 1, 1), "valid_until": date(2029, 12, 31)},
        )
