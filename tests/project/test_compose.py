"""docker-compose.yml: valid by the Compose specification, closed by default, and true to the files it names."""

import re
import shutil
import subprocess

import jsonschema
import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from django.core.management import get_commands

from config.settings import CELERY_BEAT_SCHEDULE, CELERY_TASK_DEFAULT_QUEUE, CELERY_TASK_ROUTES
from tests.project.compose import COMPOSE, OURS, ROOT, SERVICES

PROGRAMS = {"gunicorn", "celery", "python"}


def test_it_is_valid_by_the_compose_specification():
    schema = get_builtin_schema("vendor.compose-spec")
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


def test_the_schema_would_notice():
    schema = get_builtin_schema("vendor.compose-spec")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**COMPOSE, "services": {"web": {"imaje": "x"}}}, schema)


def test_it_has_every_part():
    assert set(SERVICES) == {"proxy", "web", "worker", "integrator", "beat", "migrate", "postgres", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_no_more_rights_than_it_needs(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    # Ours get their user from the Dockerfile.
    assert name in OURS or service["user"].split(":")[0] != "0"


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_a_container_that_stays_says_how_it_is(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_names_its_version(name):
    tag = SERVICES[name]["image"].partition(":")[2]
    assert tag not in ("", "latest")


def test_only_the_proxy_is_reachable_and_the_database_is_not():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["outside"]


def test_secrets_are_files_and_stand_nowhere_else():
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    assert all(secret["file"] == f"deploy/secrets/{name}" for name, secret in COMPOSE["secrets"].items())
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not re.search(r"PASSWORD|SECRET|_KEY|TOKEN", name) or value.startswith("/run/secrets/"), name
    for name, value in OURS["web"]["environment"].items():
        if name.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in OURS["web"]["secrets"]


def test_every_secret_is_made_by_make_secrets(tmp_path):
    (tmp_path / "deploy").mkdir()
    script = shutil.copy(ROOT / "deploy" / "make-secrets", tmp_path / "deploy")
    subprocess.run([script], check=True, capture_output=True)
    made = {file.name: file.read_bytes() for file in (tmp_path / "deploy" / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    subprocess.run([script], check=True, capture_output=True)
    assert {file.name: file.read_bytes() for file in (tmp_path / "deploy" / "secrets").iterdir()} == made
    assert (tmp_path / "deploy" / "secrets").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", OURS)
def test_a_command_exists(name):
    program, *arguments = OURS[name]["command"]
    assert program in PROGRAMS
    if program == "python":
        assert arguments[0] == "manage.py"
        assert arguments[1] in get_commands()


def test_every_queue_has_a_worker():
    words = [service["command"] for service in OURS.values() if "--queues" in service["command"]]
    served = {queue for command in words for queue in command[command.index("--queues") + 1].split(",")}
    routed = {route["queue"] for route in CELERY_TASK_ROUTES.values()} | {CELERY_TASK_DEFAULT_QUEUE}
    assert served == routed
    by_worker = {
        "lodestone.bundles",
        "lodestone.declarations",
        "lodestone.epcis",
        "lodestone.imports",
        "lodestone.outbox",
        "lodestone.references",
        "lodestone.sheets",
        "lodestone.tidy",
    }
    assert {entry["task"] for entry in CELERY_BEAT_SCHEDULE.values()} <= set(CELERY_TASK_ROUTES) | by_worker


def test_one_program_waits_for_migrations():
    for name, service in OURS.items():
        if name != "migrate":
            assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_what_is_mounted_and_copied_exists():
    volumes = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    mounts = [volume.split(":")[0] for volume in volumes if volume.startswith("./")]
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert [path for path in mounts + copied if not (ROOT / path).exists()] == []
    assert [path for path in copied if f"!{path}" not in ignored] == []


def test_the_image_does_not_run_as_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines
    assert lines.index("USER 10001:10001") > max(index for index, line in enumerate(lines) if line.startswith("RUN"))
