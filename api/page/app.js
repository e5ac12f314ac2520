// The page: which panel stands beside the talk, which words it speaks, and how it starts.
//
// The address says which panel is open: `/d/<document>#char=start,end` the reader, `#library` the
// documents, `#conversations` the conversations, anything else none. Opening adds a step to the
// browser's history, closing takes it back. `/?q=…` asks a question; the address forgets it at once.

import { collection, isSamples, pageOf, query, root } from "./collection.js";
import { CollectionList, nameOf } from "./collections.js";
import * as api from "./api.js";
import { startComposer } from "./composer.js";
import { ConversationList } from "./conversations.js";
import { Conversations } from "./talks.js";
import { $, all, button, el, icon } from "./dom.js";
import { Library, acceptDrops } from "./library.js";
import { problemNode, roundButton } from "./side.js";
import { placeOf, placeUrl } from "./address.js";
import { Reader } from "./reader.js";
import { Talk } from "./talk.js";
import { placeWords, toldScope } from "./scope.js";
import { fill, language, number, onLanguage, setLanguage, w } from "./words.js";

const SUGGESTED = 4; // a language
const LOOKS = 3; // for suggestions that were not there yet
const LOOK_MS = 2_000;
const READING_MS = 150; // after an answer, until the page that it quotes first is drawn ahead

const PANELS = { library: "library", conversations: "conversations", collections: "collections" }; // by hash: their title's words
const side = $("side");
// The address of the page changes, and that of its icon must not with it.
for (const link of /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll("link[rel=icon]"))) {
  link.setAttribute("href", link.href);
}
const narrow = matchMedia("(max-width: 900px)");
const broad = matchMedia("(min-width: 1600px)");
let info = null;
let looks = 0;
let suggestedNow = ""; // what is drawn
let total = null; // number of documents, once known
let readable = null; // of those that are not left out because they cannot be read
let lost = null; // the problem when the service cannot be reached

// What the reader may do: a scope includes those before it.
const SCOPES = ["search", "index", "admin"];
const may = (scope) => SCOPES.indexOf(info?.scope) >= SCOPES.indexOf(scope);

// panels

let pending = {}; // what the next synchronisation should know besides the address
let trigger = null; // where the focus goes back to
let beside = false; // the reader stands open because there is room for it
let shut = false; // and is not wanted there

/**
 * @param {string} url
 * @param {{replace?: boolean, place?: any, step?: string, trigger?: any, calm?: boolean}} [options]
 */
function go(url, { replace = false, ...rest } = {}) {
  pending = rest;
  const inside = history.state?.inside ?? false;
  if (replace) history.replaceState({ inside, talk: talk.id, beside: rest.calm }, "", url);
  else history.pushState({ inside: true, talk: talk.id }, "", url);
  synchronise();
}

function close() {
  if (beside) shut = true;
  if (history.state?.inside) {
    history.back();
  } else {
    history.replaceState({ inside: false, talk: talk.id }, "", here());
    synchronise();
  }
}

// Another collection is another page.
function load(address) {
  // Where only what stands behind the "#" differs, nothing would be loaded.
  history.replaceState(null, "", address);
  location.reload();
}

// The address of the conversation in the thread, with the panel beside it that stands behind the "#".
function here(hash = "") {
  const named = new URLSearchParams(query);
  if (talk.id) named.set("talk", talk.id);
  return `${root}/${named.size ? `?${named}` : ""}${hash}`;
}

// The thread shows another conversation, or none: a step in the history of its own, so that Back comes to the one before.
function moved() {
  const panel = document.body.dataset.side;
  const state = { inside: false, talk: talk.id };
  if (panel && narrow.matches) history.replaceState(state, "", here());
  else if (beside) history.pushState(state, "", here());
  else history.pushState(state, "", panel === "reader" ? location.href : here(panel ? `#${panel}` : ""));
  if (panel && (narrow.matches || beside)) synchronise();
}

// The conversation that the history has come to, where that is another one than in the thread.
async function follow() {
  const { state } = history;
  const wanted = state && "talk" in state ? state.talk : (new URLSearchParams(location.search).get("talk") ?? talk.id);
  if (wanted === talk.id) return;
  if (!wanted || !(await talk.open(wanted))) talk.begin();
}

const library = new Library(side, {
  close,
  may,
  open: (place) => go(placeUrl(place), { place }),
  collections: () => go(here("#collections"), { replace: true }),
  changed: (count, some) => {
    [total, readable] = [count, some];
    dress();
  },
  ask: narrowTo,
  own: () => load(`${pageOf("default")}#library`),
  removeSamples: () => collections.remove(collection),
  built: () => {
    lost = null;
    loadInfo();
  },
});

