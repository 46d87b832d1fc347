"""lodestone-verify.html, opened from a file: it finds in the same bundles what the Python verifier finds."""

import base64
import json
import subprocess
import sys

import pytest

from epd.verifier.sixteen import NAMED, OFFLINE
from tests.verifier.builder import pack
from tests.verifier.corpus import policy_lines
from tests.verifier.stories import mine_to_metal
from traceability.services.browser_verifier import CHECKS, page

pytestmark = pytest.mark.browser

ATTACKS = ("log_attacks", "payload_attacks", "omission", "key_attacks")
_MADE = """
    not_an_archive archive_truncated archive_not_canonical members_not_sorted member_damaged member_too_large
    too_many_members spare_bytes bad_member_name missing_member manifest_mismatch readme_mismatch
    checkpoint_missing bad_checkpoint bad_note bad_number no_known_signature checkpoint_not_signed_by_log
    wrong_note_signature unknown_note_key log_key_did_not_sign witness_did_not_sign quorum_not_reached
    time_not_established bad_envelope wrong_payload_type envelope_not_canonical wrong_signers bad_signature
    signature_not_canonical bad_public_key small_order_key too_large not_utf8 not_json too_deep duplicate_field
    float_refused null_refused integer_out_of_range bad_field_name empty_container string_too_long
    unassigned_or_refused_character not_nfc not_canonical bad_type bad_base64 bad_digest bad_moment time_order
    bad_disclosure disclosure_mismatch closed_inside_value digest_twice id_taken unknown_kind statement_missing
    statement_without_proof root_mismatch missing_hash spare_hash bad_multiproof bad_indexes index_outside_tree
    heads_not_last_leaf heads_issuer bad_head_proof heads_not_compact heads_leaf_elsewhere foreign_log
    seen_after_index not_consistent wrong_path_length consistency_not_established first_checkpoint_missing
    claimed_time_after_log completeness_not_established chain_cut heads_differ chain_gap chain_fork chain_broken
    target_missing custody_hash_mismatch not_expected_hash document_missing document_mismatch
    trust_self_asserted operator_not_accepted organisation_not_accepted key_unknown key_not_active
    proof_of_possession not_the_organisation not_allowed_to_revoke recovery_forbidden compromise_in_future
    first_revocation_decides checkpoint_from_future stale refused_leaf platform_keys operator_added_key
"""
MADE = frozenset(_MADE.split())
"""What the browser looks for. Custody, matter, figures and the bodies of kinds it leaves to the Python verifier."""
OWN_WORDS = {"leaf_not_counted", "signed_in_compromise_window"}
"""What it says instead, where it cannot tell what the Python verifier can."""


@pytest.fixture
def file(tmp_path):
    """The file, as somebody saved it."""
    saved = tmp_path / "lodestone-verify.html"
    saved.write_bytes(page())
    return saved


@pytest.fixture
def opened(context, file):
    """The page of it; a request of it for anything but itself fails the test."""
    asked = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    yield page
    assert asked == [file.as_uri()]


def test_it_names_the_sixteen_answers():
    assert [id for id, _ in CHECKS] == [one.id for one in (*NAMED, OFFLINE)]
    assert [name for _, name in CHECKS] == [one.name for one in (*NAMED, OFFLINE)]


ASKED = ("bundle", "policy", "trust", "at", "expect")
VERIFY = """(rows) => Promise.all(rows.map(async (row) => {
    const bytes = (text) => text === null ? null : new TextEncoder().encode(text);
    const [policy, trust] = [bytes(row.policy), bytes(row.trust)];
    const asked = {...(row.expect && {expect: row.expect}), ...(row.at !== null && {at: row.at})};
    const bundle = Uint8Array.from(atob(row.bundle), (letter) => letter.charCodeAt(0));
    const report = await verify(bundle, policy && parsePolicy(policy), trust && parseTrust(trust), asked);
    return [report.verdict, report.findings.map((one) => [one.code, one.where, one.sentence, one.level])];
}))"""


def judged(findings):
    """The findings that both must have, without notes; some sentences of a parser are the library's own."""
    said = {(code, where, "" if code in ("not_json", "not_utf8") else sentence, level)
            for code, where, sentence, level in findings if level != "note"}  # fmt: skip
    return {one for one in said if one[0] in MADE}


