"""From thumbs to judged questions: what each makes, what is merged, what is left out."""

import json

import pytest

from corpus.document import CorpusError
from qa.evaluation.dataset import read_questions
from qa.evaluation.feedback import judged_questions, write_questions

EGGS = {
    "document": "año/ñandú.txt",
    "start": 29,
    "end": 58,
    "quote": "Pone doce huevos en su nido.",
}
NEST = {"document": "rhea.txt", "start": 0, "end": 28, "quote": "The rhea lays in one nest."}
QUESTION = "¿Cuántos huevos pone el ñandú?"


def line(rating, *citations, question=QUESTION, language="es", request_id="r1", **more):
    status = "answered" if citations else "abstained"
    return {
        "request_id": request_id,
        "rating": rating,
        "question": question,
        "language": language,
        "status": status,
        "citations": list(citations),
        **more,
    }


@pytest.fixture
def exported(tmp_path):
    """``exported(*lines)``: what a feedback file of these lines gives, read back as questions."""

    def run(*lines):
        texts = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines]
        path = tmp_path / "feedback.jsonl"
        path.write_text("".join(text + "\n" for text in texts), "utf-8")
        export = judged_questions(path)
        assert export.n_read == len(lines)
        if export.questions:
            write_questions(export.questions, tmp_path / "out.jsonl")
            assert len(read_questions(tmp_path / "out.jsonl").questions) == len(export.questions)
        return export

    return run


def grades(question):
    return {(j["document"], j["start"], j["end"]): j["grade"] for j in question["judgements"]}


AT_EGGS, AT_NEST = ("año/ñandú.txt", 29, 58), ("rhea.txt", 0, 28)


def test_a_thumb_up_judges_every_place_quoted(exported):
    (question,) = exported(line("up", EGGS, NEST)).questions
    assert question == {
        "id": "r1",
        "question": QUESTION,
        "lang": "es",
        "judgements": [{**EGGS, "grade": 1}, {**NEST, "grade": 1}],
    }


def test_a_thumb_down_rejects_the_places_and_asks_for_the_right_one(exported):
    (question,) = exported(line("down", EGGS)).questions
    assert grades(question) == {AT_EGGS: 0}
    assert "add where the answer stands" in question["note"]


def test_a_thumb_up_for_an_abstention_makes_the_question_unanswerable(exported):
    asked = {"question": "Who won the World Cup?", "language": "en"}
    (question,) = exported(line("up", **asked)).questions
    assert question["unanswerable"] is True
    assert (question["lang"], question["judgements"]) == ("en", [])


def test_a_thumb_down_for_an_abstention_decides_nothing(exported):
    export = exported(line("down"))
    assert export.questions == []
    assert export.left_out == {"undecided": 1}


def test_the_latest_thumb_about_the_same_words_counts(exported):
    again = line("down", EGGS, request_id="r2", question="  ¿cuántos huevos PONE el ñandú?")
    export = exported(line("up", EGGS, NEST), again)
    assert [q["id"] for q in export.questions] == ["r1"]
    assert grades(export.questions[0]) == {AT_EGGS: 0, AT_NEST: 1}
    assert "note" not in export.questions[0]
    assert grades(exported(again, line("up", EGGS)).questions[0]) == {AT_EGGS: 1}


def test_answerable_or_not_is_what_the_latest_thumb_says(exported):
    (question,) = exported(line("up", EGGS), line("up")).questions
    assert question["unanswerable"] is True
    assert grades(question) == {AT_EGGS: 0}
    (question,) = exported(line("up"), line("up", EGGS)).questions
    assert "unanswerable" not in question
    assert grades(question) == {AT_EGGS: 1}
    (question,) = exported(line("up"), line("down", EGGS)).questions
    assert question["unanswerable"] is True
    assert exported(line("up"), line("down")).questions == []


def test_the_same_words_in_the_other_language_are_another_question(exported):
    export = exported(
        line("up", EGGS, question="¿Taxi?"),
        line("up", NEST, question="¿Taxi?", language="en", request_id="r1"),
    )
    assert [(q["id"], q["lang"]) for q in export.questions] == [("r1", "es"), ("r1-2", "en")]


def test_lines_without_answer_and_damaged_ones_are_counted_and_left_out(exported):
    before = {"request_id": "r0", "rating": "up", "comment": "", "build_id": "b"}
    export = exported(before, '{"request_id": "r1", "rat', '"up"', line("meh"), line("up", EGGS))
    assert len(export.questions) == 1
    assert export.left_out == {"without_answer": 1, "unreadable": 3}


def test_files_that_cannot_be_read_or_written_are_told(tmp_path):
    with pytest.raises(CorpusError, match=r"feedback\.jsonl cannot be read.*--data") as caught:
        judged_questions(tmp_path / "feedback.jsonl")
    assert "\n" not in str(caught.value)
    with pytest.raises(CorpusError, match=r"out\.jsonl cannot be written"):
        write_questions([], tmp_path / "no" / "out.jsonl")
