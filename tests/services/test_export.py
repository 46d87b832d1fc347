"""From the database through the exporter to the verifier: a reader with his own trust checks what the door let in."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from traceability.ledger import bundle
from traceability.ledger.moments import format_moment
from traceability.ledger.policy import Policy, parse_policy
from traceability.verifier.checks import all_checks, run_file
from traceability.verifier.report import Asked, Report, Verdict
from traceability.verifier.trust import Trust

if TYPE_CHECKING:
    from tests.services.market import Market
    from traceability.selectors.access import Actor


@pytest.fixture
def traded(ledger_db: dict[str, str]) -> Iterator["Market"]:
    """A market over a real log, in which a lot of ore was split and a part of it sold."""
    from tests.services.market import open_market, urn

    market = open_market()
    market.ore, market.sold, market.kept = market.source(), urn(), urn()  # type: ignore[attr-defined]
    market.split(market.ore, {market.sold: "400", market.kept: "600"}, "1000")  # type: ignore[attr-defined]
    receipt = market.send(market.sold, "400")  # type: ignore[attr-defined]
    market.take(market.sold, receipt.digest, "399.9")  # type: ignore[attr-defined]
    return market


def exported(actor: "Actor", lot: str) -> bytes:
    """The bundle of a lot for an actor."""
    from traceability.services import export
    from traceability.services.rows_world import uuid_of

    file = io.BytesIO()
    export.export_bundle(actor=actor, lot=uuid_of(lot), file=file)
    return file.getvalue()


def policy() -> Policy:
    """The policy of a reader who knows the keys of this log."""
    from traceability.selectors import log

    ed25519, ml_dsa, time = log.verifier_keys()
    return parse_policy(f"log {ed25519}\nlog {ml_dsa}\nwitness time {time}\nquorum time\n".encode())


def verified(content: bytes, trust: Trust | None = None) -> Report:
    return run_file(io.BytesIO(content), trust or Trust(), policy(), asked=Asked(), checks=all_checks())


def codes(report: Report) -> set[str]:
    return {one.code for one in report.findings() if one.level}


def test_what_the_maker_exports_is_valid(traded: "Market") -> None:
    report = verified(exported(traded.mine, traded.kept))  # type: ignore[attr-defined]
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())


def test_the_same_state_and_actor_give_the_same_bytes(traded: "Market") -> None:
    assert exported(traded.mine, traded.kept) == exported(traded.mine, traded.kept)  # type: ignore[attr-defined]


def test_a_buyer_sees_what_he_bought_and_needs_an_auditor_for_the_rest(traded: "Market") -> None:
    from traceability.services import organisations

    content = exported(traded.separator, traded.sold)  # type: ignore[attr-defined]
    report = verified(content)
    assert (report.verdict, codes(report)) == (Verdict.INCOMPLETE, {"not_established"})
    found = bundle.read_bundle(io.BytesIO(content))
    steps = [one.where.split("/")[1].split(".")[0] for one in report.findings() if one.code == "not_established"]
    auditor_row, _ = organisations.register(name="Auditor", country="SE", roles=["auditor"])
    auditor = organisations.on_behalf_of(auditor_row)
    from tests.services.market import urn
    from traceability.ledger import envelope, identifiers

    digests = [
        identifiers.digest_of(envelope.parse_envelope(found.read(bundle.statement_name(int(step)))).payload)
        for step in steps
    ]
    traded.say(
        auditor,
        "statement.attest",
        {"attestation": urn(), "statements": digests, "scope": ["matter"], "opinion": "conforms"},
    )
    again = verified(exported(traded.separator, traded.sold), Trust(auditors={auditor_row.urn: "A"}))  # type: ignore[attr-defined]
    assert (again.verdict, codes(again)) == (Verdict.VALID, set())


def test_an_auditor_with_mandates_recomputes_everything(traded: "Market") -> None:
    import datetime

    from traceability.services import organisations

    row, _ = organisations.register(name="Auditor", country="SE", roles=["auditor"])
    today = datetime.datetime.now(datetime.UTC).date()
    for giver in (traded.mine, traded.separator):
        organisations.give_mandate(
            actor=giver, holder=row, purpose="audit", valid_from=today, valid_until=today + datetime.timedelta(days=9)
        )
    report = verified(exported(organisations.on_behalf_of(row), traded.sold))  # type: ignore[attr-defined]
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())


def test_who_handed_a_lot_on_does_not_take_its_bundle(traded: "Market") -> None:
    from traceability.selectors.access import NotFound

    with pytest.raises(NotFound):
        exported(traded.mine, traded.sold)  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        exported(traded.separator, traded.kept)  # type: ignore[attr-defined]


def test_corrections_voids_keys_and_documents_travel(traded: "Market") -> None:
    from tests.services.market import day
    from traceability.services import evidence, organisations

    ore = traded.source(lot_number="ORE-2")
    document = evidence.store(actor=traded.mine, name="report.txt", content=b"Nd2O3 0.66 %")
    rows = ({"name": document.name, "media_type": document.media_type, "bytes": document.size_bytes,
             "sha256": f"sha256:{bytes(document.sha256).hex()}"},)  # fmt: skip
    new = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.65"}]}
    assay = traded.say(traded.mine, "lot.assay", {"lot": ore, "assay": new}, evidence=rows)
    assayed = format_moment(day(traded.days)[0])
    moments = {"occurred_from": assayed, "occurred_to": assayed, "utc_offset": "+00:00"}
    newer = {"lot": ore, "assay": {**new, "rows": [{"species": "Nd2O3", "content_pct": "0.64"}]}}
    traded.say(
        traded.mine, "statement.correct",
        {"replaces": assay.digest, "newest": assay.digest, "reason": "typed", "as": moments | {"body": newer}},
    )  # fmt: skip
    organisations.rotate_key(actor=traded.mine)
    hold = traded.say(traded.mine, "lot.hold", {"lot": ore, "reason": "waits"})
    assert hold.digest
    traded.say(traded.mine, "lot.release", {"lot": ore})
    content = exported(traded.mine, ore)
    report = verified(content)
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())
    documents = next(check for check in report.checks if check.name == "Documents")
    assert documents.sentence.endswith("1 of 1 attached documents match.")


def test_every_reading_of_values_of_others_is_logged(traded: "Market", caplog: pytest.LogCaptureFixture) -> None:
    """As on pages: who read, and of how many statements; never what."""
    import logging

    with caplog.at_level(logging.INFO, logger="lodestone.reads"):
        exported(traded.mine, traded.kept)  # type: ignore[attr-defined]
        assert not caplog.records  # all of it is his own
        content = exported(traded.separator, traded.sold)  # type: ignore[attr-defined]
    [record] = caplog.records
    fields = record.__dict__["fields"]
    assert fields["reader"] == str(traded.separator.organisation.pk)
    foreign = _foreign_with_values(content, traded.separator.organisation.urn)
    assert fields["statements"] == foreign > 0


def _foreign_with_values(content: bytes, reader: str) -> int:
    """The statements of others in a bundle that carry a disclosed value."""
    import json

    from traceability.ledger import closed, envelope

    found = bundle.read_bundle(io.BytesIO(content))
    disclosed = {name.removeprefix("disclosures/").removesuffix(".txt") for name in found.names("disclosures")}
    payloads = [envelope.parse_envelope(found.read(name)).payload for name in found.names("statements")]
    contents = [json.loads(payload) for payload in payloads]
    return sum(
        one["issuer"] != reader and bool(disclosed & set(closed.closed_digests(one).values())) for one in contents
    )


def test_a_share_table_of_more_than_100_rows_travels(traded: "Market") -> None:
    """What was concentrated out of 51 sources of two elements each: declared, sold, used and verified."""
    from epd.factors import shipped_factors
    from epd.models import ShareTable
    from epd.services import declarations, factors, results
    from epd.verifier.checks import ALL_CHECKS
    from tests.services.market import BENEFICIATION, NOTHING_USED, urn
    from tests.services.test_door import correction_body
    from traceability.services import acceptance
    from traceability.services.clock import now

    factors.by_digest.cache_clear()
    factors.publish(actor=traded.operator, factors=shipped_factors())
    rows = [{"species": "Nd2O3", "content_pct": "0.66"}, {"species": "Pr6O11", "content_pct": "0.2"}]
    ores, made, used = [urn() for _ in range(51)], urn(), urn()
    bodies = [traded.source_body(ore, assay={"basis": "dry_mass", "rows": rows}) for ore in ores]
    acceptance.accept(actor=traded.mine, submissions=[traded.act(traded.mine, "lot.source", body) for body in bodies])
    output = {"lot": made, "material": "concentrate", "stage": "concentrate", "class": "product", "mass_kg": "3000"}
    content = {"basis": "dry_mass", "rows": [{**rows[0], "content_pct": "11"}, {**rows[1], "content_pct": "3.3"}]}
    step = {"outputs": [output | {"assay": content}], "inventory": [NOTHING_USED]}
    body = traded.transform_body(dict.fromkeys(ores, "1000"), made, **step)
    traded.say(traded.mine, "lot.transform", body, process=BENEFICIATION)
    receipt = results.publish_result(actor=traded.mine, lot=traded.lot(made))
    [table] = ShareTable.objects.all()
    figures = results.newest_result(made)
    assert figures is not None
    assert figures[1].shares is not None
    assert len(figures[1].shares.totals) == 51
    again = results.body_of(made, factors.newest_digest(traded.mine.organisation.pk)) | {
        "period": {"from": "2026-01-01", "to": "2026-06-30"}
    }
    traded.say(traded.mine, "statement.correct", correction_body(receipt, again), occurred=(now(), now()))
    assert ShareTable.objects.filter(root=bytes(table.root)).count() == 2
    declarations.publish(actor=traded.mine, lot=traded.lot(made), product="concentrate")
    body = traded.transform_body(
        {made: "3000"}, used, inventory=[NOTHING_USED], outputs=[output | {"lot": used, "assay": content}]
    )
    traded.say(traded.mine, "lot.transform", body, process=BENEFICIATION)
    results.publish_result(actor=traded.mine, lot=traded.lot(used))
    content_of = exported(traded.mine, used)
    found = bundle.read_bundle(io.BytesIO(content_of))
    assert found.names("tables") == (f"tables/{bytes(table.root).hex()}.json",)
    trust = Trust(factor_publishers={traded.operator.organisation.urn: ""})
    report = run_file(io.BytesIO(content_of), trust, policy(), asked=Asked(), checks=ALL_CHECKS)
    assert report.verdict is not Verdict.INVALID
    figures_check = next(check for check in report.checks if check.name == "Declared figures")
    assert "recomputed" in figures_check.sentence
    assert not {one.code for one in figures_check.findings} & {"result_mismatch", "result_not_established"}
