"""Keys that an organisation holds itself: how they are called, and statements about keys that are signed elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from traceability.ledger import envelope, identifiers, signing
from traceability.ledger.keys import KEY_KINDS
from traceability.ledger.statement import parse_header
from traceability.models import AuditEvent, KeyEntry, KeyName, PlatformKey
from traceability.selectors.access import Actor, NotFound
from traceability.services import acceptance, audit, clock, members, vault
from traceability.services.errors import Refusal
from traceability.services.submissions import Act, Receipt, SignedSubmission
from traceability.signer.files import Signed, ToSign

LONGEST_NAME: Final = 60


class NotAboutKeys(Refusal):
    """A signed statement about something else, where one about keys was asked for."""

    code = "not_about_keys"


def in_force(actor: Actor) -> QuerySet[KeyEntry]:
    """The keys with which the holder signs for the actor's organisation now, the newest first."""
    return KeyEntry.objects.filter(
        organisation=actor.organisation, custody="holder", ended=None, recovery=False
    ).order_by("-since_id", "pk")


def require(actor: Actor, key: str) -> str:
    """The `sha256:` id of a key in force that the actor's organisation holds itself, or NotFound."""
    if not in_force(actor).filter(pk=identifiers.digest_bytes(key)).exists():
        raise NotFound("There is no such key of your organisation in force that it holds itself.")
    return key


def platform_signs(actor: Actor) -> bool:
    """Whether the platform holds a key in force of the actor's organisation."""
    entries = KeyEntry.objects.filter(organisation=actor.organisation, custody="platform", ended=None, recovery=False)
    return entries.exists()


def by_own_key(actor: Actor, acts: Sequence[Act]) -> tuple[Act, ...]:
    """The acts as they are rehearsed: by a key of the holder, where the platform has none that could sign them."""
    own = None if platform_signs(actor) else in_force(actor).first()
    key = None if own is None else f"sha256:{bytes(own.pk).hex()}"
    return tuple(replace(one, key=one.key or key) for one in acts)


def names_of(actor: Actor) -> dict[str, str]:
    """How the keys of the actor's organisation are called, by fingerprint."""
    rows = KeyName.objects.filter(organisation=actor.organisation)
    return {bytes(row.key_id).hex(): row.name for row in rows}


def offer_key(*, actor: Actor, public_key: bytes, name: str = "", replaces: str = "", sign_with: str = "") -> ToSign:
    """The statement that brings in a key which the organisation holds itself: key.add, or key.rotate of `replaces`.

    The platform signs first where it holds that key; else `sign_with`, or `replaces`, signs first elsewhere. Whoever
    holds the new key signs second. Nothing is recorded before; something else said of the organisation makes it void.
    """
    members.require_admin(actor)
    first = replaces or sign_with
    if (
        first
        and not KeyEntry.objects.filter(
            organisation=actor.organisation, pk=identifiers.digest_bytes(first), ended=None
        ).exists()
    ):
        raise NotFound("There is no such key of your organisation in force.")
    new = signing.key_id(public_key)
    body = {"public_key": identifiers.b64url_encode(public_key), "custody": "holder"}
    offered = _offer(actor, "key.rotate" if replaces else "key.add", body, key=first, new=new)
    with transaction.atomic():
        KeyName.objects.update_or_create(
            key_id=identifiers.digest_bytes(new),
            defaults={"organisation": actor.organisation, "name": " ".join(name.split())[:LONGEST_NAME]},
        )
        audit.note(actor, AuditEvent.Kind.KEY, f"offered for {new}, held by the organisation")
    return offered


def offer_revocation(*, actor: Actor, key: str, compromised_from_index: int, reason: str, sign_with: str) -> ToSign:
    """The revocation of a key, to be signed elsewhere with a key that the organisation holds itself."""
    members.require_admin(actor)
    require(actor, sign_with)
    body = {"key": key, "compromised_from_index": compromised_from_index, "reason": reason}
    return _offer(actor, "key.revoke", body, key=sign_with)


def _offer(actor: Actor, kind: str, body: Mapping[str, object], *, key: str, new: str | None = None) -> ToSign:
    moment = clock.now()
    act = Act(kind, actor.organisation.pk, body, (moment, moment), key=key or None, new_platform_key=new)
    [found] = acceptance.rehearse(actor=actor, acts=by_own_key(actor, [act]))
    statement = found.statement
    if not PlatformKey.objects.filter(key_id=identifiers.digest_bytes(statement.key)).exists():
        return ToSign(statement.payload)
    return ToSign(statement.payload, envelope.seal(statement.payload, [vault.signer_for(statement.key)]).signatures)


def take(*, actor: Actor, signed: Sequence[Signed]) -> Receipt:
    """The receipt of a statement about keys that was signed elsewhere."""
    members.require_admin(actor)
    [*others, one] = signed
    kind = parse_header(envelope.parse_envelope(one.envelope).payload).kind
    if others or kind not in KEY_KINDS:
        raise NotAboutKeys("This is no statement about keys. Bring it to the page where you began it.", path="/kind")
    return acceptance.accept(actor=actor, submissions=[SignedSubmission(one.envelope, one.disclosures)])[0]
