// One question and its answer: from the service's JSON to the thread.
// A turn keeps its state, so that the language switch can draw it again.

import * as api from "./api.js";
import { citationButton, citationsOf, place, whereabouts } from "./citation.js";
import { all, button, copyButton, el, langOf } from "./dom.js";
import { explanationNodes } from "./explanation.js";
import { problemNode, roundButton } from "./side.js";
import { placeUrl, sharedUrl } from "./address.js";
import { scopeOf, scopeWords } from "./scope.js";
import { language, number, shortTime, w, wordsIn } from "./words.js";
import { closing, cut, inMarkdown, isInline, opening, shapeOf, withoutDrawnColumns, WORD } from "./structure.js";
import { slim, whole } from "./cited.js";
import { newId } from "./talks.js";


// The passages found are shown when the answer takes longer than this; sooner they would only flicker.
const FOUND_MS = 120;
const SLOW_MS = 1500;
const NEAREST = 3;

// The quote with the words that answer marked; the server sends the pieces, nothing is cut by offset.
function quoteNodes(quote, citation) {
  const { before, words, after } = citation.highlight ?? {};
  if (!words || before + words + after !== quote) return [quote];
  return [before, el("mark", { class: "answering" }, words), after];
}

function wordNodes({ text, marked }) {
  if (!marked) return [text];
  const at = text.indexOf(marked);
  return [text.slice(0, at), el("mark", { class: "answering" }, marked), text.slice(at + marked.length)];
}

// A quote as the table, the list or the label with its value that it is.
function drawn(quote, citation) {
  const shape = shapeOf(citation);
  if (!shape) return quoteNodes(quote, citation);
  if ("table" in shape) {
    const { columns, rows } = shape.table;
    const row = (cells) => el("tr", null, cells.map((cell) => el("td", null, cell && wordNodes(cell))));
    return [
      el(
        "div",
        { class: "quoted-table", tabindex: "0", role: "region", "aria-label": columns.join(", ") },
        el(
          "table",
          null,
          el("thead", null, el("tr", null, columns.map((name) => el("th", { scope: "col" }, name)))),
          el("tbody", null, rows.map(row)),
        ),
      ),
    ];
  }
  if ("pairs" in shape) {
    return [
      el(
        "dl",
        { class: "quoted-pairs" },
        shape.pairs.flatMap(({ name, words }) => [el("dt", null, name), el("dd", null, ...wordNodes(words))]),
      ),
    ];
  }
  const { lead, items } = shape.list;
  const item = ({ words, number: mark, level: depth }) =>
    el(
      "li",
      { class: `level-${Math.min(depth, 4)}` },
      el("span", { class: "mark", "aria-hidden": mark ? null : "true" }, mark || "•"),
      el("span", null, ...wordNodes(words)),
    );
  return [lead && el("p", null, ...wordNodes(lead)), el("ul", { class: "quoted-list", role: "list" }, items.map(item))].filter(
    Boolean,
  );
}

