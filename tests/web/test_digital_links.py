"""GTINs of products, the GS1 Digital Links on labels, and where they lead."""

import json
import re

import pytest

from tests.demo_chain import Demo
from tests.standards import standards_path
from tests.web.test_lot_pages import read, words

GTIN = "09506000134352"
LINK = f"/01/{GTIN}/10/MAG-1"


def given(demo: Demo) -> None:
    """The magnet maker gives its magnets a GTIN."""
    from traceability.services import product_numbers

    maker = demo.actor("isarmagnet")
    product_numbers.give(actor=maker, material=demo.lot("MAG-1").material, gtin=GTIN)


def label(demo: Demo, ending: str = "/") -> str:
    return f"/lots/{demo.ids['MAG-1']}/label{ending}"


def test_an_administrator_gives_a_gtin_and_labels_carry_it(demo: Demo, changing: None) -> None:
    administrator(demo)
    client = demo.client("isarmagnet")
    answer = client.post("/organisation/products/", {"material": demo.lot("MAG-1").material, "gtin": "9506000134352"})
    assert answer.status_code == 302
    page = read(demo, "isarmagnet", label(demo))
    assert f"{LINK}</text>" in page
    assert "The code is a GS1 Digital Link" in words(page)
    assert GTIN in words(read(demo, "isarmagnet", "/organisation/products/"))


def test_a_slip_of_the_pen_is_said_beside_the_field(demo: Demo, changing: None) -> None:
    administrator(demo)
    typed = {"material": demo.lot("MAG-1").material, "gtin": "9506000134353"}
    text = demo.client("isarmagnet").post("/organisation/products/", typed).content.decode()
    assert "The last digit does not fit the others" in text
    assert 'value="9506000134353"' in text


def test_a_colleague_reads_the_gtins_and_gives_none(demo: Demo, changing: None) -> None:
    from traceability.models import Membership, ProductNumber

    Membership.objects.filter(organisation=demo.organisation("isarmagnet")).update(role="approver")
    client = demo.client("isarmagnet")
    assert client.get("/organisation/products/").status_code == 200
    assert client.post("/organisation/products/", {"material": "a", "gtin": GTIN}).status_code == 403
    assert not ProductNumber.objects.exists()


def test_two_products_never_have_one_gtin(demo: Demo, changing: None) -> None:
    from traceability.services import product_numbers
    from traceability.services.product_numbers import GtinTaken, NotMade

    given(demo)
    given(demo)
    other = demo.actor("baltika")
    with pytest.raises(GtinTaken):
        product_numbers.give(actor=other, material=demo.lot("ALLOY-1").material, gtin=GTIN)
    with pytest.raises(NotMade):
        product_numbers.give(actor=other, material="gold", gtin=GTIN)
    with pytest.raises(GtinTaken):
        product_numbers.give(actor=demo.actor("isarmagnet"), material=demo.lot("MAG-1").material, gtin="4006381333931")


def test_out_of_use_is_on_no_new_label_and_leads_on(demo: Demo, changing: None) -> None:
    administrator(demo)
    given(demo)
    address = f"/organisation/products/{GTIN}/end/"
    assert demo.client("baltika").get(address).status_code == 404
    client = demo.client("isarmagnet")
    assert "New labels of" in client.get(address).content.decode()
    client.post(address)
    assert LINK not in read(demo, "isarmagnet", label(demo))
    assert demo.client().get(LINK).status_code == 307


def test_the_link_leads_anybody_to_the_half_page(demo: Demo, changing: None) -> None:
    given(demo)
    answer = demo.client().get(LINK)
    assert answer.status_code == 307
    assert answer["Location"].endswith(f"/c/{demo.ids['MAG-1']}")
    assert answer["Link"].startswith(f"<{LINK}?linkType=linkset>")
    page = demo.client().get(f"/c/{demo.ids['MAG-1']}")
    assert 'rel="linkset"' in page["Link"]


@pytest.mark.parametrize("path", [f"/01/{GTIN}/10/MAG-2", "/01/09506000134353/10/MAG-1", "/01/4006381333931/10/MAG-1"])
def test_what_no_label_says_is_not_found(demo: Demo, changing: None, path: str) -> None:
    given(demo)
    assert demo.client().get(path).status_code == 404


