"""Which sentence answers by the rules, and how sure that is."""

import math
from dataclasses import replace

import pytest
from hash_encoder import HashEncoder

from corpus.document import Document, Heading, Passage
from index.local.build import index_documents
from index.translation import TranslationTable
from qa.calibration import load_calibration
from qa.cite import Quote, holds
from qa.rank import distinct
from qa.retrieve import retrieve
from qa.select.rules import (
    N_PASSAGES,
    SENTENCE_FEATURES,
    SUPPORT_FEATURES,
    Rules,
    ScoredSentence,
    parts_asked,
)
from qa.select.rules import choose as choose_within
from qa.understand import Question
from qa.words import names_held

CALIBRATION = load_calibration()
RULES = Rules(CALIBRATION)
UNITS, CONFIDENCE = CALIBRATION.units, CALIBRATION.confidence


def choose(sentences):
    return choose_within(sentences, UNITS)


# So many dimensions that different words are nearly at right angles
ENCODER = HashEncoder(4096)
TABLE = TranslationTable(
    {
        "es-en": {"puent": [("bridg", 0.9)], "madera": [("wood", 0.8)]},
        "en-es": {"bridg": [("puent", 0.9)], "wood": [("madera", 0.8)]},
    }
)


class World:
    """A few documents, each its language, text and headings, and what is needed to ask about them."""

    def __init__(self, folder, texts):
        folder.mkdir()
        documents = [
            Document(f"{i}", "", lang, text, (), tuple(headings), "")
            for i, (lang, text, *headings) in enumerate(texts)
        ]
        self.index = index_documents(documents, ENCODER, folder)

    def retrieved(self, question, lang):
        return retrieve(question, lang, self.index, ENCODER, TABLE, CALIBRATION.fusion)

    def words(self, question, lang):
        return self.retrieved(question, lang).asked.words

    def terms(self, *rows):
        """Language and keys of the terms of those passages."""
        return [
            (place.passage.lang, frozenset().union(*self.index.sentence_terms(row)))
            for row, place in zip(rows, self.index.places(rows), strict=True)
        ]

    def best(self, retrieved):
        return distinct(self.index, retrieved, {}, N_PASSAGES)

    def sentences(self, question, lang):
        retrieved = self.retrieved(question, lang)
        return RULES.score(question, self.best(retrieved), retrieved, self.index)

    def support(self, question, lang):
        retrieved = self.retrieved(question, lang)
        passages = self.best(retrieved)
        found = RULES.score(question, passages, retrieved, self.index)
        return RULES.support(lang, passages, found, retrieved, self.index)

    def select(self, question, lang):
        retrieved = self.retrieved(question, lang)
        asked = Question(question, lang, 1.0)
        return RULES.select(asked, self.best(retrieved), retrieved, self.index)


@pytest.fixture
def world(tmp_path):
    return lambda *texts: World(tmp_path / f"w{len(list(tmp_path.iterdir()))}", texts)


def feature(sentence, name):
    return sentence.feature(name)


# ------------------------------------------------------------------------- what is asked for

# Each answer of the kind and one that only looks alike, of the same number of words, in passages of their own.
TYPED = [
    ("es", "¿Cuándo abrió el puente?", "El puente abrió en 1902 ayer.", "El puente abrió con fiesta ayer."),
    ("es", "cuando abrio el puente", "El puente abrió en mayo mismo.", "El puente abrió con fiesta ayer."),
    ("en", "When did the bridge open?", "The bridge did open in 1902.", "The bridge did open with joy."),
    ("es", "¿Cuántos peces hay?", "Hay peces, quizá doce peces ahí.", "Hay peces, quizá ricos peces ahí."),
    ("en", "How many fish are in the pond?", "The pond holds 12 fish now.", "The pond holds shy fish now."),
    ("es", "¿Quién pintó el mural?", "El mural lo pintó Íñigo Núñez.", "El mural lo pintó cierta vecina."),
    ("en", "Who painted the mural?", "The mural was painted by Ana Ruiz.", "The mural was painted by shy girls."),
    ("es", "¿Dónde vive la niña?", "La niña vive bien en Ávila.", "La niña vive bien con primos."),
    ("en", "Where does the girl live?", "The girl does live in Leeds.", "The girl does live so well."),
    ("es", "¿Por qué lloró la niña?", "La niña lloró porque quiso, sola.", "La niña lloró mientras quiso, sola."),
    ("en", "Why did the girl cry?", "The girl did cry because alone.", "The girl did cry still alone."),
    ("es", "¿Cuánto tiempo duró el asalto?", "El asalto duró veintidós minutos.", "El asalto duró demasiados disparos."),
    ("en", "How long did the raid last?", "The raid did last 22 minutes.", "The raid did last forever too."),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "question", "good", "bad"), TYPED)
