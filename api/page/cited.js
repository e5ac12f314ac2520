// What an answer cites, and what is kept of it: its words, what it quotes and where that stands, nothing that is drawn. What can be
// asked for again is left out.

/** A place in a document, as the reader takes it. */
export function place(item) {
  const location = item.location ?? {};
  return {
    id: location.document_id ?? item.document_id,
    start: location.start_char_index,
    end: location.end_char_index,
    title: location.document_title ?? item.title,
    page: location.page_number ?? null,
    section: location.section_path ?? [],
    ocr: location.ocr_confidence ?? null,
    quote: location.cited_text ?? null,
    language: item.language ?? null,
  };
}

/** The citations of an answer with their numbers and places; a place without a section takes its passage's. */
export function citationsOf(body) {
  return (body?.citations ?? []).map((citation, i) => {
    const spot = place(citation);
    const passage = (body.passages ?? []).find((one) => (citation.sources ?? []).includes(one.id));
    if (!spot.section.length && passage) spot.section = passage.location?.section_path ?? [];
    return { ...citation, number: citation.id ?? i + 1, place: spot };
  });
}

const NEAREST = 3; // passages of a declined answer
const NEAREST_CHARS = 240;

const isEmpty = (value) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** An object without what says nothing. */
const filled = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));

const cutShort = (text) => {
  const letters = Array.from(text);
  return letters.length > NEAREST_CHARS ? `${letters.slice(0, NEAREST_CHARS).join("").trimEnd()} …` : text;
};

function slimPlace({ id, title, start, end, page, section, ocr, quote }, text) {
  return filled({
    document_id: id,
    document_title: title,
    start_char_index: start,
    end_char_index: end,
    page_number: page,
    section_path: section,
    ocr_confidence: ocr,
    cited_text: quote === text ? null : quote,
  });
}

function slimCitation({ id, start, end, text, language, role, differs, structure, highlight, ocr_confidence: ocr, place }) {
  const fits = highlight?.words && highlight.before + highlight.words + highlight.after === text;
  return filled({
    id,
    start,
    end,
    text,
    language,
    role,
    differs,
    structure,
    ocr_confidence: ocr,
    // Where the words that answer begin in the quote, and how long they are
    lit: fits ? [highlight.before.length, highlight.words.length] : null,
    place: slimPlace(place, text),
  });
}

function slimPassage(passage) {
  const { id, text, language } = passage;
  return filled({ id, text: cutShort(text), language, location: slimPlace({ ...place(passage), quote: null }, null) });
}

/** The body of an answer as it is kept; null stays null. */
export function slim(body) {
  if (!body) return null;
  const { request_id, build_id, status, kind, language, answer, confidence, read_as, abstention, questions, timings_ms: timings } = body;
  const byId = new Map((body.passages ?? []).map((passage) => [passage.id, passage]));
  let nearest = (abstention?.nearest ?? []).map((one) => (typeof one === "string" ? byId.get(one) : one)).filter((one) => one?.text);
  if (!nearest.length && status === "abstained") nearest = body.passages ?? [];
  const total = timings?.total ?? timings?.total_ms;
  return filled({
    request_id,
    build_id,
    status,
    kind: kind === "answer" ? null : kind,
    language,
    answer,
    confidence,
    read_as,
    questions: questions?.length ? questions.map(({ question }) => ({ question })) : null,
    abstention: abstention && filled({ reason: abstention.reason, message: abstention.message }),
    citations: citationsOf(body).map(slimCitation),
    passages: status === "abstained" ? nearest.slice(0, NEAREST).map(slimPassage) : null,
    timings_ms: total === undefined ? null : { total },
  });
}

// The words that answer, with their place in the quote in code points, as the service has it.
function highlightOf(text, [from, length]) {
  const [before, words, after] = [text.slice(0, from), text.slice(from, from + length), text.slice(from + length)];
  const start = Array.from(before).length;
  return { start, end: start + Array.from(words).length, before, words, after };
}

/** What `slim` gave, as the page draws answers. */
export function whole(kept) {
  if (!kept) return null;
  return {
    ...kept,
    citations: (kept.citations ?? []).map(({ place, lit, ...citation }) => ({
      ...citation,
      highlight: lit && highlightOf(citation.text, lit),
      location: { cited_text: citation.text, ...place },
    })),
    passages: kept.passages ?? [],
  };
}
