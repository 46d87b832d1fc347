"""Results as they are signed: the figures of `lot.result` and `declaration.publish`, to and from their opened bodies.

Every number is a computed string (record-format.md section 1), lists and objects are never empty, and a figure that is
not declared is absent; it then stands in `not_declared` with its reason. Reading what was written gives the same value
again, so two results are equal exactly when their bodies are, string by string.
"""

from decimal import Decimal
from typing import Final

from epd.lca.allocation import Choice
from epd.lca.indicators import HEADLINE, INDICATORS, Basis, LifeCycleModule
from epd.lca.members import Body, Row, member, number, rows, text, texts, word
from epd.lca.result import (
    ENERGY_TOTAL,
    KINDS,
    MASS_TOTAL,
    REST,
    Allocation,
    BasisResult,
    Gap,
    Key,
    LotResult,
    Missing,
    NotDeclared,
    Reason,
    cause_key,
    country_key,
    energy_covered,
    kind_key,
    mass_covered,
    quality_key,
    use_gwp_key,
    use_key,
    value_key,
    vintage_key,
)
from epd.lca.share_tables import Tables, shares_from_body, shares_to_body
from traceability.ledger.quantity import format_computed, parse_computed

QUALITY: Final = ("weight", "te", "ge", "ti")


def declared_headline(body: Body, basis: Basis) -> Decimal | None:
    """kg CO2e per kg (GWP-GHG, A1 to A3) that a declaration declares on a basis; None is "not declared"."""
    if any(row["basis"] == basis and row.get("indicator", HEADLINE) == HEADLINE for row in rows(body, "not_declared")):
        return None
    for found in rows(body, "bases"):
        for row in rows(found, "indicators"):
            if found["basis"] == basis and row["indicator"] == HEADLINE and "a1_a3" in row:
                return parse_computed(row["a1_a3"])
    return None


def figures_to_body(result: LotResult) -> Row:
    """The figures of a result as members of a body, without the lot: all of it but where it was computed from."""
    body: Row = {"electricity_module": result.electricity_module.value}
    bases = [result.bases[basis] for basis in Basis if basis in result.bases]
    members: dict[str, object] = {
        "bases": [_basis_to_body(found) for found in bases],
        "causes": [_detail_to_body(found) for found in bases if found.detailed],
        "not_declared": [_not_declared_to_body(row) for row in result.not_declared],
        "missing_upstream": list(result.missing_upstream),
        "missing": [_missing_to_body(row) for row in result.missing],
        "exclusions": [{"flow": flow, "reason": reason} for flow, reason in result.exclusions.items()],
        "allocation": {} if result.allocation is None else _allocation_to_body(result.allocation),
        "shares": {} if result.shares is None else shares_to_body(result.shares),
        "flags": list(result.flags),
    }
    return body | {name: value for name, value in members.items() if value}


def result_to_body(result: LotResult) -> Row:
    """The figures of a result with its lot."""
    return {"lot": result.lot} | figures_to_body(result)


def result_from_body(body: Body, *, lot: str = "", tables: Tables | None = None) -> LotResult:
    """The result of an opened body; `tables` are those that travel outside it, by their root."""
    bases = {found.basis: found for found in (_basis_from_body(row, body) for row in rows(body, "bases"))}
    allocation = body.get("allocation")
    shares = body.get("shares")
    return LotResult(
        lot=lot or text(body, "lot"),
        electricity_module=word(LifeCycleModule, body, "electricity_module"),
        bases=bases,
        not_declared=tuple(_not_declared_from_body(row) for row in rows(body, "not_declared")),
        missing_upstream=tuple(texts(body, "missing_upstream")),
        missing=tuple(_missing_from_body(row) for row in rows(body, "missing")),
        exclusions={text(row, "flow"): text(row, "reason") for row in rows(body, "exclusions")},
        allocation=_allocation_from_body(allocation) if isinstance(allocation, dict) else None,
        shares=shares_from_body(shares, tables or {}) if isinstance(shares, dict) else None,
        flags=tuple(texts(body, "flags")),
    )


# One basis


def _basis_to_body(result: BasisResult) -> Row:
    row: Row = {
        "basis": result.basis.value,
        "mass_total_kg": format_computed(result.per_kg[MASS_TOTAL]),
        "energy_total_mj": format_computed(result.per_kg[ENERGY_TOTAL]),
        "gwp": _gwp_to_body(result),
    }
    indicators = [_indicator_to_body(result, name) for name in INDICATORS if name in result.gaps]
    return row | ({"indicators": indicators} if indicators else {})


def _indicator_to_body(result: BasisResult, indicator: str) -> Row:
    row: Row = {"indicator": indicator}
    for module in LifeCycleModule:
        value = result.value(indicator, module)
        if value is not None:
            row[module.value] = format_computed(value)
    whole = result.a1_a3(indicator)
    if whole is not None:
        row["a1_a3"] = format_computed(whole)
    if indicator in result.partial:
        row["partial"] = True
    return row | {
        "mass_covered_kg": format_computed(result.per_kg[mass_covered(indicator)]),
        "energy_covered_mj": format_computed(result.per_kg[energy_covered(indicator)]),
        "gap_mass": format_computed(result.gaps[indicator].mass),
        "gap_energy": format_computed(result.gaps[indicator].energy),
    }


