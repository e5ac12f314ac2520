"""The translation table: learning on a made-up language pair, saving, and the table that ships."""

import pytest

from corpus.language import terms
from index.encoder import translation_folder
from index.translation import DIRECTIONS, TranslationTable, learn

# Each word occurs beside different others, so only its own translation is always there.
WORDS = {
    "agua": "water",
    "fuente": "spring",
    "montaña": "mountain",
    "niña": "girl",
    "rehén": "hostage",
    "libro": "book",
    "puente": "bridge",
    "sol": "sun",
}


def pairs():
    spanish = list(WORDS)
    for i, one in enumerate(spanish):
        for other in spanish[i + 1 :]:
            yield f"The {WORDS[one]} and the {WORDS[other]}", f"La {one} y el {other}"


@pytest.fixture(scope="module")
def learnt():
    lines = []
    table = learn(pairs(), rounds=10, log=lines.append)
    assert lines[0] == "translation: 28 pairs, 8 English and 8 Spanish terms"
    return table


@pytest.mark.parametrize(("spanish", "english"), WORDS.items())
def test_the_table_finds_the_right_word_in_both_directions(learnt, spanish, english):
    [es], [en] = terms(spanish, "es"), terms(english, "en")
    assert learnt.translate(es, "es-en")[0][0] == en
    assert learnt.translate(en, "en-es")[0][0] == es
    assert learnt.translate(es, "es-en")[0][1] > 0.5


def check_probabilities(table):
    for direction in DIRECTIONS:
        for term in (terms(w, "es")[0] for w in WORDS):
            found = table.translate(term, direction)
            values = [p for _, p in found]
            assert values == sorted(values, reverse=True)
            assert len(values) <= 10
            assert sum(values) <= 1.02
            assert all(p >= 0.018 for p in values)


def test_probabilities_fall_and_sum_to_no_more_than_1(learnt):
    check_probabilities(learnt)


def test_an_unknown_word_has_no_translation(learnt):
    assert list(learnt.translate("zzz", "es-en")) == []


def test_learning_gives_the_same_table_every_time(learnt):
    again = learn(pairs(), rounds=10, log=lambda _: None)
    for term in (terms(w, "es")[0] for w in WORDS):
        for (ours, p), (theirs, q) in zip(
            learnt.translate(term, "es-en"), again.translate(term, "es-en"), strict=True
        ):
            assert ours == theirs
            assert p == pytest.approx(q)


def test_a_saved_table_is_the_same_to_the_nearest_255th(learnt, tmp_path):
    learnt.save(tmp_path)
    loaded = TranslationTable.load(tmp_path)
    assert len(loaded) == len(learnt)
    for word in WORDS:
        [term] = terms(word, "es")
        ours, theirs = learnt.translate(term, "es-en"), loaded.translate(term, "es-en")
        assert [t for t, _ in ours] == [t for t, _ in theirs]
        assert [p for _, p in theirs] == pytest.approx([p for _, p in ours], abs=0.5 / 255 + 1e-9)


def test_an_empty_table_and_a_folder_without_one_translate_nothing(tmp_path):
    (tmp_path / "empty").mkdir()
    TranslationTable({d: {} for d in DIRECTIONS}).save(tmp_path / "empty")
    for folder in (tmp_path, tmp_path / "empty"):
        table = TranslationTable.load(folder)
        assert len(table) == 0
        assert list(table.translate("agua", "es-en")) == []


def test_a_table_of_one_direction_can_be_saved(tmp_path):
    TranslationTable({"es-en": {"agua": [("water", 0.9)]}, "en-es": {}}).save(tmp_path)
    loaded = TranslationTable.load(tmp_path)
    assert loaded.translate("agua", "es-en") == [("water", pytest.approx(0.9, abs=0.002))]
    assert len(loaded) == 1


def test_a_table_is_read_once_and_anew_when_its_file_is_another(tmp_path):
    for word in ("water", "aguas"):
        TranslationTable({"es-en": {"agua": [(word, 0.9)]}}).save(tmp_path)
        loaded = TranslationTable.load(tmp_path)
        assert loaded.translate("agua", "es-en")[0][0] == word
        assert TranslationTable.load(tmp_path) is loaded


def ordinary_pairs():
    """Six pairs make a passage: agua is in every one of ten, fuente in five, niña in two, which is too few."""
    for i in range(10):
        yield "The water.", "El agua."
        yield ("The spring.", "La fuente.") if i % 2 else ("The book.", "El libro.")
        yield ("The girl.", "La niña.") if i in (3, 7) else ("The sun.", "El sol.")
        yield from [("The water.", "El agua.")] * 3
    yield "The year.", "El año."


@pytest.fixture(scope="module")
def ordinary():
    return learn(ordinary_pairs(), rounds=1, log=lambda _: None)


@pytest.mark.parametrize(
    ("spanish", "english", "share"),
    [
        ("agua", "water", 1.0),
        ("fuente", "spring", 0.5),
        ("libro", "book", 0.5),
        ("sol", "sun", 0.8),
        ("niña", "girl", 0.0),
        # in the pairs left over, which make no passage
        ("año", "year", 0.0),
        ("ñandú", "rhea", 0.0),
    ],
)
def test_the_background_is_the_share_of_ordinary_passages_with_a_term(
    ordinary, tmp_path, spanish, english, share
):
    ordinary.save(tmp_path)
    for table in (ordinary, TranslationTable.load(tmp_path)):
        assert table.background(terms(spanish, "es")[0], "es") == pytest.approx(share, abs=1e-3)
        assert table.background(terms(english, "en")[0], "en") == pytest.approx(share, abs=1e-3)
        # each language has its own, and a text of no known language none
        assert table.background(terms(spanish, "es")[0], "und") == 0.0
        assert table.background(terms(english, "en")[0], "es") == 0.0


def test_a_table_without_a_background_says_0(tmp_path):
    TranslationTable({"es-en": {"agua": [("water", 0.9)]}, "en-es": {}}).save(tmp_path)
    assert TranslationTable.load(tmp_path).background("agua", "es") == 0.0


@pytest.fixture(scope="module")
def shipped():
    return TranslationTable.load(translation_folder())


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ("agua", "water"),
        ("año", "year"),
        ("niños", "children"),
        ("rehenes", "hostages"),
        ("embajador", "ambassador"),
        ("biblioteca", "library"),
        ("montaña", "mountain"),
        ("guerra", "war"),
        ("ciudad", "city"),
        ("muerte", "death"),
    ],
)
def test_the_table_that_ships_knows_common_words_in_both_directions(shipped, spanish, english):
    [es], [en] = terms(spanish, "es"), terms(english, "en")
    assert en in [t for t, _ in shipped.translate(es, "es-en")[:3]]
    assert es in [t for t, _ in shipped.translate(en, "en-es")[:3]]


def test_the_table_that_ships_is_large_and_its_probabilities_are_sound(shipped):
    assert len(shipped) > 10_000
    check_probabilities(shipped)


@pytest.mark.parametrize(
    ("lang", "common", "rare"),
    [("es", "año", "ñandú"), ("es", "agua", "embajador"), ("en", "year", "ambassador")],
)
def test_the_table_that_ships_knows_common_words_from_rare_ones(shipped, lang, common, rare):
    often, seldom = (shipped.background(terms(w, lang)[0], lang) for w in (common, rare))
    assert 0 <= seldom < often <= 1
