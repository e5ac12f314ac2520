"""The JSON bodies of the native endpoints, and the way from the engine's types to them.

Offsets are code points, 0-based and half-open: ``location`` is a place in the source document, the
``start``/``end`` of a citation a place in the answer. Scores: higher is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from api.collections import NAME
from api.links import Links, composed
from api.native.explained import (
    AnswerExplanation,
    PassageExplanation,
    SearchExplanation,
    answer_explanation,
    passage_explanation,
    search_explanation,
)
from api.settings import Scope
from corpus.languages import LANGS, PACKS
from corpus.window import PartKind
from index.legs import LEGS, SHOWN
from qa.answering import Kind
from qa.cite import Citation, Role
from qa.engine import Answer, Located, PassageHit, SearchResult
from qa.retrieve import HYBRID, MODES
from qa.shortfall import Closest
from qa.structure import Structure, Words
from qa.trace import Trace

if TYPE_CHECKING:
    Language = str
    AskedLanguage = str
    Mode = str
else:
    # What a body may say is what there are packs and legs for
    Language = Literal[LANGS]
    AskedLanguage = Literal[tuple(PACKS)]
    Mode = Literal[MODES]
MAX_HITS = 100
"""Passages that one request may ask for: as many as each leg of the search looks at."""

MAX_PREVIOUS = 5
MAX_COMMENT_CHARS = 4000
"""Earlier questions that a request may name: nobody leans on what was said longer ago."""

NEAREST = 3
"""Passages named as nearest when there is no answer: what a reader takes in at one look."""

_PLAIN = Links()

REQUEST_ID = r"^[A-Za-z0-9._\-]{1,64}$"

JsonObject = dict[str, Any]


def _encodable(text: str) -> str:
    # JSON may hold half of a surrogate pair ("\\ud800"), which no file and no response can hold.
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "expected valid Unicode text") from None
    return text


Text = Annotated[str, AfterValidator(_encodable)]
DocumentId = Annotated[
    Text, StringConstraints(min_length=1, max_length=1024), AfterValidator(composed)
]

QueryText = Annotated[Text, Field(json_schema_extra={"pattern": r"[\p{L}\p{N}]"})]
"""A question. That it needs a letter or a digit is said here and checked where it is understood."""


class Exact(BaseModel):
    """What is a number or true or false in JSON is nothing else: ``"8"`` is no number, ``0`` is not false."""

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any, info: ValidationInfo) -> Any:
        kinds = _kinds(cls.model_fields[str(info.field_name)].annotation)
        numbers = kinds & {int, float}
        given = type(value)
        if numbers and given in (bool, str) and given not in kinds:
            if float in kinds:
                raise PydanticCustomError("float_type", "expected a number")
            raise PydanticCustomError("int_type", "expected a whole number")
        if bool in kinds and given in (int, float, str) and given not in kinds and not numbers:
            raise PydanticCustomError("bool_type", "expected true or false")
        return value


def _kinds(annotation: Any) -> set[Any]:
    """The types that an annotation takes, without what its lists hold."""
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return {get_origin(part) or part for part in parts}


class _Request(Exact):
    """A field we do not know is an error: a typing mistake must not be ignored in silence."""

    model_config = ConfigDict(extra="forbid")


class Filters(_Request):
    """Only passages that match every filter given; an empty list filters nothing."""

    language: list[Language] = Field(default=[], max_length=len(LANGS))
    document_id: list[DocumentId] = Field(default=[], max_length=1000)
    folder: list[DocumentId] = Field(
        default=[], max_length=100, description="Documents in these folders and below them."
    )


class PreviousQuestion(_Request):
    """An earlier question of the same conversation."""

    query: Text
    document_ids: list[DocumentId] = Field(
        default=[], max_length=100, description="The documents that its answer cited."
    )


class SearchRequest(_Request):
    """A search for passages."""

    query: QueryText = Field(description="The question, or a few words.")
    language: AskedLanguage | None = Field(
        default=None, description="Language of the question; null = found out from its words."
    )
    limit: int = Field(default=8, ge=1, le=MAX_HITS, description="Passages wanted.")
    mode: Mode = Field(default=HYBRID, description="Which legs of the search to use.")
    filters: Filters = Filters()
    previous: list[PreviousQuestion] = Field(
        default=[],
        max_length=MAX_PREVIOUS,
        description="The questions of this conversation before this one, oldest first; a question that leans "
        "on them is read in full, see `read_as`.",
    )
    explain: bool = Field(default=False, description="Also say how the scores came about.")


class AskRequest(SearchRequest):
    """A question to be answered."""

    min_confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Least confidence of an answer; null = as this service is set. Below it the answer is an abstention.",
    )
    stream: bool = Field(
        default=False, description="true = server-sent events instead of one JSON body."
    )


class FeedbackRequest(_Request):
    """What a reader thinks of one answer."""

    request_id: str = Field(pattern=REQUEST_ID, description="The request_id of the answer.")
    rating: Literal["up", "down"]
    comment: Text = Field(default="", max_length=MAX_COMMENT_CHARS)


class JobRequest(_Request):
    """A rebuild of the index."""

    full: bool = Field(default=False, description="true = nothing of the last build is used again.")
    allow_removal: bool = Field(
        default=False,
        description="true = build also when more than half of the documents are gone, which is refused else.",
    )


_READ_AS = (
    "The question in full where it leans on an earlier one, and with short forms spelled out as the documents do "
    "(`IBI (Impuesto sobre Bienes Inmuebles)`), or without a slip of the pen in a word that is known nowhere; else null."
)


_MISSING = (
    "Legs of the search that could not look at the index, so that passages may be missing: `dense` where the server that holds "
    "it cannot be asked for vectors now, and words alone are searched for. Empty as a rule."
)


class QueryBody(BaseModel):
    """The question as it was understood."""

    text: str
    language: Language
    language_confidence: float = Field(description="0 to 1.")


_OCR = (
    "How sure the OCR engine is of the page, 0 to 1, where it was read from a picture: recognised text. "
    "null for the text of the file itself."
)


class Location(BaseModel):
    """A place in a document's text."""

    type: Literal["char_location"]
    start_char_index: int
    end_char_index: int
    page_number: int | None = Field(description="1-based; null for a format without pages.")
    section_path: list[str] = Field(description="Headings the place stands under, outermost first.")
    ocr_confidence: float | None = Field(default=None, description=_OCR)


