"""From typed answers to a signed statement, and back: the whole of what a supplier records."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.suppliers import ORE, WHEN, People, begin, beside, complaints, fill, record, sign
from traceability.models import Draft, Evidence, Facility, Finding, Lot, OpeningRule, Statement


def test_a_source_lot_is_signed_and_its_receipt_shows_the_custody_hash(people):
    statement = record(people.owner, "source", ORE)
    lot = Lot.objects.get(made_by=statement)
    assert (lot.number, lot.remaining_kg, lot.holder) == ("ORE-7", Decimal("1000.5"), people.market.mine.organisation)
    assert not Draft.objects.exists()
    page = people.owner.get(f"/receipts/{statement.urn}/").content.decode()
    assert bytes(statement.links.get().custody_hash).hex() in page
    assert bytes(statement.digest).hex() in page
    assert "Waits for the log" in page
    assert "mined 1\u202f000.5\u202fkg of bastnaesite ore, lot ORE-7 in United States" in page


def test_the_check_page_says_in_plain_words_what_will_be_signed(people):
    draft = fill(people.owner, begin(people.owner, "source"), ORE)
    page = people.owner.get(f"/record/{draft.pk}/check/").content.decode()
    assert "On 20 March 2026 Juniper Flat mined 1\u202f000.5\u202fkg of bastnaesite ore, lot ORE-7" in page
    assert "I have checked these answers, and I may sign for Juniper Flat." in page
    assert page.count("Confidential</dd>") >= 3  # mass, number, assay
    assert "With mandate" in page
    assert not Statement.objects.filter(kind="lot.source").exists()


def test_nothing_is_signed_before_the_box_is_ticked(people):
    draft = fill(people.owner, begin(people.owner, "source"), ORE)
    found = people.owner.post(f"/record/{draft.pk}/check/", {})
    assert complaints(found) == ["Tick the box to say that you have checked the answers."]
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert not Statement.objects.filter(kind="lot.source").exists()


def test_a_double_click_signs_once(people):
    draft = fill(people.owner, begin(people.owner, "source"), ORE)
    first = people.owner.post(f"/record/{draft.pk}/check/", {"agreed": "on"})
    second = people.owner.post(f"/record/{draft.pk}/check/", {"agreed": "on"})
    assert first["Location"] == second["Location"]
    assert Statement.objects.filter(kind="lot.source").count() == 1


def test_a_draft_that_cannot_be_read_is_not_signed(people):
    draft = begin(people.owner, "source")
    found = people.owner.post(f"/record/{draft.pk}/check/", {"agreed": "on"})
    assert found.status_code == 200
    assert "Nothing has been signed." in found.content.decode()
    assert len(complaints(found)) > 1


def test_a_facility_is_registered_and_offered_in_the_next_form(people):
    statement = record(people.owner, "facility", {"details": {"name": "Works", "country": "US", **WHEN}})
    site = Facility.objects.get(statement=statement)
    draft = begin(people.owner, "source")
    assert f"urn:uuid:{site.pk}" in people.owner.get(f"/record/{draft.pk}/origin/").content.decode()


def transform(people: People, lot: Lot, mass: str = "60", content: str = "10") -> dict[str, dict[str, str]]:
    return {
        "where": {"process-0-step": "beneficiation", "process-0-country": "US", **WHEN, "occurred_to": ""},
        "inputs": {"inputs-0-lot": lot.urn, "inputs-0-mass_kg": "1 t", "inputs-0-mass_kg_unit": ""},
        "outputs": {
            "outputs-0-material": "concentrate", "outputs-0-lot_number": "CON-1", "outputs-0-stage": "concentrate",
            "outputs-0-class": "product", "outputs-0-mass_kg": mass, "outputs-0-assay-basis": "dry_mass",
            "outputs-0-assay-rows-0-species": "Nd2O3", "outputs-0-assay-rows-0-content_pct": content,
        },
        "losses": {"losses-0-kind": "tailings", "losses-0-mass_kg": "940", "losses-0-elements-0-species": "Nd2O3",
                   "losses-0-elements-0-content_pct": "0.06"},
        "energy": {"inventory-0-flow": "electricity", "inventory-0-role": "electricity", "inventory-0-amount": "12 MWh",
                   "inventory-0-unit": "", "inventory-0-basis": "metered"},
        "documents": {},
    }  # fmt: skip


def test_a_transformation_is_recorded_section_by_section(people):
    lot = people.lot()
    draft = fill(people.owner, begin(people.owner, "transform", lot), transform(people, lot))
    page = people.owner.get(f"/record/{draft.pk}/check/").content.decode()
    assert "took 1\u202f000\u202fkg of ORE-1 through beneficiation in United States, and made 60\u202fkg" in page
    assert "12\u202f000\u202fkWh" in page
    statement = sign(people.owner, draft)
    made = Lot.objects.get(made_by=statement)
    assert (made.number, made.mass_kg) == ("CON-1", Decimal(60))
    lot.refresh_from_db()
    assert lot.state == "closed"


def test_an_element_that_grows_is_refused_beside_its_content_and_nothing_is_lost(people):
    lot = people.lot()
    sections = transform(people, lot, content="20")
    draft = fill(people.owner, begin(people.owner, "transform", lot),
                 {key: sections[key] for key in ("where", "inputs")})  # fmt: skip
    found = people.owner.post(f"/record/{draft.pk}/outputs/", sections["outputs"] | {"save": ""})
    page = found.content.decode()
    assert found.status_code == 200
    assert "more neodymium leaves the step than came in" in complaints(found)[0]
    assert 'href="#id_outputs-0-assay-rows-0-content_pct"' in page
    assert 'value="20"' in page
    assert "More out than in" in page


def test_dispatch_and_receipt_move_the_lot(people):
    lot = people.lot()
    to = people.market.separator.organisation.urn
    details = {"lot": lot.urn, "to": to, "mass_kg": "1000", "tolerance_pct": "", "reference": "T1", **WHEN}
    record(people.owner, "dispatch", {"details": details, "documents": {}}, lot)
    assert "ORE-1" in people.owner.get("/outgoing/").content.decode()
    assert "ORE-1" in people.partner.get("/incoming/").content.decode()
    draft = begin(people.partner, "receive", lot)
    weighing = {"lot": lot.urn, "weighed_mass_kg": "999.8", "facility": "", **WHEN}
    transport = {"legs-0-mode": "road", "legs-0-distance_km": "450"}
    fill(people.partner, draft, {"weighing": weighing, "transport": transport, "documents": {}})
    assert "within the tolerance" in people.partner.get(f"/record/{draft.pk}/check/").content.decode()
    sign(people.partner, draft)
    lot.refresh_from_db()
    assert (lot.holder, lot.state, lot.mass_kg) == (people.market.separator.organisation, "held", Decimal(1000))


@pytest.mark.parametrize("act", ["receive", "reject"])
def test_who_chooses_the_lot_later_need_not_name_its_dispatch(people, act):
    other, lot = people.sent(), people.sent(lot_number="ORE-2")
    answers = {"receive": {"weighing": {"weighed_mass_kg": "999.8", "facility": ""}, "transport": {}},
               "reject": {"details": {"reason": "wet"}}}[act]  # fmt: skip
    first = next(iter(answers))
    for begun_with in (None, other):
        draft = begin(people.partner, act, begun_with)
        fill(people.partner, draft, answers | {first: {"lot": lot.urn, **WHEN, **answers[first]}, "documents": {}})
        lot.refresh_from_db()
        assert draft.typed["fields"]["dispatch"] == f"sha256:{bytes(lot.newest.digest).hex()}"
    sign(people.partner, draft)
    lot.refresh_from_db()
    assert lot.state == "held"


def test_a_difference_beyond_the_tolerance_waits_until_it_is_settled(people):
    lot = people.sent()
    weighing = {"lot": lot.urn, "weighed_mass_kg": "990", "facility": "", **WHEN}
    record(people.partner, "receive", {"weighing": weighing, "transport": {}, "documents": {}}, lot)
    lot.refresh_from_db()
    assert lot.state == "blocked"
    assert "1\u202f000 kg were dispatched, you weighed 990 kg" in people.partner.get("/").content.decode()
    details = {"lot": lot.urn, "signers": "alone", "mass_kg": "990", "reason": "", **WHEN}
    statement = record(people.partner, "settle", {"details": details, "documents": {}}, lot)
    lot.refresh_from_db()
    assert (lot.state, lot.mass_kg) == ("held", Decimal(990))
    assert Finding.objects.get(statement=statement).code == "settled_alone"


def test_a_dispatch_asks_for_what_nobody_else_knows(people):
    to = people.market.separator.organisation.urn
    details = {"to": to, "mass_kg": "", "tolerance_pct": "", "reference": "", **WHEN}
    first, second = people.lot(), people.lot(lot_number="ORE-2")
    draft = fill(people.owner, begin(people.owner, "dispatch"), {"details": details | {"lot": first.urn}})
    assert draft.typed["fields"]["mass_kg"] == "1\u202f000"
    sign(people.owner, fill(people.owner, draft, {"documents": {}}))
    again = begin(people.owner, "dispatch", second)
    assert again.typed["fields"]["to"] == to
    assert (
        begin(people.owner, "dispatch", people.lot(material="monazite", lot_number="M-1")).typed["fields"]["to"] == ""
    )
    foreign = details | {"lot": people.market.separator.organisation.urn}
    assert people.owner.post(f"/record/{begin(people.owner, 'dispatch').pk}/details/", foreign | {"save": ""})


def test_goods_are_rejected_and_a_dispatch_is_cancelled(people):
    lot = people.sent()
    details = {"lot": lot.urn, "reason": "wet", **WHEN}
    said = record(people.partner, "reject", {"details": details, "documents": {}}, lot)
    page = people.partner.get(f"/receipts/{said.urn}/").content.decode()
    assert "rejects ORE-1: wet" in page  # as he read it when he signed
    lot.refresh_from_db()
    assert lot.state == "held"
    other = people.sent(lot_number="ORE-2")
    alone = {"lot": other.urn, "signers": "alone", "reason": "truck broke", **WHEN}
    record(people.owner, "cancel", {"details": alone, "documents": {}}, other)
    other.refresh_from_db()
    assert other.state == "held"


def test_hold_release_adjust_dispose_assay_and_recall(people):
    lot = people.lot()
    about = {"lot": lot.urn, **WHEN}
    for act, more in (
        ("hold", {"reason": "sampling"}),
        ("release", {"reason": ""}),
        ("adjust", {"change_kg": "−10", "reason": "stock-take"}),
        ("dispose", {"mass_kg": "5", "route": "landfill"}),
        ("assay", {"assay-basis": "dry_mass", "assay-rows-0-species": "Nd2O3", "assay-rows-0-content_pct": "0.65"}),
        ("recall", {"reason": "mixed up"}),
    ):
        record(people.owner, act, {"details": about | more, "documents": {}}, lot)
    lot.refresh_from_db()
    assert lot.remaining_kg == Decimal(985)
    assert lot.record["custody"]["recalled"] is True


def test_a_lot_is_split_and_its_parts_are_merged_again(people):
    lot = people.lot()
    parts = {"inputs-0-lot": lot.urn, "outputs-0-lot_number": "A", "outputs-0-mass_kg": "400",
             "outputs-1-lot_number": "B", "outputs-1-mass_kg": "600", **WHEN}  # fmt: skip
    record(people.owner, "split", {"parts": parts, "documents": {}}, lot)
    first, second = Lot.objects.get(number="A"), Lot.objects.get(number="B")
    assert (first.material, first.remaining_kg) == (lot.material, Decimal(400))
    whole = {"inputs-0-lot": first.urn, "inputs-0-mass_kg": "400", "inputs-1-lot": second.urn,
             "inputs-1-mass_kg": "600", "outputs-0-lot_number": "AB", **WHEN}  # fmt: skip
    record(people.owner, "merge", {"whole": whole, "documents": {}}, first)
    assert Lot.objects.get(number="AB").remaining_kg == Decimal(1000)


def test_a_correction_begins_with_what_was_claimed_and_is_signed_with_its_reason(people):
    statement = record(people.owner, "source", ORE)
    found = people.owner.post(f"/receipts/{statement.urn}/correct")
    draft = Draft.objects.get()
    assert found["Location"] == f"/record/{draft.pk}/why/"
    fill(people.owner, draft, {"why": {"correction_reason": "typing mistake"}})
    page = people.owner.get(f"/record/{draft.pk}/lot/").content.decode()
    assert 'value="1000.5"' in page
    fill(people.owner, draft, {"lot": ORE["lot"] | {"mass_kg": "1000.4"}})
    check = people.owner.get(f"/record/{draft.pk}/check/").content.decode()
    assert "1\u202f000.5\u202fkg" in check
    assert "1\u202f000.4\u202fkg" in check
    record(people.owner, "source", ORE | {"lot": ORE["lot"] | {"lot_number": "ORE-8"}})
    taken = people.owner.post(f"/record/{draft.pk}/lot/", {"lot_number": "ORE-8", "save": ""})
    assert "A lot of yours has this number already." in taken.content.decode()
    fill(people.owner, draft, {"lot": {"lot_number": "ORE-7"}})
    sign(people.owner, draft)
    assert Lot.objects.get(number="ORE-7").remaining_kg == Decimal("1000.4")
    assert "Corrected since" in people.owner.get(f"/receipts/{statement.urn}/").content.decode()


NOTHING_CHANGES = "Nothing changes but the reason. Change an answer, or throw the draft away."


def test_a_correction_that_changes_nothing_is_not_signed(people):
    statement = record(people.owner, "source", ORE)
    people.owner.post(f"/receipts/{statement.urn}/correct")
    draft = fill(people.owner, Draft.objects.get(), {"why": {"correction_reason": "typing mistake"}})
    address = f"/record/{draft.pk}/check/"
    assert NOTHING_CHANGES in people.owner.get(address).content.decode()
    assert NOTHING_CHANGES in complaints(people.owner.post(address, {"agreed": "on"}))[0]
    assert not Statement.objects.filter(kind="statement.correct").exists()
    fill(people.owner, draft, {"lot": ORE["lot"] | {"mass_kg": "1000.4"}})
    assert NOTHING_CHANGES not in people.owner.get(address).content.decode()
    assert sign(people.owner, draft).kind == "statement.correct"


def test_a_correction_of_a_correction_that_changes_nothing_is_not_signed(people):
    statement = record(people.owner, "source", ORE)
    for mass in ("1000.4", "1000.5"):
        people.owner.post(f"/receipts/{statement.urn}/correct")
        draft = fill(people.owner, Draft.objects.get(), {"why": {"correction_reason": "typing mistake"}})
        assert NOTHING_CHANGES in complaints(people.owner.post(f"/record/{draft.pk}/check/", {"agreed": "on"}))[0]
        sign(people.owner, fill(people.owner, draft, {"lot": ORE["lot"] | {"mass_kg": mass}}))


def test_who_rejected_goes_on_reading_what_he_was_told_and_no_more(people):
    lot = people.sent()
    said = record(
        people.partner, "reject", {"details": {"lot": lot.urn, "reason": "wet", **WHEN}, "documents": {}}, lot
    )
    mine = people.market.mine
    digest = f"sha256:{bytes(lot.made_by.digest).hex()}"
    moment = dict.fromkeys(("occurred_from", "occurred_to"), "2026-03-02T08:00:00Z")
    claim = {**moment, "utc_offset": "+00:00", "body": people.market.source_body(lot.urn, lot_number="ORE-99")}
    correction = {"replaces": digest, "newest": digest, "reason": "typing error", "as": claim}
    people.market.say(mine, "statement.correct", correction)

    def page():
        return people.partner.get(f"/receipts/{said.urn}/").content.decode()

    assert "ORE-1:" in page()
    assert "ORE-99" not in page()
    assert people.partner.get(f"/lots/{lot.pk}/").status_code == 404
    OpeningRule.objects.create(organisation=mine.organisation, group="names", audience="nobody")
    assert "ORE-1:" not in page()
    assert f"rejects {lot.material}, {lot.urn[-4:]}: wet" in page()


def test_a_statement_is_declared_void_where_that_is_allowed(people):
    statement = record(people.owner, "source", ORE)
    people.owner.post(f"/receipts/{statement.urn}/void")
    sign(people.owner, fill(people.owner, Draft.objects.get(), {"details": {"reason": "never existed", **WHEN}}))
    assert Lot.objects.get(number="ORE-7").state == "void"
    assert "Declared void" in people.owner.get(f"/receipts/{statement.urn}/").content.decode()


def test_what_the_door_refuses_stays_a_draft(people):
    statement = record(people.owner, "source", ORE)
    lot = Lot.objects.get(made_by=statement)
    people.owner.post(f"/receipts/{statement.urn}/void")
    draft = fill(people.owner, Draft.objects.get(), {"details": {"reason": "never existed", **WHEN}})
    people.market.days = 30  # after it was made
    people.market.send(lot.urn, "1000.5")
    found = people.owner.post(f"/record/{draft.pk}/check/", {"agreed": "on"})
    assert "Others built on this lot already" in complaints(found)[0]
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_documents_are_stored_by_content_named_in_the_statement_and_served_as_files(people):
    draft = begin(people.owner, "source")
    sheet = SimpleUploadedFile("lab sheet.pdf", b"%PDF-1.7 ...")
    people.owner.post(f"/record/{draft.pk}/documents/", {"document": sheet, "add": ""})
    stored = Evidence.objects.get()
    fill(people.owner, draft, {key: ORE[key] for key in ("origin", "lot", "assay", "energy")})
    sign(people.owner, draft)
    found = people.owner.get(f"/documents/{bytes(stored.sha256).hex()}")
    assert found["Content-Disposition"] == 'attachment; filename="lab sheet.pdf"'
    assert b"".join(found.streaming_content) == b"%PDF-1.7 ..."
    assert people.partner.get(f"/documents/{bytes(stored.sha256).hex()}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "given"),
    [
        ("lab.pdf.exe", b"%PDF-1.7 ...", "lab.pdf.exe.pdf"),
        ("lab.pdf", b"@echo off", "lab.pdf.txt"),
        ("page.HTML", b"<script>alert(1)</script>", "page.HTML.txt"),
        ("photo.JPEG", b"\xff\xd8\xff", "photo.JPEG"),
        ("rows.csv", b"a;b", "rows.csv"),
    ],
)
def test_a_document_is_given_out_under_a_name_that_says_what_it_is(people, name, content, given):
    draft = begin(people.owner, "source")
    people.owner.post(f"/record/{draft.pk}/documents/", {"document": SimpleUploadedFile(name, content), "add": ""})
    found = people.owner.get(f"/documents/{bytes(Evidence.objects.get().sha256).hex()}")
    assert found["Content-Disposition"] == f'attachment; filename="{given}"'
    assert b"".join(found.streaming_content) == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"MZ\x90\x00\xff", "Choose a file of one of these kinds"), (b"", "This file is empty")],
)
def test_what_is_no_document_is_refused_beside_the_field(people, content, sentence):
    draft = begin(people.owner, "source")
    file = SimpleUploadedFile("setup.exe", content)
    found = people.owner.post(f"/record/{draft.pk}/documents/", {"document": file, "save": ""})
    assert found.status_code == 200
    assert f"<bdi>setup.exe</bdi>: {sentence}" in found.content.decode()
    assert "All other files were taken." not in found.content.decode()
    assert not Evidence.objects.exists()
    both = [SimpleUploadedFile("setup.exe", content), SimpleUploadedFile("sheet.pdf", b"%PDF-1.7")]
    found = people.owner.post(f"/record/{draft.pk}/documents/", {"document": both, "save": ""})
    assert "All other files were taken." in found.content.decode()
    assert Evidence.objects.count() == 1


def test_of_several_files_those_are_taken_that_can_be(people):
    draft = begin(people.owner, "source")
    files = [
        SimpleUploadedFile("setup.pdf", b"MZ\x90\x00\xff"),
        SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff" + bytes(10 * 2**20)),
        SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 ..."),
    ]
    found = people.owner.post(f"/record/{draft.pk}/documents/", {"document": files, "save": ""}).content.decode()
    assert "Two things to put right" in found
    assert "<bdi>photo.jpg</bdi>: Choose a file of at most 10 MB." in found
    draft.refresh_from_db()
    assert [one["name"] for one in draft.typed["documents"]] == ["sheet.pdf"]


def parts_of(people, lot, mass, **more):
    """The check page and the draft of a dispatch of this mass of a lot."""
    to = people.market.separator.organisation.urn
    details = {"lot": lot.urn, "to": to, "mass_kg": mass, "tolerance_pct": "", "reference": "", **WHEN, **more}
    draft = fill(people.owner, begin(people.owner, "dispatch", lot), {"details": details, "documents": {}})
    return people.owner.get(f"/record/{draft.pk}/check/").content.decode(), draft


def test_less_than_the_lot_is_split_off_and_dispatched_in_one_act(people):
    lot = people.lot()
    page, draft = parts_of(people, lot, "400")
    assert "split 400\u202fkg off ORE-1 as the lot ORE-1/1" in page
    assert "600\u202fkg stay in ORE-1." in page
    assert "Two statements, signed in one act" in page
    signed = sign(people.owner, draft)
    split = Statement.objects.get(kind="lot.transform")
    assert signed.kind == "lot.dispatch"
    assert signed.pk > split.pk
    part = Lot.objects.get(number="ORE-1/1")
    assert (part.state, part.mass_kg) == ("in_transit", Decimal(400))
    assert part.receiver == people.market.separator.organisation
    lot.refresh_from_db()
    assert (lot.state, lot.remaining_kg) == ("held", Decimal(600))
    assert people.owner.post(f"/record/{draft.pk}/check/", {"agreed": "on"}).status_code == 302
    assert Statement.objects.filter(kind="lot.transform").count() == 1


def test_what_remains_of_a_drawn_lot_goes_under_the_next_number(people):
    lot = people.lot()
    sign(people.owner, parts_of(people, lot, "400")[1])
    page, draft = parts_of(people, lot, "")
    assert "Nothing stays in ORE-1." in page
    sign(people.owner, draft)
    assert Lot.objects.get(number="ORE-1/2").mass_kg == Decimal(600)
    lot.refresh_from_db()
    assert lot.state == "closed"


def test_the_number_of_the_part_is_ones_own_and_a_whole_lot_has_none(people):
    lot = people.lot()
    page, draft = parts_of(people, lot, "400", part_number="EAST-9")
    assert "as the lot EAST-9" in page
    whole = {"lot": lot.urn, "mass_kg": "1000", "part_number": "EAST-9", **WHEN}
    fill(people.owner, draft, {"details": whole})
    assert "EAST-9" not in people.owner.get(f"/record/{draft.pk}/check/").content.decode()


def test_where_the_dispatch_is_refused_nothing_is_split(people):
    lot = people.lot()
    nobody = "urn:uuid:019ca869-5000-7393-a294-000000000000"
    _page, draft = parts_of(people, lot, "400")
    draft.typed["fields"]["to"] = nobody
    draft.save()
    found = people.owner.post(f"/record/{draft.pk}/check/", {"agreed": "on"})
    assert found.status_code == 200
    assert complaints(found)
    assert not Statement.objects.filter(kind="lot.transform").exists()
    assert Draft.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("act", "answers", "said"),
    [
        (
            "assay",
            {"assay-basis": "dry_mass", "assay-rows-0-species": "Nd2O3", "assay-rows-0-content_pct": "0.6"},
            "This assay ended before",
        ),
        ("dispatch", {"to": "outside"}, "This ended before"),
    ],
)
def test_a_date_before_the_lot_was_made_is_told_beside_its_field(people, act, answers, said):
    lot = people.lot()
    draft = begin(people.owner, act, lot)
    early = {"lot": lot.urn, "occurred_from": "2026-01-05 08:00", "save": "", **answers}
    page = people.owner.post(f"/record/{draft.pk}/details/", early)
    assert beside(page, "occurred_from") == f"{said} the lot was made. Check the dates."
