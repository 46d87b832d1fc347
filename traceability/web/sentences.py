"""What a draft says, in one sentence that a person can say aloud."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from traceability.services.parting import Part
from traceability.web import words
from traceability.web.answers import Names, kg
from traceability.web.clocks import local_moment
from traceability.web.countries import name as country_name

Said = dict[str, str]
Body = Mapping[str, Any]


def sentence(act: str, header: Body, body: Body, organisation: str, names: Names) -> str:
    """The sentence of an act, or of a kind of statement; empty for those that have none."""
    act = "reject" if act == "parts" else act
    build = _SENTENCES.get(act) or _SENTENCES.get(_ACT_OF_KIND.get(act, ""))
    said = {"who": organisation, "when": day(header)}
    return build(said, header, body, names) if build else ""


def day(header: Body) -> str:
    """The day on which it happened, on the clock of the place."""
    begins, ends = local_moment(header, "occurred_from"), local_moment(header, "occurred_to")
    if begins.date() == ends.date():
        return _("On %(day)s") % {"day": date_format(begins, "DATE_FORMAT")}
    return _("From %(first)s to %(last)s") % {
        "first": date_format(begins, "DATE_FORMAT"),
        "last": date_format(ends, "DATE_FORMAT"),
    }


def joined(parts: Sequence[str]) -> str:
    """Words with commas and an "and" before the last."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def together(partner: str) -> str:
    """What is added where two sign."""
    return _("%(partner)s signs it too: both agree.") % {"partner": partner}


Build = Callable[[Said, Body, Body, Names], str]


def _drawn(body: Body, names: Names) -> str:
    return joined([_mass_of(row, names.lot(row["lot"])) for row in body["inputs"]])


def _mass_of(row: Body, what: str) -> str:
    return _("%(mass)s of %(what)s") % {"mass": kg(row["mass_kg"]), "what": what}


def _made(body: Body) -> str:
    return joined([_output(row) for row in body["outputs"]])


def _output(row: Body) -> str:
    said = _mass_of(row, row["material"])
    return said + (_(", lot %(lot)s") % {"lot": row["lot_number"]} if "lot_number" in row else "")


def _transform(said: Said, header: Body, body: Body, names: Names) -> str:
    process = header.get("process", [])
    countries = list(dict.fromkeys(country_name(row["country"]) for row in process))
    if not process:
        return (_split if len(body["inputs"]) == 1 else _merge)(said, header, body, names)
    return _("%(when)s %(who)s took %(drawn)s through %(steps)s in %(countries)s, and made %(made)s.") % {
        **said,
        "drawn": _drawn(body, names),
        "steps": joined([row["step"] for row in process]),
        "countries": joined(countries),
        "made": _made(body),
    }


def _source(said: Said, header: Body, body: Body, names: Names) -> str:
    how = {
        "mined": _("%(when)s %(who)s mined %(lot)s in %(country)s."),
        "post_consumer": _("%(when)s %(who)s collected %(lot)s from used products in %(country)s."),
        "pre_consumer": _("%(when)s %(who)s took over %(lot)s, scrap from making, in %(country)s."),
        "purchased": _("%(when)s %(who)s bought %(lot)s outside this record; its origin is %(country)s."),
        "opening_stock": _("%(when)s %(who)s had %(lot)s in stock, made in %(country)s before the record began."),
    }[body["origin"]]
    return how % {**said, "lot": _output(body), "country": country_name(body["country"])}


def _split(said: Said, header: Body, body: Body, names: Names) -> str:
    parts = joined([kg(row["mass_kg"]) + (f" ({row['lot_number']})" if "lot_number" in row else "")
                    for row in body["outputs"]])  # fmt: skip
    return _("%(when)s %(who)s split %(drawn)s into %(parts)s.") % {
        **said, "drawn": _drawn(body, names), "parts": parts}  # fmt: skip