def test_a_sentence_with_something_of_the_kind_asked_for_is_preferred(
    world, lang, question, good, bad
):
    assert UNITS.weights["typed"] > 0
    for texts in ([good, bad], [bad, good]):
        found = world(*[(lang, text) for text in texts]).sentences(question, lang)
        assert {s.quote.text: feature(s, "typed") for s in found} == {good: 1.0, bad: 0.0}
        assert found[0].quote.text == good


@pytest.mark.parametrize(
    ("lang", "question", "text"),
    [
        ("es", "¿Cuándo se firmó el pacto de 1902?", "El pacto de 1902 se firmó en Lima."),
        ("en", "When did the war of 1812 end?", "The war of 1812 came to an end."),
        ("es", "¿Quién conoció a Ana Ruiz?", "A Ana Ruiz la conocieron muchos."),
        ("en", "Who met Ana Ruiz?", "Many a neighbour met Ana Ruiz."),
    ],
)
def test_what_the_question_says_already_is_no_answer(world, lang, question, text):
    [found] = world((lang, text)).sentences(question, lang)
    assert feature(found, "typed") == 0.0


# ------------------------------------------------------------------------- scoring


@pytest.mark.parametrize(
    ("lang", "question", "texts", "best"),
    [
        (
            "es",
            "¿De qué color es el puente de madera?",
            "El puente viejo es de color gris. El puente de madera es de color rojo. El puente nuevo es de color azul.",
            "El puente de madera es de color rojo.",
        ),
        (
            "es",
            "¿Qué come el ñandú en la pampa?",
            "El ñandú come poco en enero. El ñandú come hierba en la pampa. El ñandú come mucho en julio.",
            "El ñandú come hierba en la pampa.",
        ),
        (
            "en",
            "What colour is the bridge of wood?",
            "The old bridge has a grey colour. The bridge of wood has a red colour. The new bridge has a blue colour.",
            "The bridge of wood has a red colour.",
        ),
    ],
)
def test_the_word_that_few_sentences_hold_decides(world, lang, question, texts, best):
    found = world((lang, texts)).sentences(question, lang)
    assert found[0].quote.text == best
    assert max(found, key=lambda s: feature(s, "rare")) is found[0]
    assert len(found) == 3


@pytest.mark.parametrize(
    ("lang", "question", "text", "best"),
    [
        ("es", "¿Cuál es el puente de madera?", "The bridge of wood is in Lima. The girl is at home.", 0),
        ("en", "Which is the bridge of wood?", "La niña está en casa. El puente de madera está en Lima.", 1),
    ],
)  # fmt: skip
def test_a_sentence_of_the_other_language_is_found_by_its_translations(
    world, lang, question, text, best
):
    there = "en" if lang == "es" else "es"
    found = world((there, text)).sentences(question, lang)
    assert found[0].quote.start == (0 if best == 0 else text.index("El puente"))
    assert all(feature(s, "across") == 1.0 for s in found)
    assert feature(found[0], "rare") > feature(found[1], "rare")


