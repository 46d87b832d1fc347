"""A witness as a program: it keeps the newest tree of each log in a folder, and cosigns what grew out of it."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from traceability.ledger import witnessing
from traceability.ledger.errors import RecordError
from traceability.ledger.merkle import TreeHead
from traceability.ledger.notes import ED25519_COSIGNATURE, NoteSigner, VerifierKey, sign_note
from traceability.ledger.witnessing import OtherSize, WitnessRefuses
from traceability.services import clock

TIMEOUT_S: Final = 15


class BadWitnessFile(RecordError):
    """A key file or a state that cannot be used; a witness without its state must not cosign."""

    code = "bad_witness_file"


def make_key(path: Path, name: str) -> VerifierKey:
    """A new key of a witness in a new file that only its owner reads."""
    private = Ed25519PrivateKey.generate()
    key = VerifierKey(name, ED25519_COSIGNATURE, private.public_key().public_bytes_raw())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(json.dumps({"name": name, "seed": private.private_bytes_raw().hex()}) + "\n")
    except FileExistsError:
        raise BadWitnessFile(f"{path} is there already. A key is never written over.") from None
    return key


def read_key(path: Path) -> NoteSigner:
    """The key in a file that `make_key` wrote."""
    try:
        found = json.loads(path.read_text("utf-8"))
        seed = bytes.fromhex(found["seed"])
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return NoteSigner(
            VerifierKey(found["name"], ED25519_COSIGNATURE, private.public_key().public_bytes_raw()), private
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise BadWitnessFile(f"{path} holds no key of a witness. Make one with --make-key.") from None


class Witness:
    """Answers `add-checkpoint`: judging and storing are one step under a lock, so no two trees pass at once."""

    def __init__(self, signer: NoteSigner, logs: Sequence[VerifierKey], folder: Path) -> None:
        self._signer = signer
        self._logs: Mapping[str, Sequence[VerifierKey]] = {
            origin: [key for key in logs if key.name == origin] for origin in {key.name for key in logs}
        }
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add_checkpoint(self, body: bytes) -> tuple[int, str, bytes]:
        """Status, media type and body of the answer."""
        try:
            request = witnessing.parse_request(body)
            with self._locked():
                signed = witnessing.judge(request, self._logs, self._known())
                checkpoint = signed.checkpoint
                note = sign_note(str(checkpoint), [self._signer], time=int(clock.now().timestamp()))
                self._keep(checkpoint.origin, checkpoint.head)
        except OtherSize as error:
            return error.status, witnessing.SIZE_TYPE, f"{error.size}\n".encode()
        except WitnessRefuses as error:
            return error.status, "text/plain; charset=utf-8", f"{error.code}: {error.sentence}\n".encode()
        return 200, "text/plain; charset=utf-8", witnessing.answer_lines(note.signatures)

    def _known(self) -> dict[str, TreeHead]:
        return {origin: head for origin in self._logs if (head := self._read(origin))}

    def _file(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()}.json"

    def _read(self, origin: str) -> TreeHead | None:
        try:
            found = json.loads(self._file(origin).read_text("utf-8"))
            if found["origin"] != origin:
                raise ValueError
            return TreeHead(found["size"], bytes.fromhex(found["root"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            raise BadWitnessFile(f"{self._file(origin)} is damaged. Restore it: nothing is cosigned before.") from None

    def _keep(self, origin: str, head: TreeHead) -> None:
        """Stored durably before the cosignature leaves; a crash keeps the old state or the new one."""
        file = self._file(origin)
        draft = file.with_suffix(".draft")
        with draft.open("w") as written:
            written.write(json.dumps({"origin": origin, "size": head.size, "root": head.root.hex()}))
            written.flush()
            os.fsync(written.fileno())
        draft.rename(file)
        directory = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def server(witness: Witness, address: tuple[str, int]) -> ThreadingHTTPServer:
    """A server of one address, POST /add-checkpoint; put a proxy with TLS before it."""

    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT_S

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                return self._answer(404, "text/plain", b"")
            if not (length.isascii() and length.isdigit()) or int(length) > witnessing.MAX_REQUEST_BYTES:
                return self._answer(400, "text/plain", b"")
            return self._answer(*witness.add_checkpoint(self.rfile.read(int(length))))

        def _answer(self, status: int, media_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer(address, Handler)
