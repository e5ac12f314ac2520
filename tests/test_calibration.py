"""Weights are a file: what is wrong in it is told in one line, and each encoder may have its own."""

import json

import pytest

from corpus.document import SettingsError
from qa.calibration import FILE_NAME, Calibration, in_order, load_calibration, logistic

SHIPPED = load_calibration()


@pytest.fixture
def facts(tmp_path):
    SHIPPED.write(tmp_path / FILE_NAME)
    return json.loads((tmp_path / FILE_NAME).read_text("utf-8"))


def read(folder, facts):
    (folder / FILE_NAME).write_text(json.dumps(facts), "utf-8")
    return Calibration.read(folder / FILE_NAME)


def test_what_is_written_is_read_again(tmp_path, facts):
    assert Calibration.read(tmp_path / FILE_NAME) == SHIPPED
    assert read(tmp_path, facts) == SHIPPED


@pytest.mark.parametrize(
    ("log_odds", "chance"),
    [(0.0, 0.5), (2.0, 0.880797), (-2.0, 0.119203), (1e308, 1.0), (-1e308, 0.0)],
)
def test_log_odds_of_any_size_are_a_chance(log_odds, chance):
    assert logistic(log_odds) == pytest.approx(chance, abs=1e-6)


def test_the_shipped_weights_say_where_they_are_from():
    for part in (SHIPPED.fusion, SHIPPED.units, SHIPPED.confidence, SHIPPED.highlights):
        assert "XQuAD" in part.fitted.on
        assert part.fitted.date.startswith("2026-")
        assert part.fitted.how


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("format",), 99, "has format 99, expected 1"),
        (("fusion",), None, "fusion is None, expected an object"),
        (("fusion", "close", "same", "weights", "late"), "1", "fusion.close.same.weights.late is '1', expected a number"),
        (("fusion", "first", "across", "constant"), True, "fusion.first.across.constant is True, expected a number"),
        (("units", "second"), None, "units.second is None, expected a number"),
        (("units", "weights"), [1], r"units.weights is \[1\], expected an object"),
        (("confidence", "least"), 1.5, "confidence.least is 1.5, expected a number from 0 to 1"),
        (("confidence", "bias", "es"), float("nan"), "confidence.bias.es is nan, expected a number"),
        (("readings", "supported"), 0.9, r"readings.supported is 0.9, expected no more than least \(0.42\)"),
        (("readings", "supported"), None, "readings.supported is None, expected a number"),
        (("highlights", "fitted", "date"), 2026, "highlights.fitted.date is 2026, expected text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_field(tmp_path, facts, path, value, told):
    place = facts
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(SettingsError, match=told) as caught:
        read(tmp_path, facts)
    assert "\n" not in str(caught.value)
    assert FILE_NAME in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[1]", "ñ"])
def test_what_is_no_calibration_is_told(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text, "latin-1")
    with pytest.raises(SettingsError, match="fuente calibrate"):
        Calibration.read(tmp_path / FILE_NAME)


def test_a_collections_own_comes_before_the_encoders_and_that_before_the_shipped_one(
    tmp_path, facts
):
    data, encoder = tmp_path / "data", tmp_path / "encoder"
    data.mkdir()
    encoder.mkdir()
    assert load_calibration(str(encoder), data) == SHIPPED
    facts["units"]["second"] = 1.0
    read(encoder, facts)
    assert load_calibration(str(encoder), data).units.second == 1.0
    assert load_calibration("some/model") == SHIPPED
    facts["units"]["second"] = 3.0
    read(data, facts)
    assert load_calibration(str(encoder), data).units.second == 3.0
    assert load_calibration(str(encoder)).units.second == 1.0


def test_weights_come_in_the_order_of_their_names_and_none_is_left_over():
    assert in_order({"b": 2.0, "a": 1.0}, ("a", "b"), "x") == (1.0, 2.0)
    with pytest.raises(SettingsError, match="x lacks b and has unknown ñ; expected a, b"):
        in_order({"a": 1.0, "ñ": 2.0}, ("a", "b"), "x")
