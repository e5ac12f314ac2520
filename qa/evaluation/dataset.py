"""Questions with judgements, read from three formats: SQuAD, BEIR, and lines of one's own.

A judgement names a document, or a stretch of its text, and how well it answers. It never names a passage, so splitting
the documents in another way voids no judgement.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import language
from corpus.document import CorpusError, Document, Lang, Passage, UnknownDocumentError
from index.searchable import Searchable
from qa.evaluation.units import Way, plain

LANGS: tuple[Lang, Lang] = ("es", "en")

_EXPECTED = (
    "expected a SQuAD file (.json) or a folder with one for each language, such as xquad.es.json and xquad.en.json; "
    "a BEIR folder with corpus.jsonl, queries.jsonl and qrels/; or a file (.jsonl) of your own questions"
)
_QUESTION_FIELDS = {
    "id",
    "question",
    "lang",
    "judgements",
    "units",
    "answers",
    "unanswerable",
    "near",
    "note",
}
_UNIT_FIELDS = {"document", "parts"}
_JUDGEMENT_FIELDS = {"document", "start", "end", "quote", "grade"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a document answers a question: ``grade`` 0 does not, more is better.

    ``spans`` are stretches ``[start, end)`` of the document's text, any of which will do (the same words at several
    places); without any, the document as a whole is meant.
    """

    doc_id: str
    grade: int = 1
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its judgements; ``answers`` are gold strings, empty where none are known.

    ``unanswerable``: the documents hold no answer. ``others``: the documents to ask again without its own ones, empty
    where that is not asked. ``article`` numbers from 0, -1 where there are no articles. ``ways``: what has to be quoted for a
    whole answer, one way or another. ``near``: the document that almost answers an unanswerable question.
    """

    query_id: str
    text: str
    lang: Lang
    judgements: tuple[Judgement, ...] = ()
    answers: tuple[str, ...] = ()
    unanswerable: bool = False
    others: tuple[str, ...] = ()
    article: int = -1
    ways: tuple[Way, ...] = ()
    near: str | None = None


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question about the paragraph ``doc_id``; ``article`` numbers from 0."""

    query_id: str
    text: str
    doc_id: str
    article: int
    unanswerable: bool = False


@dataclass(frozen=True, slots=True)
class Squad:
    """Paragraphs, questions and gold answers by language; paragraphs are numbered in file order, alike in each language."""

    name: str
    documents: dict[Lang, list[Document]]
    questions: dict[Lang, list[SquadQuestion]]
    answers: dict[Lang, dict[str, tuple[str, ...]]]

    @property
    def parallel(self) -> bool:
        """Whether there are two languages with the same questions about the same paragraphs."""
        places = [{(q.query_id, q.doc_id) for q in asked} for asked in self.questions.values()]
        sizes = {len(documents) for documents in self.documents.values()}
        return len(places) == 2 and places[0] == places[1] and len(sizes) == 1


