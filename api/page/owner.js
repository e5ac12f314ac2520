// The owner's view: what is asked, what was declined, what readers did not like, what took long, and what is to become of it.
// All of it comes from the service and stays there; this page keeps nothing.

import * as api from "./api.js";
import { placeUrl, sharedUrl } from "./address.js";
import { place, whereabouts } from "./citation.js";
import { base, query, root } from "./collection.js";
import { $, announce, button, el, icon, langOf, refill } from "./dom.js";
import { problemNode, settled } from "./side.js";
import { date, fill, language, number, onLanguage, setLanguage, w } from "./words.js";

const PERIODS = ["1", "7", "30", "90", "366"];
const SHOWS = ["declined", "down", "slow", "all"];
const LANGUAGES = ["es", "en", "und"];
const PAGE = 50;
const NEAREST = 3;
const TYPING_MS = 200;
const MOST_BARS = 92; // days; of a longer time a bar is a week

const main = $("main");
const asked = new URLSearchParams(location.search);
const one = (name, known, otherwise) => (known.includes(asked.get(name)) ? asked.get(name) : otherwise);

const state = {
  days: one("days", PERIODS, "30"),
  show: one("show", SHOWS, "declined"),
  language: "",
  document: "", // id
  q: "",
  summary: null,
  list: [], // what is shown of the questions
  total: 0,
  decisions: [],
  judging: null, // {id, passages, problem} of the question that is being judged
  problem: null,
};

const owner = () => w().owner;

// service

const filters = (more = {}) => {
  const given = { days: state.days, language: state.language, document_id: state.document, ...more };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ""));
};
const listed = (offset = 0) =>
  api.get(`${base}/questions?${filters({ show: state.show, q: state.q, limit: PAGE, offset })}`);

let turn = 0; // of the requests under way only the last one counts

async function load({ listOnly = false } = {}) {
  const mine = ++turn;
  try {
    const [list, summary, decisions] = await Promise.all([
      listed(),
      listOnly ? state.summary : api.get(`${base}/questions/summary?${filters()}`),
      listOnly ? { data: state.decisions } : api.get(`${base}/questions/decisions`),
    ]);
    if (mine !== turn) return;
    Object.assign(state, { list: list.data, total: list.total, summary, decisions: decisions.data, problem: null });
  } catch (problem) {
    if (mine !== turn) return;
    state.problem = problem;
  }
  draw();
}

async function more() {
  const mine = turn;
  const next = await listed(state.list.length).catch(() => null);
  if (!next || mine !== turn) return;
  state.list.push(...next.data);
  state.total = next.total;
  draw();
}

const searched = settled(TYPING_MS, () => load({ listOnly: true }));

function choose(changes) {
  Object.assign(state, changes, { judging: null });
  const shown = new URLSearchParams(query);
  shown.set("days", state.days);
  shown.set("show", state.show);
  history.replaceState(null, "", `?${shown}`);
  load();
}

/** Does something about a question, and says what became of it. */
async function act(doing, words) {
  try {
    await doing();
  } catch (problem) {
    state.problem = problem;
    draw();
    return;
  }
  state.judging = null;
  announce(words);
  await load();
}

const decide = (row, verdict, spot = null) =>
  act(
    () =>
      api.request("POST", `${base}/questions/decisions`, {
        json: {
          question: row.question,
          language: row.language,
          verdict,
          ...(spot && { place: { document_id: spot.id, start: spot.start, end: spot.end } }),
        },
      }),
    owner().decided,
  );

const undo = (id) => act(() => api.request("DELETE", `${base}/questions/decisions/${id}`), owner().undone);

// The passages nearest to it, one of which may hold the answer after all.
async function judge(row) {
  const judging = { id: row.id, passages: null, problem: null };
  state.judging = judging;
  draw();
  try {
    const json = { query: row.question, limit: NEAREST, ...(langOf(row.language) && { language: row.language }) };
    const found = await api.body(await api.request("POST", `${base}/search`, { json }));
    judging.passages = found.data;
  } catch (problem) {
    judging.problem = problem;
  }
  if (state.judging === judging) draw();
}

