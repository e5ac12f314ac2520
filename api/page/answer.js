// One question and its answer: from the service's JSON to the thread.
// A turn keeps its state, so that the language switch can draw it again.

import * as api from "./api.js";
import { copyButton, el, icon, langOf } from "./dom.js";
import { language, number, w } from "./words.js";

// The server's confidence is a probability; these are the words for it.
const HIGH = 0.75;
const MEDIUM = 0.45;
// A shorter quote with words before and after it on its line is shown inside the sentence.
const INLINE_CHARS = 90;

const WORD = /[\p{L}\p{N}]/u;

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
    quote: location.cited_text ?? null,
    language: item.language ?? null,
  };
}

/** "p. 3 · Chapter › Section", or an empty string. */
export function whereabouts({ page, section, title }) {
  const path = (section ?? []).filter((part) => part && part !== title).join(" › ");
  return [page ? w().page(page) : "", path].filter(Boolean).join(" · ");
}

// The answer cut at its citations. Offsets are code points, so the cutting is done on code points;
// where they do not give the citation's own text, that text is looked for instead.
function cut(body) {
  const points = Array.from(body.answer ?? "");
  const byNumber = (body.citations ?? []).map((citation, i) => ({ number: i + 1, ...citation }));
  const parts = [];
  let at = 0;
  for (const citation of [...byNumber].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = parts.findLast((part) => part.citations);
    if (last && last.start === citation.start && last.end === citation.end) {
      last.citations.push(citation);
      continue;
    }
    let { start, end } = citation;
    if (start < at || points.slice(start, end).join("") !== citation.text) {
      const rest = points.slice(at).join("").split(citation.text);
      start = rest.length > 1 ? at + Array.from(rest[0]).length : points.length;
      end = rest.length > 1 ? start + Array.from(citation.text).length : points.length;
    }
    parts.push({ own: points.slice(at, start).join("") });
    parts.push({ quote: citation.text, citations: [citation], start: citation.start, end: citation.end });
    at = end;
  }
  parts.push({ own: points.slice(at).join("") });
  return parts;
}

