"""Every `lot.result` and every declaration computed again, at its place in the log, and compared string by string.

Five words (algorithms.md, `lot.result`): recomputed; recomputed from stated results; attested; self-stated; not
established. A figure that can be recomputed and differs is INVALID `result_mismatch`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import IntEnum

from epd.lca import algorithms
from epd.lca.assembly import Assembled, assemble, result_of
from epd.lca.bodies import figures_to_body, result_from_body, result_to_body
from epd.lca.factors import FactorSet, factor_set
from epd.lca.indicators import HEADLINE, Basis, LifeCycleModule
from epd.lca.inputs import ResultSource
from epd.lca.result import DECLARED_UNIT, LotResult, value_key
from epd.lca.rollup import NoInventory, StepResult, require_inventory, roll_up
from epd.lca.share_tables import TableMissing, Tables, roots_of
from epd.rules.declared import declared
from epd.rules.profiles import profile_of
from epd.rules.references import deviations_of
from epd.verifier import factors, tables
from traceability.acceptance.imports import KIND as IMPORT
from traceability.acceptance.versions import corrected_body
from traceability.acceptance.world import Body
from traceability.ledger import groups
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing
from traceability.verifier.facts import Entry, Facts, incomplete, invalid, warning
from traceability.verifier.report import Finding, found
from traceability.verifier.trust import NO_TRUST

_NEEDED_GROUPS = frozenset({groups.MASS, groups.ASSAY, groups.INVENTORY, groups.PRICES})
_SAID_BESIDE = frozenset({"period", "ext"})
_PASSED_ON: Mapping[str, frozenset[str]] = {
    "causes": frozenset({"causes"}),
    "shares": frozenset({"shares", "flags"}),
    "flags": frozenset({"flags"}),
    "allocation": frozenset(),
}
"""What of a result is computed from a member of the results of its inputs; without any other nothing is computed."""
_FIGURES = frozenset({"bases", "not_declared", "missing_upstream", "missing"})
"""Members on which all others of a declaration rest."""


class Standing(IntEnum):
    """How well a result is founded, the weakest first."""

    NOT_ESTABLISHED = 0
    SELF_STATED = 1
    ATTESTED = 2
    FROM_STATED = 3
    RECOMPUTED = 4

    @property
    def words(self) -> str:
        """The word of the report."""
        return _WORDS[self]


_WORDS = {
    Standing.NOT_ESTABLISHED: "not established",
    Standing.SELF_STATED: "self-stated",
    Standing.ATTESTED: "attested",
    Standing.FROM_STATED: "recomputed from stated results",
    Standing.RECOMPUTED: "recomputed",
}


class Unseen(RecordError):
    """A value, result or factor that a computation needs is not in the bundle, or withheld in it."""

    code = "not_computable"


class ResultOfAnother(RecordError):
    """A result that takes the figures of another lot for those of its input."""

    code = "result_mismatch"


@dataclass(frozen=True, slots=True)
class Figured:
    """One version of a result: what it says, how well it is founded, and what share of its GWP each input brings."""

    lot: str
    digest: str
    where: str
    result: LotResult | None
    standing: Standing
    inputs: Mapping[str, Decimal] = field(default_factory=dict)  # share by the digest of the input's result
    computed_from: tuple[str, ...] = ()  # digests of versions
    factors: str = ""  # digest of the set
    unknown: frozenset[str] = frozenset()  # members whose figures are neither shown nor computed here
    unproved: frozenset[str] = frozenset()  # of these, those that the body shows all the same


@dataclass(slots=True)
class Figures:
    """All results so far, by the digest of their version, and what was found."""

    results: dict[str, Figured] = field(default_factory=dict)
    declarations: dict[str, "Declared"] = field(default_factory=dict)  # by urn
    sets: dict[str, FactorSet] = field(default_factory=dict)  # by digest
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration: the result that it repeats, or those of which a reference is the mean; and where it stands."""

    urn: str
    lot: str  # of a reference its own urn
    digest: str
    where: str
    results: tuple[str, ...]
    profile: str
    unclear: str  # why its figures could not all be held against those of the result; empty: they are the same


def observe_result(facts: Facts, entry: Entry) -> None:
    """Takes in a `lot.result` or a correction of one."""
    figures = facts.room(Figures)
    body = said(entry)
    figures.results[entry.statement.digest] = _figured(facts, figures, entry, body)


def said(entry: Entry) -> Body:
    """The opened body that a statement, or what a correction says instead of it, claims."""
    return corrected_body(entry.body) if entry.statement.kind == "statement.correct" else entry.body


