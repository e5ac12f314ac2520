"""Settings: precedence, and an error that names key, value and what was expected."""

import dataclasses
import hashlib
import re
from pathlib import Path

import pytest

from api.settings import (
    SETTINGS,
    Key,
    Settings,
    check_bind,
    is_loopback,
    load_settings,
    settings_table,
    terminal_language,
)
from corpus.document import SettingsError
from index.encoder import DEFAULT_ENCODER

HASH = hashlib.sha256(b"clave").hexdigest()


def test_the_table_names_exactly_the_fields_of_settings_in_order():
    assert [s.name for s in SETTINGS] == [f.name for f in dataclasses.fields(Settings)]


def test_every_setting_is_explained_in_both_languages_on_one_line():
    for setting in SETTINGS:
        for text in (setting.help_en, setting.help_es):
            assert text.endswith(".")
            assert "\n" not in text
            assert "|" not in text
        assert setting.help_en != setting.help_es


def test_every_default_passes_its_own_check(tmp_path):
    settings = load_settings({}, tmp_path)
    assert settings.data == tmp_path
    assert (settings.host, settings.port, settings.language, settings.keys) == (
        "127.0.0.1",
        8000,
        "es",
        (),
    )


def test_data_defaults_to_a_folder_below_the_working_directory():
    assert load_settings({}).data == Path("data")


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path):
    (tmp_path / "config.toml").write_text('port = 9000\nlanguage = "en"\n', "utf-8")
    settings = load_settings({"FUENTE_DATA": str(tmp_path), "FUENTE_PORT": "9001"})
    assert (settings.data, settings.port, settings.language) == (tmp_path, 9001, "en")


def test_the_command_line_wins_over_the_environment(tmp_path):
    given = {"port": 9002, "host": None}
    settings = load_settings({"FUENTE_PORT": "9001", "FUENTE_DATA": "/nowhere"}, tmp_path, given)
    assert (settings.data, settings.port, settings.host) == (tmp_path, 9002, "127.0.0.1")


def test_an_empty_variable_counts_as_not_set(tmp_path):
    assert load_settings({"FUENTE_PORT": "", "FUENTE_KEYS": ""}, tmp_path).port == 8000


def test_the_port_that_kubernetes_injects_for_a_service_called_fuente_is_ignored(tmp_path):
    assert load_settings({"FUENTE_PORT": "tcp://10.0.0.7:80"}, tmp_path).port == 8000


def test_a_text_that_is_empty_by_default_may_be_set_and_emptied_again(tmp_path):
    (tmp_path / "config.toml").write_text('reranker = "mi/modelo"\n', "utf-8")
    assert load_settings({}, tmp_path).reranker == "mi/modelo"
    assert load_settings({"FUENTE_RERANKER": " otro "}, tmp_path).reranker == "otro"
    assert load_settings({}, tmp_path, {"reranker": ""}).reranker == ""
    with pytest.raises(SettingsError, match="reranker is 3 in .*; expected a text"):
        load_settings({}, tmp_path, {"reranker": 3})


def test_a_byte_order_mark_in_config_toml_does_not_matter(tmp_path):
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbfport = 9000\r\n")
    assert load_settings({}, tmp_path).port == 9000


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("port", "ocho mil", "a whole number from 1 to 65535"),
        ("port", "0", "from 1 to 65535"),
        ("port", "8000.5", "a whole number"),
        ("port", "inf", "a whole number"),
        ("reload_s", "nan", "a number from 0 to 3600"),
        ("reload_s", "-1", "a number from 0 to 3600"),
        ("language", "fr", "es, en"),
        ("log_level", "loud", "debug, info, warning, error"),
        ("max_upload_mb", "99999", "from 1 to 4096"),
        ("encoder", "   ", "a text that is not empty"),
        ("hosts", "bueno.example, ma lo", "host names"),
    ],
)
def test_a_bad_value_is_named_with_its_key_and_what_was_expected(tmp_path, name, value, expected):
    variable = f"FUENTE_{name.upper()}"
    with pytest.raises(SettingsError) as caught:
        load_settings({variable: value}, tmp_path)
    message = str(caught.value)
    assert name in message
    assert variable in message
    assert expected in message
    assert value.split(",")[-1].strip() in message or repr(value) in message


@pytest.mark.parametrize(("written", "read"), [("true", "yes"), ("false", "no")])
def test_yes_and_no_may_be_truth_values(tmp_path, written, read):
    (tmp_path / "config.toml").write_text(f"fetch_links = {written}\n", "utf-8")
    assert load_settings({}, tmp_path).fetch_links == read
    assert load_settings({"FUENTE_LOG_QUESTIONS": written.title()}, tmp_path).log_questions == read


def test_a_bad_value_in_the_file_names_the_file(tmp_path):
    (tmp_path / "config.toml").write_text("port = true\n", "utf-8")
    with pytest.raises(
        SettingsError, match=r"port is True in .*config\.toml; expected a whole number"
    ):
        load_settings({}, tmp_path)


