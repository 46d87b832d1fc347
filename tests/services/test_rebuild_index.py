"""The index can be made again from the signed bytes; whatever was changed in it is named, and mended."""

from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from epd.factors import shipped_factors
from epd.models import Declaration, FactorRow, FactorSetRow, LotResultRow, ShareTable
from epd.services import declarations, factors, results
from tests.services.market import BENEFICIATION, NOTHING_USED, Market, open_market, urn
from tests.services.test_door import correction_body
from traceability.models import (
    Disclosure,
    Facility,
    Finding,
    KeyEntry,
    Lot,
    LotAccess,
    LotEdge,
    Organisation,
    Statement,
    StepInProcess,
    SubjectHead,
    Version,
)
from traceability.models.log import INDEX_VERSION, LogState
from traceability.services import acceptance, index_upgrade, organisations, world_queries
from traceability.services.index_check import check_index
from traceability.services.ledger_check import check_ledger

pytestmark = pytest.mark.usefixtures("told")


@pytest.fixture
def told(ledger_db: dict[str, str]) -> Market:
    """A market in which a bit of everything was said, with real commits."""
    factors.by_digest.cache_clear()
    market = open_market()
    factors.publish(actor=market.operator, factors=shipped_factors())
    ore, part, made, rest = urn(), urn(), urn(), urn()
    source = market.say(market.mine, "lot.source", market.source_body(ore))
    organisations.attest(actor=market.operator, organisation=market.mine.organisation.pk, checked=["identity"])
    market.split(ore, {part: "400"}, drawn="400")
    leaner = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.65"}]}
    market.say(market.mine, "statement.correct", correction_body(source, market.source_body(ore, assay=leaner)))
    market.split(ore, {rest: "600"}, drawn="600")
    market.send(part, "400")
    market.say(market.mine, "lot.dispatch_cancel", {"lot": part, "reason": "wrong customer"})
    dispatch = market.send(part, "400")
    market.take(part, dispatch.digest, "390", "beyond")
    market.say(market.separator, "lot.settle", {"lot": part, "mass_kg": "390"})
    wip = [{"species": "Nd", "mass_kg": "0.1"}]
    body = market.transform_body({rest: "100"}, made, wip_change=wip, inventory=[NOTHING_USED])
    body["outputs"][0]["mass_kg"] = "4"
    step = market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    results.publish_results(actor=market.mine, lots=[market.lot(one) for one in (ore, rest, made)])
    acts = [
        market.act(market.mine, "lot.hold", {"lot": made, "reason": "sample"}),
        market.act(market.mine, "lot.release", {"lot": made}),
    ]
    acceptance.accept(actor=market.mine, submissions=acts)
    organisations.rotate_key(actor=market.mine)
    body = {"attestation": urn(), "statements": [step.digest], "scope": ["matter"], "opinion": "conforms"}
    market.say(market.operator, "statement.attest", body)
    facility = {"facility": urn(), "country": "US", "name": "Works 2"}
    gone = market.say(market.mine, "facility.register", facility)
    market.say(market.mine, "statement.void", {"voids": gone.digest, "reason": "never built"})
    market.say(market.mine, "lot.recall", {"lot": ore, "reason": "thorium"})
    market.split(made, {urn(): "1"}, drawn="1")  # recalled too
    declaration, _ = declarations.publish(actor=market.mine, lot=market.lot(made), product="concentrate")
    declarations.withdraw(actor=market.mine, declaration=declaration, reason="recalled")
    return market


def differences(**options: Any) -> list[str]:
    return [str(one) for one in check_index(**options)]


def test_the_index_is_what_the_signed_bytes_give() -> None:
    before = Lot.objects.count()
    assert differences() == []
    assert Lot.objects.count() == before > 0  # the real tables were there all the time, and are again


def change_a_mass() -> None:
    Lot.objects.filter(state="held").update(remaining_kg=Decimal("123456"))


def change_a_holder() -> None:
    other = Organisation.objects.get(name="Baltika Metals")
    Lot.objects.exclude(holder=other).update(holder=other)


def change_a_record() -> None:
    lot = Lot.objects.exclude(record__stock=None).first()
    assert lot
    lot.record["stock"]["drawn_kg"] = "0.5"
    lot.save()


def change_an_edge() -> None:
    LotEdge.objects.update(mass_kg=Decimal(1), voided=True)


def forget_a_head() -> None:
    SubjectHead.objects.filter(opened_by="lot.source").delete()


def revive_a_key() -> None:
    KeyEntry.objects.exclude(ended=None).update(ended=None)


def bring_back_a_facility() -> None:
    Facility.objects.update(voided=False, name="Works of another")


def let_a_stranger_see() -> None:
    lot = Lot.objects.get(state="closed")
    LotAccess.objects.create(organisation=Organisation.objects.get(name="Baltika Metals"), lot=lot, sees="customer")


def forget_a_correction() -> None:
    Version.objects.filter(withdrawn=False).delete()


def rename_an_organisation() -> None:
    Organisation.objects.filter(name="Juniper Flat").update(name="Juniper Gold", country="AQ", roles=["auditor"])


def forget_work_in_process() -> None:
    StepInProcess.objects.all().delete()


def forget_a_finding() -> None:
    assert Finding.objects.filter(code="settled_alone").delete()[0] == 1


def forget_a_recall() -> None:
    assert Finding.objects.filter(code="recall").delete()[0] > 2


