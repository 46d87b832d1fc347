"""A verified and registered declaration, of a lot and of a site, checked offline from the bundles of this server."""

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.services.test_export import policy
from tests.services.test_references import published, said_of
from traceability.ledger.kinds.verification import POINTS

if TYPE_CHECKING:
    from epd.models import Declaration
    from tests.demo_chain import Demo
    from traceability.selectors.access import Actor
    from traceability.verifier.report import Report

UNTIL = date(2030, 12, 31)


def person(demo: "Demo", login: str) -> "Actor":
    from django.contrib.auth import get_user_model

    from traceability.selectors.access import actor_for

    found = actor_for(get_user_model().objects.get(username=f"{login}@demo.lodestone.example"))
    assert found
    return found


def submit(demo: "Demo", row: "Declaration", to: str, asks: str) -> None:
    from epd.services import approvals

    lena, erik = person(demo, "isarmagnet"), person(demo, "isarmagnet-2")
    asked = approvals.ask_submission(actor=lena, declaration=row, to=demo.organisation(to), asks=asks)
    approvals.sign(actor=erik, approval_id=asked.pk, digest=approvals.read(actor=erik, approval=asked).digest)
    row.refresh_from_db()


def to_the_register(demo: "Demo", row: "Declaration", number: str) -> None:
    from epd.services import verification
    from traceability.services import clock, integrator

    submit(demo, row, "verifier", "verification")
    answers = verification.Answers("limited", ("ISO 14025:2026",), UNTIL, dict.fromkeys(POINTS, ("conforms", "")))
    verification.verify(actor=person(demo, "verifier"), declaration=row, answers=answers)
    submit(demo, row, "operator", "registration")
    entry = verification.Entry("A programme", number, {"name": "Rare-earth products"}, clock.now().date(), UNTIL)
    verification.register(actor=person(demo, "operator"), declaration=row, entry=entry)
    integrator.drain()


def report_of(demo: "Demo", target: Any, **trust: Any) -> "Report":
    from epd.verifier.checks import ALL_CHECKS
    from traceability.services import export
    from traceability.verifier.checks import run_file
    from traceability.verifier.report import Asked
    from traceability.verifier.trust import Trust

    file = io.BytesIO()
    export.export_bundle(actor=demo.actor("isarmagnet"), lot=target, file=file)
    return run_file(io.BytesIO(file.getvalue()), Trust(**trust), policy(), asked=Asked(), checks=ALL_CHECKS)


def sentence(report: "Report") -> str:
    return next(one.sentence for one in report.checks if one.name == "Independent verification")


@pytest.fixture(scope="module", params=["lot", "reference"])
def registered(demo: "Demo", request: pytest.FixtureRequest) -> tuple["Demo", Any, str]:
    """The demonstration, what a bundle is asked for, and the number under which it is registered."""
    row = demo.declaration if request.param == "lot" else published(demo, said_of(demo))
    to_the_register(demo, row, f"N-{request.param}")
    return demo, row.lot_id or row.pk, f"N-{request.param}"


def test_who_is_listed_verified_and_registered(registered: tuple["Demo", Any, str]) -> None:
    demo, target, number = registered
    verifiers, programmes = {f"urn:uuid:{demo.ids['verifier']}": "Linde"}, {f"urn:uuid:{demo.ids['operator']}": "Op"}
    report = report_of(demo, target, verifiers=verifiers, programme_operators=programmes)
    assert sentence(report).startswith("Verified by Linde. Limited assurance by ISO 14025:2026, until 2030-12-31.")
    assert f"Registered by Op as {number}" in sentence(report)
    codes = {one.code for one in report.findings()}
    assert not [code for code in codes if code.startswith(("verif", "programme", "regist", "submitted"))]


def test_who_is_not_listed_claims_it(registered: tuple["Demo", Any, str]) -> None:
    demo, target, _ = registered
    codes = {one.code for one in report_of(demo, target).findings()}
    assert {"verifier_not_listed", "programme_not_listed"} <= codes
