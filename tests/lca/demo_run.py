"""Runs the demonstration chain purely, without database and signatures: each tier from what the one before wrote."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from epd.demo import Act, Demonstration, demonstration
from epd.factors import shipped_factors
from epd.lca.allocation import Output, OutputClass, parse_outputs
from epd.lca.bodies import result_from_body, result_to_body
from epd.lca.contributions import SolvedStep
from epd.lca.exchanges import parse_exchanges
from epd.lca.factors import FactorSet
from epd.lca.inputs import CutOff, Receipt, ResultSource, Step, StepInput, parse_receipt
from epd.lca.result import LotResult
from epd.lca.rollup import StepResult, roll_up
from epd.lca.shares import LotShares, shares_of_source
from traceability.ledger.quantity import parse_quantity
from traceability.material.composition import element_masses, parse_lot
from traceability.material.shares import ElementMasses, drawn_element_kg, source_of_origin

SECONDARY = ("post_consumer", "pre_consumer")


@dataclass
class DemoRun:
    """What stands after the acts: a result per lot that has one, and the step that made it."""

    factors: FactorSet
    detail_open: bool = False
    """Whether suppliers open causes and sensitivities to their customers."""
    steps: dict[str, Step] = field(default_factory=dict)
    solved: dict[str, StepResult] = field(default_factory=dict)
    results: dict[str, LotResult] = field(default_factory=dict)
    mass_kg: dict[str, Decimal] = field(default_factory=dict)
    element_kg: dict[str, ElementMasses] = field(default_factory=dict)
    cut_off: dict[str, LotShares] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    dispatched_kg: dict[str, Decimal] = field(default_factory=dict)

    def act(self, act: Act) -> None:
        """Takes one act in; kinds that move no burden pass by."""
        if act.kind == "lot.source":
            self._source(act.body)
        elif act.kind == "lot.transform":
            self._transform(act)
        elif act.kind == "lot.dispatch":
            self.dispatched_kg[str(act.body["lot"])] = parse_quantity(act.body["mass_kg"])
        elif act.kind == "lot.receive":
            lot = str(act.body["lot"])
            self.receipts[lot] = parse_receipt(act.body, self.dispatched_kg[lot])

    def _source(self, body: Mapping[str, object]) -> None:
        matter = parse_lot(body)
        assert matter.composition is not None
        elements = element_masses(matter.mass_kg, matter.composition)
        self.mass_kg[matter.lot], self.element_kg[matter.lot] = matter.mass_kg, elements
        origin = source_of_origin(matter.lot, str(body["origin"]), str(body["country"]))
        if body["origin"] in SECONDARY:
            shares = shares_of_source(origin, elements)
            assert shares is not None
            self.cut_off[matter.lot] = shares
            return
        outputs = (Output(matter.lot, matter.mass_kg, element_kg=elements),)
        self._solve(matter.lot, Step((), outputs, country=str(body["country"]), origin=origin))

    def _transform(self, act: Act) -> None:
        body = act.body
        inputs = tuple(self._input(row) for row in body["inputs"])  # type: ignore[attr-defined]
        outputs = parse_outputs(body["outputs"])  # type: ignore[arg-type]
        if not act.process:
            parent = inputs[0].lot
            outputs = tuple(
                replace(o, element_kg=drawn_element_kg(o.mass_kg, self.mass_kg[parent], self.element_kg[parent]))
                for o in outputs
            )
        self._solve(
            act.key,
            Step(
                inputs=inputs,
                outputs=outputs,
                exchanges=parse_exchanges(body.get("inventory", ())),  # type: ignore[arg-type]
                country=act.process[-1]["country"] if act.process else "ZZ",
                conserving=not act.process,
                exclusions={row["flow"]: row["reason"] for row in body.get("exclusions", ())},  # type: ignore[attr-defined]
            ),
        )

    def _input(self, row: Mapping[str, object]) -> StepInput:
        lot, drawn_kg = str(row["lot"]), parse_quantity(row["mass_kg"])
        return StepInput(
            lot=lot,
            drawn_kg=drawn_kg,
            source=CutOff() if lot in self.cut_off else ResultSource(self.results[lot], detail_open=self.detail_open),
            receipt=self.receipts.get(lot),
            element_kg=drawn_element_kg(drawn_kg, self.mass_kg[lot], self.element_kg[lot]),
            shares=self.cut_off.get(lot),
        )

    def _solve(self, key: str, step: Step) -> None:
        solved = roll_up(step, self.factors)
        self.steps[key], self.solved[key] = step, solved
        for output in step.outputs:
            self.mass_kg[output.lot], self.element_kg[output.lot] = output.mass_kg, output.element_kg or {}
            # The next tier sees what was written, nothing else.
            self.results[output.lot] = result_from_body(result_to_body(solved.results[output.lot]))

    def graph(self) -> list[SolvedStep]:
        """All steps, as contributions are read from."""
        return [SolvedStep(key, self.steps[key], self.solved[key]) for key in self.steps]


def run(demo: Demonstration | None = None, *, factors: FactorSet | None = None, detail_open: bool = False) -> DemoRun:
    """The chain after all acts."""
    state = DemoRun(factors or shipped_factors(), detail_open)
    for act in (demo or demonstration()).acts:
        state.act(act)
    return state


def with_swarf_as_co_product(demo: Demonstration) -> Demonstration:
    """The sensitivity: SWARF-1 takes burden."""
    return replace(demo, acts=tuple(_reclassed(demo)))


def _reclassed(demo: Demonstration) -> Iterator[Act]:
    for act in demo.acts:
        if act.key != "EV-10":
            yield act
            continue
        outputs = [
            {**row, "class": OutputClass.CO_PRODUCT.value if row["lot"] == "SWARF-1" else row["class"]}
            for row in act.body["outputs"]  # type: ignore[attr-defined]
        ]
        yield replace(act, body={**act.body, "outputs": outputs})
