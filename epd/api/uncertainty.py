"""How far the headlines of a declaration may lie off."""

from typing import Annotated

from django.http import HttpResponse
from msgspec import Meta, Struct
from rest_framework.request import Request

from epd.api.declarations import ONE, TAG, UNSEEN, find
from epd.lca.algorithms import OF_BANDS
from epd.lca.indicators import Basis
from epd.lca.uncertainty import ALGORITHM, RUNS, Bands, Origin, seed_of
from epd.selectors import declarations, stages
from epd.services.uncertainty import spread_of
from traceability.api import requests
from traceability.api.schema import described
from traceability.api.views import PublicView, json_answer
from traceability.ledger.quantity import format_computed


class Percentile(Struct):
    """A value below which this share of the runs lies, in kg CO2e per kg."""

    percent: str
    value: str


class MovingFactor(Struct):
    """A factor with what it brings; `rest`, `measured` and `estimated` are the draws of all else and of amounts."""

    factor: str
    gwp: str
    gsd2: Annotated[str, Meta(description="95 % of the draws lie between 1/gsd2 and gsd2 times the value.")]
    origin: Annotated[str, Meta(examples=[one.value for one in Origin])]
    share_of_variance: str


class HeadlineBands(Struct):
    """GWP-GHG on one basis; `by_factor` is the share of it whose factors are open to you and drawn one by one."""

    basis: Annotated[str, Meta(examples=[one.value for one in Basis])]
    by_factor: str
    percentiles: list[Percentile]
    moved_by: list[MovingFactor]


class UncertaintyDocument(Struct):
    """Bands of the declared headlines: of factors and amounts, not of what was left out or of the allocation."""

    declaration: str
    algorithm: str
    text: Annotated[str, Meta(description="Digest of the text of the algorithm.")]
    runs: int
    seed: str
    bands: list[HeadlineBands]


class DeclarationUncertainty(PublicView):
    """How far the headlines of a declaration may lie off, as far as you may see what they rest on."""

    @described(
        "read_declaration_uncertainty",
        "Read percentiles of the headline of a declaration by seeded Monte Carlo",
        tag=TAG,
        answers={200: UncertaintyDocument},
        refused=UNSEEN,
        parameters=[ONE],
    )
    def get(self, request: Request, declaration: str) -> HttpResponse:
        requests.query(request, ())
        row, actor = find(declaration), self.actor_or_anybody
        body = declarations.told(row, actor, self.today).body
        spread = spread_of(row, body, stages.chain_seen(actor, row.lot, self.today))
        return json_answer(
            UncertaintyDocument(
                declaration=row.urn,
                algorithm=ALGORITHM,
                text=OF_BANDS[ALGORITHM],
                runs=RUNS,
                seed="sha256:" + seed_of([spread.digest]).hex(),
                bands=[_document(basis, one) for basis, one in spread.bands().items()],
            )
        )


def _document(basis: Basis, one: Bands) -> HeadlineBands:
    return HeadlineBands(
        basis=basis.value,
        by_factor=format_computed(one.by_factor),
        percentiles=[Percentile(percent, format_computed(value)) for percent, value in one.percentiles.items()],
        moved_by=[
            MovingFactor(
                factor=row.name,
                gwp=format_computed(row.gwp),
                gsd2=format_computed(row.deviation.printed),
                origin=row.deviation.origin.value,
                share_of_variance=format_computed(row.share),
            )
            for row in one.moved
        ],
    )