class PassageBody(BaseModel):
    """One passage found."""

    object: Literal["passage"]
    id: str
    rank: int = Field(description="1-based.")
    score: float
    document_id: str
    title: str
    language: Language
    text: str
    location: Location
    url: str = Field(description="The reader, opened at this passage.")
    context_url: str = Field(description="The text around this passage; see `context` there.")
    duplicates: list[str] = Field(
        description="Ids of other documents that say the same in a passage that was left out."
    )
    scores: dict[str, float | None] = Field(
        description=f"The score of each leg ({', '.join(SHOWN)}) and of the `cross_encoder`, where one "
        "is set; null where it did not look at the passage. `reader` is the chance that the passage answers, 0 to 1: the reader reads those "
        "that the search finds about as good and puts them in order."
    )
    explanation: PassageExplanation | None = Field(
        default=None, description="Only when explain is true."
    )


class SearchBody(BaseModel):
    """The answer to a search."""

    object: Literal["search.result"]
    request_id: str
    build_id: str
    query: QueryBody
    read_as: str | None = Field(description=_READ_AS)
    missing_legs: list[str] = Field(description=_MISSING)
    data: list[PassageBody]
    timings_ms: dict[str, float]
    explanation: SearchExplanation | None = Field(
        default=None, description="Only when explain is true."
    )


class CitationLocation(BaseModel):
    """Where a quote stands in its source."""

    type: Literal["char_location"]
    cited_text: str
    document_id: str
    document_title: str
    start_char_index: int
    end_char_index: int
    page_number: int | None
    section_path: list[str]
    ocr_confidence: float | None = Field(default=None, description=_OCR)


class HighlightBody(BaseModel):
    """The words of a quote that answer: ``text[start:end]`` of the citation, code points.

    ``before + words + after`` is the quote, for readers that count otherwise (browsers count UTF-16 units).
    """

    start: int
    end: int
    before: str
    words: str
    after: str


class WordsBody(BaseModel):
    """A stretch of the document: its words, and where they stand in the text."""

    text: str
    start_char_index: int
    end_char_index: int