@pytest.mark.parametrize(
    ("query", "accept"),
    [("", "application/linkset+json"), ("?linkType=linkset", "*/*"), ("?linkType=all", "text/html")],
)
def test_programs_get_the_linkset(demo: Demo, changing: None, query: str, accept: str) -> None:
    given(demo)
    for path in (LINK, f"/c/{demo.ids['MAG-1']}"):
        answer = demo.client().get(path + query, headers={"Accept": accept})
        assert answer["Content-Type"] == "application/linkset+json"
        told = answer.json()["linkset"][0]
        assert told["anchor"].endswith(path)
        reference = demo.declaration.reference
        links = {
            name.rpartition("/")[2]: [one["href"] for one in found] for name, found in told.items() if "voc" in name
        }
        assert links["defaultLink"][0].endswith(f"/c/{demo.ids['MAG-1']}")
        assert links["certificationInfo"][0].endswith(f"/{bytes(demo.lot('MAG-1').made_by.digest).hex()}/envelope")
        assert [one.partition("/d/")[2] for one in links["sustainabilityInfo"]] == [
            reference, f"{reference}/statement.json",
        ]  # fmt: skip
        if path != LINK:
            assert "MAG-1" not in answer.content.decode()


def test_one_link_is_asked_for_by_its_type(demo: Demo, changing: None) -> None:
    given(demo)
    answer = demo.client().get(f"{LINK}?linkType=gs1:sustainabilityInfo")
    assert answer.status_code == 307
    assert answer["Location"].endswith(f"/d/{demo.declaration.reference}")
    assert demo.client().get(f"{LINK}?linkType=gs1:recipeInfo").status_code == 404


def test_the_linkset_has_the_published_shape(demo: Demo, changing: None) -> None:
    import jsonschema

    given(demo)
    schema = json.loads(standards_path("credentials/untp-0.7.0/schema/LinksetSchema.json").read_text())
    jsonschema.validate(demo.client().get(f"{LINK}?linkType=linkset").json(), schema)


def test_the_resolver_says_what_it_understands(demo: Demo) -> None:
    assert demo.client().get("/.well-known/gs1resolver").json()["supportedPrimaryKeys"] == ["01"]


def test_the_label_as_pdf_is_whole(demo: Demo) -> None:
    answer = demo.client("isarmagnet").get(label(demo, ".pdf"))
    content = answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert content.startswith(b"%PDF-1.5")
    assert content.endswith(b"%%EOF\n")
    assert b"MediaBox[0 0 283.4646 175.748]" in content
    assert b"MAG-1".hex().encode() in content
    table = int(content.rpartition(b"startxref\n")[2].split()[0])
    places = re.findall(rb"([0-9]{10}) 00000 n", content[table:])
    assert all(content[int(place) :].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, 1))
    assert content == demo.client("isarmagnet").get(label(demo, ".pdf")).content


def test_text_of_any_script_stands_on_the_pdf() -> None:
    from traceability.web.pictures.label import Label, as_pdf

    drawn = as_pdf(Label("https://a.example/c/1", "批号 7", "Größe (1) \\", [("Made", "2026")], "sha256:" + "0" * 64))
    assert "批号".encode("utf-16-be").hex().encode() in drawn
    assert "Größe (1) \\".encode("cp1252").hex().encode() in drawn


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "de",
            ["Etikett für MAG-1", "Hergestellt", "Deutschland", "Trockenmasse", "Nachweis-Hash", "Scannen und prüfen"],
        ),
        ("zh-hans", ["MAG-1 的标签", "制造日期", "德国", "干质量", "监管链哈希", "扫码查看"]),
    ],
)
def test_a_label_speaks_the_language_of_its_reader(demo: Demo, language: str, said: list[str]) -> None:
    client = demo.client("isarmagnet")
    drawn = client.get(label(demo, ".svg"), headers={"Accept-Language": language}).content.decode()
    assert [one for one in said if one not in drawn] == []
    assert [one for one in ("Made", "Germany", "Dry mass", "Custody hash", "Scan to") if one in drawn] == []
    printed = client.get(label(demo, ".pdf"), headers={"Accept-Language": language}).content
    encoding = "cp1252" if language == "de" else "utf-16-be"
    assert all(one.encode(encoding).hex().encode() in printed for one in said[1:])


@pytest.mark.parametrize(
    ("language", "goods", "proof"), [("de", "Wareneingang", "Quittung"), ("zh-hans", "收货", "回执")]
)
def test_a_receipt_of_goods_is_called_otherwise_than_the_proof_of_a_statement(
    demo: Demo, language: str, goods: str, proof: str
) -> None:
    from traceability.models import Statement

    signed = Statement.objects.filter(kind="lot.receive", issuer=demo.organisation("isarmagnet").pk)[0]
    answer = demo.client("isarmagnet").get(f"/receipts/{signed.urn}/", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert re.search(rf"<title>\s*{proof}, {goods}", page)
    assert re.search(rf"<h1[^>]*>\s*{goods}", page)


def administrator(demo: Demo) -> None:
    from traceability.models import Membership

    Membership.objects.filter(organisation=demo.organisation("isarmagnet")).update(role="admin")
