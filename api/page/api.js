// Talking to the service: what it says of itself, questions, documents, builds of the index and the jobs that make them; one function
// a request, one kind of error.

import { base, collection, own, root } from "./collection.js";
import { filtersOf } from "./scope.js";
import { language, w } from "./words.js";

/** @typedef {{formats: string[], bands: {high: number, medium: number} | null, limits: Record<string, number>, links: boolean}} Facts */

/** @type {Facts} */
const facts = { formats: [], bands: null, limits: {}, links: false };

/** Takes note of the service's own description; true when the page did not know it before. */
export function learn(info) {
  const isNew = facts.bands === null;
  facts.formats = info.formats ?? [];
  facts.bands = info.confidence_bands ?? null;
  facts.limits = info.limits ?? {};
  facts.links = info.fetch_links ?? false;
  return isNew;
}

/** The suffixes of the files that it reads, `.pdf`. */
export const formats = () => facts.formats;

/** The names of those formats, `PDF, Word`, each once; `names` are known ones by suffix. */
export const formatNames = (names) =>
  [...new Set(facts.formats.map((suffix) => names[suffix.slice(1)] ?? suffix.slice(1).toUpperCase()))].join(", ");

/** "high", "medium" or "low" for a confidence; null while the service has not said what it calls so. */
export function level(confidence) {
  if (!facts.bands) return null;
  if (confidence >= facts.bands.high) return "high";
  return confidence >= facts.bands.medium ? "medium" : "low";
}

/** How many of something the service takes or gives at once. */
export const limit = (name, atLeast) => facts.limits[name] ?? atLeast;

/** Whether it adds documents from links. */
export const followsLinks = () => facts.links;

const KEY = "fuente.key";

/** What the address brings that opens its document without a key; empty where nothing. */
export const granted = /^[\w.-]{1,100}$/.exec(new URLSearchParams(location.search ?? "").get("access") ?? "")?.[0] ?? "";

export function accessKey() {
  try {
    const key = sessionStorage.getItem(KEY);
    if (key) return key;
  } catch {
    // Then there is none.
  }
  return granted ? `link:${granted}` : null;
}

export function setAccessKey(key) {
  try {
    sessionStorage.setItem(KEY, key);
  } catch {
    // Without storage no key can be used; the next reply asks for it again.
  }
}

/** What went wrong, in words for the reader: the fields of application/problem+json. */
export class Problem extends Error {
  /**
   * @param {{title?: string, detail?: string, remedy?: string, code?: string, status?: number, request_id?: string,
   *   retryAfterS?: number | null}} told
   */
  constructor({ title, detail, remedy, code, status, request_id: requestId, retryAfterS = null }) {
    super(detail ?? title ?? code ?? "");
    this.title = title;
    this.detail = detail;
    this.remedy = remedy;
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.retryAfterS = retryAfterS;
  }
}

const AGAIN_MS = 2_000; // between two looks whether the service is back
/** @type {() => void} */
let onBack = () => {};
let looking = false;

/** Has `listener` called when the service answers again after a request that did not reach it. */
export function whenBack(listener) {
  onBack = listener;
}

function lost() {
  if (looking) return;
  looking = true;
  const look = async () => {
    try {
      if (!(await fetch(`${root}/livez`, { cache: "no-store" })).ok) throw new Error();
    } catch {
      setTimeout(look, AGAIN_MS);
      return;
    }
    looking = false;
    onBack();
  };
  setTimeout(look, AGAIN_MS);
}

// Made when shown, not when thrown, so that they follow the language switch.
export const wordsOf = (problem) => {
  if (problem.code === "unreachable")
    return { title: w().unreachable, detail: w().unreachableHelp, remedy: w().unreachableRemedy };
  if (problem.code === "offline")
    return { title: w().offline, detail: w().offlineHelp, remedy: w().offlineRemedy };
  if (problem.code === "broken") return { title: w().broken, detail: w().brokenHelp, remedy: null };
  if (problem.code === "no_collection")
    return { title: w().noCollection(collection), detail: w().noCollectionHelp, remedy: w().noCollectionRemedy };
  // The service tells programs what to do; a person at the page can do other things.
  return { title: problem.title, detail: problem.detail, remedy: w().remedies[problem.code] ?? problem.remedy };
};

/**
 * The response to a request that went well; throws a Problem for any other.
 *
 * @param {string} method
 * @param {string} path
 * @param {{json?: any, signal?: AbortSignal, accept?: string}} [options]
 */
