"""Registers the operator of a new installation and invites its first administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from traceability.ledger.errors import RecordError
from traceability.models import Membership
from traceability.services import invitations, organisations


class Command(BaseCommand):
    help = "Register the operator, whose statement is the first of the log, and invite its first administrator by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name of the operator, as in the commercial register")
        parser.add_argument("country", help="its country, such as DE")
        parser.add_argument("email", help="where the invitation of its first administrator goes")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            with transaction.atomic():
                operator, _ = organisations.register(
                    name=options["name"], country=options["country"], roles=["operator"], is_operator=True
                )
                actor = organisations.on_behalf_of(operator)
                invitations.invite(actor=actor, email=options["email"], role=Membership.Role.ADMIN)
        except RecordError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"{operator.name} operates this log as {operator.urn}.")
        self.stdout.write(f"An invitation went to {options['email']}: follow its link within seven days.")
