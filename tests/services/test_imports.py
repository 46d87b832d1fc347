"""A lot of another record comes in by its verified bundle, once its sender there has signed second (ADR 33)."""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from traceability.ledger import bundle as bundles
from traceability.ledger.policy import parse_policy
from traceability.verifier.report import Asked, Verdict
from traceability.verifier.trust import Trust

if TYPE_CHECKING:
    from tests.services.elsewhere import Elsewhere
    from tests.services.market import Market

TODAY = datetime.now(UTC).date()


@pytest.fixture
def there(market: "Market") -> "Elsewhere":
    """Another record that is trusted, from which a lot was dispatched to the separator."""
    from tests.services.elsewhere import Elsewhere

    found = Elsewhere(market.separator.organisation.urn)
    found.trusted(market.operator.organisation)
    return found


def brought(market: "Market", content: bytes) -> Any:
    """The row of a bundle that the separator uploads, as it stands after the verification."""
    from traceability.services import foreign_bundles

    return foreign_bundles.run_small(
        foreign_bundles.upload(actor=market.separator, name="ore.custody.zip", content=content)
    )


def imported(market: "Market", there: "Elsewhere") -> Any:
    """The statement of an import that both signed."""
    from traceability.services import imports

    row = brought(market, there.content)
    request = imports.sign(actor=market.separator, bundle=row.pk, arrival=imports.Arrival(lot_number="FROM-1"))
    reply = there.countersigned(imports.file_of(request))
    return imports.finish(actor=market.separator, bundle=row.pk, content=reply)


def test_a_verified_bundle_shows_the_lot_and_what_the_verifier_says(market: "Market", there: "Elsewhere") -> None:
    row = brought(market, there.content)
    assert (row.state, row.code, row.origin) == ("verified", "", "log.example/there")
    assert row.report["verdict"] == "VALID"
    assert row.proven["mass_kg"] == "10"
    assert row.proven["shares"] == {"Nd": {there_source(): "1"}}
    assert row.proven["steps"] == [["separate", "MY", "oxide"]]


def there_source() -> str:
    from tests.verifier.builder import urn

    return urn("mined")


def test_a_lot_comes_in_when_both_have_signed(market: "Market", there: "Elsewhere") -> None:
    said = imported(market, there)
    lot = market.lot(there.lot)
    assert (lot.holder, lot.number, lot.stage, str(lot.mass_kg)) == (
        market.separator.organisation, "FROM-1", "oxide", "10.000",
    )  # fmt: skip
    assert lot.made_by == said


def test_the_same_answer_again_gives_the_same_statement(market: "Market", there: "Elsewhere") -> None:
    from traceability.services import imports

    row = brought(market, there.content)
    request = imports.sign(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    reply = there.countersigned(imports.file_of(request))
    first = imports.finish(actor=market.separator, bundle=row.pk, content=reply)
    assert imports.finish(actor=market.separator, bundle=row.pk, content=reply) == first


def test_what_is_signed_is_no_more_than_what_is_proven(market: "Market", there: "Elsewhere") -> None:
    from traceability.services import imports

    row = brought(market, there.content)
    lot, rehearsal = imports.prepare(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    assert lot.mass_kg == 10
    assert rehearsal.opened["mass_kg"] == "10"
    [content] = rehearsal.opened["assay"]["rows"]
    assert content["species"] == "Nd"
    assert content["content_pct"].startswith("84.8")


def test_where_it_is_from_is_told_by_the_other_record(market: "Market", there: "Elsewhere") -> None:
    from traceability.selectors import origins

    imported(market, there)
    found = origins.origins(market.separator, market.lot(there.lot), "Nd", TODAY)
    [row] = found.rows
    assert (row.source.source_class, row.source.country, row.range.expected) == ("mined", "AU", 1)


def test_rules_see_the_steps_and_sources_of_the_other_record(market: "Market", there: "Elsewhere") -> None:
    from traceability.selectors import rule_facts

    imported(market, there)
    lot = market.lot(there.lot)
    facts = rule_facts.facts_of(market.separator, [lot], TODAY)[lot.pk]
    assert [(one.activity, one.country) for one in facts.lot.all_steps] == [("mined", "AU"), ("separated", "MY")]
    assert facts.shares is not None
    [way] = facts.shares["Nd"]
    assert way.steps == (("mined", "AU"), ("separated", "MY"))


def test_who_may_not_read_the_bundle_is_told_no_origin(market: "Market", there: "Elsewhere") -> None:
    from traceability.selectors import origins

    imported(market, there)
    to = {"lot": there.lot, "to": market.mine.organisation.urn, "mass_kg": "10", "tolerance_pct": "0.05"}
    market.days = 300
    market.say(market.separator, "lot.dispatch", to)
    found = origins.origins(market.mine, market.lot(there.lot), "Nd", TODAY)
    assert [row.source.source_class for row in found.rows] == ["unknown"]


def test_a_log_that_is_not_trusted_is_refused_and_may_be_trusted_later(market: "Market") -> None:
    from tests.services.elsewhere import Elsewhere
    from traceability.services import foreign_bundles

    other = Elsewhere(market.separator.organisation.urn)
    row = brought(market, other.content)
    assert (row.state, row.code) == ("refused", "log_not_trusted")
    other.trusted(market.operator.organisation)
    again = foreign_bundles.run_small(foreign_bundles.verify_again(actor=market.separator, bundle=row.pk))
    assert again.state == "verified"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"dispatched": False}, "not_dispatched"),
        ({"origin": "log.example/third"}, "dispatched_elsewhere"),
        ({"to": "urn:uuid:00000000-0000-7000-8000-000000000001"}, "dispatched_elsewhere"),
        ({"hidden": True}, "mass_withheld"),
    ],
)
def test_a_bundle_that_proves_no_lot_for_us_is_refused(market: "Market", changes: dict[str, Any], code: str) -> None:
    from tests.services.elsewhere import Elsewhere

    other = Elsewhere(**{"to": market.separator.organisation.urn, **changes})
    other.trusted(market.operator.organisation)
    row = brought(market, other.content)
    assert (row.state, row.code) == ("refused", code)


