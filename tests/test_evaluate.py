"""Figures: each measure by hand, the readers' errors, and a tiny data set all the way through."""

import json
import math

import numpy as np
import pytest
from hash_encoder import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import CorpusError
from qa.evaluate import (
    DIRECTIONS,
    MODES,
    auroc,
    evaluate,
    mrr_at_10,
    ndcg_at_10,
    read_xquad,
    recall_at,
    table,
)

# ------------------------------------------------------------------------- measures


def test_ndcg_is_the_mean_of_one_over_the_log_of_the_rank():
    assert ndcg_at_10([1]) == 1.0
    assert ndcg_at_10([2]) == pytest.approx(1 / math.log2(3))
    assert ndcg_at_10([10]) == pytest.approx(1 / math.log2(11))
    assert ndcg_at_10([1, 3]) == pytest.approx((1 + 1 / 2) / 2)


def test_mrr_is_the_mean_of_one_over_the_rank():
    assert mrr_at_10([1, 2, 4]) == pytest.approx((1 + 1 / 2 + 1 / 4) / 3)


def test_recall_is_the_share_of_ranks_up_to_k():
    ranks = [1, 2, 10, 11, None]
    assert [recall_at(ranks, k) for k in (1, 2, 10, 60)] == pytest.approx([0.2, 0.4, 0.6, 0.8])


@pytest.mark.parametrize("measure", [ndcg_at_10, mrr_at_10, lambda r: recall_at(r, 10)])
def test_a_question_without_a_result_or_beyond_rank_10_counts_0(measure):
    assert measure([None]) == measure([11]) == 0.0
    assert measure([1, None]) == measure([1, 11]) == 0.5
    assert measure([]) == 0.0


RANKS = st.lists(st.one_of(st.none(), st.integers(1, 60)), min_size=1, max_size=20)


@given(RANKS)
def test_measures_stay_between_0_and_1_and_in_their_order(ranks):
    assert 0 <= recall_at(ranks, 1) <= mrr_at_10(ranks) <= ndcg_at_10(ranks) + 1e-12
    assert ndcg_at_10(ranks) <= recall_at(ranks, 10) + 1e-12
    assert recall_at(ranks, 10) <= 1


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        # of six pairs four are in order and one is tied
        ([0.9, 0.4, 0.3], [0.3, 0.35], 4.5 / 6),
        ([0.5, 0.5], [0.5, 0.1], 3 / 4),
    ],
)
def test_auroc_is_the_share_of_pairs_in_order(positive, negative, expected):
    assert auroc(positive, negative) == pytest.approx(expected)


VALUES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]), min_size=1, max_size=15)


@given(VALUES, VALUES)
def test_auroc_is_what_counting_every_pair_gives(positive, negative):
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(np.mean(pairs))
    assert auroc(negative, positive) == pytest.approx(1 - np.mean(pairs))


def test_auroc_of_one_side_alone_is_no_number():
    assert math.isnan(auroc([], [0.5]))
    assert math.isnan(auroc([0.5], []))
    assert math.isnan(auroc([], []))


# ------------------------------------------------------------------------- reading

ARTICLES = {
    "es": [
        [
            ("El ñandú corre por la pampa. Pone doce huevos en su nido.",
             [("a1", "¿Cuántos huevos pone el ñandú en su nido?", "doce huevos")]),
            ("El cóndor anida en los Andes. Vive cincuenta años.",
             [("a2", "¿Dónde anida el cóndor?", "los Andes"), ("a3", "¿Cuántos años vive el cóndor?", "cincuenta")]),
        ],
        [
            ("El puente de madera se abrió en 1902. Lo hizo Íñigo Núñez.",
             [("b1", "¿Quién hizo el puente de madera?", "Íñigo Núñez")]),
        ],
    ],
    "en": [
        [
            ("The rhea runs across the pampa. It lays twelve eggs in its nest.",
             [("a1", "How many eggs does the rhea lay in its nest?", "twelve eggs")]),
            ("The condor nests in the Andes. It lives fifty years.",
             [("a2", "Where does the condor nest?", "the Andes"), ("a3", "How many years does the condor live?", "fifty")]),
        ],
        [
            ("The bridge of wood was opened in 1902. Íñigo Núñez built it.",
             [("b1", "Who built the bridge of wood?", "Íñigo Núñez")]),
        ],
    ],
}  # fmt: skip