def test_every_scored_sentence_is_a_sentence_of_its_document(world):
    texts = [
        ("es", "¿Vuela? ¡No! 🪶 El ñandú corre por la pampa. Íñigo lo vio en 1997."),
        ("en", "The rhea runs. It doesn't fly; it can't."),
    ]
    here = world(*texts)
    for question, lang in (("¿Vuela el ñandú?", "es"), ("Does the rhea fly?", "en")):
        found = here.sentences(question, lang)
        assert len(found) == 6
        scores = [s.score for s in found]
        assert scores == sorted(scores, reverse=True)
        for s in found:
            assert holds(s.quote, here.index.document(s.quote.passage.doc_id))
            assert s.quote.score == s.score
            assert len(s.features) == len(SENTENCE_FEATURES)
            weighed = [UNITS.weights[name] * s.feature(name) for name in SENTENCE_FEATURES]
            linear = pytest.approx(sum(weighed))
            # a fragment such as "¡No!" is worth less than its features
            small = len(s.quote.text) < 12
            assert (s.score < linear.expected) if small else (s.score == linear)


@pytest.mark.parametrize(
    ("lang", "question", "text", "answers"),
    [
        ("es", "¿Cuál es el año del ñandú?", "El año del ñandú\n\nEl año del ñandú es 1997.", "El año del ñandú es 1997."),
        ("en", "Which was the year of the rhea?", "The year of the rhea\n\nThe year of the rhea was 1997.", "The year of the rhea was 1997."),
    ],
)  # fmt: skip
def test_a_title_is_no_answer(world, lang, question, text, answers):
    assert world((lang, text)).sentences(question, lang)[0].quote.text == answers


@pytest.mark.parametrize(
    ("question", "lang", "typed"),
    [
        ("¿Cómo se llama el ñandú?", "es", 1),
        ("What was the name of the ñandú?", "en", 1),
        ("¿Qué hizo el ñandú en nombre de todos?", "es", 0),
        ("Which ñandú spoke in the name of all?", "en", 0),
        # nearly every sentence has a name
        ("¿Qué ñandú es?", "es", 0),
        ("Which ñandú is it?", "en", 0),
    ],
)
def test_a_name_counts_only_where_a_name_is_asked_for(world, question, lang, typed):
    here = world(("es", "El ñandú pone veinte huevos. Los cuida la pequeña Íñiga cada día."))
    found = {s.quote.text: feature(s, "typed") for s in here.sentences(question, lang)}
    assert found["Los cuida la pequeña Íñiga cada día."] == typed
    assert found["El ñandú pone veinte huevos."] == 0


@pytest.mark.parametrize(
    ("question", "lang"),
    [("¿Cómo se llama el ñandú?", "es"), ("What is the name of the ñandú?", "en")],
)
@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("El ñandú vive con la pequeña Íñiga.", 1),
        ("Los niños lo llaman Íñigo, sin más.", 1.5),
        ("El ave, conocida como Íñigo, no vuela.", 1.5),
        ("Everybody calls the bird, named Íñigo, in vain.", 1.5),
        ("El ave atiende por «Íñigo el veloz».", 1.5),
        ("El ave no fue bautizada nunca.", 0),
    ],
)
def test_a_sentence_that_gives_a_name_counts_more_where_one_is_asked_for(
    world, question, lang, text, typed
):
    [found] = world(("es", text)).sentences(question, lang)
    assert feature(found, "typed") == typed


@pytest.mark.parametrize(
    ("question", "lang"), [("¿Vuela el ñandú?", "es"), ("Does the ñandú fly?", "en")]
)
def test_a_small_collection_asks_for_less_confidence(world, question, lang):
    text = ("es", "El ñandú no vuela, pero corre mucho.")
    found = {n: world(*[text] * n).support(question, lang).least for n in (1, 9, 120)}
    assert found[1] == pytest.approx(0.05 * math.log10(2))
    assert found[9] == pytest.approx(0.05)
    assert found[120] == CONFIDENCE.least == 0.1


