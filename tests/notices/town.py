"""The market of the services' tests, with members who are told what happens."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.services.market import START, Market, open_market
from traceability.models import Membership, Notice, NoticeCopy, Organisation, OutboxTask
from traceability.selectors.access import Actor
from traceability.services import notices, organisations, outbox

ADMIN, VIEWER = Membership.Role.ADMIN, Membership.Role.VIEWER


@dataclass
class Town:
    """The market, and an organisation that has nothing to do with it."""

    market: Market
    outsider: Actor

    def told(self, actor: Actor) -> list[str]:
        """The kinds of what an organisation was told, in order."""
        self.settle()
        rows = Notice.objects.filter(organisation=actor.organisation).order_by("created_at", "statement_id")
        return [row.kind for row in rows]

    def settle(self) -> None:
        """Lets the outbox tell what there is to tell; mails and webhooks wait."""
        outbox.drain(names=(notices.TASK,))

    def forget(self) -> None:
        """What was told so far is of no interest."""
        self.settle()
        Notice.objects.all().delete()

    def copies(self, member: Actor) -> list[str]:
        """The kinds of what a member finds on his page."""
        self.settle()
        rows = NoticeCopy.objects.filter(user=member.user_id, organisation=member.organisation)
        return [row.notice.kind for row in rows.select_related("notice").order_by("pk")]

    def sent(self, **changes: Any) -> tuple[str, str]:
        """A lot on its way from the mine to the separator, and the digest of its dispatch."""
        lot = self.market.source(**changes)
        return lot, self.market.send(lot).digest

    def taken(self) -> str:
        """A lot that the separator holds."""
        lot, dispatch = self.sent()
        self.market.take(lot, dispatch)
        return lot


def member(organisation: Organisation, role: str = ADMIN, name: str = "") -> Actor:
    """Somebody who works for an organisation."""
    name = name or f"{organisation.name.split()[0].lower()}-{role}"
    user = get_user_model().objects.create_user(name, f"{name}@example.org")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return Actor(user.pk, organisation, role)


def run_again(name: str) -> None:
    """Makes all tasks of this name due, as if a worker had died before it could say that they are done."""
    OutboxTask.objects.filter(name=name).update(state=OutboxTask.State.WAITING, due_at=timezone.now())


def open_town() -> Town:
    market = open_market()
    foreign, _ = organisations.register(name="Elsewhere", country="CH", roles=["buyer"], at=START)
    town = Town(market, organisations.on_behalf_of(foreign))
    town.forget()
    return town
