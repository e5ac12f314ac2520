"""What a number of passages takes, by the command and by its parts, in both languages."""

import json
import re

import pytest
from conftest import ROOT

from api.cli import main
from index.capacity import HOURS_A_MONTH, constants, plan


def test_every_constant_has_a_date_a_unit_and_a_command_that_is_there_or_a_note():
    found = constants()
    del found["machine"]
    for name, one in found.items():
        assert one["short"] > 0, name
        assert one["ordinary"] > 0, name
        assert one["unit"], name
        assert re.fullmatch(r"2026-\d\d-\d\d", one["date"]), name
        assert one["command"] or one["note"].startswith("reckoned"), name
        script = one["command"].split(" ")[0]
        assert (ROOT / script).exists(), name


def test_what_is_needed_grows_with_the_passages_and_tells_what_one_machine_does_not_hold():
    small, large = plan(1_000_000), plan(1_000_000_000)
    for a, b in zip(small.needs, large.needs, strict=True):
        assert (b.engine, b.length) == (a.engine, a.length)
        assert b.disk_bytes == pytest.approx(1000 * a.disk_bytes)
        assert b.memory_bytes == pytest.approx(1000 * a.memory_bytes)
    machines = {(need.engine, need.length): need.machines for need in small.needs}
    assert {machines["local", length] for length in ("short", "ordinary")} == {1}
    assert {machines["postgresql", length] for length in ("short", "ordinary")} == {2}
    assert {machines["milvus", length] for length in ("short", "ordinary")} == {2}
    machines = {(need.engine, need.length): need.machines for need in large.needs}
    assert machines["local", "short"] is machines["postgresql", "ordinary"] is None
    assert machines["milvus", "ordinary"] > machines["milvus", "short"] > 20
    core_hours = {one.length: one.core_hours for one in small.encoding}
    known = constants()["encoded_per_core_s"]["short"]
    assert core_hours["short"] == pytest.approx(1_000_000 / known / 3600)
    assert core_hours["ordinary"] > core_hours["short"]
    # only what was measured has a time
    assert [need.engine for need in small.needs if need.search_ms is None] == ["milvus"] * 2


def test_money_is_told_only_for_a_price():
    assert {need.month for need in plan(10_000).needs} == {None}
    priced = plan(10_000, 2.5)
    for need in priced.needs:
        assert need.month == need.machines * 2.5 * HOURS_A_MONTH
    assert priced.encoding[0].cost == priced.encoding[0].hours * 2.5
    assert {need.month for need in plan(10**12, 2.5).needs if need.machines is None} == {None}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["What 10,000,000 passages take", "PostgreSQL  ordinary", "a month", "core hours"]),
        ("es", ["necesitan 10 000 000 pasajes", "PostgreSQL  corrientes", "al mes", "de núcleo"]),
    ],
)
def test_the_command_prints_a_table_in_both_languages(monkeypatch, capsys, lang, words):
    monkeypatch.setenv("FUENTE_LANGUAGE", lang)
    assert main(["plan", "--passages", "10000000", "--price", "1.2"]) == 0
    out = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    for text in words:
        assert text in out
    rows = [line for line in out.splitlines() if re.match(r"local|PostgreSQL|Milvus", line)]
    assert len(rows) == 6
    assert re.search(r"\d,\d GB" if lang == "es" else r"\d\.\d GB", rows[0])
    assert re.search(r"\d s ", rows[2])
    assert main(["plan", "--passages", "100"]) == 0
    out = capsys.readouterr().out
    assert words[2] not in out
    assert "MB" in out


def test_as_json_it_comes_with_the_constants(capsys):
    assert main(["plan", "--passages", "5000", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passages"] == 5000
    assert told["price"] is None
    assert told["constants"] == constants()
    assert len(told["needs"]) == 6


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("--passages", "0"),
        ("--passages", "x"),
        ("--passages", "5", "--price", "-1"),
        ("--passages", "5", "--price", "nan"),
    ],
)
def test_what_is_no_number_is_wrong_usage(given, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["plan", *given])
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err
