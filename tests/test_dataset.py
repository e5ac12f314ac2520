"""Reading questions: the three formats as they should be, and one line for each way in which they are not."""

import json

import pytest
from hash_encoder import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import CorpusError, Document, Passage
from corpus.split import Splitting, split
from index.local.build import index_documents
from qa.evaluation.dataset import (
    Beir,
    Judgement,
    OwnQuestions,
    Squad,
    covers,
    locate,
    read_beir,
    read_dataset,
    read_questions,
    read_squad,
)
from qa.evaluation.units import Way

PARAGRAPHS = {
    "es": [
        [
            ("El ñandú corre por la pampa. Pone doce huevos.",
             [("a1", "¿Cuántos huevos pone el ñandú?", ["doce huevos", "doce huevos"])]),
            ("El cóndor anida en los Andes.", [("a2", "¿Dónde anida el cóndor?", ["los Andes"])]),
        ],
        [("El puente lo hizo Íñigo Núñez.", [("b1", "¿Quién hizo el puente?", ["Íñigo Núñez"])])],
    ],
    "en": [
        [
            ("The rhea runs across the pampa. It lays twelve eggs.",
             [("a1", "How many eggs does the rhea lay?", ["twelve eggs"])]),
            ("The condor nests in the Andes.", [("a2", "Where does the condor nest?", ["the Andes"])]),
        ],
        [("Íñigo Núñez built the bridge.", [("b1", "Who built the bridge?", ["Íñigo Núñez"])])],
    ],
}  # fmt: skip


def squad(articles):
    def entry(query_id, question, answers):
        gold = [{"text": a} for a in answers]
        return {"id": query_id, "question": question, "answers": gold}

    return {
        "data": [
            {
                "paragraphs": [
                    {"context": context, "qas": [entry(*qa) for qa in qas]}
                    for context, qas in paragraphs
                ]
            }
            for paragraphs in articles
        ]
    }


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return path


def write_lines(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines]
    path.write_text("".join(text + "\n" for text in texts), "utf-8")
    return path


