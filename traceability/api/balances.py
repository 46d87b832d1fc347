"""The element balance of the step that made a lot, in numbers and in words."""

from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.documents import Digest, Mass
from traceability.api.schema import described
from traceability.api.statements import digest_of
from traceability.api.views import ApiView, json_answer
from traceability.ledger.quantity import format_quantity, round_places
from traceability.material.balance import ALGORITHM, Verdict
from traceability.material.composition import MASS_PLACES
from traceability.material.steps import VERSION, usual_process
from traceability.material.wording import ElementSaid, said_of
from traceability.selectors import access, lots

TAG: Final = "Lots"
Percent = Annotated[str, Meta(examples=["98.5"])]


class ElementBalanceDocument(Struct):
    """One element: in = out + loss + work in process + unexplained; masses to 0.001 kg."""

    element: str
    verdict: Annotated[str, Meta(examples=list(Verdict))]
    sentence: Annotated[str, Meta(description="What was found, in words.")]
    in_kg: Mass
    out_kg: Mass
    loss_kg: Mass
    wip_change_kg: Mass
    unexplained_kg: Mass
    u_c_kg: Annotated[Mass, Meta(description="Combined standard uncertainty.")]
    yield_pct: Percent | UnsetType = UNSET
    yield_sentence: str | UnsetType = UNSET
    yield_is_usual: bool | UnsetType = UNSET


class UsualYield(Struct):
    """What is usual for the process; the least yield of several steps is their product."""

    least_pct: Percent
    sources: Annotated[list[str], Meta(description="A source, or the word assumption.")]
    table: str


class BalanceDocument(Struct):
    """The balance of the step that made a lot; `established` is false where values that it needs are withheld."""

    lot: UUID
    algorithm: str
    established: bool
    elements: list[ElementBalanceDocument]
    statement: Digest | UnsetType = UNSET
    process: list[str] | UnsetType = UNSET
    usual: UsualYield | UnsetType = UNSET


class LotBalance(ApiView):
    """The balance of the step that made a lot."""

    @described(
        "read_balance",
        "Read the element balance of the step that made a lot, with uncertainty, yield and what was found, in words",
        tag=TAG,
        answers={200: BalanceDocument},
        refused=(400, 401, 403, 404),
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, ())
        row = access.lot(self.actor, lot, self.today)
        ids = {row.pk, *row.edges_up.filter(voided=False).values_list("parent_id", flat=True)}
        matter = lots.matter_of(self.actor, ids, self.today)
        found = lots.step_balance(matter.made[row.made_by_id], matter)
        if found is None:
            return json_answer(BalanceDocument(lot, ALGORITHM, established=False, elements=[]))
        usual = usual_process(found.process)
        rows = said_of(found.balance, usual) if found.balance else ()
        return json_answer(
            BalanceDocument(
                lot=lot,
                algorithm=ALGORITHM,
                established=found.balance is not None,
                elements=[_element(one) for one in rows],
                statement=digest_of(found.creator.original.row),
                process=found.process,
                usual=UsualYield(_plain(usual.least_pct), list(usual.sources), VERSION) if usual else UNSET,
            )
        )


def _element(one: ElementSaid) -> ElementBalanceDocument:
    row = one.row
    return ElementBalanceDocument(
        element=row.element,
        verdict=row.verdict,
        sentence=one.sentence,
        in_kg=_kg(row.in_kg),
        out_kg=_kg(row.out_kg),
        loss_kg=_kg(row.loss_kg),
        wip_change_kg=_kg(row.wip_change_kg),
        unexplained_kg=_kg(row.unexplained_kg),
        u_c_kg=_kg(row.u_c_kg),
        yield_pct=UNSET if one.yield_pct is None else _plain(one.yield_pct),
        yield_sentence=one.yield_sentence or UNSET,
        yield_is_usual=UNSET if one.is_usual is None else one.is_usual,
    )


def _kg(value: Decimal) -> str:
    return _plain(round_places(value, MASS_PLACES))


def _plain(value: Decimal) -> str:
    return format_quantity(value)
