// The few things every part of the page does with the document tree.
// Data reaches the page through text nodes only; nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * A name as it is shown: what turns text around or takes no room stands there as its number. Texts of documents hold none.
 *
 * @param {string} name
 */
export const visible = (name) =>
  name.replace(/\p{Cf}/gu, (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);

/**
 * An element: `props` are attributes, except `on` (listeners); null and false are left out.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Object<string, any> | null} [props]
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  if (tag === "bdi") children = children.flat().map((child) => (typeof child === "string" ? visible(child) : child));
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A button with words; `look` are its classes. */
export const button = (label, onClick, look = "firm", props = {}) =>
  el("button", { type: "button", class: look, on: { click: onClick }, ...props }, label);

/** One of the symbols drawn in index.html. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * The element of that id, which is there; its kind is known to the one who asks.
 *
 * @param {string} id
 * @returns {any}
 */
export const $ = (id) => document.getElementById(id);

/**
 * The elements below `root` that match; their kind is known to the one who asks.
 *
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {any[]}
 */
export const all = (root, selector) => [...root.querySelectorAll(selector)];

/** "und" says nothing to a screen reader: no attribute then, so the parent's language holds. */
export const langOf = (code) => (code && code !== "und" ? code : null);

/**
 * Fills a panel anew without throwing the focus out of it: it goes to the element of the same
 * `data-keep`, or else to the panel's title.
 */
export function refill(panel, ...nodes) {
  const active = panel.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.closest("[data-keep]")?.getAttribute("data-keep");
  panel.replaceChildren(...nodes);
  if (!active) return;
  const same = key && panel.querySelector(`[data-keep="${CSS.escape(key)}"]:not([disabled])`);
  (same || panel.querySelector("[data-keep=title]")).focus({ preventScroll: true });
}

/** Says something to screen readers, once. Nodes keep their own `lang`, so the voice changes. */
export function announce(...nodes) {
  const live = $("live");
  live.replaceChildren();
  setTimeout(() => live.replaceChildren(...nodes), 60);
}

/** Copies text; also where the page is not served from a secure origin. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "sr", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** A button that copies `text()` and says so in its own place for a moment. */
export function copyButton(label, text, doneLabel, { name = "copy", compact = false } = {}) {
  const words = el("span", compact ? { class: "sr" } : null, label);
  const button = el(
    "button",
    {
      type: "button",
      class: compact ? "quiet round" : "quiet",
      title: compact ? label : null,
      on: {
        click: async () => {
          if (!(await copy(text()))) return;
          words.textContent = doneLabel;
          button.classList.add("done");
          announce(doneLabel);
          setTimeout(() => {
            words.textContent = label;
            button.classList.remove("done");
          }, 1800);
        },
      },
    },
    icon(name),
    words,
  );
  return button;
}
