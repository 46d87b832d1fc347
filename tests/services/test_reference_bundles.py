"""Reference declarations and lots that cite one, computed again offline from the bundles that the site exports."""

import io
from typing import TYPE_CHECKING, Any

import pytest

from tests.services.test_export import policy
from tests.services.test_references import cited, declare, prepared, published, said_of

if TYPE_CHECKING:
    from epd.models import Declaration
    from tests.demo_chain import Demo
    from traceability.verifier.report import Report


def verified(demo: "Demo", who: str, target: Any) -> "Report":
    from epd.verifier.checks import ALL_CHECKS
    from traceability.services import export
    from traceability.verifier.checks import run_file
    from traceability.verifier.report import Asked
    from traceability.verifier.trust import Trust

    file = io.BytesIO()
    export.export_bundle(actor=demo.actor(who), lot=target, file=file)
    return run_file(io.BytesIO(file.getvalue()), Trust(), policy(), asked=Asked(), checks=ALL_CHECKS)


@pytest.fixture(scope="module")
def in_the_log(demo: "Demo") -> "Declaration":
    from traceability.services import integrator

    made = published(demo, said_of(demo))
    declare(demo, cited(demo, made.reference))
    integrator.drain()
    return made


def test_the_bundle_of_a_reference_computes_it_again(demo: "Demo", in_the_log: "Declaration") -> None:
    report = verified(demo, "isarmagnet", in_the_log.pk)
    [figures] = [one for one in report.checks if one.name == "Declared figures"]
    assert figures.sentence.endswith("lots: 1. The figures are recomputed from stated results.")
    assert not [one for one in report.findings() if one.level.name == "INVALID"]
    assert "declaration_not_established" not in {one.code for one in report.findings()}


def test_the_bundle_of_a_lot_carries_the_reference_that_it_cites(demo: "Demo", in_the_log: "Declaration") -> None:
    report = verified(demo, "isarmagnet", demo.lot("MAG-1").pk)
    codes = {one.code for one in report.findings()}
    assert not codes & {"reference_not_shown", "result_mismatch", "target_missing"}


def test_nobody_else_exports_it(demo: "Demo", in_the_log: "Declaration") -> None:
    from traceability.services import export

    with pytest.raises(Exception, match="no such lot"):
        export.export_bundle(actor=demo.actor("baltika"), lot=in_the_log.pk, file=io.BytesIO())


def test_figures_that_do_not_follow_are_invalid_though_somebody_signed_them(
    demo: "Demo", monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a door that looks away would have let them in."""
    from epd.services import references
    from traceability.services import acceptance, integrator

    for kind in ("declaration.reference", "declaration.publish"):
        monkeypatch.setitem(acceptance.CHECKS, kind, lambda statement, body, world: None)
    actor, body = demo.actor("isarmagnet"), prepared(demo, said_of(demo))
    body["bases"][0]["indicators"][0]["a3"] = "1"
    wrong, _receipt = references.sign(actor=actor, body=body)
    cites = cited(demo, wrong.reference)
    cites["reference"]["deviations"][0]["deviation"] = "0.5"
    declare(demo, cites)
    integrator.drain()
    found = {(one.code, one.where.split("/body/")[-1]) for one in verified(demo, "isarmagnet", wrong.pk).findings()}
    assert ("result_mismatch", "bases") in found
    found = {(one.code, one.where.split("/body/")[-1])
             for one in verified(demo, "isarmagnet", demo.lot("MAG-1").pk).findings()}  # fmt: skip
    assert ("result_mismatch", "reference/deviations") in found
