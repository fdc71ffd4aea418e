from pathlib import Path

import pytest
from pydantic import BaseModel

from exowatch.config import Config, load_config
from exowatch.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    file = folder / "exowatch.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_paths_are_beside_the_file_and_not_beside_the_caller(tmp_path, monkeypatch):
    file = written(tmp_path, '[archive]\ndir = "warc"\n')
    monkeypatch.chdir("/")
    config = load_config(file, {})
    assert config.archive.dir == tmp_path / "warc"
    assert config.database.url == f"sqlite:///{tmp_path / 'exowatch.db'}"


def test_an_unknown_key_is_told_with_file_line_key_and_remedy(tmp_path):
    file = written(tmp_path, "# ours\n[crawl]\ndelay = 1\ndelai = 2\n")
    with pytest.raises(ConfigError) as told:
        load_config(file, {})
    assert (told.value.file, told.value.line, told.value.key) == (str(file), 4, "crawl.delai")
    assert "delay" in told.value.remedy


def test_an_unknown_section_is_told_with_its_line(tmp_path):
    with pytest.raises(ConfigError) as told:
        load_config(written(tmp_path, "\n[crawler]\ndelay = 1\n"), {})
    assert (told.value.line, told.value.key) == (2, "crawler")


def test_text_that_is_not_toml_is_told_with_its_line(tmp_path):
    with pytest.raises(ConfigError) as told:
        load_config(written(tmp_path, "[crawl]\ndelay = = 1\n"), {})
    assert told.value.line == 2


def test_the_environment_overrides_the_file(tmp_path):
    file = written(tmp_path, "[crawl]\ndelay = 1\n")
    env = {"EXOWATCH_CRAWL__DELAY": "0.5", "EXOWATCH_CRAWL__ALLOW_ADDRESSES": '["127.0.0.2:80"]'}
    config = load_config(file, env)
    assert config.crawl.delay == 0.5
    assert config.crawl.allow_addresses == ("127.0.0.2:80",)


def test_a_secret_may_stand_in_a_file_named_by_the_environment(tmp_path):
    secret = tmp_path / "url"
    secret.write_text("postgresql+psycopg://u:p@db/exowatch\n", encoding="utf-8")
    config = load_config(written(tmp_path, ""), {"EXOWATCH_DATABASE__URL_FILE": str(secret)})
    assert config.database.url == "postgresql+psycopg://u:p@db/exowatch"


def test_a_wrong_value_from_the_environment_is_told(tmp_path):
    with pytest.raises(ConfigError, match=r"crawl\.delay"):
        load_config(written(tmp_path, ""), {"EXOWATCH_CRAWL__DELAY": "soon"})


def test_sections_of_later_versions_are_named_as_unused(tmp_path):
    config = load_config(written(tmp_path, '[web]\nbind = "127.0.0.1:8080"\n'), {})
    assert config.unused == ("[web]",)


RECIPIENT = '[[digest.recipients]]\nid = "desk"\n'
SERVER = '[digest.smtp]\nhost = "mail.example"\nsender = "ExoWatch <watch@example.org>"\n'


def test_a_recipient_has_an_id_and_one_way_to_be_reached(tmp_path):
    found = load_config(written(tmp_path, RECIPIENT + 'mail = "a@b.example"\njurisdictions = ["UK"]\n' + SERVER), {})
    assert found.digest.recipients[0].mail == "a@b.example"
    assert found.digest.recipients[0].jurisdictions == ("GB",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (RECIPIENT + SERVER, "mail or url"),
        (RECIPIENT + 'mail = "a@b.example"\n', "digest.smtp"),
        (RECIPIENT + 'mail = "a@b.example, c@d.example"\n' + SERVER, "one mail address"),
        ((RECIPIENT + 'url = "json://h.example"\n') * 2, "twice"),
        (RECIPIENT + 'url = "json://h.example"\ntimezone = "Mars/Base"\n', "time zone"),
        ('[limits]\nhours = "22:00-06:00"\n', "span of hours"),
    ],
)
def test_a_wrong_recipient_or_span_of_hours_is_told_with_its_remedy(tmp_path, text, words):
    with pytest.raises(ConfigError, match=words):
        load_config(written(tmp_path, text), {})


