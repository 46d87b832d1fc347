"""Follows a log from outside; anybody can, with no database and no account."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser

from traceability.ledger.errors import RecordError
from traceability.ledger.policy import Policy, parse_policy
from traceability.services import clock, monitor
from traceability.services.monitor import Alarm, Get, Seen

TIMEOUT_S = 30
MOST_BYTES = 16 * 1024 * 1024
ONLY_SAID = ("replay_incomplete",)
"""What is no alarm: that somebody who may not read everything did not."""


class Command(BaseCommand):
    """manage.py monitor"""

    help = "Follows a log, checks that it only grows, and raises alarms: lines of JSON, exit code 1, mail."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", required=True, help="the site of the log")
        parser.add_argument("--policy", type=Path, required=True, help="a tlog-policy: its keys, and your witnesses")
        parser.add_argument("--state", type=Path, required=True, help="the folder that remembers what was seen")
        parser.add_argument("--token-file", type=Path, help="an API token: the statements are read again too")
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on for ever instead of looking once")
        parser.add_argument("--mail", metavar="ADDRESS", help="where alarms go beside the output")

    def handle(self, *args: Any, **options: Any) -> None:
        if urlsplit(options["url"]).scheme not in ("https", "http"):
            raise CommandError("Name the site with https.")
        try:
            policy = parse_policy(options["policy"].read_bytes())
            token = options["token_file"].read_text("ascii").strip() if options["token_file"] else ""
            options["state"].mkdir(mode=0o700, parents=True, exist_ok=True)
        except (RecordError, OSError) as error:
            raise CommandError(str(error)) from error
        get = _reader(options["url"].rstrip("/"), token)
        while True:
            alarms = self._look(get, policy, options["state"] / "seen.json", replay=bool(token))
            if alarms and options["mail"]:
                text = "\n".join(f"{one.code}: {one.sentence}" for one in alarms)
                send_mail(f"Alarm of the log at {options['url']}", text, None, [options["mail"]])
            if options["every"] is None:
                break
            time.sleep(options["every"])
        if alarms:
            raise CommandError(f"{len(alarms)} alarms.", returncode=1)

    def _look(self, get: Get, policy: Policy, file: Path, *, replay: bool) -> list[Alarm]:
        try:
            seen = Seen.read(file)
        except RecordError as error:
            raise CommandError(error.sentence, returncode=2) from error
        try:
            found = monitor.look(get, policy, seen, now=clock.now(), replay=replay)
        except (OSError, ValueError) as error:
            found = [Alarm("unreachable", f"{type(error).__name__}: {error}"[:300])]
        else:
            seen.write(file)
        for one in found:
            self.stdout.write(json.dumps({"at": clock.now().isoformat(), "code": one.code, "sentence": one.sentence}))
        if not found:
            self.stdout.write(json.dumps({"at": clock.now().isoformat(), "code": "ok", "size": seen.frontier.size}))
        return [one for one in found if one.code not in ONLY_SAID]


def _reader(url: str, token: str) -> Get:
    def get(path: str) -> bytes | None:
        headers = {"Authorization": f"Bearer {token}"} if token and path.startswith("/api/") else {}
        request = urllib.request.Request(url + path, headers=headers)  # noqa: S310 (https or http, checked above)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return bytes(answer.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            if error.code in (401, 403, 404):
                return None
            raise

    return get