def test_an_unknown_key_in_the_file_is_refused_with_the_known_ones(tmp_path):
    (tmp_path / "config.toml").write_text("prot = 1\n", "utf-8")
    with pytest.raises(SettingsError, match=r"unknown setting 'prot' in .*config\.toml; .*port"):
        load_settings({}, tmp_path)


def test_data_cannot_be_set_in_the_file_that_lies_inside_it(tmp_path):
    (tmp_path / "config.toml").write_text('data = "elsewhere"\n', "utf-8")
    with pytest.raises(SettingsError, match="FUENTE_DATA"):
        load_settings({}, tmp_path)


def test_a_file_that_is_not_toml_is_refused_with_its_name(tmp_path):
    (tmp_path / "config.toml").write_text("port: 8000\n", "utf-8")
    with pytest.raises(SettingsError, match=r"config\.toml is not valid TOML"):
        load_settings({}, tmp_path)


def test_a_file_that_is_not_text_is_refused_with_its_name(tmp_path):
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"config\.toml cannot be read"):
        load_settings({}, tmp_path)


def test_an_unknown_name_from_the_command_line_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="unknown setting 'prot'"):
        load_settings({}, tmp_path, {"prot": 1})


def test_keys_are_read_with_their_scope_from_text_or_list(tmp_path):
    both = (Key("search", HASH), Key("admin", HASH))
    assert (
        load_settings({"FUENTE_KEYS": f"search:{HASH}, admin:{HASH.upper()}"}, tmp_path).keys
        == both
    )
    (tmp_path / "config.toml").write_text(f'keys = ["search:{HASH}", "admin:{HASH}"]\n', "utf-8")
    assert load_settings({}, tmp_path).keys == both


@pytest.mark.parametrize("entry", ["clave-secreta-en-claro", "root:" + HASH, "search:" + HASH[:-1]])
def test_a_bad_key_is_refused_without_showing_it(tmp_path, entry):
    with pytest.raises(SettingsError, match=r"keys in FUENTE_KEYS: entry 2") as caught:
        load_settings({"FUENTE_KEYS": f"search:{HASH},{entry}"}, tmp_path)
    assert entry not in str(caught.value)


def test_keys_of_a_wrong_type_are_refused(tmp_path):
    (tmp_path / "config.toml").write_text("keys = 7\n", "utf-8")
    with pytest.raises(SettingsError, match="keys in .* is a int; expected texts"):
        load_settings({}, tmp_path)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]", "LOCALHOST."]
)
def test_without_keys_a_loopback_address_may_be_bound(tmp_path, host):
    check_bind(load_settings({"FUENTE_HOST": host}, tmp_path))
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.4", "docs.example.org", "localhost.evil.example"]
)
def test_without_keys_any_other_address_is_refused_and_with_a_key_it_is_not(tmp_path, host):
    with pytest.raises(SettingsError, match=re.escape(host)):
        check_bind(load_settings({"FUENTE_HOST": host}, tmp_path))
    check_bind(load_settings({"FUENTE_HOST": host, "FUENTE_KEYS": f"search:{HASH}"}, tmp_path))


def test_the_markdown_table_has_one_line_for_each_setting():
    for lang in ("es", "en"):
        lines = settings_table(lang).splitlines()
        assert len(lines) == len(SETTINGS) + 2
        for setting, line in zip(SETTINGS, lines[2:], strict=True):
            assert f"`FUENTE_{setting.name.upper()}`" in line


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "es_PE.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "est_EE"}, "en"),
        ({"LANG": "es_ES.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "C", "LC_ALL": "es_MX.UTF-8"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": ""}, "es"),
    ],
)
def test_the_language_of_the_terminal_is_that_of_its_locale(environ, lang):
    assert terminal_language(environ) == lang


def test_the_least_confidence_is_left_to_the_calibration_unless_it_is_set(tmp_path):
    assert load_settings({}, tmp_path).min_confidence is None
    assert load_settings({"FUENTE_MIN_CONFIDENCE": ""}, tmp_path).min_confidence is None
    assert load_settings({"FUENTE_MIN_CONFIDENCE": "0"}, tmp_path).min_confidence == 0.0
    (tmp_path / "config.toml").write_text("min_confidence = 0.25\n", "utf-8")
    assert load_settings({}, tmp_path).min_confidence == 0.25
    for wrong in ("mucha", "1.5", "-0.1", "nan"):
        with pytest.raises(SettingsError, match="min_confidence is .*a number from 0 to 1"):
            load_settings({"FUENTE_MIN_CONFIDENCE": wrong}, tmp_path)


def test_the_encoder_unless_told_otherwise_is_the_one_that_ships(tmp_path):
    assert load_settings({}, tmp_path).encoder == DEFAULT_ENCODER
