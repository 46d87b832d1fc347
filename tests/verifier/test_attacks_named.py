"""The attacks that the format was made against, each with a test that tries it and names the section of its rule."""

import ast
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ATTACKS = {
    "one value to two readers": ("payload", 3, "test_one_signature_never_shows_two_values"),
    "small-order keys": ("key", 6, "test_a_small_order_key_is_refused"),
    "outsider appends": ("custody", 2, "test_an_attack_has_its_code"),
    "draw in transit": ("custody", 5, "test_a_draw_in_transit_is_refused"),
    "mass that comes back after the sale": ("custody", 5, "test_mass_does_not_come_back_after_the_sale"),
    "old heads": ("log", 7, "test_old_heads_do_not_lead_to_the_root_that_was_signed"),
    "foreign heads": ("log", 7, "test_heads_of_another_log_do_not_lead_to_the_root_that_was_signed"),
    "foreign time": ("log", 7, "test_a_foreign_time_does_not_count"),
    "thief's key, before its revocation": ("key", 6, "test_what_a_thief_could_have_signed_is_in_doubt"),
    "thief's key, after its revocation": ("key", 6, "test_a_revoked_key_signs_nothing_more"),
    "a co-signed settlement rewritten": ("custody", 5, "test_a_settlement_that_both_signed_is_never_rewritten"),
    "a digest copied from another": ("payload", 3, "test_a_digest_is_not_copied_from_another_statement"),
    "dust splits": ("custody", 5, "test_dust_does_not_add_up_to_matter"),
    "a statement replayed into another log": ("log", 2, "test_a_statement_is_not_replayed_into_another_log"),
}


@cache
def docstrings(area: str) -> dict[str, str]:
    """The docstring of each test in a file of attacks."""
    tree = ast.parse((HERE / f"test_{area}_attacks.py").read_text(encoding="utf-8"))
    return {one.name: ast.get_docstring(one) or "" for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_has_a_test_that_names_its_rule(attack):
    area, section, name = ATTACKS[attack]
    assert docstrings(area)[name].startswith(f"Section {section}")
