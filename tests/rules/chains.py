"""Chains as rules see them: the demonstration chain from its published file, and small ones by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from tests.material import demo
from traceability.ledger.quantity import computing
from traceability.rules.activities import activity_of
from traceability.rules.catalogue import FOLDER
from traceability.rules.evaluating import evaluate
from traceability.rules.facts import Chain, LotFacts, Making, Step
from traceability.rules.rule_set import parse_rule_set
from traceability.rules.trails import source_shares, trails_of

TODAY = date(2026, 11, 22)
NEXT_YEAR = date(2027, 1, 1)


def rule_set(name):
    return parse_rule_set((FOLDER / f"{name}.json").read_bytes())


def answer(facts, name, as_of=TODAY):
    """What the version of a day answers."""
    found = rule_set(name)
    return evaluate(facts, found, found.version_on(as_of), as_of).found


def facts_of(makings, lot, dispatches=None, stated=None):
    shares = source_shares(trails_of(makings)[lot])
    return LotFacts(lot, Chain(makings, dispatches or {}), shares or stated, shares_stated=not shares and bool(stated))


def made(urn, *parents, stage="oxide", steps=(), **more):
    """A lot of Nd and Dy by hand; it drew 1 kg of each parent."""
    origin = "" if parents else more.pop("origin", "mined")
    given = {"contents": {"Nd": Decimal(20), "Dy": Decimal(1)}, "mass_kg": Decimal(10), **more}
    said = tuple(Step(word, activity_of(word, stage), country) for word, country in steps)
    return Making(
        urn, urn, stage, "Maker", date(2026, 1, 1), said, origin, parents=parents,
        drawn_kg=dict.fromkeys(parents, Decimal(1)), statement=urn, site="site", **given,
    )  # fmt: skip


def chain(*makings):
    return {one.urn: one for one in makings}


@computing()
def _lot(name, parents, event):
    lot = demo.lots()[name]
    steps = tuple(
        Step(word, activity_of(word, lot.stage), event["country"]) for word in (demo.process(event) if event else ())
    )
    return Making(
        name, name, lot.stage, "", date(2026, 1, 1), steps, lot.origin or "", lot.country,
        contents={one: kg / lot.mass_kg * 100 for one, kg in lot.element_kg.items()}, mass_kg=lot.mass_kg,
        parents=tuple(parents), drawn_kg=parents, statement=event["id"] if event else name, site="site",
    )  # fmt: skip


@cache
def demonstration():
    """The lots of demo_chain.json, with everything open."""
    made_in = {name: event for event in demo.chain()["events"] for name in event["outputs"]}
    return {
        name: _lot(name, demo.draws(made_in[name]) if name in made_in else {}, made_in.get(name))
        for name in demo.lots()
    }


def with_chinese_dysprosium(makings=None):
    """Its variant: the primary dysprosium oxide was mined and separated in China."""
    found = dict(makings or demonstration())
    ore = replace(found["ORE-MW"], urn="ORE-CN", label="ORE-CN", country="CN", contents=found["OX-DY-MW"].contents)
    steps = (Step("separation", "separated", "CN"),)
    oxide = found["OX-DY-MW"]
    drawn = {"ORE-CN": oxide.mass_kg}
    oxide = replace(oxide, parents=("ORE-CN",), drawn_kg=drawn, steps=steps, statement="separation in CN", country="CN")
    return found | {"ORE-CN": ore, "OX-DY-MW": oxide}
