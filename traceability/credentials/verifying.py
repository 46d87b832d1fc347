"""What is established of a credential of anybody: seven named checks, each with a result, a code and its place.

What has to be looked up is asked of a `Resolver`; nothing is looked up for a credential that is not well formed, and no
status for one whose signature fails. What could not be looked up is not established, and never passes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from traceability.credentials import data_integrity, data_model, dids, jose, status_list, untp
from traceability.credentials.answer import NAMES, Check, CredentialAnswer, Result, passed, refused, skipped
from traceability.credentials.contexts import PINNED
from traceability.credentials.data_integrity import CryptosuiteUnknown
from traceability.credentials.dids import DidMethodUnknown, Method
from traceability.credentials.moments import BadMoment, check_moment
from traceability.credentials.status_list import StatusByStranger, StatusRetrieval, StatusUnknown, StatusVerification
from traceability.ledger.canonical import MAX_BYTES, read_rfc8785
from traceability.ledger.errors import RecordError

ENVELOPED: Final = "data:application/vc+jwt,"


class NotReachable(RecordError):
    """A document that another site was to give and did not."""

    code = "not_reachable"


class AddressRefused(RecordError):
    """An address that is not on the public internet: nothing was asked there."""

    code = "address_refused"


class KeyOfAnother(RecordError):
    """A signature under a key of somebody else than the issuer."""

    code = "key_of_another"


class IssDiffers(RecordError):
    """A token whose claim `iss` is not the issuer of the credential."""

    code = "iss_differs"


class NotACredential(RecordError):
    """A file that is no credential."""

    code = "not_a_credential"


class NotYetValid(RecordError):
    """A credential that begins later."""

    code = "not_yet_valid"


class NoLongerValid(RecordError):
    """A credential that is over."""

    code = "no_longer_valid"


class Ended(RecordError):
    """A credential that its issuer took back or suspended."""

    code = "status_set"


OPEN: Final = (CryptosuiteUnknown, DidMethodUnknown, NotReachable, AddressRefused, StatusRetrieval, StatusUnknown)
"""What says that something could not be established, not that it is wrong."""


class Resolver(Protocol):
    """Where documents of others come from."""

    def did_document(self, did: str) -> Mapping[str, Any]:
        """The document of a DID; NotReachable, AddressRefused or DidMethodUnknown where there is none to be had."""

    def status_list(self, url: str) -> bytes:
        """The credential at the address of a status list; NotReachable or AddressRefused where nobody answers."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A credential as it came: a token, or a document with embedded proofs."""

    credential: dict[str, Any]
    token: jose.Token | None

    @property
    def form(self) -> str:
        """The media type of how it is secured."""
        return jose.MEDIA_TYPE if self.token else "application/vc"


def open_credential(content: bytes) -> Opened:
    """The credential of a file: a compact token, an enveloped one, or JSON with embedded proofs."""
    text = content.strip()
    if not text.startswith(b"{"):
        token = jose.parse(text)
        return Opened(token.payload, token)
    document = read_rfc8785(text, max_bytes=2 * MAX_BYTES, max_depth=jose.MAX_DEPTH)
    kinds = document.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    if "EnvelopedVerifiableCredential" in listed:
        inner = document.get("id")
        if not isinstance(inner, str) or not inner.startswith(ENVELOPED):
            raise NotACredential("An enveloped credential holds its token as a data address.", path="/id")
        token = jose.parse(inner.removeprefix(ENVELOPED).encode())
        return Opened(token.payload, token)
    if "VerifiableCredential" not in listed:
        raise NotACredential("This is no credential. Send credentials one by one, outside any presentation.")
    data_integrity.proofs_of(document)
    return Opened(document, None)


