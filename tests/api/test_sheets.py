"""Sheets by program: a template is fetched, a file sent, its cells put right, all of it signed in one act."""

from typing import Any

import pytest
from django.test import Client

from tests.accounts.people import member
from tests.api.clients import Clients
from tests.formats.workbooks import workbook
from tests.intake.test_sheets import SOURCE, changed
from traceability.models import Membership

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def row(number: str, **cells: Any) -> list[Any]:
    return changed(A=number, G="2026-03-05 08:00", **cells)


def headers(secret: str, **more: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}", **more}


def upload(secret: str, rows: list[list[Any]], query: str = "act=source&name=lots.xlsx", **more: str) -> Any:
    return Client().post(f"/api/v1/sheets?{query}", workbook(rows), XLSX, **headers(secret, **more))


def post(secret: str, path: str, body: Any) -> Any:
    return Client().post(f"/api/v1/{path}", body, "application/json", **headers(secret))


def get(secret: str, path: str) -> Any:
    return Client().get(f"/api/v1/{path}", **headers(secret))


def test_a_program_uploads_puts_right_and_signs(api: Clients) -> None:
    secret = api.owner.secret
    made = upload(secret, [SOURCE, row("A-1"), row("A-2", D="12 t")])
    assert made.status_code == 201
    sheet = made.json()
    place = f"sheets/{sheet['id']}"
    assert made["Location"] == f"/api/v1/{place}"
    assert (sheet["state"], sheet["rows"], sheet["mistakes"]) == ("checked", 2, 1)
    assert get(secret, f"{place}/findings").json()["results"] == [
        {"row": 3, "column": "D", "code": "unit_twice", "value": "12 t", "blocks": True,
         "sentence": "The text says t, but kg was chosen. Keep one of them."},
    ]  # fmt: skip
    refused = post(secret, f"{place}/sign", {"revision": 0})
    assert (refused.status_code, refused.json()["code"]) == (422, "sheet_not_right")
    right = post(secret, f"{place}/cells", {"cells": [{"row": 3, "column": "D", "value": "12000"}]}).json()
    assert (right["mistakes"], right["revision"], right["statements"]) == (0, 1, 2)
    assert get(secret, f"{place}/receipts").status_code == 409
    assert post(secret, f"{place}/sign", {"revision": 0}).json()["code"] == "approval_changed"
    signed = post(secret, f"{place}/sign", {"revision": 1})
    assert (signed.status_code, signed.json()["state"]) == (200, "signed")
    receipts = get(secret, f"{place}/receipts").json()["results"]
    assert [one["row"] for one in receipts] == [2, 3]
    assert get(secret, f"statements/{receipts[0]['digest']}").status_code == 200
    assert get(secret, f"lots/{receipts[1]['lots'][0][9:]}").json()["number"] == "A-2"
    assert [one["id"] for one in get(secret, "sheets?state=signed").json()["results"]] == [sheet["id"]]


def test_the_same_upload_under_one_key_is_one_sheet(api: Clients) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "once"}
    content = workbook([SOURCE, row("A-1")])
    found = [
        Client().post("/api/v1/sheets?act=source&name=a", content, XLSX, **headers(api.owner.secret, **key))
        for _ in range(2)
    ]
    assert found[0].json()["id"] == found[1].json()["id"]


@pytest.mark.parametrize(
    ("query", "rows", "status", "code"),
    [
        ("act=recall&name=a", [SOURCE, row("A-1")], 422, "no_such_sheet"),
        ("act=source", [SOURCE, row("A-1")], 400, "bad_parameter"),
        ("act=source&name=a&decimal=dot", [SOURCE, row("A-1")], 400, "bad_parameter"),
        ("act=source&name=a&utc_offset=late", [SOURCE, row("A-1")], 400, "bad_utc_offset"),
        ("act=source&name=a", [["x", "y"]], 422, "unknown_sheet"),
    ],
)
def test_what_cannot_be_taken_is_refused(api: Clients, query: str, rows: Any, status: int, code: str) -> None:
    refused = upload(api.owner.secret, rows, query)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_template_is_fetched(api: Clients) -> None:
    assert get(api.owner.secret, "sheet-templates/source?stage=magnet").content.startswith(b"PK")
    assert b"Nd (%)" in get(api.owner.secret, "sheet-templates/source?stage=magnet&format=csv").content
    assert get(api.owner.secret, "sheet-templates/recall").status_code == 422


def test_a_row_is_left_out_and_a_sheet_thrown_away(api: Clients) -> None:
    secret = api.owner.secret
    place = f"sheets/{upload(secret, [SOURCE, row('A-1'), row('A-1')]).json()['id']}"
    assert post(secret, f"{place}/cells", {"leave_out": [3]}).json()["statements"] == 1
    assert Client().delete(f"/api/v1/{place}", **headers(secret)).status_code == 204
    assert get(secret, place).status_code == 404


def test_a_colleague_is_asked_and_not_asked_any_more(api: Clients) -> None:
    own, secret = api.market.mine.organisation, api.owner.secret
    place = f"sheets/{upload(secret, [SOURCE, row('A-1')]).json()['id']}"
    own.approval_wanted = True
    own.save()
    assert post(secret, f"{place}/sign", {"revision": 0}).json()["code"] == "approval_wanted"
    assert post(secret, f"{place}/approval", {}).json()["code"] == "nobody_to_approve"
    member(own, "ada", Membership.Role.APPROVER)
    assert "asked_at" in post(secret, f"{place}/approval", {}).json()
    assert Client().delete(f"/api/v1/{place}/approval", **headers(secret)).status_code == 204
    assert "asked_at" not in get(secret, place).json()
    assert post(secret, f"{place}/send-back", {"reason": "x"}).status_code == 403


def test_sheets_of_others_do_not_exist(api: Clients) -> None:
    place = f"sheets/{upload(api.owner.secret, [SOURCE, row('A-1')]).json()['id']}"
    for other in (api.customer.secret, api.outsider.secret):
        for path in (place, f"{place}/findings", f"{place}/receipts"):
            assert get(other, path).status_code == 404
        assert post(other, f"{place}/sign", {"revision": 0}).status_code == 404
        assert post(other, f"{place}/cells", {"leave_out": [2]}).status_code == 404
        assert get(other, "sheets").json()["results"] == []
