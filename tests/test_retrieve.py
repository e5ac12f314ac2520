"""Retrieval: what a question is made of, and the ways its passages are found and ordered."""

from dataclasses import replace

import numpy as np
import pytest
from hash_encoder import HashEncoder

from corpus.document import Document
from corpus.language import terms
from corpus.languages import LANGS
from index.legs import LEGS
from index.local.build import index_documents
from index.translation import TranslationTable
from qa.calibration import load_calibration
from qa.fuse import fuse
from qa.retrieve import FIRST_STAGE_K, RERANK_K, retrieve
from qa.words import analyse, content_spans

ENCODER = HashEncoder(256)
FUSION = load_calibration().fusion
DOCUMENTS = [
    ("es", "El ñandú corre por la pampa. Pone sus huevos en un nido del suelo."),
    ("es", "La niña cruzó el río Amazonas en 1997 con su perro."),
    ("es", "Los rehenes salieron de la embajada por la mañana."),
    ("en", "The rhea runs across the grassland. It lays its eggs in a nest."),
    ("en", "The hostages left the embassy in the morning of 1997."),
    ("en", "Coffee grows in the shade of other trees."),
    ("und", "XQ-17 Lima 1997"),
]


def es(word):
    [term] = terms(word, "es")
    return term


def en(word):
    [term] = terms(word, "en")
    return term


TABLE = TranslationTable(
    {
        "es-en": {
            es("rehenes"): [(en("hostages"), 0.8), (en("captives"), 0.1)],
            es("embajada"): [(en("embassy"), 0.9)],
            es("cautivos"): [(en("captives"), 0.6), (en("hostages"), 0.3)],
        },
        "en-es": {
            en("hostages"): [(es("rehenes"), 0.7), (es("cautivos"), 0.2)],
            en("captives"): [(es("cautivos"), 0.7)],
            en("embassy"): [(es("embajada"), 0.9)],
        },
    },
    {"es": {es("mañana"): 0.2}, "en": {en("morning"): 0.25, en("hostages"): 0.01}},
)


