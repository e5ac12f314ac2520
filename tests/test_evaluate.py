"""Figures: each measure by hand and against plain arithmetic, and tiny data sets of each format all the way through."""

import json
import math

import numpy as np
import pytest
from hash_encoder import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import CorpusError, Document, NoIndexError
from corpus.split import Splitting, split
from index.local.build import build
from qa.evaluation import evaluate as module
from qa.evaluation import report as reports
from qa.evaluation.dataset import Judgement
from qa.evaluation.evaluate import (
    grades_of_documents,
    grades_of_spans,
    ndcg,
    recall,
    reciprocal_rank,
)
from qa.evaluation.report import MODES


class Seen(dict):
    """A report as its JSON has it, and the report itself."""

    def __init__(self, report):
        super().__init__(json.loads(json.dumps(report.as_json())))
        self.report = report


def evaluate(*arguments, **options):
    return Seen(module.evaluate(*arguments, **options))


def table(found):
    return reports.table(found.report)


# ------------------------------------------------------------------------- measures


def test_ndcg_of_one_relevant_is_one_over_the_log_of_its_rank():
    assert ndcg([1], [1]) == 1.0
    assert ndcg([0, 1], [1]) == pytest.approx(1 / math.log2(3))
    assert ndcg([0] * 9 + [1], [1]) == pytest.approx(1 / math.log2(11))
    assert ndcg([0] * 10 + [1], [1]) == ndcg([], [1]) == 0.0


def test_ndcg_weighs_grades_and_compares_with_the_best_order():
    found = 1 / math.log2(2) + 3 / math.log2(4)
    best = 3 / math.log2(2) + 1 / math.log2(3)
    assert ndcg([1, 0, 3], [1, 3]) == pytest.approx(found / best)
    # the third relevant one was not found
    assert ndcg([3, 1], [3, 1, 2]) < 1
    assert ndcg([3, 2, 1], [3, 1, 2]) == 1.0
    # more relevant ones than ranks that count
    assert ndcg([1] * 10, [1] * 25) == 1.0


def test_recall_and_reciprocal_rank_look_at_grades_above_0():
    grades = [0, 2, 0, 1]
    assert [recall(grades, 3, k) for k in (1, 2, 10)] == pytest.approx([0, 1 / 3, 2 / 3])
    assert reciprocal_rank(grades) == 0.5
    assert reciprocal_rank([0] * 10 + [1]) == reciprocal_rank([]) == 0.0
    assert ndcg([0, 0], []) == recall([0, 0], 0, 10) == 0.0


def reference_ndcg(ranking, qrels, k):
    """nDCG written out with arrays, from a dict of grades: no code shared with ours."""
    gains = np.array([qrels.get(d, 0) for d in ranking] + [0] * k, dtype=float)[:k]
    ideal = np.array(sorted(qrels.values())[::-1] + [0] * k, dtype=float)[:k]
    discounts = np.log2(np.arange(k) + 2)
    best = (ideal / discounts).sum()
    return (gains / discounts).sum() / best if best > 0 else 0.0


NAMES = st.sampled_from([f"año-{n}" for n in range(25)])


@given(st.lists(NAMES, unique=True), st.dictionaries(NAMES, st.integers(0, 3)))
def test_measures_are_what_a_plain_computation_gives(ranking, qrels):
    judgements = [Judgement(d, g) for d, g in qrels.items()]
    relevant = [g for g in qrels.values() if g]
    grades = grades_of_documents(ranking, judgements)
    assert ndcg(grades, relevant) == pytest.approx(reference_ndcg(ranking, qrels, 10))
    right = {d for d, g in qrels.items() if g}
    found = [d in right for d in ranking[:10]]
    assert recall(grades, len(right), 10) == pytest.approx(sum(found) / max(1, len(right)))
    assert reciprocal_rank(grades) == (1 / (found.index(True) + 1) if True in found else 0)
    assert 0 <= ndcg(grades, relevant) <= 1 + 1e-12


def test_a_document_counts_at_its_best_passage():
    judgements = [Judgement("b", 2), Judgement("c", 1)]
    assert grades_of_documents(["a", "b", "a", "b", "d", "c"], judgements) == [0, 2, 0, 1]


TEXT = (
    "El ñandú corre por la pampa. Pone doce huevos en su nido. El macho los cuida. "
    "La cría sale en enero. Come hierba, semillas y algún insecto. Nunca vuela. ¿Nada? ¡Sí!"
)


