"""Factor sets are published as one signed root, and read back from the rows that it was made of."""

import json
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import transaction

from epd.lca.factors import FactorSet, factor_set, parse_factor
from epd.models import FactorRow, FactorSetRow
from epd.selectors import factor_choices
from traceability.ledger import identifiers
from traceability.ledger.errors import RecordError
from traceability.models import Statement
from traceability.selectors.access import Actor
from traceability.services import acceptance, clock, sealing
from traceability.services.submissions import Act, Receipt


class NoFactorSet(RecordError):
    code = "no_factor_set"


@transaction.atomic
def publish(
    *,
    actor: Actor,
    factors: FactorSet,
    id: UUID | None = None,
    at: datetime | None = None,
    base: FactorSetRow | None = None,
) -> Receipt:
    """The receipt of factors.publish; the set counts as far as a reader's trust file lists its publisher.

    With a `base` it is a set of the actor's organisation alone: that set with data of its own.
    """
    moment = at or clock.now()
    body = {
        "subject": sealing.urn(sealing.new_id(moment)),
        "name": factors.name,
        "version": factors.version,
        "count": len(factors.factors),
        "root": "sha256:" + factors.root.hex(),
    }
    act = Act("factors.publish", actor.organisation.pk, body, (moment, moment), id=id)
    [receipt] = acceptance.accept(actor=actor, submissions=[act])
    row = FactorSetRow.objects.create(
        statement=Statement.objects.get(digest=identifiers.digest_bytes(receipt.digest)),
        name=factors.name,
        version=factors.version,
        owner=actor.organisation if base else None,
        base=base,
    )
    FactorRow.objects.bulk_create(
        [
            FactorRow(factor_set=row, factor_id=factor_id, canonical=factor.canonical)
            for factor_id, factor in factors.factors.items()
        ]
    )
    return receipt


def newest_digest(organisation: UUID) -> str:
    """The digest of the set with which an organisation computes now."""
    row = factor_choices.set_of(organisation)
    if row is None:
        raise NoFactorSet("No factor set was published yet. The operator publishes one first.")
    return "sha256:" + bytes(row.statement.digest).hex()


@lru_cache(maxsize=8)
def by_digest(digest: str) -> FactorSet:
    """The factor set that the factors.publish with this digest signed."""
    row = FactorSetRow.objects.filter(statement__digest=identifiers.digest_bytes(digest)).first()
    if row is None:
        raise NoFactorSet("No factor set with this digest was published here.", path="/body/factors")
    stored = row.factors.values_list("canonical", flat=True)
    return factor_set(row.name, row.version, [parse_factor(json.loads(bytes(one))) for one in stored])
