"""Rows of declarations, one file per subject."""

from epd.models.declarations import Declaration, LotResultRow, ShareTable
from epd.models.factors import FactorRow, FactorSetRow

__all__ = ["Declaration", "FactorRow", "FactorSetRow", "LotResultRow", "ShareTable"]
