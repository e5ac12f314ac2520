"""Weights fitted to judged questions: the data they come from is told, and what nobody asked about stays as it was."""

import json

import numpy as np
import pytest
from hash_encoder import HashEncoder
from underliner import Underliner

from corpus.document import CorpusError
from index.local.build import build
from qa.calibration import load_calibration
from qa.evaluation import calibrate as module
from qa.evaluation.calibrate import LEAST_QUESTIONS, Example, calibrate
from qa.select.reader import CONFIDENCE_FEATURES, UNIT_FEATURES
from qa.select.reader import SUPPORT_FEATURES as READER_SUPPORT
from qa.select.rules import SENTENCE_FEATURES, SUPPORT_FEATURES

pytest.importorskip("scipy", reason="the extra [train] is not installed")

BASE = load_calibration()
ENCODER = HashEncoder(256)
NOUNS = {
    "es": ("puente", "faro", "molino", "horno", "jardín", "pozo", "teatro", "mercado"),
    "en": ("bridge", "lighthouse", "mill", "oven", "garden", "well", "theatre", "market"),
}
SAID = {
    "es": "El {} de la niña está en la calle {}. Lo abrió {} en el año {}. Tiene {} ventanas.",
    "en": "The {} of the girl stands in street {}. It was opened by {} in {}. It has {} windows.",
}
ASKED = {"es": "¿Quién abrió el {} en el año {}?", "en": "Who opened the {} in {}?"}
PEOPLE = ("Íñiga Núñez", "Ana Ruiz", "Pedro Peña", "Leo Cañas")


def paragraph(lang, i):
    noun = NOUNS[lang][i % 8]
    return noun, SAID[lang].format(noun, i, PEOPLE[i % 4], 1900 + i, i % 5 + 2)


@pytest.fixture
def squad(tmp_path):
    """Eight articles of two paragraphs in both languages."""
    folder = tmp_path / "squad"
    folder.mkdir()
    for lang in ("es", "en"):
        articles = []
        for article in range(8):
            paragraphs = []
            for i in (2 * article, 2 * article + 1):
                noun, text = paragraph(lang, i)
                answer = PEOPLE[i % 4]
                question = ASKED[lang].format(noun, 1900 + i)
                gold = [{"text": answer, "answer_start": text.index(answer)}]
                qas = [{"id": f"q{i}", "question": question, "answers": gold}]
                paragraphs.append({"context": text, "qas": qas})
            articles.append({"title": str(article), "paragraphs": paragraphs})
        (folder / f"ours.{lang}.json").write_text(json.dumps({"data": articles}), "utf-8")
    return folder


def test_weights_are_fitted_to_the_even_articles_and_judged_on_the_odd_ones(squad):
    said = []
    made, fit = calibrate(squad, ENCODER, BASE, today="2027-01-02", log=said.append)
    assert "even-indexed articles" in made.units.fitted.on
    assert made.units.fitted.date == made.confidence.fitted.date == "2027-01-02"
    assert set(made.units.weights) == set(SENTENCE_FEATURES)
    assert set(made.confidence.weights) == set(SUPPORT_FEATURES)
    assert made.units.weights != BASE.units.weights
    # more of a feature is no reason against a sentence
    assert min(made.units.weights[name] for name in ("rare", "near", "cosine", "typed")) >= 0
    # what this cannot teach, and what it is not about
    assert made.confidence.weights["unknown"] == BASE.confidence.weights["unknown"]
    assert (made.fusion, made.highlights) == (BASE.fusion, BASE.highlights)
    assert made.units.second == BASE.units.second
    # of 16 questions in two languages and two collections half are in odd articles, each asked four times
    assert fit.n_questions == 16 * 2 * 2 // 2 * 4
    assert all(0 <= share <= 1 for share in (*fit.first_right, *fit.auroc))
    assert fit.log_loss[1] < fit.log_loss[0]
    assert any("pool 2 of 2" in line for line in said)


@pytest.fixture
def own(tmp_path):
    """A data directory, and questions about it with where their answers stand; two have none."""
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    lines = []
    for i in range(24):
        lang = ("es", "en")[i % 2]
        noun, text = paragraph(lang, i)
        (data / "documents" / f"{i:02d}.txt").write_text(text, "utf-8")
        start = text.index("Lo abrió" if lang == "es" else "It was")
        end = text.index(" Tiene" if lang == "es" else " It has")
        judged = [{"document": f"{i:02d}.txt", "start": start, "end": end}]
        question = ASKED[lang].format(noun, 1900 + i)
        lines.append({"id": f"q{i}", "question": question, "lang": lang, "judgements": judged})
    for i, question in enumerate(("¿Quién ganó el Mundial de 2031?", "Who was Godzilla's barber?")):
        lines.append({"id": f"no{i}", "question": question, "unanswerable": True})
    build(data, ENCODER)
    path = tmp_path / "judged.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path, data