def test_one_changed_byte_is_found(market: "Market", there: "Elsewhere") -> None:
    at = there.content.index(b'"payload":"') + 100
    broken = there.content[:at] + (b"B" if there.content[at : at + 1] == b"A" else b"A") + there.content[at + 1 :]
    row = brought(market, broken)
    assert (row.state, row.code) == ("refused", "bundle_invalid")


def test_what_is_no_bundle_is_refused_at_once_or_by_the_verifier(market: "Market", there: "Elsewhere") -> None:
    from traceability.services.foreign_bundles import NotABundle

    with pytest.raises(NotABundle):
        brought(market, b"%PDF-1.7")
    assert brought(market, b"PK\x03\x04 and nothing more").code == "bundle_invalid"


def test_nobody_sees_what_another_organisation_brought(market: "Market", there: "Elsewhere") -> None:
    from traceability.selectors import foreign_lots
    from traceability.selectors.access import NotFound

    row = brought(market, there.content)
    with pytest.raises(NotFound):
        foreign_lots.bundle(market.mine, row.pk)
    assert not foreign_lots.bundles(market.mine).exists()


def test_the_same_bundle_again_is_the_same_row(market: "Market", there: "Elsewhere") -> None:
    assert brought(market, there.content).pk == brought(market, there.content).pk


