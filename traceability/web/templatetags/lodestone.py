"""Every component once. `{% load lodestone %}`; a component that holds matter is a block tag, the others are plain.

Tables stand in `listed`, pictures in `drawn`; both are in every template without `{% load %}`.

The page /design/ shows all of them with their states; templates/components/ holds their markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from traceability.web import fields, figures, frame, numbers
from traceability.web.components import part
from traceability.web.words import Words, inside

register = template.Library()

OUTCOMES: dict[str, Words] = {
    "pass": gettext_lazy("Pass"),
    "warn": gettext_lazy("Warning"),
    "fail": gettext_lazy("Fail"),
    "none": gettext_lazy("Not established"),
    "na": gettext_lazy("Not applicable"),
    "info": "",
}
TASK_STATES = {
    "done": ("pass", "pass", gettext_lazy("Done")),
    "none": ("", "", gettext_lazy("Nothing stated")),
    "here": ("", "", gettext_lazy("Here")),
    "todo": ("", "pen", gettext_lazy("To do")),
    "later": ("", "", gettext_lazy("Not yet")),
    "problem": ("fail", "fail", gettext_lazy("To put right")),
}
COUNT_WORDS = (
    gettext_lazy("No"),
    gettext_lazy("One"),
    gettext_lazy("Two"),
    gettext_lazy("Three"),
    gettext_lazy("Four"),
    gettext_lazy("Five"),
    gettext_lazy("Six"),
    gettext_lazy("Seven"),
    gettext_lazy("Eight"),
    gettext_lazy("Nine"),
    gettext_lazy("Ten"),
)


# ---------- words and small things ----------


@register.simple_tag
def asset(path: str) -> str:
    """The address of one of our static files; without a manifest its plain name, so that an error page always shows."""
    try:
        return static(f"lodestone/{path}")
    except ValueError:
        return f"{settings.STATIC_URL}lodestone/{path}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; decoration only: the word stands beside it."""
    sprite = asset("icons.svg")
    return format_html('<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag
def tag(outcome: str, words: str = "", icon: str = "") -> SafeString:
    """An outcome as icon, word and colour. `pass` only for what this machine has checked."""
    return part("tag", outcome=outcome, words=words or OUTCOMES[outcome], icon=icon or _icon_of(outcome))


@register.simple_tag
def illustrative() -> SafeString:
    """The mark beside an invented figure."""
    return format_html('<span class="illus">{}</span>', _("illustrative"))


@register.simple_tag
def not_declared() -> SafeString:
    """The words in the place of a value that nobody has declared."""
    return figures.gap(numbers.NOT_DECLARED)


@register.simple_tag
def withheld(by: str, reason: str = "") -> SafeString:
    """The words in the place of a value that somebody keeps to himself."""
    return part("withheld", by=by, reason=reason)


@register.simple_tag
def hash(value: str, what: str = "") -> SafeString:
    """A digest as eight digits and four, with a button that copies all; `what` says of what."""
    digits = value.rpartition(":")[2]
    return part(
        "hash",
        value=value,
        short=f"{digits[:4]}\u202f{digits[4:8]}\u202f\u2026\u202f{digits[-4:]}",
        what=what or _("hash"),
    )


@register.simple_tag
def all_digits_switch() -> SafeString:
    """The box that shows all digits of a page; works without script, is remembered with it."""
    return part("switch")


# ---------- actions ----------


@register.simple_tag
def button(words: str, href: str = "", kind: str = "", icon: str = "", **attributes: Any) -> SafeString:
    """A link or a submit button; `kind`: nothing (the one main act), 2, q (quiet), x (takes away), and s or l for size.

    Other arguments become attributes (`name`, `value`, `form`, `id`).
    """
    classes = " ".join(["btn", *(f"btn-{one}" for one in kind.split())])
    return part("button", words=words, href=href, classes=classes, icon=icon, attributes=attributes)


@register.simple_tag
def csv(href: str) -> SafeString:
    """The button that gives a table as CSV."""
    return part("button", words="CSV", href=href, classes="btn btn-2 btn-s csv", icon="down", attributes={})


@register.simple_tag
def download(words: str, href: str, octets: int | None = None) -> SafeString:
    """One line of a list `dl` of downloads."""
    return part("download", words=words, href=href, size=numbers.size(octets) if octets is not None else "")


# ---------- sheets, sections, cards ----------


@register.simple_block_tag
def sheet_head(content: str, title: str, eyebrow: str = "", lead: str = "", kind: str = "") -> SafeString:
    """The head of a sheet; the matter of the tag stands at the right. `kind` is the kind of document, in large."""
    return part("sheet_head", content=content, title=title, eyebrow=eyebrow, lead=lead, kind=kind)


@register.simple_block_tag
def section(content: str, title: str, about: str = "", wide: bool = False, id: str = "") -> SafeString:
    """A section of a sheet: its name and a sentence at the left, the matter right (or below, when wide)."""
    return part("section", content=content, title=title, about=about, wide=wide, id=id)


@register.simple_block_tag
def page_head(content: str, title: str, about: str = "") -> SafeString:
    """The head of a page that is no sheet; the matter of the tag are its actions."""
    return part("page_head", content=content, title=title, about=about)


@register.simple_block_tag
def card(content: str, title: str, count: int | None = None) -> SafeString:
    """A card: a box for things one acts on."""
    return part("card", content=content, title=title, count=count)


@register.simple_block_tag
def waits(content: str, title: str, value: str = "", about: str = "") -> SafeString:
    """One thing in a card that waits; the matter of the tag are its tag and its button."""
    return part("waits", content=content, title=title, value=value, about=about)


@register.simple_block_tag
def banner(content: str, outcome: str = "info", href: str = "", action: str = "") -> SafeString:
    """What has just happened, or a deadline. Never advertising."""
    return part("banner", content=content, outcome=outcome, icon=_icon_of(outcome), href=href, action=action)


@register.simple_block_tag
def empty(content: str, title: str, href: str = "", action: str = "") -> SafeString:
    """A list with nothing in it: says so, and teaches the next step."""
    return part("empty", content=content, title=title, href=href, action=action)


@register.simple_block_tag
def more(content: str, title: str) -> SafeString:
    """Evidence one click below; printed open."""
    return part("more", content=content, title=title)


# ---------- lists ----------


@register.simple_block_tag
def fact(content: str, title: str, about: str = "") -> SafeString:
    """One fact of `<dl class="facts">`."""
    return part("fact", content=content, title=title, about=about)


@register.simple_block_tag
def answer(content: str, title: str, href: str = "", see: str = "") -> SafeString:
    """One answer of `<dl class="answers">`; `see` is open or confidential, `href` changes it."""
    return part("answer", content=content, title=title, href=href, see=see)


@register.simple_tag
def task(title: str, state: str, href: str = "", words: str = "") -> SafeString:
    """One section of `<ol class="tasks">`; the state is done, none, here, todo, later or problem."""
    outcome, mark, usual = TASK_STATES[state]
    return part("task", title=title, state=state, href=href, outcome=outcome, icon=mark, words=words or usual)


@register.simple_tag
def progress(done: int, of: int, words: str = "") -> SafeString:
    """How far long work is; `words` say it in full."""
    return part("progress", done=done, of=of, words=words)


@register.simple_block_tag
def statement(
    content: str, title: str, when: datetime | None = None, proof: str = "", entry: Any = None, **rest: Any
) -> SafeString:
    """One statement of `<ol class="line">`; `proof` is an outcome, `entry` its place in the log.

    `href` leads to the entry, `words` replace the usual ones of the proof, `state` is open or void.
    """
    usual = {
        "pass": _("Proof checked"),
        "na": _("Not yet signed"),
        "none": _("Not in the log"),
        "fail": _("Proof fails"),
    }
    rest.setdefault("words", usual.get(proof, ""))
    return part(
        "statement",
        content=content,
        title=title,
        when=when,
        proof=proof,
        icon=_icon_of(proof, "clock"),
        entry=entry,
        **rest,
    )


# ---------- verdict ----------


@register.simple_block_tag
def verdict(content: str, outcome: str, title: str, tally: dict[str, int] | None = None) -> SafeString:
    """The verdict on a document; `tally` counts the checks by outcome; the matter is one sentence."""
    counts = (
        [(one, _icon_of(one), tally.get(one, 0), inside(OUTCOMES[one])) for one in OUTCOMES if one != "info"]
        if tally
        else []
    )
    return part("verdict", content=content, outcome=outcome, icon=_icon_of(outcome), title=title, counts=counts)


@register.simple_block_tag
def check(content: str, no: int, title: str, outcome: str, words: str = "") -> SafeString:
    """One check of `<ol class="checks">`."""
    return part("check", content=content, no=no, title=title, outcome=outcome, words=words)


@register.simple_block_tag
def said(content: str, title: str, outcome: str, icon: str = "") -> SafeString:
    """One column of proven, claimed and open (`<div class="say3">`); the matter are list items."""
    return part("said", content=content, title=title, outcome=outcome, icon=icon or _icon_of(outcome))


@register.simple_block_tag
def allocation(content: str, title: str, value: Any, unit: str, used: bool = False) -> SafeString:
    """One of the two allocations, which always stand side by side."""
    return part("allocation", content=content, title=title, value=value, unit=unit, used=used)


@register.simple_block_tag
def drop(content: str, multiple: bool = False) -> SafeString:
    """The zone around a field for files, in which they may be dropped, too; `multiple` where it takes several."""
    return part("drop", content=content, multiple=multiple)


# ---------- forms ----------


@register.simple_tag
def errors(*sources: Any, kept: str = "") -> SafeString:
    """The summary of what has to be put right in forms and formsets; `kept` says what happened to the draft."""
    found = [one for source in sources for one in fields.errors_of(source)]
    if not found:
        return mark_safe("")
    return part(
        "errors",
        found=found,
        title=ngettext("%(n)s thing to put right", "%(n)s things to put right", len(found))
        % {"n": how_many(len(found))},
        kept=kept or _("Nothing was saved."),
    )


def how_many(count: int) -> str:
    """A small number as a word that begins a sentence."""
    return str(COUNT_WORDS[count]) if count < len(COUNT_WORDS) else str(count)


@register.simple_tag
def formset(rows: forms.BaseFormSet[Any], row: str = "", add: str = "") -> SafeString:
    """The rows of a formset; `row` names one of them, `add` is on the button. Works without script."""
    return mark_safe(render_to_string("forms/formset.html", {"formset": rows, "row": row, "add": add}))  # noqa: S308


@register.filter
def standing_fields(form: forms.BaseForm) -> list[BoundField]:
    """The fields of a form that stand on their own."""
    return fields.fields_of(form)


# ---------- frame ----------


register.filter(frame.links)


@register.simple_tag
def crumbs(trail: Iterable[tuple[str, str]] | None) -> SafeString:
    """Where the reader is: pairs of words and address, the last one being here."""
    return part("crumbs", trail=list(trail)) if trail else mark_safe("")


def _icon_of(outcome: str, otherwise: str = "") -> str:
    return {"info": "info", "na": otherwise or "na"}.get(outcome, outcome)


def _attributes(pairs: dict[str, Any]) -> SafeString:
    return format_html_join("", ' {}="{}"', pairs.items())


register.filter("attributes", _attributes)
