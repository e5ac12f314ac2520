// A document from a link: the form below the drop zone, where the service follows links.

import { base } from "./collection.js";
import { Problem, body, request } from "./api.js";
import { announce, button, el } from "./dom.js";
import { problemNode } from "./problem.js";
import { w } from "./words.js";

/** `doors`: changed() when there is something else to show, stored() when a document has come. */
export class LinkForm {
  constructor(doors) {
    this.doors = doors;
    this.url = "";
    this.problem = null;
    this.running = null; // AbortController of the link being fetched
  }

  async add() {
    this.problem = null;
    this.running = new AbortController();
    this.doors.changed();
    try {
      const json = { url: this.url };
      const stored = await body(
        await request("POST", `${base}/documents/link`, { json, signal: this.running.signal }),
      );
      this.url = "";
      announce(w().fetched(stored.id));
      this.doors.stored();
    } catch (problem) {
      if (problem.name !== "AbortError") this.problem = problem instanceof Problem ? problem : new Problem({ code: "broken" });
    } finally {
      this.running = null;
    }
    this.doors.changed();
  }

  node() {
    const field = el("input", {
      type: "url",
      required: true,
      maxlength: 4000,
      "aria-label": w().fromLink,
      placeholder: w().linkPlaceholder,
      readonly: Boolean(this.running),
      "data-keep": "link",
      on: { input: () => (this.url = field.value.trim()) },
    });
    field.value = this.url;
    return el(
      "details",
      { class: "from-link", open: Boolean(this.url || this.problem || this.running) },
      el("summary", { "data-keep": "from-link" }, w().fromLink),
      el(
        "form",
        {
          class: "name-form",
          on: {
            submit: (event) => {
              event.preventDefault();
              if (!this.running) this.add();
            },
          },
        },
        field,
        this.running
          ? button(w().stop, () => this.running?.abort(), "quiet edged", { "data-keep": "link-go" })
          : el("button", { type: "submit", class: "quiet edged", "data-keep": "link-go" }, w().addLink),
      ),
      this.running && el("p", { class: "facts", role: "status" }, w().fetching),
      this.problem && problemNode(this.problem),
    );
  }
}
