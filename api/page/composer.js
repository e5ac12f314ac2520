// The question box: Enter asks, Shift+Enter breaks the line, ↑ and ↓ walk through earlier questions.
// Beside it stands the language of the question: found out from its words, unless one is chosen.

import { kept } from "./collection.js";
import { WORD } from "./structure.js";
import { $ } from "./dom.js";
import { limit } from "./api.js";
import { number, w } from "./words.js";

const KEPT = kept("questions");
const MOST = 50;

function load() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
}

/** `onAsk(text, lang)`; `lang` is null unless the reader chose one. */
export function startComposer({ onAsk, onStop }) {
  const form = $("composer");
  const box = $("question");
  const button = $("ask");
  const spoken = $("question-lang");
  const amiss = $("amiss");
  const asked = load();
  let at = asked.length; // where ↑ and ↓ stand; asked.length is the line being written
  let draft = "";
  let busy = false;

  // field-sizing does this in CSS where it is known; elsewhere the height follows the text.
  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  };

  const put = (text) => {
    box.value = text;
    grow();
    box.setSelectionRange(text.length, text.length);
  };

  const dress = () => {
    button.disabled = !busy && !box.value.trim();
    button.setAttribute("aria-label", busy ? w().stop : w().ask);
    button.title = busy ? w().stop : w().ask;
    button.querySelector("use").setAttribute("href", busy ? "#i-stop" : "#i-ask");
    for (const option of spoken.options) option.textContent = w().questionIn[option.value || "auto"];
    spoken.classList.toggle("chosen", spoken.value !== "");
    if (!amiss.hidden) warn(wrong(box.value.trim()));
  };

  // What is no question stays in the box, and why is said below it.
  const wrong = (text) => {
    const most = limit("max_question_chars", Infinity);
    const long = Array.from(text).length;
    if (long > most) return w().asked.long(number(long), number(most));
    return WORD.test(text) ? "" : w().asked.empty;
  };

  const warn = (words) => {
    amiss.textContent = words;
    amiss.hidden = !words;
    if (words) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  };

  const send = () => {
    const text = box.value.trim();
    if (busy || !text) return;
    warn(wrong(text));
    if (!amiss.hidden) {
      box.focus();
      return;
    }
    if (asked.at(-1) !== text) asked.push(text);
    asked.splice(0, asked.length - MOST);
    at = asked.length;
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(asked));
    } catch {
      // ↑ then works until the page is closed.
    }
    put("");
    onAsk(text, spoken.value || null);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) onStop();
    else send();
  });

  spoken.addEventListener("change", dress);

  box.addEventListener("input", () => {
    at = asked.length;
    warn("");
    grow();
    dress();
  });

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && busy) {
      event.stopPropagation();
      onStop();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      // Inside a text of several lines the arrows move the caret; history starts at its edge.
      const edge = event.key === "ArrowUp" ? box.selectionEnd === 0 : box.selectionStart === box.value.length;
      if (!edge && !(at < asked.length && !box.value.includes("\n")) && box.value) return;
      const to = at + (event.key === "ArrowUp" ? -1 : 1);
      if (to < 0 || to > asked.length) return;
      event.preventDefault();
      if (at === asked.length) draft = box.value;
      at = to;
      put(at === asked.length ? draft : asked[at]);
      dress();
    }
  });

  dress();
  return {
    dress,
    ask(text) {
      if (busy) return;
      put(text);
      send();
    },
    focus: () => box.focus(),
    setBusy(value) {
      busy = value;
      dress();
    },
  };
}