class PartBody(WordsBody):
    """One thing in a quote: a cell, an item without its number, a value without its label."""

    kind: Literal["text", "heading", "lead", "item", "cell", "value", "meaning"]
    name: WordsBody | None = Field(
        description="The column of a cell, the number of an item, the label of a value, the term of a meaning; it may stand "
        "outside the quote, far above a row. null where there is none."
    )
    under: WordsBody | None = Field(
        description="The name above that of the column, which is over others too; else null."
    )
    level: int = Field(description="The nesting of an item, from 1; else 0.")
    row: int = Field(description="Which row of the quote a cell is in, from 0.")
    column: int = Field(description="Which column of its table a cell is in, from 0.")


class StructureBody(BaseModel):
    """What a quote is made of, so that it can be drawn as the list or the table that it is."""

    kind: Literal["text", "list", "table", "label", "definition"]
    parts: list[PartBody] = Field(description="In the order of the text.")
    question: WordsBody | None = Field(
        description="The question that the document answers with these words (FAQ)."
    )
    lead: WordsBody | None = Field(
        description="What leads in to the list, in the quote or above it."
    )


class CitationBody(BaseModel):
    """One quote: ``answer[start:end] == text``, and the same at ``location`` in the source."""

    id: int = Field(description="The number of the citation, from 1.")
    start: int
    end: int
    text: str
    sources: list[str] = Field(description="Ids of the passages it comes from.")
    location: CitationLocation
    verified: Literal[True] = Field(
        description="The quote was compared with its source, code point by code point."
    )
    score: float
    language: Language
    url: str
    context_url: str = Field(description="The text around this quote; see `context` there.")
    highlight: HighlightBody | None = Field(
        description="The words of the quote that answer; null where they cannot be told."
    )
    role: Role = Field(
        description="`answer`, or what it explains of a quote that answers: `columns` (the names of its columns), `record` "
        "(the cells by which its row is known), `lead` (what leads in to its list)."
    )
    structure: StructureBody
    differs: bool = Field(
        description="It says something else about the same than the first quote, which is of another document or stands elsewhere in the same one."
    )


class ClosestBody(BaseModel):
    """The place nearest to a question that it does not answer."""

    passage_id: str
    document_id: str
    title: str
    section_path: list[str]
    page_number: int | None
    lacks: list[str] = Field(
        description="Names and numbers of the question that this passage does not have."
    )


class UnreadBody(BaseModel):
    """A document that could not be read, and why, in the language of the question."""

    document_id: str
    reason: str


class AbstentionBody(BaseModel):
    """Why there is no answer. Abstaining is an answer, with HTTP status 200."""

    reason: Literal["no_support", "empty_index", "nothing_found", "talk"] = Field(
        description="`talk`: a sum or small talk, which no document was asked about."
    )
    confidence: float
    threshold: float
    message: str
    nearest: list[str] = Field(
        description="Ids of the nearest passages, best first; see `passages`."
    )
    unmentioned: list[str] = Field(
        description="Names and numbers of the question that no document has."
    )
    closest: ClosestBody | None
    unread: list[UnreadBody] = Field(
        description="Documents that the question names and that could not be read."
    )


class AskedBody(BaseModel):
    """One of several questions of a message; `question` stands over its answer as a line of `answer`."""

    question: str
    read_as: str | None = Field(description=_READ_AS)
    status: Literal["answered", "abstained"]
    confidence: float = Field(description="0 to 1.")
    citations: list[int] = Field(description="Ids of its citations.")


class AnswerBody(BaseModel):
    """The answer to a question."""

    object: Literal["answer"]
    id: str
    request_id: str
    build_id: str
    status: Literal["answered", "abstained"]
    language: Language
    read_as: str | None = Field(description=_READ_AS)
    kind: Kind = Field(
        description="`answer`, or what was replied to where nothing was asked of a passage: a greeting, `documents` (which there "
        "are), `summary` (what one is about), `topic` (which are about a matter) …"
    )
    generator: str = Field(
        description="`extractive`, the name of a language model, or `talk` for a fixed reply."
    )
    answer: str
    confidence: float = Field(description="0 to 1.")
    citations: list[CitationBody]
    passages: list[PassageBody] = Field(
        description="Those that were read come first, by how well they answer; each keeps the score of the search."
    )
    abstention: AbstentionBody | None
    missing_legs: list[str] = Field(description=f"{_MISSING} `answer` ends in saying so.")
    questions: list[AskedBody] = Field(
        description="Each of several questions that were asked in one message and answered one by one; empty for one. `status` is "
        "`answered` where one of them is, and `confidence` that of the least sure of those."
    )
    timings_ms: dict[str, float]
    explanation: AnswerExplanation | None = Field(
        default=None, description="Only when explain is true."
    )


