"""Templates for recurring production: what stays from one lot to the next is kept, and drafts begin from it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.db import IntegrityError, transaction

from traceability.intake.numbers import NumberStyle
from traceability.models import Draft, DraftTemplate
from traceability.selectors import templates as selector
from traceability.selectors.access import Actor
from traceability.selectors.receipts import Said
from traceability.services import beginnings, clock
from traceability.services.beginnings import Beginning
from traceability.services.draft_reading import ACTS, style_of, typed_fields
from traceability.services.drafts import TooMuch, require_role
from traceability.services.errors import Refusal
from traceability.services.previous import LIKE_THE_LAST, in_style, without_figures

MOST_TEMPLATES: Final = 200
LONGEST_NAME: Final = 80
_OF_ONE_TIME: Final = frozenset({"assay", "occurred_from", "occurred_to", "utc_offset", "period"})
_ACT_OF: Final = {ACTS[act]: act for act in LIKE_THE_LAST}


class NotForTemplates(Refusal):
    """An act of which the next one is not like the last one."""

    code = "not_for_templates"


class BadTemplateName(Refusal):
    """No name, one that is too long, or one that another template has."""

    code = "bad_template_name"


def may_keep(said: Said) -> bool:
    """Whether a template can be made of a signed statement: of a source or a step, but no split or merge."""
    return said.kind in _ACT_OF and (said.kind != "lot.transform" or bool(said.told.claim.get("process")))


def keep_draft(*, actor: Actor, draft: Draft, name: str) -> DraftTemplate:
    """A template of what was typed so far."""
    if draft.kind not in LIKE_THE_LAST:
        raise NotForTemplates("A template is made of a source or a step.")
    return _keep(actor, draft.kind, in_style(typed_fields(draft), style_of(draft), NumberStyle.POINT), name)


def keep_statement(*, actor: Actor, said: Said, name: str) -> DraftTemplate:
    """A template of what a statement claims in its newest version."""
    if not may_keep(said):
        raise NotForTemplates("A template is made of a source or a step.")
    claim = said.told.claim
    process = {"process": claim["process"]} if "process" in claim else {}
    return _keep(actor, _ACT_OF[said.kind], {**process, **claim["body"]}, name)


def _keep(actor: Actor, act: str, fields: Mapping[str, Any], name: str) -> DraftTemplate:
    """The template; kept a second time under the same name it is the same one."""
    require_role(actor)
    stays = without_figures(fields, _OF_ONE_TIME)
    called = _name(name)
    own = selector.templates(actor)
    known = own.filter(name=called, kind=act).first()
    if known is not None and known.fields == stays:
        return known
    if own.count() >= MOST_TEMPLATES:
        raise TooMuch(f"Your organisation has {MOST_TEMPLATES} templates. Delete some of them first.")
    made = DraftTemplate(organisation=actor.organisation, name=called, kind=act, fields=stays,
                         made_by_id=actor.user_id or None, made_at=clock.now())  # fmt: skip
    return _stored(made)


def begin(*, actor: Actor, template: DraftTemplate, style: NumberStyle, utc_offset: str) -> Draft:
    """A new draft with everything that the template keeps; lots, masses, assays and dates are asked."""
    fields = in_style(template.fields, NumberStyle.POINT, style)
    beginning = Beginning(template.kind, style=style, utc_offset=utc_offset)
    return beginnings.begin(actor=actor, beginning=replace(beginning, fields=fields))


def rename(*, actor: Actor, template: DraftTemplate, name: str) -> DraftTemplate:
    """The template under another name."""
    require_role(actor)
    row = selector.template(actor, template.pk)
    row.name = _name(name)
    return _stored(row)


def delete(*, actor: Actor, template: DraftTemplate) -> None:
    """Forgets a template; drafts that began from it stay."""
    require_role(actor)
    selector.templates(actor).filter(pk=template.pk).delete()


def _name(name: str) -> str:
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME:
        raise BadTemplateName(f"Enter a name of at most {LONGEST_NAME} characters.", path="/name")
    return words


def _stored(row: DraftTemplate) -> DraftTemplate:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise BadTemplateName("There is a template of this name already. Choose another one.", path="/name") from None
    return row