def told(read, *arguments):
    """The one line of the error that reading gives."""
    with pytest.raises(CorpusError) as caught:
        read(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ------------------------------------------------------------------------- which format


def test_the_format_is_told_by_name_and_files(tmp_path):
    write_json(tmp_path / "xq" / "xquad.es.json", squad(PARAGRAPHS["es"]))
    write_beir(tmp_path / "beir")
    own = write_lines(tmp_path / "mías.jsonl", [{"id": "1", "question": "¿Qué?"}])
    assert isinstance(read_dataset(tmp_path / "xq"), Squad)
    assert isinstance(read_dataset(tmp_path / "xq" / "xquad.es.json"), Squad)
    assert isinstance(read_dataset(tmp_path / "beir"), Beir)
    assert isinstance(read_dataset(own), OwnQuestions)


@pytest.mark.parametrize("name", ["vacía", "nada.json", "preguntas.csv"])
def test_what_is_none_of_the_three_formats_is_told_with_all_three(tmp_path, name):
    (tmp_path / "vacía").mkdir()
    (tmp_path / "preguntas.csv").write_text("¿qué?;eso", "utf-8")
    message = told(read_dataset, tmp_path / name)
    for part in (name, "xquad.es.json", "corpus.jsonl", ".jsonl) of your own questions"):
        assert part in message


# ------------------------------------------------------------------------- SQuAD


@pytest.fixture
def xquad(tmp_path):
    for lang, articles in PARAGRAPHS.items():
        write_json(tmp_path / "xq" / f"xquad.{lang}.json", squad(articles))
    return tmp_path / "xq"


def test_paragraphs_and_questions_have_the_same_ids_in_both_languages(xquad):
    dataset = read_squad(xquad)
    assert list(dataset.documents) == ["es", "en"]
    assert dataset.parallel
    for lang in ("es", "en"):
        assert [d.doc_id for d in dataset.documents[lang]] == ["00000", "00001", "00002"]
        assert [(q.query_id, q.doc_id, q.article) for q in dataset.questions[lang]] == [
            ("a1", "00000", 0),
            ("a2", "00001", 0),
            ("b1", "00002", 1),
        ]
        assert {d.lang for d in dataset.documents[lang]} == {lang}
    assert dataset.answers["es"]["a1"] == ("doce huevos",)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_one_file_is_a_data_set_and_its_language_is_told_by_name_or_text(tmp_path, lang):
    for name in (f"xquad.{lang}.json", f"{lang}.json", "dev-v2.0.json"):
        dataset = read_squad(write_json(tmp_path / name, squad(PARAGRAPHS[lang])))
        assert list(dataset.documents) == [lang]
        assert not dataset.parallel


def test_only_the_files_named_es_and_en_count_where_there_are_others(xquad):
    write_json(xquad / "xquad.ar.json", squad(PARAGRAPHS["en"]))
    assert list(read_squad(xquad).documents) == ["es", "en"]


def test_two_languages_with_other_questions_are_not_parallel(xquad):
    write_json(xquad / "xquad.en.json", squad(PARAGRAPHS["en"][:1]))
    assert not read_squad(xquad).parallel


def test_two_files_of_one_language_are_refused(tmp_path):
    for name in ("uno.json", "dos.json"):
        write_json(tmp_path / name, squad(PARAGRAPHS["es"]))
    assert "second file in language es" in told(read_squad, tmp_path)


def test_a_question_that_is_impossible_has_no_answer(tmp_path):
    value = squad(PARAGRAPHS["es"])
    value["data"][0]["paragraphs"][0]["qas"][0] |= {"is_impossible": True}
    dataset = read_squad(write_json(tmp_path / "es.json", value))
    assert [q.unanswerable for q in dataset.questions["es"]] == [True, False, False]
    assert dataset.answers["es"]["a1"] == ()


def test_texts_are_composed_as_those_of_documents_are(tmp_path):
    decomposed = json.loads(json.dumps(PARAGRAPHS["es"]).replace("\\u00f1", "n\\u0303"))
    dataset = read_squad(write_json(tmp_path / "es.json", squad(decomposed)))
    assert dataset.documents["es"][0].text.startswith("El ñandú")
    assert dataset.questions["es"][0].text == "¿Cuántos huevos pone el ñandú?"


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize(
    "content",
    [
        b"roto {",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"data": []}',
        b'{"data": [{"paragraphs": [{"qas": []}]}]}',
        b'{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": "1"}]}]}]}',
        b'{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": "1", "question": "?", "answers": []}]}]}]}',
    ],
)
def test_a_file_laid_out_otherwise_is_told_by_name(xquad, lang, content):
    path = xquad / f"xquad.{lang}.json"
    path.write_bytes(content)
    message = told(read_squad, xquad)
    assert path.name in message
    assert "expected a SQuAD file" in message


def test_a_question_id_that_comes_twice_is_told(tmp_path):
    articles = [PARAGRAPHS["es"][1], PARAGRAPHS["es"][1]]
    assert "b1 is there twice" in told(
        read_squad, write_json(tmp_path / "es.json", squad(articles))
    )


# ------------------------------------------------------------------------- BEIR

CORPUS = [
    {"_id": "d1", "title": "El ñandú", "text": "El ñandú pone doce huevos en su nido."},
    {"_id": "d2", "title": "Condor", "text": "The condor nests in the Andes."},
    {"_id": "d3", "title": "Plan 9", "text": "", "metadata": {"language": "English"}},
    {"_id": "d4", "text": "Le pont de bois.", "lang": "fr"},
]
QUERIES = [
    {"_id": "q1", "text": "¿Cuántos huevos pone el ñandú?"},
    {"_id": "q2", "text": "condor nest Andes", "metadata": {"lang": "en-GB"}},
    {"_id": "q3", "text": "Where is the bridge?"},
]
QRELS = ["query-id\tcorpus-id\tscore", "q1\td1\t2", "q1\td2\t0", "q2\td2\t1"]


def write_beir(folder, corpus=CORPUS, queries=QUERIES, qrels=QRELS, split="test"):
    write_lines(folder / "corpus.jsonl", corpus)
    write_lines(folder / "queries.jsonl", queries)
    write_lines(folder / "qrels" / f"{split}.tsv", qrels)
    return folder


def test_a_beir_folder_gives_documents_judged_questions_and_languages(tmp_path):
    dataset = read_beir(write_beir(tmp_path / "mi-beir"))
    assert dataset.name == "mi-beir"
    assert [(d.doc_id, d.lang) for d in dataset.documents] == [
        ("d1", "es"),
        ("d2", "en"),
        ("d3", "en"),
        ("d4", "und"),
    ]
    assert dataset.documents[2].text == "Plan 9"
    assert [(q.query_id, q.lang, q.judgements) for q in dataset.questions] == [
        ("q1", "es", (Judgement("d1", 2), Judgement("d2", 0))),
        ("q2", "en", (Judgement("d2", 1),)),
    ]
    assert dataset.skipped == []