function save(name, blob) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const exportTable = () =>
  act(async () => {
    const way = `${base}/questions/export?${filters({ show: state.show, q: state.q })}`;
    const response = await api.request("GET", way, { accept: "text/csv" });
    const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
    save(name ?? "fuente.csv", await response.blob());
  }, owner().exported);

function saveJudged() {
  const lines = state.decisions.map((decision) => `${JSON.stringify(decision.line)}\n`);
  save("decided.jsonl", new Blob(lines, { type: "application/jsonl" }));
}

// drawing

const seconds = (ms) => w().seconds(number(ms / 1000, { maximumSignificantDigits: 2 }));

function chosen(label, value, options, onChange, keep) {
  const select = el(
    "select",
    { "data-keep": keep, on: { change: () => onChange(select.value) } },
    options.map(([key, words]) => el("option", { value: key }, words)),
  );
  select.value = value;
  return el("label", { class: "owner-field" }, el("span", { class: "label" }, label), select);
}

function tools() {
  const { summary } = state;
  const documents = (summary?.documents ?? []).map((row) => [row.document_id, row.title]);
  if (state.document && !documents.some(([id]) => id === state.document)) documents.unshift([state.document, state.document]);
  return el(
    "div",
    { class: "owner-tools" },
    chosen(owner().period, state.days, PERIODS.map((days) => [days, owner().periods[days]]), (days) => choose({ days }), "days"),
    chosen(
      owner().language,
      state.language,
      [["", w().allLanguages], ...LANGUAGES.map((code) => [code, w().language[code]])],
      (code) => choose({ language: code }),
      "language",
    ),
    chosen(
      owner().document,
      state.document,
      [["", owner().allDocuments], ...documents],
      (id) => choose({ document: id }),
      "document",
    ),
  );
}

function tiles() {
  const { summary } = state;
  const tile = (words, value, help = null, show = null) => {
    const inside = [el("b", null, value), el("span", null, words), help && el("small", null, help)];
    return el(
      "li",
      null,
      show
        ? button(inside, () => choose({ show }), "tile", { "data-keep": `tile-${show}`, "aria-pressed": String(state.show === show) })
        : el("div", { class: "tile" }, inside),
    );
  };
  return el(
    "ul",
    { class: "tiles", role: "list" },
    tile(owner().asked, number(summary.asked), null, "all"),
    tile(owner().answered, number(summary.answered)),
    tile(owner().declined, number(summary.declined), null, "declined"),
    tile(owner().down, number(summary.down), null, "down"),
    tile(owner().slow, number(summary.slow), owner().slowHelp(number(summary.slow_ms / 1000)), "slow"),
    summary.median_ms !== null && tile(owner().median, seconds(summary.median_ms)),
  );
}

function bars() {
  let { days } = state.summary;
  if (days.length > MOST_BARS) {
    const weeks = [];
    for (let n = 0; n < days.length; n += 7) {
      const week = days.slice(n, n + 7);
      const sum = (name) => week.reduce((total, day) => total + day[name], 0);
      weeks.push({ day: week[0].day, asked: sum("asked"), declined: sum("declined") });
    }
    days = weeks;
  }
  const most = Math.max(1, ...days.map((day) => day.asked));
  const bar = ({ day, asked: n, declined }) => {
    const words = owner().dayOf(date(`${day}T12:00:00Z`), n, declined);
    const node = el("li", { title: words }, el("span", { class: "sr" }, words), el("i", { class: "bar" }), el("i", { class: "bar part" }));
    node.style.setProperty("--high", String(n / most));
    node.style.setProperty("--part", String(declined / most));
    return node;
  };
  return el(
    "section",
    { class: "owner-days" },
    el("h2", { class: "label" }, owner().daysTitle),
    el("ol", { class: "bars", role: "list" }, days.map(bar)),
    el(
      "p",
      { class: "bars-ends" },
      el("span", null, date(`${state.summary.since}T12:00:00Z`)),
      el("span", { class: "legend" }, el("i", { class: "key" }), owner().asked, el("i", { class: "key part" }), owner().declined),
      el("span", null, date(`${state.summary.until}T12:00:00Z`)),
    ),
  );
}

