"""Reference declarations computed again from what the bundle shows, and the deviations of lots that cite one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from epd.lca import algorithms
from epd.lca.result import LotResult
from epd.rules.references import members
from epd.verifier.figures import Declared, Figures, Standing, factors_of, input_result
from traceability.acceptance.world import Body
from traceability.ledger.errors import RecordError
from traceability.verifier.facts import Entry, Facts, invalid, warning
from traceability.verifier.report import Finding

_ALGORITHMS: Final = {**algorithms.TEXTS, **algorithms.OF_PERIODS}
_WITHHELD: Final = frozenset({"lots", "meters", "products", "stock"})
_DIFFERS: Final = "The figures are not those that the lots, meters, stock and prices of the period give."


@dataclass(frozen=True, slots=True)
class Mean:
    """How well the mean of so many lots is founded."""

    lots: int
    standing: Standing


@dataclass(slots=True)
class References:
    """All reference declarations so far, by urn."""

    standings: dict[str, Mean] = field(default_factory=dict)


def observe_reference(facts: Facts, entry: Entry) -> None:
    """Takes in a `declaration.reference`: computes it again where its lots are at hand."""
    figures, body = facts.room(Figures), entry.body
    named = _results(body)
    standing, unclear = Standing.SELF_STATED, ""
    try:
        if wrong := sorted(_wrong(facts, figures, entry, named)):
            figures.findings += [invalid("result_mismatch", f"{entry.name}/body/{one}", _DIFFERS) for one in wrong]
            standing = Standing.NOT_ESTABLISHED
        else:
            founded = all(figures.results[one].standing is Standing.RECOMPUTED for one in named.values())
            standing = Standing.RECOMPUTED if founded else Standing.FROM_STATED
    except RecordError as error:
        unclear = f"It cannot be computed again from this bundle. {error.sentence}"
    figures.findings += list(_gaps(entry))
    urn = str(body["declaration"])
    facts.room(References).standings[urn] = Mean(len(named), standing)
    results = () if unclear else tuple(named.values())
    figures.declarations[urn] = Declared(
        urn, urn, entry.statement.digest, entry.name, results, str(body["profile"]), unclear
    )


class NotAtHand(RecordError):
    """What a reference is computed from is withheld, or not in the bundle."""

    code = "not_computable"


def _wrong(facts: Facts, figures: Figures, entry: Entry, named: Mapping[str, str]) -> Iterator[str]:
    """The members that differ from what follows."""
    body = entry.body
    hidden = {place.removeprefix("/body/").split("/")[0] for place in entry.withheld}
    if hidden & _WITHHELD:
        raise NotAtHand(f"These members are withheld: {', '.join(sorted(hidden & _WITHHELD))}.")
    algorithms_of = body["algorithms"]
    for row in algorithms_of if isinstance(algorithms_of, list) else []:
        if _ALGORITHMS.get(str(row["id"])) != row["text"]:
            raise NotAtHand(f"This version does not know {row['id']}. Use a newer verifier.")
    used: set[str] = set()

    def read(lot: str) -> tuple[str, LotResult] | None:
        used.add(lot)
        return (named[lot], input_result(facts, figures, named[lot], lot)) if lot in named else None

    world = facts.world.with_siblings()
    expected = members(body, entry.statement.issuer, world, read, factors_of(facts, figures, str(body["factors"])))
    yield from (name for name in expected if name not in hidden and expected[name] != body.get(name))
    if used != named.keys():
        yield "computed_from"


def _results(body: Body) -> dict[str, str]:
    source = body["computed_from"]
    rows = source.get("results", []) if isinstance(source, dict) else []
    return {str(row["lot"]): str(row["statement"]) for row in rows}


def _gaps(entry: Entry) -> Iterator[Finding]:
    """Gaps above 1 % of a meter, each named: they are never withheld."""
    rows = entry.body.get("gaps")
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if row.get("finding") == "gap_too_large":
            share = f", {row['share']} of it" if "share" in row else ""
            sentence = f"What was metered of {row['flow']} and what the lots explain differ by more than 1 %{share}."
            yield warning("gap_too_large", f"{entry.name}/body/gaps/{number}", sentence)
