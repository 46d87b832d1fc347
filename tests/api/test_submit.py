"""Submitting statements, one by one: receipts, repeats, refusals in one shape, and nothing half done."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.api.clients import DSSE, NDJSON, Clients, Program, act, ndjson, urn
from tests.services.test_envelopes import sealed
from tests.web.suppliers import person
from traceability.ledger import envelope
from traceability.ledger.identifiers import digest_of
from traceability.ledger.moments import format_moment
from traceability.models import ApiToken, Lot, Statement
from traceability.services import sealing
from traceability.services.clock import now

JSON = "application/json"


def new_id() -> str:
    return sealing.urn(sealing.new_id(now()))


def source(api: Clients, **changes: Any) -> dict[str, Any]:
    """A source of ore as it travels."""
    body = api.market.source_body(urn()) | changes
    return act("lot.source", {name: value for name, value in body.items() if value is not None}, id=new_id())


def signed(api: Clients) -> dict[str, Any]:
    """A source of ore, signed by the client."""
    found = sealed(api.market)
    return {
        "envelope": json.loads(found.written),
        "disclosures": [one.text for one in found.disclosures.values()],
    }


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, after checking what every one of them holds."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert (found["status"], found["code"]) == (status, code), found
    assert found["type"].endswith(f"/api/v1/problems/{code}")
    assert found["title"]
    assert found["detail"]
    return found


def test_an_act_is_signed_accepted_and_answered_with_its_receipt(api: Clients) -> None:
    sent = source(api)
    answer = api.owner.send("statements", sent)
    assert answer.status_code == 201
    receipt = answer.json()
    lot = sent["body"]["lot"]
    assert receipt["id"] == sent["id"]
    assert receipt["kind"] == "lot.source"
    assert receipt["issuer"] == api.market.mine.organisation.urn
    assert receipt["custody_hashes"].keys() == {lot}
    assert receipt["findings"] == []
    assert answer["ETag"] == f'"{receipt["digest"]}"'
    assert answer["Location"] == receipt["links"]["self"] == f"/api/v1/statements/{receipt['digest']}"
    assert Lot.objects.get(pk=lot[9:]).holder == api.market.mine.organisation


def test_the_same_act_again_gives_the_same_receipt(api: Clients) -> None:
    sent = source(api)
    first, again = api.owner.send("statements", sent), api.owner.send("statements", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]


def test_the_same_id_for_something_else_is_a_conflict(api: Clients) -> None:
    sent = source(api)
    api.owner.send("statements", sent)
    other = sent | {"occurred_from": "2026-03-05T08:00:00Z"}
    assert problem(api.owner.send("statements", other), 409, "id_taken")["path"] == "/id"


def test_an_envelope_signed_by_the_client_is_stored_as_it_is(api: Clients) -> None:
    sent = signed(api)
    answer = api.owner.send("statements", sent)
    assert answer.status_code == 201, answer.content
    stored = api.owner.get(answer["Location"])
    assert stored["Content-Type"] == DSSE
    assert json.loads(stored.content) == sent["envelope"]
    assert digest_of(envelope.parse_envelope(stored.content).payload) == answer.json()["digest"]
    assert api.owner.send("statements", sent).json() == answer.json()


def test_a_bare_envelope_needs_the_disclosures_that_its_rules_need(api: Clients) -> None:
    written = sealed(api.market).written
    answer = api.owner.post("/api/v1/statements", written, content_type=DSSE)
    found = problem(answer, 422, "disclosure_required")
    assert found["path"] == "/payload"
    assert found["payload_path"] == "/body/assay/closed/rows"


def test_a_bare_envelope_without_confidential_values_is_accepted(api: Clients) -> None:
    lot = api.market.source()
    written = sealed(api.market, "lot.hold", {"lot": lot, "reason": "sampling"}).written
    answer = api.owner.post("/api/v1/statements", written, content_type=DSSE)
    assert answer.status_code == 201, answer.content


def test_findings_are_told_with_their_sentences_and_told_again(api: Clients) -> None:
    lot = api.market.source()
    sent = api.market.send(lot)
    cancel = act("lot.dispatch_cancel", {"lot": lot, "reason": "wrong truck"}, day=90, id=new_id())
    answer = api.owner.send("statements", cancel)
    assert [one["code"] for one in answer.json()["findings"]] == ["cancelled_alone"]
    assert api.owner.send("statements", cancel).json() == answer.json()
    assert sent.digest != answer.json()["digest"]


def test_what_is_opened_beyond_the_rules_is_open(api: Clients) -> None:
    sent = source(api) | {"open": ["/body/mass_kg"]}
    answer = api.owner.send("statements", sent)
    stored = json.loads(envelope.parse_envelope(api.owner.get(answer["Location"]).content).payload)
    assert stored["body"]["mass_kg"] == "1000"
    assert set(stored["body"]["closed"]) == {"lot_number"}


def test_a_correction_takes_the_shape_of_what_it_replaces(api: Clients) -> None:
    sent = source(api)
    digest = api.owner.send("statements", sent).json()["digest"]
    moment = sent["occurred_from"]
    claim = {"occurred_from": moment, "occurred_to": moment, "utc_offset": "+00:00", "body": sent["body"]}
    body = {"replaces": digest, "newest": digest, "reason": "weighed again", "as": claim}
    wrong = json.loads(json.dumps(body))
    wrong["as"]["body"]["colour"] = "black"
    found = problem(api.owner.say("statement.correct", wrong, day=90), 400, "unknown_field")
    assert found["path"] == "/body/as/body/colour"
    claim["body"] = sent["body"] | {"mass_kg": "990"}
    answer = api.owner.say("statement.correct", body, day=90)
    assert answer.status_code == 201, answer.content
    assert Lot.objects.get(pk=sent["body"]["lot"][9:]).mass_kg == 990


def test_a_correction_that_changes_nothing_is_refused_however_it_comes(api: Clients) -> None:
    sent = source(api)
    digest, moment = api.owner.send("statements", sent).json()["digest"], sent["occurred_from"]
    claim = {"occurred_from": moment, "occurred_to": moment, "utc_offset": "+00:00", "body": sent["body"]}
    body = {"replaces": digest, "newest": digest, "reason": "weighed again", "as": claim}
    found = problem(api.owner.say("statement.correct", body, day=90), 422, "nothing_changes")
    assert found["path"] == "/body/as"
    line = ndjson(act("statement.correct", body, day=90))
    batch = api.owner.post("/api/v1/statements/batch", line, content_type=NDJSON)
    assert problem(batch, 422, "nothing_changes")["line"] == 1
    by_holder = sealed(api.market, "statement.correct", body)
    texts = [one.text for one in by_holder.disclosures.values()]
    wrapped = {"envelope": json.loads(by_holder.written), "disclosures": texts}
    problem(api.owner.send("statements", wrapped), 422, "nothing_changes")
    later = {"occurred_to": "2026-03-03T08:00:00Z"}
    for change in ({"as": claim | later}, {"as": claim | {"body": sent["body"] | {"mass_kg": "999"}}}):
        assert api.owner.say("statement.correct", body | change, day=90).status_code == 201
        body["newest"] = "sha256:" + bytes(Statement.objects.latest("pk").digest).hex()
        problem(api.owner.say("statement.correct", body | change, day=90), 422, "nothing_changes")
    last = body | {"as": claim | {"body": sent["body"] | {"mass_kg": "999"}}}
    opened = api.owner.say("statement.correct", last, day=90, open=["/body/as/body/mass_kg"])
    assert opened.status_code == 201, opened.content  # to open a value is a change


@pytest.mark.parametrize("code", ["XX", "ZZ", "UK", "EU"])
def test_letters_that_are_no_country_are_refused(api: Clients, code: str) -> None:
    sent = source(api)
    wrong = {**sent, "body": sent["body"] | {"country": code}}
    assert problem(api.owner.send("statements", wrong), 422, "unknown_country")["path"] == "/body/country"
    assert not Lot.objects.filter(pk=sent["body"]["lot"][9:]).exists()
    digest, moment = api.owner.send("statements", sent).json()["digest"], sent["occurred_from"]
    claim = {"occurred_from": moment, "occurred_to": moment, "utc_offset": "+00:00", "body": wrong["body"]}
    body = {"replaces": digest, "newest": digest, "reason": "moved", "as": claim}
    found = problem(api.owner.say("statement.correct", body, day=90), 422, "unknown_country")
    assert found["path"] == "/body/as/body/country"


def test_another_organisations_statement_cannot_be_corrected(api: Clients) -> None:
    sent = source(api)
    digest = api.owner.send("statements", sent).json()["digest"]
    moment = format_moment(now())
    claim = {"occurred_from": moment, "occurred_to": moment, "utc_offset": "+00:00", "body": sent["body"]}
    body = {"replaces": digest, "newest": digest, "reason": "no", "as": claim}
    assert problem(api.outsider.say("statement.correct", body), 422, "missing_reference")["path"] == "/body/replaces"


# Who may.


def test_nobody_submits_without_a_token(api: Clients) -> None:
    answer = api.anybody.post("/api/v1/statements", json.dumps(source(api)), content_type=JSON)
    problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_reading_token_submits_nothing(api: Clients) -> None:
    reader = Program(api.market.mine, ApiToken.Scope.READ)
    problem(reader.send("statements", source(api)), 403, "insufficient_scope")
    assert reader.read("lots").status_code == 200


def test_a_wrong_an_expired_and_a_revoked_token_open_nothing(api: Clients) -> None:
    token = ApiToken.objects.get(organisation=api.market.mine.organisation)
    wrong = api.anybody.get("/api/v1/lots", headers={"Authorization": "Bearer lodestone_wrong"})
    problem(wrong, 401, "token_unknown")
    expired, revoked = {"expires_at": now()}, {"revoked_at": now(), "expires_at": token.expires_at}
    for code, change in (("token_expired", expired), ("token_revoked", revoked)):
        ApiToken.objects.filter(pk=token.pk).update(**change)
        answer = api.owner.read("lots")
        problem(answer, 401, code)
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert f"{now():%Y-%m-%d}" in answer.json()["detail"]
        assert api.anybody.get(f"/api/v1/problems/{code}").json()["status"] == 401


def test_the_use_of_a_token_is_noted(api: Clients) -> None:
    api.owner.read("lots")
    assert ApiToken.objects.get(organisation=api.market.mine.organisation).last_used_at is not None


def test_nobody_submits_anothers_envelope(api: Clients) -> None:
    problem(api.customer.send("statements", signed(api)), 403, "not_member_of_issuer")


def test_a_lot_that_one_may_not_see_is_a_lot_that_does_not_exist(api: Clients) -> None:
    body: dict[str, Any] = {"reason": "mine now"}
    unknown = api.outsider.say("lot.hold", body | {"lot": urn()})
    foreign = api.outsider.say("lot.hold", body | {"lot": api.market.source()})
    first, second = problem(unknown, 404, "lot_unknown"), problem(foreign, 404, "lot_unknown")
    assert {**first, "lot": ""} == {**second, "lot": ""}


def test_a_receiver_of_nothing_is_told_what_is_wrong(api: Clients) -> None:
    lot = api.market.source()
    dispatch = api.market.send(lot)
    received = {"lot": lot, "dispatch": dispatch.digest, "weighed_mass_kg": "1000", "difference": "within"}
    assert api.customer.say("lot.receive", received, day=90).status_code == 201
    problem(api.customer.say("lot.receive", received, day=91), 409, "wrong_custody_state")
    problem(api.owner.say("lot.hold", {"lot": lot, "reason": "too late"}, day=92), 409, "not_holder")


@pytest.mark.parametrize("kind", ["key.rotate", "key.add", "key.revoke", "organisation.register", "log.heads"])
def test_a_program_does_not_ask_the_platform_to_change_keys(api: Clients, kind: str) -> None:
    problem(api.owner.say(kind, {"reason": "none"}), 403, "not_by_platform")


def test_the_platform_signs_for_nobody_else(api: Clients) -> None:
    more = source(api) | {"cosigners": [api.market.separator.organisation.urn]}
    assert problem(api.owner.send("statements", more), 400, "unknown_field")["path"] == "/cosigners"


# What is malformed.

BAD_JSON = {
    "cut off": (b'{"kind": "lot.so', "not_json"),
    "empty": (b" ", "not_json"),
    "no object": (b"[1]", "bad_type"),
    "a number": (b"42", "bad_type"),
    "not UTF-8": (b'{"kind": "\xff"}', "not_utf8"),
    "a name twice": (b'{"kind": "lot.source", "kind": "lot.hold"}', "duplicate_field"),
    "a float": (b'{"kind": "lot.source", "body": {"mass_kg": 1.5}}', "float_refused"),
    "an exponent": (b'{"kind": 1e400}', "float_refused"),
    "NaN": (b'{"kind": NaN}', "float_refused"),
    "a huge integer": (b'{"kind": ' + b"9" * 5000 + b"}", "integer_out_of_range"),
    "too deep": (b'{"kind":' * 40 + b"1" + b"}" * 40, "too_deep"),
    "deeper than the stack": (b"[" * 100_000, "too_deep"),
    "nothing in it": (b"{}", "missing_field"),
}


@pytest.mark.parametrize("case", BAD_JSON)
def test_malformed_json_is_refused_by_name(api: Clients, case: str) -> None:
    written, code = BAD_JSON[case]
    before = Statement.objects.count()
    problem(api.owner.post("/api/v1/statements", written, content_type=JSON), 400, code)
    assert Statement.objects.count() == before


BAD_ACTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown field": ({"colour": "red"}, "unknown_field", "/colour"),
    "an unknown kind": ({"kind": "lot.eat"}, "unknown_kind", "/kind"),
    "a reserved kind": ({"kind": "lot.pack"}, "reserved_kind", "/kind"),
    "a number for a kind": ({"kind": 5}, "wrong_type", "/kind"),
    "no body": ({"body": None}, "wrong_type", "/body"),
    "a list for a body": ({"body": []}, "wrong_type", "/body"),
    "a moment without zone": ({"occurred_from": "2026-03-01T08:00:00"}, "bad_moment", "/occurred_from"),
    "a day that is none": ({"occurred_from": "2026-02-31T08:00:00Z"}, "bad_moment", "/occurred_from"),
    "a bad offset": ({"utc_offset": "+25:00"}, "bad_utc_offset", "/utc_offset"),
    "an id that is none": ({"id": "7"}, "wrong_type", "/id"),
    "half a surrogate": ({"kind": "\ud800"}, "unknown_kind", "/kind"),
}
BAD_BODIES: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown field": ({"colour": "red"}, "unknown_field", "/body/colour"),
    "no lot": ({"lot": None}, "missing_field", "/body/lot"),
    "a lot that is no urn": ({"lot": "ORE-1"}, "wrong_type", "/body/lot"),
    "a number for a mass": ({"mass_kg": 1000}, "wrong_type", "/body/mass_kg"),
    "no number": ({"mass_kg": "heavy"}, "bad_quantity", "/body/mass_kg"),
    "a comma": ({"mass_kg": "1000,5"}, "bad_quantity", "/body/mass_kg"),
    "a negative mass": ({"mass_kg": "-5"}, "negative_quantity", "/body/mass_kg"),
    "a zero mass": ({"mass_kg": "0"}, "out_of_range", "/body/mass_kg"),
    "a percentage over 100": (
        {"assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "101"}]}},
        "out_of_range",
        "/body/assay/rows/0/content_pct",
    ),
    "an empty list": ({"assay": {"basis": "dry_mass", "rows": []}}, "out_of_range", "/body/assay/rows"),
    "a closed place": ({"closed": {"mass_kg": "A" * 43}}, "open_and_closed", "/body/mass_kg"),
    "an unknown stage": ({"stage": "soup"}, "out_of_range", "/body/stage"),
    "a country in words": ({"country": "Germany"}, "out_of_range", "/body/country"),
    "an invisible letter": ({"material": "ore\u200b"}, "unassigned_or_refused_character", "/body/material"),
    "a decomposed letter": ({"material": "u\u0308ber"}, "not_nfc", "/body/material"),
    "a zero byte": ({"material": "ore\x00"}, "unassigned_or_refused_character", "/body/material"),
    "half a surrogate": ({"material": "\ud800"}, "unassigned_or_refused_character", "/body/material"),
    "a zero byte in what will be closed": (
        {"lot_number": "a\x00"},
        "unassigned_or_refused_character",
        "/body/lot_number",
    ),
    "a decomposed letter in a closed row": (
        {"assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "60"}], "laboratory": "u\u0308"}},
        "not_nfc",
        "/body/assay/laboratory",
    ),
    "a fraction": ({"mass_kg": 12.5}, "float_refused", "/body/mass_kg"),
}


@pytest.mark.parametrize(
    "place", ["/mass_kg", "/body/stage", "/body/price", "/body/lot", "body/mass_kg", "/evidence/0"]
)
def test_a_place_to_open_where_nothing_confidential_stands_is_refused(api: Clients, place: str) -> None:
    sent = source(api)
    assert "mass_kg" in sent["body"]
    found = problem(api.owner.send("statements", sent | {"open": ["/body/mass_kg", place]}), 400, "nothing_to_open")
    assert found["path"] == "/open/1"
    assert api.owner.send("statements", sent | {"open": ["/body/mass_kg"]}).status_code == 201


@pytest.mark.parametrize("name", ["occurred_from", "occurred_to"])
def test_the_platform_signs_nothing_that_is_still_to_come(api: Clients, name: str) -> None:
    moment = {name: format_moment(now() + timedelta(days=1))}
    found = problem(api.owner.send("statements", source(api) | moment), 422, "still_to_come")
    assert found["path"] == f"/{name}"


def test_what_signs_takes_no_parameters(api: Clients) -> None:
    before = Statement.objects.count()
    for path in ("statements", "statements/batch", "drafts"):
        content_type = NDJSON if path.endswith("batch") else JSON
        answer = api.owner.post(f"/api/v1/{path}?dry_run=1", json.dumps(source(api)), content_type=content_type)
        problem(answer, 400, "unknown_parameter")
    assert Statement.objects.count() == before


@pytest.mark.parametrize(
    "code",
    ["not_authenticated", "throttled", "unsupported_media_type", "body_too_large", "not_found", "internal_error"],
)
def test_codes_that_are_not_of_the_record_are_explained_too(api: Clients, code: str) -> None:
    found = api.anybody.get(f"/api/v1/problems/{code}").json()
    assert (found["code"], found["type"].rpartition("/")[2]) == (code, code)
    assert "rule set" not in found["meaning"]


@pytest.mark.parametrize("case", BAD_ACTS)
def test_a_malformed_act_is_refused_with_its_place(api: Clients, case: str) -> None:
    changes, code, path = BAD_ACTS[case]
    assert problem(api.owner.send("statements", source(api) | changes), 400, code)["path"] == path


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_malformed_body_is_refused_with_its_place(api: Clients, case: str) -> None:
    changes, code, path = BAD_BODIES[case]
    before = Statement.objects.count()
    found = problem(api.owner.send("statements", source(api, **changes)), 400, code)
    assert found["path"] == path
    assert Statement.objects.count() == before


def test_a_rule_that_is_broken_is_another_status_than_a_malformed_request(api: Clients) -> None:
    body = api.market.source_body(urn(), assay={"basis": "dry_mass", "rows": [
        {"species": "Nd2O3", "content_pct": "60"}, {"species": "Pr6O11", "content_pct": "50"}]})  # fmt: skip
    problem(api.owner.say("lot.source", body), 422, "assay_over_100")
    ends_early = source(api) | {"occurred_to": "2026-02-01T00:00:00Z"}
    problem(api.owner.send("statements", ends_early), 422, "time_order")


def test_an_envelope_in_another_form_is_refused(api: Clients) -> None:
    sent = signed(api)
    more = sent | {"envelope": sent["envelope"] | {"extra": "1"}}
    problem(api.owner.send("statements", more), 400, "bad_envelope")
    loose = json.dumps(sent["envelope"], indent=1).encode()
    problem(api.owner.post("/api/v1/statements", loose, content_type=DSSE), 400, "envelope_not_canonical")
    problem(api.owner.send("statements", sent | {"disclosures": "all"}), 400, "wrong_type")
    problem(api.owner.send("statements", sent | {"disclosures": ["!"]}), 400, "bad_base64")


def test_a_changed_payload_is_refused(api: Clients) -> None:
    found = sealed(api.market)
    one = envelope.parse_envelope(found.written)
    changed = replace(one, payload=one.payload.replace(b"bastnaesite", b"monazite..."))
    sent = {
        "envelope": json.loads(envelope.encode_envelope(changed)),
        "disclosures": [value.text for value in found.disclosures.values()],
    }
    problem(api.owner.send("statements", sent), 422, "bad_signature")


def test_another_media_type_is_refused(api: Clients) -> None:
    for media_type in ("text/plain", "application/xml", "multipart/form-data; boundary=x", ""):
        answer = api.owner.post("/api/v1/statements", b"{}", content_type=media_type)
        problem(answer, 415, "unsupported_media_type")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(api: Clients) -> None:
    for size in (1024 * 1024 + 1, 50 * 1024 * 1024):
        answer = api.owner.generic("POST", "/api/v1/statements", b" " * size, content_type=JSON)
        assert answer.status_code == 413
        assert answer["Content-Type"] == "application/problem+json"


def test_a_request_that_was_cut_off_is_refused(api: Clients) -> None:
    written = json.dumps(source(api)).encode()
    cut: dict[str, Any] = {"wsgi.input": io.BytesIO(written[:-20]), "CONTENT_LENGTH": str(len(written))}
    answer = api.owner.generic("POST", "/api/v1/statements", written, content_type=JSON, **cut)
    problem(answer, 400, "body_cut_off")
    assert not Statement.objects.filter(kind="lot.source").exists()


def test_another_method_is_refused(api: Clients) -> None:
    answer = api.owner.put("/api/v1/statements", b"{}", content_type=JSON)
    problem(answer, 405, "method_not_allowed")
    assert "POST" in answer["Allow"]


def test_the_rate_is_limited_and_told(api: Clients, settings: Any) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"anon": "2/min", "user": "3/min"}}
    answers = [api.owner.read("organisations/me") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    problem(answers[-1], 429, "throttled")
    assert 1 <= int(answers[-1]["Retry-After"]) <= 61
    assert api.customer.read("organisations/me").status_code == 200
    assert [api.anybody.get("/api/v1/log").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("sent", [source, signed])
def test_where_a_second_person_signs_programs_sign_nothing_unless_they_may(api: Clients, sent: Any) -> None:
    own = api.market.mine.organisation
    own.approval_wanted = True
    own.save()
    submission = sent(api)
    before = Statement.objects.count()
    found = problem(api.owner.send("statements", submission), 403, "approval_wanted")
    assert "ask an administrator to let programs sign" in found["detail"]
    assert Statement.objects.count() == before
    assert api.owner.read("lots").status_code == 200
    own.programs_sign = True
    own.save()
    assert api.owner.send("statements", submission).status_code == 201


def test_where_a_second_person_signs_nobody_signs_his_own_by_the_session_of_the_pages(api: Clients) -> None:
    own = api.market.mine.organisation
    own.approval_wanted = True
    own.save()
    client = person(own)
    answer = client.post("/api/v1/statements", json.dumps(source(api)), content_type=JSON)
    problem(answer, 403, "approval_wanted")


def test_json_that_never_ends_to_nest_is_refused(api: Clients) -> None:
    nested = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"
    browser = person(api.market.mine.organisation)
    browser.handler.enforce_csrf_checks = True
    browser.get("/members/invite/")
    token = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    for answer in (
        browser.post("/api/v1/watches", nested, content_type="application/json", headers=token),
        api.owner.post("/api/v1/watches", nested, content_type="application/json"),
    ):
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