def passages_of(text, max_tokens):
    document = Document("ñandú.txt", "", "es", text, (), (), "")
    return split(document, lambda t: len(t.split()), Splitting(max_tokens=max_tokens))


def span(words, grade=1):
    at = TEXT.index(words)
    return Judgement("ñandú.txt", grade, ((at, at + len(words)),))


def test_a_span_counts_once_and_passages_that_only_repeat_it_are_passed_over():
    first, second, third = passages_of(TEXT, 12)[:3]
    eggs, young = span("Pone doce huevos en su nido.", 2), span("La cría sale en enero.")
    assert "doce huevos" in first.text
    assert "enero" in second.text
    assert grades_of_spans([third, first, first, second], [eggs, young]) == [0, 2, 1]
    assert grades_of_spans([third, first, third], [Judgement("ñandú.txt", 0, young.spans)]) == [
        0,
        0,
        0,
    ]


@given(st.integers(8, 40), st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_the_best_order_has_ndcg_1_however_the_text_is_split(max_tokens, grades):
    sentences = ("Pone doce huevos en su nido.", "La cría sale en enero.", "Nunca vuela.")
    judgements = [span(s, g) for s, g in zip(sentences, grades, strict=True)]
    passages = passages_of(TEXT, max_tokens)

    def gain(passage):
        return max(grades_of_spans([passage], judgements), default=0)

    ordered = grades_of_spans(sorted(passages, key=gain, reverse=True), judgements)
    relevant = [g for g in grades if g]
    # no judgement is lost, whatever the passages are
    assert sorted(g for g in ordered if g) == sorted(relevant)
    assert recall(ordered, len(relevant), len(ordered)) == (1.0 if relevant else 0.0)
    if max_tokens == 40:
        assert ndcg(ordered, relevant) == (1.0 if relevant else 0.0)


# ------------------------------------------------------------------------- SQuAD

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


@pytest.fixture(scope="module")
def xquad(tmp_path_factory):
    return write_xquad(tmp_path_factory.mktemp("evaluate") / "tiny-xquad")


@pytest.fixture(scope="module")
def run_file(tmp_path_factory):
    return tmp_path_factory.mktemp("run") / "run.txt"


@pytest.fixture(scope="module")
def report(xquad, run_file):
    lines = []
    found = evaluate(xquad, HashEncoder(512), run=run_file, log=lines.append)
    assert len(lines) == 9
    return found


DIRECTIONS = ["es-es", "en-en", "es-en", "en-es"]
TIMES = {"answer p50 ms", "answer p95 ms", "answer p99 ms"}


def timeless(report):
    return {
        name: {k: v for k, v in group["figures"].items() if k not in TIMES}
        for name, group in report["groups"].items()
    }


def values_of(report, group):
    return {q["id"]: q["values"] for q in report["queries"] if group in q["groups"]}


def test_a_report_has_every_direction_figure_and_interval(report):
    assert (report["dataset"], report["articles"]) == ("tiny-xquad", "all")
    assert (report["encoder"], report["revision"]) == ("hash", "seed-0")
    assert [t["groups"] for t in report["tables"]] == [
        DIRECTIONS,
        ["es-mixed", "en-mixed"],
        [f"{d} odd" for d in DIRECTIONS],
        ["es-mixed odd", "en-mixed odd"],
    ]
    for name in DIRECTIONS:
        group = report["groups"][name]
        assert group["questions"] == 4
        assert len(group["figures"]) == 4 * len(MODES) + 4 + 3
        for label, figure in group["figures"].items():
            assert figure["low"] <= figure["value"] <= figure["high"], label
            assert figure["n"] == 4
            assert label in TIMES or 0 <= figure["low"] <= figure["high"] <= 1
        assert report["groups"][f"{name} odd"]["questions"] == 1
    json.dumps(report, allow_nan=False)


def test_a_figure_is_the_mean_of_the_values_of_its_questions(report):
    for name in DIRECTIONS:
        values = values_of(report, name)
        assert sorted(values) == ["a1", "a2", "a3", "b1"]
        figures = report["groups"][name]["figures"]
        for label in ("dense ndcg@10", "hybrid mrr@10", "quote holds the answer"):
            mean = np.mean([v[label] for v in values.values()])
            assert figures[label]["value"] == pytest.approx(mean, abs=1e-4)


def test_questions_of_the_passages_own_words_find_them(report):
    for direction in ("es-es", "en-en"):
        figures = report["groups"][direction]["figures"]
        for mode in ("lexical", "hybrid"):
            assert figures[f"{mode} recall@1"]["value"] == 1.0
            assert figures[f"{mode} ndcg@10"]["value"] == 1.0
        # to the mean of its words "the" says as much as "condor"
        assert figures["dense recall@1"]["value"] >= 0.5
        assert figures["dense recall@10"]["value"] == 1.0
        # an answer is surer with its paragraph there than without it
        assert figures["abstention AUROC"]["value"] > 0.8


def test_in_the_mixed_pool_either_language_is_right_and_both_are_sought(report):
    for asked in ("es", "en"):
        figures = report["groups"][f"{asked}-mixed"]["figures"]
        assert figures["right paragraph first"]["value"] == 1.0
        assert figures["hybrid recall@10"]["value"] == 1.0
        assert figures["both versions in the first three"]["n"] == 4
        # three of six paragraphs: by chance both versions are among them one time in five
        assert figures["both versions in the first three"]["value"] >= 0.5


def test_the_odd_articles_are_reported_apart_as_if_asked_alone(xquad, report):
    alone = evaluate(xquad, HashEncoder(512), articles="odd")
    assert [t["title"] for t in alone["tables"]] == [
        "odd articles",
        "odd articles, both languages in one pool",
    ]
    whole = timeless(report)
    assert timeless(alone) == {name: whole[f"{name} odd"] for name in timeless(alone)}


def test_the_gap_between_the_languages_is_paired_where_the_questions_are_the_same(report):
    gap = report["gap"]
    assert (gap["groups"], gap["paired"]) == (["es-es", "en-en"], True)
    assert (gap["value"], gap["low"], gap["high"], gap["p"]) == (0, 0, 0, 1)


def test_a_run_file_has_six_columns_and_scores_that_fall(run_file, report):
    rows = [line.split(" ") for line in run_file.read_text("utf-8").splitlines()]
    assert {len(row) for row in rows} == {6}
    runs = {}
    for query_id, q0, document_id, rank, score, tag in rows:
        assert (q0, tag) == ("Q0", "fuente")
        runs.setdefault(query_id, []).append((int(rank), np.float32(score), document_id))
    assert set(runs) == {f"{q['groups'][0]}/{q['id']}" for q in report["queries"]}
    for query_id, run in runs.items():
        assert [rank for rank, _, _ in run] == list(range(1, len(run) + 1))
        assert all(a > b for (_, a, _), (_, b, _) in zip(run, run[1:], strict=False)), query_id
        assert len({document_id for _, _, document_id in run}) == len(run)
    assert runs["es-es/b1"][0][2] == "es/00002"


def test_the_table_has_a_line_per_figure_and_a_column_per_group(report):
    blocks = [block.splitlines() for block in table(report).split("\n\n")]
    assert len(blocks) == 5
    first = blocks[0]
    assert first[0] == "tiny-xquad, encoder hash (seed-0), all articles"
    assert first[1].split() == ["es→es", "en→en", "es→en", "en→es"]
    assert first[2].split() == ["questions", "4", "4", "4", "4"]
    assert blocks[2][0].endswith("odd articles")
    assert len(first) == len(blocks[2]) == 3 + 4 * len(MODES) + 4 + 3
    assert len({len(line) for line in first[1:]}) == 1
    line = next(line for line in first if line.startswith("lexical mrr@10"))
    assert line.split()[2:] == ["1.0000", "1.000–1.000"] * 4
    assert blocks[1][-1].startswith("both versions in the first three")
    assert blocks[4] == [
        "Spanish minus English, hybrid ndcg@10: +0.0000 (+0.0000 to +0.0000, p = 1.0000)"
    ]


class BlindEncoder(HashEncoder):
    """Gives every text the same vector."""

    def _text(self, text):
        return super()._text("igual")


def test_a_gold_answer_in_no_quote_and_a_passage_found_by_no_leg_count_0(tmp_path):
    articles = json.loads(json.dumps({"es": ARTICLES["es"]}))
    for paragraphs in articles["es"]:
        for _, qas in paragraphs:
            for qa in qas:
                qa[1], qa[2] = "¿Zzyzx?", "no está"
    found = evaluate(write_xquad(tmp_path, articles), BlindEncoder())
    assert found["tables"][0]["groups"] == ["es-es"]
    assert found["gap"] is None
    figures = found["groups"]["es-es"]["figures"]
    assert figures["quote holds the answer"]["value"] == 0.0
    for measure in ("ndcg@10", "recall@1", "recall@10", "mrr@10"):
        assert figures[f"lexical {measure}"]["value"] == 0.0


def test_questions_that_are_impossible_measure_abstention(tmp_path):
    value = squad(ARTICLES["es"][:1])
    value["data"][0]["paragraphs"][1]["qas"].append(
        {"id": "x", "question": "¿Quién ganó el Mundial?", "answers": [], "is_impossible": True}
    )
    path = tmp_path / "es.json"
    path.write_text(json.dumps(value), "utf-8")
    found = evaluate(path, HashEncoder(512))
    group = found["groups"]["es-es"]
    assert group["questions"] == 4
    assert group["figures"]["hybrid ndcg@10"]["n"] == 3
    assert group["figures"]["unanswerable declined"]["n"] == 1
    assert group["figures"]["abstention AUROC"]["n"] == 4
    assert "hybrid ndcg@10" not in values_of(found, "es-es")["x"]


# ------------------------------------------------------------------------- BEIR


@pytest.fixture
def beir(tmp_path):
    folder = tmp_path / "tiny-beir"
    (folder / "qrels").mkdir(parents=True)
    corpus = [
        {"_id": "d 1", "title": "", "text": "El ñandú pone doce huevos en su nido."},
        {"_id": "d2", "title": "", "text": "El ñandú corre por la pampa."},
        {"_id": "d3", "title": "", "text": "The condor nests in the Andes of Peru."},
        {
            "_id": "d4",
            "title": "",
            "text": "The bridge of wood was built by Íñigo Núñez.",
            "lang": "en",
        },
    ]
    queries = [
        {"_id": "q1", "text": "¿Cuántos huevos pone el ñandú en su nido?"},
        {"_id": "q2", "text": "Where does the condor nest, in the Andes of Peru?"},
        {"_id": "q3", "text": "¿Qué puente hizo Íñigo Núñez?"},
    ]
    for name, lines in (("corpus", corpus), ("queries", queries)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    qrels = ["query-id\tcorpus-id\tscore", "q1\td 1\t2", "q1\td2\t1", "q2\td3\t1", "q3\td4\t1"]
    (folder / "qrels" / "test.tsv").write_text("\n".join([*qrels, "q1\tno\t1"]), "utf-8")
    return folder


def test_a_beir_folder_is_measured_with_its_grades_by_language(beir, tmp_path):
    run = tmp_path / "run.txt"
    found = evaluate(beir, HashEncoder(512), run=run)
    assert [t["groups"] for t in found["tables"]] == [
        ["all", "es", "en"],
        ["en-en", "es-en", "es-es"],
    ]
    assert len(found["skipped"]) == 1
    assert "1 judgements could not be used:" in table(found)
    figures = found["groups"]["es-es"]["figures"]
    assert figures["hybrid recall@1"]["value"] == 0.5
    assert figures["hybrid ndcg@10"]["value"] == 1.0
    assert "abstention AUROC" not in figures
    rows = [line.split() for line in run.read_text("utf-8").splitlines()]
    assert rows[0][:4] == ["q1", "Q0", "d%201", "1"]


def test_documents_that_say_the_same_are_all_found(beir):
    with (beir / "corpus.jsonl").open("a", encoding="utf-8") as corpus:
        text = "The condor nests in the Andes of Peru."
        corpus.write(json.dumps({"_id": "d5", "title": "", "text": text}) + "\n")
    with (beir / "qrels" / "test.tsv").open("a", encoding="utf-8") as qrels:
        qrels.write("\nq2\td5\t1")
    values = values_of(evaluate(beir, HashEncoder(512)), "all")["q2"]
    assert values["hybrid ndcg@10"] == values["hybrid recall@10"] == 1.0


# ------------------------------------------------------------------------- one's own questions

OWN = [
    {
        "id": "1",
        "question": "¿Cuántos huevos pone el ñandú en su nido?",
        "judgements": [{"document": "año/ñandú.txt", "quote": "Pone doce huevos en su nido."}],
        "answers": ["doce huevos"],
    },
    {
        "id": "2",
        "question": "Where does the condor nest, in the Andes of Peru?",
        "judgements": [
            {"document": "condor.txt", "start": 0, "end": 38, "grade": 2},
            {"document": "condor.txt", "quote": "no longer there"},
        ],
    },
    {"id": "3", "question": "¿Quién ganó el Mundial?", "unanswerable": True},
    {
        "id": "4",
        "question": "How many eggs, huevos, does the ñandú lay?",
        "lang": "en",
        "judgements": [{"document": "año/ñandú.txt", "quote": "Pone doce huevos en su nido."}],
    },
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("datos")
    (folder / "documents" / "año").mkdir(parents=True)
    (folder / "documents" / "año" / "ñandú.txt").write_text(TEXT, "utf-8")
    text = "The condor nests in the Andes of Peru. It lives for fifty years."
    (folder / "documents" / "condor.txt").write_text(text, "utf-8")
    build(folder, HashEncoder(512))
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "mías.jsonl"
    path.write_text("".join(json.dumps(q, ensure_ascii=False) + "\n" for q in OWN), "utf-8")
    return path


@pytest.fixture(scope="module")
def own_report(own, data):
    return evaluate(own, HashEncoder(512), data=data)


def test_ones_own_questions_are_asked_of_the_active_build(own_report, data):
    assert [t["groups"] for t in own_report["tables"]] == [
        ["all", "es", "en"],
        ["en-en", "en-es", "es-es"],
    ]
    values = values_of(own_report, "all")
    assert values["1"]["hybrid recall@1"] == 1.0
    assert values["1"]["quote holds the answer"] == 1.0
    assert values["2"]["hybrid ndcg@10"] == 1.0
    assert set(values["3"]) == {"answer ms", "unanswerable confidence", "unanswerable declined"}
    assert "unanswerable confidence" not in values["4"]
    assert own_report["groups"]["all"]["figures"]["abstention AUROC"]["n"] == 4
    assert len(own_report["skipped"]) == 1
    assert not own_report["gap"]["paired"]


UNITS = [
    {
        "id": "1",
        "question": "Pone doce huevos en su nido.",
        "units": [{"document": "año/ñandú.txt", "parts": ["doce huevos", "su nido"]}],
    },
    {
        "id": "2",
        "question": "It lives for fifty years.",
        "units": [{"document": "condor.txt", "parts": ["fifty years", "in Chile"]}],
    },
    {
        "id": "3",
        "question": "The condor nests in the Andes of Peru.",
        "units": [{"document": "condor.txt", "parts": ["in Bolivia"]}],
    },
    {"id": "4", "question": "¿Quién ganó el Mundial?", "unanswerable": True, "near": "condor.txt"},
]


def test_units_tell_whether_all_of_an_answer_is_quoted_and_how_far_confidence_is_right(
    data, tmp_path
):
    path = tmp_path / "units.jsonl"
    path.write_text("".join(json.dumps(q, ensure_ascii=False) + "\n" for q in UNITS), "utf-8")
    report = evaluate(path, HashEncoder(512), data=data)
    values = values_of(report, "all")
    shares = {name: values[name]["share of the parts quoted"] for name in "123"}
    assert shares == {"1": 1.0, "2": 0.5, "3": 0.0}
    assert [values[n]["all parts quoted"] for n in "123"] == [1.0, 0.0, 0.0]
    assert [values[n]["first quote holds a part"] for n in "123"] == [1.0, 1.0, 0.0]
    assert [values[n]["answered without any part"] for n in "123"] == [0.0, 0.0, 1.0]
    assert [values[n]["right"] for n in "123"] == [1.0, 0.0, 0.0]
    assert values["4"]["near miss declined"] == values["4"]["unanswerable declined"]
    figures = report["groups"]["all"]["figures"]
    assert figures["all parts quoted"]["n"] == 3
    for name in ("right or not AUROC", "calibration error", "risk over coverage"):
        assert figures[name]["n"] == sum("right" in one for one in values.values())
        assert 0 <= figures[name]["value"] <= 1
        assert name in table(report)
    # The document that answers is what is to be found
    assert values["1"]["hybrid recall@1"] == 1.0
    assert report["skipped"] in ([], ())


def test_splitting_in_another_way_voids_no_judgement(own, tmp_path):
    """The same words stand in one passage of a short text, and in one of several of a long one."""
    (tmp_path / "documents" / "año").mkdir(parents=True)
    long = " ".join(f"Frase {n} sobre la otra materia del año, larga y gris." for n in range(60))
    (tmp_path / "documents" / "año" / "ñandú.txt").write_text(f"{long} {TEXT} {long}", "utf-8")
    (tmp_path / "documents" / "condor.txt").write_text("The condor nests in the Andes.", "utf-8")
    build(tmp_path, HashEncoder(512))
    found = evaluate(own, HashEncoder(512), data=tmp_path)
    values = values_of(found, "all")
    assert values["1"]["hybrid recall@10"] == values["4"]["hybrid recall@10"] == 1.0
    # of the other document the offsets are gone
    assert "hybrid recall@10" not in values["2"]
    assert "(0, 38) is not inside the 30 characters" in found["skipped"][0]


def test_without_a_build_ones_own_questions_cannot_be_asked(own, tmp_path):
    with pytest.raises(NoIndexError):
        evaluate(own, HashEncoder(), data=tmp_path)


# ------------------------------------------------------------------------- against an earlier run


def write_report(path, report):
    path.write_text(json.dumps(report), "utf-8")
    return path


def test_a_run_against_itself_differs_in_nothing(own, own_report, data, tmp_path):
    earlier = write_report(tmp_path / "run.json", own_report)
    found = evaluate(own, HashEncoder(512), data=data, against=earlier)
    assert found["against"]["encoder"] == "hash"
    assert set(found["against"]["groups"]) == set(found["groups"])
    for group in found["against"]["groups"].values():
        assert not TIMES & set(group["figures"])
        for difference in group["figures"].values():
            assert difference == {"value": 0, "low": 0, "high": 0, "p": 1}
    blocks = table(found).split("\n\n")
    assert "difference to the earlier run (mías.jsonl, encoder hash (seed-0))" in blocks[3]


def test_a_difference_is_ours_less_theirs_over_the_questions_in_both(
    own, own_report, data, tmp_path
):
    changed = json.loads(json.dumps(own_report))
    changed["queries"] = [q for q in changed["queries"] if q["id"] != "4"]
    for query in changed["queries"]:
        if query["id"] == "2":
            query["values"]["hybrid mrr@10"] = 0.25
    found = evaluate(
        own, HashEncoder(512), data=data, against=write_report(tmp_path / "run.json", changed)
    )
    group = found["against"]["groups"]["all"]
    assert group["questions"] == 3
    difference = group["figures"]["hybrid mrr@10"]
    assert difference["value"] == pytest.approx(0.375)
    assert (difference["low"], difference["high"]) == (0, 0.75)
    assert "+0.3750" in table(found)


@pytest.mark.parametrize(
    "content",
    [None, b"{", b"[]", b'{"queries": [{"id": 1, "groups": ["all"], "values": {}}]}',
     b'{"queries": [{"id": "1", "groups": [], "values": {}}]}', b'{"queries": []}',
     b'{"queries": [{"id": "1", "groups": ["all"], "values": {"hybrid mrr@10": "1"}}]}',
     b'{"queries": [], "dataset": 1, "encoder": 2, "revision": 3}'],
)  # fmt: skip
def test_a_file_that_is_no_report_is_told(own, data, tmp_path, content):
    if content is not None:
        (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(CorpusError, match=r"run\.json cannot be compared with.*--json") as caught:
        evaluate(own, HashEncoder(512), data=data, against=tmp_path / "run.json")
    assert "\n" not in str(caught.value)


def test_a_report_on_other_questions_is_told(own, report, data, tmp_path):
    earlier = write_report(tmp_path / "run.json", report)
    with pytest.raises(CorpusError, match="no question in common .*'tiny-xquad'"):
        evaluate(own, HashEncoder(512), data=data, against=earlier)


def test_an_option_of_another_format_is_told(own, xquad, data):
    with pytest.raises(CorpusError, match="leave out --articles"):
        evaluate(own, HashEncoder(), data=data, articles="odd")
    with pytest.raises(CorpusError, match="leave out --split"):
        evaluate(xquad, HashEncoder(), split="test")


def test_a_run_file_that_cannot_be_written_is_told(own, data, tmp_path):
    with pytest.raises(CorpusError, match="cannot be written") as caught:
        evaluate(own, HashEncoder(512), data=data, run=tmp_path / "no" / "run.txt")
    assert "\n" not in str(caught.value)