const reader = new Reader(side, {
  close,
  library: openLibrary,
  citations: () => talk.citations(),
  askThis: (document) => narrowTo({ documents: [document], folder: null }),
  go: (place, options) => go(placeUrl(place), { place, replace: true, ...options }),
});

const conversations = new Conversations();
let troubleSeen = null; // what the reader was told about keeping them, and put away

const talk = new Talk($("thread"), conversations, {
  openPlace,
  near: (place) => reader.prepare(place),
  ask: (question) => composer.ask(question),
  build: prepare,
  add: openLibrary,
  collections: openCollections,
  busy: (is) => composer.setBusy(is),
  answered: showBeside,
  changed: () => {
    document.body.dataset.view = talk.turns.length ? "talk" : "empty";
    list.current = talk.id;
    list.draw();
    dress();
  },
  named: moved,
});

const list = new ConversationList(side, conversations, {
  close,
  begin,
  open: openTalk,
  removed: (ids) => {
    if (!ids.includes(talk.id)) return;
    talk.begin();
    history.replaceState({ ...history.state, talk: null }, "", here(location.hash));
  },
  print: async (id) => {
    if (id === talk.id || (await openTalk(id))) printAll();
  },
});

const collections = new CollectionList(side, {
  close,
  may,
  go: load,
});

async function openTalk(id) {
  if (!(await talk.open(id))) return false;
  moved();
  showBeside(talk.turns.at(-1));
  return true;
}

// A new conversation; on a narrow screen the panel makes room for it.
function begin() {
  const isAnother = talk.id !== null;
  talk.begin();
  if (isAnother) moved();
  else if (narrow.matches && !side.hidden) close();
  if (side.hidden) composer.focus();
}

// Of a conversation that is printed all is drawn, also where the browser's own menu prints it.
let afterPrint = null;
addEventListener("beforeprint", () => (afterPrint ??= talk.drawAll()));
addEventListener("afterprint", () => {
  afterPrint?.();
  afterPrint = null;
});
function printAll() {
  if (document.body.dataset.side !== "reader") close();
  setTimeout(print); // the panel is gone by then
}

// On a broad screen the document stands beside its answer by itself, as long as it is not closed; nothing loses the focus.
function showBeside(turn) {
  const [first] = turn?.citations() ?? [];
  const panel = document.body.dataset.side;
  if (!first && beside) {
    trigger = null;
    go(here(), { replace: true });
  }
  if (!first || (panel && !beside)) return;
  if (!broad.matches || shut) {
    setTimeout(() => reader.prepare(first.place), READING_MS);
    return;
  }
  go(placeUrl(first.place), { ...first, replace: true, calm: true });
}

function openPlace(place, { trigger: from }) {
  shut = false;
  trigger = from;
  // From citation to citation the history does not grow: one step back closes the reader.
  go(placeUrl(place), { place, replace: document.body.dataset.side === "reader" });
}

// Says everywhere which panel is open, if one is.
function opened(open) {
  for (const node of document.querySelectorAll(".open")) node.classList.remove("open");
  for (const panel of Object.keys(PANELS))
    $(`open-${panel}`).setAttribute("aria-expanded", String(open === panel));
  if (open) document.body.dataset.side = open;
  else delete document.body.dataset.side;
  side.hidden = !open;
  fence();
  notices();
}

// The focus goes back to what opened the panel, if there was one.
function sideClosed(before) {
  side.replaceChildren();
  if (before) {
    if (trigger?.isConnected) trigger.focus();
    else if (!narrow.matches) composer.focus();
  }
  trigger = null;
  document.title = "Fuente";
}

// What each panel does when it is opened.
const show = {
  library: () => {
    library.draw();
    library.load();
    library.resume();
  },
  conversations: () => {
    list.current = talk.id;
    list.reset();
    list.draw();
  },
  collections: () => {
    collections.renaming = null;
    collections.draw();
    collections.load();
  },
};

// The reader at a place; true where a step to another of its quotes took the focus.
function showPlace(place, known, step) {
  trigger?.classList.add("open");
  reader.open(known?.id === place.id ? { ...known, ...place } : place);
  if (!step) return false;
  const steps = all(side, "[data-step]:not([disabled])");
  (steps.find((one) => one.dataset.step === step) ?? steps[0])?.focus();
  return true;
}

function synchronise() {
  const { place: known = null, step = null, trigger: from = null, calm = false } = pending;
  pending = {};
  beside = history.state?.beside ?? false;
  if (from) trigger = from;
  const place = placeOf(location);
  const named = location.hash.slice(1);
  const open = place ? "reader" : named in PANELS ? named : null;
  const before = document.body.dataset.side ?? null;
  library.shown = open === "library";
  list.shown = open === "conversations";
  collections.shown = open === "collections";
  if (!place) reader.close();
  opened(open);
  if (open === "reader") {
    if (showPlace(place, known, step)) return;
  } else if (open) {
    show[open]();
  } else {
    sideClosed(before);
    return;
  }
  document.title = `${place ? (known?.title ?? place.id) : w()[PANELS[open]]} · Fuente`;
  if (!calm) $("side-title")?.focus({ preventScroll: true });
}

