// What an answer cites, as it came or as it was kept: places and numbers, nothing that is drawn.

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
