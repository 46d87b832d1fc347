"""Makes a token of the API for an organisation and prints its secret, which is kept nowhere."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from traceability.ledger.errors import RecordError
from traceability.models import ApiToken, Organisation
from traceability.services import organisations, tokens


class Command(BaseCommand):
    help = "Make a token of the API for an organisation and print its secret once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="the uuid or the exact name of the organisation")
        parser.add_argument("--name", default="made by the operator", help="what it is for")
        parser.add_argument(
            "--scope", choices=list(ApiToken.Scope), action="append", default=[], help="beyond reading; may be repeated"
        )
        parser.add_argument("--days", type=int, default=90, help="after how many days it ends")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            _, secret = tokens.create(
                actor=organisations.on_behalf_of(_organisation(options["organisation"])),
                name=options["name"],
                scopes=[ApiToken.Scope(one) for one in options["scope"]],
                expires_at=timezone.now() + timedelta(days=options["days"]),
            )
        except RecordError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(secret)


def _organisation(named: str) -> Organisation:
    try:
        found = Organisation.objects.filter(pk=UUID(named.removeprefix("urn:uuid:")))
    except ValueError:
        found = Organisation.objects.filter(name=named)
    if found.count() != 1:
        raise CommandError(f"{found.count()} organisations are called {named}. Name one by its uuid.")
    return found.get()