def test_ones_own_questions_correct_the_weights_and_do_not_make_new_ones(own):
    path, data = own
    made, fit = calibrate(path, ENCODER, BASE, today="2027-01-02", data=data)
    assert "26 questions" in made.confidence.fitted.on
    assert "near the weights before" in made.confidence.fitted.how
    for ours, theirs in (
        (made.units.weights, BASE.units.weights),
        (made.confidence.weights, BASE.confidence.weights),
    ):
        away = [abs(ours[name] - theirs[name]) for name in theirs]
        assert 0 < max(away) < 5
    # each of the 24 once more without its document
    assert fit.n_questions == 26 + 24
    assert fit.log_loss[1] <= fit.log_loss[0]


def test_few_questions_of_ones_own_are_refused(own):
    path, data = own
    few = path.read_text("utf-8").splitlines()[: LEAST_QUESTIONS - 1]
    path.write_text("\n".join(few), "utf-8")
    with pytest.raises(CorpusError, match=f"has 19 questions .*at least {LEAST_QUESTIONS}"):
        calibrate(path, ENCODER, BASE, today="2027-01-02", data=data)


def test_a_data_set_that_says_no_words_is_refused(tmp_path, squad):
    (squad / "ours.en.json").unlink()
    with pytest.raises(CorpusError, match="has es; expected the same questions in Spanish and"):
        calibrate(squad, ENCODER, BASE, today="2027-01-02")
    beir = tmp_path / "beir"
    (beir / "qrels").mkdir(parents=True)
    (beir / "corpus.jsonl").write_text('{"_id": "a", "title": "", "text": "La niña."}\n', "utf-8")
    (beir / "queries.jsonl").write_text('{"_id": "q", "text": "¿Quién?"}\n', "utf-8")
    (beir / "qrels" / "test.tsv").write_text("q\td\ts\nq\ta\t1\n", "utf-8")
    with pytest.raises(CorpusError, match="which documents answer, not which words"):
        calibrate(beir, ENCODER, BASE, today="2027-01-02")


def test_the_weight_that_tells_right_from_wrong_is_found():
    rng = np.random.default_rng(3)
    examples = []
    for _ in range(200):
        units = rng.normal(size=(5, len(SENTENCE_FEATURES)))
        right = np.zeros(5, dtype=bool)
        right[np.argmax(units[:, SENTENCE_FEATURES.index("rare")])] = True
        answerable = bool(rng.integers(2))
        confidence = rng.normal(size=len(SUPPORT_FEATURES))
        confidence[SUPPORT_FEATURES.index("unknown")] = 0.0
        holds = bool(confidence[SUPPORT_FEATURES.index("late")] > 0.5)
        examples.append(Example(0, answerable, units, right, confidence, np.zeros(0), holds))
    made = module._fitted(
        BASE, module._Judging.of(BASE, None), examples, 0.0, "invented", "2027-01-02"
    )
    assert max(made.units.weights, key=lambda name: made.units.weights[name]) == "rare"
    weights = {**made.confidence.weights, "unknown": 0.0}
    assert max(weights, key=lambda name: abs(weights[name])) == "late"
    assert set(made.confidence.bias) == {"es", "en", "und"}
    assert made.confidence.bias["es"] < 0


def test_support_keeps_all_but_a_share_of_the_answerable_questions():
    rng = np.random.default_rng(5)
    judging = module._Judging.of(BASE, Underliner("x"))
    before = judging.weighed(BASE)
    names = list(before.support)
    examples = []
    for n in range(400):
        answerable = bool(n % 2)
        support = rng.normal(size=len(names))
        support[names.index("answers")] += 3 * answerable
        examples.append(
            Example(
                0,
                answerable,
                np.zeros((1, len(UNIT_FEATURES))),
                np.zeros(1, dtype=bool),
                np.zeros(len(CONFIDENCE_FEATURES)),
                support,
                answerable,
            )
        )
    made = module._fit_support(examples, before, 0.0)
    kept = [module._supported(e, made) for e in examples if e.answerable]
    assert 1 - np.mean(kept) == pytest.approx(module.DECLINED, abs=0.02)
    assert np.mean([module._supported(e, made) for e in examples if not e.answerable]) < 0.5
    assert made.support["answers"] > 0
    assert (made.support["unknown"], made.confidence) == (
        before.support["unknown"],
        before.confidence,
    )


def test_where_a_reader_judges_its_weights_are_fitted_and_those_of_the_rules_stay(squad):
    reader = Underliner(*PEOPLE)
    made, fit = calibrate(squad, ENCODER, BASE, reader=reader, today="2027-01-02")
    assert made.readings.fitted.date == "2027-01-02"
    assert set(made.readings.units) == set(UNIT_FEATURES)
    assert set(made.readings.confidence) == set(CONFIDENCE_FEATURES)
    assert set(made.readings.support) == set(READER_SUPPORT)
    assert made.readings != BASE.readings
    assert (made.readings.least, made.readings.second) == (
        BASE.readings.least,
        BASE.readings.second,
    )
    assert (made.units, made.confidence) == (BASE.units, BASE.confidence)
    assert fit.log_loss[1] <= fit.log_loss[0]
