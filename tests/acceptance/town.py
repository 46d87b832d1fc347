"""A log that accepts what the decision allows: no keys, no bytes stored, everything open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.ledger.statements import NOON, header, urn
from tests.ledger.test_keys import id_of, offer
from traceability.acceptance import decide
from traceability.acceptance.decide import Decision
from traceability.acceptance.world import Effective, LotRecord
from traceability.ledger.kinds import KINDS
from traceability.ledger.kinds.kind import DRAW
from traceability.ledger.statement import Chain, ProcessStep, Statement, build_payload, parse_statement
from traceability.verifier.world import BundleWorld

OPERATOR, MINE, WORKS, AUDITOR = (urn(name) for name in ("operator", "mine", "works", "auditor"))
ORIGIN = "log.example/lodestone"
ROAST = (ProcessStep("roast", "US"),)
ORE_PCT, CONCENTRATE_PCT = "0.66", "10"


class Everything(set[str]):
    """All subjects are seen."""

    def __contains__(self, subject: object) -> bool:
        return True


@dataclass(slots=True)
class WholeWorld(BundleWorld):
    """Like the door it knows all that was said at a facility."""

    seen: set[str] = field(default_factory=Everything)
    origin: str = ORIGIN
    operator: str = OPERATOR

    def steps_in_process(self, facility: str) -> Sequence[Effective] | None:
        return [
            one
            for one in self.versions.values()
            if one.original.kind == "lot.transform"
            and ("wip_change" in one.body or "wip_change" in one.original.body)
            and facility in (one.body.get("facility"), one.original.body.get("facility"))
        ]


def assay(content_pct: str, species: str = "Nd2O3", **more: Any) -> dict[str, Any]:
    """An assay of one oxide in the dry mass."""
    return {"basis": "dry_mass", "rows": [{"species": species, "content_pct": content_pct}], **more}


def part(name: str, mass_kg: str, **changes: Any) -> dict[str, Any]:
    """An output of a split or merge of ore."""
    return {"lot": urn(name), "material": "ore", "stage": "ore", "class": "product", "mass_kg": mass_kg} | changes


def concentrate(name: str, mass_kg: str, content_pct: str | None = CONCENTRATE_PCT, **changes: Any) -> dict[str, Any]:
    """An output of a step that makes concentrate; without content it has no assay."""
    row = part(name, mass_kg, material="concentrate", stage="concentrate") | changes
    return row if content_pct is None else row | {"assay": assay(content_pct)}


@dataclass
class Town:
    """The operator, a mine with a facility, a works and an auditor, all registered."""

    world: WholeWorld = field(default_factory=WholeWorld)
    count: int = 0
    facility: str = urn("facility of the mine")

    def __post_init__(self) -> None:
        for organisation in (OPERATOR, MINE, WORKS, AUDITOR):
            self.register(organisation)
        self.say(MINE, "facility.register", {"facility": self.facility, "country": "US", "name": "Mine 1"})

    def register(self, organisation: str) -> Statement:
        body = {"public_key": offer(organisation), "custody": "platform", "roles": ["supplier"], "country": "US",
                "name": "X"}  # fmt: skip
        return self.say(organisation, "organisation.register", body, key=id_of(organisation))

    def build(
        self,
        issuer: str,
        kind: str,
        body: Mapping[str, Any],
        *,
        process: Sequence[ProcessStep] = (),
        rest: Iterable[str] = (),
        subject: str = "",
        at: datetime | None = None,
        chains: Sequence[Chain] | None = None,
        **more: Any,
    ) -> Statement:
        """A statement at the present heads; `rest` names the lots that are drawn whole."""
        self.count += 1
        moment = at or NOON + timedelta(days=self.count)
        found = self._chains(issuer, kind, body, set(rest), subject) if chains is None else chains
        base = header(kind, dict(body)) | {
            "id": urn(f"statement {self.count}"),
            "issuer": issuer,
            "occurred": (moment, moment),
            "issued_at": max(moment, NOON + timedelta(days=self.count)),
            "chains": found,
            "cosigners": (),
            "process": process,
            "evidence": None,
        }
        return parse_statement(build_payload(**(base | more)))

    def _chains(self, issuer: str, kind: str, body: Mapping[str, Any], rest: set[str], subject: str) -> list[Chain]:
        return [self.chain(one, role) for one, role in self._roles(issuer, kind, body, rest, subject)]

    def _roles(
        self, issuer: str, kind: str, body: Mapping[str, Any], rest: set[str], subject: str
    ) -> Iterable[tuple[str, str]]:
        subjects = KINDS[kind].subjects
        if subjects is not None:
            for one, roles in subjects(body).items():
                yield one, ("input_rest" if one in rest else "input") if roles == DRAW else roles[0]
        elif kind.startswith("statement."):
            original = self.world.effective(str(body.get("replaces") or body.get("voids")))
            for chain in original.original.chains if original else ():
                yield chain.subject, "subject" if chain.role == "subject" else "lot"
        else:
            yield subject or issuer, "subject"

    def chain(self, subject: str, role: str) -> Chain:
        head = self.world.head(subject)
        return Chain(subject, role, 0, None) if head is None else Chain(subject, role, head.seq + 1, head.custody_hash)

    def decide(self, statement: Statement) -> Decision:
        """What the statement changes, or the refusal; nothing is accepted."""
        return decide.decide(statement, statement.body, self.world, index=self.count, disclosed={})

    def take(self, statement: Statement) -> Decision:
        """Accepts a statement."""
        ruling = decide.rule(statement, self.world, index=self.count, disclosed={})
        decision = decide.weigh(statement, statement.body, self.world, ruling)
        assert decision.established
        self.world.rule(ruling)
        self.world.accept(statement, statement.body, decision, whole=True)
        return decision

    def say(self, issuer: str, kind: str, body: Mapping[str, Any], **more: Any) -> Statement:
        """A statement, accepted."""
        statement = self.build(issuer, kind, body, **more)
        self.take(statement)
        return statement

    # Short ways to say things

    def lot(self, name: str) -> LotRecord:
        found = self.world.lot(urn(name))
        assert found is not None
        return found

    def remaining(self, name: str) -> str:
        account = self.lot(name).stock
        assert account is not None
        return str(account.remaining_kg)

    def content(self, name: str, element: str = "Nd") -> str | None:
        """What may be drawn of the element, as wt % of the stated oxide; None without assay."""
        account = self.lot(name).stock
        if account is None or account.drawable is None:
            return None
        return str(account.drawable[element].written_pct)

    def source_body(self, name: str, mass_kg: str = "1000", **changes: Any) -> dict[str, Any]:
        body = {
            "lot": urn(name),
            "material": "ore",
            "stage": "ore",
            "mass_kg": mass_kg,
            "origin": "mined",
            "country": "US",
            "assay": assay(ORE_PCT),
        } | changes
        return {key: value for key, value in body.items() if value is not None}

    def source(self, name: str, mass_kg: str = "1000", **changes: Any) -> Statement:
        return self.say(MINE, "lot.source", self.source_body(name, mass_kg, **changes))

    def transform(
        self,
        inputs: Mapping[str, str],
        outputs: Sequence[Mapping[str, Any]],
        *,
        issuer: str = MINE,
        process: Sequence[ProcessStep] = ROAST,
        rest: Iterable[str] = (),
        **body: Any,
    ) -> Statement:
        said = {
            "inputs": [{"lot": urn(name), "mass_kg": mass_kg} for name, mass_kg in inputs.items()],
            "outputs": [dict(row) for row in outputs],
            **body,
        }
        return self.say(issuer, "lot.transform", said, process=process, rest=[urn(name) for name in rest])

    def split(self, name: str, drawn: str, parts: Mapping[str, str], **more: Any) -> Statement:
        rows = [part(one, mass_kg) for one, mass_kg in parts.items()]
        return self.transform({name: drawn}, rows, process=(), **more)

    def send(self, name: str, mass_kg: str, *, sender: str = MINE, to: str = WORKS) -> Statement:
        body = {"lot": urn(name), "to": to, "mass_kg": mass_kg, "tolerance_pct": "0.05"}
        return self.say(sender, "lot.dispatch", body)

    def receive(self, name: str, dispatch: Statement, weighed: str, difference: str = "within",
                by: str = WORKS) -> Statement:  # fmt: skip
        body = {
            "lot": urn(name),
            "dispatch": dispatch.digest,
            "weighed_mass_kg": weighed,
            "difference": difference,
        }
        return self.say(by, "lot.receive", body)

    def correct(self, original: Statement, **changes: Any) -> Decision:
        """Corrects fields of the body of the newest version; None removes one."""
        return self.take(self.correction(original, **changes))

    def correction(self, original: Statement, /, *, claim: Mapping[str, Any] | None = None, newest: str = "",
                   **changes: Any) -> Statement:  # fmt: skip
        before = self.world.effective(original.digest)
        assert before is not None
        body = {key: value for key, value in {**before.body, **changes}.items() if value is not None}
        moment = {name: original.content[name] for name in ("occurred_from", "occurred_to", "utc_offset")}
        process = {"process": original.content["process"]} if original.process else {}
        claimed = {**moment, **process, "body": body, **(claim or {})}
        said = {
            "replaces": original.digest,
            "newest": newest or before.newest,
            "reason": "typing error",
            "as": {key: value for key, value in claimed.items() if value is not None},
        }
        return self.build(original.issuer, "statement.correct", said)

    def void(self, original: Statement) -> Decision:
        return self.take(self.voiding(original))

    def voiding(self, original: Statement) -> Statement:
        return self.build(original.issuer, "statement.void", {"voids": original.digest, "reason": "never happened"})


def codes(decision: Decision) -> list[str]:
    return [finding.code for finding in decision.findings]
