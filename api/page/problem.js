// What went wrong, as a card: the words of the problem, what to do, and the buttons that do it.

import * as api from "./api.js";
import { el } from "./dom.js";
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
