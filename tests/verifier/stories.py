"""Small true stories, from which every attack is one change."""

import json
from dataclasses import dataclass, field

from tests.verifier.builder import Log, Party, Said, pack, urn, verify
from traceability.verifier.trust import Trust


def assay(**contents: str) -> dict[str, object]:
    rows = [{"species": species, "content_pct": content} for species, content in contents.items()]
    return {"basis": "dry_mass", "rows": rows}


def lot(name: str, mass_kg: str, *, material: str = "", stage: str = "other", **more: object) -> dict[str, object]:
    return {"lot": urn(name), "material": material or name, "stage": stage, "mass_kg": mass_kg} | more


def draws(**masses: str) -> list[dict[str, object]]:
    return [{"lot": urn(name), "mass_kg": mass_kg} for name, mass_kg in masses.items()]


NOBODY = Trust()


@dataclass
class Story:
    """A log, its parties and statements by name, and the lot that it is about."""

    log: Log
    target: str
    parties: dict[str, Party] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)

    @property
    def custody_hash(self) -> str:
        return self.log.heads[self.target].custody_hash

    def report(self, members=None, *, trust: Trust | None = NOBODY, policy=None, custody: str = "", **asked):
        """The report on the bundle of the whole story, or of changed members."""
        members = self.log.members() if members is None else members
        content = pack(members, self.target, custody or self.custody_hash)
        return verify(content, trust, policy or self.log.policy(), **asked)


def smallest() -> Story:
    """Three statements: the operator registers, brings a lot in, and signs the heads."""
    log = Log()
    story = Story(log, urn("ore"), {"operator": log.operator})
    story.said["source"] = log.say(
        log.operator,
        "lot.source",
        lot("ore", "1000", stage="ore", origin="mined", country="US", assay=assay(Nd2O3="0.66")),
    )
    log.commit()
    return story


def mine_to_metal(*, commit: bool = True) -> Story:
    """Ore becomes concentrate, a part of it is split off, handed over, received, and made into metal by the buyer."""
    log = Log()
    log.commit()
    a, b = log.register("juniper"), log.register("baltika")
    story = Story(log, urn("metal"), {"operator": log.operator, "a": a, "b": b})
    said = story.said
    said["attest a"] = log.say(
        log.operator, "organisation.attest",
        {"attestation": urn("attest a"), "organisation": a.urn, "checked": ["identity"]},
    )  # fmt: skip
    said["mine"] = log.say(a, "facility.register", {"facility": urn("mine"), "country": "US", "name": "Juniper mine"},
                           subject=a.urn)  # fmt: skip
    said["source"] = log.say(
        a, "lot.source",
        lot("ore", "1000", stage="ore", origin="mined", country="US", facility=urn("mine"), assay=assay(Nd2O3="0.66")),
    )  # fmt: skip
    log.commit()
    said["beneficiate"] = log.say(
        a, "lot.transform",
        {
            "facility": urn("mine"),
            "inputs": draws(ore="1000"),
            "outputs": [lot("con", "60", stage="concentrate", **{"class": "product"}, assay=assay(Nd2O3="8"))],
            "losses": [{"kind": "tailings", "mass_kg": "940"}],
        },
        process=[("beneficiate", "US")],
    )  # fmt: skip
    said["split"] = log.say(
        a, "lot.transform",
        {
            "inputs": draws(con="60"),
            "outputs": [
                lot("con/1", "20", material="con", stage="concentrate", **{"class": "product"}),
                lot("con/2", "40", material="con", stage="concentrate", **{"class": "product"}),
            ],
        },
    )  # fmt: skip
    log.outside = {urn("con/2")}
    said["dispatch"] = log.say(
        a, "lot.dispatch", {"lot": urn("con/1"), "to": b.urn, "mass_kg": "20", "tolerance_pct": "0.05"}
    )
    said["receive"] = log.say(
        b, "lot.receive",
        {"lot": urn("con/1"), "dispatch": said["dispatch"].digest, "difference": "within", "weighed_mass_kg": "19.995"},
    )  # fmt: skip
    said["reduce"] = log.say(
        b, "lot.transform",
        {
            "inputs": [{"lot": urn("con/1"), "mass_kg": "20"}],
            "outputs": [lot("metal", "1.3", stage="metal", **{"class": "product"}, assay=assay(Nd="99"))],
            "losses": [{"kind": "slag", "mass_kg": "18.7"}],
        },
        process=[("reduce", "EE")],
    )  # fmt: skip
    if commit:
        log.commit()
    return story


def correct(story: Story, name: str, body: dict[str, object], *, by: str = "a", newest: str = "", **more) -> Said:
    """A correction of a statement of the story, which says this body instead."""
    original = story.said[name]
    moment = json.loads(original.payload)["occurred_from"]
    claim = {"occurred_from": moment, "occurred_to": moment, "utc_offset": "+00:00", "body": body}
    process = json.loads(original.payload).get("process")
    claim |= {"process": process} if process else {}
    said = {"replaces": original.digest, "newest": newest or original.digest, "reason": "typing error", "as": claim}
    return story.log.say(story.parties[by], "statement.correct", said, **more)


def void(story: Story, name: str, *, by: str = "a", **more) -> Said:
    """A withdrawal of a statement of the story."""
    said = {"voids": story.said[name].digest, "reason": "never happened"}
    return story.log.say(story.parties[by], "statement.void", said, **more)


def attest(story: Story, party: Party, *names: str, name: str = "audit", scope=("matter",), opinion="conforms") -> Said:
    """An attestation of statements of the story."""
    body = {
        "attestation": urn(name),
        "statements": [story.said[one].digest for one in names],
        "scope": list(scope),
        "opinion": opinion,
    }
    return story.log.say(party, "statement.attest", body)
