"""Findings that need no more than one look at what the other stages gathered: trust, lots, documents, members."""

from traceability.acceptance.world import LotRecord
from traceability.ledger.bundle import INCLUSION_NAME, MANIFEST_NAME, README_NAME, evidence_name, statement_index
from traceability.ledger.custody import CustodyState, LotCustody
from traceability.ledger.identifiers import is_digest, is_urn
from traceability.ledger.moments import format_moment
from traceability.verifier.facts import Entry, Facts, Topic, incomplete, invalid, note, warning
from traceability.verifier.log import LATE, operator_of
from traceability.verifier.reach import REFERENCE
from traceability.verifier.report import moment_of
from traceability.verifier.trust import NO_TRUST

UNPROVEN_ORIGINS = ("purchased", "opening_stock")


def check_trust(facts: Facts) -> None:
    """Whom the reader accepts; without his own two files nothing is more than self-asserted (section 8)."""
    for name, given in (("policy", facts.policy), ("trust file", facts.trust)):
        if given is None:
            sentence = f"Self-asserted trust: you gave no {name}, so the bundle vouches for itself."
            facts.say(Topic.ISSUERS, incomplete("trust_self_asserted", name, sentence))
    trust = facts.trust or NO_TRUST
    operator = operator_of(facts)
    if trust.operators is not None and operator not in trust.operators:
        sentence = "Your trust file does not accept the operator of this log."
        facts.say(Topic.ISSUERS, incomplete("operator_not_accepted", operator or "leaf 0", sentence))
    if trust.organisations is not None:
        for organisation in sorted(_makers_and_holders(facts) - trust.organisations.keys()):
            sentence = "Your trust file does not accept this organisation, which speaks of the lots."
            facts.say(Topic.ISSUERS, incomplete("organisation_not_accepted", organisation, sentence))


def _makers_and_holders(facts: Facts) -> set[str]:
    return {entry.statement.issuer for entry in facts.effective() if entry.statement.kind.startswith("lot.")}


def check_key_custody(facts: Facts) -> None:
    """Whose statements the operator could have signed, and which keys he brought in (section 6)."""
    say = incomplete if (facts.trust or NO_TRUST).holder_keys_required else note
    for organisation in sorted(facts.world.rings):
        platform = facts.counted(f"platform keys of {organisation}")
        if platform:
            sentence = f"{platform} statements under platform keys: the operator could have made these signatures."
            facts.say(Topic.KEYS, say("platform_keys", organisation, sentence))
        if facts.counted(f"operator key of {organisation}"):
            sentence = "The operator added a key for this organisation; statements after it may be his."
            facts.say(Topic.KEYS, say("operator_added_key", organisation, sentence))


def check_target(facts: Facts) -> None:
    """The manifest names the newest custody hash of its lot, and the reader expected this one (section 8)."""
    target, claimed = facts.target, facts.bundle.custody_hash
    head = facts.world.head(target)
    if head is None or (target not in facts.world.lots and head.opened_by != REFERENCE):
        return facts.say(
            Topic.CHAINS, invalid("target_missing", target, "The bundle does not tell how its lot came about.")
        )
    if head.custody_hash != claimed:
        sentence = "The manifest names another custody hash than the newest statement on the lot makes."
        facts.say(Topic.CHAINS, invalid("custody_hash_mismatch", MANIFEST_NAME, sentence))
    if facts.asked.expect is not None and facts.asked.expect != head.custody_hash:
        _say_unexpected(facts, facts.asked.expect)
    return None


def _say_unexpected(facts: Facts, expected: str) -> None:
    earlier = {
        entry.statement.custody_hash(facts.target) for entry in facts.effective() if entry.statement.chain(facts.target)
    }
    if expected in earlier:
        sentence = "The custody hash that you expect is an earlier one of this lot; more was said of it since."
        return facts.say(Topic.CHAINS, note("expected_earlier_hash", facts.target, sentence))
    sentence = "This is another lot, or another history of it, than the custody hash says that you expect."
    return facts.say(Topic.CHAINS, invalid("not_expected_hash", facts.target, sentence))


def check_sources(facts: Facts) -> None:
    """Every path back ends at a statement that brought matter into the record (section 5, origins)."""
    for lot in facts.lots:
        known = facts.world.lot(lot)
        creator = None if known is None else facts.world.effective(known.custody.created_by)
        if creator is None:
            sentence = "The bundle does not tell how this lot came about."
            facts.say(Topic.SOURCE, incomplete("source_missing", lot, sentence))
        elif creator.original.kind == "lot.import" and not creator.withdrawn:
            facts.count("sources")
        elif creator.original.kind == "lot.source" and not creator.withdrawn:
            facts.count("sources")
            if creator.body["origin"] in UNPROVEN_ORIGINS:
                sentence = "It was bought or in stock before the record began: that proves no origin."
                facts.say(Topic.SOURCE, warning("origin_not_proven", lot, sentence))