def parted(header: Body, body: Body, part: Part, organisation: str, names: Names) -> str:
    """The sentences of a dispatch and of the split that is signed with it."""
    said = {"who": organisation, "when": day(header), "lot": names.lot(part.whole.custody.urn), "part": part.number,
            "mass": kg(part.mass_kg), "to": _to(body, names)}  # fmt: skip
    both = _("%(when)s %(who)s split %(mass)s off %(lot)s as the lot %(part)s, and handed the whole of %(part)s over "
             "to %(to)s.") % said  # fmt: skip
    return f"{both} {left_of(part, names)}"


def left_of(part: Part, names: Names) -> str:
    """What is left of the lot that a part is split off."""
    said = {"lot": names.lot(part.whole.custody.urn), "rest": kg(part.left_kg)}
    return (_("%(rest)s stay in %(lot)s.") if part.left_kg > 0 else _("Nothing stays in %(lot)s.")) % said


def _merge(said: Said, header: Body, body: Body, names: Names) -> str:
    return _("%(when)s %(who)s merged %(drawn)s into %(made)s.") % {
        **said, "drawn": _drawn(body, names), "made": _made(body)}  # fmt: skip


def _about(text: str) -> Build:
    """A sentence about one lot, with its mass and reason where there are some."""

    def build(said: Said, header: Body, body: Body, names: Names) -> str:
        mass = next(
            (kg(body[name]) for name in ("mass_kg", "weighed_mass_kg", "change_kg", "amount_kg") if name in body), ""
        )
        more = {"lot": names.lot(str(body["lot"])), "mass": mass, "reason": str(body.get("reason", "")).rstrip(".")}
        return str(_(text)) % {**said, **more, "route": body.get("route", ""), "to": _to(body, names)}

    return build


def _to(body: Body, names: Names) -> str:
    to = body.get("to")
    if to == "outside":
        return _("somebody outside this record")
    if isinstance(to, Mapping):
        return _("the organisation %(urn)s of the record %(origin)s") % {
            "urn": to["organisation"], "origin": to["origin"]}  # fmt: skip
    known = (str(text).rpartition(", ")[0] for urn, text in names.offers.partners if urn == to)
    return next(known, _("the organisation %(urn)s") % {"urn": to})


def _receive(said: Said, header: Body, body: Body, names: Names) -> str:
    within = _("within the tolerance, so the dispatched mass stays the mass of the lot")
    beyond = _("beyond the tolerance, so the lot is blocked until the difference is settled")
    return _("%(when)s %(who)s received %(lot)s and weighed %(mass)s: %(difference)s.") % {
        **said,
        "lot": names.lot(str(body["lot"])),
        "mass": kg(body["weighed_mass_kg"]),
        "difference": within if body["difference"] == "within" else beyond,
    }


def _facility(said: Said, header: Body, body: Body, names: Names) -> str:
    return _("%(who)s has a site named %(name)s in %(country)s.") % {
        **said, "name": body["name"], "country": country_name(body["country"])}  # fmt: skip


def _certificate(said: Said, header: Body, body: Body, names: Names) -> str:
    days = {name: date_format(date.fromisoformat(body[name]), "DATE_FORMAT") for name in ("valid_from", "valid_until")}
    told = {**said, **days, "standard": body["standard"], "certifier": body["certifier"]}
    if "renews" in body:
        return _("%(who)s renews a certificate of a site of its own with %(standard)s by %(certifier)s, valid from "
                 "%(valid_from)s to %(valid_until)s.") % told  # fmt: skip
    return _("%(who)s has a certificate of a site of its own: %(standard)s by %(certifier)s, valid from %(valid_from)s "
             "to %(valid_until)s.") % told  # fmt: skip


def _assay(said: Said, header: Body, body: Body, names: Names) -> str:
    contents = joined([f"{row['content_pct']}\u202f% {row['species']}" for row in body["assay"]["rows"]])
    return _("%(when)s %(who)s states a new assay of %(lot)s: %(contents)s.") % {
        **said, "lot": names.lot(str(body["lot"])), "contents": contents}  # fmt: skip