def verify(content: bytes, resolver: Resolver, now: datetime) -> CredentialAnswer:
    """The seven answers on a credential, at this moment."""
    try:
        opened = open_credential(content)
        data_model.check(opened.credential)
    except RecordError as error:
        rest = [skipped(name) for name in NAMES if name != "form"]
        return CredentialAnswer("", "", (), "", now, (_refused("form", error), *rest))
    credential = opened.credential
    found = _Checks(resolver, now)
    issuer, method = found.issuer(opened)
    proof = found.proof(opened, method)
    status = found.status(credential) if proof.result is Result.PASS else skipped("status")
    checks = (
        passed("form"), issuer, proof, found.period(credential, opened.token), status, _contexts(opened),
        _profile(credential),
    )  # fmt: skip
    return CredentialAnswer(
        opened.form,
        str(credential.get("id", "")),
        tuple(map(str, credential["type"])) if isinstance(credential["type"], list) else (str(credential["type"]),),
        data_model.issuer_of(credential),
        now,
        checks,
    )


class _Checks:
    """The checks that look something up or compare with the moment."""

    def __init__(self, resolver: Resolver, now: datetime) -> None:
        self.resolver, self.now = resolver, now

    def issuer(self, opened: Opened) -> tuple[Check, Method | None]:
        """Whether the key is one of the issuer, which he lists for assertions; and the key."""
        try:
            method = self.method_of(opened)
            method.check_at(_signed_at(opened))
        except RecordError as error:
            return _refused("issuer", error), None
        if method.expires is not None and method.expires <= self.now:
            sentence = "The issuer replaced this key since. Only his own word says that the signature is older."
            return Check("issuer", NAMES["issuer"], Result.WARNING, "key_replaced_since", sentence), method
        return passed("issuer"), method

    def method_of(self, opened: Opened) -> Method:
        """The key that signed, out of the document of the issuer."""
        issuer = data_model.issuer_of(opened.credential)
        if opened.token:
            url = opened.token.key_url
            if opened.token.payload.get("iss", issuer) != issuer:
                raise IssDiffers("The claim iss names another one than the issuer.", path="/iss")
        else:
            url = data_integrity.check_form(_readable(opened.credential))
        if dids.did_of(url) != issuer:
            raise KeyOfAnother("The key belongs to somebody else than the issuer.", path="/issuer")
        return dids.find_method(self.resolver.did_document(issuer), url)

    def proof(self, opened: Opened, method: Method | None) -> Check:
        """Whether the signature is of the credential. Of several proofs the one of a known suite is checked."""
        if method is None:
            return skipped("proof")
        try:
            if opened.token:
                opened.token.verify(method.key)
            else:
                proof = _readable(opened.credential)
                data_integrity.verify(opened.credential, proof, method.key)
                if "expires" in proof and check_moment(proof["expires"]) <= self.now:
                    raise NoLongerValid("The proof says that it is over.", path="/proof/expires")
        except RecordError as error:
            return _refused("proof", error)
        return passed("proof")

    def period(self, credential: Mapping[str, Any], token: jose.Token | None) -> Check:
        """Whether the moment lies within the validity of the credential and of its token."""
        begins, ends = data_model.period(credential)
        try:
            if token:
                begins, ends = _later(begins, _claimed(token, "nbf")), _earlier(ends, _claimed(token, "exp"))
            if begins is not None and self.now < begins:
                raise NotYetValid("The credential begins later.", path="/validFrom")
            if ends is not None and self.now >= ends:
                raise NoLongerValid("The credential is over.", path="/validUntil")
        except RecordError as error:
            return _refused("period", error)
        return passed("period")

    def status(self, credential: Mapping[str, Any]) -> Check:
        """Whether the issuer took it back; every status that it names is asked."""
        named = credential.get("credentialStatus", [])
        entries = named if isinstance(named, list) else [named]
        if not entries:
            sentence = "The credential names no status list: nobody can take it back."
            return Check("status", NAMES["status"], Result.NOT_APPLICABLE, "no_status", sentence)
        try:
            for one in entries[:10]:
                self.ask_status(status_list.Entry(one), data_model.issuer_of(credential))
        except RecordError as error:
            return _refused("status", error)
        return passed("status")

    def ask_status(self, entry: status_list.Entry, issuer: str) -> None:
        """Refuses a credential whose bit is set, and a list that is not of the issuer."""
        if not entry.ends:
            return
        try:
            content = self.resolver.status_list(entry.list)
        except (NotReachable, AddressRefused) as error:
            raise StatusRetrieval(error.sentence, path="/credentialStatus") from None
        opened = self.open_list(content)
        if data_model.issuer_of(opened.credential) != issuer:
            raise StatusByStranger("Somebody else than the issuer signed the status list.", path="/credentialStatus")
        method = self.of_list(opened)
        if self.proof(opened, method).result is not Result.PASS:
            raise StatusVerification("The signature of the status list does not hold.", path="/credentialStatus")
        if self.period(opened.credential, opened.token).result is not Result.PASS:
            raise StatusRetrieval("The status list is not one of now.", path="/credentialStatus")
        if entry.is_set(opened.credential):
            raise Ended("The issuer took the credential back or suspended it.", path="/credentialStatus")

    def open_list(self, content: bytes) -> Opened:
        """A status list as a credential of its own."""
        try:
            opened = open_credential(content)
            data_model.check(opened.credential)
        except RecordError as error:
            sentence = "What lies at the address of the status list is no credential."
            raise StatusVerification(sentence, path="/credentialStatus") from error
        return opened

    def of_list(self, opened: Opened) -> Method:
        """The key under a status list."""
        try:
            method = self.method_of(opened)
            method.check_at(_signed_at(opened))
        except OPEN as error:
            raise StatusRetrieval(error.sentence, path="/credentialStatus") from None
        except RecordError as error:
            raise StatusVerification(error.sentence, path="/credentialStatus") from None
        return method