def _gwp_to_body(result: BasisResult) -> Row:
    row: Row = {kind: format_computed(result.per_kg[kind_key(kind)]) for kind in KINDS}
    vintages = [
        {"vintage": name, "gwp": format_computed(value)} for name, value in sorted(result.family("vintage").items())
    ]
    quality = result.family("quality")
    row |= {"vintages": vintages} if vintages else {}
    return row | ({"quality": {mark: format_computed(quality[mark]) for mark in QUALITY}} if quality else {})


def _basis_from_body(row: Body, body: Body) -> BasisResult:
    basis = word(Basis, row, "basis")
    per_kg: dict[Key, Decimal] = {
        MASS_TOTAL: number(row, "mass_total_kg"),
        ENERGY_TOTAL: number(row, "energy_total_mj"),
    }
    per_kg |= _gwp_from_body(member(row, "gwp"))
    gaps: dict[str, Gap] = {}
    partial: set[str] = set()
    for stated in rows(row, "indicators"):
        indicator = text(stated, "indicator")
        for module in LifeCycleModule:
            if module.value in stated:
                per_kg[value_key(indicator, module)] = number(stated, module.value)
        per_kg[mass_covered(indicator)] = number(stated, "mass_covered_kg")
        per_kg[energy_covered(indicator)] = number(stated, "energy_covered_mj")
        gaps[indicator] = Gap(number(stated, "gap_mass"), number(stated, "gap_energy"))
        partial |= {indicator} if stated.get("partial") else set()
    details = [detail for detail in rows(body, "causes") if detail.get("basis") == basis.value]
    for detail in details:
        per_kg |= _detail_from_body(detail)
    return BasisResult(basis, per_kg, gaps, frozenset(partial), detailed=bool(details))


def _gwp_from_body(row: Body) -> dict[Key, Decimal]:
    found = {kind_key(kind): number(row, kind) for kind in KINDS}
    found |= {vintage_key(text(vintage, "vintage")): number(vintage, "gwp") for vintage in rows(row, "vintages")}
    if "quality" in row:
        found |= {quality_key(mark): number(member(row, "quality"), mark) for mark in QUALITY}
    return found


def _detail_to_body(result: BasisResult) -> Row:
    use, gwp = result.family("use"), result.family("use_gwp")
    listed = sorted(gwp, key=lambda factor_id: (-abs(gwp[factor_id]), factor_id))
    row: Row = {"basis": result.basis.value}
    members: dict[str, object] = {
        "by_cause": _named(result, "cause"),
        "by_country": _named(result, "country"),
        "sensitivities": [
            {"factor": name, "per_kg": format_computed(use[name]), "gwp": format_computed(gwp[name])} for name in listed
        ],
    }
    if result.per_kg.get(REST):
        row["rest"] = format_computed(result.per_kg[REST])
    return row | {name: value for name, value in members.items() if value}


def _named(result: BasisResult, word: str) -> list[Row]:
    return [{word: name, "gwp": format_computed(value)} for name, value in sorted(result.family(word).items())]


def _detail_from_body(row: Body) -> dict[Key, Decimal]:
    found = {cause_key(text(cause, "cause")): number(cause, "gwp") for cause in rows(row, "by_cause")}
    found |= {country_key(text(country, "country")): number(country, "gwp") for country in rows(row, "by_country")}
    for use in rows(row, "sensitivities"):
        found[use_key(text(use, "factor"))] = number(use, "per_kg")
        found[use_gwp_key(text(use, "factor"))] = number(use, "gwp")
    return found | ({REST: number(row, "rest")} if "rest" in row else {})


# What stands beside the bases


def _not_declared_to_body(row: NotDeclared) -> Row:
    body: Row = {"basis": row.basis.value, "reason": row.reason.value}
    return body | ({"indicator": row.indicator} if row.indicator else {})


def _not_declared_from_body(row: Body) -> NotDeclared:
    return NotDeclared(word(Basis, row, "basis"), str(row.get("indicator", "")), word(Reason, row, "reason"))


def _missing_to_body(row: Missing) -> Row:
    return {
        "flow": row.flow,
        "role": row.role,
        "amount": format_computed(row.amount),
        "unit": row.unit,
        "indicators": list(row.indicators),
    }


def _missing_from_body(row: Body) -> Missing:
    names = tuple(texts(row, "indicators"))
    return Missing(text(row, "flow"), text(row, "role"), number(row, "amount"), text(row, "unit"), names)


def _allocation_to_body(allocation: Allocation) -> Row:
    rows: list[Row] = [
        {"basis": basis.value, "lot": lot, "share": format_computed(share)}
        for basis in Basis
        for lot, share in sorted(allocation.shares.get(basis, {}).items())
    ]
    return {"choice": allocation.choice.value, "shares": rows}


def _allocation_from_body(body: Body) -> Allocation:
    shares: dict[Basis, dict[str, Decimal]] = {}
    for row in rows(body, "shares"):
        shares.setdefault(word(Basis, row, "basis"), {})[text(row, "lot")] = number(row, "share")
    return Allocation(word(Choice, body, "choice"), shares)
