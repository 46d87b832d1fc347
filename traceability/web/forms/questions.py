"""What is asked of lots, sites and steps: the parts that the sections of all acts are made of."""

from django.utils.translation import gettext_lazy as _

from traceability.ledger.kinds.lots import BASES, CUSTODY_MODELS, MODES, ORIGINS, OUTPUT_CLASSES, STAGES
from traceability.rules.hs_codes import CATEGORIES
from traceability.selectors.stock import State
from traceability.services.draft_reading import ALONE, SIGNERS, TOGETHER
from traceability.web import words
from traceability.web.forms.offers import Words, roles
from traceability.web.forms.parts import Group, Leaf, Part, Rows

CHOOSE = _("Choose")
MASSES = ("kg", "t", "g", "lb")
OFFSETS = tuple(
    f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    for sign, minutes in (
        *(("-", hours * 60) for hours in range(12, 0, -1)),
        *(("+", minutes) for minutes in sorted([*range(0, 14 * 60 + 1, 60), 210, 270, 330, 345, 390, 570, 630])),
    )
)

# --- when and where ---------------------------------------------------------------------------------------------------
OFFSET = Leaf("utc_offset", _("Clock, as offset from UTC"), "choice", default="+00:00",
              choices=lambda offers: [(one, f"UTC{one}") for one in OFFSETS])  # fmt: skip
WHEN = (
    Leaf("occurred_from", _("When"), "moment", _("Day and time on your clock, for example 2026-11-16 06:10")),
    OFFSET,
)
SPAN = (
    Leaf("occurred_from", _("When it began"), "moment", _("Day and time on your clock, for example 2026-11-16 06:10")),
    Leaf("occurred_to", _("When it ended"), "moment", _("Leave it empty if it took only a moment"), required=False),
    OFFSET,
)
COUNTRY = Leaf("country", _("Country"), "choice", choices=lambda offers: offers.countries, empty=CHOOSE)
FACILITY = Leaf("facility", _("Facility"), "choice", _("One of your own sites. Its name stays confidential."),
                required=False, choices=lambda offers: offers.facilities, empty=_("None of them"))  # fmt: skip
PROCESS = Rows(
    "process",
    (Leaf("step", _("What was done"), help=_("For example strip casting")), COUNTRY),
    noun=_("Step"), add=_("Add a step"),
)  # fmt: skip
CUSTODY_MODEL = Leaf(
    "custody_model", _("Chain of custody"), "choice", _("How matter of different origin was kept apart (ISO 22095)"),
    required=False, empty=_("Not stated"),
    choices=lambda offers: [(one, words.custody_model(one)) for one in CUSTODY_MODELS],
)  # fmt: skip

# --- a lot ------------------------------------------------------------------------------------------------------------
MATERIAL = Leaf("material", _("Material"), help=_("As it stands on your delivery note, for example NdPr oxide"))
NUMBER = Leaf("lot_number", _("Lot number"), help=_("Your own number. It stays confidential."), required=False)
STAGE = Leaf("stage", _("Stage"), "choice", empty=CHOOSE,
             choices=lambda offers: [(one, words.stage(one)) for one in STAGES])  # fmt: skip
MASS = Leaf("mass_kg", _("Dry mass"), "figure", _("As weighed, without moisture, for example 12 878.168"), units=MASSES)
WET = (
    Leaf("wet_mass_kg", _("Wet mass"), "figure", _("Only if it was weighed wet: the dry mass follows from it"),
         required=False, units=MASSES),
    Leaf("moisture_pct", _("Moisture"), "figure", required=False, unit=_("% of wet mass")),
)  # fmt: skip
CONTENT = (
    Leaf("species", _("Element or oxide"), "choice", choices=lambda offers: offers.species, empty=CHOOSE),
    Leaf("content_pct", _("Content"), "figure", unit="%"),
    Leaf("sdev_rel_pct", _("Rel. sDev"), "figure", required=False, unit="%"),
)