def squad(articles):
    return {
        "data": [
            {
                "paragraphs": [
                    {
                        "context": context,
                        "qas": [
                            {"id": i, "question": q, "answers": [{"text": a}]} for i, q, a in qas
                        ],
                    }
                    for context, qas in paragraphs
                ]
            }
            for paragraphs in articles
        ]
    }


def write_xquad(folder, articles=ARTICLES):
    folder.mkdir(exist_ok=True)
    for lang, texts in articles.items():
        (folder / f"xquad.{lang}.json").write_text(
            json.dumps(squad(texts), ensure_ascii=False), "utf-8"
        )
    return folder


def test_paragraphs_and_questions_have_the_same_ids_in_both_languages(tmp_path):
    dataset = read_xquad(write_xquad(tmp_path))
    for lang in ("es", "en"):
        assert [d.doc_id for d in dataset.documents[lang]] == ["00000", "00001", "00002"]
        assert [(q.query_id, q.doc_id, q.article) for q in dataset.questions[lang]] == [
            ("a1", "00000", 0),
            ("a2", "00001", 0),
            ("a3", "00001", 0),
            ("b1", "00002", 1),
        ]
        assert {d.lang for d in dataset.documents[lang]} == {lang}
    assert dataset.answers["es"]["a1"] == ("doce huevos",)
    assert dataset.documents["es"][0].text.startswith("El ñandú")


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize(
    "content",
    [
        None,
        b"roto {",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"data": [{"paragraphs": [{"qas": []}]}]}',
        b'{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": "1"}]}]}]}',
    ],
)
def test_a_file_that_is_missing_or_laid_out_otherwise_is_told_by_name(tmp_path, lang, content):
    write_xquad(tmp_path)
    path = tmp_path / f"xquad.{lang}.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CorpusError, match=rf"xquad\.{lang}\.json.*expected a folder") as caught:
        read_xquad(tmp_path)
    assert "\n" not in str(caught.value)


# ------------------------------------------------------------------------- the whole of it


@pytest.fixture(scope="module")
def xquad(tmp_path_factory):
    return write_xquad(tmp_path_factory.mktemp("evaluate") / "tiny-xquad")


@pytest.fixture(scope="module")
def report(xquad):
    lines = []
    found = evaluate(xquad, HashEncoder(512), log=lines.append)
    assert len(lines) == 2 + len(DIRECTIONS)
    return found


def test_a_report_has_every_direction_and_figure(report):
    assert (report["dataset"], report["articles"]) == ("tiny-xquad", "all")
    assert (report["encoder"], report["revision"]) == ("hash", "seed-0")
    assert list(report["directions"]) == ["es-es", "en-en", "es-en", "en-es"]
    for figures in report["directions"].values():
        assert figures["questions"] == 4
        assert list(figures["modes"]) == list(MODES)
        for measured in figures["modes"].values():
            assert set(measured) == {"ndcg@10", "recall@1", "recall@10", "mrr@10"}
            assert all(0 <= value <= 1 for value in measured.values())
        assert figures["latency_ms"]["p50"] <= figures["latency_ms"]["p95"]
    json.dumps(report, allow_nan=False)