// On a narrow screen the panel covers the page: what lies under it must not be reachable.
function fence() {
  const covered = narrow.matches && !side.hidden;
  for (const node of [$("main"), $("top"), $("notice"), $("skip")]) node.inert = covered;
  side.role = covered ? "dialog" : "complementary";
  side.ariaModal = covered ? "true" : null;
}

narrow.addEventListener("change", fence);
addEventListener("popstate", () => {
  synchronise();
  follow();
});
addEventListener("hashchange", () => {
  // A hash typed by hand; steps made here have been dealt with already.
  const place = placeOf(location);
  if (place && (place.start !== reader.place?.start || place.end !== reader.place?.end)) synchronise();
});

// When the page is loaded: the conversation of its address, else the one that this tab was in.
async function resume(named) {
  await conversations.ready;
  const { state } = history;
  const wanted = state && "talk" in state ? state.talk : (named ?? conversations.open);
  if (!talk.id && wanted) await talk.open(wanted);
  const address = placeOf(location) || api.granted ? location.href : here(location.hash);
  history.replaceState({ inside: false, ...state, talk: talk.id }, "", address);
  if (side.hidden) showBeside(talk.turns.at(-1));
  list.draw();
  dress();
}

const composer = startComposer({
  onAsk: (text, lang) => talk.ask(text, lang),
  onStop: () => talk.stop(),
});

// the empty page and its notices

function openPanel(name) {
  if (document.body.dataset.side === name) return;
  trigger = $(`open-${name}`);
  go(here(`#${name}`));
}

function openCollections() {
  openPanel("collections");
}

function openLibrary() {
  openPanel("library");
}

function prepare() {
  openLibrary();
  library.build();
}

function suggestions() {
  const list = (info?.suggested_questions ?? []).filter((one) => one?.text);
  const place = $("suggest");
  place.hidden = !list.length || document.body.dataset.view !== "empty";
  if (place.hidden) return;
  // What is the same stays, and with it the focus.
  const now = JSON.stringify([language(), list]);
  if (now === suggestedNow) return;
  suggestedNow = now;
  const order = language() === "en" ? ["en", "es"] : ["es", "en"];
  const column = (lang) => {
    const some = list.filter((one) => one.lang === lang).slice(0, SUGGESTED);
    return (
      some.length > 0 &&
      el(
        "div",
        { class: "suggest-column" },
        el("h2", { class: "label" }, lang === "es" ? w().inSpanish : w().inEnglish),
        el(
          "ul",
          null,
          some.map((one) =>
            el(
              "li",
              null,
              el(
                "button",
                { type: "button", class: "suggested", lang, on: { click: () => composer.ask(one.text) } },
                one.text,
              ),
            ),
          ),
        ),
      )
    );
  };
  place.setAttribute("aria-label", w().suggestions);
  place.replaceChildren(...order.map(column).filter(Boolean));
}

function notices() {
  const place = $("notice");
  let node = null;
  // Whoever reads what a link opened is asked for a key when he wants more than that.
  const reads = api.granted && lost?.status === 401 && document.body.dataset.side === "reader";
  if (lost && !reads && document.body.dataset.view === "empty") {
    const isGone = lost.code === "no_collection";
    if (isGone && document.body.dataset.side === "collections") node = null;
    else node = problemNode(lost, isGone ? button(w().seeCollections, openCollections) : button(w().retry, boot));
  } else if (
    total === 0 &&
    document.body.dataset.view === "empty" &&
    document.body.dataset.side !== "library"
  ) {
    node = el(
      "div",
      { class: "first" },
      el("p", null, el("b", null, w().noDocuments), " ", w().noDocumentsHelp),
      button(w().addFirst, openLibrary),
    );
  } else if (info?.problem && total && document.body.dataset.side !== "library") {
    const { code, detail, remedy } = info.problem;
    node = problemNode(
      new api.Problem({ code, title: w().notReady, detail, remedy }),
      button(w().buildNow, prepare),
    );
  } else if (conversations.trouble === "full" && troubleSeen !== "full") {
    node = el(
      "div",
      { class: "first" },
      el("p", null, w().trouble.full),
      button(w().conversations, () => openPanel("conversations")),
      button(
        w().close,
        () => {
          troubleSeen = "full";
          notices();
          composer.focus();
        },
        "quiet edged",
      ),
    );
  }
  place.hidden = !node;
  place.replaceChildren(...(node ? [node] : []));
}

