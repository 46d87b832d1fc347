"""Trusts the log of another record, ends that trust, or lists what is trusted."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from traceability.ledger.errors import RecordError
from traceability.models import TrustedLog
from traceability.services import trusted_logs


class Command(BaseCommand):
    help = "Trusts the log of another record by its policy, ends that trust, or lists what is trusted."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--policy", type=Path, help="the policy of its operator (c2sp.org/tlog-policy)")
        parser.add_argument("--name", default="", help="who runs it")
        parser.add_argument("--trust", type=Path, help="whom of it you accept (trust.json)")
        parser.add_argument("--revoke", metavar="ORIGIN", help="trust this log no longer")
        parser.add_argument("--reason", default="", help="why it is trusted no longer")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._do(options)
        except (RecordError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from None

    def _do(self, given: dict[str, Any]) -> None:
        if given["revoke"]:
            trusted_logs.revoke_by_command(origin=given["revoke"], reason=given["reason"])
        elif given["policy"]:
            trust = given["trust"].read_text() if given["trust"] else ""
            trusted_logs.trust_by_command(name=given["name"], policy=given["policy"].read_text(), trust_file=trust)
        for row in TrustedLog.objects.filter(revoked_at=None).order_by("origin"):
            self.stdout.write(f"{row.origin}  {row.name}  since {row.trusted_at:%Y-%m-%d}")