def test_questions_of_the_passages_own_words_find_them(report):
    for direction in ("es-es", "en-en"):
        figures = report["directions"][direction]
        for mode in ("lexical", "hybrid"):
            assert figures["modes"][mode]["recall@1"] == 1.0
            assert figures["modes"][mode]["ndcg@10"] == 1.0
        # to the mean of its words "the" says as much as "condor"
        assert figures["modes"]["dense"]["recall@1"] >= 0.5
        assert figures["modes"]["dense"]["recall@10"] == 1.0
        # an answer is surer with its paragraph there than without it
        assert figures["abstention"]["auroc"] > 0.8


def test_a_report_is_the_same_every_time_but_for_the_clock(xquad, report):
    again = evaluate(xquad, HashEncoder(512))
    for name, figures in again["directions"].items():
        timeless = {k: v for k, v in figures.items() if k != "latency_ms"}
        first = {k: v for k, v in report["directions"][name].items() if k != "latency_ms"}
        assert timeless == first


@pytest.mark.parametrize(("articles", "n"), [("even", 3), ("odd", 1)])
def test_half_of_the_articles_can_be_asked_of_the_whole_pool(xquad, articles, n):
    found = evaluate(xquad, HashEncoder(), articles=articles)
    for figures in found["directions"].values():
        assert figures["questions"] == n


def test_the_odd_articles_are_reported_apart_as_if_asked_alone(xquad, report):
    alone = evaluate(xquad, HashEncoder(512), articles="odd")
    assert "odd" not in alone
    for name, figures in alone["directions"].items():
        timeless = {k: v for k, v in figures.items() if k != "latency_ms"}
        assert timeless == {k: v for k, v in report["odd"][name].items() if k != "latency_ms"}


def test_the_table_has_a_line_per_figure_and_a_column_per_direction(report):
    whole, odd = (part.splitlines() for part in table(report).split("\n\n"))
    assert odd[0] == "tiny-xquad, encoder hash (seed-0), odd articles"
    assert len(odd) == len(whole)
    lines = whole
    assert lines[0] == "tiny-xquad, encoder hash (seed-0), all articles"
    assert lines[1].split() == ["es→es", "en→en", "es→en", "en→es"]
    cells = {line[:24].strip(): line[24:].split() for line in lines[2:-1]}
    directions = list(report["directions"].values())
    assert len(cells) == 4 * len(MODES) + 6
    for mode in MODES:
        for measure in ("ndcg@10", "recall@1", "recall@10", "mrr@10"):
            assert cells[f"{mode} {measure}"] == [
                f"{d['modes'][mode][measure]:.4f}" for d in directions
            ]
    assert cells["abstention AUROC"] == [f"{d['abstention']['auroc']:.4f}" for d in directions]
    assert cells["answer p50 ms"] == [f"{d['latency_ms']['p50']:.1f}" for d in directions]
    assert lines[-1] == "Spanish minus English, hybrid nDCG@10: +0.0000"
    assert len({len(line) for line in lines[1:-1]}) == 1


def test_a_figure_that_could_not_be_measured_is_a_dash(report):
    figures = {**report["directions"]["es-es"], "latency_ms": {"p50": None, "p95": None}}
    without = {**report, "directions": dict.fromkeys(report["directions"], figures)}
    del without["odd"]
    last = [line for line in table(without).splitlines() if line.startswith("answer p")]
    assert [line.split()[3:] for line in last] == [["–"] * 4] * 2


class BlindEncoder(HashEncoder):
    """Gives every text the same vector."""

    def _text(self, text):
        return super()._text("igual")


def test_a_gold_answer_in_no_quote_and_a_passage_found_by_no_leg_count_0(tmp_path):
    articles = json.loads(json.dumps(ARTICLES))
    for lang in articles:
        for paragraphs in articles[lang]:
            for _, qas in paragraphs:
                for qa in qas:
                    qa[1], qa[2] = "¿Zzyzx?", "no está"
    found = evaluate(write_xquad(tmp_path, articles), BlindEncoder())
    for figures in found["directions"].values():
        assert figures["answer_holds_gold"] == 0.0
        assert set(figures["modes"]["lexical"].values()) == {0.0}
