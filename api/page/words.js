// The words of the interface in the reader's language. The texts stand in the catalogue of the service.

import CATALOGUE from "./catalogue.js";

// Each text stands in the catalogue once in each language.
const textsOf = (part, n) =>
  Array.isArray(part)
    ? part[n]
    : Object.fromEntries(Object.entries(part).map(([key, one]) => [key, textsOf(one, n)]));

const WORDS = { es: textsOf(CATALOGUE, 0), en: textsOf(CATALOGUE, 1) };

/** @typedef {keyof typeof WORDS} Lang */

/**
 * A text with places, `{count} documents`, becomes a function of what goes there, in the order of the places in the
 * English text; numbers are written as the language has them. Two forms, `one` and `other`, go by the first number.
 */
function spoken(text, english, lang) {
  if (Array.isArray(text)) return text;
  if (typeof text === "object") {
    if ("one" in text) {
      const one = spoken(text.one, english.other, lang);
      const other = spoken(text.other, english.other, lang);
      return (n, ...more) => {
        const chosen = n === 1 ? one : other;
        return typeof chosen === "string" ? chosen : chosen(n, ...more);
      };
    }
    return Object.fromEntries(Object.entries(text).map(([key, part]) => [key, spoken(part, english[key], lang)]));
  }
  const places = [...english.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (!places.length) return text;
  return (...given) =>
    text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = given[places.indexOf(name)];
      return typeof value === "number" ? new Intl.NumberFormat(lang).format(value) : String(value);
    });
}

const SPOKEN = Object.fromEntries(
  Object.entries(WORDS).map(([lang, words]) => [lang, spoken(words, WORDS.en, lang)]),
);
const KEPT = "fuente.language";

function first() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // Storage may be switched off; the browser's language serves.
  }
  if (kept in WORDS) return kept;
  for (const tag of navigator.languages ?? [navigator.language]) {
    const code = tag.slice(0, 2).toLowerCase();
    if (code in WORDS) return code;
  }
  return "en";
}

let current = first();
const listeners = new Set();

export const language = () => current;

/** The words of the interface in the current language: `w().ask`, `w().pages(3)`. */
export const w = () => SPOKEN[current];

/** The same in the language of an answer; in that of the page where it has no other. */
export const wordsIn = (lang) => SPOKEN[lang] ?? SPOKEN[current];

export const number = (n, options) => new Intl.NumberFormat(current, options).format(n);

/** Some seconds in a few letters, `40 s` or `3 min`. */
export const shortTime = (seconds) => (seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`);

export function onLanguage(listener) {
  listeners.add(listener);
}

/** A date, "22 nov 2026"; with `timeStyle` also the time. */
export const date = (iso, options) =>
  new Intl.DateTimeFormat(current, { dateStyle: "medium", ...options }).format(new Date(iso));

/** Puts the words into everything marked `data-w…` below `root`. */
export function fill(root) {
  /** @type {[string, (node: any, words: string) => void][]} */
  const marked = [
    ["w", (node, words) => (node.textContent = words)],
    ["wLabel", (node, words) => node.setAttribute("aria-label", words)],
    ["wTitle", (node, words) => (node.title = words)],
    ["wPlaceholder", (node, words) => (node.placeholder = words)],
  ];
  for (const [attribute, put] of marked) {
    const selector = `data-${attribute.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
    for (const node of root.querySelectorAll(`[${selector}]`))
      put(node, SPOKEN[current][node.dataset[attribute]]);
  }
}

export function setLanguage(code) {
  current = code;
  try {
    localStorage.setItem(KEPT, code);
  } catch {
    // Not remembered then; nothing else depends on it.
  }
  document.documentElement.lang = code;
  for (const listener of listeners) listener();
}