function answerNodes(turn, body) {
  const parts = withoutDrawnColumns(cut(body.answer ?? "", citationsOf(body)));
  const talk = (body.kind ?? "answer") !== "answer";
  const cite = (citation, full) =>
    citationButton(citation, full, (one, node) => turn.doors.openPlace(one.place, { trigger: node }), turn.doors.near);
  const nodes = [];
  const listed = [];
  const asked = new Set((body.questions ?? []).map((one) => one.question));
  let paragraph = null;
  const words = (text) => {
    text.split(/\n+/).forEach((line, i) => {
      if (i > 0) paragraph = null;
      if (!WORD.test(line) && !(paragraph && line.trim())) return;
      // Each of several questions stands over its answer
      if (!paragraph) nodes.push((paragraph = asked.has(line.trim()) ? el("h3", { class: "part" }) : el("p", { class: "own" })));
      paragraph.append(line);
    });
  };
  parts.forEach((part, i) => {
    if (part.citations) {
      const lang = langOf(part.citations[0].language);
      if (part.inline) {
        if (!paragraph) nodes.push((paragraph = el("p", { class: "own" })));
        paragraph.append(el("q", { lang, class: "words" }, ...quoteNodes(part.quote, part.citations[0])));
        for (const citation of part.citations) paragraph.append(cite(citation, false));
        listed.push(...part.citations);
        return;
      }
      paragraph = null;
      nodes.push(
        el(
          "figure",
          { class: "quote" },
          el("blockquote", { lang, class: "words" }, ...drawn(part.quote, part.citations[0])),
          el(
            "figcaption",
            null,
            part.citations.map((citation) => cite(citation, true)),
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
      // How each of several documents begins is read in a line
      next.inline = (talk && !next.quote.includes("\n")) || isInline(next.quote, own, closing(parts[i + 2]?.own ?? ""));
    }
    words(own);
  });
  if (listed.length) {
    nodes.push(
      el(
        "ul",
        { class: "sources" },
        listed.map((citation) => el("li", null, cite(citation, true))),
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
    button(
      [
        el(
          "span",
          { class: "passage-head" },
          el("b", null, el("bdi", null, spot.title)),
          where && el("bdi", null, where),
        ),
        el("span", { class: "words", lang: langOf(passage.language) }, passage.text),
      ],
      (event) => turn.openPassage(passage, event.currentTarget),
      "passage",
      { "aria-label": w().openPassage([spot.title, where].filter(Boolean).join(", ")) },
    ),
  );
}

function confidenceNode(value) {
  const called = api.level(value);
  if (!called) return null;
  return el(
    "span",
    { class: `confidence ${called}` },
    el("span", { class: "drops", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
    el("b", null, w().confidence[called]),
    called === "low" && el("span", { class: "confidence-help" }, w().confidenceHelp[called]),
  );
}

// Whoever reads the quotes has to know before that little speaks for them.
const isDoubtful = (body) =>
  body.status !== "abstained" &&
  (body.kind ?? "answer") === "answer" &&
  typeof body.confidence === "number" &&
  api.level(body.confidence) === "low";

// The answer with its tables and lists as Markdown has them; all other words stay as they are.
function answerMarkdown(body) {
  const parts = withoutDrawnColumns(cut(body.answer ?? "", citationsOf(body)));
  const shaped = parts.map((part) => part.citations && shapeOf(part.citations[0]));
  return parts
    .map((part, i) => {
      if (shaped[i]) return `\n\n${inMarkdown(shaped[i])}\n\n`;
      if (part.citations) return part.quote;
      let own = part.own;
      if (shaped[i - 1]) own = own.replace(/^\s*[»”"’]/u, "");
      return shaped[i + 1] ? own.replace(/[«“"‘]\s*$/u, "") : own;
    })
    .join("")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** The answer as Markdown: its words, then each citation with title, place and address. */
function copied(body) {
  const cited = citationsOf(body).map(({ number: n, place: spot }) => {
    const where = [spot.title, whereabouts(spot)].filter(Boolean).join(w().separator);
    return `[${n}] ${where} – ${new URL(placeUrl(spot), location.origin).href}`;
  });
  return [answerMarkdown(body), cited.join("\n")].filter(Boolean).join("\n\n");
}

// The thumbs, and after one of them a field for a comment. What cannot be sent is taken back and said.
function feedbackNodes(turn) {
  const thumbs = el("span", { class: "rating" });
  const status = el("span", { role: "status", class: "thanks" }, turn.rating ? w().thanks : "");
  const below = el("div", { class: "comment-place" });
  const send = async (rating, comment) => {
    const before = turn.rating;
    turn.rating = rating;
    draw();
    try {
      await api.feedback(turn.body.request_id, rating, comment);
      turn.comment = comment || turn.comment;
      status.textContent = w().thanks;
      turn.doors.changed(turn);
    } catch {
      turn.rating = before;
      status.textContent = w().notSent;
    }
    draw();
  };
  const thumb = (rating) => {
    const label = rating === "up" ? w().good : w().bad;
    return roundButton(
      rating,
      label,
      async () => {
        turn.commenting = !turn.comment;
        const sent = send(rating, "");
        all(thumbs, "[aria-pressed=true]")[0]?.focus();
        await sent;
      },
      { "aria-pressed": String(turn.rating === rating) },
    );
  };
  const form = () => {
    const field = el("textarea", {
      rows: "2",
      maxlength: api.limit("max_comment_chars", 1000),
      "aria-label": w().comment,
      placeholder: w().comment,
    });
    field.value = turn.draft ?? "";
    field.addEventListener("input", () => (turn.draft = field.value));
    return el(
      "form",
      {
        class: "comment",
        on: {
          submit: async (event) => {
            event.preventDefault();
            const words = field.value.trim();
            if (!words) return field.focus();
            turn.commenting = false;
            await send(turn.rating, words);
            turn.commenting = turn.comment !== words;
            draw();
            all(thumbs, "[aria-pressed=true]")[0]?.focus();
          },
        },
      },
      field,
      el("button", { type: "submit", class: "quiet edged" }, w().sendComment),
    );
  };
  const draw = () => {
    thumbs.replaceChildren(thumb("up"), thumb("down"));
    const wanted = turn.commenting && turn.rating;
    if (!wanted) below.replaceChildren();
    else if (!below.firstChild) {
      below.append(form());
      below.scrollIntoView({ block: "nearest" });
    }
  };
  draw();
  return { thumbs: el("span", { class: "rating" }, thumbs, status), below };
}

// How long it took, and with what.
function timeNode(timings) {
  const { total, total_ms: all_ms = total, analyse = 0, encode = 0, answer = 0, ...rest } = timings ?? {};
  if (typeof all_ms !== "number") return null;
  const search = Object.values(rest).reduce((sum, ms) => sum + ms, 0);
  const ms = (value) => number(value, { maximumSignificantDigits: 2 });
  // Of an answer that was kept only the whole is known.
  const words = search ? w().why.took(ms(all_ms), ms(analyse + encode), ms(search), ms(answer)) : w().why.tookInAll(ms(all_ms));
  return el("p", { class: "time" }, words);
}

// Behind one button: how the answer came about, what else was found, how long it took, and the same for programs.
// The explanation is asked of the service when it is opened for the first time.
function whyNodes(turn) {
  const { body } = turn;
  const explained = el("div", { class: "why-part" });
  const draw = () => {
    if (turn.explained) {
      const other = turn.explained.language === "es" ? "en" : "es";
      explained.replaceChildren(
        ...(turn.explained.build_id === body.build_id ? [] : [el("p", null, w().why.newBuild)]),
        ...explanationNodes(turn.explained),
        el(
          "p",
          null,
          button(w().why.readAs(w().language[other]), () => turn.doors.retry(turn, { lang: other }), "quiet edged"),
        ),
      );
    } else if (turn.unexplained) {
      explained.replaceChildren(problemNode(turn.unexplained, button(w().retry, load)));
    } else {
      explained.replaceChildren(el("p", { class: "stopped", role: "status" }, w().loading));
    }
  };
  const load = async () => {
    turn.unexplained = null;
    draw();
    try {
      const found = await api.explain(turn.asked());
      if (turn.body !== body) return;
      turn.explained = found;
    } catch (problem) {
      if (turn.body !== body) return;
      turn.unexplained = problem instanceof api.Problem ? problem : new api.Problem({ code: "broken" });
    }
    draw();
    if (turn.opened) intoView();
  };
  // Below the last answer stands the composer: what opens there would not be seen. The button that closes it again stays
  // in sight above it, however many lines stand between them on a narrow screen.
  const intoView = () => {
    const above = inside.getBoundingClientRect().top - asked.getBoundingClientRect().top;
    inside.style.scrollMarginTop = `${Math.ceil(above) + 12}px`;
    inside.scrollIntoView?.({ block: "nearest" });
  };
  const cited = new Set((body.citations ?? []).flatMap((citation) => citation.sources ?? []));
  const others =
    body.status === "abstained" ? [] : (body.passages ?? []).filter((passage) => !cited.has(passage.id));
  const command = api.curl(turn.asked());
  const called = api.level(body.confidence);
  const inside = el(
    "div",
    { class: "why-body", id: `why-${turn.id}`, role: "region", "aria-label": w().why.ask },
    body.status !== "abstained" && called && el("p", null, `${w().confidence[called]}: ${w().confidenceHelp[called]}.`),
    explained,
    others.length > 0 &&
      el(
        "section",
        { class: "others" },
        el("h3", null, w().other(others.length)),
        el("ol", { class: "passages" }, others.map((passage) => passageItem(turn, passage))),
      ),
    el(
      "section",
      { class: "curl" },
      el("h3", null, w().curl),
      el(
        "div",
        { class: "code" },
        el("pre", { tabindex: "0" }, el("code", { lang: "und", translate: "no" }, command)),
        copyButton(w().copy, () => command, w().copied),
      ),
      timeNode(body.timings_ms),
    ),
  );
  const show = () => {
    inside.hidden = !turn.opened;
    asked.setAttribute("aria-expanded", String(turn.opened));
    if (!turn.opened) return;
    if (turn.explained || turn.unexplained) draw();
    else load();
  };
  const asked = button(
    w().why.ask,
    () => {
      turn.opened = !turn.opened;
      show();
      if (turn.opened) intoView();
    },
    "quiet why-ask",
    { "aria-controls": inside.id },
  );
  show();
  return { asked, inside };
}

// What can be asked next; each of these was tried.
const nextNode = (turn) =>
  el(
    "nav",
    { class: "next", "aria-label": w().nextQuestions, hidden: !turn.next.length },
    el("p", { class: "label" }, w().nextQuestions),
    el(
      "ul",
      null,
      turn.next.map(({ lang, text }) => el("li", null, button(text, () => turn.doors.ask(text), "suggested", { lang }))),
    ),
  );

function tail(turn) {
  const { body } = turn;
  const answered = body.status !== "abstained";
  const talk = (body.kind ?? "answer") !== "answer";
  const link = sharedUrl(body.read_as ?? turn.question, turn.scope);
  const { thumbs, below } = feedbackNodes(turn);
  const why = talk ? null : whyNodes(turn);
  return [
    el(
      "div",
      { class: "meta" },
      answered && !talk && !isDoubtful(body) && typeof body.confidence === "number" && confidenceNode(body.confidence),
      why?.asked,
      el(
        "span",
        { class: "actions" },
        answered && copyButton(w().copyAnswer, () => copied(body), w().copied, { compact: true }),
        copyButton(w().copyQuestion, () => link, w().copied, { name: "link", compact: true }),
        roundButton("again", w().again, () => turn.doors.retry(turn)),
        body.request_id && thumbs,
      ),
    ),
    below,
    why?.inside,
    nextNode(turn),
  ].filter(Boolean);
}

function declinedNodes(turn) {
  const { body } = turn;
  const byId = new Map((body.passages ?? []).map((passage) => [passage.id, passage]));
  let nearest = (body.abstention?.nearest ?? [])
    .map((item) => (typeof item === "string" ? byId.get(item) : item))
    .filter((item) => item?.text);
  if (!nearest.length) nearest = (body.passages ?? []).slice(0, NEAREST);
  if (body.abstention?.reason === "empty_index") {
    return [
      el(
        "div",
        { class: "answer declined" },
        el("p", { class: "declined-head", lang: langOf(body.language) }, body.abstention.message),
        el("p", { class: "own" }, w().noDocumentsHelp),
        el("p", null, button(w().addFirst, () => turn.doors.add(), "firm")),
      ),
      ...tail(turn),
    ];
  }
  // What the service says begins with what stands above it
  const { reason, message } = body.abstention ?? {};
  const said = (reason === "no_support" ? message?.replace(/^[^.]*\.\s*/, "") : message) || wordsIn(body.language).declinedHelp;
  return [
    el(
      "div",
      { class: "answer declined" },
      reason !== "talk" &&
        el("p", { class: "declined-head", lang: langOf(body.language) }, wordsIn(body.language).declined),
      el("p", { class: "own", lang: langOf(body.language) }, said),
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

/** Which nodes of a turn are of the kind of one that it has or had: the same button, or the citation of the same number. */
function likeIt(turn, node) {
  const kind = (one) => [one.title, one.getAttribute("aria-label"), one.dataset.citation].join("\n");
  return [...turn.querySelectorAll(node.localName)].filter((one) => kind(one) === kind(node));
}

/**
 * One question in the thread. `asked` is {question, lang, previous} (see api.ask) or what `kept()` gave. It is drawn when
 * `shown` says so, for of hundreds of turns few are seen.
 * `doors` are what it may call: openPlace, near(place) that may be opened soon, ask(question), retry(turn, changes), build, add() documents, changed.
 */
export class Turn {
  constructor(asked, doors) {
    const { question, lang = null, previous = [], scope = null, body = null, rating = null, comment = "" } = asked;
    /** @type {string} */
    this.id = asked.id ?? newId();
    /** When it was asked, and when it was last kept, in ms. */
    this.at = asked.at ?? Date.now();
    this.updated = asked.updated ?? 0;
    /** Whether it is read without the questions before it. */
    this.alone = asked.alone ?? false;
    this.drawn = false;
    /** @type {string} */
    this.question = question;
    /** @type {string | null} */
    this.lang = lang;
    this.previous = previous;
    /** Where the answer is looked for, see scope.js. */
    this.scope = scopeOf(scope);
    /** The service's reply, or null while there is none. */
    this.body = asked.id ? whole(body) : body;
    /** @type {"up" | "down" | null} */
    this.rating = rating;
    /** @type {string} */
    this.comment = comment;
    /** Whether it shows why it answers so. */
    this.opened = false;
    /** Questions that lead on, [{lang, text}]; each was tried. */
    this.next = [];
    this.doors = doors;
    this.node = el("article", { class: "turn" });
    this.settle(body ? "done" : "stopped");
  }

  /** Takes over what another tab kept of this turn. */
  take({ body, rating = null, comment = "", updated, lang = null, alone = false }) {
    this.settle(body ? "done" : "stopped");
    Object.assign(this, { body: whole(body), rating, comment, updated, lang, alone, explained: null, unexplained: null, opened: false });
    this.draw();
  }

  /** Draws it from now on, or clears it away. */
  shown(is) {
    if (this.drawn === is) return;
    this.drawn = is;
    if (is) this.draw();
    else this.node.replaceChildren();
  }

  asked() {
    return { question: this.question, lang: this.lang, previous: this.previous, scope: this.scope };
  }

  /** What is stored of a turn; one without an answer can be asked again. */
  kept() {
    const { id, at, question, lang, alone, scope, rating, comment } = this;
    this.updated = Date.now();
    return { id, at, updated: this.updated, question, lang, alone, scope, body: slim(this.body), rating, comment };
  }

  /** The places that its answer quotes. */
  places() {
    return citationsOf(this.body).map((citation) => citation.place);
  }

  // Enters a state and stops the clocks of the one before.
  settle(state) {
    this.state = state; // asking | done | stopped | problem
    this.found = null; // passages, while asking
    this.partial = null; // what has come of the answer, while asking
    this.slow = false;
    this.problem = null;
    this.waitS = null; // seconds until it is asked again by itself
    clearTimeout(this.soon);
    clearTimeout(this.later);
    clearInterval(this.clock);
    cancelAnimationFrame(this.frame);
    this.frame = null;
  }

  begin() {
    // What follows in the thread must not jump while there is nothing to show here.
    this.node.style.minHeight = this.node.nextSibling ? `${this.node.offsetHeight}px` : "";
    this.settle("asking");
    Object.assign(this, { body: null, rating: null, comment: "", commenting: false, draft: "" });
    Object.assign(this, { explained: null, unexplained: null, opened: false, next: [] });
    this.later = setTimeout(() => {
      this.slow = true;
      this.draw();
    }, SLOW_MS);
    this.draw();
  }

  /** Each place that its answer quotes, with the button that opens it. */
  citations() {
    return citationsOf(this.body ?? this.partial).map(({ number, place: spot }) => ({
      place: spot,
      trigger: this.node.querySelector(`:is(figcaption, .sources) .cite[data-citation="${number}"]`),
    }));
  }

  openPassage(passage, trigger) {
    this.doors.openPlace(place(passage), { trigger });
  }

  onStep(event, data) {
    if (event === "search_results") {
      this.soon = setTimeout(() => {
        this.found = data.data;
        this.draw();
      }, FOUND_MS);
      this.partial = { answer: "", citations: [], passages: data.data, language: data.query.language };
    } else if (event === "message") {
      this.partial.answer += data.delta;
    } else if (event === "citation") {
      this.partial.citations.push(data);
    }
    if (event === "search_results") return;
    // Once a frame: what came together is drawn together.
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  finish(body) {
    this.settle("done");
    this.body = body;
    this.node.style.minHeight = "";
    this.draw();
  }

  /** Shows what can be asked next. */
  lead(questions) {
    this.next = questions;
    // Nothing else moves or loses its place
    this.node.querySelector(".next")?.replaceWith(nextNode(this));
  }

  /** `waitS`: the seconds after which it asks again by itself; null = when the reader wants. */
  fail(problem, waitS = null) {
    this.settle("problem");
    this.problem = problem;
    this.waitS = waitS;
    if (waitS !== null) {
      const at = Date.now() + waitS * 1000;
      this.clock = setInterval(() => {
        this.waitS = Math.max(0, Math.ceil((at - Date.now()) / 1000));
        if (this.waitS === 0) this.doors.retry(this, { automatic: true });
        else this.node.querySelector(".wait").textContent = w().retryIn(this.waitS);
      }, 1000);
    }
    this.draw();
  }

  stop() {
    this.settle("stopped");
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
    if (isDoubtful(this.body)) nodes.push(el("span", { lang: language() }, `${w().confidence.low}: ${w().confidenceHelp.low}. `));
    for (const part of cut(this.body.answer ?? "", citationsOf(this.body))) {
      if (part.citations) nodes.push(el("span", { lang: langOf(part.citations[0].language) }, part.quote));
      else if (WORD.test(part.own)) nodes.push(el("span", { lang: langOf(this.body.language) }, part.own));
    }
    return nodes;
  }

  draw() {
    if (!this.drawn) return;
    const focused = this.node.contains(document.activeElement) ? document.activeElement : null;
    const nth = focused ? likeIt(this.node, focused).indexOf(focused) : 0;
    this.node.setAttribute("aria-busy", String(this.state === "asking"));
    this.node.dataset.state = this.state === "done" ? (this.body.status ?? "answered") : this.state;
    const lang = this.body?.language ?? this.partial?.language ?? this.lang;
    const question = el("h2", { class: "question", tabindex: "-1", lang: langOf(lang) }, this.question);
    this.node.replaceChildren(question, ...this.scopeNodes(), ...this.readAsNodes(), ...this.stateNodes());
    // What had the focus is gone with the old nodes: it goes to what stands for it now, else to the question, where reading goes on.
    if (focused && !this.node.contains(document.activeElement)) {
      (likeIt(this.node, focused)[nth] ?? question).focus({ preventScroll: true });
    }
  }

  scopeNodes() {
    const words = scopeWords(this.scope);
    return words ? [el("p", { class: "read-as" }, words)] : [];
  }

  // How a question that leans on an earlier one was completed, and the way out of it.
  readAsNodes() {
    const words = this.body?.read_as;
    if (!words) return [];
    return [
      el(
        "p",
        { class: "read-as" },
        el("span", null, w().readAs(""), el("span", { class: "read-words", lang: langOf(this.body.language) }, words)),
        button(w().asWritten, () => this.doors.retry(this, { previous: [], alone: true }), "quiet"),
      ),
    ];
  }

  stateNodes() {
    if (this.state === "asking") return this.askingNodes();
    if (this.state === "stopped") {
      return [
        el(
          "div",
          { class: "stopped" },
          el("p", null, w().stopped),
          button(w().again, () => this.doors.retry(this), "quiet edged"),
        ),
      ];
    }
    if (this.state === "problem") {
      const again =
        this.problem.code === "no_collection"
          ? button(w().seeCollections, () => this.doors.collections())
          : button(w().again, () => this.doors.retry(this));
      const build =
        this.problem.code === "index_not_ready" && button(w().buildNow, () => this.doors.build(), "quiet edged");
      const card = problemNode(this.problem, again, build);
      const { retryAfterS } = this.problem;
      const wait = this.waitS !== null ? w().retryIn(this.waitS) : retryAfterS && w().retryAfter(shortTime(retryAfterS));
      if (wait) card.querySelector(".buttons")?.before(el("p", { class: "wait" }, wait));
      return [card];
    }
    if (this.body.status === "abstained") return declinedNodes(this);
    return [
      ...(isDoubtful(this.body) ? [el("p", { class: "doubt" }, confidenceNode(this.body.confidence))] : []),
      el("div", { class: "answer", lang: langOf(this.body.language) }, answerNodes(this, this.body)),
      ...tail(this),
    ];
  }

  askingNodes() {
    if (this.partial?.answer) {
      return [
        el("div", { class: "answer", lang: langOf(this.partial.language) }, answerNodes(this, this.partial)),
      ];
    }
    const words = this.slow ? w().slow : this.found ? w().reading(this.found.length) : w().searching;
    return [
      el(
        "div",
        { class: "working" },
        el("span", { class: "spring", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
        el("span", { class: "working-words" }, words),
      ),
      this.found &&
        el(
          "ol",
          { class: "passages found" },
          this.found.slice(0, NEAREST).map((passage) => passageItem(this, passage)),
        ),
    ].filter(Boolean);
  }
}