@pytest.mark.parametrize(
    "pair",
    [
        "127.0.0.1",
        "localhost:80",
        "127.0.0.1:http",
        "*:80",
        "999.0.0.1:80",
        "127.0.0.1:0",
        "127.0.0.1:70000",
        "[::g]:80",
        "[127.0.0.1]:x",
    ],
)
def test_only_exact_address_and_port_pairs_pass_the_guard(tmp_path, pair):
    with pytest.raises(ConfigError, match="ip:port"):
        load_config(written(tmp_path, f'[crawl]\nallow_addresses = ["{pair}"]\n'), {})


def test_an_address_pair_is_kept_as_the_guard_writes_it(tmp_path):
    text = '[crawl]\nallow_addresses = ["[0:0::0001]:080", "127.0.0.1:80"]\n'
    assert load_config(written(tmp_path, text), {}).crawl.allow_addresses == ("[::1]:80", "127.0.0.1:80")


@pytest.mark.parametrize("value", ["inf", "nan", "-1", "86401", "1e300"])
@pytest.mark.parametrize("key", ["delay", "timeout"])
def test_a_time_that_nobody_can_wait_is_told_with_its_line(tmp_path, key, value):
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, f"[crawl]\n{key} = {value}\n"), {})
    assert (caught.value.line, caught.value.key) == (2, f"crawl.{key}")


def test_a_named_file_that_is_missing_is_told(tmp_path):
    with pytest.raises(ConfigError, match="exowatch init"):
        load_config(tmp_path / "none.toml", {})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[crawl]\ncontact = "a\\nb"\n', "one line"),
        ('[schedule]\ncadence = "99 * * * *"\n', "no cron line"),
    ],
)
def test_what_would_fail_in_the_night_is_refused_at_once(tmp_path, text, says):
    file = tmp_path / "exowatch.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=says):
        load_config(file, {})


def test_a_wrong_environment_variable_is_blamed_itself(tmp_path):
    file = tmp_path / "exowatch.toml"
    file.write_text("[crawl]\ndelay = 1\n")
    with pytest.raises(ConfigError) as caught:
        load_config(file, {"EXOWATCH_CRAWL__DELAY": "abc"})
    assert "EXOWATCH_CRAWL__DELAY" in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("EXOWATCH_CRAWL__CONTACT", "12345", lambda config: config.crawl.contact),
        ("EXOWATCH_CRAWL__USER_AGENT", "true", lambda config: config.crawl.user_agent),
        ("EXOWATCH_ARCHIVE__DIR", "2026", lambda config: config.archive.dir.name),
    ],
)
def test_a_text_from_the_environment_may_look_like_a_number(tmp_path, variable, value, read):
    assert read(load_config(written(tmp_path, ""), {variable: value})) == value


@pytest.mark.parametrize("variable", ["EXOWATCH_DATABASE_URL", "EXOWATCH_CRAWL_MAX_BYTES", "EXOWATCH_CRAWLER__DELAY"])
def test_a_variable_that_nobody_would_obey_is_told(tmp_path, variable):
    with pytest.raises(ConfigError, match=variable):
        load_config(written(tmp_path, ""), {variable: "5"})


def test_jurisdictions_of_the_letter_are_places_and_uk_is_written_gb(tmp_path):
    assert load_config(written(tmp_path, '[digest]\njurisdictions = ["uk"]\n'), {}).digest.jurisdictions == ("GB",)
    with pytest.raises(ConfigError, match="no place"):
        load_config(written(tmp_path, '[digest]\njurisdictions = ["ZZ"]\n'), {})