def blame_a_lot() -> None:
    row = Statement.objects.filter(kind="lot.source").first()
    Finding.objects.create(statement=row, lot=None, code="recall", sentence="It glows.")


def forget_a_result() -> None:
    LotResultRow.objects.all().delete()


def revive_a_declaration() -> None:
    Declaration.objects.update(status="published", gwp_ghg=Decimal("0.1"))


CHANGES = [
    forget_a_finding, forget_a_recall, blame_a_lot, forget_a_result, revive_a_declaration,
    change_a_mass, change_a_holder, change_a_record, change_an_edge, forget_a_head, revive_a_key, bring_back_a_facility,
    let_a_stranger_see, forget_a_correction, rename_an_organisation, forget_work_in_process,
]  # fmt: skip


def test_every_change_of_the_index_is_named_and_mended() -> None:
    for change in CHANGES:
        change()
        assert differences(), change.__name__
        assert differences(write=True), change.__name__
        assert differences() == [], change.__name__


def test_a_confidential_value_stands_in_its_place_and_group() -> None:
    Disclosure.objects.filter(path="/body/mass_kg").update(group="names")
    found = differences()
    assert len(found) == Disclosure.objects.filter(path="/body/mass_kg").count()
    assert all("confidential value" in one for one in found)


def test_a_balance_that_does_not_hold_is_found(told: Market) -> None:
    """A value that somebody exchanged with its salt and digest does not fit the signed digest any more."""
    row = Disclosure.objects.filter(path="/body/outputs/0/mass_kg").first()
    assert row
    Disclosure.objects.filter(pk=row.pk).update(text=None)
    found = differences()
    assert any(one.startswith(f"statement {row.statement_id} ") for one in found)


def test_the_command_says_what_it_found() -> None:
    out = StringIO()
    call_command("rebuild_index", "--check", stdout=out, stderr=StringIO())
    assert "The index is what the signed bytes give." in out.getvalue()
    change_a_mass()
    with pytest.raises(SystemExit):
        call_command("rebuild_index", stdout=out, stderr=StringIO())
    call_command("rebuild_index", "--write", stdout=out, stderr=StringIO())
    assert differences() == []


def test_an_update_makes_the_index_anew_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    change_a_mass()
    call_command("migrate", verbosity=0)
    assert differences() != [], "an index of this version is left alone"
    LogState.objects.update(index_version=0)
    index_upgrade.after_migrate(apps=apps, plan=[])
    index_upgrade.after_migrate(apps=apps, plan=[("a migration", True)])
    assert differences() != [], "nothing was migrated forwards"
    index_upgrade.after_migrate(apps=apps, plan=[("a migration", False)])
    assert differences() == []
    assert LogState.objects.get().index_version == INDEX_VERSION
    monkeypatch.setattr(index_upgrade, "check_index", lambda **options: pytest.fail("it is of this version"))
    assert index_upgrade.catch_up() is None


def test_verify_ledger_judges_every_statement_too() -> None:
    assert [str(one) for one in check_ledger()] == []
    change_a_mass()
    assert any("remaining_kg" in str(one) for one in check_ledger())


def exchange_a_factor() -> None:
    row = FactorRow.objects.first()
    assert row
    FactorRow.objects.filter(pk=row.pk).update(canonical=bytes(row.canonical).replace(b"1", b"2"))


def forget_a_factor() -> None:
    FactorRow.objects.filter(pk=FactorRow.objects.latest("pk").pk).delete()


def exchange_two_names() -> None:
    first, second = FactorRow.objects.order_by("pk")[:2]
    names = first.factor_id, second.factor_id
    for row, name in ((first, "x"), (second, names[0]), (first, names[1])):
        FactorRow.objects.filter(pk=row.pk).update(factor_id=name)


def rename_a_set() -> None:
    FactorSetRow.objects.update(version="2")


def bring_in_a_table() -> None:
    row = Statement.objects.filter(kind="lot.result").first()
    ShareTable.objects.create(statement=row, root=bytes(32), content=b"[]")


def test_what_only_a_root_tells_is_compared_with_it() -> None:
    for change in (bring_in_a_table, exchange_two_names, rename_a_set, forget_a_factor, exchange_a_factor):
        change()
        factors.by_digest.cache_clear()
        named = "(lot.result)" if change is bring_in_a_table else "(factors.publish)"
        assert any(named in one for one in differences()), change.__name__
        ShareTable.objects.all().delete()


def test_an_exchanged_or_lost_confidential_value_is_named() -> None:
    row, other = Disclosure.objects.filter(path="/body/mass_kg").order_by("pk")[:2]
    assert row.text
    for text in (row.text[:-4] + "AAAA", "no disclosure", other.text):
        Disclosure.objects.filter(pk=row.pk).update(text=text)
        assert any(one.startswith(f"statement {row.statement_id} ") for one in differences()), text
    Disclosure.objects.filter(pk=row.pk).delete()
    assert any(one.startswith(f"statement {row.statement_id} ") for one in differences())


def test_bytes_that_cannot_be_read_are_named() -> None:
    row = Statement.objects.get(kind="lot.hold")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    Statement.objects.filter(pk=row.pk).update(envelope=bytes(row.envelope)[:-1] + b"]")
    assert any(one.startswith(f"statement {row.pk} (lot.hold)") for one in differences())


def test_a_published_checkpoint_that_is_gone_ends_no_check() -> None:
    assert world_queries.log_of([(107, 5, None, None)]) == world_queries.LogNow(107, 5, None)
