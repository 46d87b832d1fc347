"""What the sixteen answers on a lot of the demonstration cost, against the raw checks of the signatures in it."""

import json
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from epd.services import bundle_check
from epd.services.bundle_check import Judged
from tests.demo_chain import Demo
from traceability.ledger import envelope, identifiers, notes, signing
from traceability.ledger.policy import Policy, parse_policy
from traceability.selectors import log
from traceability.services import export
from traceability.verifier.trust import Trust

ROUNDS = 15
Key = Ed25519PublicKey | MLDSA44PublicKey


def cpu_ms(work: Callable[[], object]) -> float:
    """CPU time of this process, in milliseconds."""
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def test_an_answer_by_id_costs_a_few_times_its_raw_signature_checks(demo: Demo) -> None:
    actor, lot = demo.actor("isarmagnet"), UUID(demo.ids["MAG-1"])
    file = BytesIO()
    export.export_bundle(actor=actor, lot=lot, file=file)
    content = file.getvalue()
    checks = raw_checks(content, parse_policy(log.own_policy().encode()))

    def raw() -> None:
        for key, signature, message in checks:
            key.verify(signature, message)

    judged = Judged(trust=Trust())
    works = {
        "raw signature checks": raw,
        "export": lambda: export.export_bundle(actor=actor, lot=lot, file=BytesIO()),
        "sixteen answers on the bundle": lambda: bundle_check.answer_of(content, judged),
        "both, by id": lambda: bundle_check.answer_about(actor, f"urn:uuid:{lot}", judged),
    }
    best = {name: min(cpu_ms(work) for _ in range(ROUNDS)) for name, work in works.items()}
    print(f"\n{len(checks)} signatures")
    for name, milliseconds in best.items():
        ratio = milliseconds / best["raw signature checks"]
        print(f"  {name}: {milliseconds:.1f} ms, {ratio:.1f} times the raw checks")


def raw_checks(bundle: bytes, policy: Policy) -> list[tuple[Key, bytes, bytes]]:
    """Key, signature and message of every signature that a verifier has to check: of statements and of checkpoints."""
    public_keys: dict[str, bytes] = {}
    found: list[tuple[Key, bytes, bytes]] = []
    archive = zipfile.ZipFile(BytesIO(bundle))
    for name in archive.namelist():
        if name.startswith("statements/"):
            sealed = envelope.parse_envelope(archive.read(name))
            body = json.loads(sealed.payload)["body"]
            for offered in (body.get("public_key"), body.get("recovery_public_key")):
                if offered is not None:
                    raw = identifiers.b64url_decode(offered)
                    public_keys[signing.key_id(raw)] = raw
            message = envelope.pae(sealed.payload)
            found += [(Ed25519PublicKey.from_public_bytes(public_keys[one.keyid]), one.sig, message)
                      for one in sealed.signatures]  # fmt: skip
        elif name.startswith("checkpoints/"):
            found += _of_note(archive.read(name), policy)
    return found


def _of_note(content: bytes, policy: Policy) -> Iterator[tuple[Key, bytes, bytes]]:
    note = notes.parse_note(content)
    known = {(key.name, key.key_id): key for key in (*policy.logs, *policy.witnesses.values())}
    for line in note.signatures:
        key = known[line.name, line.key_id]
        timed = key.type != notes.ED25519
        time_s = int.from_bytes(line.signature[:8]) if timed else 0
        load = MLDSA44PublicKey if key.type == notes.MLDSA44_COSIGNATURE else Ed25519PublicKey
        signature = line.signature[8:] if timed else line.signature
        yield load.from_public_bytes(key.public_key), signature, notes._message(key, note.text, time_s)
