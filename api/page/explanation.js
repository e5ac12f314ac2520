// "Why this?": how an answer came about, in plain words and with the numbers behind them.
// The numbers are the service's own (`explain`: true); nothing is reckoned here.

import { el, langOf } from "./dom.js";
import { whereabouts, place } from "./citation.js";
import { number, w } from "./words.js";

const OTHERS = 5; // passages told of beside the one that the answer comes from
const STEMS = 4; // told of for each word and language
const LIKELY = 0.1; // less likely translations are not worth telling

const score = (value) => number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const signed = (value) =>
  number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" });

function table(caption, heads, rows, className) {
  const cell = (tag, value, i) =>
    el(
      i === 0 && tag === "td" ? "th" : tag,
      tag === "th" ? { scope: "col" } : i === 0 ? { scope: "row" } : null,
      value ?? "–",
    );
  return el(
    "div",
    { class: "why-table", tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table",
      { class: className },
      el("caption", { class: "sr" }, caption),
      el("thead", null, el("tr", null, ...heads.map((head, i) => cell("th", head, i)))),
      el(
        "tbody",
        null,
        ...rows.map((row) => el("tr", row.props ?? null, ...row.cells.map((one, i) => cell("td", one, i)))),
      ),
    ),
  );
}

const section = (title, ...nodes) =>
  el("section", null, el("h3", null, title), ...nodes.filter(Boolean));

// Which words each word of the question stood for, in the two languages.
function words(told) {
  const y = w().why;
  const listed = told.words.map((word) => {
    const stands = ["es", "en"].map((lang) => {
      const terms = (word.terms[lang] ?? []).filter(({ probability }) => probability >= LIKELY);
      return el("i", { lang }, terms.slice(0, STEMS).map(({ term }) => term).join(", ") || "–");
    });
    return { cells: word.known ? [word.text, ...stands] : [word.text, y.nowhere, ""] };
  });
  if (!listed.length) return null;
  return table(y.question, [y.word, ...y.stems], listed);
}

// One line of words for what a passage holds of the question and what it lacks.
function holds(told) {
  const y = w().why;
  const has = told.matched.map(({ word, by, terms }) =>
    by === "itself" ? word : y.by[by](word, terms.join(", ")),
  );
  return el(
    "p",
    null,
    has.length ? `${y.holds(has.join(w().separator))} ` : "",
    told.missing.length ? y.lacks(told.missing.join(w().separator)) : "",
  );
}

function legs(told) {
  const y = w().why;
  /** @type {{cells: any[], props?: object}[]} */
  const rows = Object.entries(told.legs).map(([leg, one]) => ({
    cells: [
      y.legs[leg] ?? leg,
      one.rank === null ? null : number(one.rank),
      score(one.score),
      `× ${number(one.weight)}`,
      score(one.product),
    ],
  }));
  if (told.constant) rows.push({ cells: [y.constant, "", "", "", score(told.constant)] });
  rows.push({ props: { class: "sum" }, cells: [y.sum, "", "", "", score(told.sum)] });
  return table(y.passage, [y.compared, y.rank, y.score, y.weight, y.adds], rows, "figures");
}

const named = (passage) => {
  const spot = place(passage);
  return el(
    "span",
    null,
    el("bdi", { lang: langOf(passage.language) }, spot.title),
    " ",
    el("span", { class: "cite-where" }, el("bdi", null, whereabouts(spot))),
  );
};

function passages(body) {
  const y = w().why;
  const told = body.passages.filter((passage) => passage.explanation);
  if (!told.length) return null;
  const cited = new Set(body.citations.flatMap((citation) => citation.sources));
  const first = told.find((passage) => cited.has(passage.id)) ?? told[0];
  return section(
    body.status === "answered" ? y.passage : y.nearest,
    el("p", { class: "why-place" }, named(first)),
    holds(first.explanation),
    legs(first.explanation),
    table(
      y.passageHead,
      [y.passageHead, y.rank, y.sum],
      told.slice(0, OTHERS).map((passage) => ({
        props: cited.has(passage.id) ? { class: "sum" } : null,
        cells: [named(passage), number(passage.rank), score(passage.explanation.sum)],
      })),
      "figures",
    ),
  );
}

function sentences(told) {
  const y = w().why;
  if (!told.sentences.length) return null;
  return section(
    y.sentences,
    el(
      "ol",
      { class: "why-sentences" },
      told.sentences.map(({ text, citation, reason, score: value }) =>
        el(
          "li",
          null,
          el("span", { class: "words" }, el("bdi", null, text)),
          el(
            "span",
            { class: citation === null ? "fate" : "fate quoted" },
            `${citation === null ? y.reasons[reason] : y.quoted(citation)} · ${score(value)}`,
          ),
        ),
      ),
    ),
  );
}

function confidence(told, answered) {
  const y = w().why;
  const { support } = told;
  const percent = (value) => number(value, { style: "percent", maximumFractionDigits: 0 });
  const rows = Object.entries(support.weights).map(([name, weight]) => ({
    cells: [
      y.features[name] ?? name,
      score(support[name]),
      `× ${number(weight)}`,
      signed(support[name] * weight),
    ],
  }));
  rows.push({ cells: [y.constant, "", "", signed(support.bias)] });
  return section(
    y.confidence,
    el(
      "p",
      null,
      (answered ? y.sure : y.unsure)(percent(support.confidence), percent(support.threshold)),
    ),
    table(y.confidence, [y.feature, y.value, y.weight, y.adds], rows, "figures"),
  );
}

/** The explanation of an answer: `body` is the service's reply to the question with `explain`. */
export function explanationNodes(body) {
  const told = body.explanation;
  const y = w().why;
  return [
    section(y.question, el("p", null, y.readIn(w().language[body.language])), words(told)),
    passages(body),
    sentences(told),
    confidence(told, body.status === "answered"),
  ].filter(Boolean);
}
