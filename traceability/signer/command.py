"""lodestone-sign: makes a key, shows what is to be signed, signs it. File in, file out; the network only when asked."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_encode
from traceability.ledger.signing import key_id
from traceability.signer import keyfile, words
from traceability.signer.files import Task, read_task, signed_bytes
from traceability.signer.signing import look, sign

USAGE = 64
NOT_SIGNED = 1


class BadUsage(RecordError):
    """Arguments or files that cannot be used."""

    code = "bad_usage"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadUsage(f"{message}\n{self.format_usage()}")


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 done, 1 not signed because the person said no, 64 what cannot be used or must not be signed."""
    try:
        given = _parser().parse_args(arguments)
        done: int = given.do(given)
    except (RecordError, OSError) as error:
        print(f"lodestone-sign: {error}", file=sys.stderr)
        return USAGE
    return done


def _make_key(given: argparse.Namespace) -> int:
    passphrase = _passphrase(given, f"Passphrase for {given.key}: ")
    if given.passphrase_file is None and getpass.getpass("Once more: ") != passphrase:
        raise BadUsage("The two are not the same. Nothing was made.")
    public_key = keyfile.make(Path(given.key), passphrase)
    print(f"public key   {b64url_encode(public_key)}")
    print(f"fingerprint  {key_id(public_key)}")
    print("Register the public key on the page Keys of your organisation. Keep the file and the passphrase apart.")
    return 0


def _show(given: argparse.Namespace) -> int:
    _print(_task(given))
    return 0


def _sign(given: argparse.Namespace) -> int:
    if given.url is None and given.out is None:
        raise BadUsage("Name a file with --out, or the site with --url.")
    signers = [keyfile.load(Path(one), _passphrase(given, f"Passphrase of {one}: ")) for one in given.key]
    task = _task(given, key=key_id(signers[0].public_key))
    _print(task)
    if not given.yes and input("Sign this? Type yes: ").strip() != "yes":
        print("Nothing was signed.", file=sys.stderr)
        return NOT_SIGNED
    signed = signed_bytes((sign(one, signers), one.disclosures) for one in task.statements)
    if given.out is not None:
        Path(given.out).write_bytes(signed)
        print(f"Signed. Bring {given.out} to the page on which you took the file.")
    if given.url is not None:
        from traceability.signer import sending  # the network is not even loaded before it is asked for

        print(sending.send(given.url, _token(given), task.send_to, signed))
    return 0


def _task(given: argparse.Namespace, *, key: str = "") -> Task:
    if getattr(given, "draft", None) is not None:
        if given.url is None:
            raise BadUsage("Name the site with --url.")
        from traceability.signer import sending

        return read_task(sending.fetch(given.url, _token(given), f"/api/v1/drafts/{given.draft}/to-sign?key={key}"))
    if given.file is None:
        raise BadUsage("Name a file, or a draft with --draft.")
    return read_task(Path(given.file).read_bytes())


def _print(task: Task) -> None:
    for one in task.statements:
        text = words.told(look(one))
        encoding = sys.stdout.encoding or "ascii"
        print(text.encode(encoding, "backslashreplace").decode(encoding))


def _passphrase(given: argparse.Namespace, prompt: str) -> str:
    if given.passphrase_file is not None:
        return Path(given.passphrase_file).read_text("utf-8").rstrip("\n")
    return getpass.getpass(prompt)


def _token(given: argparse.Namespace) -> str:
    if given.token_file is None:
        raise BadUsage("Name the file of your API token with --token-file.")
    return Path(given.token_file).read_text("ascii").strip()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="lodestone-sign", description="Signs statements with a key of your own.")
    commands = parser.add_subparsers(required=True, metavar="make-key | show | sign")
    make = commands.add_parser("make-key", help="make a key in a new file")
    make.add_argument("key", metavar="KEYFILE")
    make.set_defaults(do=_make_key)
    show = commands.add_parser("show", help="show what is to be signed, in plain words")
    show.add_argument("file", metavar="TO-SIGN.json")
    show.set_defaults(do=_show)
    signs = commands.add_parser("sign", help="show what is to be signed, ask, and sign it")
    signs.add_argument("file", metavar="TO-SIGN.json", nargs="?")
    signs.add_argument("--draft", help="a draft of the site instead of a file")
    signs.add_argument("--key", metavar="KEYFILE", action="append", required=True, help="twice where two of yours sign")
    signs.add_argument("--out", metavar="SIGNED.json", help="where what was signed goes")
    signs.add_argument("--url", help="the site: what was signed is sent there")
    signs.add_argument("--token-file", help="the file of your API token, for --url")
    signs.add_argument("--yes", action="store_true", help="do not ask; it is shown all the same")
    signs.set_defaults(do=_sign)
    for one in (make, signs):
        one.add_argument("--passphrase-file", help="where the passphrase stands, instead of being asked for")
    return parser
