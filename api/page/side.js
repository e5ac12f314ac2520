// What the panel beside the talk has in common, whoever fills it, and what went wrong as a card.

import * as api from "./api.js";
import { button, el, icon } from "./dom.js";
import { w } from "./words.js";

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
  } else {
    card.append(el("div", { class: "buttons" }, ...actions.filter(Boolean)));
  }
  if (problem.requestId) card.append(el("p", { class: "reference" }, w().reference(problem.requestId)));
  return card;
}

/** How wide the panel is or will be, as style.css has it. */
export const panelWidth = () => (innerWidth <= 900 ? innerWidth : Math.min(0.46 * innerWidth, 736));

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

/** A field for a name with its button; `more` is what else is said of the field. */
export function nameForm({ label, value, words, onName, ...more }) {
  const field = el("input", { type: "text", "aria-label": label, placeholder: label, ...more });
  field.value = value;
  const submit = (event) => {
    event.preventDefault();
    onName(field);
  };
  return el(
    "form",
    { class: "name-form", on: { submit } },
    field,
    el("button", { type: "submit", class: "quiet edged" }, words),
  );
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
