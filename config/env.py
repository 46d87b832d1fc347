"""Settings from the environment: each value is read once, parsed into its type, and refused with a sentence.

A value may stand in the variable NAME or in the file that NAME_FILE names (the usual form for secrets in containers).
"""

import base64
import binascii
import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = ("1", "true", "yes", "on")
NO = ("0", "false", "no", "off")


class SettingError(ImproperlyConfigured):
    """A setting is missing or wrong; the sentence names the variable and says what to write."""


class Environment:
    """The variables of one process; every reader raises SettingError rather than guess."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str, default: str | None = None) -> str:
        """The value of `name`, from the variable or from its file; without a default it must be there."""
        value = self._found(name)
        if value is not None:
            return value
        if default is None:
            raise SettingError(f"{name} is missing. Set {name}, or {name}_FILE to a file that holds it.")
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or False; anything but a clear yes or no is refused."""
        value = self.text(name, YES[0] if default else NO[0]).lower()
        if value not in YES + NO:
            raise SettingError(f"{name} is {value!r}. Write 1 or 0.")
        return value in YES

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        """One of the options."""
        value = self.text(name, default)
        if value not in options:
            raise SettingError(f"{name} is {value!r}. Write one of: {', '.join(options)}.")
        return value

    def whole_number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise SettingError(f"{name} is {value!r}. Write a whole number from {least} to {most}.")
        return int(value)

    def words(self, name: str) -> list[str]:
        """The comma-separated words of `name`; empty when it is not set."""
        return [word.strip() for word in self.text(name, "").split(",") if word.strip()]

    def path(self, name: str, default: Path) -> Path:
        """An absolute path; a relative one starts at the working directory."""
        return Path(self.text(name, str(default))).expanduser().absolute()

    def _found(self, name: str) -> str | None:
        value, file = self._variables.get(name) or None, self._variables.get(f"{name}_FILE") or None
        if file is None:
            return value
        if value is not None:
            raise SettingError(f"{name} and {name}_FILE are both set. Keep one of them.")
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{name}_FILE names {file}, which cannot be read as text: {error}.") from error


def postgres_settings(url: str, password: str) -> dict[str, Any]:
    """Django's connection parameters of a postgres:// address; `password` is used when the address has none."""
    parts = urlsplit(url)
    name = parts.path.removeprefix("/")
    if parts.scheme not in ("postgres", "postgresql") or not parts.hostname or not name or "/" in name:
        raise SettingError("DATABASE_URL must look like postgres://user@host:5432/name.")
    return {
        "ENGINE": "config.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or password,
        "HOST": parts.hostname,
        "PORT": _port(parts.netloc, "DATABASE_URL"),
    }


def redis_address(url: str, password: str) -> str:
    """The redis:// address without its database number, with `password` put in when it has none."""
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname or parts.path not in ("", "/", "/0"):
        raise SettingError("REDIS_URL must look like redis://host:6379 (databases 0 and 1 of it are used).")
    credentials = parts.netloc.rpartition("@")[0] or (f":{quote(password, safe='')}" if password else "")
    port = _port(parts.netloc, "REDIS_URL") or "6379"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{credentials + '@' if credentials else ''}{host}:{port}"


def mail_settings(url: str, folder: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings of an address: `smtp://user:password@host:587` sends by STARTTLS, `console:` prints.

    `file:` writes each letter into a file of the folder, which only its owner may enter: letters hold links that open
    doors.
    """
    if url == "console:":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url == "file:":
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(folder)}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingError(
            "EMAIL_URL must be file:, console: or look like smtp://user:password@host:587 (smtps: TLS at once)."
        )
    at_once = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": int(_port(parts.netloc, "EMAIL_URL") or (465 if at_once else 587)),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": at_once,
        "EMAIL_USE_TLS": not at_once,
        "EMAIL_TIMEOUT": 10,
    }


def base_url_host(url: str) -> str:
    """The host name of the public address; the address is scheme and host, nothing more."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        raise SettingError(
            f"LODESTONE_BASE_URL is {url!r}. Write scheme and host only, such as https://ledger.example."
        )
    return parts.hostname


def master_key(text: str) -> bytes:
    """The 32 bytes of the master key, which is written as standard base64."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise SettingError("LODESTONE_MASTER_KEY must be 32 random bytes in base64: openssl rand -base64 32.")
    return key


def secret_key(text: str) -> str:
    """The signing key of sessions and links; a short one is refused."""
    if len(text) < 32:
        raise SettingError("LODESTONE_SECRET_KEY is shorter than 32 characters: openssl rand -base64 48.")
    return text


def key_file(path: Path, random_bytes: int) -> str:
    """The base64 text in a key file; a missing file is made, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, base64.b64encode(os.urandom(random_bytes)))
    if path.stat().st_mode & 0o077:
        raise SettingError(f"{path} can be read by others. Run: chmod 600 {path}")
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, content: bytes) -> None:
    """Writes a new 0600 file whole; of two processes that start at once the first wins and both read its key."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _port(netloc: str, name: str) -> str:
    """The port in an address, or an empty text."""
    try:
        port = urlsplit(f"//{netloc}").port
    except ValueError as error:
        raise SettingError(f"{name} has a port that is not a number from 0 to 65535.") from error
    return str(port) if port is not None else ""


def is_address(host: str) -> bool:
    """Whether a host is an IP address and not a name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
