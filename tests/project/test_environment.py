"""Reading the environment: each value parses or is refused with a sentence that names the variable."""

import base64

import pytest

from config import env
from config.env import Environment, SettingError


def test_a_value_stands_in_the_variable_or_in_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    assert Environment({"NAME": "plain"}).text("NAME") == "plain"
    assert Environment({"NAME_FILE": str(file)}).text("NAME") == "from the file"
    assert Environment({"NAME": ""}).text("NAME", "default") == "default"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "NAME is missing. Set NAME"),
        ({"NAME": ""}, "NAME is missing"),
        ({"NAME": "a", "NAME_FILE": "b"}, "both set"),
        ({"NAME_FILE": "/does/not/exist"}, "cannot be read"),
    ],
)
def test_a_missing_value_is_refused(variables, sentence):
    with pytest.raises(SettingError, match=sentence):
        Environment(variables).text("NAME")


@pytest.mark.parametrize(("text", "value"), [("1", True), ("yes", True), ("ON", True), ("0", False), ("False", False)])
def test_a_flag_is_yes_or_no(text, value):
    assert Environment({"NAME": text}).flag("NAME") is value


@pytest.mark.parametrize("text", ["2", "ja", "maybe", "truee"])
def test_an_unclear_flag_is_refused(text):
    with pytest.raises(SettingError, match="NAME is"):
        Environment({"NAME": text}).flag("NAME")


@pytest.mark.parametrize("text", ["0", "11", "-1", "1.5", "ten", "٣", "1 000"])
def test_a_number_outside_its_range_is_refused(text):
    with pytest.raises(SettingError, match="from 1 to 10"):
        Environment({"NAME": text}).whole_number("NAME", 5, least=1, most=10)


def test_a_postgres_address_is_taken_apart():
    found = env.postgres_settings("postgres://us%40er@[::1]:6432/name", "from-file")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("name", "us@er", "from-file")
    assert (found["HOST"], found["PORT"]) == ("::1", "6432")
    assert env.postgres_settings("postgresql://u:own%2F@h/n", "other")["PASSWORD"] == "own/"


@pytest.mark.parametrize("url", ["mysql://h/n", "postgres://h/", "postgres:///n", "postgres://h/a/b", "h/n"])
def test_another_database_address_is_refused(url):
    with pytest.raises(SettingError, match="DATABASE_URL must look like"):
        env.postgres_settings(url, "")


def test_a_port_that_is_no_number_is_refused():
    with pytest.raises(SettingError, match="DATABASE_URL has a port"):
        env.postgres_settings("postgres://h:many/n", "")


def test_a_redis_address_takes_the_password_from_its_own_variable():
    assert env.redis_address("redis://cache", "p/w") == "redis://:p%2Fw@cache:6379"
    assert env.redis_address("rediss://:own@[::1]:7000/0", "other") == "rediss://:own@[::1]:7000"


@pytest.mark.parametrize("url", ["http://cache", "redis://", "redis://cache/3"])
def test_another_redis_address_is_refused(url):
    with pytest.raises(SettingError, match="REDIS_URL must look like"):
        env.redis_address(url, "")


def test_mail_goes_by_starttls_or_by_tls_at_once(tmp_path):
    starttls = env.mail_settings("smtp://me:pw@mail.example", tmp_path)
    at_once = env.mail_settings("smtps://mail.example", tmp_path)
    assert (starttls["EMAIL_PORT"], starttls["EMAIL_USE_TLS"], starttls["EMAIL_USE_SSL"]) == (587, True, False)
    assert (at_once["EMAIL_PORT"], at_once["EMAIL_USE_TLS"], at_once["EMAIL_USE_SSL"]) == (465, False, True)
    with pytest.raises(SettingError, match="EMAIL_URL"):
        env.mail_settings("mail.example", tmp_path)


def test_letters_in_a_folder_are_for_its_owner_alone(tmp_path):
    folder = tmp_path / "mail"
    assert env.mail_settings("file:", folder)["EMAIL_FILE_PATH"] == str(folder)
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "url", ["ledger.example", "https://ledger.example/", "ftp://h", "https://u@h", "https://h?a=1"]
)
def test_the_public_address_is_scheme_and_host_only(url):
    with pytest.raises(SettingError, match="LODESTONE_BASE_URL"):
        env.base_url_host(url)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_master_key_of_another_length_is_refused(length):
    with pytest.raises(SettingError, match="32 random bytes"):
        env.master_key(base64.b64encode(bytes(length)).decode())


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path):
    file = tmp_path / "home" / "master_key"
    text = env.key_file(file, 32)
    assert len(env.master_key(text)) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert env.key_file(file, 32) == text
    assert [path.name for path in file.parent.iterdir()] == ["master_key"]


def test_a_key_file_that_others_can_read_is_refused(tmp_path):
    file = tmp_path / "master_key"
    env.key_file(file, 32)
    file.chmod(0o640)
    with pytest.raises(SettingError, match="chmod 600"):
        env.key_file(file, 32)
