"""Rows of declarations, one file per subject."""

from epd.models.background import BackgroundData, BackgroundUpload
from epd.models.declarations import Declaration, LotResultRow, ShareTable
from epd.models.factors import FactorRow, FactorSetRow
from epd.models.references import ReferenceDraft
from epd.models.runs import DeclarationRun, DeclarationRunLot
from epd.models.verification import Person, Remark

__all__ = [
    "BackgroundData", "BackgroundUpload", "Declaration", "DeclarationRun", "DeclarationRunLot", "FactorRow",
    "FactorSetRow", "LotResultRow", "Person", "ReferenceDraft", "Remark", "ShareTable",
]  # fmt: skip
