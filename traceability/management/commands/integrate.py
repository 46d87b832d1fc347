"""`manage.py integrate`: gives waiting statements their places in the log and publishes its checkpoint."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from traceability.ledger.errors import RecordError
from traceability.selectors.log import newest_checkpoint
from traceability.services import integrator, publisher


class Command(BaseCommand):
    help = "Give waiting statements their places in the log and publish its checkpoint; opens a log that is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--adopt-guard",
            action="store_true",
            help="first fill an empty guard with the newest checkpoint of this database; only if you know that nothing "
            "newer was ever signed",
        )
        parser.add_argument(
            "--renew", action="store_true", help="sign the newest checkpoint again with the time of now"
        )

    def handle(self, *, adopt_guard: bool, renew: bool, **options: Any) -> None:
        try:
            if adopt_guard:
                publisher.adopt_guard()
            count = integrator.drain()
            if renew:
                publisher.renew()
        except RecordError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"{count} statements got their place; the log has {newest_checkpoint().size} entries.")
