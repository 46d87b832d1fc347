"""The part of a page on which somebody signs with a key of his own: in this browser, or with a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from traceability.ledger.errors import RecordError
from traceability.selectors.access import Actor
from traceability.services import own_keys
from traceability.services.errors import Refusal
from traceability.signer import files
from traceability.signer.files import Signed, ToSign


class NoFile(Refusal):
    """A form that brings a signed file and has none."""

    code = "no_file"


@dataclass(frozen=True, slots=True)
class Key:
    """A key in force that its holder keeps; `file_href` leads to what it is to sign."""

    digits: str
    name: str
    file_href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """What the part shows. `hidden` is sent along with the button that gives the file."""

    keys: list[Key]
    platform_signs: bool
    file_button: bool = False
    hidden: Mapping[str, object] = field(default_factory=dict)
    brings_open: bool = False


def block(
    actor: Actor, *, href: Callable[[str], str] | None = None, hidden: Mapping[str, object] | None = None
) -> Block:
    """The keys of the actor's organisation that it holds itself, each with its file by `href`, or by a button."""
    names = own_keys.names_of(actor)
    found = [bytes(one.pk).hex() for one in own_keys.in_force(actor)]
    keys = [Key(one, names.get(one, ""), href(f"sha256:{one}") if href else "") for one in found]
    return Block(keys, own_keys.platform_signs(actor), file_button=hidden is not None, hidden=hidden or {})


def brought(request: HttpRequest) -> list[Signed]:
    """The signed statements in the file that a form brings."""
    given = request.FILES.get("signed")
    if given is None or given.size is None or given.size > files.MAX_BYTES:
        raise NoFile(_("Choose the file that lodestone-sign wrote."), path="/signed")
    try:
        return files.read_signed(given.read())
    except RecordError:
        raise NoFile(_("This is not a file that lodestone-sign wrote."), path="/signed") from None


def file_of(found: ToSign, name: str) -> HttpResponse:
    """A statement about keys that is to be signed, as a file."""
    answer = JsonResponse(files.task_value([found], send_to="/api/v1/keys/signed"), json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{name}.to-sign.json"'
    return answer


NO_KEYS = Block([], platform_signs=True)
"""For a page on which nothing is signed with a key in force."""