def test_it_finds_what_the_python_verifier_finds(opened, tmp_path):
    corpus = tmp_path / "corpus.jsonl"
    attacks = [f"tests/verifier/test_{name}.py" for name in ATTACKS]
    recording = ["-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:django", "-p", "tests.verifier.corpus"]
    subprocess.run([sys.executable, *recording, "--corpus", corpus, *attacks], check=True, capture_output=True)
    rows = [json.loads(line) for line in corpus.read_text().splitlines()]
    answers = opened.evaluate(VERIFY, [{name: row[name] for name in ASKED} for row in rows])
    exact = 0
    for row, (verdict, findings) in zip(rows, answers, strict=True):
        invalid = {code for code, _, _, level in row["findings"] if level == "invalid"}
        assert (verdict == "INVALID") <= (row["verdict"] == "INVALID"), findings
        assert (verdict == "INVALID") >= bool(invalid) or not invalid & MADE or invalid - MADE, (invalid, findings)
        if invalid - MADE or {code for code, *_ in findings} & OWN_WORDS:
            continue  # a rule that is not looked at here changed what follows
        exact += 1
        assert judged(findings) == judged(row["findings"])
        assert {one[0] for one in findings if one[3] != "note"} <= MADE
    assert len(rows) > 150
    assert exact > 110


def test_somebody_checks_a_bundle(opened, tmp_path):
    story = mine_to_metal()
    (tmp_path / "lot.custody.zip").write_bytes(pack(story.log.members(), story.target, story.custody_hash))
    (tmp_path / "policy").write_text("\n".join([*policy_lines(story.log.policy()), ""]))
    opened.set_input_files("#bundle", tmp_path / "lot.custody.zip")
    opened.set_input_files("#policy", tmp_path / "policy")
    opened.fill("#expect", story.custody_hash)
    opened.get_by_role("button", name="Check").click()
    opened.get_by_text("INCOMPLETE: something could not be established.").wait_for()
    report = json.loads(opened.text_content("#json"))
    words = {one["id"]: one["result"] for one in report["checks"]}
    assert {id for id, word in words.items() if word == "pass"} == {"signed", "keys", "log", "purchase", "offline"}
    assert words["figures"] == "not_established"
    opened.fill("#expect", "sha256:" + "0" * 64)
    opened.get_by_role("button", name="Check").click()
    opened.get_by_text("INVALID: something is broken.").wait_for()
    opened.fill("#expect", "x")
    opened.get_by_role("button", name="Check").click()
    opened.get_by_text("Write the digest as sha256:").wait_for()


@pytest.mark.parametrize("missing", ["crypto.subtle", "Ed25519"])
def test_a_browser_without_ed25519_is_told_so(context, file, missing):
    said = {
        "crypto.subtle": "Object.defineProperty(crypto, 'subtle', {value: undefined})",
        "Ed25519": "if (crypto.subtle) crypto.subtle.importKey = () => Promise.reject(new Error('NotSupportedError'))",
    }
    context.add_init_script(said[missing])
    page = context.new_page()
    page.goto(file.as_uri())
    page.get_by_text("This browser cannot check Ed25519 signatures").wait_for()
    assert page.get_by_role("button", name="Check").is_disabled()


def test_a_browser_without_ml_dsa_says_so_and_passes_nothing_more(context, file):
    context.add_init_script("""const known = crypto.subtle?.importKey.bind(crypto.subtle);
        if (known) crypto.subtle.importKey = (form, key, name, ...rest) =>
          name === "ML-DSA-44" ? Promise.reject(new Error("unknown")) : known(form, key, name, ...rest);""")
    page = context.new_page()
    page.goto(file.as_uri())
    story = mine_to_metal()
    bundle = pack(story.log.members(), story.target, story.custody_hash)
    lines = list(policy_lines(story.log.policy()))
    _, findings = judge(page, bundle, lines)
    assert {(code, level) for code, *_, level in findings} >= {("ml_dsa_not_checked", "note")}
    without_ed25519 = [line for line in lines if line != f"log {story.log.signers[0].key}"]
    _, findings = judge(page, bundle, without_ed25519)
    assert ("log_signature_not_checked", "incomplete") in {(code, level) for code, *_, level in findings}


def judge(page, bundle, policy):
    """What the page says of a bundle under a policy of these lines, without a trust file."""
    row = {"bundle": base64.b64encode(bundle).decode(), "policy": "\n".join([*policy, ""]), "trust": None}
    return page.evaluate(VERIFY, [row | {"expect": None, "at": None}])[0]


def test_the_bundle_of_the_demonstration(opened, chain):
    auditor, lot = chain.client("auditor"), f"/lots/{chain.ids['MAG-1']}/"
    bundle = b"".join(auditor.get(f"{lot}bundle").streaming_content)
    policy = chain.client().get("/about/verifier/policy").content.decode()
    trust = b"".join(auditor.get(f"{lot}trust.json")).decode()
    row = {"bundle": base64.b64encode(bundle).decode(), "policy": policy, "trust": trust, "expect": None, "at": None}
    verdict, findings = opened.evaluate(VERIFY, [row])[0]
    assert (verdict, {level for *_, level in findings}) == ("INCOMPLETE", {"note"})
    cut = json.loads(json.dumps(row)) | {"bundle": base64.b64encode(bundle[:-1]).decode()}
    assert opened.evaluate(VERIFY, [cut])[0][1][0][0] == "archive_truncated"