// The quotation marks and "[1]" around a quote are typography, which the page does itself.
const opening = (text) => text.replace(/[«“"‘]\s*$/u, "");
const closing = (text) => text.replace(/^\s*[»”"’]/u, "").replace(/^[ \t]*(\[\d+\][ \t]*)+/u, " ");

// The quote with the words that answer marked; the server sends the pieces, nothing is cut by offset.
function quoteNodes(quote, citation) {
  const { before, words, after } = citation.highlight ?? {};
  if (!words || before + words + after !== quote) return [quote];
  return [before, el("mark", { class: "answering" }, words), after];
}

function isInline(quote, before, after) {
  return (
    Array.from(quote).length <= INLINE_CHARS &&
    !quote.includes("\n") &&
    WORD.test(before.split("\n").at(-1)) &&
    WORD.test(after.split("\n")[0])
  );
}

function citationButton(turn, citation, full) {
  const spot = turn.placeOf(citation);
  const where = whereabouts(spot);
  return el(
    "button",
    {
      type: "button",
      class: full ? "cite" : "cite small",
      "data-citation": citation.number,
      "aria-label": w().openCitation(citation.number, spot.title, where),
      on: { click: (event) => turn.open(citation, event.currentTarget) },
    },
    el("span", { class: "ring" }, String(citation.number)),
    full && el("span", { class: "cite-title" }, spot.title),
    full && where && el("span", { class: "cite-where" }, where),
  );
}

function answerNodes(turn) {
  const parts = cut(turn.body);
  const nodes = [];
  const listed = [];
  let paragraph = null;
  const words = (text) => {
    text.split(/\n+/).forEach((line, i) => {
      if (i > 0) paragraph = null;
      if (!WORD.test(line) && !(paragraph && line.trim())) return;
      if (!paragraph) nodes.push((paragraph = el("p", { class: "own" })));
      paragraph.append(line);
    });
  };
  parts.forEach((part, i) => {
    if (part.citations) {
      const lang = langOf(part.citations[0].language);
      if (part.inline) {
        if (!paragraph) nodes.push((paragraph = el("p", { class: "own" })));
        paragraph.append(el("q", { lang, class: "words" }, ...quoteNodes(part.quote, part.citations[0])));
        for (const citation of part.citations) paragraph.append(citationButton(turn, citation, false));
        listed.push(...part.citations);
        return;
      }
      paragraph = null;
      nodes.push(
        el(
          "figure",
          { class: "quote" },
          el("blockquote", { lang, class: "words" }, ...quoteNodes(part.quote, part.citations[0])),
          el(
            "figcaption",
            null,
            part.citations.map((citation) => citationButton(turn, citation, true)),
          ),
        ),
      );
      return;
    }
    let own = part.own;
    const next = parts[i + 1];
    if (parts[i - 1]?.citations) own = closing(own);
    if (next?.citations) {
      own = opening(own);
      next.inline = isInline(next.quote, own, closing(parts[i + 2]?.own ?? ""));
    }
    words(own);
  });
  if (listed.length) {
    nodes.push(
      el(
        "ul",
        { class: "sources" },
        listed.map((citation) => el("li", null, citationButton(turn, citation, true))),
      ),
    );
  }
  return nodes;
}

function passageItem(turn, passage) {
  const spot = place(passage);
  const where = whereabouts(spot);
  return el(
    "li",
    null,
    el(
      "button",
      {
        type: "button",
        class: "passage",
        "aria-label": w().openPassage(spot.title, where),
        on: { click: (event) => turn.openPassage(passage, event.currentTarget) },
      },
      el("span", { class: "passage-head" }, el("b", null, spot.title), where && el("span", null, where)),
      el("span", { class: "words", lang: langOf(passage.language) }, passage.text),
    ),
  );
}

function confidenceNode(value) {
  const level = value >= HIGH ? "high" : value >= MEDIUM ? "medium" : "low";
  return el(
    "span",
    { class: `confidence ${level}` },
    el("span", { class: "drops", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
    el("b", null, w().confidence[level]),
    el("span", { class: "confidence-help" }, w().confidenceHelp[level]),
  );
}

function ratingNode(turn) {
  const group = el("span", { class: "rating" });
  const draw = () => {
    group.replaceChildren(
      ...["up", "down"].map((rating) =>
        el(
          "button",
          {
            type: "button",
            class: "quiet round",
            "aria-pressed": String(turn.rating === rating),
            "aria-label": rating === "up" ? w().good : w().bad,
            title: rating === "up" ? w().good : w().bad,
            on: {
              click: async () => {
                const before = turn.rating;
                turn.rating = rating;
                draw();
                group.querySelectorAll("button")[rating === "up" ? 0 : 1].focus();
                try {
                  await api.feedback(turn.body.request_id, rating);
                } catch {
                  turn.rating = before;
                  draw();
                }
              },
            },
          },
          icon(rating),
        ),
      ),
      // role=status lies in the group from the start of the rating, so it is read once.
      el("span", { role: "status", class: "thanks" }, turn.rating ? w().thanks : ""),
    );
  };
  draw();
  return group;
}

function tail(turn) {
  const { body } = turn;
  const total = body.timings_ms?.total ?? body.timings_ms?.total_ms;
  const answered = body.status !== "abstained";
  const cited = new Set((body.citations ?? []).flatMap((citation) => citation.sources ?? []));
  const others = answered ? (body.passages ?? []).filter((passage) => !cited.has(passage.id)) : [];
  const command = api.curl(turn.question);
  return [
    el(
      "div",
      { class: "meta" },
      answered && typeof body.confidence === "number" && confidenceNode(body.confidence),
      el(
        "span",
        { class: "actions" },
        typeof total === "number" &&
          el("span", { class: "time" }, w().seconds(number(total / 1000, { maximumSignificantDigits: 2 }))),
        answered && copyButton(w().copyAnswer, () => body.answer, w().copied, { compact: true }),
        body.request_id && ratingNode(turn),
      ),
    ),
    el(
      "div",
      { class: "more" },
      others.length > 0 &&
        el(
          "details",
          { class: "others" },
          el("summary", null, w().other(others.length)),
          el(
            "ol",
            { class: "passages" },
            others.map((passage) => passageItem(turn, passage)),
          ),
        ),
      el(
        "details",
        { class: "curl" },
        el("summary", null, w().curl),
        el(
          "div",
          { class: "code" },
          el("pre", { tabindex: "0" }, el("code", { lang: "und", translate: "no" }, command)),
          copyButton(w().copy, () => command, w().copied),
        ),
      ),
    ),
  ];
}

function declinedNodes(turn) {
  const { body } = turn;
  const byId = new Map((body.passages ?? []).map((passage) => [passage.id, passage]));
  let nearest = (body.abstention?.nearest ?? [])
    .map((item) => (typeof item === "string" ? byId.get(item) : item))
    .filter((item) => item?.text);
  if (!nearest.length) nearest = (body.passages ?? []).slice(0, 3);
  return [
    el(
      "div",
      { class: "answer declined" },
      el("p", { class: "declined-head" }, w().declined),
      el(
        "p",
        { class: "own", lang: body.abstention?.message ? langOf(body.language) : null },
        body.abstention?.message || w().declinedHelp,
      ),
      nearest.length > 0 && el("p", { class: "label" }, w().nearest),
      nearest.length > 0 &&
        el(
          "ol",
          { class: "passages" },
          nearest.map((passage) => passageItem(turn, passage)),
        ),
    ),
    ...tail(turn),
  ];
}

/** A problem as a card; `actions` are buttons to show under the remedy. */
export function problemNode(problem, ...actions) {
  const { title, detail, remedy } = api.wordsOf(problem);
  const card = el(
    "div",
    { class: "problem" },
    el("p", { class: "problem-title" }, title),
    detail && detail !== title && el("p", null, detail),
    remedy && el("p", { class: "remedy" }, el("b", null, w().remedy), " ", remedy),
  );
  if (problem.status === 401) {
    const field = el("input", {
      type: "password",
      "aria-label": w().key,
      placeholder: w().key,
      autocomplete: "off",
    });
    card.append(
      el(
        "form",
        {
          class: "key",
          on: {
            submit: (event) => {
              event.preventDefault();
              api.setAccessKey(field.value.trim());
              document.dispatchEvent(new CustomEvent("key"));
              actions.find((action) => action)?.click();
            },
          },
        },
        field,
        el("button", { type: "submit", class: "firm" }, w().useKey),
      ),
    );
  }
  if (problem.status !== 401) card.append(el("div", { class: "buttons" }, ...actions));
  if (problem.requestId) card.append(el("p", { class: "reference" }, w().reference(problem.requestId)));
  return card;
}

/** One question in the thread. `doors` are what it may call: openPlace, retry, build. */
export class Turn {
  constructor(question, doors) {
    this.question = question;
    this.doors = doors;
    this.body = null;
    this.problem = null;
    this.state = "asking"; // asking | done | stopped | problem
    this.step = null;
    this.rating = null;
    this.node = el("article", { class: "turn" });
    this.draw();
  }

  placeOf(citation) {
    const spot = place(citation);
    // A citation need not repeat the section; the passage it comes from knows it.
    const passage = (this.body.passages ?? []).find((one) => (citation.sources ?? []).includes(one.id));
    if (!spot.section.length && passage) spot.section = passage.location?.section_path ?? [];
    return spot;
  }

  open(citation, trigger) {
    const all = [...this.node.querySelectorAll("figcaption .cite, .sources .cite")];
    const list = (this.body.citations ?? []).map((one, i) => ({ number: i + 1, ...one }));
    this.doors.openPlace(this.placeOf(citation), {
      trigger,
      series: {
        at: list.findIndex((one) => one.number === citation.number),
        places: list.map((one) => this.placeOf(one)),
        triggers: list.map(
          (one) => all.find((node) => node.dataset.citation === String(one.number)) ?? trigger,
        ),
      },
    });
  }

  openPassage(passage, trigger) {
    this.doors.openPlace(place(passage), { trigger });
  }

  onStep(event, data) {
    if (event === "search_results")
      this.step = (data.data ?? data.passages ?? data.results ?? data).length ?? null;
    const line = this.node.querySelector(".working-words");
    if (line && this.step) line.textContent = w().reading(this.step);
    if (event === "message") {
      const draft = this.node.querySelector(".draft");
      if (!draft) return;
      if (typeof data.delta === "string") draft.append(data.delta);
      else draft.textContent = data.text ?? data.message ?? "";
    }
  }

  finish(body) {
    this.body = body;
    this.state = "done";
    this.draw();
  }

  fail(problem) {
    this.problem = problem;
    this.state = "problem";
    this.draw();
  }

  stop() {
    this.state = "stopped";
    this.draw();
  }

  /** What a screen reader is told when the answer is there; each quote in its own language. */
  spoken() {
    if (this.state === "problem") {
      const { title, detail, remedy } = api.wordsOf(this.problem);
      return [[title, detail, remedy].filter(Boolean).join(". ")];
    }
    if (this.state === "stopped") return [w().stopped];
    if (this.body.status === "abstained") {
      return [
        el("span", { lang: langOf(this.body.language) }, this.body.abstention?.message || w().declined),
      ];
    }
    const nodes = [
      el("span", { lang: language() }, `${w().answerReady((this.body.citations ?? []).length)} `),
    ];
    for (const part of cut(this.body)) {
      if (part.citations) nodes.push(el("span", { lang: langOf(part.citations[0].language) }, part.quote));
      else if (WORD.test(part.own)) nodes.push(el("span", { lang: langOf(this.body.language) }, part.own));
    }
    return nodes;
  }

  draw() {
    const open = [...this.node.querySelectorAll("details[open]")].map((node) => node.className);
    this.node.setAttribute("aria-busy", String(this.state === "asking"));
    this.node.dataset.state = this.state === "done" ? (this.body.status ?? "answered") : this.state;
    const question = el("h2", { class: "question", lang: langOf(this.body?.language) }, this.question);
    let rest;
    if (this.state === "asking") {
      rest = [
        el(
          "div",
          { class: "working" },
          el("span", { class: "spring", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
          el("span", { class: "working-words" }, this.step ? w().reading(this.step) : w().searching),
        ),
        el("p", { class: "draft own" }),
      ];
    } else if (this.state === "stopped") {
      rest = [el("p", { class: "stopped" }, w().stopped)];
    } else if (this.state === "problem") {
      const again = el(
        "button",
        { type: "button", class: "firm", on: { click: () => this.doors.retry(this) } },
        w().again,
      );
      const build =
        this.problem.code === "index_not_ready" &&
        el(
          "button",
          { type: "button", class: "quiet edged", on: { click: () => this.doors.build() } },
          w().buildNow,
        );
      rest = [problemNode(this.problem, again, build)];
    } else if (this.body.status === "abstained") {
      rest = declinedNodes(this);
    } else {
      rest = [
        el("div", { class: "answer", lang: langOf(this.body.language) }, answerNodes(this)),
        ...tail(this),
      ];
    }
    this.node.replaceChildren(question, ...rest);
    for (const name of open) {
      const node = this.node.querySelector(`details.${name}`);
      if (node) node.open = true;
    }
  }
}