def test_a_split_is_test_or_the_only_one_or_the_one_named(tmp_path):
    folder = write_beir(tmp_path, split="dev")
    assert len(read_beir(folder).questions) == 2
    write_lines(folder / "qrels" / "test.tsv", QRELS[:2])
    assert len(read_beir(folder).questions) == 1
    assert len(read_beir(folder, "dev").questions) == 2
    message = told(read_beir, folder, "train")
    assert "train.tsv" in message
    assert "dev, test" in message
    assert "--split" in message


def test_judgements_of_what_is_not_there_are_told_and_skipped(tmp_path):
    dataset = read_beir(write_beir(tmp_path, qrels=[*QRELS, "q1\td9\t1", "q9\td1\t1"]))
    assert len(dataset.questions) == 2
    assert [line.rpartition("test.tsv:")[2] for line in dataset.skipped] == [
        "5: there is no document 'd9'",
        "6: there is no question 'q9'",
    ]


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"corpus": [*CORPUS, "{"]}, "corpus.jsonl:5 is not JSON"),
        ({"corpus": [*CORPUS, "[1]"]}, "corpus.jsonl:5 is '[1]'"),
        ({"corpus": [*CORPUS, '{"_id": "\\ud800"}']}, "corpus.jsonl:5 is not JSON"),
        ({"corpus": [{"_id": 7}]}, "corpus.jsonl:1 has _id 7"),
        ({"corpus": [*CORPUS, CORPUS[0]]}, "corpus.jsonl:5 has document 'd1' a second time"),
        ({"queries": [{"_id": "q1", "text": "¿?"}]}, "queries.jsonl:1 has text '¿?'"),
        ({"queries": [*QUERIES, QUERIES[1]]}, "queries.jsonl:4 has question 'q2' a second time"),
        ({"qrels": [*QRELS, "q1 d1 1"]}, "test.tsv:5 is 'q1 d1 1'"),
        ({"qrels": [*QRELS, "q1\td1\tmucho"]}, "test.tsv:5"),
        ({"qrels": QRELS[:1]}, "judges no question"),
    ],
)
def test_a_bad_line_of_beir_is_told_with_its_number(tmp_path, changed, part):
    message = told(read_beir, write_beir(tmp_path, **changed))
    assert part in message
    assert "expected" in message


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_of_beir_is_told_by_name(tmp_path, name):
    (write_beir(tmp_path) / name).unlink()
    assert name.rpartition("/")[2] in told(read_dataset, tmp_path)


# ------------------------------------------------------------------------- one's own questions