class DocumentBody(BaseModel):
    """One document.

    ``reason`` is in the language of the request, ``cause`` in the exact words of the program. ``status``: ``indexed`` can be asked about; ``pending`` and ``changed`` wait for the next build;
    ``skipped`` could not be read (see ``reason``); ``removed`` is gone from the folder but still in
    the active build. Fields that only a build knows are null before it.
    """

    object: Literal["document"]
    id: str
    title: str
    language: Language | None
    status: Literal["indexed", "pending", "changed", "skipped", "removed"]
    reason: str | None
    cause: str | None
    format: str = Field(description="The suffix of the file, without the dot.")
    passages: int | None
    pages: int | None = Field(description="null for a format without pages.")
    unread_pages: int | None = Field(
        description="How many of them could not be read; `left_out` of the document says which and why."
    )
    characters: int | None
    size_bytes: int | None
    modified_at: str | None = Field(description="When the file was last written; ISO 8601, UTC.")
    sha256: str | None
    url: str


class LeftOutBody(BaseModel):
    """Words of a file that are not in its text: a running head, a menu, what is struck out."""

    text: str = Field(description="The words; empty where a page could not be read at all.")
    reason: str = Field(description="Why, in the language of the request where it has a name.")
    pages: list[int] = Field(description="1-based; empty for formats without pages.")


class RecognisedBody(BaseModel):
    """A page that was read from a picture."""

    page: int
    confidence: float = Field(description="How sure the OCR engine is of its words, 0 to 1.")


class OutlineBody(BaseModel):
    """A heading of a document, at `[start, end)` of its text; `level` 1 is the outermost."""

    text: str
    level: int
    start: int
    end: int
    page: int | None


class DocumentDetail(DocumentBody):
    """One document, with what its text lacks and which pages were read by OCR, as the active build knows it."""

    outline: list[OutlineBody] = Field(description="Its headings, 500 at most.")
    left_out: list[LeftOutBody]
    recognised: list[RecognisedBody]


class FolderBody(BaseModel):
    """A folder with documents that match, at any depth."""

    path: str
    documents: int


class DocumentList(BaseModel):
    """One page of the documents."""

    object: Literal["list"]
    data: list[DocumentBody]
    folders: list[FolderBody] = Field(
        description="Folders directly below the one asked for that hold documents which match."
    )
    total: int = Field(description="Documents that match, on all pages.")
    skipped: int = Field(description="How many of these could not be read.")
    limit: int
    offset: int
    has_more: bool


class ProgressBody(BaseModel):
    """How far a build is."""

    stage: str
    done: int
    total: int
    eta_s: float | None


class SkippedBody(BaseModel):
    """A file that could not be used, and why: in the language of the request, and in the exact words of the program."""

    document_id: str
    reason: str
    cause: str


class ReportBody(BaseModel):
    """What a build did."""

    build_id: str | None
    added: list[str]
    changed: list[str]
    removed: list[str]
    kept: int
    skipped: list[SkippedBody]
    documents: int
    passages: int
    encoded: int
    seconds: float


class JobError(BaseModel):
    """Why a job failed."""

    code: str
    detail: str


class JobBody(BaseModel):
    """One rebuild of the index. Times are ISO 8601, UTC."""

    object: Literal["index.job"]
    id: str
    collection: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    full: bool
    created_at: str
    started_at: str | None
    finished_at: str | None
    progress: ProgressBody | None
    report: ReportBody | None
    error: JobError | None
    url: str


class JobList(BaseModel):
    """The last jobs, newest first."""

    object: Literal["list"]
    data: list[JobBody]


class UploadedBody(BaseModel):
    """One uploaded file."""

    object: Literal["document"]
    id: str
    size_bytes: int
    sha256: str
    replaced: bool = Field(description="true when a file of that name was there before.")
    url: str


class RefusedBody(BaseModel):
    """One file that an upload did not store; code, detail and remedy as in a problem."""

    object: Literal["upload.refused"]
    name: str
    code: str
    detail: str
    remedy: str


