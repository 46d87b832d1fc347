"""Share tables of more than 100 rows: signed by their root, carried as files, compared to the last digit."""

import io
import json
from dataclasses import dataclass, field

from epd.lca import algorithms
from epd.lca.assembly import assemble
from epd.lca.bodies import result_to_body
from epd.lca.rollup import roll_up
from epd.lca.share_tables import long_tables, write_table
from epd.verifier.tables import member_name
from tests.verifier.builder import Log, codes, pack, urn
from tests.verifier.stories import assay, lot
from tests.verifier.test_method import ELECTRICITY, FACTORS, Figured
from traceability.ledger import bundle, canonical
from traceability.verifier.checks import gather
from traceability.verifier.facts import Facts
from traceability.verifier.report import Asked, Verdict
from traceability.verifier.trust import Trust

COUNT = 51  # sources of two elements each


@dataclass
class Long(Figured):
    """A lot out of many sources, and what another maker made of it."""

    tables: dict[str, bytes] = field(default_factory=dict)
    results: dict[str, object] = field(default_factory=dict)

    def members(self, *, tables: bool = True, **more):
        found = super().members(**more)
        return found | (self.tables if tables else {})

    def state(self, name, party):
        """Signs the result of a lot, and keeps its long tables."""
        computed = []

        def keep(assembled):
            computed.append(roll_up(assembled.step, FACTORS).results[urn(name)])
            return {
                **result_to_body(computed[0]),
                "computed_from": assembled.computed_from(),
                "factors": self.said["factors"].digest,
                "algorithms": algorithms.references(),
            }

        body = self.figure(name, keep)
        said = self.log.say(self.parties[party], "lot.result", body)
        self.said[f"result {name}"] = said
        self.results[urn(name)] = (said.digest, computed[0])
        found = long_tables(computed[0].shares)
        self.tables |= {member_name(root): write_table(table) for root, table in found.items()}

    def figure(self, name, keep):
        self.log.commit()
        found = bundle.read_bundle(io.BytesIO(pack(self.log.members(), urn(name), "sha256:" + "0" * 64)))
        facts = gather(Facts(found, self.log.policy(), Trust(), Asked()))
        return keep(assemble(urn(name), facts.world.with_siblings(), lambda one: self.results.get(one)))


def told() -> Long:
    log = Log()
    a, b = log.register("juniper"), log.register("baltika")
    story = Long(log, urn("metal"), {"operator": log.operator, "a": a, "b": b})
    names = [f"feed {number}" for number in range(COUNT)]
    for name in names:
        contents = assay(Nd2O3="8", Pr6O11="2")
        log.say(a, "lot.source", lot(name, "10", stage="ore", origin="mined", country="US", assay=contents))
    story.said["mix"] = log.say(
        a, "lot.transform",
        {
            "inputs": [{"lot": urn(name), "mass_kg": "10"} for name in names],
            "outputs": [lot("con", str(COUNT), stage="concentrate", **{"class": "product"},
                            assay=assay(Nd2O3="80", Pr6O11="20"))],
            "losses": [{"kind": "tailings", "mass_kg": str(COUNT * 9)}],
            "inventory": [ELECTRICITY],
        },
        process=[("beneficiate", "US")],
    )  # fmt: skip
    sent = log.say(a, "lot.dispatch", {"lot": urn("con"), "to": b.urn, "mass_kg": str(COUNT), "tolerance_pct": "0.05"})
    log.say(b, "lot.receive", {"lot": urn("con"), "dispatch": sent.digest, "difference": "within",
                               "weighed_mass_kg": str(COUNT)})  # fmt: skip
    log.say(
        b, "lot.transform",
        {
            "inputs": [{"lot": urn("con"), "mass_kg": str(COUNT)}],
            "outputs": [lot("metal", "40", stage="metal", **{"class": "product"}, assay=assay(Nd="80", Pr="20"))],
            "losses": [{"kind": "slag", "mass_kg": str(COUNT - 40)}],
            "inventory": [ELECTRICITY | {"amount": "0"}],
        },
        process=[("reduce", "EE")],
    )  # fmt: skip
    story.said["factors"] = log.say(
        log.operator, "factors.publish",
        {"subject": urn("factors"), "name": FACTORS.name, "version": FACTORS.version,
         "count": len(FACTORS.factors), "root": "sha256:" + FACTORS.root.hex()},
    )  # fmt: skip
    story.state("con", "a")
    story.state("metal", "b")
    story.said["auditor"] = log.register("auditor", roles=["auditor"])
    body = {"attestation": urn("audit"), "statements": [story.said["result con"].digest], "scope": ["result"],
            "opinion": "conforms"}  # fmt: skip
    log.say(story.said["auditor"], "statement.attest", body)
    log.commit()
    return story


def report(story: Long, members):
    return story.report(members, trust=story.trust(auditors={story.said["auditor"].urn: "Auditor"}))


def without_inventory(story: Long, **more):
    """The result of the concentrate cannot be computed again: what the metal takes from it must be shown."""
    said = story.said["mix"]
    return story.members(hidden=[one for place, one in said.places.items() if "/amount" in place], **more)


def shares_of(story: Long) -> str:
    return f"{story.said['result metal'].name}/body/shares"


def test_a_long_table_travels_and_is_compared():
    story = told()
    assert len(story.tables) == 1  # two makers, one table: nothing was added on the way
    found = report(story, story.members())
    assert (found.verdict, codes(found)) == (Verdict.VALID, set())
    found = report(story, without_inventory(story))
    assert (found.verdict, codes(found)) == (Verdict.VALID, set())

    # Without it the shares of the metal are what its maker says.
    found = report(story, without_inventory(story, tables=False))
    assert found.verdict is Verdict.INCOMPLETE
    assert shares_of(story) in {one.where for one in found.findings() if one.code == "result_not_established"}

    # Another table under the same name, and a table that nobody signed.
    [(name, content)] = story.tables.items()
    rows = json.loads(content)
    rows[0]["share"], rows[1]["share"] = "0.5", "0.5"
    found = report(story, story.members() | {name: canonical.encode(rows)})
    assert found.verdict is Verdict.INVALID
    assert "table_mismatch" in codes(found)
    for junk in (b"[]", b"{}", b"\xff", b'[{"element":1}]', b"[[1]]"):
        assert report(story, without_inventory(story) | {name: junk}).verdict is Verdict.INVALID
    spare = {member_name("sha256:" + "0" * 64): content}
    assert "spare_member" in codes(report(story, story.members() | spare))