TEXTS = {
    "ñandú.txt": "El ñandú corre por la pampa. Pone doce huevos en su nido. Corre y corre.",
    "tea.md": "Green tea is steamed. It must not boil.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    lang = {"ñandú.txt": "es", "tea.md": "en"}
    documents = [Document(d, "", lang[d], text, (), (), "") for d, text in TEXTS.items()]
    return index_documents(documents, HashEncoder(), folder)


def located(tmp_path, index, *judgements):
    line = {"id": "1", "question": "¿Qué?", "judgements": list(judgements)}
    questions, skipped = locate(read_questions(write_lines(tmp_path / "q.jsonl", [line])), index)
    return questions[0].judgements, skipped


def test_every_field_of_a_question_is_read(tmp_path):
    lines = [
        {
            "id": "1",
            "question": "How many eggs does the ñandú lay?",
            "lang": "en",
            "judgements": [{"document": "ñandú.txt", "start": 29, "end": 58, "grade": 2}],
            "answers": ["doce"],
            "note": "across languages",
        },
        "",
        {"id": "2", "question": "¿Quién ganó?", "unanswerable": True},
    ]
    own = read_questions(write_lines(tmp_path / "mías.jsonl", lines))
    (first, marks), (second, none) = own.questions
    assert (first.query_id, first.lang, first.answers) == ("1", "en", ("doce",))
    assert [(m.line, m.doc_id, m.span, m.grade) for m in marks] == [(1, "ñandú.txt", (29, 58), 2)]
    assert (second.lang, second.unanswerable, none) == ("es", True, ())


def test_units_and_near_misses_are_read_and_name_the_documents_to_be_found(tmp_path, index):
    lines = [
        {"id": "1", "question": "¿Qué?", "units": [UNIT | {"document": "tea.md"}, UNIT]},
        {"id": "2", "question": "¿Y?", "unanswerable": True, "near": "tea.md"},
    ]
    own = read_questions(write_lines(tmp_path / "q.jsonl", lines))
    (first, _), (second, _) = own.questions
    assert first.ways == (Way("tea.md", ("b",)), Way("a.txt", ("b",)))
    assert second.near == "tea.md"
    (first, second), skipped = locate(own, index)
    assert (first.judgements, second.judgements) == ((Judgement("tea.md"),), ())
    assert skipped == ["q.jsonl: question '1': there is no document 'a.txt'"]


def test_a_quote_is_found_wherever_it_stands(tmp_path, index):
    found, skipped = located(tmp_path, index, {"document": "ñandú.txt", "quote": "doce huevos"})
    assert found == (Judgement("ñandú.txt", 1, ((34, 45),)),)
    assert skipped == []
    found, _ = located(tmp_path, index, {"document": "ñandú.txt", "quote": "corre", "grade": 3})
    text = TEXTS["ñandú.txt"]
    assert [text[a:b] for a, b in found[0].spans] == ["corre", "corre"]
    assert found[0].grade == 3


def test_decomposed_accents_are_the_same_words(tmp_path, index):
    found, skipped = located(
        tmp_path, index, {"document": "n\u0303andu\u0301.txt", "quote": "n\u0303andu\u0301"}
    )
    assert found[0].spans == ((3, 8),)
    assert skipped == []


def test_with_offsets_and_a_quote_the_quote_is_what_counts(tmp_path, index):
    here = {"document": "tea.md", "quote": "It must not boil."}
    for start, end in ((22, 39), (5, 22), (500, 517)):
        found, skipped = located(tmp_path, index, {**here, "start": start, "end": end})
        assert found == (Judgement("tea.md", 1, ((22, 39),)),)
        assert skipped == []


@pytest.mark.parametrize(
    ("judgement", "part"),
    [
        ({"document": "no.txt", "quote": "huevos"}, "there is no document 'no.txt'"),
        ({"document": "tea.md", "quote": "boiling"}, "'tea.md' does not hold 'boiling'"),
        ({"document": "tea.md", "start": 30, "end": 40}, "(30, 40) is not inside the 39 char"),
    ],
)
def test_a_judgement_of_what_is_gone_is_told_and_skipped(tmp_path, index, judgement, part):
    kept = {"document": "tea.md", "quote": "Green tea"}
    found, skipped = located(tmp_path, index, judgement, kept)
    assert found == (Judgement("tea.md", 1, ((0, 9),)),)
    assert len(skipped) == 1
    assert skipped[0].startswith("q.jsonl:1: ")
    assert part in skipped[0]


GOOD = {"document": "a.txt", "quote": "b"}
UNIT = {"document": "a.txt", "parts": ["b"]}


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("¿qué?", "is not JSON"),
        ("[]", "one JSON object"),
        ({"question": "¿Qué?"}, "has id None"),
        ({"id": "2", "question": "¡!"}, "has question '¡!'"),
        ({"id": "1", "question": "¿Qué?"}, "question '1' a second time"),
        ({"id": "2", "question": "¿Qué?", "lang": "fr"}, "has lang 'fr'"),
        ({"id": "2", "question": "¿Qué?", "judgments": []}, "has a field 'judgments'"),
        ({"id": "2", "question": "¿Qué?", "answers": "sí"}, "has answers 'sí'"),
        ({"id": "2", "question": "¿Qué?", "unanswerable": "sí"}, "has unanswerable 'sí'"),
        ({"id": "2", "question": "¿Qué?", "unanswerable": True, "answers": ["x"]}, "and yet has"),
        ({"id": "2", "question": "¿Qué?", "unanswerable": True, "judgements": [GOOD]}, "and yet"),
        ({"id": "2", "question": "¿Qué?", "units": {}}, "has units {}"),
        ({"id": "2", "question": "¿Qué?", "units": ["a"]}, "has a unit 'a'"),
        ({"id": "2", "question": "¿Qué?", "units": [{"document": "a.txt"}]}, '"parts"'),
        ({"id": "2", "question": "¿Qué?", "units": [UNIT | {"parts": ["b", "|"]}]}, '"|"'),
        ({"id": "2", "question": "¿Qué?", "units": [UNIT | {"document": ""}]}, '"document": ""'),
        ({"id": "2", "question": "¿Qué?", "units": [UNIT | {"page": 1}]}, "a field 'page'"),
        ({"id": "2", "question": "¿Qué?", "unanswerable": True, "units": [UNIT]}, "and yet has"),
        ({"id": "2", "question": "¿Qué?", "near": "a.txt"}, "has near 'a.txt'"),
        ({"id": "2", "question": "¿Qué?", "unanswerable": True, "near": 3}, "has near 3"),
        ({"id": "2", "question": "¿Qué?", "judgements": {}}, "has judgements {}"),
        ({"id": "2", "question": "¿Qué?", "judgements": ["a"]}, "has a judgement 'a'"),
        ({"id": "2", "question": "¿Qué?", "judgements": [{"document": "a.txt"}]}, '{"document"'),
        ({"id": "2", "question": "¿Qué?", "judgements": [{"quote": "a"}]}, '{"quote"'),
        ({"id": "2", "question": "¿Qué?", "judgements": [GOOD | {"start": 3}]}, '"start": 3'),
        (
            {
                "id": "2",
                "question": "¿Qué?",
                "judgements": [{"document": "a", "start": 3, "end": 3}],
            },
            '"end": 3',
        ),
        ({"id": "2", "question": "¿Qué?", "judgements": [GOOD | {"grade": -1}]}, "has grade -1"),
        ({"id": "2", "question": "¿Qué?", "judgements": [GOOD | {"grade": True}]}, "grade True"),
        ({"id": "2", "question": "¿Qué?", "judgements": [GOOD | {"page": 1}]}, "a field 'page'"),
    ],
)
def test_a_bad_line_is_told_with_its_number(tmp_path, line, part):
    path = write_lines(tmp_path / "q.jsonl", [{"id": "1", "question": "¿Qué?"}, line])
    message = told(read_questions, path)
    assert "q.jsonl:2 " in message
    assert part in message


