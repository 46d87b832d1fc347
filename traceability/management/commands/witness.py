"""Runs a witness (C2SP tlog-witness): anybody can, with no database and no account."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from traceability.ledger.errors import RecordError
from traceability.ledger.policy import parse_policy
from traceability.services import witness


class Command(BaseCommand):
    """manage.py witness"""

    help = "Cosigns the checkpoints of logs that only grow, and refuses rollbacks and forks (c2sp.org/tlog-witness)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--key", type=Path, required=True, help="the key file of this witness")
        parser.add_argument("--make-key", metavar="NAME", help="make the key file, print the policy line, and end")
        parser.add_argument("--policy", type=Path, help="a tlog-policy: its log lines name the logs that are watched")
        parser.add_argument("--state", type=Path, help="the folder that remembers the newest tree of each log; keep it")
        parser.add_argument("--listen", default="127.0.0.1:8181", help="address and port; put TLS before it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["make_key"]:
                key = witness.make_key(options["key"], options["make_key"])
                self.stdout.write(f"witness {options['make_key']} {key} https://YOUR-ADDRESS")
                return
            if options["policy"] is None or options["state"] is None:
                raise CommandError("Name --policy and --state.")
            logs = parse_policy(options["policy"].read_bytes()).logs
            one = witness.Witness(witness.read_key(options["key"]), logs, options["state"])
        except (RecordError, OSError) as error:
            raise CommandError(str(error)) from error
        host, _, port = options["listen"].rpartition(":")
        with witness.server(one, (host.strip("[]"), int(port))) as server:
            self.stdout.write(f"Watching {len({key.name for key in logs})} logs on {options['listen']}.")
            server.serve_forever()