def test_without_passages_there_are_no_sentences_and_no_support(world):
    here = world()
    assert here.sentences("¿Vuela el ñandú?", "es") == []
    nothing = here.support("Does it fly?", "en")
    assert (nothing.confidence, set(nothing.features)) == (0.0, {0.0})


def test_a_question_without_content_words_gets_scores_that_are_numbers(world):
    for text, lang in (("¿Y él?", "es"), ("Who?", "en")):
        found = world(("es", "El ñandú corre por la pampa. Pone huevos.")).sentences(text, lang)
        assert len(found) == 2
        assert all(math.isfinite(value) for s in found for value in s.features)


# ------------------------------------------------------------------------- names that are not there


@pytest.mark.parametrize(
    ("question", "lang", "missing", "unknown"),
    [
        ("¿Quién vio a Cerpa en Lima?", "es", False, False),
        ("¿Quién vio a Godzilla en Lima?", "es", True, True),
        ("¿Quién vio a Íñigo en Lima?", "es", True, False),
        ("¿Quién vio Lima en 2031?", "es", True, True),
        ("quien vio a cerpa en lima", "es", False, False),
        ("Who saw Cerpa in Lima?", "en", False, False),
        ("Who saw Godzilla in Lima?", "en", True, True),
    ],
)
def test_names_and_numbers_that_no_passage_holds_are_missed(
    world, question, lang, missing, unknown
):
    here = world(
        ("es", "Cerpa llegó a Lima."),
        ("en", "Cerpa came to Lima."),
        ("es", "Íñigo vive en Ávila."),
    )
    words = here.words(question, lang)
    found = names_held(words, here.terms(0, 1))[1:]
    assert (found[0] > 0, found[1] > 0) == (missing, unknown)
    assert all(0 <= share <= 1 for share in found)


def test_a_name_that_one_of_the_passages_holds_is_not_missing(world):
    here = world(("es", "Cerpa llegó a Lima."), ("es", "Íñigo vive en Ávila."))
    words = here.words("¿Dónde vive Íñigo en Ávila?", "es")
    [cerpa, inigo] = here.terms(0, 1)
    assert names_held(words, [cerpa])[1] > 0
    assert names_held(words, [cerpa, inigo])[1:] == (0.0, 0.0)


def test_a_name_in_the_heading_is_there(world):
    title, text = "Vida de Néstor", "Nació en 1953 y llegó a Lima."
    heading = Heading(0, len(title), 1, title)
    here = world(("es", text), ("es", f"{title}\n\n{text}", heading))
    words = here.words("¿Cuándo llegó Néstor a Lima?", "es")
    without, below = here.terms(0, 1)
    assert names_held(words, [without])[1] > 0
    assert names_held(words, [below])[1] == 0.0


# ------------------------------------------------------------------------- confidence

TOPICS = [
    ("es", "El puente de madera cruza el río. Lo hizo Íñigo Núñez en 1902."),
    ("es", "El ñandú corre por la pampa. Pone doce huevos."),
    ("en", "The rhea runs across the plain. It lays twelve eggs."),
]
QUESTIONS = [
    ("¿Quién hizo el puente de madera?", "es"),
    ("¿Cuántos huevos pone el ñandú?", "es"),
    ("How many eggs does the rhea lay?", "en"),
    ("What is the capital of Mongolia?", "en"),
    ("¿Quién ganó el Mundial de 2031?", "es"),
]


@pytest.mark.parametrize(("question", "lang"), QUESTIONS)
def test_confidence_is_the_logistic_of_its_features_and_between_0_and_1(world, question, lang):
    found = world(*TOPICS).support(question, lang)
    assert set(SUPPORT_FEATURES) == set(CONFIDENCE.weights)
    z = CONFIDENCE.bias[lang] + sum(
        CONFIDENCE.weights[name] * value
        for name, value in zip(SUPPORT_FEATURES, found.features, strict=True)
    )
    assert found.confidence == pytest.approx(1 / (1 + math.exp(-z)))
    assert 0 <= found.confidence <= 1


