"""Rule sets, and what each answers of a lot or of many: of a version, as of a day, with the trail that decided."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.documents import Digest, Link, Urn
from traceability.api.requests import JSON
from traceability.api.schema import DAY, described, of_shape
from traceability.api.views import ApiView, PublicView, json_answer
from traceability.ledger.quantity import format_computed
from traceability.ledger.shapes import Date, ListOf, Object, Text, optional
from traceability.ledger.shapes import Urn as UrnShape
from traceability.models import ApiToken, Lot
from traceability.rules.answers import Answer, Figure, Missing, TrailStep
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.evaluating import answers_of
from traceability.rules.rule_set import RuleSet, Version
from traceability.selectors import access, rule_facts
from traceability.selectors.rule_sets import rule_set
from traceability.services.rows_world import uuid_of

TAG: Final = "Rules"
MOST_LOTS: Final = 1000
ASKED: Final = Object(
    {
        "lots": ListOf(UrnShape(), most=MOST_LOTS, distinct=True),
        "as_of": optional(Date()),
        "rule_sets": optional(ListOf(Text(60), most=50, distinct=True)),
    }
)
AS_OF: Final = OpenApiParameter("as_of", DAY, description="The day to answer for; without it, today.")


class RuleSource(Struct):
    """Where facts of a rule set are from; `status`: read, secondary, recalled or not_found."""

    text: str
    read: str
    status: str


class RuleVersion(Struct):
    """What a rule set says from one day to another; an absent day is without end."""

    version: str
    status: Annotated[str, Meta(examples=["in_force", "suspended", "not_yet", "unknown"])]
    note: str
    parameters: Mapping[str, Any]
    since: date | UnsetType = UNSET
    until: date | UnsetType = UNSET


class RuleSetDocument(Struct):
    """A rule set: dated data, in our words; the law is elsewhere."""

    id: str
    title: str
    short: Annotated[str, Meta(description="What heads of columns call it.")]
    jurisdiction: str
    about: str
    function: str
    digest: Annotated[Digest, Meta(description="Of the file that holds it.")]
    sources: list[RuleSource]
    not_decided: list[str]
    versions: list[RuleVersion]


class RuleTrailStep(Struct):
    """A step that decided. `elements` is absent where they are not visible to you."""

    lot: Urn
    label: str
    step: str
    activity: str
    country: str
    maker: str | UnsetType = UNSET
    elements: list[str] | UnsetType = UNSET
    day: date | UnsetType = UNSET


class RuleMissing(Struct):
    """What is not visible to you or not recorded; `who` could say it, where you know the name."""

    lot: Urn
    label: str
    sentence: str
    who: str | UnsetType = UNSET


class RuleFigure(Struct):
    """A share of 0 to 1; absent where it is not established, which is not zero."""

    element: str
    what: str
    country: str | UnsetType = UNSET
    share: str | UnsetType = UNSET


class RuleAnswer(Struct):
    """The answer of one version of a rule set; `later` is one that begins after the day you asked for."""

    rule_set: str
    answer: Annotated[str, Meta(examples=["pass", "fail", "insufficient_data", "flag", "not_applicable"])]
    sentence: Annotated[str, Meta(description="What may be said of it, in English.")]
    digest: Digest
    as_of: date
    later: bool
    reasons: list[str]
    trail: list[RuleTrailStep]
    missing: list[RuleMissing]
    figures: list[RuleFigure]
    link: Link
    version: str | UnsetType = UNSET
    status: str | UnsetType = UNSET
    since: date | UnsetType = UNSET
    until: date | UnsetType = UNSET


class RulesOfLot(Struct):
    """What every rule set answers of one lot."""

    lot: Urn
    as_of: date
    answers: list[RuleAnswer]


class RulesOfManyLots(Struct):
    """What they answer of many lots; `not_found` are not there, or not yours to see."""

    as_of: date
    lots: list[RulesOfLot]
    not_found: list[Urn]


class LotRules(ApiView):
    """What the rule sets answer of one lot."""

    @described(
        "read_lot_rules",
        "Ask every rule set about a lot: answer, reasons, the steps that decided, what is missing",
        tag=TAG,
        answers={200: RulesOfLot},
        refused=(400, 401, 403, 404),
        parameters=[AS_OF],
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        given = requests.query(request, ("as_of",))
        as_of = requests.day(given, "as_of") if "as_of" in given else self.today
        row = access.lot(self.actor, lot, self.today)
        return json_answer(_documents(self, [row], all_rule_sets(), as_of)[0])


class RulesOfLots(ApiView):
    """The same for many lots at once: nothing is changed, the lots stand in the body because they are many."""

    scopes = {"POST": ApiToken.Scope.READ}

    @described(
        "ask_rules_of_lots",
        f"Ask the rule sets about up to {MOST_LOTS} lots at once",
        tag=TAG,
        request={JSON: of_shape(ASKED)},
        answers={200: RulesOfManyLots},
        refused=(400, 401, 403, 404, 413, 415, 422),
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, ASKED)
        as_of = date.fromisoformat(wanted["as_of"]) if "as_of" in wanted else self.today
        chosen = [rule_set(one) for one in wanted["rule_sets"]] if "rule_sets" in wanted else all_rule_sets()
        asked = [uuid_of(one) for one in wanted["lots"]]
        seen = {row.pk: row for row in rule_facts.visible(self.actor, asked, self.today)}
        lots = _documents(self, [seen[one] for one in asked if one in seen], chosen, as_of)
        unknown = [urn for urn, one in zip(wanted["lots"], asked, strict=True) if one not in seen]
        return json_answer(RulesOfManyLots(as_of, lots, unknown))


class RuleSets(PublicView):
    """The rule sets themselves."""

    @described("list_rule_sets", "List the rule sets", tag=TAG, answers={200: list[RuleSetDocument]}, refused=(400,))
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        return json_answer([_rule_set(one) for one in all_rule_sets()])


class OneRuleSet(PublicView):
    """One of them."""

    @described(
        "read_rule_set",
        "Read a rule set with its sources, versions and parameters",
        tag=TAG,
        answers={200: RuleSetDocument},
        refused=(400, 404),
    )
    def get(self, request: Request, name: str) -> HttpResponse:
        requests.query(request, ())
        return json_answer(_rule_set(rule_set(name)))


def _documents(view: ApiView, lots: Sequence[Lot], chosen: Sequence[RuleSet], as_of: date) -> list[RulesOfLot]:
    facts = rule_facts.facts_of(view.actor, lots, view.today)
    return [
        RulesOfLot(one.urn, as_of, [_answer(answer) for answer in answers_of(facts[one.pk], chosen, as_of)])
        for one in lots
    ]


def _rule_set(one: RuleSet) -> RuleSetDocument:
    return RuleSetDocument(
        id=one.id,
        title=one.title,
        short=one.short,
        jurisdiction=one.jurisdiction,
        about=one.about,
        function=one.function,
        digest=one.digest,
        sources=[RuleSource(source.text, source.read, source.status) for source in one.sources],
        not_decided=list(one.not_decided),
        versions=[_version(version) for version in one.versions],
    )


def _version(one: Version) -> RuleVersion:
    return RuleVersion(one.version, one.status, one.note, one.parameters, one.since or UNSET, one.until or UNSET)


def _answer(one: Answer) -> RuleAnswer:
    found, version = one.found, one.version
    return RuleAnswer(
        rule_set=one.rule_set.id,
        answer=found.outcome,
        sentence=one.sentence,
        digest=one.rule_set.digest,
        as_of=one.day,
        later=one.is_later,
        reasons=list(found.reasons),
        trail=[_trail_step(step) for step in found.trail],
        missing=[_missing(gap) for gap in found.missing],
        figures=[_figure(figure) for figure in found.figures],
        link=f"/api/v1/rule-sets/{one.rule_set.id}",
        version=version.version if version else UNSET,
        status=version.status if version else UNSET,
        since=(version.since if version else None) or UNSET,
        until=(version.until if version else None) or UNSET,
    )


def _trail_step(one: TrailStep) -> RuleTrailStep:
    elements = list(one.elements) or UNSET
    return RuleTrailStep(
        one.lot, one.label, one.step, one.activity, one.country, one.maker or UNSET, elements, one.day or UNSET
    )


def _missing(one: Missing) -> RuleMissing:
    return RuleMissing(one.lot, one.label, one.sentence, one.who or UNSET)


def _figure(one: Figure) -> RuleFigure:
    share = UNSET if one.share is None else format_computed(one.share)
    return RuleFigure(one.element, one.what, one.country or UNSET, share)
