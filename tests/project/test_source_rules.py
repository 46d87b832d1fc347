"""Rules of the house that ruff cannot see."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = [
    file
    for package in ("config", "epd", "traceability")
    for file in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in file.parts
]
EMPTY_NAMES = {"utils", "helpers", "manager", "data", "info", "misc", "common"}
REQUEST_SIDE = ("django.http", "django.forms", "django.views", "rest_framework", "celery", "django.contrib.messages")


def calls_of(file, names):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def imports_of(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_a_task_never_starts_before_its_transaction_is_committed():
    """`.delay()` may reach a worker before the row is there; `.delay_on_commit()` cannot."""
    rooms = [file for file in SHIPPED if "config" not in file.relative_to(ROOT).parts]
    assert [place for file in rooms for place in calls_of(file, {"delay", "apply_async", "send_task"})] == []


@pytest.mark.parametrize("package", ["traceability", "epd"])
def test_services_know_nothing_of_requests_forms_and_tasks(package):
    services = [*(ROOT / package).glob("services.py"), *(ROOT / package).glob("services/**/*.py")]
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in services
        for name in imports_of(file)
        if name.startswith(REQUEST_SIDE)
    ]
    assert wrong == []


def test_module_names_say_what_is_in_them():
    assert [str(file.relative_to(ROOT)) for file in SHIPPED if file.stem in EMPTY_NAMES] == []
