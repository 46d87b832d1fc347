"""Asks foreign witnesses to cosign what was published (C2SP tlog-witness); the log never waits for them.

Whom to ask stands in a tlog-policy (LODESTONE_WITNESSES) whose witness lines end in their addresses. Each published
checkpoint leaves one task for each witness; when it is done a newer one may be there, and that one is cosigned.
"""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import timezone

from traceability.ledger import witnessing
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import digest_of
from traceability.ledger.notes import VerifierKey
from traceability.ledger.policy import Policy, parse_policy
from traceability.models import Checkpoint, Cosignature, OutboxTask, Witness
from traceability.selectors import log
from traceability.services import outbox, safe_fetch
from traceability.services.safe_fetch import NotReached

TASK: Final = "witness"
_LONGEST_PROBLEM: Final = 300


class Refused(NotReached):
    """A witness that answered, and did not cosign."""

    code = "witness_refused"


def configured() -> dict[str, VerifierKey]:
    """The witnesses that are asked, by address; a file that cannot be read as a policy is said loudly."""
    policy = policy_of_file()
    return {} if policy is None else {url: policy.witnesses[name] for name, url in policy.urls.items()}


def policy_of_file() -> Policy | None:
    """The policy that names them; None where nobody is asked."""
    try:
        return parse_policy(settings.LODESTONE_WITNESSES.read_bytes())
    except FileNotFoundError:
        return None


def queue(published: Checkpoint) -> None:
    """Leaves a task for each witness."""
    for url, key in configured().items():
        outbox.put(TASK, f"witness:{digest_of(str(key).encode())[7:23]}:{published.pk}", {"url": url, "vkey": str(key)})


def ask(task: OutboxTask) -> None:
    """Asks a witness for the newest checkpoint; raises where it is to be asked again later."""
    url, vkey = str(task.arguments["url"]), str(task.arguments["vkey"])
    key = configured().get(url)
    if key is None or str(key) != vkey:
        raise outbox.GiveUp("The policy does not name this witness any more.")
    newest = log.newest_checkpoint()
    if newest.cosignatures.filter(name=key.name, key_id=key.key_id).exists():
        return
    now = timezone.now()
    witness, _ = Witness.objects.get_or_create(vkey=vkey)
    try:
        lines = _ask(url, key, newest, witness.size)
    except RecordError as error:
        _note(vkey, asked_at=now, problem=error.sentence[:_LONGEST_PROBLEM])
        raise
    Cosignature.objects.bulk_create(
        [Cosignature(checkpoint=newest, name=key.name, key_id=key.key_id, line=one) for one in lines],
        ignore_conflicts=True,
    )
    _note(vkey, asked_at=now, answered_at=now, problem="", size=newest.size)


def _ask(url: str, key: VerifierKey, newest: Checkpoint, old: int) -> list[str]:
    """The lines of a witness; where it stands elsewhere than we thought it is asked once more from there."""
    for last in (False, True):
        proof = () if old in (0, newest.size) else log.consistency_path(old, newest.size)
        body = witnessing.format_request(witnessing.Request(old, proof, newest.note.encode()))
        answer = safe_fetch.post(f"{url.rstrip('/')}/add-checkpoint", body, {"Content-Type": "text/plain"})
        if answer.status == 200:
            found = witnessing.cosignatures(newest.note.encode(), answer.excerpt.encode(), key)
            if not found:
                raise Refused("The witness answered with no line of the key that the policy names.")
            return [str(one) for one in found]
        if answer.status != witnessing.OtherSize.status or last:
            break
        old = witnessing.parse_size(answer.excerpt)
        if old > newest.size:
            raise Refused(f"The witness has seen a tree of {old} leaves, ours has {newest.size}: look for a fork.")
    raise Refused(f"The witness answered {answer.status}: {answer.excerpt[:200]}")


def _note(vkey: str, **fields: datetime | str | int) -> None:
    Witness.objects.filter(vkey=vkey).update(**fields)
