"""What never stood in the log is forgotten whole: who was not vouched for and leaves, and who never confirmed."""

import logging
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from traceability.models import Membership, Organisation
from traceability.services import search_index

AT_ONCE: Final = 500
"""How many one run forgets: the rest waits for the next."""
log = logging.getLogger("lodestone.accounts")


@transaction.atomic
def forget(organisation: Organisation) -> None:
    """Deletes an organisation that was never registered, with all that hangs on it."""
    search_index.forget_organisation(organisation.pk)
    organisation.delete()


def purge_unconfirmed() -> int:
    """How many people were forgotten: they signed up, and never confirmed that the address is theirs.

    Their organisation goes with them where nobody else is in it; nobody has vouched for it. Who works for an
    organisation that stays is kept, and so is everybody who was ever signed in or was made by another way.
    """
    before = timezone.now() - timedelta(days=settings.LODESTONE_UNCONFIRMED_DAYS)
    people = _never_confirmed().filter(date_joined__lt=before).order_by("pk").values_list("pk", flat=True)
    count = sum(_forget_person(pk) for pk in people[:AT_ONCE])
    if count:
        log.info("Sign-ups that were never confirmed are forgotten.", extra={"fields": {"people": count}})
    return count


def _never_confirmed() -> QuerySet:  # type: ignore[type-arg]  # the model is the project's choice
    """Who gave an address and confirmed none, was never here, and works for nobody who stays."""
    staying = Membership.objects.filter(user=OuterRef("pk")).exclude(
        organisation__registered=False, organisation__standing=Organisation.Standing.WAITING
    )
    found = get_user_model().objects.filter(emailaddress__verified=False, last_login=None, is_staff=False)
    return found.exclude(emailaddress__verified=True).exclude(Exists(staying)).distinct()


@transaction.atomic
def _forget_person(pk: int) -> bool:
    """Forgets one of them, unless he confirmed a moment ago or a colleague of his organisation did."""
    locked = list(get_user_model().objects.select_for_update().filter(pk=pk))
    if not locked or not _never_confirmed().filter(pk=pk).exists():
        return False
    for one in Organisation.objects.select_for_update(no_key=True).filter(memberships__user=pk):
        if not one.memberships.exclude(user=pk).exists():
            forget(one)
    locked[0].delete()
    return True
