"""The API keeps what its description promises, whatever is sent: requests out of docs/openapi.yaml, right and wrong.

Bounded, so that CI can run it (make test-requests); HYPOTHESIS_PROFILE=fuzz looks for more and new examples.
"""

import json
import os
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import booleans

if TYPE_CHECKING:
    from tests.api.clients import Clients

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.yaml"
# By a pattern, because making schemas of the whole description takes half a minute.
OPERATIONS = re.findall(r"operationId: (\w+)", DESCRIPTION.read_text())
# A request that fits its schema may still be refused by a rule of the record; nothing here is made and deleted in turn.
NDJSON = "application/x-ndjson"
NOT_PROMISED = ("positive_data_acceptance", "ensure_resource_availability", "use_after_free")
# Any file gets an answer there; a form cannot carry every wrong value of its other parts.
ANSWERED_WHATEVER_IT_IS = {"verify": ("negative_data_rejection",)}
BOUNDED = hypothesis.settings(
    max_examples=500 if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else 25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@cache
def description() -> Any:
    """The description, served by the application in this process."""
    import schemathesis
    import yaml

    @schemathesis.serializer(NDJSON)
    def lines(context: object, value: object) -> bytes:
        return value.encode("utf-8", "replace") if isinstance(value, str) else json.dumps(value).encode()

    @schemathesis.serializer("application/zip")
    def file(context: object, value: object) -> bytes:
        return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")

    found: Any = schemathesis.openapi.from_dict(yaml.safe_load(DESCRIPTION.read_text()))
    found.app = _application
    return found


def _application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    from config.wsgi import application

    return application({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response)


@pytest.fixture
def fuzzed(ledger_api: "Clients", settings: Any) -> "Clients":
    """The market with a lot in the log, and no limit of requests."""
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": {"anon": "1000000/min", "user": "1000000/min"}
    }
    from traceability.services import integrator

    ledger_api.market.source()
    integrator.integrate()
    return ledger_api


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(operation: str, mode: str, fuzzed: "Clients") -> None:
    from schemathesis.checks import CHECKS
    from schemathesis.generation import GenerationMode

    found = description().find_operation_by_id(operation)
    left_out = CHECKS.get_by_names((*NOT_PROMISED, *ANSWERED_WHATEVER_IT_IS.get(operation, ())))
    cases = found.as_strategy(generation_mode=GenerationMode(mode))
    there = _there(fuzzed) if mode == "positive" else {}

    @BOUNDED
    @hypothesis.given(case=cases, known=booleans())
    def send(case: Any, known: bool) -> None:
        if known:
            case.path_parameters = {name: there.get(name, value) for name, value in case.path_parameters.items()}
        case.call_and_validate(headers={"Authorization": f"Bearer {fuzzed.owner.secret}"}, excluded_checks=left_out)

    try:
        send()
    except Unsatisfiable:
        pytest.skip("Nothing can be wrong in this request.")


def _there(clients: "Clients") -> dict[str, str]:
    """Names of things that are there, in the place of made-up ones."""
    from tests.api.clients import act, urn
    from traceability.models import Lot

    lot = Lot.objects.select_related("made_by").get()
    draft = clients.owner.send("drafts", act("lot.source", clients.market.source_body(urn()))).json()["id"]
    template = clients.owner.send("templates", {"name": "Ore", "draft": f"urn:uuid:{draft}"}).json()["id"]
    note = clients.owner.send("notes", {"lot": lot.urn, "text": "Look here"}).json()["id"]
    digest = f"sha256:{bytes(lot.made_by.digest).hex()}"
    return {
        "lot": str(lot.pk),
        "digest": digest,
        "code": "overdrawn",
        "draft": draft,
        "template": template,
        "note": note,
    }