def test_an_address_that_names_no_database_is_told(tmp_path):
    with pytest.raises(ConfigError, match="names no database"):
        load_config(written(tmp_path, '[database]\nurl = "sqlite:///"\n'), {})


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("", "archive.dir", None),
        ('[archive]\ndir = "archive/2026"\n', "archive.dir", 2),
        ('[digest]\ndir = "archive"\n[archive]\ndir = "warc"\n', "digest.dir", 2),
    ],
)
def test_a_file_in_the_place_of_a_folder_is_told(tmp_path, text, key, line):
    (tmp_path / "archive").write_text("no folder")
    with pytest.raises(ConfigError, match="is a file, and a folder is needed there") as told:
        load_config(written(tmp_path, text), {})
    assert (told.value.key, told.value.line, told.value.exit_code) == (key, line, 2)
    assert str(tmp_path / "archive") in told.value.problem


def test_a_key_of_a_table_within_a_section_may_come_from_outside(tmp_path):
    secret = tmp_path / "password"
    secret.write_text("0042\n", encoding="utf-8")
    env = {
        "EXOWATCH_DIGEST__SMTP__PASSWORD_FILE": str(secret),
        "EXOWATCH_DIGEST__SMTP__USER": "77",
        "EXOWATCH_DIGEST__SMTP__PORT": "2525",
        "EXOWATCH_DIGEST__SMTP__REPLY_TO": "desk@example.org",
    }
    smtp = load_config(written(tmp_path, SERVER), env).digest.smtp
    assert (smtp.password, smtp.user, smtp.port, smtp.reply_to) == ("0042", "77", 2525, "desk@example.org")


def test_a_table_from_outside_is_made_where_the_file_has_none_and_single_keys_lie_over_it(tmp_path):
    env = {
        "EXOWATCH_DIGEST__SMTP": '{host = "a.example", sender = "a@b.example"}',
        "EXOWATCH_DIGEST__SMTP__HOST": "b.example",
    }
    assert load_config(written(tmp_path, ""), env).digest.smtp.host == "b.example"


@pytest.mark.parametrize(
    "variable",
    ["EXOWATCH_DIGEST_SMTP__PASSWORD", "EXOWATCH_DIGEST__SMTP_PASSWORD_FILE", "EXOWATCH_DIGEST_SMTP_REPLY_TO"],
)
def test_a_variable_of_a_table_that_nobody_would_obey_is_told(tmp_path, variable):
    with pytest.raises(ConfigError, match="EXOWATCH_DIGEST__SMTP__"):
        load_config(written(tmp_path, SERVER), {variable: "x"})


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (SERVER + "port = 0\n", 4, "digest.smtp.port"),
        (SERVER + "prot = 1\n", 4, "digest.smtp.prot"),
        (SERVER + 'user = "me"\n', 1, "digest.smtp"),
        (
            SERVER + RECIPIENT + 'mail = "a@b.example"\n' + RECIPIENT.replace("desk", "Two") + 'mail = "b@b.example"\n',
            8,
            None,
        ),
        ('[digest]\nsmtp = {host = "h", sender = "none"}\n', 2, "digest.smtp.sender"),
        ('[digest]\nsmtp.host = "h"\nsmtp.sender = "none"\n', 3, "digest.smtp.sender"),
        ('[digest.smtp]\nhost = "h"\nsender = "a@b.example\\\\nBcc: c@d.example"\n', 3, "digest.smtp.sender"),
    ],
)
def test_a_wrong_key_of_a_table_is_told_with_its_line(tmp_path, text, line, key):
    with pytest.raises(ConfigError) as told:
        load_config(written(tmp_path, text), {})
    assert told.value.line == line
    assert key in (None, told.value.key)


def test_a_wrong_key_of_a_table_from_outside_is_blamed_itself(tmp_path):
    with pytest.raises(ConfigError, match="EXOWATCH_DIGEST__SMTP__PORT"):
        load_config(written(tmp_path, SERVER), {"EXOWATCH_DIGEST__SMTP__PORT": "0"})


def test_a_password_is_sent_over_tls_alone(tmp_path):
    with pytest.raises(ConfigError, match="TLS alone"):
        load_config(written(tmp_path, SERVER + 'security = "none"\nuser = "u"\npassword = "p"\n'), {})


@pytest.mark.parametrize("line", ['kinds = ["clinics"]', 'languages = ["english"]'])
def test_a_recipient_wishes_for_kinds_and_languages_that_exist(tmp_path, line):
    with pytest.raises(ConfigError, match=line.split()[0]):
        load_config(written(tmp_path, RECIPIENT + f'mail = "a@b.example"\n{line}\n' + SERVER), {})