function table(title, heads, rows) {
  if (!rows.length) return null;
  return el(
    "section",
    { class: "owner-table" },
    el("h2", { class: "label" }, title),
    el(
      "table",
      null,
      el("thead", null, el("tr", null, heads.map((words) => el("th", { scope: "col" }, words)))),
      el(
        "tbody",
        null,
        rows.map(([first, ...cells]) => el("tr", null, el("th", { scope: "row" }, first), cells.map((cell) => el("td", null, cell)))),
      ),
    ),
  );
}

const documentLink = (id, title) => el("a", { href: placeUrl({ id, start: null, end: null }) }, el("bdi", null, title));

function beside() {
  const { summary } = state;
  const wanted = state.decisions.filter((decision) => decision.verdict === "wanted");
  return el(
    "div",
    { class: "owner-beside" },
    wanted.length > 0 &&
      el(
        "section",
        { class: "wanted" },
        el("h2", { class: "label" }, owner().wantedTitle),
        el(
          "ul",
          { role: "list" },
          wanted.map(({ id, line }) =>
            el(
              "li",
              null,
              el("span", { lang: langOf(line.lang) }, line.question),
              button(owner().undo, () => undo(id), "quiet", { "aria-label": `${owner().undo}: ${line.question}`, "data-keep": `undo-${id}` }),
            ),
          ),
        ),
      ),
    table(
      owner().languagesTitle,
      [owner().language, owner().asked, owner().declined],
      summary.languages.map((row) => [w().language[row.language], number(row.asked), number(row.declined)]),
    ),
    table(
      owner().documentsTitle,
      [owner().document, owner().quoted, owner().down],
      summary.documents.map((row) => [documentLink(row.document_id, row.title), number(row.quoted), number(row.down)]),
    ),
    state.decisions.length > 0 && button([icon("file"), owner().judgedFile], saveJudged, "quiet", { "data-keep": "judged" }),
  );
}

function judgingNode(row) {
  const { passages, problem } = state.judging;
  if (problem) return problemNode(problem, button(w().retry, () => judge(row)));
  if (!passages) return el("p", { class: "owner-quiet", role: "status" }, w().loading);
  return el(
    "div",
    { class: "judging" },
    el("p", { class: "label", tabindex: "-1", "data-keep": `judging-${row.id}` }, passages.length ? owner().judging : owner().noPassage),
    el(
      "ol",
      { role: "list" },
      passages.map((passage, n) => {
        const spot = place(passage);
        const where = [spot.title, whereabouts(spot)].filter(Boolean).join(w().separator);
        return el(
          "li",
          null,
          el("a", { class: "passage-place", href: placeUrl(spot) }, el("bdi", null, where)),
          el("p", { class: "words", lang: langOf(passage.language) }, passage.text),
          button(owner().answers, () => decide(row, "answer", spot), "quiet edged", { "data-keep": `answer-${n}` }),
        );
      }),
    ),
    button(owner().nothing, () => decide(row, "none"), "quiet edged", { "data-keep": "nothing" }),
  );
}

