"""Signs and accepts the demonstration chain act by act; a load that was cut off goes on where it stopped."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from epd.demo import Act as Scripted
from epd.demo import Demonstration
from epd.factors import shipped_factors
from epd.services import declarations, factors, results
from traceability.ledger import moments
from traceability.ledger.statement import ProcessStep
from traceability.models import Lot, Organisation, Statement
from traceability.selectors.access import Actor
from traceability.services import acceptance, clock, organisations, sealing
from traceability.services.submissions import Act, Receipt

_DIGEST_FIELDS = ("dispatch", "statements")
_SUBJECT_FIELDS = ("lot", "facility", "to", "organisation", "attestation", "declaration", "subject")
Progress = Callable[[int, int, str], None]


@dataclass
class Loader:
    """Keys of the script and what they became: urns by name, digests by act."""

    demo: Demonstration
    ids: dict[str, str]
    digests: dict[str, str] = field(default_factory=dict)

    def run(self, progress: Progress) -> None:
        """Takes every act in order; `progress` hears number, total and key of each."""
        for number, act in enumerate(self.demo.acts, start=1):
            progress(number, len(self.demo.acts), act.key)
            stored = Statement.objects.filter(urn=self.id_of(f"act {act.key}")).first()
            if stored is not None:
                self.digests[act.key] = "sha256:" + bytes(stored.digest).hex()
                continue
            self.digests[act.key] = self._take(act).digest

    def id_of(self, name: str) -> UUID:
        return UUID(self.ids[name])

    def _take(self, act: Scripted) -> Receipt:
        if act.kind == "organisation.register":
            return self._register(act)
        actor = self.actor(act.actor)
        if act.kind == "factors.publish":
            moment = moments.parse_moment(act.occurred_from)
            return factors.publish(actor=actor, factors=shipped_factors(), id=self.id_of(f"act {act.key}"), at=moment)
        spoken = replace(self._act(act, actor), body=self._body(act, actor))
        return acceptance.accept(actor=actor, submissions=[spoken])[0]

    def actor(self, key: str) -> Actor:
        """The organisation of the script as the one who speaks."""
        return organisations.on_behalf_of(Organisation.objects.get(pk=self.id_of(key)))

    def _register(self, act: Scripted) -> Receipt:
        body = dict(act.body)
        names: dict[str, str] = {name: str(body[name]) for name in ("lei", "did", "domain") if name in body}
        _, receipt = organisations.register(
            name=str(body["name"]),
            country=str(body["country"]),
            roles=list(body["roles"]),  # type: ignore[call-overload]
            names=names,
            at=moments.parse_moment(act.occurred_from),
            is_operator=act.actor == "operator",
            ids=(self.id_of(act.actor), self.id_of(f"act {act.key}")),
        )
        return receipt

    def _act(self, act: Scripted, actor: Actor) -> Act:
        occurred = (moments.parse_moment(act.occurred_from), moments.parse_moment(act.occurred_to))
        process = tuple(ProcessStep(step["step"], step["country"]) for step in act.process)
        return Act(act.kind, actor.organisation.pk, {}, occurred, process=process, id=self.id_of(f"act {act.key}"))

    def _body(self, act: Scripted, actor: Actor) -> Mapping[str, object]:
        if act.kind == "lot.result":
            newest = factors.newest_digest(actor.organisation.pk)
            return results.body_of(sealing.urn(self.id_of(str(act.body["lot"]))), newest)
        if act.kind == "declaration.publish":
            return declarations.body_of(
                actor=actor,
                lot=Lot.objects.get(pk=self.id_of(str(act.body["lot"]))),
                product=str(act.body["product"]),
                illustrative=True,
                id=self.id_of(str(act.body["declaration"])),
            )
        resolved = self._resolved(act.body)
        return resolved if isinstance(resolved, dict) else {}

    def _resolved(self, value: object, name: str = "") -> object:
        """The value with urns and digests where the script has keys."""
        if isinstance(value, dict):
            return {inner: self._resolved(one, inner) for inner, one in value.items()}
        if isinstance(value, list):
            return [self._resolved(one, name) for one in value]
        if name in _DIGEST_FIELDS:
            return self.digests[str(value)]
        return sealing.urn(self.id_of(str(value))) if name in _SUBJECT_FIELDS else value


def loader(demo: Demonstration, plan: Path) -> Loader:
    """A loader whose ids stand in the file `plan`, written before the first act, so that every act is repeatable."""
    ids: dict[str, str] = json.loads(plan.read_text(encoding="utf-8")) if plan.exists() else {}
    missing = sorted(_names(demo) - ids.keys())  # all of them, or what an update added to the script
    if missing:
        _write(plan, ids := ids | {name: str(sealing.new_id(clock.now())) for name in missing})
    return Loader(demo, ids)


def _names(demo: Demonstration) -> set[str]:
    found: set[str] = set()

    def walk(value: object, name: str = "") -> None:
        if isinstance(value, dict):
            for inner, one in value.items():
                walk(one, inner)
        elif isinstance(value, list):
            for one in value:
                walk(one, name)
        elif name in _SUBJECT_FIELDS:
            found.add(str(value))

    for act in demo.acts:
        found |= {act.actor, f"act {act.key}"}
        walk(dict(act.body))
    return found


def _write(path: Path, content: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content, indent=1), encoding="utf-8")
    os.replace(draft, path)
