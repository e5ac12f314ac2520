// What the panel beside the talk has in common, whoever fills it: reader or library.

import { button, el, icon } from "./dom.js";
import { w } from "./words.js";

/** The head of the panel: title, close button, and what else is given below them. */
export function sideHead({ title, lang = null, close }, ...below) {
  return el(
    "div",
    { class: "side-head" },
    el(
      "div",
      { class: "side-line" },
      el("h2", { id: "side-title", "data-keep": "title", tabindex: "-1", lang }, el("bdi", null, title)),
      roundButton("close", w().close, close, { class: "quiet round close", "data-keep": "close" }),
    ),
    ...below,
  );
}

/** A button with a symbol, its words for those who do not see it. */
export function roundButton(symbol, label, onClick, props = {}) {
  return button(symbol.length > 1 ? icon(symbol) : symbol, onClick, "quiet round", {
    "aria-label": label,
    title: label,
    ...props,
  });
}

/** Lines that stand for text still on its way. */
export function ghost(lines, words) {
  return [
    el("p", { class: "sr" }, words),
    el(
      "div",
      { class: "ghost", "aria-hidden": "true" },
      Array.from({ length: lines }, () => el("i")),
    ),
  ];
}

/** Calls `action` once things have been quiet for `ms`; gives back a function that counts as noise. */
export function settled(ms, action) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };
}