function item(row) {
  const facts = [
    owner().times(row.times),
    date(row.last_at, { timeStyle: "short" }),
    owner().outcome[row.outcome],
    row.slowest_ms !== null && seconds(row.slowest_ms),
    row.down > 0 && `${owner().down}: ${number(row.down)}`,
  ].filter(Boolean);
  const label = (words) => ({ "aria-label": `${words}: ${row.question}` });
  const open = state.judging?.id === row.id;
  return el(
    "li",
    { class: "asked-item" },
    el("a", { class: "asked-question", lang: langOf(row.language), href: sharedUrl(row.question) }, row.question),
    el("p", { class: "facts" }, facts.join(" · ")),
    row.documents.length > 0 && el("p", { class: "facts" }, row.documents.flatMap((id, n) => [n ? ", " : "", documentLink(id, id)])),
    row.comments.map((words) => el("p", { class: "said" }, `“${words}”`)),
    row.verdict
      ? el(
          "p",
          { class: "verdict" },
          el("span", null, owner().verdict[row.verdict]),
          button(owner().undo, () => undo(row.id), "quiet", { "data-keep": `undo-${row.id}`, ...label(owner().undo) }),
        )
      : row.outcome !== "talk" &&
          el(
            "div",
            { class: "buttons" },
            button(owner().judge, () => (open ? choose({}) : judge(row)), "quiet edged", {
              "data-keep": `judge-${row.id}`,
              "aria-expanded": String(open),
              ...label(owner().judge),
            }),
            button(owner().wanted, () => decide(row, "wanted"), "quiet edged", {
              "data-keep": `wanted-${row.id}`,
              ...label(owner().wanted),
            }),
          ),
    open && !row.verdict && judgingNode(row),
  );
}

function questions() {
  const find = el("input", {
    type: "search",
    "aria-label": owner().find,
    placeholder: owner().find,
    "data-keep": "find",
    on: {
      input: () => {
        state.q = find.value.trim();
        searched();
      },
    },
  });
  find.value = state.q;
  const tab = (show) =>
    button(owner().shows[show], () => choose({ show }), "quiet", { "aria-pressed": String(state.show === show), "data-keep": `show-${show}` });
  return el(
    "section",
    { class: "owner-questions" },
    el("div", { class: "shows", role: "group", "aria-label": owner().show }, SHOWS.map(tab)),
    el(
      "div",
      { class: "owner-line" },
      find,
      button([icon("file"), owner().export], exportTable, "quiet edged", { "data-keep": "export" }),
    ),
    state.list.length
      ? el("ol", { class: "asked-list", role: "list" }, state.list.map(item))
      : el("p", { class: "nothing" }, el("b", null, owner().none), owner().noneHelp),
    state.list.length < state.total && button(owner().more, more, "quiet edged", { "data-keep": "more" }),
  );
}

function draw() {
  fill(document);
  document.documentElement.lang = language();
  document.title = `${owner().title} · Fuente`;
  $("back-words").textContent = owner().back;
  $("back").title = owner().back;
  for (const node of document.querySelectorAll("[data-lang]"))
    node.setAttribute("aria-pressed", String(node.getAttribute("data-lang") === language()));
  const { summary, problem } = state;
  const at = /** @type {any} */ (document.activeElement)?.selectionStart;
  const kept = summary && (summary.question_days ? owner().keptFor(summary.question_days) : owner().notKept);
  refill(
    main,
    el("h1", { tabindex: "-1", "data-keep": "title" }, owner().title),
    el("p", { class: "owner-help" }, owner().help, " ", kept || ""),
    ...[problem && problemNode(problem, button(w().retry, () => load()))].filter(Boolean),
    ...(summary && !(problem && problem.status)
      ? [tools(), tiles(), bars(), el("div", { class: "owner-columns" }, questions(), beside())]
      : []),
  );
  // A search field that is drawn anew keeps its place among the letters
  const now = /** @type {any} */ (document.activeElement);
  if (now?.type === "search" && Number.isInteger(at)) now.setSelectionRange(at, at);
}

onLanguage(draw);
for (const node of document.querySelectorAll("[data-lang]"))
  node.addEventListener("click", () => setLanguage(node.getAttribute("data-lang")));
$("home").href = $("back").href = `${root}/${query}`;
document.addEventListener("key", () => load());
draw();
load();