def _figured(facts: Facts, figures: Figures, entry: Entry, body: Body) -> Figured:
    hidden = frozenset(_members(entry))
    stated, elsewhere = _stated(body, _tables(facts, figures, body))
    bare = Figured(
        lot=str(body["lot"]),
        digest=entry.statement.digest,
        where=entry.name,
        result=stated,
        standing=Standing.NOT_ESTABLISHED if stated is None or "bases" in hidden else Standing.SELF_STATED,
        computed_from=tuple(_sources(body)),
        factors=str(body["factors"]),
        unknown=hidden | elsewhere,
    )
    unknown = _unknown_algorithm(body)
    if unknown:
        sentence = f"This version does not know {unknown}. Use a newer verifier."
        figures.findings.append(incomplete("unknown_algorithm", f"{entry.name}/body/algorithms", sentence))
        return bare
    used = factors_of(facts, figures, str(body["factors"]))
    try:
        return _recomputed(facts, used, bare, body, hidden)
    except ResultOfAnother as error:
        figures.findings.append(found(error, f"{entry.name}/body/computed_from"))
        return bare
    except NoInventory:
        sentence = (
            "Its step has no inventory: what it adds is not recorded, so these figures leave it out. It is not 0."
        )
        figures.findings.append(warning("no_inventory", f"{entry.name}/body", sentence))
        return bare
    except RecordError:
        return bare  # not computable from what is shown: it counts as what is said of it


def _members(entry: Entry) -> Iterator[str]:
    """The members of the claimed body that are withheld, wholly or in part."""
    start = "/body/as/body/" if entry.statement.kind == "statement.correct" else "/body/"
    for place in entry.withheld:
        if place.startswith(start):
            yield place.removeprefix(start).split("/")[0]


def _tables(facts: Facts, figures: Figures, body: Body) -> Tables:
    """The share tables of a result that stand outside it, as far as the bundle carries them."""
    facts.used.update(tables.member_name(root) for root in roots_of(body))
    try:
        return tables.tables_of(facts.bundle, body)
    except RecordError as error:
        figures.findings.append(found(error, ""))
        return {}


def _stated(body: Body, outside: Tables) -> tuple[LotResult | None, frozenset[str]]:
    """The figures of a body, and the members whose tables are not at hand; None where it holds no figures."""
    try:
        return result_of(body, outside), frozenset()
    except TableMissing:
        found, _ = _stated({name: body[name] for name in body if name != "shares"}, outside)
        return found, frozenset({"shares"})
    except RecordError:
        return None, frozenset()


def _unknown_algorithm(body: Body) -> str:
    rows = body.get("algorithms")
    for row in rows if isinstance(rows, list) else []:
        if algorithms.TEXTS.get(str(row["id"])) != row["text"]:
            return str(row["id"])
    return ""


def _sources(body: Body) -> Iterator[str]:
    """The digests of all versions that a result was computed from."""
    source = body.get("computed_from")
    if isinstance(source, dict):
        yield from source.get("statements", ())
        for name in ("results", "receipts"):
            yield from (str(row["statement"]) for row in source.get(name, ()))


def _recomputed(facts: Facts, used: FactorSet, bare: Figured, body: Body, hidden: frozenset[str]) -> Figured:
    """The result computed again; differences are findings, and what is not shown is Unseen."""
    figures = facts.room(Figures)
    _require_shown(facts, bare, body)
    named = {str(row["lot"]): str(row["statement"]) for row in _rows(body, "results")}

    def read(lot: str) -> tuple[str, LotResult] | None:
        return (named[lot], input_result(facts, figures, named[lot], lot)) if lot in named else None

    assembled = assemble(bare.lot, facts.world.with_siblings(), read)
    require_inventory(assembled.step)
    step = roll_up(assembled.step, used)
    result = step.results[bare.lot]
    expected = {
        **result_to_body(result),
        "computed_from": assembled.computed_from(),
        "factors": body["factors"],
        "algorithms": algorithms.references(),
    }
    unknown = frozenset((*_passed_on(figures, assembled), *_not_proven(facts, assembled)))
    if not _compare(figures, bare, body, expected, hidden | unknown):
        return bare
    founded = all(figures.results[digest].standing is Standing.RECOMPUTED for _, digest in assembled.results)
    return replace(
        bare,
        result=result,
        standing=Standing.RECOMPUTED if founded else Standing.FROM_STATED,
        inputs=_shares_of_inputs(assembled, step),
        unknown=unknown,
        unproved=unknown & body.keys() - hidden,
    )


def _passed_on(figures: Figures, assembled: Assembled) -> Iterator[str]:
    """Members that cannot be computed here, because the results of inputs withhold theirs.

    Nothing is computed from the causes of what was received: all of it counts as upstream.
    """
    received = {entry.lot for entry in assembled.step.inputs if entry.receipt is not None}
    for lot, digest in assembled.results:
        for name in figures.results[digest].unknown - ({"causes"} if lot in received else frozenset()):
            yield from _PASSED_ON[name]