def assay(presets: bool) -> Group:
    """The assay of a lot; its rows begin with the rare earths that came in where `presets` says so."""
    rows = Rows("rows", CONTENT, _("Content"), _("Add an element"), least=3,
                presets=(lambda offers: offers.species_drawn) if presets else None)  # fmt: skip
    return Group(
        "assay",
        (
            Leaf("basis", _("The contents are per cent of"), "choice", default="dry_mass",
                 choices=lambda offers: [("dry_mass", _("the dry mass")), ("treo", _("all rare-earth oxides (TREO)"))]),
            Leaf("treo_pct", _("Rare-earth oxides in all"), "figure", _("Only where the contents are per cent of TREO"),
                 required=False, unit=_("% of dry mass")),
            rows,
            Leaf("laboratory", _("Laboratory"), required=False),
            Leaf("report", _("Number of the report"), required=False),
            Leaf("method", _("Method"), help=_("For example ICP-OES"), required=False),
        ),
    )  # fmt: skip


PRICE = Group(
    "price",
    (
        Leaf("value_per_kg", _("Price per kg"), "figure"),
        Leaf("currency", _("Currency"), help=_("Three letters, for example USD")),
        Leaf("period", _("Period of the price"), help=_("For example 2026 Q3")),
        Leaf("date", _("Day of the price"), help=_("For example 2026-09-30")),
        Leaf("source", _("Source of the price")),
    ),
)
SOURCE_LOT: tuple[Part, ...] = (
    Leaf("origin", _("Where does it come from?"), "choice", empty=CHOOSE,
         choices=lambda offers: [(one, words.origin(one)) for one in ORIGINS]),
    COUNTRY,
    Leaf("supplier", _("Supplier outside this record"), required=False,
         help=_("Only for goods bought from somebody who keeps no record here. It stays confidential.")),
    FACILITY,
    *SPAN,
)  # fmt: skip
LOT: tuple[Part, ...] = (MATERIAL, NUMBER, STAGE, MASS, *WET)


def lot_in(*states: State) -> Leaf:
    """The lot that an act is about, in one of these states."""
    return Leaf("lot", _("Lot"), "choice", choices=lambda offers: offers.lots(*states), empty=CHOOSE)


# --- a step -----------------------------------------------------------------------------------------------------------
INPUTS = Rows(
    "inputs",
    (lot_in(State.ON_HAND), Leaf("mass_kg", _("Draw"), "figure", units=MASSES)),
    noun=_("Input"), add=_("Add an input lot"),
)  # fmt: skip
PARTED = Rows("inputs", (lot_in(State.ON_HAND),), noun=_("Lot"), add="")
OUTPUTS = Rows(
    "outputs",
    (
        MATERIAL,
        NUMBER,
        STAGE,
        Leaf("class", _("What it is to you"), "choice", default="product",
             choices=lambda offers: [(one, words.output_class(one)) for one in OUTPUT_CLASSES]),
        MASS,
        *WET,
        assay(presets=True),
        PRICE,
    ),
    noun=_("Output"), add=_("Add an output lot"),
)  # fmt: skip
PARTS = Rows(
    "outputs",
    (NUMBER, Leaf("mass_kg", _("Dry mass"), "figure", units=MASSES)),
    noun=_("Part"), add=_("Add a part"), least=2,
)  # fmt: skip
WHOLE = Rows("outputs", (NUMBER,), noun=_("Lot"), add="", least=1)
LOSSES = Rows(
    "losses",
    (
        Leaf("kind", _("What was lost"), help=_("For example crust, dust and skull")),
        Leaf("mass_kg", _("Mass lost"), "figure", units=MASSES),
        Rows("elements", CONTENT[:2], _("Content"), _("Add an element"), least=1,
             presets=lambda offers: offers.species_drawn),
    ),
    noun=_("Loss"), add=_("Add a loss"),
)  # fmt: skip
IN_PROCESS = Rows(
    "wip_change",
    (
        CONTENT[0],
        Leaf("mass_kg", _("Left in process"), "figure", _("Below 0 what was taken out of it"), units=MASSES),
    ),
    noun=_("Element in process"), add=_("Add an element"),
)  # fmt: skip
EXCLUSIONS = Rows(
    "exclusions",
    (Leaf("flow", _("What is left out")), Leaf("reason", _("Why"), help=_("For example below 1 % of the mass"))),
    noun=_("Exclusion"), add=_("Add an exclusion"),
)  # fmt: skip


def _factor(place: str, label: Words, about: Words = "") -> Leaf:
    """One more factor of a flow; the first one says what it means to have none."""
    return Leaf(place, label, "choice", about, required=False, empty=_("None"),
                choices=lambda offers: offers.factors)  # fmt: skip