def _readable(credential: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first proof of a known suite, by the issuer if he made one; else the first one, which its check refuses."""
    proofs, issuer = data_integrity.proofs_of(credential), data_model.issuer_of(credential)
    known = [one for one in proofs if one.get("cryptosuite") in (data_integrity.EDDSA, data_integrity.ECDSA)]
    own = [one for one in known if str(one.get("verificationMethod")).startswith(f"{issuer}#")]
    return (own or known or proofs)[0]


def _signed_at(opened: Opened) -> datetime | None:
    """When it was signed, as it says itself; None where it does not."""
    if opened.token:
        return _claimed(opened.token, "iat") or data_model.period(opened.credential)[0]
    proof = _readable(opened.credential)
    return check_moment(proof["created"]) if "created" in proof else None


def _claimed(token: jose.Token, name: str) -> datetime | None:
    """A moment of a JWT claim, in seconds since 1970 (RFC 7519 section 2)."""
    value = token.payload.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**36:
        raise BadMoment("Write the claim as seconds since 1970.", path=f"/{name}")
    return datetime.fromtimestamp(value, UTC)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _contexts(opened: Opened) -> Check:
    contexts = opened.credential["@context"]
    if opened.token is None and data_integrity.contexts_added(opened.credential, _readable(opened.credential)):
        sentence = "A context was put behind those that were signed: it can give words another meaning."
        return Check("contexts", NAMES["contexts"], Result.WARNING, "context_added", sentence, "/@context")
    for at, context in enumerate(contexts):
        if not isinstance(context, str) or context not in PINNED:
            sentence = "This context is not known here: what its words mean is not checked."
            return Check("contexts", NAMES["contexts"], Result.WARNING, "context_unknown", sentence, f"/@context/{at}")
    return passed("contexts")


def _profile(credential: Mapping[str, Any]) -> Check:
    name = untp.type_of(credential)
    if name is None:
        sentence = "The credential is of no UNTP type."
        return Check("profile", NAMES["profile"], Result.NOT_APPLICABLE, "no_untp_type", sentence)
    findings = untp.defects(credential, name)
    if not findings:
        return passed("profile")
    worst = next((one for one in findings if one.grave), findings[0])
    result = Result.FAIL if worst.grave else Result.WARNING
    return Check("profile", NAMES["profile"], result, worst.code, worst.sentence, worst.path)


def _refused(name: str, error: RecordError) -> Check:
    return refused(name, error, OPEN)
