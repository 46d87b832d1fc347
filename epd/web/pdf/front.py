"""Sections of a printed declaration before its figures: programme, company, product, content, method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from epd.rules.profiles import Profile
from epd.services.exchange import Export
from epd.web.declaration_page import DeclarationPage
from epd.web.pdf import charts
from epd.web.pdf.blocks import Block, facts, heading, paragraph, picture, points, section, table
from epd.web.reference_page import Cited, Production, deviation_of, gap_of
from traceability.web import countries
from traceability.web.numbers import n3, trimmed

NONE: Final = "None"
NOT_DECLARED: Final = "Not declared"
STAGES: Final = (
    ("A1", "supply", True), ("A2", "transport", True), ("A3", "production", True), ("A4-A5", "delivery", False),
    ("B1-B7", "use", False), ("C1-C4", "end of life", False), ("D", "beyond", False),
)  # fmt: skip
"""Of the life cycle of the product, and whether declarations of ours speak of them."""


def sections(export: Export, page: DeclarationPage) -> Iterator[Block]:
    """The sections in their order."""
    yield _programme(export, page)
    yield _company(export, page)
    if page.production is not None:
        yield _production(page.production, page.body)
    else:
        yield _content(page)
    if page.cited is not None:
        yield _cited(page.cited, page.body)
    yield _method(export, page)


def _programme(export: Export, page: DeclarationPage) -> Block:
    standing, stated = export.standing, export.stated
    operator = stated.operator.name if stated.operator else NONE
    done = f"Verified, until {standing.until.isoformat()}" if standing else "Not verified"
    return section(
        "Programme information",
        facts([
            ("Programme", operator), ("Programme operator", operator),
            ("Registration number", stated.registration or NONE),
            ("Product category rules", "Those of the registration" if stated.operator else "None are claimed"),
            ("List of indicators", f"{page.figures.profile.name} ({page.figures.profile.id})"),
        ]),
        heading("Verification"),
        facts([
            ("Independent verification of declaration and data", done),
            ("Verifier", stated.verifier.name if stated.verifier else NONE),
            ("Approved by", operator), ("Review of product category rules", NONE),
        ]),
        paragraph("ISO 14025 (2026) calls a declaration an EPD only once it is independently verified. This document "
                  "says what its declarant has signed, and no more."),
    )  # fmt: skip


def _company(export: Export, page: DeclarationPage) -> Block:
    stated, body = export.stated, export.body
    mined = [str(one["country"]) for one in body.get("shares", {}).get("countries", []) if len(one["country"]) == 2]
    return section(
        "Company and product",
        facts([
            ("Declarant", stated.declarant.name), ("Country", page.country), ("Product", page.product),
            *_about(page),
            ("Product code (UN CPC)", NOT_DECLARED), ("Site and process description", NOT_DECLARED),
            ("Rare earths mined in", ", ".join(map(countries.name, mined)) or NOT_DECLARED),
        ]),
    )  # fmt: skip


def _about(page: DeclarationPage) -> Iterator[tuple[str, str]]:
    """What the figures are of: a lot, or the production of a site."""
    if page.production is not None:
        yield "Site", page.production.site
    if page.lot is not None:
        yield "Lot", page.lot.urn
        yield "Custody hash", str(page.body["custody_hash"])


def _content(page: DeclarationPage) -> Block:
    origins = page.body.get("shares", {}).get("countries", [])
    names = {"recycled": "Recycled", "unproven": "Origin not proven"}
    rows = [
        (names.get(code) or (f"Mined, {countries.name(code)}" if len(code) == 2 else "No source in the record"),
         f"{n3(Decimal(one['share']) * 100)} %")
        for one in origins for code in [str(one["country"])]
    ]  # fmt: skip
    recycled = page.recycled
    blocks = [facts([
        ("Materials and substances, by mass", NOT_DECLARED),
        ("Recycled rare earths, post-consumer", NOT_DECLARED if recycled is None else f"{n3(recycled[0] * 100)} %"),
        ("Recycled rare earths, pre-consumer", NOT_DECLARED if recycled is None else f"{n3(recycled[1] * 100)} %"),
        ("Biogenic carbon of product and packaging", NOT_DECLARED), ("Packaging", NOT_DECLARED),
        ("Substances of very high concern", NOT_DECLARED),
    ])]  # fmt: skip
    if rows:
        blocks += [heading("Where the rare earths are from"),
                   table(("Origin", "Share of total rare earths"), rows, (0, 140), (1,))]  # fmt: skip
    return section("Content declaration", *blocks)


def _method(export: Export, page: DeclarationPage) -> Block:
    body, found = export.body, page.factor_set
    period = body.get("period")
    return section(
        "LCA information",
        facts([
            ("Declared unit", "1 kg of product at the gate"),
            ("Period of the data", f"{period['from']} to {period['to']}" if period else
             "Production of one lot; not stated by days. It is not an average of twelve months."),
            ("Factors", f"{found.name} {found.version}, {page.factor_count} factors" if found else NOT_DECLARED),
            ("Digest of the factors", str(body["factors"])),
            ("Indicators and factors of characterisation", "EN 15804+A2, EF 3.1"),
            ("Software", "Lodestone; anybody computes the figures again from the signed statements"),
            ("Electricity", f"in module {str(body['electricity_module']).upper()}"),
            ("Cut-off", _cut_off(page.figures.profile)),
            ("Allocation", "By mass and by economic value; both are printed"),
            ("Allocation of the last step", page.figures.choice or "One product"),
            *_quality(page),
        ]),
        picture(charts.boundary(STAGES), "System boundary: cradle to gate. Dashed: not declared."),
        heading("Left out"),
        points(_left_out(page)),
        heading("Algorithms"),
        facts((one["id"], one["text"]) for one in body["algorithms"]),
    )  # fmt: skip


def _production(made: Production, body: Mapping[str, Any]) -> Block:
    """What was made over twelve months, and how far the meters of the site agree with the lots."""
    gaps = [gap_of(row) for row in body.get("gaps", ())]
    rows = [(one.flow, one.unit, "–" if one.share is None else f"{n3(one.share * 100)} %", one.words) for one in gaps]
    gap = NOT_DECLARED if made.stock_gap is None else f"{n3(made.stock_gap * 100)} % of what was made"
    return section(
        "Production over twelve months",
        facts([
            ("Site", made.site), ("Period", f"{made.first} to {made.last}"), ("Lots", str(made.lots)),
            ("Made against shipped, gap", gap),
            ("What the declarant says of the gaps", made.explanation or NONE),
        ]),
        paragraph("All lots that the site made of the product in the period count. What the meters counted beside the "
                  "lots, work in progress, disposals and overhead is reconciled; a gap above 0 is counted, one below 0 "
                  "gives nothing back."),
        heading("Gaps of the meters"),
        table(("Flow", "Unit", "Gap, share of what was metered", "Outcome"), rows, (0, 40, 120, 90), (2,)),
    )  # fmt: skip


def _cited(cited: Cited, body: Mapping[str, Any]) -> Block:
    """The reference of a lot, with the deviation of each figure from it."""
    rows = [(one.name, one.basis, "–" if one.share is None else f"{n3(one.share * 100)} %",
             "Above a tenth" if one.worse else "")
            for one in map(deviation_of, body["reference"].get("deviations", ()))]  # fmt: skip
    return section(
        "Against the mean of twelve months",
        facts([
            ("Reference declaration", cited.declaration.reference if cited.declaration else NOT_DECLARED),
            ("Why the data is of a shorter time", cited.justification),
            ("Worse by more than a tenth", ", ".join(cited.worse) or NONE),
        ]),
        table(("Indicator, A1 to A3", "Allocation", "Deviation", ""), rows, (0, 130, 80, 90), (2,)),
    )  # fmt: skip


def _cut_off(profile: Profile) -> str:
    covered, left = trimmed(profile.least_covered * 100), trimmed(profile.cut_off * 100)
    return (f"A figure is declared where factors cover {covered} % of mass and of energy of the whole chain, and no "
            f"step leaves more than {left} % out without a reason")  # fmt: skip


def _quality(page: DeclarationPage) -> Iterator[tuple[str, str]]:
    kinds, quality = page.figures.kinds, page.figures.quality
    if kinds:
        shares = (("primary", "primary data"), ("second_hand", "second-hand factors"), ("illustrative", "invented"))
        said = [f"{n3(kinds[name] * 100)} % {words}" for name, words in shares if name in kinds]
        yield "Data behind the headline", ", ".join(said) + "; a part may be of two kinds"
    if quality:
        marks = f"technology {n3(quality['te'])}, geography {n3(quality['ge'])}, time {n3(quality['ti'])}"
        yield "Data quality", f"{marks}; 1 is best, 5 worst, weighted by the headline"


def _left_out(page: DeclarationPage) -> list[str]:
    """What is not counted, and what the reader must know of the figures."""
    said = [f"{one['flow']}: {one['reason']}" for one in page.exclusions]
    said += [f"No factor for {one.flow}: {n3(one.amount)} {one.unit} of the last step" for one in page.figures.missing]
    if page.figures.missing_elsewhere:
        said.append(f"{page.figures.missing_elsewhere} further flows of the last step lack a factor for other "
                    "indicators.")  # fmt: skip
    return [*said, *page.figures.flags] or ["Nothing was excluded."]
