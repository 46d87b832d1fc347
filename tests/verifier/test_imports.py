"""Lots of another log: its bundle lies in ours, is verified in it, and nothing more is believed than it proves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest

from tests.verifier.builder import Log, Party, codes, pack, signer, urn, verify
from tests.verifier.stories import NOBODY, assay, draws, lot
from traceability.ledger import bundle, identifiers
from traceability.ledger.policy import Policy, parse_policy
from traceability.verifier.report import Report, Verdict

HERE, THERE = "log.example/here", "log.example/there"
ORE = {"material": "oxide", "stage": "oxide", "assay": assay(Nd2O3="99")}
Change = Callable[[dict[str, Any]], Mapping[str, Any]]


@dataclass
class Two:
    """A log from which a lot was dispatched, its bundle, and the log into which it is taken."""

    there: Log
    here: Log
    sender: Party
    importer: Party
    content: bytes
    dispatch: str

    @property
    def digest(self) -> str:
        return identifiers.digest_of(self.content)

    def body(self, **changes: Any) -> dict[str, Any]:
        key = identifiers.b64url_encode(self.sender.key.public_key)
        proven = {"log": THERE, "organisation": self.sender.urn, "dispatch": self.dispatch, "bundle": self.digest,
                  "custody_hash": self.there.heads[urn("ore")].custody_hash, "public_key": key}  # fmt: skip
        return {"lot": urn("ore"), "mass_kg": "10", **ORE, **proven, **changes}

    def take_in(self, *, by: Party | None = None, key: Any = None, **changes: Any) -> None:
        """The import, and a step in which the lot is used up."""
        importer, body = by or self.importer, self.body(**changes)
        cosigned = [(Party("sender", key or self.sender.key), key or self.sender.key)]
        self.here.say(importer, "lot.import", body, cosigned=cosigned)
        outputs = [lot("metal", "8", stage="metal", **{"class": "product"}, assay=assay(Nd="99"))]
        step = {"inputs": draws(ore="10"), "outputs": outputs, "losses": [{"kind": "slag", "mass_kg": "2"}]}
        self.here.say(importer, "lot.transform", step, process=[("reduce", "EE")])
        self.here.commit()

    def report(self, *, without: bool = False, policy: Policy | None = None, content: bytes = b"") -> Report:
        members = self.here.members()
        if not without:
            members[bundle.evidence_name(self.digest)] = content or self.content
        packed = pack(members, urn("metal"), self.here.heads[urn("metal")].custody_hash)
        return verify(packed, NOBODY, policy or self.policy())

    def policy(self) -> Policy:
        lines = [f"log {key.key}" for log in (self.here, self.there) for key in log.signers[:2]]
        lines += [f"witness time{n} {log.signers[2].key}" for n, log in enumerate((self.here, self.there))]
        return parse_policy("\n".join([*lines, "quorum none", ""]).encode())


def two(*, to: Mapping[str, str] | None = None, received: bool = True, hidden: bool = False) -> Two:
    there, here = Log(THERE, "there"), Log(HERE, "here")
    sender = there.register("sender")
    importer = here.register("importer")
    there.say(sender, "lot.source", lot("ore", "10", origin="mined", country="AU", **ORE))
    sent = {"lot": urn("ore"), "to": to or {"origin": HERE, "organisation": importer.urn}, "mass_kg": "10",
            "tolerance_pct": "0.05"}  # fmt: skip
    said = there.say(sender, "lot.dispatch", sent) if received else None
    there.commit()
    disclosed = [one for said in there.said for one in said.disclosures] if hidden else []
    members = there.members(hidden=disclosed)
    content = pack(members, urn("ore"), there.heads[urn("ore")].custody_hash)
    return Two(there, here, sender, importer, content, said.digest if said else "sha256:" + "0" * 64)


def told(report: Report, name: str) -> str:
    return next(check.sentence for check in report.checks if check.name == name)


def test_an_imported_lot_has_the_origin_that_its_bundle_proves() -> None:
    case = two()
    case.take_in()
    report = case.report()
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())
    assert told(report, "Shares and recycled content") == "Recomputed, of total rare earths: 100.0 % AU."


def test_without_its_bundle_nothing_is_known_of_it() -> None:
    case = two()
    case.take_in()
    report = case.report(without=True)
    assert report.verdict is Verdict.INCOMPLETE
    assert "import_not_established" in codes(report)
    assert "AU" not in told(report, "Shares and recycled content")


def test_a_log_that_the_reader_does_not_trust_proves_nothing() -> None:
    case = two()
    case.take_in()
    report = case.report(policy=case.here.policy())
    assert report.verdict is Verdict.INVALID
    assert "import_invalid" in codes(report)


def test_one_changed_byte_in_the_other_bundle_is_found() -> None:
    case = two()
    case.take_in()
    at = case.content.index(b'"payload":"') + 100
    broken = case.content[:at] + (b"B" if case.content[at : at + 1] == b"A" else b"A") + case.content[at + 1 :]
    report = case.report(content=broken)
    assert report.verdict is Verdict.INVALID
    assert "import_invalid" in codes(report)


def test_values_that_the_other_bundle_withholds_are_not_known_here() -> None:
    case = two(hidden=True)
    case.take_in()
    report = case.report()
    assert report.verdict is Verdict.INCOMPLETE
    assert "import_not_established" in codes(report)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"material": "magnets"}, "import_refused"),
        ({"stage": "metal"}, "import_refused"),
        ({"dispatch": "sha256:" + sha256(b"another").hexdigest()}, "import_refused"),
        ({"custody_hash": "sha256:" + sha256(b"another").hexdigest()}, "import_refused"),
        ({"mass_kg": "10.001"}, "import_refused"),
        ({"mass_kg": "9.999"}, "import_refused"),
        ({"assay": assay(Nd2O3="99.1")}, "import_refused"),
        ({"assay": assay(Nd2O3="90", Dy2O3="1")}, "import_refused"),
        ({"organisation": urn("importer")}, "import_refused"),
        ({"log": HERE}, "import_refused"),
    ],
)
def test_more_or_other_than_the_bundle_proves_is_refused(changes: dict[str, Any], code: str) -> None:
    case = two()
    case.take_in(**changes)
    report = case.report()
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


def test_a_lower_content_may_be_stated() -> None:
    """Whoever weighs and assays anew may find less; never more."""
    case = two()
    case.take_in(assay=assay(Nd2O3="98.9"))
    assert case.report().verdict is Verdict.VALID


def test_a_key_that_is_not_the_senders_is_refused() -> None:
    case = two()
    other = signer("somebody else")
    case.take_in(key=other, public_key=identifiers.b64url_encode(other.public_key))
    report = case.report()
    assert report.verdict is Verdict.INVALID
    assert "import_refused" in codes(report)


def test_nobody_but_the_sender_signs_second() -> None:
    for names in ([], ["importer"]):
        case = two()
        parties = [(Party(name, case.sender.key), case.sender.key) for name in names]
        case.here.say(case.importer, "lot.import", case.body(), cosigned=parties)
        case.here.commit()
        packed = pack(case.here.members() | {bundle.evidence_name(case.digest): case.content}, urn("ore"),
                      case.here.heads[urn("ore")].custody_hash)  # fmt: skip
        report = verify(packed, NOBODY, case.policy())
        assert report.verdict is Verdict.INVALID
        assert "wrong_cosigner" in codes(report)


def test_goods_that_went_to_others_are_not_taken_in() -> None:
    for to in (
        {"origin": HERE, "organisation": urn("sender")},
        {"origin": "log.example/third", "organisation": urn("x")},
    ):
        case = two(to=to)
        case.take_in()
        report = case.report()
        assert report.verdict is Verdict.INVALID
        assert "import_refused" in codes(report)


def test_a_lot_that_was_not_dispatched_is_not_taken_in() -> None:
    case = two(received=False)
    case.take_in()
    report = case.report()
    assert report.verdict is Verdict.INVALID
    assert "import_invalid" in codes(report)


def test_a_log_takes_a_lot_in_once() -> None:
    case = two()
    case.take_in()
    cosigned = [(case.sender, case.sender.key)]
    case.here.say(case.importer, "lot.import", case.body(), cosigned=cosigned)
    case.here.commit()
    report = case.report()
    assert report.verdict is Verdict.INVALID