def make_index(folder, documents, encoder=ENCODER):
    folder.mkdir(exist_ok=True)
    made = [
        Document(f"{i:03d}", "", lang, text, (), (), "") for i, (lang, text) in enumerate(documents)
    ]
    return index_documents(made, encoder, folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return make_index(tmp_path_factory.mktemp("retrieve"), DOCUMENTS)


def ask(index, text, lang, **options):
    return retrieve(text, lang, index, ENCODER, TABLE, FUSION, **options)


def rank(candidate, leg):
    return candidate.ranks[LEGS.index(leg)]


def found(index, text, lang, **options):
    return [c.row for c in ask(index, text, lang, **options).candidates]


# ------------------------------------------------------------------------- the question


def words_of(index, text, lang):
    return {w.text: w for w in analyse(text, content_spans(text, lang), lang, TABLE, index)}


@pytest.mark.parametrize(
    ("text", "lang", "kept"),
    [
        ("¿Quién vio a los rehenes de la embajada?", "es", ["vio", "rehenes", "embajada"]),
        ("¿Dónde corre el ñandú?", "es", ["corre", "ñandú"]),
        ("Who saw the hostages at the embassy?", "en", ["saw", "hostages", "embassy"]),
        ("¿Y él?", "es", []),
    ],
)
def test_the_words_of_a_question_are_those_that_say_something(index, text, lang, kept):
    assert list(words_of(index, text, lang)) == kept


@pytest.mark.parametrize(
    ("text", "lang", "names"),
    [
        ("¿Quién vio a Cerpa en 1997?", "es", {"Cerpa", "1997"}),
        ("¿Corre el ñandú?", "es", set()),
        ("Hostages of the MRTA", "en", {"MRTA"}),
        ("¿QUIÉN VIO A CERPA EN 1997?", "es", {"1997"}),
        ("WHO SAW CERPA IN 1997?", "en", {"1997"}),
        ("Who saw Ñahui in Lima?", "en", {"Ñahui", "Lima"}),
        ("1997 en Lima", "es", {"1997", "Lima"}),
    ],
)
def test_capitals_inside_a_question_and_digits_mark_names(index, text, lang, names):
    assert {t for t, w in words_of(index, text, lang).items() if w.name} == names


def test_a_word_stands_for_itself_at_home_and_for_its_translations_abroad(index):
    word = words_of(index, "¿Cuántos rehenes?", "es")["rehenes"]
    assert word.terms["es"][0] == (es("rehenes"), 1.0)
    abroad = dict(word.terms["en"])
    assert abroad[en("hostages")] == 0.8
    assert abroad[en("captives")] == 0.1
    assert [p for _, p in word.terms["en"]] == sorted(abroad.values(), reverse=True)
    back = words_of(index, "How many hostages?", "en")["hostages"]
    assert back.terms["en"][0] == (en("hostages"), 1.0)
    assert back.terms["es"][0] == (es("rehenes"), 0.7)


def test_a_known_word_counts_little_as_itself_abroad_and_a_name_or_unknown_word_fully(index):
    words = words_of(index, "¿Los rehenes de Cerpa y el ñandú en 1997?", "es")
    abroad = {text: dict(word.terms["en"]) for text, word in words.items()}
    assert 0 < abroad["rehenes"][terms("rehenes", "en")[0]] < 0.8
    assert abroad["Cerpa"] == {en("Cerpa"): 1.0}
    assert abroad["ñandú"] == {en("ñandú"): 1.0}
    assert abroad["1997"] == {"1997": 1.0}


def test_words_of_the_same_meaning_are_found_through_the_other_language_and_count_less(index):
    word = words_of(index, "Los rehenes", "es")["rehenes"]
    same = dict(word.terms["es"])
    assert same[es("rehenes")] == 1.0
    # rehén -> hostage -> cautivo and rehén -> captive -> cautivo, halved
    assert same[es("cautivos")] == pytest.approx(0.5 * (0.8 * 0.2 + 0.1 * 0.7), abs=1e-4)
    word = words_of(index, "the hostages", "en")["hostages"]
    assert dict(word.terms["en"])[en("captives")] == pytest.approx(
        0.5 * (0.7 * 0.1 + 0.2 * 0.6), abs=1e-4
    )


def test_a_question_of_no_language_means_its_words_as_they_are(index):
    [word] = words_of(index, "rehenes", "und").values()
    assert all(len(options) == 1 and options[0][1] == 1.0 for options in word.terms.values())


def test_ordinary_words_are_cheap_and_unseen_ones_dear(index):
    words = words_of(index, "¿Los rehenes de Cerpa por la mañana?", "es")
    assert words["mañana"].priors["es"] == pytest.approx(0.2)
    assert words["mañana"].idf["es"] < words["rehenes"].idf["es"] < words["Cerpa"].idf["es"]
    abroad = words["rehenes"].priors["en"]
    assert abroad == pytest.approx(0.8 * 0.01)
    for word in words.values():
        assert set(word.idf) == set(LANGS)
        assert all(v >= 0 for v in word.idf.values())


@pytest.mark.parametrize(
    ("text", "lang", "known"),
    [
        ("¿Cruzó el Amazonas?", "es", {"Cruzó": True, "Amazonas": True}),
        ("¿Cruzó el Danubio?", "es", {"Cruzó": True, "Danubio": False}),
        ("Where is the embassy of Kenya?", "en", {"embassy": True, "Kenya": False}),
        # held only by a passage of the other language
        ("Was it the Amazonas?", "en", {"Amazonas": True}),
    ],
)
def test_a_word_is_known_when_some_passage_holds_it(index, text, lang, known):
    assert {t: w.known for t, w in words_of(index, text, lang).items()} == known


# ------------------------------------------------------------------------- the passages


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
@pytest.mark.parametrize(
    ("text", "lang", "best"),
    [
        ("¿Dónde pone sus huevos el ñandú?", "es", 0),
        ("¿donde pone sus huevos el nandu?", "es", 0),
        ("¿Quién cruzó el río Amazonas?", "es", 1),
        ("Where does coffee grow in the shade?", "en", 5),
        ("When did the hostages leave the embassy?", "en", 4),
    ],
)
def test_each_mode_finds_the_passage_of_the_questions_words(index, mode, text, lang, best):
    assert found(index, text, lang, mode=mode)[0] == best


@pytest.mark.parametrize(
    ("text", "lang", "best", "there"),
    [
        ("¿Qué rehenes había en la embajada?", "es", 4, "en"),
        ("Which hostages were in the embassy?", "en", 2, "es"),
    ],
)
def test_a_passage_of_the_other_language_is_found_by_translated_words(
    index, text, lang, best, there
):
    allowed = np.flatnonzero(index.lexical.langs == LANGS.index(there)).astype(np.int64)
    candidates = ask(index, text, lang, mode="lexical", allowed=allowed).candidates
    assert candidates[0].row == best
    assert candidates[0].across
    assert candidates[0].of("lexical") > 0.2


def test_hybrid_scores_are_the_fused_legs(index):
    result = ask(index, "¿Los rehenes de la embajada?", "es")
    for c in result.candidates:
        legs = {leg: np.array([c.of(leg)], dtype=np.float32) for leg in LEGS}
        assert (
            c.score
            == c.fused
            == pytest.approx(float(fuse(legs, ~np.array([c.across]), FUSION.close)[0]))
        )
        assert result.interactions[c.row].score == c.of("late")
        assert c.across == (index.passages([c.row])[0].lang != "es")


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_candidates_come_best_first_each_once(index, mode):
    candidates = ask(index, "¿Los rehenes en 1997?", "es", mode=mode).candidates
    scores = [c.score for c in candidates]
    assert scores == sorted(scores, reverse=True)
    assert len({c.row for c in candidates}) == len(candidates)
    by = {
        "hybrid": lambda c: c.fused,
        "dense": lambda c: c.of("dense"),
        "lexical": lambda c: c.of("lexical"),
    }[mode]
    assert scores == [by(c) for c in candidates]


def test_a_mode_asks_only_its_own_leg(index):
    text = "¿Los rehenes en 1997?"
    assert all(rank(c, "lexical") is None for c in ask(index, text, "es", mode="dense").candidates)
    lexical = ask(index, text, "es", mode="lexical").candidates
    assert all(rank(c, "dense") is None and c.of("lexical") > 0 for c in lexical)
    both = ask(index, text, "es").candidates
    assert sorted(rank(c, "dense") for c in both) == list(range(1, len(DOCUMENTS) + 1))
    ranks = sorted(rank(c, "lexical") for c in both if rank(c, "lexical"))
    assert ranks == list(range(1, len(lexical) + 1))


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_only_allowed_rows_are_found(index, mode):
    allowed = np.array([1, 3, 4], dtype=np.int64)
    result = ask(index, "¿Los rehenes en 1997?", "es", mode=mode, allowed=allowed)
    assert {c.row for c in result.candidates} <= {1, 3, 4}
    assert result.candidates
    assert result.n_searched == 3
    nothing = ask(index, "rehenes", "es", mode=mode, allowed=allowed[:0])
    assert (nothing.candidates, nothing.n_searched) == ([], 0)


def test_a_question_of_unknown_words_still_finds_what_is_nearest_but_no_words(index):
    assert found(index, "¿Zzyzx?", "es", mode="lexical") == []
    assert len(found(index, "¿Zzyzx?", "es")) == len(DOCUMENTS)
    assert ask(index, "¿Y él?", "es").asked.words == []


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    colours = ("rojo", "azul", "verde", "gris", "negro")
    texts = [("es", f"La casa {colours[i % 5]} número {i} está en Lima.") for i in range(160)]
    return make_index(tmp_path_factory.mktemp("many"), texts)


def test_only_the_best_are_met_word_by_word_and_the_rest_come_after(many):
    result = ask(many, "¿Dónde está la casa azul número 31?", "es")
    assert result.candidates[0].row == 31
    late = [c.close for c in result.candidates]
    # what a question costs: each of them is held against every token of the question
    assert RERANK_K == 32
    assert late == [True] * 32 + [False] * (len(late) - 32)
    assert FIRST_STAGE_K <= len(late) <= 2 * FIRST_STAGE_K
    assert set(result.interactions) == {c.row for c in result.candidates[:32]}
    scores = [c.score for c in result.candidates]
    assert scores == sorted(scores, reverse=True)
    assert result.n_searched == 160


def test_the_same_question_gives_the_same_order_every_time(many):
    text = "¿Qué casa verde está en Lima?"
    once = ask(many, text, "es").candidates
    assert ask(many, text, "es").candidates == once
    # equal passages stand in row order
    lexical = ask(many, "Lima", "es", mode="lexical").candidates
    assert [c.row for c in lexical] == sorted(c.row for c in lexical)


def test_every_step_says_how_long_it_took(index):
    timings = ask(index, "¿Los rehenes?", "es").timings_ms
    assert list(timings) == ["analyse", "encode", "dense", "lexical", "fuse", "rerank"]
    assert all(ms >= 0 for ms in timings.values())


def test_an_index_of_no_passages_gives_no_candidates(tmp_path):
    empty = make_index(tmp_path / "empty", [])
    for mode in ("hybrid", "dense", "lexical"):
        assert ask(empty, "¿Los rehenes?", "es", mode=mode).candidates == []


def test_what_was_not_looked_at_closely_scores_no_more_than_what_was(many):
    """However little a close look thinks of all of them."""
    close = FUSION.close
    harsh = replace(close.same, constant=-10.0)
    fusion = replace(FUSION, close=replace(close, same=harsh))
    found = retrieve("¿Dónde está la casa azul?", "es", many, ENCODER, TABLE, fusion).candidates
    near, far = found[:RERANK_K], found[RERANK_K:]
    assert all(c.close for c in near)
    assert far
    assert max(c.score for c in far) <= min(c.score for c in near) < 0
