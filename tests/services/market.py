"""A small market for tests: three organisations, a facility, and short ways to say things."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from traceability.ledger.statement import ProcessStep
from traceability.models import Lot, Organisation
from traceability.selectors.access import Actor
from traceability.services import acceptance, organisations, sealing
from traceability.services.submissions import Act, Receipt

START = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)
ASSAY = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.66"}]}
CONCENTRATE_ASSAY = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "10"}]}
BENEFICIATION = (ProcessStep("beneficiation", "US"),)
NOTHING_USED = {"flow": "electricity", "role": "electricity", "amount": "0", "unit": "kWh", "basis": "metered"}


def urn() -> str:
    """A fresh subject."""
    return sealing.urn(sealing.new_id(START))


def day(number: int) -> tuple[datetime, datetime]:
    """A moment so many days after the start."""
    moment = START + timedelta(days=number)
    return moment, moment


@dataclass
class Market:
    """Operator, a mine and a separator, all registered; the mine has a facility."""

    operator: Actor
    mine: Actor
    separator: Actor
    facility: str = field(default_factory=urn)
    days: int = 0

    def say(self, actor: Actor, kind: str, body: dict[str, Any], **more: Any) -> Receipt:
        """Signs and accepts one act; every act is a day after the one before."""
        return acceptance.accept(actor=actor, submissions=[self.act(actor, kind, body, **more)])[0]

    def act(self, actor: Actor, kind: str, body: dict[str, Any], **more: Any) -> Act:
        self.days += 1
        more.setdefault("occurred", day(self.days))
        return Act(kind, actor.organisation.pk, body, **more)

    def source(self, **changes: Any) -> str:
        """The urn of 1000 kg of ore."""
        lot = urn()
        self.say(self.mine, "lot.source", self.source_body(lot, **changes))
        return lot

    def source_body(self, lot: str, **changes: Any) -> dict[str, Any]:
        body = {
            "lot": lot,
            "material": "bastnaesite ore",
            "stage": "ore",
            "lot_number": "ORE-1",
            "mass_kg": "1000",
            "origin": "mined",
            "country": "US",
            "facility": self.facility,
            "assay": ASSAY,
        } | changes
        return {name: value for name, value in body.items() if value is not None}

    def transform_body(self, inputs: dict[str, str], output: str, **changes: Any) -> dict[str, Any]:
        """A concentration of ore: 60 kg with 10 % Nd2O3."""
        made = {
            "lot": output,
            "material": "concentrate",
            "stage": "concentrate",
            "class": "product",
            "mass_kg": "60",
            "assay": CONCENTRATE_ASSAY,
        }
        body = {
            "facility": self.facility,
            "inputs": [{"lot": lot, "mass_kg": mass} for lot, mass in inputs.items()],
            "outputs": [made],
        } | changes
        return {name: value for name, value in body.items() if value is not None}

    def split(self, lot: str, masses: dict[str, str], drawn: str) -> Receipt:
        """Splits a lot of ore into parts."""
        row = Lot.objects.get(pk=UUID(lot[9:]))
        outputs = [
            {"lot": part, "material": row.material, "stage": row.stage, "class": "product", "mass_kg": mass}
            for part, mass in masses.items()
        ]
        return self.say(
            organisations.on_behalf_of(row.holder),
            "lot.transform",
            {"inputs": [{"lot": lot, "mass_kg": drawn}], "outputs": outputs},
        )

    def send(self, lot: str, mass: str = "1000") -> Receipt:
        """The mine dispatches a lot to the separator."""
        body = {"lot": lot, "to": self.separator.organisation.urn, "mass_kg": mass, "tolerance_pct": "0.05"}
        return self.say(self.mine, "lot.dispatch", body)

    def take(self, lot: str, dispatch: str, weighed: str = "1000", difference: str = "within") -> Receipt:
        """The separator receives a lot."""
        body = {"lot": lot, "dispatch": dispatch, "weighed_mass_kg": weighed, "difference": difference}
        return self.say(self.separator, "lot.receive", body)

    def lot(self, urn: str) -> Lot:
        return Lot.objects.get(pk=UUID(urn[9:]))


def open_market() -> Market:
    """A market in an empty database."""
    operator, mine, separator = (
        organisations.on_behalf_of(_register(name, country, roles))
        for name, country, roles in (
            ("Operator", "DE", ["operator"]),
            ("Juniper Flat", "US", ["supplier"]),
            ("Baltika Metals", "EE", ["supplier"]),
        )
    )
    market = Market(operator, mine, separator)
    market.say(
        market.mine, "facility.register", {"facility": market.facility, "country": "US", "name": "Juniper Flat mine"}
    )
    return market


def _register(name: str, country: str, roles: list[str]) -> Organisation:
    return organisations.register(name=name, country=country, roles=roles, is_operator="operator" in roles, at=START)[0]