@dataclass(frozen=True, slots=True)
class Beir:
    """A collection with judged questions; ``skipped`` says in one line each which judgements could not be used."""

    name: str
    documents: list[Document]
    questions: list[Judged]
    skipped: list[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A judgement as written in a file, not yet looked up: offsets, or a quote, or both."""

    line: int
    doc_id: str
    span: tuple[int, int] | None
    quote: str | None
    grade: int


@dataclass(frozen=True, slots=True)
class OwnQuestions:
    """Questions to be asked of the active build, each with its marks."""

    name: str
    questions: list[tuple[Judged, tuple[Mark, ...]]]


def read_dataset(path: Path, split: str | None = None) -> Squad | Beir | OwnQuestions:
    """The data set at ``path``, its format told by its name and files; ``split`` is for BEIR.

    :raises CorpusError: when it has none of the three formats, or a line or field that cannot be used.
    """
    if path.is_dir():
        if (path / "corpus.jsonl").exists() or (path / "queries.jsonl").exists():
            return read_beir(path, split)
        if any(path.glob("*.json")):
            return read_squad(path)
        raise CorpusError(f"{path} is a folder without questions; {_EXPECTED}")
    if not path.exists():
        raise CorpusError(f"{path} is not there; {_EXPECTED}")
    if path.suffix.lower() == ".json":
        return read_squad(path)
    if path.suffix.lower() == ".jsonl":
        return read_questions(path)
    raise CorpusError(f"{path} is a file of another kind; {_EXPECTED}")


# --------------------------------------------------------------------------- SQuAD


def read_squad(path: Path) -> Squad:
    """A file in the layout of SQuAD 1.1 or 2.0, or a folder with one file for each language.

    The language is the part ``es`` or ``en`` of a file's name, else that of its paragraphs. In a folder the files so
    named count, or every ``*.json`` where none is.

    :raises CorpusError: for a file that is missing or laid out otherwise, or two files of one language.
    """
    files = [path]
    if path.is_dir():
        every = sorted(path.glob("*.json"))
        files = [p for p in every if _named_lang(p)] or every
        if not files:
            raise CorpusError(f"{path} holds no .json file; {_EXPECTED}")
    squad = Squad(path.name, {}, {}, {})
    for file in files:
        documents, questions, answers = _read_squad_file(file)
        lang = _named_lang(file) or _most(d.lang for d in documents)
        if lang in squad.documents:
            raise CorpusError(
                f"{file} is a second file in language {lang}; expected one for each language: "
                "name the file itself, or put es or en into the names, as in xquad.es.json"
            )
        squad.documents[lang] = [
            Document(d.doc_id, "", lang, d.text, (), (), "") for d in documents
        ]
        squad.questions[lang], squad.answers[lang] = questions, answers
    order = [lang for lang in (*LANGS, "und") if lang in squad.documents]
    return Squad(
        squad.name,
        {lang: squad.documents[lang] for lang in order},
        {lang: squad.questions[lang] for lang in order},
        {lang: squad.answers[lang] for lang in order},
    )


def _named_lang(path: Path) -> Lang | None:
    parts = re.split(r"[^a-z]+", path.stem.lower())
    return next((lang for lang in LANGS if lang in parts), None)


def _read_squad_file(
    path: Path,
) -> tuple[list[Document], list[SquadQuestion], dict[str, tuple[str, ...]]]:
    documents: list[Document] = []
    questions: list[SquadQuestion] = []
    answers: dict[str, tuple[str, ...]] = {}
    try:
        articles = json.loads(path.read_text("utf-8"))["data"]
        for number, article in enumerate(articles):
            for paragraph in article["paragraphs"]:
                doc_id = f"{len(documents):05d}"
                text = unicodedata.normalize("NFC", paragraph["context"])
                documents.append(Document(doc_id, "", language.detect(text)[0], text, (), (), ""))
                for qa in paragraph["qas"]:
                    impossible = bool(qa.get("is_impossible", False))
                    asked = SquadQuestion(
                        qa["id"], _asked(qa["question"]), doc_id, number, impossible
                    )
                    if asked.query_id in answers:
                        raise ValueError(f"question {asked.query_id} is there twice")
                    questions.append(asked)
                    gold = [] if impossible else [_nfc(a["text"]) for a in qa["answers"]]
                    answers[asked.query_id] = tuple(dict.fromkeys(gold))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"{path} cannot be read as SQuAD JSON ({type(error).__name__}: {error}); {_EXPECTED}"
        ) from error
    if not questions:
        raise CorpusError(f"{path} holds no question; {_EXPECTED}")
    return documents, questions, answers


# --------------------------------------------------------------------------- BEIR


def read_beir(folder: Path, split: str | None = None) -> Beir:
    """A folder in the layout of BEIR (Thakur et al. 2021, arXiv:2104.08663).

    ``corpus.jsonl`` (``_id``, ``title``, ``text``), ``queries.jsonl`` (``_id``, ``text``) and ``qrels/<split>.tsv``, tab
    separated below a header: query, document, grade. A field ``lang`` or ``language``, in the line or in its
    ``metadata``, gives the language, else it is detected. Only judged questions are asked. ``split`` None means
    ``test``, or the only one there is.

    :raises CorpusError: for a file that is missing or a line that cannot be used, with its number.
    """
    qrels = _qrels_file(folder, split)
    documents: dict[str, Document] = {}
    for place, line in _json_lines(folder / "corpus.jsonl"):
        doc_id = _field(line, "_id", place)
        _once(doc_id in documents, f"document {doc_id!r}", place)
        title, text = (_nfc(str(line.get(name) or "")) for name in ("title", "text"))
        lang = _lang_of(line, f"{title}\n{text}")
        # A document of which only the title is known is still one to be found
        documents[doc_id] = Document(doc_id, title, lang, text or title, (), (), "")
    asked: dict[str, tuple[str, Lang]] = {}
    for place, line in _json_lines(folder / "queries.jsonl"):
        query_id = _field(line, "_id", place)
        _once(query_id in asked, f"question {query_id!r}", place)
        text = _question_text(line.get("text"), "text", place)
        asked[query_id] = (text, _lang_of(line, text))
    judged: dict[str, dict[str, Judgement]] = {}
    skipped = []
    for number, row in enumerate(_lines(qrels), 1):
        if not row or number == 1:
            continue
        try:
            query_id, doc_id, grade_text = row.split("\t")
            grade = int(grade_text)
        except ValueError:
            raise CorpusError(
                f"{qrels}:{number} is {row[:80]!r}; expected question, document and a whole number, tab separated"
            ) from None
        if query_id not in asked or doc_id not in documents:
            missing = f"document {doc_id!r}" if query_id in asked else f"question {query_id!r}"
            skipped.append(f"{qrels}:{number}: there is no {missing}")
            continue
        judged.setdefault(query_id, {})[doc_id] = Judgement(doc_id, grade)
    if not judged:
        raise CorpusError(
            f"{qrels} judges no question of {folder / 'queries.jsonl'}; expected lines "
            "question<TAB>document<TAB>grade below a header, with the ids of the other two files"
        )
    questions = [
        Judged(query_id, text, lang, tuple(judged[query_id].values()))
        for query_id, (text, lang) in asked.items()
        if query_id in judged
    ]
    return Beir(folder.name, list(documents.values()), questions, skipped)


def _qrels_file(folder: Path, split: str | None) -> Path:
    there = sorted(p.stem for p in (folder / "qrels").glob("*.tsv"))
    wanted = split or (there[0] if len(there) == 1 else "test")
    if wanted not in there:
        names = ", ".join(there) or "none"
        raise CorpusError(
            f"{folder / 'qrels'} has no {wanted}.tsv (splits there: {names}); "
            "expected a BEIR folder with corpus.jsonl, queries.jsonl and qrels/test.tsv, or name another with --split"
        )
    return folder / "qrels" / f"{wanted}.tsv"


def _lang_of(line: dict[str, object], text: str) -> Lang:
    metadata = line.get("metadata")
    for place in (line, metadata if isinstance(metadata, dict) else {}):
        for name in ("lang", "language"):
            told = place.get(name)
            if isinstance(told, str) and told:
                # es, es-MX, spa, Spanish …; another language is one that we do not know
                known = re.match(
                    r"(es|spa|spanish|español)\b|(en|eng|english|inglés)\b", told.lower()
                )
                if known is None:
                    return "und"
                return "es" if known[1] else "en"
    return language.detect(text)[0]


# --------------------------------------------------------------------------- one's own questions


def read_questions(path: Path) -> OwnQuestions:
    """Questions about one's own documents, one JSON object a line.

    ``id`` and ``question``; ``lang`` (es or en, else detected); ``judgements``, each with a ``document`` and either
    ``start`` and ``end`` (code points of its text) or a ``quote``, and a ``grade`` (0 upward, 1 if not given); gold
    ``answers``; ``unanswerable`` true where the documents hold no answer; ``note`` is for people. ``units``: each a ``document``
    and the ``parts`` of its text that answer together, such as all items of a list; any one of them will do. ``near``: the
    document that almost answers an unanswerable question.

    :raises CorpusError: for a line that cannot be used, with its number.
    """
    found: list[tuple[Judged, tuple[Mark, ...]]] = []
    seen: set[str] = set()
    for place, line in _json_lines(path):
        _known_fields(line, _QUESTION_FIELDS, place)
        query_id = _field(line, "id", place)
        _once(query_id in seen, f"question {query_id!r}", place)
        seen.add(query_id)
        text = _question_text(line.get("question"), "question", place)
        lang = line.get("lang") or language.detect(text)[0]
        if lang not in language.LANGS:
            known = " or ".join(language.PACKS)
            raise CorpusError(f"{place} has lang {lang!r}; expected {known}, or leave it out")
        answers = line.get("answers", [])
        if not (isinstance(answers, list) and all(isinstance(a, str) and a for a in answers)):
            raise CorpusError(f"{place} has answers {answers!r}; expected a list of strings")
        unanswerable = line.get("unanswerable", False)
        if not isinstance(unanswerable, bool):
            raise CorpusError(f"{place} has unanswerable {unanswerable!r}; expected true or false")
        listed = line.get("judgements", [])
        if not isinstance(listed, list):
            raise CorpusError(f"{place} has judgements {listed!r}; expected a list of objects")
        marks = tuple(_mark(one, place) for one in listed)
        ways = _ways(line.get("units", []), place)
        if unanswerable and (answers or ways or any(m.grade for m in marks)):
            raise CorpusError(
                f"{place} is unanswerable and yet has answers, units or judgements above grade 0; take one of the two out"
            )
        near = line.get("near")
        if near is not None and not (unanswerable and isinstance(near, str) and near):
            raise CorpusError(
                f"{place} has near {near!r}; expected the id of the document that almost answers, and unanswerable true"
            )
        judged = Judged(
            query_id,
            text,
            lang,
            (),
            tuple(map(_nfc, answers)),
            unanswerable,
            ways=ways,
            near=near if near is None else _nfc(near),
        )
        found.append((judged, marks))
    if not found:
        raise CorpusError(f"{path} holds no question; {_EXPECTED}")
    return OwnQuestions(path.name, found)


def _ways(listed: object, place: str) -> tuple[Way, ...]:
    expected = 'expected a list of {"document", "parts"}, parts being a list of words of it'
    if not isinstance(listed, list):
        raise CorpusError(f"{place} has units {listed!r}; {expected}")
    found = []
    for one in listed:
        if not isinstance(one, dict):
            raise CorpusError(f"{place} has a unit {one!r}; {expected}")
        _known_fields(one, _UNIT_FIELDS, place)
        doc_id, parts = one.get("document"), one.get("parts")
        whole = isinstance(parts, list) and all(isinstance(p, str) and plain(p) for p in parts)
        if not isinstance(doc_id, str) or not doc_id or not parts or not whole:
            shown = json.dumps(one, ensure_ascii=False)
            raise CorpusError(f"{place} has a unit {shown}; {expected}")
        found.append(Way(_nfc(doc_id), tuple(map(_nfc, parts))))
    return tuple(found)


def _mark(one: object, place: str) -> Mark:
    expected = 'expected {"document", "start", "end"} or {"document", "quote"}, and perhaps "grade"'
    if not isinstance(one, dict):
        raise CorpusError(f"{place} has a judgement {one!r}; {expected}")
    _known_fields(one, _JUDGEMENT_FIELDS, place)
    doc_id, quote, grade = one.get("document"), one.get("quote"), one.get("grade", 1)
    start, end = one.get("start"), one.get("end")
    if type(grade) is not int or grade < 0:
        raise CorpusError(f"{place} has grade {grade!r}; expected a whole number from 0 upward")
    span: tuple[int, int] | None = None
    if type(start) is int and type(end) is int and 0 <= start < end:
        span = (start, end)
    quoted = isinstance(quote, str) and quote.strip() != ""
    placed = span is not None or (quoted and start is None and end is None)
    if not isinstance(doc_id, str) or not doc_id or not placed:
        raise CorpusError(
            f"{place} has a judgement {json.dumps(one, ensure_ascii=False)}; {expected}"
        )
    return Mark(
        line=int(place.rpartition(":")[2]),
        doc_id=_nfc(doc_id),
        span=span,
        quote=_nfc(quote) if isinstance(quote, str) and quoted else None,
        grade=grade,
    )


def locate(own: OwnQuestions, index: Searchable) -> tuple[list[Judged], list[str]]:
    """The questions with their marks looked up in ``index``, and one line for each mark that is not there any more.

    Where a mark has offsets and a quote, the offsets count if the quote stands there, else the quote is looked for:
    so a judgement outlives an edit of its document elsewhere.
    """
    located, skipped = [], []
    for question, marks in own.questions:
        judgements = []
        for mark in marks:
            try:
                text = index.document(mark.doc_id).text
            except UnknownDocumentError:
                skipped.append(f"{own.name}:{mark.line}: there is no document {mark.doc_id!r}")
                continue
            spans = _spans(mark, text)
            if spans:
                judgements.append(Judgement(mark.doc_id, mark.grade, spans))
            elif mark.quote is not None:
                skipped.append(
                    f"{own.name}:{mark.line}: {mark.doc_id!r} does not hold {mark.quote[:60]!r}"
                )
            else:
                skipped.append(
                    f"{own.name}:{mark.line}: {mark.span} is not inside the {len(text)} characters of {mark.doc_id!r}"
                )
        if not marks:
            # Where nothing is said of the passages, the documents that answer are to be found
            for doc_id in dict.fromkeys(way.doc_id for way in question.ways):
                if _there(doc_id, index):
                    judgements.append(Judgement(doc_id))
                else:
                    skipped.append(
                        f"{own.name}: question {question.query_id!r}: there is no document {doc_id!r}"
                    )
        located.append(replace(question, judgements=tuple(judgements)))
    return located, skipped


def _there(doc_id: str, index: Searchable) -> bool:
    try:
        index.rows_where((), (doc_id,))
    except UnknownDocumentError:
        return False
    return True


def _spans(mark: Mark, text: str) -> tuple[tuple[int, int], ...]:
    if mark.span and mark.span[1] <= len(text):
        start, end = mark.span
        if mark.quote is None or text[start:end] == mark.quote:
            return ((start, end),)
    if mark.quote is None:
        return ()
    return tuple(
        (m.start(), m.start() + len(mark.quote)) for m in re.finditer(re.escape(mark.quote), text)
    )


def covers(passage: Passage, judgement: Judgement) -> bool:
    """Whether a passage holds what a judgement is about.

    It does when it shares with a judged span at least half of whichever of the two is shorter. However a text is cut
    into passages, some passage covers the span: cut once, one piece keeps half of it; cut more often, a piece lies
    wholly inside.
    """
    if passage.doc_id != judgement.doc_id:
        return False
    for start, end in judgement.spans:
        shared = min(end, passage.end) - max(start, passage.start)
        if 2 * shared >= min(end - start, passage.end - passage.start):
            return True
    return not judgement.spans


# --------------------------------------------------------------------------- lines and fields


def _lines(path: Path) -> list[str]:
    try:
        # Not splitlines(): a text may hold U+2028, which ends no line of a file
        return [line.rstrip("\r") for line in path.read_text("utf-8-sig").split("\n")]
    except (OSError, ValueError) as error:
        raise CorpusError(
            f"{path} cannot be read ({type(error).__name__}: {error}); expected a text file in UTF-8"
        ) from error


def _json_lines(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            value = json.loads(line)
            if "\\u" in line:
                # Half of a surrogate pair is JSON, but no text
                json.dumps(value, ensure_ascii=False).encode("utf-8")
        except ValueError as error:
            raise CorpusError(
                f"{place} is not JSON ({error}); expected one object a line"
            ) from error
        if not isinstance(value, dict):
            raise CorpusError(f"{place} is {line[:60]!r}; expected one JSON object a line")
        yield place, value


def _known_fields(value: dict[str, object], known: set[str], place: str) -> None:
    for name in value:
        if name not in known:
            raise CorpusError(f"{place} has a field {name!r}; known are {', '.join(sorted(known))}")


def _field(line: dict[str, object], name: str, place: str) -> str:
    value = line.get(name)
    if not isinstance(value, str) or not value:
        raise CorpusError(f"{place} has {name} {value!r}; expected a text that is not empty")
    return _nfc(value)


def _question_text(value: object, name: str, place: str) -> str:
    try:
        return _asked(value)
    except ValueError:
        raise CorpusError(
            f"{place} has {name} {value!r}; expected a question with at least one word"
        ) from None


def _asked(value: object) -> str:
    if not isinstance(value, str) or not any(c.isalnum() for c in value):
        raise ValueError(f"{value!r} is no question")
    return _nfc(value)


def _once(there: bool, what: str, place: str) -> None:
    if there:
        raise CorpusError(f"{place} has {what} a second time; expected each id once")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _most(langs: Iterable[Lang]) -> Lang:
    return Counter(langs).most_common(1)[0][0]
