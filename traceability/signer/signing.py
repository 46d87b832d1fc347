"""What a signer looks at before he signs, and his signature: the bytes of the statement are never made anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from traceability.ledger import closed
from traceability.ledger.envelope import Envelope, Signature, pae
from traceability.ledger.errors import RecordError
from traceability.ledger.immutable import immutable
from traceability.ledger.signing import Signer, key_id
from traceability.ledger.statement import Statement, parse_statement
from traceability.signer.files import ToSign


class HiddenValue(RecordError):
    """A statement with a confidential value that the signer is not shown."""

    code = "hidden_value"


class SpareValue(RecordError):
    """A value beside a statement that does not belong to it: it would be shown, and not be signed."""

    code = "spare_value"


class NotYourKey(RecordError):
    """A statement that another key is to sign next."""

    code = "not_your_key"


@immutable
class Shown:
    """A statement as the signer reads it: every confidential value is at its place in `opened`."""

    statement: Statement
    opened: Mapping[str, Any]
    confidential: frozenset[str]  # JSON pointers


def look(one: ToSign) -> Shown:
    """The statement in these bytes with all its values; refused where something is hidden or does not belong to it."""
    disclosures = {found.digest: found for found in map(closed.parse_disclosure, one.disclosures)}
    values = {digest: found.value for digest, found in disclosures.items()}
    statement = parse_statement(one.payload, values)
    opened, withheld, digests = closed.open_places(statement.content, disclosures)
    if withheld:
        raise HiddenValue("A value in it is hidden from you. Do not sign what you cannot read.", path=withheld[0])
    if disclosures.keys() - set(digests.values()):
        raise SpareValue("A value beside it does not belong to it. Do not sign it.", path="/disclosures")
    return Shown(statement, opened, frozenset(digests))


def sign(one: ToSign, signers: Sequence[Signer]) -> Envelope:
    """The envelope of a statement with all its signatures; refused where a key is missing or has no part in it."""
    statement = look(one).statement
    wanted = [statement.key, *(cosigner.key for cosigner in statement.cosigners)]
    there = [row.keyid for row in one.signatures]
    mine = {key_id(signer.public_key): signer for signer in signers}
    missing = wanted[len(there) :]
    if wanted[: len(there)] != there or not missing or not set(missing) <= mine.keys():
        needed = ", ".join(missing) or "nobody any more"
        raise NotYourKey(f"It is to be signed by {needed}, and not by the keys that were given.", path="/key")
    message = pae(one.payload)
    added = (Signature(key, mine[key].sign(message)) for key in missing)
    return Envelope(one.payload, (*one.signatures, *added))