class UploadBody(BaseModel):
    """What an upload stored and what it refused, and the build it started, if any."""

    object: Literal["list"]
    data: list[UploadedBody]
    refused: list[RefusedBody]
    job: JobBody | None


class DeleteRequest(_Request):
    """Documents to be taken out of the folder."""

    document_id: list[DocumentId] = Field(min_length=1, max_length=1000)


class MoveOne(_Request):
    """A document and the id that it is to have."""

    document_id: DocumentId
    to: DocumentId = Field(description="Its new id: folder and file name below the documents.")


class MoveRequest(_Request):
    """Documents to be moved or renamed: all of them, or none."""

    moves: list[MoveOne] = Field(min_length=1, max_length=1000)


class MovedBody(BaseModel):
    """A document that has another id now."""

    object: Literal["document.moved"]
    document_id: str
    to: str
    url: str


class MovedList(BaseModel):
    """The documents that were moved, and the build that takes their new ids into the index, if any."""

    object: Literal["list"]
    data: list[MovedBody]
    job: JobBody | None


class DeletedList(BaseModel):
    """Which of many documents were removed, and the build that takes them out of the index, if any."""

    object: Literal["list"]
    deleted: list[str]
    missing: list[str] = Field(description="Those that were not there any more.")
    job: JobBody | None


class DeletedBody(BaseModel):
    """A document that was removed, and the build that takes it out of the index, if any."""

    object: Literal["document.deleted"]
    id: str
    deleted: Literal[True]
    job: JobBody | None


class TextBody(BaseModel):
    """The words around a place: ``before + quote + after`` is a stretch of the document's text."""

    object: Literal["document.text"]
    document_id: str
    title: str
    language: Language
    before: str
    quote: str
    after: str
    start: int
    end: int
    page: int | None
    section_path: list[str]
    characters: int = Field(description="Length of the whole text.")
    build_id: str
    url: str


class PieceBody(BaseModel):
    """A stretch of a window's text that is one thing throughout."""

    start: int
    text: str
    page: int | None = Field(description="The page that begins here; null inside a page.")
    heading: int | None = Field(description="Level of the heading it belongs to, 1 outermost.")
    marks: list[int] = Field(description="Numbers of the `mark` parameters that cover it, from 0.")
    found: bool = Field(description="It is one of the words looked for with `find`.")
    part: int | None = Field(description="Number of the part in `parts`, from 0; null outside.")
    cell: int | None = Field(description="Number of the part's cell, from 0; null outside.")


class WindowPartBody(BaseModel):
    """A row of a table, an item of a list or a stretch of code that a window has something of."""

    kind: PartKind
    level: int = Field(
        description="Of an item 1 and more by nesting; of a row 1 for a header; else 0."
    )
    group: int | None = Field(description="The same for all parts of one list or table.")
    cells: int | None = Field(
        description="How many: of a row its columns, of an item 1 where its number stands in the text."
    )


class WindowBody(BaseModel):
    """The lines around a place of a document, cut where something begins or ends.

    The pieces joined are the document's text from ``start`` to ``end``.
    """

    object: Literal["document.window"]
    document_id: str
    title: str
    language: Language
    at: int
    page: int | None
    section_path: list[str] = Field(description="Headings `at` stands under, outermost first.")
    start: int
    end: int
    pieces: list[PieceBody]
    parts: list[WindowPartBody] = Field(
        description="In text order; empty for a text of more than 200,000 characters."
    )
    characters: int = Field(description="Length of the whole text.")
    pages: int | None = Field(description="null for a format without pages.")
    printed: bool = Field(description="Whether `/pages/{page}` shows them as they are printed.")
    sha256: str = Field(description="Of the file that was indexed: places hold as long as it does.")
    build_id: str | None


BoxBody = tuple[float, float, float, float]


class PrintedLineBody(BaseModel):
    """The words of a line of a page and its place."""

    text: str
    box: BoxBody = Field(description="Left, top, right, bottom; shares of the page, 0 to 1.")


class PageBody(BaseModel):
    """A page of a PDF as it is printed; its picture is at `…/picture`."""

    object: Literal["document.page"]
    document_id: str
    page: int = Field(description="1-based.")
    pages: int
    width: float = Field(description="In points, as it is shown.")
    height: float
    lines: list[PrintedLineBody] = Field(description="In reading order.")
    marks: list[list[BoxBody]] = Field(
        description="For each `mark`, the box of each line that it touches."
    )
    start: int = Field(description="Where the page begins in the text of the document.")
    end: int
    sha256: str