def _not_proven(facts: Facts, assembled: Assembled) -> Iterator[str]:
    """Members that cannot be computed here, because the bundle by which an input came from another log is not here."""
    world = facts.world
    for entry in assembled.step.inputs:
        known = world.lot(entry.lot)
        maker = None if known is None else world.effective(known.custody.created_by)
        imported = maker is not None and maker.original.kind == IMPORT
        if imported and maker and world.foreign(str(maker.body["bundle"]), maker.original.issuer) is None:
            yield from _PASSED_ON["shares"]


def _rows(body: Body, name: str) -> list[Mapping[str, object]]:
    source = body.get("computed_from")
    rows = source.get(name, []) if isinstance(source, dict) else []
    return list(rows)


def _require_shown(facts: Facts, bare: Figured, body: Body) -> None:
    """All values of the statements that a result is computed from are disclosed, and its own figures."""
    if "bases" in bare.unknown:
        raise Unseen("The figures are withheld.")
    digests = [*_texts(body, "statements"), *(str(row["statement"]) for row in _rows(body, "receipts"))]
    for digest in digests:
        entry = facts.by_digest.get(digest)
        if entry is None or _hides_matter(entry):
            raise Unseen("Values that the computation needs are withheld.")
        dispatch = facts.by_digest.get(str(said(entry).get("dispatch", "")))
        if dispatch is not None and _hides_matter(dispatch):
            raise Unseen("The dispatched mass is withheld.")


def _texts(body: Body, name: str) -> list[str]:
    source = body.get("computed_from")
    return [str(one) for one in source.get(name, [])] if isinstance(source, dict) else []


def _hides_matter(entry: Entry) -> bool:
    return any(groups.group_of(entry.statement.kind, place) in _NEEDED_GROUPS for place in entry.withheld)


def input_result(facts: Facts, figures: Figures, digest: str, lot: str) -> LotResult:
    """The figures of the newest version of an input's result; recomputed ones hold what long tables leave out."""
    known = figures.results.get(digest)
    if known is not None and known.lot != lot:
        raise ResultOfAnother("The result that is named for an input is that of another lot.")
    version = facts.world.effective_version(digest)
    if version is None or known is None or known.result is None or known.unknown - _PASSED_ON.keys():
        raise Unseen("The result of an input is not shown, or was corrected.")
    return known.result


def factors_of(facts: Facts, figures: Figures, digest: str) -> FactorSet:
    """The used factors of a published set; none where the bundle carries none."""
    if digest not in figures.sets:
        figures.sets[digest] = _read_factors(facts, figures, digest)
    return figures.sets[digest]


def _read_factors(facts: Facts, figures: Figures, digest: str) -> FactorSet:
    name = factors.member_name(digest)
    version = facts.world.effective(digest)  # a correction changes its name alone
    published = version is not None and version.original.kind == "factors.publish" and not version.withdrawn
    if version is None or not published or name not in facts.bundle.members:
        return factor_set("", "", ())
    facts.used.add(name)
    try:
        shown = factors.read_member(facts.bundle.read(name), version.body)
    except RecordError as error:
        figures.findings.append(found(error, name))
        return factor_set("", "", ())
    if version.original.issuer not in ((facts.trust or NO_TRUST).factor_publishers or {}):
        sentence = "Your trust file does not list the publisher of these factors."
        figures.findings.append(incomplete("factors_not_accepted", name, sentence))
    return shown


def _compare(
    figures: Figures, bare: Figured, body: Body, expected: Mapping[str, object], skipped: frozenset[str]
) -> bool:
    """Whether every member that is shown is the computed one, string by string."""
    wrong = [
        name
        for name in sorted(expected.keys() | body.keys() - _SAID_BESIDE)
        if name not in skipped and expected.get(name) != body.get(name)
    ]
    for name in wrong:
        sentence = "The figures are not those that the signed statements give: the maker signed a wrong number."
        figures.findings.append(invalid("result_mismatch", f"{bare.where}/body/{name}", sentence))
    return not wrong


@computing()
def _shares_of_inputs(assembled: Assembled, step: StepResult) -> Mapping[str, Decimal]:
    """The share of GWP-GHG (A1-A3, the first basis with a value) that each input brings, by its result's digest."""
    digests = dict(assembled.results)
    for basis in Basis:
        sums = step.sums.get(basis)
        whole = (
            sum((sums.get(value_key(HEADLINE, module), Decimal(0)) for module in LifeCycleModule), Decimal(0))
            if sums
            else Decimal(0)
        )
        if not whole:
            continue
        return {
            digests[entry.lot]: entry.burden_kg * (entry.source.result.headline(basis) or Decimal(0)) / whole
            for entry in assembled.step.inputs
            if isinstance(entry.source, ResultSource)
        }
    return {digest: Decimal(0) for digest in digests.values()}


