// Where an answer is looked for: `{documents: [{id, title}], folder, language}`, any of them, or null for the whole collection.

import { w } from "./words.js";

/** The scope as it is kept and sent: null where nothing is narrowed. A single `document` is how it was kept once. */
export function scopeOf(given) {
  const { document = null, folder = null, language = null } = given ?? {};
  const documents = given?.documents ?? (document ? [document] : []);
  return documents.length || folder || language ? { documents, folder, language } : null;
}

/** The filters of a question, as the service takes them. */
export function filtersOf(given) {
  const { documents = [], folder = null, language = null } = scopeOf(given) ?? {};
  return {
    ...(documents.length && { document_id: documents.map(({ id }) => id) }),
    ...(folder && { folder: [folder] }),
    ...(language && { language: [language] }),
  };
}

/** Which documents, in words; empty for all of them. */
export function placeWords(scope) {
  if (scope?.folder) return w().onlyInFolder(scope.folder);
  const documents = scope?.documents ?? [];
  if (documents.length > 1) return w().onlyInSome(documents.length);
  return documents.length ? w().onlyIn(documents[0].title || documents[0].id) : "";
}

/** All of it in words; empty for the whole collection. */
export const scopeWords = (scope) =>
  [placeWords(scope), scope?.language && w().scopeIn[scope.language]].filter(Boolean).join(" · ");

/** Puts it into an address that asks a question. */
export function tellScope(search, given) {
  const scope = scopeOf(given);
  for (const { id } of scope?.documents ?? []) search.append("document", id);
  if (scope?.folder) search.set("folder", scope.folder);
  if (scope?.language) search.set("language", scope.language);
}

/** What an address says of it. */
export function toldScope(search) {
  const language = search.get("language");
  return scopeOf({
    documents: search.getAll("document").map((id) => ({ id, title: id })),
    folder: search.get("folder"),
    language: ["es", "en"].includes(language) ? language : null,
  });
}