def _account(said: Said, header: Body, body: Body, names: Names) -> str:
    return _("%(when)s %(who)s opens a claims account for %(element)s. Its terms never change.") % {
        **said, "element": words.counted(str(body["element"]))}  # fmt: skip


def _claim(said: Said, header: Body, body: Body, names: Names) -> str:
    told = {**said, "mass": kg(body["amount_kg"])}
    if "lot" not in body:
        return _("%(when)s %(who)s claims %(mass)s from an account, without goods (book and claim).") % told
    return _("%(when)s %(who)s claims %(mass)s of %(lot)s from an account, apart from what the lot holds.") % {
        **told, "lot": names.lot(str(body["lot"]))}  # fmt: skip


def _given_up(said: Said, header: Body, body: Body, names: Names) -> str:
    return _("%(when)s %(who)s gives up %(mass)s of a credit: %(reason)s.") % {
        **said, "mass": kg(body["amount_kg"]), "reason": str(body["reason"]).rstrip(".")}  # fmt: skip


def _void(said: Said, header: Body, body: Body, names: Names) -> str:
    return _("%(who)s declares an earlier statement void: it counts as never said from now on.") % said


_SENTENCES: Mapping[str, Build] = {
    "transform": _transform,
    "source": _source,
    "split": _split,
    "merge": _merge,
    "receive": _receive,
    "facility": _facility,
    "certificate": _certificate,
    "assay": _assay,
    "void": _void,
    "dispatch": _about("%(when)s %(who)s handed the whole of %(lot)s, %(mass)s, over to %(to)s."),
    "reject": _about("%(when)s %(who)s rejects %(lot)s: %(reason)s. The sender holds it again."),
    "settle": _about("%(when)s %(who)s settles the difference on %(lot)s at %(mass)s."),
    "cancel": _about("%(when)s %(who)s cancels the dispatch of %(lot)s: %(reason)s."),
    "adjust": _about("%(when)s %(who)s changed the stock of %(lot)s by %(mass)s: %(reason)s."),
    "dispose": _about("%(when)s %(who)s disposed of %(mass)s of %(lot)s: %(route)s."),
    "hold": _about("%(when)s %(who)s put %(lot)s on hold: %(reason)s."),
    "release": _about("%(when)s %(who)s released %(lot)s from hold."),
    "account": _account,
    "credit": _about("%(when)s %(who)s credits %(lot)s to a claims account with %(mass)s."),
    "claim": _claim,
    "give_up": _given_up,
    "recall": _about("%(when)s %(who)s recalls %(lot)s: %(reason)s."),
}
_ACT_OF_KIND = {
    "lot.transform": "transform", "lot.dispatch": "dispatch", "lot.dispatch_cancel": "cancel", "lot.reject": "reject",
    "lot.settle": "settle", "lot.release": "release", "lot.recall": "recall", "statement.void": "void",
    "lot.source": "source", "lot.receive": "receive", "lot.assay": "assay", "lot.adjust": "adjust",
    "account.open": "account", "account.credit": "credit", "account.claim": "claim", "account.expire": "give_up",
    "lot.dispose": "dispose", "lot.hold": "hold", "facility.register": "facility",
    "facility.certificate": "certificate",
}  # fmt: skip


def what_happens(kind: str, outputs: Sequence[str], *, part: str = "") -> str:
    """What signing does, for the box before the button; `part` is the lot that is split off and dispatched."""
    if part:
        return _("Two statements are signed in one act and queued for the log, both or none: the split that makes "
                 "%(part)s, and its dispatch.") % {"part": part}  # fmt: skip
    if outputs:
        return _("One statement is signed and queued for the log. %(lots)s gets its custody hash, which fixes its "
                 "whole history.") % {"lots": joined(outputs)}  # fmt: skip
    return _("One statement, “%(kind)s”, is signed and queued for the log.") % {"kind": words.kind(kind)}