// Where the next question looks, above the box and below it.
function drawScope() {
  const { scope } = talk;
  const chosen = $("scope-lang");
  chosen.value = scope?.language ?? "";
  for (const option of chosen.options) option.textContent = w().scopeIn[option.value || "all"];
  chosen.classList.toggle("chosen", chosen.value !== "");
  const words = placeWords(scope);
  const everywhere = () => narrowTo({ documents: [], folder: null });
  const choose = () => {
    library.choose(true);
    openLibrary();
  };
  $("scope").hidden = !words && !total;
  $("scope").replaceChildren(
    words
      ? el("span", { class: "chip" }, el("span", null, words), roundButton("close", w().askAll, everywhere))
      : button([icon("library"), w().wholeCollection], choose, "quiet chip-whole", { title: w().chooseWhere }),
  );
}

// Has the questions from now on look there.
function narrowTo(place) {
  talk.narrow({ ...talk.scope, ...place });
  if (narrow.matches && !side.hidden) close();
  composer.focus();
}

// Draws all that depends on the language, the state of the service or the number of documents.
function dress() {
  fill(document);
  document.documentElement.lang = language();
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-lang") === language()));
  }
  const talking = document.body.dataset.view === "talk";
  if (talking) $("question").placeholder = w().placeholderMore;
  $("new-talk").hidden = !talking;
  $("collection-name").textContent = nameOf(collection || "default");
  const left = total - (readable ?? total); // could not be read
  $("count").replaceChildren(...(total === null ? [] : [number(total), left ? el("span", { class: "tool-words" }, ` · ${w().notRead(left)}`) : ""]));
  $("own").hidden = talking || !isSamples || !may("index");
  $("own-way").href = `${pageOf("default")}#library`;
  $("to-owner").hidden = talking || !may("admin");
  $("open-owner").href = `${root}/owner${query}`;
  suggestions();
  notices();
  drawScope();
  composer.dress();
}

onLanguage(() => {
  dress();
  talk.draw();
  library.draw();
  list.draw();
  collections.draw();
  reader.draw();
});

// The search for questions goes on each time that it is asked for.
function lookAgain() {
  if (!info.build?.passages || (info.suggested_questions ?? []).length >= 2 * SUGGESTED || looks++ >= LOOKS) return;
  setTimeout(async () => {
    if (document.body.dataset.view !== "empty") return;
    try {
      info.suggested_questions = (await api.info()).suggested_questions;
      suggestions();
      lookAgain();
    } catch {
      // There are those that were there before.
    }
  }, LOOK_MS);
}

async function loadInfo() {
  try {
    info = await api.info();
    lookAgain();
    if (api.learn(info)) talk.draw();
    lost = null;
  } catch (problem) {
    // 401 included: the card asks for the key.
    lost = problem;
  }
  dress();
  library.draw();
  collections.draw();
}

async function boot() {
  await Promise.all([loadInfo(), library.load()]);
}

for (const button of document.querySelectorAll("[data-lang]")) {
  button.addEventListener("click", () => setLanguage(button.getAttribute("data-lang")));
}
$("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address belongs to the panels
  composer.focus();
});
for (const panel of Object.keys(PANELS)) {
  $(`open-${panel}`).addEventListener("click", () =>
    document.body.dataset.side === panel ? close() : openPanel(panel),
  );
}
$("new-talk").addEventListener("click", begin);
$("scope-lang").addEventListener("change", () => talk.narrow({ ...talk.scope, language: $("scope-lang").value || null }));
$("begin").href = `${root}/${query}`;
$("begin").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab or window
  event.preventDefault();
  if (!side.hidden) close();
  begin();
});

acceptDrops({ may: () => may("index"), onEnter: openLibrary, onFiles: (files) => library.upload(files) });

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !side.hidden) {
    close();
  } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (/** @type {Element} */ (event.target).closest("input, textarea") || $("main").inert) return;
    event.preventDefault();
    composer.focus();
  }
});

// A key that was given opens everything that was refused without it.
document.addEventListener("key", boot);
addEventListener("online", () => lost && boot());
// What could not be fetched is fetched without being told to; a question is asked again by who asked it.
api.whenBack(() => {
  boot();
  if (reader.problem) reader.open(reader.place);
});

dress();
boot();
// What a link opens without a key stays in its address, so that it can be loaded again.
const asked = api.granted ? `${query || "?"}${query && "&"}access=${api.granted}` : query;
const told = new URLSearchParams(location.search);
const shared = told.get("q")?.trim();
if (shared || location.search !== asked) {
  const state = shared ? { inside: false, talk: null } : history.state;
  history.replaceState(state, "", location.pathname + asked + location.hash);
}
synchronise();
resume(told.get("talk"));
if (side.hidden && !narrow.matches) composer.focus();
if (shared) {
  talk.begin();
  talk.narrow(toldScope(told));
  composer.ask(shared);
}