export async function request(method, path, { json, signal, accept = "application/json" } = {}) {
  const headers = { Accept: accept, "Accept-Language": language() };
  const key = accessKey();
  if (key) headers.Authorization = `Bearer ${key}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      signal,
      body: json === undefined ? undefined : JSON.stringify(json),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    lost();
    throw new Problem({ code: navigator.onLine ? "unreachable" : "offline" });
  }
  if (response.ok) return response;
  const retryAfterS = secondsUntil(response.headers.get("retry-after"));
  let body = null;
  try {
    body = await response.json();
  } catch {
    // A proxy's error page is not JSON; the status line is all there is.
  }
  throw problemOf(response.status, response.statusText, body, retryAfterS);
}

/** The problem that a refused request is about; `body` is what came with it, if it was JSON. */
export function problemOf(status, statusText, body, retryAfterS = null) {
  if (body?.code || body?.title) return new Problem({ status, ...body, retryAfterS });
  return new Problem({ code: "http", status, title: `HTTP ${status}`, detail: statusText, retryAfterS });
}

// Retry-After is a number of seconds or, from some proxies, a date.
function secondsUntil(value) {
  if (!value) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(1, seconds) : null;
}

export async function body(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ code: "broken" });
  }
}

/** @type {(path: string, options?: {signal?: AbortSignal}) => Promise<any>} */
export const get = async (path, options) => body(await request("GET", path, options));

/** A document's id is a path: each segment is quoted, the slashes stay. */
export const quoteId = (id) => id.split("/").map(encodeURIComponent).join("/");

// Of what is not found where only the collection is named, that is what there is not.
const ofCollection = (problem) => {
  throw problem.status === 404 && collection ? new Problem({ code: "no_collection", status: 404 }) : problem;
};

export const info = () => get(`${base}/info`).catch(ofCollection);
export const feedback = (requestId, rating, comment = "") =>
  request("POST", `${base}/feedback`, { json: { request_id: requestId, rating, comment } });
export const originalUrl = (id, inline = false) => `${base}/documents/${quoteId(id)}/original${inline ? "?inline=true" : ""}`;

/** The text around [start, end), counted in code points by the server; the page never cuts text itself. */
export const text = (id, start, end, context, signal) =>
  get(`${base}/documents/${quoteId(id)}/text?start=${start}&end=${end}&context=${context}`, { signal });

/** The events of one text/event-stream response, as {event, data}; data is parsed JSON. */
export async function* events(stream) {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let buffer = "";
  let event = "";
  let data = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      buffer += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A lone "\r" at the end may be the first half of "\r\n": wait for the rest.
      const lines = buffer.split(done ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/);
      buffer = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (data.length) yield { event: event || "message", data: JSON.parse(data.join("\n")) };
          event = "";
          data = [];
        } else if (!line.startsWith(":")) {
          const colon = line.indexOf(":");
          const name = colon < 0 ? line : line.slice(0, colon);
          const rest = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
          if (name === "event") event = rest;
          else if (name === "data") data.push(rest);
        }
      }
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {}); // already closed or broken: nothing left to give back
  }
}

/**
 * The body of a question: `{question, lang, previous, scope}`, where `lang` overrides the language found
 * out from its words, `previous` are the questions before it, oldest first, and `scope` is where the answer is looked for,
 * see scope.js.
 */
function questionBody({ question, lang, previous, scope }) {
  const filters = filtersOf(scope);
  return {
    query: question,
    ...(lang && { language: lang }),
    ...(previous?.length && { previous }),
    ...(Object.keys(filters).length && { filters }),
  };
}

/** Asks; calls `onStep(event, data)` while the answer comes and gives back the whole answer. */
export async function ask(asked, { signal, onStep }) {
  try {
    const response = await request("POST", `${base}/ask`, {
      json: { ...questionBody(asked), stream: true },
      signal,
      accept: "text/event-stream, application/json;q=0.9",
    });
    if (!(response.headers.get("content-type") ?? "").startsWith("text/event-stream"))
      return await body(response);
    for await (const { event, data } of events(response.body)) {
      if (event === "final_answer") return data;
      if (event === "error") throw new Problem(data.error ?? data);
      onStep(event, data);
    }
  } catch (error) {
    // Where documents were named, one of them may be gone
    if (error instanceof Problem && !asked.scope?.documents?.length) ofCollection(error);
    if (error instanceof Problem || error.name === "AbortError") throw error;
    // Anything else is a stream that broke off: a proxy that buffers or cuts. Ask for one plain reply.
  }
  return body(await request("POST", `${base}/ask`, { json: questionBody(asked), signal }));
}

/** The same question once more, with how its answer came about. */
export const explain = async (asked) =>
  body(await request("POST", `${base}/ask`, { json: { ...questionBody(asked), explain: true } }));

/** The command that gives the same JSON in a terminal. */
export function curl(asked) {
  const data = JSON.stringify(questionBody(asked)).replaceAll("'", "'\\''");
  const key = accessKey() ? ' \\\n  -H "Authorization: Bearer $FUENTE_KEY"' : "";
  return `curl ${location.origin}${base}/ask \\\n  -H 'Content-Type: application/json'${key} \\\n  -d '${data}'`;
}

// documents, builds and jobs

const DOCUMENTS = `${base}/documents`;
const JOBS = `${own}/index/jobs`;
const BUILDS = `${base}/index/builds`;

const query = (values) => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") search.append(name, one);
  }
  return search.size ? `?${search}` : "";
};

/** A page of the list: `{data, folders, total}`. `q` is part of a title or name, `folder` where they are, `sort` their order. */
export const list = ({ q, lang, status, unread, folder, sort, limit, offset }, signal) =>
  get(`${DOCUMENTS}${query({ q, language: lang, status, unread, folder, sort, limit, offset })}`, { signal }).catch(ofCollection);

/**
 * The lines around `at` (code points) or the beginning of `page`, in pieces: the server cuts at pages,
 * headings, `marks` ([{start, end}]) and the `words` looked for, because it counts code points and a
 * browser does not.
 */
export const lines = (id, { at, page, before, after, marks = [], words }, signal) =>
  get(
    `${DOCUMENTS}/${quoteId(id)}/window${query({
      at: page ? null : at,
      page,
      before,
      after,
      find: words,
      mark: marks.map(({ start, end }) => `${start}-${end}`),
    })}`,
    { signal },
  );

/** A page of a PDF: `{lines: [{text, box}], marks: [[box]]}`, each box in shares of the page. */
export const printed = (id, page, marks, signal) =>
  get(`${DOCUMENTS}/${quoteId(id)}/pages/${page}${query({ mark: marks.map(({ start, end }) => `${start}-${end}`) })}`, { signal });

/** The page as a picture; `sha256` lets the browser keep it. */
export const picture = async (id, page, width, sha256, signal) =>
  (await request("GET", `${DOCUMENTS}/${quoteId(id)}/pages/${page}/picture${query({ width, v: sha256 })}`, { signal, accept: "image/*" })).blob();

/** Where the words stand in a document: `{data: [{start, end}], has_more}`. */
export const find = (id, q, limit, signal) =>
  get(`${DOCUMENTS}/${quoteId(id)}/find${query({ q, limit })}`, { signal });

/** The document with its `outline`, `[{text, level, start, end, page}]`. */
export const detail = (id, signal) => get(`${DOCUMENTS}/${quoteId(id)}`, { signal });

/** Questions about what stands near a place, each of which its document answers: `[{lang, text}]`. */
export const nextQuestions = async (id, at, lang, signal) =>
  (await get(`${base}/next${query({ document_id: id, at, language: lang })}`, { signal })).data;

/** The file itself, for a download that has to carry the access key. */
export const original = async (id) => (await request("GET", originalUrl(id), { accept: "*/*" })).blob();

/** Takes a file out of the folder. */
export const remove = async (id) => body(await request("DELETE", `${DOCUMENTS}/${quoteId(id)}`));

/** Takes many out of it: how many were there. */
export const removeMany = async (ids) =>
  (await body(await request("POST", `${DOCUMENTS}/delete`, { json: { document_id: ids } }))).deleted.length;

/** Gives documents other names, `[{document_id, to}]`: all of them or none; those that have one now. */
export const move = async (moves) => (await body(await request("POST", `${DOCUMENTS}/move`, { json: { moves } }))).data;

/**
 * Stores one file, in `folder` below the documents if that is given. Calls `onProgress(share)`, 0 to 1, while
 * it goes out: only XMLHttpRequest tells that.
 */
export function upload(file, { folder, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", `${own}/documents`);
    sending.setRequestHeader("Accept", "application/json");
    sending.setRequestHeader("Accept-Language", language());
    const key = accessKey();
    if (key) sending.setRequestHeader("Authorization", `Bearer ${key}`);
    sending.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    sending.addEventListener("load", () => {
      let reply = null;
      try {
        reply = JSON.parse(sending.responseText);
      } catch {
        // A proxy's error page is not JSON; the status says what is known.
      }
      if (sending.status >= 200 && sending.status < 300 && reply) resolve(reply);
      else reject(problemOf(sending.status, sending.statusText, reply));
    });
    sending.addEventListener("error", () => reject(new Problem({ code: "unreachable" })));
    sending.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    signal.addEventListener("abort", () => sending.abort());
    const form = new FormData();
    form.append("files", file, file.name);
    if (folder) form.append("path", folder);
    sending.send(form);
  });
}

/** Starts a build, also of much less than before where that is wished; index_job_running when there is one already. */
export const startJob = async (fewer) => body(await request("POST", JOBS, { json: fewer ? { allow_removal: true } : {} }));
export const jobs = () => get(JOBS);
export const job = (id) => get(`${JOBS}/${encodeURIComponent(id)}`);
export const cancelJob = async (id) => body(await request("DELETE", `${JOBS}/${encodeURIComponent(id)}`));

/** The job as it goes on, its end included. */
export async function* watch(id, signal) {
  const accept = "text/event-stream";
  const response = await request("GET", `${JOBS}/${encodeURIComponent(id)}/events`, { signal, accept });
  for await (const { data } of events(response.body)) yield data;
}

export const builds = () => get(BUILDS);
export const activate = async (id) =>
  body(await request("POST", `${BUILDS}/${encodeURIComponent(id)}/activate`));
