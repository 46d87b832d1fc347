"""Another record for tests: a log in memory whose sender dispatches a lot to an organisation of this one."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from tests.verifier.builder import Log, Party, Said, pack, urn
from tests.verifier.stories import assay, draws, lot
from traceability.ledger import envelope, identifiers
from traceability.models import Organisation, TrustedLog
from traceability.selectors.access import Actor
from traceability.services import trusted_logs

THERE = "log.example/there"
ORE = {"material": "oxide", "stage": "oxide", "assay": assay(Nd2O3="99")}


@dataclass
class Elsewhere:
    """The log, its sender, and the file of the bundle that he exported after the dispatch."""

    to: str
    origin: str = field(default_factory=lambda: settings.LODESTONE_LOG_ORIGIN)
    name: str = THERE
    lot_name: str = "ore"
    dispatched: bool = True
    hidden: bool = False
    log: Log = field(init=False)
    sender: Party = field(init=False)
    content: bytes = field(init=False)
    _source: tuple[Said, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.log = Log(self.name, self.name)
        self.sender = self.log.register("sender")
        row = lot("mined", "20", stage="ore", origin="mined", country="AU", assay=assay(Nd2O3="50"))
        source = self.log.say(self.sender, "lot.source", row)
        self._source = source, row
        made = lot(self.lot_name, "10", **{"class": "product"}, **ORE)
        step = {"inputs": draws(mined="20"), "outputs": [made], "losses": [{"kind": "rest", "mass_kg": "10"}]}
        self.log.say(self.sender, "lot.transform", step, process=[("separate", "MY")])
        if self.dispatched:
            to = {"origin": self.origin, "organisation": self.to}
            self.log.say(
                self.sender, "lot.dispatch", {"lot": self.lot, "to": to, "mass_kg": "10", "tolerance_pct": "0.05"}
            )
        self.content = self.packed()

    def packed(self) -> bytes:
        """The bundle of the lot as its log stands now."""
        self.log.commit()
        hidden = [one for said in self.log.said for one in said.disclosures] if self.hidden else []
        return pack(self.log.members(hidden=hidden), self.lot, self.log.heads[self.lot].custody_hash)

    def later(self, kind: str, **body: Any) -> bytes:
        """The bundle after the sender said something more of the lot, or of what is named."""
        self.log.say(self.sender, kind, {"lot": self.lot, **body})
        return self.packed()

    def corrected(self, reason: str) -> bytes:
        """The same after he corrected from where the ore was that went into the lot."""
        source, row = self._source
        said = json.loads(source.payload)
        claim = {name: said[name] for name in ("occurred_from", "occurred_to", "utc_offset")}
        body = {"replaces": source.digest, "newest": source.digest, "reason": reason,
                "as": claim | {"body": row | {"country": "US"}}}  # fmt: skip
        self.log.say(self.sender, "statement.correct", body, keep=source)
        return self.packed()

    @property
    def lot(self) -> str:
        return urn(self.lot_name)

    @property
    def policy(self) -> str:
        ed25519, ml_dsa, time = (one.key for one in self.log.signers)
        return f"log {ed25519}\nlog {ml_dsa}\nwitness time {time}\nquorum time\n"

    def trusted(self, operator: Organisation) -> TrustedLog:
        """The log, trusted by the operator of this record."""
        return trusted_logs.trust(actor=operator_of(operator), name="Elsewhere", policy=self.policy)

    def countersigned(self, file: bytes) -> bytes:
        """The file of an import as the sender gives it back."""
        value: dict[str, Any] = json.loads(file)
        sealed = envelope.parse_envelope(json.dumps(value["envelope"], separators=(",", ":")).encode())
        second = envelope.seal(sealed.payload, [self.sender.key]).signatures
        whole = envelope.Envelope(sealed.payload, (*sealed.signatures[:1], *second))
        return json.dumps(value | {"envelope": json.loads(envelope.encode_envelope(whole))}).encode()

    @property
    def digest(self) -> str:
        return identifiers.digest_of(self.content)


def operator_of(organisation: Organisation) -> Actor:
    """An administrator of the operator."""
    from traceability.models import Membership

    return Actor(0, organisation, Membership.Role.ADMIN)
