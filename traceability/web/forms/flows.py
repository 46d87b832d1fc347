"""The acts that people record, and the sections in which each is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from traceability.models import Draft
from traceability.selectors.stock import State
from traceability.services.draft_reading import CORRECTION_REASON, NEW_PARTNER, PARTNER_ORIGIN
from traceability.services.partial_arrivals import ARRIVED
from traceability.services.parting import PART_NUMBER
from traceability.web.forms import claims_flows
from traceability.web.forms import questions as q
from traceability.web.forms.offers import Words
from traceability.web.forms.parts import Leaf, Part


@dataclass(frozen=True, slots=True)
class Section:
    """One page of a draft. `template` draws it; `fields.html` simply lists its fields."""

    key: str
    title: Words
    question: Words
    parts: tuple[Part, ...]
    about: Words = ""
    template: str = "fields"
    optional: bool = False
    weighs: bool = False
    """Whether the element balance stands below the fields."""

    @property
    def names(self) -> frozenset[str]:
        """The members of the draft that the section asks for."""
        return frozenset(part.name for part in self.parts)


@dataclass(frozen=True, slots=True)
class Flow:
    """An act: what it is called, when one uses it, and its sections."""

    key: str
    title: Words
    about: Words
    sections: tuple[Section, ...]
    states: tuple[State, ...] = ()
    """The states of lots for which the act is offered."""

    def section(self, key: str) -> Section | None:
        return next((one for one in self.sections if one.key == key), None)

    def after(self, section: Section) -> Section | None:
        """The section that follows; None after the last."""
        place = self.sections.index(section) + 1
        return self.sections[place] if place < len(self.sections) else None


DOCUMENTS = Section("documents", _("Documents"), _("Which documents belong to it?"), (), template="documents",
                    optional=True, about=_("Lab sheets, weighing notes, delivery notes. They are stored with your "
                    "organisation; the statement names them by their SHA-256."))  # fmt: skip


def _single(
    key: str, title: Words, about: Words, parts: tuple[Part, ...], *states: State, template: str = "fields"
) -> Flow:
    """An act with one page of questions."""
    section = Section("details", _("The details"), title, parts, about, template)
    return Flow(key, title, about, (section, DOCUMENTS), states)


def _lot(*states: State) -> Leaf:
    return q.lot_in(*states)


ENERGY: Final = Section("energy", _("Energy, reagents, emissions"), _("What did it take, and what did it give off?"),
                        (q.INVENTORY, q.EXCLUSIONS),
                        _("For the whole step. What is left out counts as not declared, never as zero."),
                        template="inventory", optional=True)  # fmt: skip
ON_HAND, ON_HOLD, BLOCKED = State.ON_HAND, State.ON_HOLD, State.BLOCKED

REGISTER = Flow(
    "facility", _("Register a facility"), _("A site of yours, before you name it in a step."),
    (Section("details", _("The site"), _("Which site is it?"), (
        Leaf("name", _("Name"), help=_("It stays confidential.")),
        q.COUNTRY,
        Leaf("region", _("Region"), required=False),
        Leaf("address", _("Address"), "long", _("It stays confidential."), required=False),
        Leaf("processes", _("What is done there"), "long", _("Steps with commas between them, for example leaching, "
             "calcining"), required=False),
        *q.WHEN,
    )),),
)  # fmt: skip
CERTIFICATE = Flow(
    "certificate", _("Record a certificate"), _("What a certifier says of a site of yours, for example ISO 14001."),
    (
        Section("details", _("The certificate"), _("Which certificate is it?"), (
            Leaf("facility", _("Site"), "choice", choices=lambda offers: offers.facilities, empty=q.CHOOSE),
            Leaf("standard", _("Standard"), help=_("With its edition, for example ISO 14001:2015")),
            Leaf("certifier", _("Certified by"), help=_("Your customers see it, and can ask there.")),
            Leaf("number", _("Number of the certificate"), required=False),
            Leaf("scope", _("Covers"), help=_("The activities it is for, in its own words"), required=False),
            Leaf("valid_from", _("Valid from"), help=_("For example 2026-01-01")),
            Leaf("valid_until", _("Valid until"), help=_("For example 2026-12-31")),
            Leaf("renews", _("Takes the place of"), "choice", choices=lambda offers: offers.certificates,
                 required=False, empty=_("None: it is the first of its kind for this site")),
            *q.WHEN,
        )),
        DOCUMENTS,
    ),
)  # fmt: skip
SOURCE = Flow(
    "source", _("Record a source lot"), _("Matter that enters the record: ore, scrap, goods bought from outside."),
    (
        Section("origin", _("Origin"), _("Where does the lot come from?"), q.SOURCE_LOT),
        Section("lot", _("The lot and its mass"), _("What is it, and how much?"), q.LOT, template="lot"),
        Section("assay", _("Assay"), _("What did the laboratory find?"), (q.assay(presets=False),), template="assay",
                optional=True, about=_("Without assay the lot is not evaluated until its first one.")),
        ENERGY,
        DOCUMENTS,
    ),
)  # fmt: skip
TRANSFORM = Flow(
    "transform", _("Record a step"), _("Lots become other lots: leaching, separation, blending, melting, sintering."),
    (
        Section("where", _("What happened and where"), _("What happened, and where?"),
                (q.PROCESS, *q.SPAN, q.FACILITY, q.CUSTODY_MODEL), template="where"),
        Section("inputs", _("Inputs and draw"), _("What went in?"), (q.INPUTS,), template="inputs", weighs=True,
                about=_("Choose lots from your stock and say how much of each was used. The rest stays in stock.")),
        Section("outputs", _("Outputs and assay"), _("What came out?"), (q.OUTPUTS,), template="outputs", weighs=True,
                about=_("Every lot that was kept, sold or reworked.")),
        Section("losses", _("Losses and waste"), _("What was lost?"), (q.LOSSES, q.IN_PROCESS), template="losses",
                weighs=True, optional=True,
                about=_("What left the step and did not become a lot. What nobody weighed is shown as unexplained.")),
        ENERGY,
        DOCUMENTS,
    ),
    (ON_HAND,),
)  # fmt: skip
SPLIT = Flow(
    "split", _("Split a lot"), _("One lot becomes several of the same matter, for example to dispatch a part."),
    (Section("parts", _("The parts"), _("Which parts does it become?"), (q.PARTED, q.PARTS, *q.WHEN), template="split",
             about=_("The parts inherit the assay. What you do not name stays in the lot, which can then be used but "
                     "no longer dispatched.")), DOCUMENTS),
    (ON_HAND,),
)  # fmt: skip
MERGE = Flow(
    "merge", _("Merge lots"), _("Several lots of one material become one; the assay is their mean by mass."),
    (Section("whole", _("The lots"), _("Which lots become one?"), (q.INPUTS, q.WHOLE, *q.WHEN), template="merge"),
     DOCUMENTS),
    (ON_HAND,),
)  # fmt: skip
RECEIVE = Flow(
    "receive", _("Receive goods"), _("You have weighed what arrived."),
    (
        Section("weighing", _("Weighing"), _("What did you weigh?"), (
            _lot(State.INCOMING),
            Leaf("difference", _("Is it within the tolerance of the dispatch?"), "choice", empty=q.CHOOSE,
                 help=_("The sender shows you no mass: compare with your delivery note."),
                 choices=lambda offers: [("within", _("Within the tolerance")), ("beyond", _("Beyond the tolerance"))]),
            Leaf("weighed_mass_kg", _("Dry mass weighed"), "figure", units=q.MASSES,
                 help=_("As on your own scale, for example 12 878.168")),
            Leaf("weighed_wet_mass_kg", _("Wet mass weighed"), "figure", required=False, units=q.MASSES,
                 help=_("Only if it was weighed wet: the dry mass follows from it")),
            Leaf("moisture_pct", _("Moisture"), "figure", required=False, unit=_("% of wet mass")),
            q.FACILITY,
            *q.WHEN,
        ), template="weighing"),
        Section("transport", _("Transport and packaging"), _("How did it get here?"), (
            q.LEGS,
            Leaf("packaging_kg", _("Packaging"), "figure", required=False, units=q.MASSES),
        ), template="transport", optional=True, about=_("The legs count in your module A2. Leave them out, and the "
                                                        "transport stays not declared.")),
        DOCUMENTS,
    ),
    (State.INCOMING,),
)  # fmt: skip
SINGLE = (
    _single("assay", _("Record an assay"), _("A later assay of a lot; it never raises what may still be drawn."),
            (_lot(ON_HAND, ON_HOLD, BLOCKED), q.assay(presets=False), *q.WHEN), ON_HAND, ON_HOLD, BLOCKED),
    _single("dispatch", _("Dispatch a lot"), _("Hand a lot, or a part of it, over to a partner, who weighs it and "
            "signs."), (
            _lot(ON_HAND),
            Leaf("to", _("To whom"), "choice", choices=lambda offers: offers.partners, empty=q.CHOOSE),
            Leaf(NEW_PARTNER, _("Or a new partner"), required=False,
                 help=_("The identifier from his page Partners, urn:uuid: and so on")),
            Leaf(PARTNER_ORIGIN, _("Origin of his record, where it is another one"), required=False,
                 help=_("The first line of the checkpoints of that log, for example log.example/ree. He can bring the "
                        "lot in there; here it has left the record.")),
            Leaf("mass_kg", _("Dry mass handed over"), "figure", units=q.MASSES,
                 help=_("Left empty it is all that remains of the lot. If it is less, the part is split off for you "
                        "and the rest stays in the lot.")),
            Leaf(PART_NUMBER, _("Lot number of the part"), required=False,
                 help=_("Where only a part goes. Left empty it is the number of the lot with /1, /2 and so on.")),
            Leaf("tolerance_pct", _("Tolerance of the weighing"), "figure", required=False, unit="%",
                 help=_("At most 0.5 %. Left empty it is 0.05 %.")),
            Leaf("reference", _("Reference"), help=_("For example the number of the delivery note. It stays "
                 "confidential."), required=False),
            q.EXPORT, *q.WHEN), ON_HAND, template="dispatch"),
    _single("reject", _("Reject goods"), _("The goods go back to the sender as they are."),
            (_lot(State.INCOMING), q.reason(), *q.WHEN), State.INCOMING),
    _single("parts", _("Goods arrive in parts"), _("Only a part of a delivery is here. It is received whole or not at "
            "all: you reject it and say how much arrived; the sender splits that off and dispatches it again, then the "
            "rest."),
            (_lot(State.INCOMING),
             Leaf(ARRIVED, _("Dry mass that arrived"), "figure", _("Only the sender reads it. Keep what arrived apart "
                  "until it is dispatched to you again."), units=q.MASSES),
             q.reason(), *q.WHEN), State.INCOMING),
    _single("settle", _("Settle a difference"), _("Your weighing was beyond the tolerance. Agree on a mass with the "
            "sender, or settle alone at the lower of both masses."),
            (_lot(BLOCKED), q.signers(_("I alone, at the lower of both masses: it is marked as settled alone")),
             Leaf("mass_kg", _("Settled mass"), "figure", _("Together at most the dispatched mass"), units=q.MASSES),
             Leaf("reason", _("Reason"), "long", _("Everybody who sees the lot will read it."), required=False),
             *q.WHEN), BLOCKED, template="settle"),
    _single("cancel", _("Cancel a dispatch"), _("The goods never left, or came back."),
            (_lot(State.OUTGOING, State.LEFT), q.signers(_("I alone: it is marked as cancelled without the receiver")),
             q.reason(), *q.WHEN), State.OUTGOING, State.LEFT),
    _single("adjust", _("Adjust a stock"), _("A stock-take found less. More can only take earlier adjustments back."),
            (_lot(ON_HAND, ON_HOLD),
             Leaf("change_kg", _("Change"), "figure", _("Below 0 where less was found, for example −12.5"),
                  units=q.MASSES), q.reason(), *q.WHEN), ON_HAND, ON_HOLD),
    _single("dispose", _("Dispose of matter"), _("Matter leaves the record for good."),
            (_lot(ON_HAND), Leaf("mass_kg", _("Dry mass"), "figure", units=q.MASSES),
             Leaf("route", _("Where it went"), help=_("For example landfill, incineration")), *q.WHEN), ON_HAND),
    _single("hold", _("Put on hold"), _("Nobody draws from the lot or dispatches it until you release it."),
            (_lot(ON_HAND), q.reason(), *q.WHEN), ON_HAND),
    _single("release", _("Release from hold"), _("The lot may be used again."),
            (_lot(ON_HOLD), Leaf("reason", _("Reason"), "long", required=False), *q.WHEN), ON_HOLD),
    _single("recall", _("Recall a lot"), _("Something is wrong with a lot that you made: everybody who holds of it "
            "sees it."),
            (Leaf("lot", _("Lot"), "choice", choices=lambda offers: offers.made, empty=q.CHOOSE), q.reason(), *q.WHEN)),
)  # fmt: skip
CLAIMS = (
    _single("account", _("Open a claims account"), _("For mass balance or book and claim (ISO 22095): what may be "
            "claimed of goods, apart from what they hold."), claims_flows.OPEN),
    _single("credit", _("Credit a lot to an account"), _("A lot that came in with the characteristic, whole, before it "
            "is used. It counts as mass balance from then on."), claims_flows.CREDIT, ON_HAND, ON_HOLD),
    _single("claim", _("Claim from an account"), _("Of a lot that goes out; the account must have it."),
            claims_flows.CLAIM, ON_HAND, ON_HOLD),
    _single("give_up", _("Give up a credit"), _("What is left of a credit that shall not be claimed any more."),
            claims_flows.GIVE_UP),
)  # fmt: skip
IMPORT = Flow(
    "import", _("Take in a lot of another record"),
    _("Its mass, contents and origin are those that its bundle proves."),
    (Section("details", _("The details"), _("What do you call it, and where does it lie?"),
             (q.NUMBER, q.FACILITY, *q.WHEN)), DOCUMENTS),
)  # fmt: skip
VOID = Flow(
    "void", _("Declare a statement void"), _("It counts as never said from its place in the log on."),
    (Section("details", _("The reason"), _("Why is it void?"), (q.reason(), *q.WHEN)),),
)  # fmt: skip

FLOWS: Final[Mapping[str, Flow]] = {
    one.key: one for one in (SOURCE, TRANSFORM, SPLIT, MERGE, RECEIVE, *SINGLE, *CLAIMS, REGISTER, CERTIFICATE, VOID)
}
_BY_KIND: Final = {"lot.source": SOURCE, "lot.import": IMPORT, "lot.transform": TRANSFORM,
                   "facility.register": REGISTER,
                   "facility.certificate": CERTIFICATE, "lot.receive": RECEIVE} | {
    f"lot.{key}": FLOWS[key] for key in ("assay", "adjust", "dispose", "hold")
} | {
    "account.open": FLOWS["account"], "account.credit": FLOWS["credit"], "account.claim": FLOWS["claim"],
    "account.expire": FLOWS["give_up"],
}  # fmt: skip
CORRECTABLE: Final = frozenset(_BY_KIND)
_WHY: Final = Section("why", _("Why it is corrected"), _("Why do you correct it?"), (
    Leaf(CORRECTION_REASON, _("Reason"), "long", _("Everybody who sees the lot will read it.")),
))  # fmt: skip


def flow_of(draft: Draft) -> Flow:
    """The flow of a draft: of a correction, that of what it corrects, with the reason before it."""
    if draft.kind != "correct":
        return FLOWS[draft.kind]
    corrected = _BY_KIND[draft.typed["corrects"]["kind"]]
    if draft.typed["corrects"].get("act") in ("split", "merge"):
        corrected = FLOWS[draft.typed["corrects"]["act"]]
    return Flow("correct", _("Correct a statement"), corrected.title, (_WHY, *corrected.sections))