def test_a_lot_comes_in_once(market: "Market", there: "Elsewhere") -> None:
    from traceability.services import imports

    row = brought(market, there.content)
    imports.sign(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    with pytest.raises(imports.ImportBegun):
        imports.sign(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    imports.take_back(actor=market.separator, bundle=row.pk)
    imported(market, there)
    with pytest.raises(imports.ImportBegun):
        imports.prepare(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    with pytest.raises(imports.ImportRecorded):
        imports.take_back(actor=market.separator, bundle=row.pk)


def test_without_trust_nothing_more_comes_in_and_what_is_here_stays(market: "Market", there: "Elsewhere") -> None:
    from tests.services.elsewhere import Elsewhere, operator_of
    from traceability.models import TrustedLog
    from traceability.services import imports, trusted_logs
    from traceability.services.trusted_logs import LogNotTrusted

    imported(market, there)
    other = Elsewhere(market.separator.organisation.urn, lot_name="second")
    row = brought(market, other.content)
    request = imports.sign(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    operator = operator_of(market.operator.organisation)
    trusted_logs.revoke(actor=operator, log=TrustedLog.objects.get().pk, reason="keys stolen")
    with pytest.raises(LogNotTrusted):
        imports.finish(actor=market.separator, bundle=row.pk, content=other.countersigned(imports.file_of(request)))
    lot = there.lot
    body = {"lot": lot, "reason": "looked at"}
    market.days = 300
    market.say(market.separator, "lot.hold", body)


def test_new_keys_of_a_log_ask_for_a_new_verification(market: "Market", there: "Elsewhere") -> None:
    from tests.services.elsewhere import operator_of
    from traceability.acceptance.errors import BundleNotVerified
    from traceability.models import TrustedLog
    from traceability.services import foreign_bundles, imports, trusted_logs

    row = brought(market, there.content)
    operator = operator_of(market.operator.organisation)
    trusted_logs.revoke(actor=operator, log=TrustedLog.objects.get().pk, reason="new keys")
    there.trusted(market.operator.organisation)
    with pytest.raises(BundleNotVerified):
        imports.prepare(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    foreign_bundles.run_small(foreign_bundles.verify_again(actor=market.separator, bundle=row.pk))
    imports.prepare(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())


def test_another_answer_or_one_without_the_second_signature_is_refused(market: "Market", there: "Elsewhere") -> None:
    from tests.services.elsewhere import Elsewhere
    from traceability.ledger.errors import RecordError
    from traceability.services import imports

    row = brought(market, there.content)
    request = imports.sign(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    other = Elsewhere(market.separator.organisation.urn, lot_name="second")
    second = imports.sign(actor=market.separator, bundle=brought(market, other.content).pk, arrival=imports.Arrival())
    for content, code in (
        (imports.file_of(request), "not_the_reply"),
        (other.countersigned(imports.file_of(second)), "not_the_reply"),
        (b"{}", "not_an_import"),
        (b"\xff", "not_an_import"),
    ):
        with pytest.raises(RecordError) as refused:
            imports.finish(actor=market.separator, bundle=row.pk, content=content)
        assert refused.value.code == code


def test_a_day_before_the_dispatch_is_refused(market: "Market", there: "Elsewhere") -> None:
    from datetime import date

    from traceability.services import imports

    row = brought(market, there.content)
    for day in (date(2026, 10, 1), date(2099, 1, 1)):
        with pytest.raises(imports.BadArrival):
            imports.prepare(actor=market.separator, bundle=row.pk, arrival=imports.Arrival(on=day))


def test_a_bundle_on_which_an_import_rests_is_kept(market: "Market", there: "Elsewhere") -> None:
    from traceability.services import foreign_bundles

    imported(market, there)
    row = brought(market, there.content)
    with pytest.raises(foreign_bundles.BundleInUse):
        foreign_bundles.discard(actor=market.separator, bundle=row.pk)


def test_a_program_sends_the_whole_statement_to_the_door(market: "Market", there: "Elsewhere") -> None:
    """Whoever signs elsewhere uploads the bundle first; without it the door refuses."""
    from traceability.acceptance.errors import BundleNotVerified
    from traceability.models import Evidence
    from traceability.services import acceptance, import_file, imports
    from traceability.services.submissions import SignedSubmission

    row = brought(market, there.content)
    request = imports.sign(actor=market.separator, bundle=row.pk, arrival=imports.Arrival())
    reply = import_file.read(there.countersigned(imports.file_of(request)))
    request.delete()
    from traceability.ledger.envelope import encode_envelope
    from traceability.services import foreign_bundles

    whole = SignedSubmission(encode_envelope(reply.envelope), reply.disclosures)
    foreign_bundles.discard(actor=market.separator, bundle=row.pk)
    with pytest.raises(BundleNotVerified):
        acceptance.accept(actor=market.separator, submissions=[whole])
    brought(market, there.content)
    acceptance.accept(actor=market.separator, submissions=[whole])
    assert market.lot(there.lot).holder == market.separator.organisation
    assert Evidence.objects.filter(organisation=market.separator.organisation, name="ore.custody.zip").exists()
    with pytest.raises(foreign_bundles.BundleInUse):
        foreign_bundles.discard(actor=market.separator, bundle=brought(market, there.content).pk)


@pytest.fixture
def made(ledger_db: dict[str, str]) -> tuple["Market", "Elsewhere", str]:
    """Metal that was made of an imported lot, with its result, in a real log."""
    from django.utils import timezone

    from epd.factors import shipped_factors
    from epd.services import factors, results
    from tests.services.elsewhere import Elsewhere
    from tests.services.market import open_market, urn
    from traceability.ledger.statement import ProcessStep
    from traceability.services import integrator

    market = open_market()
    factors.by_digest.cache_clear()
    factors.publish(actor=market.operator, factors=shipped_factors())
    there = Elsewhere(market.separator.organisation.urn)
    there.trusted(market.operator.organisation)
    imported(market, there)
    metal, now = urn(), timezone.now().replace(microsecond=0)
    output = {
        "lot": metal, "material": "metal", "stage": "metal", "class": "product", "mass_kg": "8",
        "assay": {"basis": "dry_mass", "rows": [{"species": "Nd", "content_pct": "99"}]},
    }  # fmt: skip
    used = {"flow": "electricity", "role": "electricity", "amount": "100", "unit": "kWh", "basis": "metered",
            "factors": ["grid.us.2023"]}  # fmt: skip
    body = {"inputs": [{"lot": there.lot, "mass_kg": "10"}], "outputs": [output], "inventory": [used],
            "losses": [{"kind": "slag", "mass_kg": "2"}]}  # fmt: skip
    market.say(market.separator, "lot.transform", body, process=(ProcessStep("reduce", "EE"),), occurred=(now, now))
    results.publish_results(actor=market.separator, lots=[market.lot(metal)])
    integrator.drain()
    return market, there, metal


def verified(content: bytes, there: "Elsewhere") -> Any:
    """The report of a reader who trusts both logs."""
    from epd.verifier.checks import ALL_CHECKS
    from traceability.selectors import log
    from traceability.verifier.checks import run_file

    own, foreign = log.own_policy().splitlines(), there.policy.splitlines()
    both = [*own[:3], *foreign[:2], foreign[2].replace("witness time", "witness there"), own[3], ""]
    policy = parse_policy("\n".join(both).encode())
    return run_file(io.BytesIO(content), Trust(), policy, asked=Asked(), checks=ALL_CHECKS)


def sentence(report: Any, name: str) -> str:
    return next(str(one.sentence) for one in report.checks if one.name == name)


def test_what_is_exported_of_it_carries_the_bundle_and_verifies(made: tuple["Market", "Elsewhere", str]) -> None:
    from tests.services.test_export import exported

    market, there, metal = made
    content = exported(market.separator, metal)
    assert bundles.evidence_name(there.digest) in bundles.read_bundle(io.BytesIO(content)).members
    report = verified(content, there)
    assert report.verdict is not Verdict.INVALID, [one for one in report.findings() if one.level]
    assert "result_mismatch" not in {one.code for one in report.findings()}
    assert sentence(report, "Shares and recycled content") == "Recomputed, of total rare earths: 100.0 % AU."
    assert "recomputed" in sentence(report, "Declared figures")
    assert sentence(report, "Independent witness").startswith("Your policy asks for no witness")


def test_the_ledger_is_checked_after_the_trust_has_ended(made: tuple["Market", "Elsewhere", str]) -> None:
    from traceability.services import trusted_logs
    from traceability.services.index_check import check_index
    from traceability.services.ledger_check import check_ledger

    trusted_logs.revoke_by_command(origin="log.example/there", reason="keys stolen")
    assert list(check_index()) == []
    assert list(check_ledger()) == []


def test_without_the_bundle_shares_are_not_established_and_nothing_is_invalid(
    made: tuple["Market", "Elsewhere", str],
) -> None:
    from tests.services.test_export import exported

    market, there, metal = made
    whole = bundles.read_bundle(io.BytesIO(exported(market.separator, metal)))
    left_out = {bundles.MANIFEST_NAME, bundles.README_NAME, bundles.evidence_name(there.digest)}
    members = {name: whole.read(name) for name in whole.members if name not in left_out}
    content = b"".join(bundles.write_bundle(members, target=whole.target, custody_hash=whole.custody_hash))
    report = verified(content, there)
    assert report.verdict is Verdict.INCOMPLETE, [one for one in report.findings() if one.level]
    assert {"import_not_established", "result_not_established"} <= {one.code for one in report.findings()}


def test_who_may_not_read_the_bundle_exports_without_it(made: tuple["Market", "Elsewhere", str]) -> None:
    from tests.services.test_export import exported
    from traceability.services import integrator

    market, there, metal = made
    market.days = 400
    to = {"lot": metal, "to": market.mine.organisation.urn, "mass_kg": "8", "tolerance_pct": "0.05"}
    market.say(market.separator, "lot.dispatch", to)
    integrator.drain()
    content = exported(market.mine, metal)
    assert bundles.evidence_name(there.digest) not in bundles.read_bundle(io.BytesIO(content)).members
    report = verified(content, there)
    assert report.verdict is Verdict.INCOMPLETE, [one for one in report.findings() if one.level]
    assert {"import_not_established"} <= {one.code for one in report.findings()}


@pytest.fixture
def sent(market: "Market") -> tuple["Market", str, bytes]:
    """A lot that the mine dispatched into another record, and the file that its importer there signed first."""
    from datetime import UTC, datetime, timedelta

    from tests.services.elsewhere import THERE
    from tests.verifier.builder import Log
    from traceability.acceptance.imports import dispatched_lot
    from traceability.ledger import envelope, identifiers
    from traceability.services import import_file, rows_world

    there = Log(THERE, "importing")
    importer = there.register("importer")
    ore = market.source()
    to = {"origin": THERE, "organisation": importer.urn}
    market.say(market.mine, "lot.dispatch", {"lot": ore, "to": to, "mass_kg": "1000", "tolerance_pct": "0.05"})
    lot = dispatched_lot(rows_world.reader(), ore)
    assert lot is not None
    [public_key] = lot.keys.values()
    body = {
        "lot": ore, "material": lot.material, "stage": lot.stage, "mass_kg": "1000", "log": lot.log,
        "organisation": lot.sender, "dispatch": lot.dispatch, "custody_hash": lot.custody_hash,
        "bundle": identifiers.digest_of(b"bundle"), "public_key": identifiers.b64url_encode(public_key),
    }  # fmt: skip

    class Absent:
        """The sender's key, which only his record holds."""

        def __init__(self) -> None:
            self.public_key = public_key

        def sign(self, message: bytes) -> bytes:
            return bytes(64)

    there.now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    said = there.say(importer, "lot.import", body, cosigned=[(PartyOf(lot.sender), Absent())])  # type: ignore[list-item]
    sealed = envelope.parse_envelope(said.envelope)
    first = envelope.Envelope(sealed.payload, sealed.signatures[:1])
    return market, ore, import_file.write(envelope.encode_envelope(first), list(said.disclosures.values()))


class PartyOf:
    """An organisation by its urn."""

    def __init__(self, urn: str) -> None:
        self.urn = urn


def test_the_sender_signs_second_what_his_dispatch_says(sent: tuple["Market", str, bytes]) -> None:
    from traceability.ledger.envelope import pae
    from traceability.ledger.signing import verify
    from traceability.services import countersigning, import_file

    market, ore, file = sent
    asked = countersigning.check(actor=market.mine, content=file)
    assert (asked.lot.lot, asked.file.opened["mass_kg"]) == (ore, "1000")
    row = countersigning.sign(actor=market.mine, content=file)
    back = import_file.read(countersigning.file_of(row))
    verify(asked.lot.keys[asked.key], pae(back.envelope.payload), back.envelope.signatures[1].sig)
    assert countersigning.sign(actor=market.mine, content=file) == row
    assert countersigning.sign(actor=market.mine, content=countersigning.file_of(row)) == row


def test_nobody_else_signs_it_and_nothing_after_the_dispatch_ended(sent: tuple["Market", str, bytes]) -> None:
    from traceability.services import countersigning

    market, ore, file = sent
    with pytest.raises(countersigning.NotYourDispatch):
        countersigning.check(actor=market.separator, content=file)
    market.say(market.mine, "lot.dispatch_cancel", {"lot": ore, "reason": "it never left"})
    with pytest.raises(countersigning.NotYourDispatch):
        countersigning.sign(actor=market.mine, content=file)


def test_a_mass_that_is_not_told_is_not_signed(sent: tuple["Market", str, bytes]) -> None:
    import json

    from traceability.services import countersigning

    market, _ore, file = sent
    value = json.loads(file)
    del value["disclosures"]
    with pytest.raises(countersigning.MassNotTold):
        countersigning.check(actor=market.mine, content=json.dumps(value).encode())


def test_a_log_is_trusted_and_listed_by_a_command(market: "Market", tmp_path: Any) -> None:
    from django.core.management import CommandError, call_command

    from tests.services.elsewhere import Elsewhere
    from traceability.models import TrustedLog

    policy = tmp_path / "policy"
    policy.write_text(Elsewhere(market.separator.organisation.urn).policy)
    for _ in range(2):
        out = io.StringIO()
        call_command("trust_log", policy=policy, name="There", stdout=out)
        assert out.getvalue().startswith("log.example/there  There")
    assert TrustedLog.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("trust_log", revoke="log.example/there", stdout=io.StringIO())
    out = io.StringIO()
    call_command("trust_log", revoke="log.example/there", reason="keys stolen", stdout=out)
    assert out.getvalue() == ""
