"""What the revocation of a key would do, before anybody signs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from traceability.ledger import keys
from traceability.models import Checkpoint, LogState, Statement
from traceability.selectors.access import Actor
from traceability.services import clock, members, world_queries
from traceability.services.errors import Refusal


class BadMoment(Refusal):
    """A moment that has not come yet."""

    code = "bad_moment"


class KeyOnItsWay(Refusal):
    """A key that the one to be revoked brought in, and that has no place in the log yet: it would fall by accident."""

    code = "key_on_its_way"


@dataclass(frozen=True, slots=True)
class Plan:
    """The log index from which on the key is in doubt, and what follows."""

    index: int
    statements: int
    """How many statements of the organisation, signed with keys that fall, are in doubt."""
    others: Sequence[str]
    """Fingerprints of further keys in force that fall because this key brought them in since then."""
    left: int
    """How many keys in force are left that the platform can sign with."""
    own_left: int
    """How many are left that the organisation holds itself."""


def plan(*, actor: Actor, digits: str, since: datetime | None) -> Plan:
    """What happens if the key is revoked: from now on, or as lost since a moment."""
    members.require_admin(actor)
    own = actor.organisation
    index = _index(since)
    rings = world_queries.rings_of(world_queries.KEYS.rows([own.pk]), {own.pk: own.operator_recovery})
    ring = rings[own.urn]
    fallen = keys.falls(ring, f"sha256:{digits}", index)
    if since is None and any(ring.keys[one].since == world_queries.NOT_LOGGED for one in fallen[1:]):
        raise KeyOnItsWay("The key that replaces this one is on its way into the log. Try again in a minute.")
    in_doubt = Statement.objects.filter(
        Q(entry__index__gte=index) | Q(entry=None), issuer=own.pk, key_id__in=[bytes.fromhex(one[7:]) for one in fallen]
    )
    left = [one.custody for one in ring.keys.values() if one.active and not one.recovery and one.key not in fallen]
    return Plan(
        index=index,
        statements=in_doubt.count(),
        others=[one[7:] for one in fallen[1:] if ring.keys[one].active],
        left=left.count("platform"),
        own_left=left.count("holder"),
    )


def _index(since: datetime | None) -> int:
    """The size that the log had at the last checkpoint before the moment; without a moment its size now."""
    if since is None:
        return LogState.objects.values_list("size", flat=True).first() or 0
    if since > clock.now():
        raise BadMoment("Enter a moment that has passed.", path="/at")
    known = Checkpoint.objects.filter(cosigned_at__lte=since).order_by("-size", "-pk")
    return known.values_list("size", flat=True).first() or 0