def test_languages_of_a_recipient_are_kept_as_codes(tmp_path):
    found = load_config(
        written(tmp_path, RECIPIENT + 'mail = "a@b.example"\nkinds = ["disease"]\nlanguages = ["pt-BR"]\n' + SERVER), {}
    )
    assert (found.digest.recipients[0].kinds, found.digest.recipients[0].languages) == (("disease",), ("pt",))


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('[digest]\njurisdictions = "IE, UK"\n', 2, 'write jurisdictions = ["IE", "UK"]'),
        ('[crawl]\nallow_addresses = "127.0.0.1:80"\n', 2, 'write allow_addresses = ["127.0.0.1:80"]'),
        ('[digest]\nthreshold = "low"\n[digest]\ndir = "x"\n', 3, "the table [digest] stands there twice"),
        ("[digest]\nbaseline_per_day = 1\nbaseline_per_day = 2\n", 3, "keep one of the two lines"),
        ('[digest.recipients]\nid = "a"\n', 1, "write [[digest.recipients]] with two brackets"),
        ('[digest]\nrecipients = ["a@b.example"]\n', 2, "write [[digest.recipients]] with two brackets"),
        ("[[crawl]]\ndelay = 1\n", None, "write [crawl] with one bracket"),
        ('[schedule]\njitter = "5 min"\n', 2, "write a number without quotes"),
        ('[crawl]\nconcurrency = "many"\n', 2, "concurrency = 5"),
        ("[crawl]\ncontact = 5\n", 2, 'contact = "…"'),
        ('[digest.smtp]\nhost = ""\nsender = "a@b.example"\n', 2, 'host = "mail.example.org"'),
        (RECIPIENT + 'url = "hooks.slack.example/x"\n', 3, "no address of a chat service"),
        (RECIPIENT + 'url = ""\n', 3, "no address of a chat service"),
        (RECIPIENT + 'mail = "a\\u202e@b.example"\n' + SERVER, 3, "nobody sees"),
    ],
)
def test_a_mistake_of_form_says_what_to_write(tmp_path, text, line, told):
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, text), {})
    assert told in str(caught.value)
    assert caught.value.line == line
    assert "\u202e" not in str(caught.value)


def test_a_secret_in_the_place_of_a_list_is_not_repeated(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, '[digest]\nrecipients = "slack://token@room?key=abc"\n'), {})
    assert "token" not in str(caught.value)


def test_places_and_languages_named_twice_count_once(tmp_path):
    wishes = 'mail = "a@b.example"\njurisdictions = ["UK", "gb", "IE"]\nlanguages = ["pt-BR", "pt"]\n'
    found = load_config(written(tmp_path, RECIPIENT + wishes + SERVER + '[digest]\njurisdictions = ["UK", "gb"]\n'), {})
    assert found.digest.jurisdictions == ("GB",)
    assert found.digest.recipients[0].jurisdictions == ("GB", "IE")
    assert found.digest.recipients[0].languages == ("pt",)


def test_a_key_that_ends_in_file_is_set_by_its_own_name_and_read_from_no_file(tmp_path):
    config = load_config(written(tmp_path, ""), {"EXOWATCH_MONITOR__METRICS_FILE": "made/exowatch.prom"})
    assert config.monitor.metrics_file == tmp_path / "made" / "exowatch.prom"


KEYS = [
    (section, key)
    for section, field in Config.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    for key in field.annotation.model_fields
]


def told_of(path, variable, value):
    """The error of a configuration with this in its environment; None where it is taken."""
    try:
        load_config(path, {variable: value})
    except ConfigError as error:
        return error
    return None


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_key_can_be_set_from_the_environment(tmp_path, section, key):
    """The names alone: whether the value is a good one is another matter."""
    told = told_of(written(tmp_path, ""), f"EXOWATCH_{section}__{key}".upper(), "[1")
    assert told is None or (str(told.key).startswith(f"{section}.{key}") and "unknown" not in told.problem)
