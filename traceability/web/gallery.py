"""The page /design/: every component once, with its states and the focus ring. For engineers; it reads no rows.

Masses, shares and balances are those of the demonstration chain; dates, hashes and environmental figures are invented.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from traceability.web.fields import FigureField, asks_for_a_row, one_more_row
from traceability.web.frame import Acting, Checkpoint, Frame
from traceability.web.numbers import NOT_ESTABLISHED, withheld_by
from traceability.web.pictures import balance, bars, custody, headline, stack, steps_map
from traceability.web.pictures.palette import Palette
from traceability.web.tables import Column, Table, figures

PALETTE = Palette.of(("US", "AU", "MY", "EE", "DE"))
# lot, stage, country, neodymium kg, of it lost kg: demonstration chain
LOTS = (
    ("ORE-MP", "ore", "US", "5658.550", "1697.565"),
    ("ORE-MW", "ore", "AU", "8290.349", "2487.105"),
    ("SCRAP-EOL", "eol_magnet", "DE", "1410.000", "42.300"),
    ("SCRAP-SWARF", "swarf", "DE", "940.000", "28.200"),
    ("CON-MP", "concentrate", "US", "3960.985", "198.050"),
    ("CON-MW", "concentrate", "AU", "5803.244", "841.470"),
    ("OX-NDPR-MP", "oxide", "US", "3762.935", "0"),
    ("OX-NDPR-MW", "oxide", "MY", "4961.774", "0"),
    ("OX-DY-MW", "oxide", "MY", "0", "0"),
    ("OX-NDPR-REC", "oxide", "DE", "2279.500", "0"),
    ("OX-DY-REC", "oxide", "DE", "0", "0"),
    ("OX-NDPR-BLEND", "oxide", "EE", "3550.056", "177.503"),
    ("MET-NDPR", "metal", "EE", "3372.553", "45.326"),
    ("MET-DY", "metal", "EE", "0", "0"),
    ("ALLOY-1", "alloy", "EE", "2976.394", "178.583"),
    ("MAG-1", "magnet", "DE", "2143.004", "0"),
    ("SWARF-1", "swarf", "DE", "654.807", "0"),
)
FLOWS = (
    ("ORE-MP", "CON-MP", "3960.985"),
    ("ORE-MW", "CON-MW", "5803.244"),
    ("CON-MP", "OX-NDPR-MP", "3762.935"),
    ("CON-MW", "OX-NDPR-MW", "4961.774"),
    ("CON-MW", "OX-DY-MW", "0"),
    ("SCRAP-EOL", "OX-NDPR-REC", "1367.700"),
    ("SCRAP-SWARF", "OX-NDPR-REC", "911.800"),
    ("SCRAP-EOL", "OX-DY-REC", "0"),
    ("SCRAP-SWARF", "OX-DY-REC", "0"),
    ("OX-NDPR-MP", "OX-NDPR-BLEND", "1876.775"),
    ("OX-NDPR-MW", "OX-NDPR-BLEND", "1010.195"),
    ("OX-NDPR-REC", "OX-NDPR-BLEND", "663.086"),
    ("OX-NDPR-BLEND", "MET-NDPR", "3372.553"),
    ("OX-DY-MW", "MET-DY", "0"),
    ("OX-DY-REC", "MET-DY", "0"),
    ("MET-NDPR", "ALLOY-1", "2976.394"),
    ("MET-DY", "ALLOY-1", "0"),
    ("ALLOY-1", "MAG-1", "2143.004"),
    ("ALLOY-1", "SWARF-1", "654.807"),
)
CAUSES = (
    ("Transport", "0.412"), ("Electricity", "16.9"), ("Reagents", "6.9"), ("PFCs from electrolysis", "7.8"),
    ("Heat and fuels", "4.1"), ("Iron, boron, cobalt, other", "1.5"), ("Waste treatment", None),
)  # fmt: skip
STAGES = (
    ("Mining and concentrate", "2.9", "A1, supply"), ("Separation", "12.6", "A1, supply"),
    ("Metal", "11.2", "A1, supply"), ("Alloy", "1.2", "A1, supply"),
    ("Transport", "0.412", "A2"), ("Magnet", "10.1", "A3, making"),
)  # fmt: skip
WHEN = datetime(2026, 11, 21, 20, 4, tzinfo=UTC)
HASH = "sha256:58f9c00994f06fe251cbe8fa8a26367d31c7f20cc86059f666aec0d2969869ce"


class ExampleForm(forms.Form):
    """One field of each kind."""

    heard = {"mass": "Understood: 1\u202f000.500 kg."}

    mass = FigureField(label="Mass weighed", help_text="For example 1 000.5", unit="kg dry")
    moisture = FigureField(label="Moisture", help_text="Between 0 and 100", unit="% of wet mass", required=False)
    wet = FigureField(label="Wet mass", unit_field="wet_unit", required=False)
    wet_unit = forms.ChoiceField(label="Unit of the wet mass", choices=[("kg", "kg"), ("t", "t"), ("lb", "lb")])
    facility = forms.ChoiceField(
        label="Received at", help_text="The facility that weighed the goods",
        choices=[("1", "Paldiski works"), ("2", "Narva store")],
    )  # fmt: skip
    model = forms.ChoiceField(
        label="Chain of custody", widget=forms.RadioSelect,
        choices=[("segregated", "Segregated"), ("controlled_blending", "Physically mixed, shares in proportion")],
    )  # fmt: skip
    day = forms.DateField(label="Received on", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sheet = forms.FileField(label="Lab sheet", help_text="PDF, at most 20 MB", required=False)
    withhold = forms.BooleanField(label="Withhold this value from buyers", required=False)

    def clean_moisture(self) -> str:
        """Refuse more than all of it."""
        moisture: str = self.cleaned_data["moisture"]
        if moisture and Decimal(moisture) > 100:
            raise forms.ValidationError("Enter a share of at most 100 %")
        return moisture


class InputRow(forms.Form):
    """One input lot of the example formset."""

    lot = forms.ChoiceField(label="Lot", choices=[("MET-NDPR", "MET-NDPR"), ("MET-DY", "MET-DY")])
    draw = FigureField(label="Draw", unit="kg dry")


InputRows = forms.formset_factory(InputRow, extra=0, can_delete=True)


def show(request: HttpRequest) -> HttpResponse:
    """The page with all components, in English; it takes the example form too, and keeps nothing of it."""
    translation.activate("en")
    return render(request, "design/gallery.html", {**_matter(), **_forms(request), "lots": SORTED.of(request, LOTS)})


def _forms(request: HttpRequest) -> dict[str, Any]:
    typed = {
        "mass": "1.000,5",
        "moisture": "104",
        "facility": "1",
        "model": "segregated",
        "withhold": "on",
        "wet_unit": "t",
    }
    given = ExampleForm(request.POST if "mass" in request.POST else typed, auto_id="given_%s")
    rows: Any = InputRows(
        initial=[{"lot": "MET-NDPR", "draw": "4 000"}, {"lot": "MET-DY", "draw": "160"}], prefix="inputs"
    )
    if asks_for_a_row(request.POST, "inputs"):
        rows = InputRows(one_more_row(request.POST, "inputs"), prefix="inputs")
    return {"example": ExampleForm(), "given": given, "rows": rows}


def _matter() -> dict[str, Any]:
    one = Acting("Baltika Metals", "Submitter", "#", "2 facilities")
    return {
        "frame": Frame("Maarja Tamm", one, (one, Acting("Baltika Recycling", "Viewer", "#")), {"incoming": 2},
                       Checkpoint(2331, WHEN)),
        "section": "stock",
        "crumbs": [("Overview", "#"), ("Components", "")],
        "hash": HASH,
        "when": WHEN,
        "page": Paginator(range(1, 215), 50).page(2),
        "alloy": Decimal("12878.168"), "dysprosium": Decimal("44.140"), "small": Decimal("0.00000031"),
        "share": Decimal("0.528654"), "whole": Decimal("0.97"), "part": Decimal("0.46"),
        "kept_secret": withheld_by("Selat Separation"), "unknown": NOT_ESTABLISHED,
        "tally": {"pass": 11, "warn": 2, "none": 2, "na": 1},
        "graph": graph(),
        "crowded": crowded(),
        "countries": [(code, code) for code in PALETTE.order],
        "steps": steps(),
        "balances": balance.draw(BALANCES, name="gallery-balance"),
        "losses": balance.draw(LOSSES, name="gallery-losses"),
        "origins": bars.draw(ORIGINS, is_share=True),
        "causes": bars.draw([bars.Bar(label, value) for label, value in CAUSES]),
        "stages": stack.stages([stack.Part(*row) for row in STAGES], name="gallery-stages",
                               title="GWP-total by stage", unit="kg CO₂e per kg"),
        "mined": stack.shares(MINED, name="gallery-mined", title="Origin of the rare earths"),
        "gwp": headline.draw(headline.Headline("38.4", "kg CO₂e per kg", "31.2", "47.9", "41.0"),
                             name="gallery-gwp", title="Global warming potential with its band"),
    }  # fmt: skip


SORTED = Table(
    "lots",
    "Lots",
    (
        Column("lot", "Lot", lambda line: line[0]),
        Column("stage", "Stage", lambda line: line[1]),
        figures("nd", "Nd", lambda line: Decimal(line[3]), unit="kg"),
    ),
    find=("lot", "stage"),
    wide=False,
)


def chain() -> tuple[list[custody.Node], list[custody.Edge]]:
    """Return the lots of MAG-1 and the neodymium that went between them."""
    nodes = [
        custody.Node(
            name, name, stage, country, Decimal(mass), href="#", lost_kg=Decimal(lost),
            state="aside" if name == "SWARF-1" else "past",
            finding="lab sheet missing" if name == "OX-NDPR-REC" else "",
        )
        for name, stage, country, mass, lost in LOTS
    ]  # fmt: skip
    nodes.append(custody.Node("buyer", "Nordwind Drives", "buyer", "DE", Decimal("2143.004"), "pending"))
    edges = [custody.Edge(source, target, Decimal(mass)) for source, target, mass in FLOWS]
    edges.append(custody.Edge("MAG-1", "buyer", Decimal("2143.004")))
    return nodes, edges


def graph() -> Any:
    """Return the custody graph of MAG-1 by neodymium."""
    return custody.draw(*chain(), name="gallery", element_name="neodymium", symbol="Nd", palette=PALETTE, focus="MAG-1")


def steps() -> Any:
    """Return the map of the same chain."""
    found = steps_map.journey(*chain())
    return steps_map.draw(
        found, name="gallery-map", title="Map of the steps", palette=PALETTE, element_name="neodymium"
    )


def crowded() -> Any:
    """Return a graph with more lots and countries than one can look at."""
    lands = ("US", "AU", "BR", "CA", "IN", "VN", "MY", "ZA", "MG", "TZ", "AO", "MW", "KZ", "GL")
    ores = [custody.Node(f"o{i}", f"ORE-{land}", "ore", land, Decimal(40 - 2 * i)) for i, land in enumerate(lands)]
    withheld = custody.Node("x", "OX-W", "oxide", "MY", None, finding="mass withheld by its maker")
    oxide = custody.Node("p", "OX-POOL", "oxide", "EE", Decimal(378))
    metal = custody.Node("m", "MET-POOL", "metal", "EE", Decimal(360))
    edges = [custody.Edge(ore.id, "p", ore.mass_kg) for ore in ores]
    edges += [custody.Edge("p", "m", Decimal(360)), custody.Edge("x", "m", None)]
    palette = Palette.of((*lands[:4], "EE", "MY", *lands[4:]))
    return custody.draw(
        [*ores, oxide, withheld, metal], edges, name="crowded", element_name="neodymium", symbol="Nd", palette=palette
    )


BALANCES = (
    balance.Balance("Nd", Decimal("3021.720"), Decimal("2976.394"), Decimal("45.326"), Decimal("0.000"),
                    Decimal("9.065"), "pass", "Closes"),
    balance.Balance("Pr", Decimal("938.279"), Decimal("924.205"), None, Decimal("14.074"), Decimal("2.815"), "none",
                    "Not yet closed"),
    balance.Balance("Dy", Decimal("158.400"), Decimal("160.333"), None, Decimal("-1.933"), Decimal("0.475"), "fail",
                    "More out than in"),
)  # fmt: skip
LOSSES = (
    balance.Balance("Nd", Decimal("8290.349"), Decimal("5803.244"), Decimal("2487.105"), Decimal("0.000"), None, "pass",
                    "Closes"),
    balance.Balance("Dy", Decimal("112.338"), Decimal("78.637"), Decimal("20.000"), Decimal("13.701"), Decimal("1.1"),
                    "warn", "Unexplained loss"),
)  # fmt: skip
ORIGINS = (
    bars.Bar("ORE-MP, United States", Decimal("0.528654"), PALETTE.paint("US")),
    bars.Bar("ORE-MW, Australia", Decimal("0.284563"), PALETTE.paint("AU")),
    bars.Bar("SCRAP-EOL, post-consumer", Decimal("0.112070"), PALETTE.paint("DE")),
    bars.Bar("SCRAP-SWARF, pre-consumer", Decimal("0.074713"), PALETTE.paint("DE")),
)
MINED = (
    stack.Part("Mined, United States", Decimal("0.524049"), paint=PALETTE.paint("US")),
    stack.Part("Mined, Australia", Decimal("0.274694"), paint=PALETTE.paint("AU")),
    stack.Part("Recycled, Germany", Decimal("0.201257"), paint=PALETTE.paint("DE")),
)