def test_weights_have_the_sign_of_what_they_weigh():
    weight = CONFIDENCE.weights
    assert min(weight["fused"], weight["late"], weight["cosine"]) >= 0
    assert max(weight["size"], weight["missing"], weight["unknown"]) <= 0
    assert 0 < CONFIDENCE.least < 1


@pytest.mark.parametrize(("question", "lang"), QUESTIONS)
def test_more_of_a_feature_never_lowers_confidence_where_its_weight_is_positive(
    world, question, lang
):
    here = world(*TOPICS)
    retrieved = here.retrieved(question, lang)
    passages = here.best(retrieved)
    found = RULES.score(question, passages, retrieved, here.index)

    def confidence(passages=passages, found=found, retrieved=retrieved):
        return RULES.support(lang, passages, found, retrieved, here.index).confidence

    before = confidence()
    better = [
        replace(p, candidate=p.candidate._replace(fused=p.candidate.fused + 0.05)) for p in passages
    ]
    assert confidence(passages=better) >= before
    assert confidence(found=[replace(s, late=s.late + 0.05) for s in found]) >= before
    at = SENTENCE_FEATURES.index("cosine")
    raised = [
        replace(s, features=(*s.features[:at], s.features[at] + 0.05, *s.features[at + 1 :]))
        for s in found
    ]
    assert confidence(found=raised) >= before
    assert confidence(retrieved=replace(retrieved, n_searched=100_000)) <= before
    lost = [replace(w, name=True, known=False) for w in retrieved.asked.words]
    asked = replace(retrieved.asked, words=lost)
    assert confidence(retrieved=replace(retrieved, asked=asked)) <= before


@pytest.mark.parametrize(
    ("good", "bad", "lang"),
    [
        ("¿Cuántos huevos pone el ñandú?", "¿Cuántos goles marcó el portero?", "es"),
        ("How many eggs does the rhea lay?", "How many goals did Pelé score?", "en"),
    ],
)
def test_what_the_documents_hold_is_surer_than_what_they_do_not(world, good, bad, lang):
    here = world(*TOPICS)
    assert here.support(good, lang).confidence > here.support(bad, lang).confidence


# ------------------------------------------------------------------------- choosing


def scored(text, score, doc_id="a"):
    passage = Passage(f"{doc_id}#char=0,{len(text)}", doc_id, 0, len(text), text, "es", "")
    quote = Quote(passage, 0, len(text), score)
    return ScoredSentence(quote, score, (0.0,) * len(SENTENCE_FEATURES), 0.0, None)


FIRST = scored("El puente de madera se abrió en 1902.", 5.0)


def test_nothing_is_chosen_of_nothing():
    assert choose([]) == []


def test_one_sentence_is_chosen_alone():
    assert choose([FIRST]) == [FIRST]


def test_a_second_sentence_is_added_only_when_it_is_almost_as_good():
    near = scored("La niña de Íñigo cortó la cinta.", 5.0 - UNITS.second + 0.01)
    far = scored("La niña de Íñigo cortó la cinta.", 5.0 - UNITS.second - 0.01)
    assert choose([FIRST, near]) == [FIRST, near]
    assert choose([FIRST, far]) == [FIRST]


@pytest.mark.parametrize(
    "again",
    [
        "El puente de madera se abrió en 1902.",
        "EL PUENTE DE MADERA SE ABRIO EN 1902.",
        "El puente de madera se abrió en 1902. ¡Sí!",
        "El puente de madera se abrió",
    ],
)
def test_what_says_the_same_is_not_quoted_twice(again):
    assert choose([FIRST, scored(again, 4.9, "b")]) == [FIRST]
    other = scored("La niña de Íñigo cortó la cinta.", 4.8)
    assert choose([FIRST, scored(again, 4.9, "b"), other]) == [FIRST, other]