INVENTORY = Rows(
    "inventory",
    (
        Leaf("flow", _("What"), help=_("For example electricity, argon, nitrogen oxides to air")),
        Leaf("role", _("Role"), "choice", choices=roles, empty=CHOOSE),
        Leaf("amount", _("Amount"), "figure", units=("kg", "t", "MJ", "GJ", "kWh", "MWh", "m3", "l", "tkm"),
             unit_name="unit"),
        Leaf("basis", _("How it is known"), "choice", default="metered",
             choices=lambda offers: [(one, words.basis(one)) for one in BASES]),
        Group("factors", (
            Leaf("0", _("Factor"), "choice", required=False, choices=lambda offers: offers.factors,
                 empty=_("None: the flow stays not declared")),
            _factor("1", _("Second factor"), _("For fuels: their supply")),
            _factor("2", _("Third factor")),
            _factor("3", _("Fourth factor")),
        )),
        Leaf("compartment", _("Compartment"), "choice", _("Where an emission goes, or water comes from"),
             required=False, empty=_("None"), choices=lambda offers: list(words.COMPARTMENTS.items())),
        Leaf("concentration", _("Concentration"), "figure", _("Of the active substance, for example 37 %"),
             required=False),
        Group("apportionment", (
            Leaf("key", _("By what it was apportioned"), help=_("For example by the mass of all products of the site"),
                 required=False),
            Leaf("period", _("Over which period"), help=_("For example 2026-10"), required=False),
        )),
        Rows("elements", CONTENT[:2], _("Content"), _("Add an element")),
    ),
    noun=_("Flow"), add=_("Add a flow"),
)  # fmt: skip
LEGS = Rows(
    "legs",
    (
        Leaf("mode", _("By"), "choice", choices=lambda offers: [(one, words.mode(one)) for one in MODES]),
        Leaf("distance_km", _("Distance"), "figure", units=("km", "mi")),
        Group("factors", (
            Leaf("0", _("Factor"), "choice", required=False, choices=lambda offers: offers.transport_factors,
                 empty=_("None: stays not declared")),
            Leaf("1", _("Second factor"), "choice", _("The supply of the fuel"), required=False,
                 choices=lambda offers: offers.transport_factors, empty=_("None")),
        )),
    ),
    noun=_("Leg"), add=_("Add a leg"),
)  # fmt: skip

EXPORT = Group(
    "export",
    (
        Leaf("destination", _("Country to which the goods go"), "choice", required=False,
             choices=lambda offers: offers.countries, empty=_("The country of the partner"),
             help=_("Where the partner stands in another country, or the goods leave the record. Everybody who sees "
                    "the lot reads it.")),
        Leaf("hs_code", _("HS code"), "choice", _("As on your customs declaration; it is never chosen for you"),
             required=False, empty=_("Not stated"), choices=lambda offers: words.hs_codes()),
        Leaf("category", _("Category"), "choice", required=False, empty=_("Not stated"),
             choices=lambda offers: [(one, words.stage(one)) for one in CATEGORIES]),
        Leaf("licence_number", _("Number of the export licence"), required=False,
             help=_("Left empty no licence is stated. Everybody who sees the lot reads it.")),
        Leaf("authority", _("Issued by"), required=False),
        Leaf("valid_from", _("Valid from"), help=_("For example 2026-01-01"), required=False),
        Leaf("valid_until", _("Valid until"), help=_("For example 2026-12-31"), required=False),
        Leaf("quota_kg", _("Quota"), "figure", required=False, units=MASSES),
    ),
)  # fmt: skip


def signers(alone: Words) -> Leaf:
    """Who signs an act of both parties of a dispatch; what is signed alone carries a mark."""
    return Leaf(
        SIGNERS, _("Who signs?"), "radio", _("Nothing is signed before your partner has read it and agreed."),
        choices=lambda offers: [(TOGETHER, _("Both of us: it is put before my partner, who agrees or declines")),
                                (ALONE, alone)],
    )  # fmt: skip


def reason(label: object = _("Reason")) -> Leaf:
    """Why; the reason is open to everybody who sees the lot."""
    return Leaf("reason", label, "long", _("Everybody who sees the lot will read it."))  # type: ignore[arg-type]