class FoundPlace(BaseModel):
    """Where the words stand in a document."""

    start: int
    end: int


class FoundBody(BaseModel):
    """Where words stand in a document, in the order of the text."""

    object: Literal["document.found"]
    document_id: str
    q: str
    data: list[FoundPlace]
    has_more: bool = Field(description="There are more places than `limit`.")
    sha256: str


class BuildBody(BaseModel):
    """One build of the index on disk."""

    object: Literal["index.build"]
    id: str
    created_at: str
    active: bool
    documents: int
    passages: int
    encoder: str
    size_bytes: int
    problem: str | None = Field(description="Why it cannot be activated; null when it can.")


class BuildList(BaseModel):
    """The builds on disk."""

    object: Literal["list"]
    data: list[BuildBody]


class FeedbackBody(BaseModel):
    """The feedback was written down."""

    object: Literal["feedback"]
    request_id: str
    rating: Literal["up", "down"]


CollectionName = Annotated[
    str,
    Field(
        description="1 to 63 of a–z, 0–9 and -.",
        json_schema_extra={"maxLength": 63, "pattern": f"^{NAME}$"},
    ),
]


class CollectionRequest(_Request):
    """A collection to be made, or to be put back."""

    name: CollectionName
    undelete: bool = Field(
        default=False, description="true = the one of that name that was deleted within the hour."
    )


class CollectionRename(_Request):
    """What a collection is to be called."""

    name: CollectionName


class CollectionBody(BaseModel):
    """One named collection of documents."""

    object: Literal["collection"]
    name: str
    build_id: str | None = Field(description="The build that answers; null when there is none.")
    documents: int | None = Field(description="Documents of that build; null when there is none.")
    url: str


class DeletedCollection(BaseModel):
    """A collection that can be put back."""

    name: str
    until: str = Field(description="ISO 8601, UTC; from then on it is gone.")


class CollectionList(BaseModel):
    """The collections that this caller may use, `default` first."""

    object: Literal["list"]
    data: list[CollectionBody]
    deleted: list[DeletedCollection] = Field(
        description="Those that can be put back, for a key that may do that."
    )


class CollectionDeleted(BaseModel):
    """A collection was removed, with its documents."""

    object: Literal["collection.deleted"]
    name: str
    deleted: Literal[True]
    until: str | None = Field(description="How long it can be put back; null where it is gone.")


class SuggestedQuestion(BaseModel):
    """A question worth asking these documents."""

    lang: AskedLanguage
    text: str


class QuestionList(BaseModel):
    """Questions that lead on from a place; each was tried."""

    object: Literal["list"]
    data: list[SuggestedQuestion]


class NotReady(BaseModel):
    """Why no question can be asked."""

    code: str
    detail: str
    remedy: str


class DoorBody(BaseModel):
    """A door for clients of others."""

    name: str
    open: bool
    paths: list[str] = Field(description="Where it answers.")
    missing: str | None = Field(description="What must be installed before it answers, or null.")


class InfoBody(BaseModel):
    """What this service is and holds."""

    object: Literal["service"]
    name: Literal["Fuente"]
    version: str
    collection: str = Field(description="The one that all the rest of this is about.")
    ready: bool
    problem: NotReady | None
    generator: str = Field(description="Who writes the answers; `extractive`: quotes alone.")
    languages: list[AskedLanguage]
    interface_language: Literal["es", "en"]
    encoder: JsonObject | None
    build: JsonObject | None
    documents: dict[str, int] = Field(description="Documents in the active build, by language.")
    suggested_questions: list[SuggestedQuestion]
    formats: list[str]
    confidence_bands: dict[Literal["high", "medium"], float] = Field(
        description="From which confidence on an answer is called so; below, its confidence is low."
    )
    limits: dict[str, int]
    keys_required: bool
    fetch_links: bool = Field(description="Documents can be added from a link.")
    doors: list[DoorBody]
    scope: Scope = Field(description="What this caller may do; admin where no keys are set.")


