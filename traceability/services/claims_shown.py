"""Who credits or claims of a lot must be able to read what the door compares it with: the door is no oracle."""

from typing import Final
from uuid import UUID

from django.db.models import Q

from traceability.ledger import groups, identifiers
from traceability.ledger.kinds.accounts import CLAIM, CREDIT
from traceability.ledger.statement import Statement
from traceability.models import Disclosure, Organisation
from traceability.selectors import access
from traceability.selectors.access import Actor
from traceability.services import clock
from traceability.services.descent import went_into
from traceability.services.errors import NotAllowed
from traceability.services.stored import uuid_of

_NAMED: Final = ("result", "claim")


class NotShown(NotAllowed):
    """An entry about values that are not shown to who makes it."""

    code = "not_shown"


def require_shown(statement: Statement) -> None:
    """Refuses an entry of a claims account about a lot whose assay, or about a result or claim that, is not shown."""
    if statement.kind not in (CREDIT, CLAIM) or "lot" not in statement.body:
        return
    lot = uuid_of(str(statement.body["lot"]))
    if _hides(statement, Q(lot__in={lot} | went_into({lot}, parts_only=True), group=groups.ASSAY)):
        raise NotShown("The assay of this lot is not shown to you. Ask its maker to open it.", path="/body/lot")
    for name in _NAMED:
        named = statement.body.get(name)
        if isinstance(named, str) and _hides(statement, _values_of(named)):
            raise NotShown("What this states is not shown to you. Ask who signed it to open it.", path=f"/body/{name}")


def _values_of(digest: str) -> Q:
    told = (groups.RESULT, groups.MASS)
    return Q(statement__digest=identifiers.digest_bytes(digest), group__in=told)


def _hides(statement: Statement, values: Q) -> bool:
    """Whether one of these confidential values is not readable for the issuer."""
    reader = Actor(0, Organisation.objects.get(pk=UUID(statement.issuer[9:])), "", program=True)
    readable = access.all_readable_disclosures(reader, clock.now().date())
    return Disclosure.objects.filter(values).exclude(pk__in=readable.filter(values).values("pk")).exists()
