"""Notes of auditors over the demonstration: private or shared with the audited, open or done, and nobody else's."""

import csv
import io
from typing import Any

import pytest

from tests.demo_chain import Demo
from tests.web.pages import Page
from traceability.models import AuditNote, Membership
from traceability.services import audit_notes

pytestmark = pytest.mark.usefixtures("changing")


def text(client: Any, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    page = str(found.content.decode())
    assert Page(page).faults == []
    return page


def places(demo: Demo) -> dict[str, str]:
    """The things that notes are written on, with their pages."""
    lot = demo.lot("MAG-1")
    digest = bytes(lot.made_by.digest).hex()
    return {
        f"lot/{lot.pk}": f"/lots/{lot.pk}/",
        f"statement/{digest}": f"/statements/{digest}/",
        f"declaration/{demo.declaration.pk}": f"/d/{demo.declaration.reference}",
    }


def write(demo: Demo, on: str = "", who: str = "auditor", **typed: str) -> Any:
    return demo.client(who).post(
        f"/notes/on/{on or next(iter(places(demo)))}/", {"text": "Where is the weighing note?"} | typed
    )


def read(demo: Demo, who: str, query: str = "") -> str:
    return text(demo.client(who), f"/notes/{query}")


def role(demo: Demo, who: str, role: str) -> None:
    Membership.objects.filter(user__username=f"{who}@demo.lodestone.example").update(role=role)


def test_a_note_is_written_on_each_kind_of_thing_and_stands_on_its_page(demo: Demo) -> None:
    for on, page in places(demo).items():
        assert f'href="/notes/on/{on}/"' in text(demo.client("auditor"), page)
        assert "Share it with" in text(demo.client("auditor"), f"/notes/on/{on}/")
        assert write(demo, on)["Location"] == f"{page}#notes"
        assert "Where is the weighing note?" in text(demo.client("auditor"), page)
    listed = read(demo, "auditor")
    assert all(f'href="{page}#notes"' in listed for page in places(demo).values())


def test_a_private_note_is_of_the_auditors_organisation_alone(demo: Demo) -> None:
    for on, page in places(demo).items():
        write(demo, on)
        for who in ("isarmagnet", "redgum", "nordwind"):
            assert "weighing note" not in read(demo, who, "?state=all")
            found = demo.client(who).get(page)
            assert "weighing note" not in found.content.decode()
    assert "weighing note" not in demo.client().get(places(demo)[on]).content.decode()


def test_a_shared_note_is_read_by_the_audited_and_nobody_else(demo: Demo) -> None:
    for on, page in places(demo).items():
        write(demo, on, shared="on")
        audited = text(demo.client("isarmagnet"), page)
        assert "Where is the weighing note?" in audited
        assert "Alder Assurance" in audited
        assert demo.client("isarmagnet").get(page).content.decode().count("weighing note") == 1
    assert read(demo, "isarmagnet").count("shared by Alder Assurance") == 3
    assert read(demo, "auditor").count("shared with Isarmagnet") == 3
    for who in ("redgum", "nordwind"):
        assert "weighing note" not in read(demo, who, "?state=all")


def test_the_audited_is_told_of_a_shared_note_and_of_no_other(demo: Demo) -> None:
    from traceability.models import Notice, NoticeCopy

    write(demo)
    assert not Notice.objects.filter(kind="note.shared").exists()
    write(demo, shared="on")
    told = Notice.objects.get(kind="note.shared")
    assert told.organisation == demo.organisation("isarmagnet")
    assert {one.mail for one in NoticeCopy.objects.filter(notice=told)} == {NoticeCopy.Mail.NOW}
    assert "An auditor shared a note with you" in text(demo.client("isarmagnet"), "/notices/")
    followed = demo.client("isarmagnet").get(f"/notices/{told.pk}/", follow=True)
    assert "Where is the weighing note?" in followed.content.decode()


def test_the_audited_changes_nothing(demo: Demo) -> None:
    write(demo, shared="on")
    note = AuditNote.objects.get()
    for who in ("isarmagnet", "redgum"):
        assert demo.client(who).post(f"/notes/{note.pk}/done", {"done": "1"}).status_code == 404
        assert demo.client(who).post(f"/notes/{note.pk}/remove").status_code == 404
    assert f"/notes/{note.pk}/done" not in read(demo, "isarmagnet")
    assert AuditNote.objects.get().done_at is None


def test_a_note_is_done_opened_again_and_taken_away(demo: Demo) -> None:
    write(demo, shared="on")
    note, auditor = AuditNote.objects.get(), demo.client("auditor")
    assert auditor.post(f"/notes/{note.pk}/done", {"done": "1"})["Location"] == "/notes/"
    assert "weighing note" not in read(demo, "auditor")
    assert "weighing note" in read(demo, "auditor", "?state=done")
    assert "weighing note" in read(demo, "isarmagnet", "?state=done")
    auditor.post(f"/notes/{note.pk}/done", {"done": "0"})
    assert "weighing note" in read(demo, "auditor")
    asked = text(auditor, f"/notes/{note.pk}/remove")
    assert "Where is the weighing note?" in asked
    assert "for Isarmagnet, who may have read it" in asked
    assert f'formaction="/notes/{note.pk}/done"' in asked
    assert AuditNote.objects.exists()
    auditor.post(f"/notes/{note.pk}/remove")
    assert not AuditNote.objects.exists()


def test_notes_are_shared_with_who_gave_a_mandate_alone(demo: Demo) -> None:
    on = next(iter(places(demo)))
    assert "Share it with" not in text(demo.client("isarmagnet"), f"/notes/on/{on}/")
    write(demo, who="isarmagnet", shared="on")
    assert not AuditNote.objects.get().shared
    subject = audit_notes.subject_of(actor=demo.actor("isarmagnet"), about="lot", key=on[4:])
    with pytest.raises(audit_notes.NoMandateToShare):
        audit_notes.write(actor=demo.actor("isarmagnet"), subject=subject, text="a", shared=True)


def test_what_one_may_not_see_bears_no_note(demo: Demo) -> None:
    from tests.services.market import START
    from traceability.services import organisations

    stranger, _ = organisations.register(name="Elsewhere", country="CH", roles=["buyer"], at=START)
    actor = organisations.on_behalf_of(stranger)
    for on in list(places(demo))[:2]:
        about, _, key = on.partition("/")
        with pytest.raises(audit_notes.NotFound):
            audit_notes.subject_of(actor=actor, about=about, key=key)
    assert write(demo, f"lot/{demo.declaration.pk}").status_code == 404
    assert write(demo, f"statement/{demo.declaration.pk}").status_code == 404
    assert write(demo, f"declaration/{demo.ids['MAG-1']}").status_code == 404


def test_a_viewer_reads_and_does_not_write(demo: Demo) -> None:
    write(demo)
    role(demo, "auditor", Membership.Role.VIEWER)
    note = AuditNote.objects.get()
    page = read(demo, "auditor")
    assert "weighing note" in page
    assert f"/notes/{note.pk}/done" not in page
    assert write(demo).status_code == 403
    assert demo.client("auditor").post(f"/notes/{note.pk}/done", {"done": "1"}).status_code == 403
    assert demo.client("auditor").post(f"/notes/{note.pk}/remove").status_code == 403
    assert "Write a note" not in text(demo.client("auditor"), places(demo)[f"lot/{demo.ids['MAG-1']}"])


def test_nobody_signed_in_sees_no_notes_on_a_public_page(demo: Demo) -> None:
    on = f"declaration/{demo.declaration.pk}"
    write(demo, on, shared="on")
    page = text(demo.client(), places(demo)[on])
    assert "Write a note" not in page
    assert "weighing" not in page


def test_filters_and_words(demo: Demo) -> None:
    for on in places(demo):
        write(demo, on)
    write(demo, text="Scale certificate expired")
    assert read(demo, "auditor").count('<tr><th scope="row">') == 4
    assert read(demo, "auditor", "?about=lot").count('<tr><th scope="row">') == 2
    assert read(demo, "auditor", "?q=certificate scale").count('<tr><th scope="row">') == 1
    assert read(demo, "auditor", "?whose=shared").count('<tr><th scope="row">') == 0
    assert read(demo, "auditor", "?about=nonsense&state=nonsense").count('<tr><th scope="row">') == 4


def test_the_csv_holds_what_was_asked_for(demo: Demo) -> None:
    write(demo, text="=cmd|' /C calc'!A0", shared="on")
    write(demo, text="Another")
    found = demo.client("auditor").get("/notes/?format=csv&q=calc")
    [row] = csv.DictReader(io.StringIO(b"".join(found.streaming_content).decode()))  # type: ignore[attr-defined]
    assert row["Note"].startswith("'=cmd")
    assert (row["Which"], row["Shared"], row["Answers for it"]) == ("MAG-1", "yes", "Isarmagnet")
    other = demo.client("redgum").get("/notes/?format=csv&state=all")
    assert len(b"".join(other.streaming_content).splitlines()) == 1  # type: ignore[attr-defined]


def test_what_was_typed_survives_a_mistake_and_is_never_markup(demo: Demo) -> None:
    found = write(demo, text="x" * 4001)
    page = found.content.decode()
    assert found.status_code == 200
    assert "x" * 4001 in page
    assert not AuditNote.objects.exists()
    write(demo, text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in read(demo, "auditor")


def test_a_long_list_asks_no_more_questions_than_a_short_one(demo: Demo) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for on in places(demo):
        write(demo, on)
    client = demo.client("auditor")
    with CaptureQueriesContext(connection) as short:
        text(client, "/notes/")
    for on in places(demo):
        for _ in range(5):
            write(demo, on)
    with CaptureQueriesContext(connection) as long:
        assert text(client, "/notes/").count('<tr><th scope="row">') == 18
    assert len(long) <= len(short)