class ProblemBody(BaseModel):
    """RFC 9457 (application/problem+json), in the language of Accept-Language."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    remedy: str


def search_body(
    result: SearchResult, request_id: str, links: Links = _PLAIN, *, explain: bool
) -> SearchBody:
    """A search result as JSON; ``explanation`` is there only when it was asked for."""
    body = SearchBody(
        object="search.result",
        request_id=request_id,
        build_id=result.build_id,
        query=QueryBody(
            text=result.question.text,
            language=result.question.lang,
            language_confidence=result.question.lang_confidence,
        ),
        read_as=result.question.read_as,
        missing_legs=list(result.missing),
        data=_passages(result.hits, result.trace, links),
        timings_ms=_rounded(result.timings_ms),
    )
    if explain and result.trace is not None:
        body.explanation = search_explanation(result.trace)
    return body


def answer_body(
    answer: Answer, request_id: str, links: Links = _PLAIN, *, explain: bool
) -> AnswerBody:
    """An answer as JSON.

    Raises ValueError when a quote is not word for word in answer and source.
    """
    passages = {hit.passage.passage_id: hit for hit in answer.hits}
    abstention = None
    if answer.abstention is not None:
        abstention = AbstentionBody(
            reason=answer.abstention.reason,
            confidence=answer.abstention.confidence,
            threshold=answer.abstention.threshold,
            message=answer.abstention.message,
            nearest=list(passages)[:NEAREST],
            unmentioned=list(answer.abstention.unmentioned),
            closest=_closest(answer.abstention.closest),
            unread=[
                UnreadBody(document_id=one.doc_id, reason=one.reason)
                for one in answer.abstention.unread
            ],
        )
    body = AnswerBody(
        object="answer",
        id=f"ans_{request_id}",
        request_id=request_id,
        build_id=answer.build_id,
        status=answer.status,
        language=answer.lang,
        read_as=answer.question.read_as,
        kind=answer.kind,
        generator=answer.generator,
        answer=answer.text,
        confidence=answer.confidence,
        citations=[citation_body(one, answer.text, answer.hits, links) for one in answer.citations],
        passages=_passages(answer.hits, answer.trace, links),
        abstention=abstention,
        missing_legs=list(answer.missing),
        questions=[
            AskedBody(
                question=one.text,
                read_as=one.question.read_as,
                status="answered" if one.answered else "abstained",
                confidence=one.confidence,
                citations=list(one.citations),
            )
            for one in answer.asked
        ],
        timings_ms=_rounded(answer.timings_ms),
    )
    if explain and answer.trace is not None:
        body.explanation = answer_explanation(answer.trace)
    return body


def _closest(closest: Closest | None) -> ClosestBody | None:
    if closest is None:
        return None
    return ClosestBody(
        passage_id=closest.passage_id,
        document_id=closest.doc_id,
        title=closest.title,
        section_path=list(closest.section_path),
        page_number=closest.page,
        lacks=list(closest.lacks),
    )


def citation_body(
    citation: Citation, text: str, hits: Sequence[PassageHit], links: Links = _PLAIN
) -> CitationBody:
    """A citation as JSON; ``text`` is the answer at least up to it, ``hits`` its passages.

    Raises ValueError when its quote does not hold: a false quote never leaves.
    """
    _verify(citation, text, hits)
    return CitationBody(
        id=citation.number,
        start=citation.answer_start,
        end=citation.answer_end,
        text=text[citation.answer_start : citation.answer_end],
        sources=[citation.passage_id],
        location=CitationLocation(
            type="char_location",
            cited_text=citation.quote,
            document_id=citation.doc_id,
            document_title=citation.title,
            start_char_index=citation.start,
            end_char_index=citation.end,
            page_number=citation.page,
            section_path=list(citation.section_path),
            ocr_confidence=citation.ocr_confidence,
        ),
        verified=True,
        score=citation.score,
        language=citation.lang,
        url=links.reader(citation.doc_id, citation.start, citation.end),
        context_url=links.context(citation.doc_id, citation.start, citation.end),
        highlight=_highlight(citation),
        role=citation.role,
        structure=_structure(citation.structure),
        differs=citation.differs,
    )


def text_body(doc_id: str, located: Located, links: Links = _PLAIN) -> TextBody:
    """The words around a place as JSON."""
    return TextBody(
        object="document.text",
        document_id=doc_id,
        title=located.title,
        language=located.lang,
        before=located.before,
        quote=located.quote,
        after=located.after,
        start=located.start,
        end=located.end,
        page=located.page,
        section_path=list(located.section_path),
        characters=located.n_chars,
        build_id=located.build_id,
        url=links.reader(doc_id, located.start, located.end),
    )


def _passages(hits: Sequence[PassageHit], trace: Trace | None, links: Links) -> list[PassageBody]:
    """The passages as JSON, each with its explanation where there is a trace."""
    bodies = [_passage(hit, links) for hit in hits]
    for body, told in zip(bodies, trace.passages if trace else (), strict=False):
        body.explanation = passage_explanation(told)
    return bodies


def _passage(hit: PassageHit, links: Links) -> PassageBody:
    passage = hit.passage
    scores = dict(zip(LEGS, hit.scores, strict=True))
    return PassageBody(
        object="passage",
        id=passage.passage_id,
        rank=hit.rank,
        score=hit.score,
        document_id=passage.doc_id,
        title=hit.title,
        language=passage.lang,
        text=passage.text,
        location=Location(
            type="char_location",
            start_char_index=passage.start,
            end_char_index=passage.end,
            page_number=hit.page,
            section_path=list(hit.section_path),
            ocr_confidence=hit.ocr_confidence,
        ),
        url=links.reader(passage.doc_id, passage.start, passage.end),
        context_url=links.context(passage.doc_id, passage.start, passage.end),
        duplicates=list(hit.duplicates),
        scores={
            **{shown: scores[leg] for shown, leg in SHOWN.items()},
            "cross_encoder": hit.cross_encoder,
            "reader": None if hit.reader is None else round(hit.reader, 4),
        },
    )


def _words(words: Words | None) -> WordsBody | None:
    if words is None:
        return None
    return WordsBody(text=words.text, start_char_index=words.start, end_char_index=words.end)


def _structure(structure: Structure) -> StructureBody:
    return StructureBody(
        kind=structure.kind,
        parts=[
            PartBody(
                text=part.words.text,
                start_char_index=part.words.start,
                end_char_index=part.words.end,
                kind=part.kind,
                name=_words(part.name),
                under=_words(part.under),
                level=part.level,
                row=part.row,
                column=part.column,
            )
            for part in structure.parts
        ],
        question=_words(structure.question),
        lead=_words(structure.lead),
    )


def _highlight(citation: Citation) -> HighlightBody | None:
    """The highlight of a citation; raises ValueError when it is not inside the quote."""
    if citation.highlight is None:
        return None
    start, end = citation.highlight
    if not 0 <= start < end <= len(citation.quote):
        raise ValueError(
            f"citation {citation.number}: the highlight [{start}, {end}) is not inside the quote of "
            f"{len(citation.quote)} characters"
        )
    quote = citation.quote
    return HighlightBody(
        start=start, end=end, before=quote[:start], words=quote[start:end], after=quote[end:]
    )


def _verify(citation: Citation, text: str, hits: Sequence[PassageHit]) -> None:
    """The engine compared each quote with its document; here answer and passage are compared."""
    if len(citation.quote) != citation.end - citation.start:
        raise ValueError(
            f"citation {citation.number}: the quote has {len(citation.quote)} characters, its "
            f"place "
            f"[{citation.start}, {citation.end}) has {citation.end - citation.start}"
        )
    words = text[citation.answer_start : citation.answer_end]
    if citation.verbatim and words != citation.quote:
        raise ValueError(
            f"citation {citation.number}: the answer holds other words at "
            f"[{citation.answer_start}, {citation.answer_end}) than the quote"
        )
    for hit in hits:
        passage = hit.passage
        if passage.passage_id != citation.passage_id:
            continue
        # Where the two overlap they must agree; a quote may go on into the next passage.
        start, end = max(citation.start, passage.start), min(citation.end, passage.end)
        ours = passage.text[start - passage.start : end - passage.start]
        cited = citation.quote[start - citation.start : end - citation.start]
        if passage.doc_id != citation.doc_id or start >= end or ours != cited:
            raise ValueError(
                f"citation {citation.number}: passage {passage.passage_id} holds other words at "
                f"[{citation.start}, {citation.end}) of {citation.doc_id} than the quote"
            )


def _rounded(timings_ms: dict[str, float]) -> dict[str, float]:
    """Microseconds are enough."""
    return {name: round(value, 3) for name, value in timings_ms.items()}
