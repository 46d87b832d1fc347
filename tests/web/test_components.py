"""Components, forms, the frame and the pages that every visitor may meet."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.web.pages import Page
from traceability.web import fields, gallery, numbers
from traceability.web.frame import Acting, Checkpoint, Frame

THIN = "\u202f"
WEB = Path(gallery.__file__).parent
WHEN = datetime(2026, 11, 21, 20, 4, tzinfo=UTC)


def draw(source: str, **context: object) -> str:
    return Template("{% load lodestone %}" + source).render(Context(context))


@pytest.fixture
def shown() -> str:
    return gallery.show(RequestFactory().get("/design/")).content.decode()


def test_the_page_of_all_components_is_sound(shown):
    assert Page(shown).faults == []


def test_the_page_of_all_components_shows_every_component(shown):
    from traceability.web.templatetags import drawn, listed, lodestone, written

    source = (WEB / "templates/design/gallery.html").read_text()
    elsewhere = {"asset", "twin", "crumbs", "page_head", "not_declared", "drop"}
    assert {
        tag
        for library in (lodestone, listed, drawn, written)
        for tag in library.register.tags
        if f"{{% {tag} " not in source.replace("%}", " %}")
    } == elsewhere


# ---------- numbers and gaps ----------


def test_a_number_has_three_digits_to_read_and_all_to_check():
    drawn = draw('{% number value "kg" %}', value=Decimal("9272.281"))
    assert drawn == (
        f'<data value="9272.281" tabindex="0"><span class="n3">9{THIN}270</span>'
        f'<span class="nf">9{THIN}272.281</span></data>{THIN}<span class="unit">kg</span>'
    )


def test_a_number_that_hides_nothing_is_written_once():
    assert draw("{% number value %}", value=Decimal("44.1")) == '<data value="44.1">44.1</data>'


def test_a_cell_is_no_stop_of_the_tab_key():
    assert "tabindex" not in draw("{% cell value %}", value=Decimal("9272.281"))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not declared"),
        (numbers.NOT_ESTABLISHED, "not established"),
        (numbers.withheld_by("<Selat>"), "withheld by &lt;Selat&gt;"),
    ],
)
@pytest.mark.parametrize("tag", ["number", "percent", "cell"])
def test_a_gap_is_a_word_and_never_zero(tag, value, words):
    drawn = draw(f"{{% {tag} value %}}", value=value)
    assert words in drawn
    assert "0" not in drawn


def test_a_share_reads_in_per_cent_and_stays_a_share():
    drawn = draw("{% percent share %}", share=Decimal("0.528654"))
    assert 'value="0.528654"' in drawn
    assert ">52.9<" in drawn
    assert f">52.865{THIN}4<" in drawn


def test_a_hash_is_short_and_the_button_has_it_whole():
    drawn = draw('{% hash value "custody hash" %}', value=gallery.HASH)
    assert f"58f9{THIN}c009{THIN}…{THIN}69ce" in drawn
    assert f'data-copy="{gallery.HASH}"' in drawn
    assert re.search(r"<button[^>]* hidden>", drawn)
    assert draw("{{ value|hash_groups }}", value=gallery.HASH).startswith("58f9c009 94f06fe2 ")


# ---------- words and lists ----------


def test_an_outcome_has_an_icon_and_a_word():
    drawn = draw('{% tag "none" %}')
    assert "icons.svg#none" in drawn
    assert "Not established" in drawn


def test_every_icon_in_use_is_in_the_sprite(shown):
    sprite = (WEB / "static/lodestone/icons.svg").read_text()
    assert set(re.findall(r"icons\.svg#([a-z]+)", shown)) <= set(re.findall(r'symbol id="([a-z]+)"', sprite))


def test_words_of_people_are_escaped():
    drawn = draw('{% banner "warn" %}{{ said }}{% endbanner %}{% section said %}{% endsection %}', said="<script>")
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 2


def test_one_main_act_is_a_button_and_another_place_is_a_link():
    assert draw('{% button "Sign and record" name="act" value="sign" %}') == (
        '<button class="btn" type="submit" name="act" value="sign">Sign and record</button>'
    )
    assert draw('{% button "Receive goods" href="/in" kind="2 s" %}') == (
        '<a class="btn btn-2 btn-s" href="/in">Receive goods</a>'
    )


def test_a_task_that_one_is_at_is_no_link():
    drawn = draw('{% task "Inputs" "here" href="/1" %}{% task "Outputs" "problem" href="/2" %}')
    assert 'aria-current="step"' in drawn
    assert 'href="/1"' not in drawn
    assert '<a href="/2">Outputs</a>' in drawn


def test_a_statement_shows_when_where_and_what_was_checked():
    drawn = draw(
        '{% statement "Assay" when=when proof="pass" entry=2326 href="/e" %}Nd 23.1 %{% endstatement %}', when=WHEN
    )
    assert '<time datetime="2026-11-21T20:04:00+00:00">21 Nov 2026, 20:04 UTC</time>' in drawn
    assert "Proof checked" in drawn
    assert f"Entry 2{THIN}326" in drawn
    assert "Proof checked" not in draw('{% statement "Receipt" proof="na" state="open" %}Waits{% endstatement %}')


def test_a_verdict_counts_every_outcome():
    drawn = draw('{% verdict "warn" "Valid" tally=tally %}Holds.{% endverdict %}', tally={"pass": 11, "warn": 2})
    assert re.findall(r"<span>(\d+ [a-z ]+)</span>", drawn) == [
        "11 pass", "2 warning", "0 fail", "0 not established", "0 not applicable",
    ]  # fmt: skip


# ---------- tables ----------


def test_pages_count_and_keep_the_order():
    page = Paginator(range(214), 50).page(2)
    drawn = draw('{% pagination page "lots" %}', page=page, request=RequestFactory().get("/stock?sort=mass&page=2"))
    assert "51 to 100 of 214 lots" in drawn
    assert 'href="?sort=mass&amp;page=3" rel="next"' in drawn
    assert "No lots" in draw('{% pagination page "lots" %}', page=Paginator([], 50).page(1))


# ---------- forms ----------


def given(**changed: str) -> gallery.ExampleForm:
    return gallery.ExampleForm({"mass": "1", "facility": "1", "model": "segregated", "wet_unit": "kg", **changed})


def test_a_plain_form_gets_labels_hints_units_and_what_was_understood():
    drawn = str(gallery.ExampleForm())
    assert '<label for="id_mass">Mass weighed</label><span class="hint" id="id_mass_helptext">' in drawn
    assert '<span class="u">kg dry</span>' in drawn
    assert f"Understood: 1{THIN}000.500 kg." in drawn
    assert 'aria-describedby="id_mass_helptext id_mass_heard"' in drawn
    assert 'inputmode="decimal"' in drawn
    assert 'Moisture <span class="optional">(optional)</span>' in drawn
    assert drawn.count('name="wet_unit"') == 1
    assert Page(f"<form>{drawn}</form>").faults == []


def test_an_error_stands_above_its_field_and_the_typed_text_is_kept():
    drawn = str(given(moisture="104"))
    before, _, after = drawn.partition('id="id_moisture_error"')
    assert after
    assert 'value="104"' not in before
    assert 'value="104"' in after
    assert 'aria-invalid="true"' in after
    assert 'aria-describedby="id_moisture_helptext id_moisture_error"' in after


def test_the_summary_leads_to_the_fields_and_says_what_was_kept():
    form = given(moisture="104", mass="", model="none")
    drawn = draw('{% errors form kept="Your draft is safe." %}', form=form)
    assert "Three things to put right" in drawn
    assert '<a href="#id_mass">Mass weighed: an answer is needed</a>' in drawn
    assert '<a href="#id_moisture">Enter a share of at most 100 %</a>' in drawn
    assert 'href="#id_model_0"' in drawn
    assert "Your draft is safe." in drawn
    assert Page(f"<form>{drawn}{form}</form>").faults == []


def test_without_errors_there_is_no_summary():
    assert draw("{% errors form %}", form=given()) == ""


def test_what_the_server_understands_is_asked_while_one_types():
    class Listening(forms.Form):
        heard_url = "/understood"
        mass = fields.FigureField(label="Mass")
        name = forms.CharField()

    drawn = str(Listening())
    assert drawn.count('hx-get="/understood"') == 1
    assert 'hx-target="#id_mass_heard"' in drawn
    assert '<span class="heard" id="id_mass_heard" aria-live="polite"></span>' in drawn


def test_rows_can_be_added_and_removed_without_script():
    rows = gallery.InputRows(initial=[{"lot": "MET-DY", "draw": "160"}], prefix="inputs")
    drawn = draw('{% formset rows row="Input" add="Add an input lot" %}', rows=rows)
    assert (
        '<button class="btn btn-2 btn-s" type="submit" name="add_row" value="inputs" formnovalidate data-add>' in drawn
    )
    assert 'name="inputs-0-DELETE"' in drawn
    assert "Input 1" in drawn
    assert "__prefix__" in drawn.partition("<template>")[2]
    assert Page(drawn).faults == []


def test_the_server_adds_a_row_and_keeps_what_was_typed():
    posted = QueryDict(mutable=True)
    posted.update({"inputs-TOTAL_FORMS": "1", "inputs-INITIAL_FORMS": "0", "inputs-0-draw": "160", "add_row": "inputs"})
    assert fields.asks_for_a_row(posted, "inputs")
    assert not fields.asks_for_a_row(posted, "outputs")
    rows = gallery.InputRows(fields.one_more_row(posted, "inputs"), prefix="inputs")
    assert len(rows.forms) == 2
    assert rows.forms[0]["draw"].value() == "160"
    shown = gallery.show(RequestFactory().post("/design/", posted)).content.decode()
    assert "Input 2" in shown


@pytest.mark.parametrize("total", ["", "many", "9" * 5000])
def test_a_broken_count_of_rows_is_one_row(total):
    posted = QueryDict(mutable=True)
    posted["inputs-TOTAL_FORMS"] = total
    assert fields.one_more_row(posted, "inputs")["inputs-TOTAL_FORMS"] == "1"


# ---------- frame ----------


def frame(*acting: Acting) -> Frame:
    return Frame("Maarja Tamm", acting[0], acting, {"incoming": 2}, Checkpoint(2331, WHEN))


def test_the_frame_says_who_acts_what_waits_and_how_far_the_log_is():
    one, two = Acting("Baltika Metals", "Submitter", "/1"), Acting("Baltika Recycling", "Viewer", "/2")
    drawn = render_to_string("base.html", {"frame": frame(one, two), "crumbs": [("Stock", "/stock"), ("MAG-1", "")]})
    assert "<b>Baltika Metals</b>" in drawn
    assert '<form method="post" action="/2">' in drawn
    assert "Baltika Recycling<small>Viewer</small>" in drawn
    assert (
        f'Log checkpoint: 2{THIN}331 entries, <time datetime="2026-11-21T20:04:00+00:00">21 Nov 2026, 20:04 UTC'
        in drawn
    )
    assert '<li aria-current="page">MAG-1</li>' in drawn
    assert Page(drawn).faults == []


def test_who_acts_for_one_organisation_has_nothing_to_switch():
    drawn = render_to_string("base.html", {"frame": frame(Acting("Baltika Metals", "Submitter"))})
    assert '<details class="org"' not in drawn


def test_the_public_page_has_no_navigation():
    drawn = render_to_string("public.html", {"frame": frame(Acting("Baltika Metals", "Submitter"))})
    assert '<nav class="nav"' not in drawn
    assert Page(drawn).faults == []


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "411", "413", "429", "500"])
def test_an_error_page_says_what_happened_to_the_data_and_needs_no_context(name):
    drawn = render_to_string(f"{name}.html")
    assert re.search(r'<p class="lead">(Nothing|What you sent was not recorded)', drawn)
    assert "<script" not in drawn
    assert Page(drawn).faults == []


def test_an_error_page_shows_without_collected_files(settings):
    hashed = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": hashed}
    settings.DEBUG = False
    assert "/static/lodestone/css/tokens.css" in render_to_string("500.html")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/"])
def test_account_pages_wear_our_look(client, path):
    answer = client.get(f"/accounts/{path}")
    drawn = answer.content.decode()
    assert 'class="sheet narrow entrance"' in drawn
    assert Page(drawn).faults == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["email/", "password/change/", "2fa/", "2fa/recovery-codes/generate/", "logout/"])
def test_pages_of_ones_own_account_wear_our_look(client, django_user_model, path):
    user = django_user_model.objects.create_user("maarja", "maarja@example.org", "correct horse battery")
    client.force_login(user)
    drawn = client.get(f"/accounts/{path}", follow=True).content.decode()
    assert 'class="sheet' in drawn
    assert Page(drawn).faults == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "way_on"),
    [
        ("confirm-email/MTA:old:link/", "/accounts/login/"),
        ("password/reset/key/1-old-link/", "/accounts/password/reset/"),
    ],
)
def test_a_link_that_is_too_old_says_so_and_where_to_get_a_new_one(client, path, way_on):
    drawn = client.get(f"/accounts/{path}", follow=True).content.decode()
    assert "<h1>This link opens nothing any more</h1>" in drawn
    assert f'href="{way_on}"' in drawn
    assert Page(drawn).faults == []


@pytest.mark.parametrize("folder", ["traceability/web/templates", "epd/web/templates"])
def test_the_days_of_a_list_stand_on_one_line(folder):
    wrapping = re.compile(r"<td>\{\{ [\w.]+_(?:at|on)\|(?:moment|date)[^}]*\}\}</td>")
    assert [path.name for path in Path(folder).rglob("*.html") if wrapping.search(path.read_text())] == []