def check_receipts(facts: Facts) -> None:
    """What was handed over and what was received (section 5)."""
    for entry in facts.effective():
        if entry.statement.kind == "lot.dispatch":
            facts.count("dispatches")
        elif entry.statement.kind == "lot.receive":
            facts.count("receipts")
            _note_difference(facts, entry)
    for lot in facts.lots:
        known = facts.world.lot(lot)
        if known is not None:
            _check_state(facts, lot, known)


def _note_difference(facts: Facts, entry: Entry) -> None:
    weighed = entry.body.get("weighed_mass_kg")
    if entry.statement.body["difference"] == "within" and isinstance(weighed, str):
        known = facts.world.lot(str(entry.statement.body["lot"]))
        if known is not None and known.stock is not None and str(known.stock.custody_kg) != weighed:
            facts.say(Topic.RECEIPTS, note("weighed_difference", entry.name, f"The receiver weighed {weighed} kg."))


def _check_state(facts: Facts, lot: str, known: LotRecord) -> None:
    custody = known.custody
    if custody.state is CustodyState.IN_TRANSIT:
        _say_under_way(facts, lot, custody)
    elif custody.state is CustodyState.BLOCKED:
        facts.say(Topic.RECEIPTS, warning("blocked", lot, "The weighed difference is not settled."))
    if custody.recalled:
        facts.say(Topic.CURRENT, warning("recall", lot, "Its maker recalled the lot."))
    if lot == facts.target and custody.state is CustodyState.VOID:
        facts.say(Topic.CURRENT, invalid("lot_void", lot, "Its maker declared the lot void: it never was."))
    elif lot == facts.target and custody.state is CustodyState.ON_HOLD:
        facts.say(Topic.CURRENT, warning("on_hold", lot, "Its holder put the lot on hold."))


def _say_under_way(facts: Facts, lot: str, custody: LotCustody) -> None:
    """Goods under way can still be rejected; of those that left the record nobody here says more."""
    if is_urn(custody.receiver):
        sentence = "The lot is on its way, and nobody has received it yet."
        return facts.say(Topic.RECEIPTS, warning("in_transit", lot, sentence))
    sentence = "The lot left the record: nobody in it receives the lot, and its last holder vouches for it no longer."
    return facts.say(Topic.RECEIPTS, note("left_record", lot, sentence))


def check_documents(facts: Facts) -> None:
    """Documents that a disclosed row names are in the bundle, byte for byte."""
    for entry in facts.reached():
        for row in entry.documents:
            _check_document(facts, entry, row)


def _check_document(facts: Facts, entry: Entry, row: object) -> None:
    if not isinstance(row, dict) or not is_digest(row.get("sha256")):
        return None
    facts.count("documents")
    name = evidence_name(str(row["sha256"]))
    member = facts.bundle.members.get(name)
    if member is None:
        sentence = f"The document {row.get('name', '')} is named, but not in the bundle."
        return facts.say(Topic.DOCUMENTS, warning("document_missing", entry.name, sentence))
    facts.used.add(name)
    if name != f"evidence/{member.sha256.hex()}" or member.size != row.get("bytes"):
        sentence = f"The document {row.get('name', '')} is not the one that was signed for."
        return facts.say(Topic.DOCUMENTS, invalid("document_mismatch", name, sentence))
    facts.count("documents that match")
    return None


def check_members(facts: Facts) -> None:
    """Every member is reached from a signature, a digest or a proof (section 9)."""
    if facts.checkpoint is None:
        return  # without a checkpoint nothing is reached, which is said already
    for name in facts.bundle.members:
        if not _is_used(facts, name):
            sentence = "Nothing that is signed leads to this member: it does not belong here."
            facts.say(Topic.DOCUMENTS, invalid("spare_member", name, sentence))
    for subject in sorted(facts.map_heads.keys() - facts.required):
        sentence = "The heads proof covers a subject that has nothing to do with the lot."
        facts.say(Topic.DOCUMENTS, invalid("spare_hash", subject, sentence))


def _is_used(facts: Facts, name: str) -> bool:
    if name in facts.used or name in (MANIFEST_NAME, README_NAME, INCLUSION_NAME):
        return True
    if name.startswith("statements/"):
        entry = facts.entries.get(statement_index(name))
    else:
        digest = name.removeprefix("disclosures/").removesuffix(".txt")
        entry = facts.entries.get(facts.closed_at.get(digest, -1))
    return entry is not None and entry.reached


def check_age(facts: Facts) -> None:
    """How old the log's state is at the reader's moment; without one it is not judged (section 8)."""
    at, signed = facts.asked.at, facts.signed
    cosigned_at = None if signed is None else signed.cosigned_at
    if at is None or cosigned_at is None:
        return
    as_of = moment_of(cosigned_at)
    greatest = (facts.trust or NO_TRUST).greatest_age
    if as_of > at + LATE:
        sentence = f"The log was signed at {format_moment(as_of)}, after your moment."
        facts.say(Topic.CURRENT, invalid("checkpoint_from_future", "checkpoints", sentence))
    elif as_of + greatest < at:
        sentence = f"The log stood so at {format_moment(as_of)}: older than the {greatest.days} days that you accept."
        facts.say(Topic.CURRENT, warning("stale", "checkpoints", sentence))
