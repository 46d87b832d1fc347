"""The rules in their order, and the check of a document by all of them."""

from typing import Final

from epd.documents.checking import Answer, Asked, Rule
from epd.documents.checks import claims, plausible, structure, sums
from epd.documents.document import Document
from epd.documents.finding import Severity

_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING
SUMS: Final = "A difference above 0.6 % of the largest term is a warning, above 2 % an error."

RULES: Final = (
    Rule("S1", "The file is what its format says.", _ERROR, "InData, openEPD", "", structure.s1_format),
    Rule("S2", "All indicators and units are of one package.", _ERROR, "InData", "", structure.s2_package),
    Rule("S3", "Every indicator of the list is there.", _ERROR, "EN 15804, International EPD System", "",
         structure.s3_complete),
    Rule("S4", "Modules are written as bound, each with a number or ND.", _ERROR, "InData, EPD-Norge TC 08/2018", "",
         structure.s4_modules),
    Rule("P1", "GWP-total is the sum of its parts.", _ERROR, "EN 15804+A2", SUMS, sums.p1_gwp),
    Rule("P2", "Primary energy is the sum of its parts.", _ERROR, "EN 15804, openEPD", SUMS, sums.p2_energy),
    Rule("P3", "A1-A3 is the sum of A1, A2 and A3.", _ERROR, "EN 15804", SUMS, sums.p3_production),
    Rule("P4", "Fossil depletion fits non-renewable energy.", _WARNING, "EN 15804+A2",
         "A difference above 15 % is a warning.", sums.p4_fossil),
    Rule("P5", "Nothing is negative that cannot be.", _WARNING, "EN 15804", "", plausible.p5_signs),
    Rule("P6", "Biogenic carbon is taken up, and leaves.", _ERROR, "EN 15804+A2, openEPD",
         "A difference above 10 % is a warning, above 25 % an error; asked from 5 % biogenic matter on.",
         plausible.p6_carbon),
    Rule("P7", "The declared unit has an amount and a mass.", _ERROR, "EN 15804, One Click LCA", "",
         claims.p7_declared_unit),
    Rule("P8", "Dates and validity fit.", _ERROR, "EN 15804, ISO 14025", "At most five years.", claims.p8_dates),
    Rule("P9", "Stages are not added up.", _ERROR, "EN 15804, One Click LCA", "", claims.p9_lumped),
    Rule("P10", "Orders of magnitude can be.", _WARNING, "EC3, BHoM",
         "From 0.002 to 1 kg CO2 equivalent per MJ; within 2 % of the factors 3.6, 1000 and 1000000.",
         plausible.p10_magnitude),
    Rule("P11", "The content sums to 100 %.", _ERROR, "EN 15804", "A difference above 0.5 % is an error.",
         plausible.p11_content),
    Rule("P12", "The document has an identifier and a version.", _ERROR, "ECO Platform", "", claims.p12_versions),
    Rule("P13", "Upstream declarations fit.", _ERROR, "EN 15804, openEPD", "", claims.p13_upstream),
    Rule("P14", "It was verified by somebody independent.", _ERROR, "ISO 14025", "", claims.p14_verified),
    Rule("P15", "Nothing is much worse than before.", _WARNING, "EPD-Norge, International EPD System",
         "More than 10 % worse is a warning.", claims.p15_worse),
    Rule("P16", "The data cover a year.", _WARNING, "EN 15804 6.3.8.2", "Less than 12 months need a reason.",
         claims.p16_period),
)  # fmt: skip


def check(document: Document, asked: Asked) -> tuple[Answer, ...]:
    """The answer of every rule to a document, in their order."""
    return tuple(
        Answer(rule, found.count, found.findings) for rule in RULES for found in (rule.check(document, asked),)
    )
