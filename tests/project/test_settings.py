"""Starting the program, each time in a process of its own: it starts, or it says in one sentence why not."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FULL = {
    "LODESTONE_MODE": "full",
    "LODESTONE_BASE_URL": "https://ledger.example",
    "LODESTONE_SECRET_KEY": "k" * 64,
    "LODESTONE_MASTER_KEY": base64.b64encode(bytes(range(32))).decode(),
    "DATABASE_URL": "postgres://lodestone@db:5432/lodestone",
    "DATABASE_PASSWORD": "secret",
    "REDIS_URL": "redis://queue:6379",
    "REDIS_PASSWORD": "hidden",
    "EMAIL_URL": "smtps://mail.example",
}
NAMES = (
    "DATABASES CACHES CELERY_BROKER_URL CELERY_TASK_ALWAYS_EAGER DEBUG ALLOWED_HOSTS SECURE_HSTS_SECONDS "
    "SESSION_COOKIE_SECURE LODESTONE_DEMO LODESTONE_LOG_ORIGIN"
)
SHOW = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in "{NAMES}".split()}}))
"""


def run(arguments, home, variables):
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment |= {"LODESTONE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings", **variables}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


def settings_with(home, variables):
    shown = run(["-c", SHOW], home, variables)
    assert shown.returncode == 0, shown.stderr
    return json.loads(shown.stdout)


def refusal(home, variables):
    ended = run(["manage.py", "check"], home, variables)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("Lodestone does not start: ")
    return ended.stderr


def test_embedded_needs_nothing(tmp_path):
    found = settings_with(tmp_path / "home", {})
    database = found["DATABASES"]["default"]
    assert database["NAME"] == str(tmp_path / "home" / "lodestone.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert f"PRAGMA {pragma}" in database["OPTIONS"]["init_command"]
    assert found["CELERY_TASK_ALWAYS_EAGER"] is True
    assert (found["DEBUG"], found["LODESTONE_DEMO"]) == (False, False)
    keys = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "home").iterdir()}
    assert keys == {"mail": 0o700, "master_key": 0o600, "secret_key": 0o600}


def test_full_takes_everything_from_the_environment_and_makes_no_keys(tmp_path):
    found = settings_with(tmp_path / "home", FULL)
    database = found["DATABASES"]["default"]
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"], database["PASSWORD"]) == (60, True, "secret")
    for option in ("statement_timeout=15000", "lock_timeout=5000", "idle_in_transaction_session_timeout=30000"):
        assert option in database["OPTIONS"]["options"]
    assert found["CELERY_BROKER_URL"] == "redis://:hidden@queue:6379/0"
    assert found["CACHES"]["default"]["LOCATION"] == "redis://:hidden@queue:6379/1"
    assert found["CELERY_TASK_ALWAYS_EAGER"] is False
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert found["ALLOWED_HOSTS"][0] == "ledger.example"
    assert found["LODESTONE_LOG_ORIGIN"] == "ledger.example/log"
    assert not (tmp_path / "home").exists()


def test_secrets_may_come_from_files(tmp_path):
    file = tmp_path / "password"
    file.write_text("from a file\n")
    variables = {name: value for name, value in FULL.items() if name != "DATABASE_PASSWORD"}
    found = settings_with(tmp_path, variables | {"DATABASE_PASSWORD_FILE": str(file)})
    assert found["DATABASES"]["default"]["PASSWORD"] == "from a file"


@pytest.mark.parametrize(
    "name", [name for name in FULL if name not in ("LODESTONE_MODE", "DATABASE_PASSWORD", "REDIS_PASSWORD")]
)
def test_full_refuses_to_start_when_a_value_is_missing(tmp_path, name):
    assert f"{name} is missing" in refusal(tmp_path, {key: value for key, value in FULL.items() if key != name})


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"LODESTONE_MODE": "production"}, "LODESTONE_MODE is 'production'"),
        ({"LODESTONE_BASE_URL": "ledger.example"}, "LODESTONE_BASE_URL"),
        ({"LODESTONE_SECRET_KEY": "short"}, "shorter than 32"),
        ({"LODESTONE_MASTER_KEY": "bm90IDMyIGJ5dGVz"}, "32 random bytes"),
        ({"DATABASE_URL": "sqlite:///file"}, "DATABASE_URL must look like postgres://"),
        ({"REDIS_URL": "queue:6379"}, "REDIS_URL must look like"),
        ({"LODESTONE_PROGRAMMES": "/nowhere.json"}, "LODESTONE_PROGRAMMES names /nowhere.json"),
        ({"LODESTONE_PDF_FONTS": "/nowhere"}, "LODESTONE_PDF_FONTS names no folder"),
        ({"LODESTONE_DEBUG": "perhaps"}, "LODESTONE_DEBUG is 'perhaps'"),
        ({"LODESTONE_MAX_BODY_MIB": "0"}, "LODESTONE_MAX_BODY_MIB"),
        ({"LODESTONE_DEMO": "1"}, "logins with published passwords"),
        ({"LODESTONE_DEMO": "1", "LODESTONE_DEBUG": "1"}, "logins with published passwords"),
        ({"LODESTONE_LOOPBACK_WEBHOOKS": "1"}, "webhooks reach this machine"),
    ],
)
def test_a_wrong_value_is_refused(tmp_path, changed, sentence):
    assert sentence in refusal(tmp_path, FULL | changed)


def test_demo_logins_on_a_server_take_two_switches(tmp_path):
    both = FULL | {"LODESTONE_DEMO": "1", "LODESTONE_DEMO_IN_FULL_MODE": "1"}
    assert settings_with(tmp_path, both)["LODESTONE_DEMO"] is True
    assert settings_with(tmp_path, {"LODESTONE_DEMO": "1"})["LODESTONE_DEMO"] is True


def test_a_database_without_its_master_key_is_refused(tmp_path):
    (tmp_path / "lodestone.sqlite3").touch()
    assert "Put the key back from your backup" in refusal(tmp_path, {})
    assert not (tmp_path / "master_key").exists()


def test_gunicorn_says_the_same_sentence(tmp_path):
    ended = run(["-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"], tmp_path, {"LODESTONE_MODE": "x"})
    assert ended.returncode == 1
    assert "Lodestone does not start: LODESTONE_MODE is 'x'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_djangos_deployment_checks_pass_in_full(tmp_path):
    checked = run(
        ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        tmp_path,
        FULL | {"LODESTONE_SECRET_KEY": "aB3$" + "x7Qm" * 16},
    )
    assert checked.returncode == 0, checked.stderr