def observe_declaration(facts: Facts, entry: Entry) -> None:
    """Takes in a `declaration.publish`: it repeats the figures of a result and the newest hash of its lot."""
    figures = facts.room(Figures)
    body = entry.body
    one = Declared(
        urn=str(body["declaration"]),
        lot=str(body["lot"]),
        digest=entry.statement.digest,
        where=entry.name,
        results=(str(body["result"]),),
        profile=str(body["profile"]),
        unclear=_unclear(facts, figures, entry),
    )
    figures.declarations[one.urn] = one
    _tables(facts, figures, body)
    _compare_deviations(facts, figures, entry)
    known = facts.world.lot(one.lot)
    if known is not None and known.custody.maker != entry.statement.issuer:
        sentence = "Only the maker of a lot can declare it."
        figures.findings.append(invalid("not_the_declarant", f"{entry.name}/body/lot", sentence))
    if body["declared_unit"] != DECLARED_UNIT:
        sentence = "The figures of a result are per kilogram, and the declaration states another unit."
        figures.findings.append(invalid("result_mismatch", f"{entry.name}/body/declared_unit", sentence))
    head = facts.world.head(one.lot)
    if head is not None and head.custody_hash != body["custody_hash"]:
        sentence = "The declaration names another state of the lot than the one in which it was declared."
        figures.findings.append(invalid("custody_hash_differs", f"{entry.name}/body/custody_hash", sentence))


def _compare_deviations(facts: Facts, figures: Figures, entry: Entry) -> None:
    """Holds the deviations from a reference against the figures of both declarations, where both are shown."""
    said = entry.body.get("reference")
    if not isinstance(said, dict):
        return
    where, reference = f"{entry.name}/body/reference", facts.world.effective_version(str(said["statement"]))
    if reference is None or reference.original.kind != "declaration.reference":
        sentence = "The reference that it cites is not in this bundle."
        figures.findings.append(incomplete("reference_not_shown", where, sentence))
        return
    try:
        expected = deviations_of(result_from_body(entry.body), reference.body)
    except RecordError:
        return  # figures that cannot be read are findings of their own
    if said.get("deviations", []) != expected:
        sentence = "The declaration states other deviations from its reference than its figures give."
        figures.findings.append(invalid("result_mismatch", f"{where}/deviations", sentence))


def _unclear(facts: Facts, figures: Figures, entry: Entry) -> str:
    """Why not all declared figures could be compared with those of the result; a difference is a finding."""
    version = facts.world.effective_version(str(entry.body["result"]))
    known = figures.results.get(str(entry.body["result"]))
    if version is None or known is None or version.body["lot"] != entry.body["lot"]:
        return "The result that this declaration repeats is not in this bundle, or it was corrected since."
    if known.result is None or known.unknown & _FIGURES:
        return _not_shown(known.unknown & _FIGURES or {"bases"})
    try:
        expected = dict(figures_to_body(declared(known.result, profile_of(str(entry.body["profile"])))))
    except RecordError:
        return "This version cannot apply the rules of this declaration to the result that it repeats."
    expected |= {name: version.body[name] for name in known.unproved}  # as stated: not computed here
    withheld = frozenset(_members(entry))
    skipped = (known.unknown - known.unproved) | withheld
    for name in sorted(expected.keys() | {"factors", "algorithms"}):
        wanted = expected.get(name) or version.body.get(name)
        if name not in skipped and entry.body.get(name) != wanted:
            sentence = "The declaration states other figures than the result that it names."
            figures.findings.append(invalid("result_mismatch", f"{entry.name}/body/{name}", sentence))
    hidden = skipped & entry.body.keys() - withheld
    return _not_shown(hidden) if hidden else ""


def _not_shown(names: Iterable[str]) -> str:
    listed = ", ".join(sorted(names))
    return f"Of the result that this declaration repeats, these members are not shown here: {listed}."


def current_result(facts: Facts, figures: Figures, lot: str) -> Figured | None:
    """The newest result of a lot that was not withdrawn."""
    of_lot = [one for one in figures.results.values() if one.lot == lot]
    return next((one for one in reversed(of_lot) if facts.world.effective_version(one.digest) is not None), None)


def current(facts: Facts, figures: Figures) -> Iterator[Declared]:
    """The declarations that were neither withdrawn nor superseded."""
    for one in figures.declarations.values():
        head = facts.world.head(one.urn)
        if head is not None and not head.ended:
            yield one