def test_a_file_without_questions_or_of_another_encoding_is_told(tmp_path):
    (tmp_path / "q.jsonl").write_text("\n\n", "utf-8")
    assert "holds no question" in told(read_questions, tmp_path / "q.jsonl")
    (tmp_path / "q.jsonl").write_bytes("¿Qué?".encode("latin-1"))
    assert "UTF-8" in told(read_questions, tmp_path / "q.jsonl")


# ------------------------------------------------------------------------- spans


def passage(start, end, doc_id="a.txt"):
    return Passage("p", doc_id, start, end, "x" * (end - start), "es", "")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 100, True), (15, 100, True), (16, 100, False), (0, 15, True), (0, 14, False),
     (12, 14, True), (18, 22, True), (19, 23, False), (20, 40, False)],
)  # fmt: skip
def test_a_passage_covers_a_span_with_half_of_the_shorter_of_the_two(start, end, expected):
    assert covers(passage(start, end), Judgement("a.txt", 1, ((10, 20),))) is expected


def test_a_passage_of_another_document_covers_nothing_and_a_whole_document_everything():
    assert not covers(passage(0, 9, "b.txt"), Judgement("a.txt", 1, ((0, 9),)))
    assert not covers(passage(0, 9, "b.txt"), Judgement("a.txt"))
    assert covers(passage(0, 9), Judgement("a.txt"))
    assert covers(passage(0, 9), Judgement("a.txt", 1, ((50, 60), (4, 9))))


WORDS = ["El", "ñandú", "corre.", "Pone", "doce", "huevos.", "¿Vuela?", "It", "runs.", "Año"]


@given(
    st.lists(st.sampled_from(WORDS), min_size=4, max_size=120),
    st.integers(8, 40),
    st.data(),
)
def test_however_a_text_is_split_some_passage_covers_each_span(words, max_tokens, data):
    text = " ".join(words)
    document = Document("a.txt", "", "es", text, (), (), "")
    passages = split(document, lambda t: len(t.split()), Splitting(max_tokens=max_tokens))
    # A span of whole words: white space between passages belongs to none of them
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = len(" ".join(words[:first])) + (first > 0)
    end = len(" ".join(words[: last + 1]))
    assert any(covers(p, Judgement("a.txt", 1, ((start, end),))) for p in passages)