def test_the_english_twin_of_a_sentence_is_not_quoted_twice_and_an_n_is_not_an_ñ():
    first = scored("The bridge opened in 1902.", 5.0)
    assert choose([first, scored("the bridge opened in 1902.", 4.9)]) == [first]
    year, other = scored("Un año más.", 5.0), scored("Un ano de ayer.", 4.9)
    assert choose([year, other]) == [year, other]


def test_two_sentences_together_do_not_become_a_page():
    long = scored("La niña " + "cortó otra cinta y " * 40, 4.9)
    short = scored("Había banda de música.", 4.8)
    assert choose([FIRST, long, short]) == [FIRST, short]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La sala 3 abre a las 9 de la mañana.", "La sala 4 abre a las 9 de la mañana."),
        ("Room 3 opens at nine in the morning.", "Room 4 opens at nine in the morning."),
    ],
)
def test_two_sentences_that_differ_in_a_number_say_two_things(one, other):
    first, second = scored(one, 5.0), scored(other, 4.9)
    assert choose([first, second]) == [first, second]
    same = scored(one.replace("nine", "nine").replace("mañana", "tarde"), 4.9)
    assert choose([first, same]) == [first]


MUSEUMS = {
    "es": ("El museo de {} abre a las {}.", ("Lima", "Cusco", "Puno", "Tacna"), ("nueve", "diez", "once", "doce"), " y "),
    "en": ("The museum of {} opens at {}.", ("Leeds", "York", "Bath", "Hull"), ("nine", "ten", "eleven", "noon"), " and "),
}  # fmt: skip
OPENS = {"es": "¿Cuándo abre el museo de {}?", "en": "When does the museum of {} open?"}


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_each_thing_named_has_its_sentence_and_three_are_the_most(world, lang, n):
    said, towns, hours, joint = MUSEUMS[lang]
    here = world(*[(lang, said.format(t, h)) for t, h in zip(towns, hours, strict=True)])
    found = here.select(OPENS[lang].format(joint.join(towns[:n])), lang)
    quoted = {unit.quote.text for unit in found.chosen}
    every = {said.format(t, h) for t, h in zip(towns[:n], hours, strict=False)}
    assert len(quoted) == min(n, 3)
    assert quoted <= every


@pytest.mark.parametrize(
    ("question", "lang"),
    [("¿Quién hizo el puente de madera?", "es"), ("Who made the bridge?", "en")],
)
def test_in_a_small_pool_the_order_of_passages_says_little_about_sentences(world, question, lang):
    """Nothing for one passage, half as much for nine, all for ninety-nine and more."""
    here = world(*TOPICS)
    retrieved = here.retrieved(question, lang)
    passages = here.best(retrieved)
    worst = min(p.candidate.fused for p in passages) - max(p.candidate.fused for p in passages)
    assert worst < 0
    for n_searched, share in ((9, 0.5), (99, 1.0), (100_000, 1.0)):
        asked = replace(retrieved, n_searched=n_searched)
        found = RULES.score(question, passages, asked, here.index)
        assert min(feature(s, "passage") for s in found) == pytest.approx(worst * share)


@pytest.mark.parametrize(
    ("question", "lang", "parts"),
    [
        # four words from "y" or "and" to the name, and not one more
        ("¿Qué dice la guía de Lima y la guía de Cusco?", "es", [["Lima"], ["Cusco"]]),
        ("What do the guide to Lima and the guide to Cusco say?", "en", [["Lima"], ["Cusco"]]),
        ("¿Qué dice la guía de Lima y la nueva guía de Cusco?", "es", []),
        ("What do the guide to Lima and the new guide to Cusco say?", "en", []),
    ],
)
def test_a_name_stands_at_most_four_words_from_what_joins_it(world, question, lang, parts):
    words = world((lang, "Lima y Cusco.")).words(question, lang)
    names = [[words[n].text for n in part] for part in parts_asked(question, words)]
    if parts:
        assert names == parts
    else:
        assert ["Cusco"] not in names
