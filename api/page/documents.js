// What the service knows and does about documents, builds of the index and the jobs that make them.

import { base, own } from "./collection.js";
import { Problem, accessKey, body, events, get, originalUrl, problemOf, quoteId, request } from "./api.js";
import { language } from "./words.js";

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
export const list = ({ q, lang, status, folder, sort, limit, offset }, signal) =>
  get(`${DOCUMENTS}${query({ q, language: lang, status, folder, sort, limit, offset })}`, { signal });

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
