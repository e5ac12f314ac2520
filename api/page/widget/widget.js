// The widget: a button on another page that asks this service. That page names it so:
//   <script src="…/widget.js" data-key="…" data-collection="…" data-lang="es" defer></script>
// Its origin has to be one of the setting cors_origins; the key one of scope search, for whoever reads the page can read it.
// It touches nothing of that page but the one element that it adds, and keeps nothing.

(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!script) return;
  const WORDS = /* made by `python -m api.messages` */ {"es":{"title":"Preguntar a los documentos","question":"Tu pregunta","ask":"Preguntar","close":"Cerrar","promise":"Responde con las palabras exactas de los documentos, y dice dónde están.","declined":"Los documentos no contienen una respuesta a esta pregunta.","searching":"Buscando…","unreachable":"No hay respuesta del servicio: puede que esta página no tenga permiso para preguntar.","page":"pág. {page}"},"en":{"title":"Ask the documents","question":"Your question","ask":"Ask","close":"Close","promise":"Answers in the exact words of the documents, and says where they stand.","declined":"The documents hold no answer to this question.","searching":"Searching…","unreachable":"The service does not answer: this page may have no leave to ask.","page":"p. {page}"}};
  const root = script.src.replace(/\/widget\.js([?#].*)?$/, "");
  const { key = "", collection = "", lang = "", label = "" } = script.dataset;
  const spoken = (lang || document.documentElement.lang || navigator.language || "en").slice(0, 2).toLowerCase();
  const words = WORDS[spoken === "es" ? "es" : "en"];
  const base = `${root}/v1${collection ? `/collections/${encodeURIComponent(collection)}` : ""}`;

  const LOOK = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    .house { --paper: #fff; --ink: #15211f; --soft: #5e6c68; --rule: #d8e0dc; --source: #0a5f66; --on: #fff; --water: #e3f1ef;
      position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink); text-align: start; }
    @media (prefers-color-scheme: dark) { .house { --paper: #151f1e; --ink: #e4ebe8; --soft: #8f9e99; --rule: #263331; --source: #78cfc5; --on: #06201f; --water: #12292a; } }
    button, input { font: inherit; color: inherit; }
    button { border: 0; cursor: pointer; }
    .call, .ask { padding: .6rem 1.1rem; border-radius: 2rem; background: var(--source); color: var(--on); font-weight: 600; }
    .call { display: block; margin-inline-start: auto; box-shadow: 0 4px 18px #0004; }
    .ask { border-radius: 8px; }
    .ask:disabled { opacity: .6; cursor: default; }
    .card { display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); width: min(24rem, calc(100vw - 2rem)); max-height: min(32rem, calc(100vh - 6rem)); margin-bottom: .75rem; padding: 1rem; background: var(--paper); border: 1px solid var(--rule); border-radius: 14px; box-shadow: 0 10px 34px #0004; }
    .card[hidden] { display: none; }
    .head { display: flex; align-items: center; justify-content: space-between; gap: .5rem; }
    .head h2 { min-width: 0; margin: 0; overflow-wrap: anywhere; font-size: 1.05rem; font-weight: 600; }
    .close { min-width: 2.5rem; min-height: 2.5rem; border-radius: 8px; background: none; font-size: 1.2rem; color: var(--soft); }
    .said { overflow-y: auto; overflow-wrap: anywhere; white-space: pre-line; }
    .said p { margin: .5rem 0; }
    .said .asked { font-weight: 600; }
    .said .wrong { color: #9b2c22; }
    @media (prefers-color-scheme: dark) { .said .wrong { color: #f0998d; } }
    .said ul { margin: .25rem 0 .5rem; padding: 0; list-style: none; }
    .said a { display: inline-block; padding: .25rem 0; color: var(--source); font-size: .9rem; }
    form { display: flex; gap: .5rem; padding-top: .6rem; }
    input { flex: 1; min-width: 0; padding: .55rem .75rem; border: 1px solid var(--soft); border-radius: 8px; background: var(--paper); }
    :focus-visible { outline: 2.5px solid var(--source); outline-offset: 2px; }
  `;

  const el = (tag, props, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(props ?? {})) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const host = document.createElement("fuente-widget");
  const shadow = host.attachShadow({ mode: "open" });
  // As a sheet of its own it needs no leave of that page's policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK);
  shadow.adoptedStyleSheets = [sheet];

  const said = el("div", { class: "said", role: "log", "aria-live": "polite" }, el("p", null, words.promise));
  const box = el("input", { type: "text", maxlength: "2000", autocomplete: "off", enterkeyhint: "send", "aria-label": words.question, placeholder: words.question });
  const go = el("button", { class: "ask", type: "submit" }, words.ask);
  const form = el("form", null, box, go);
  const close = el("button", { class: "close", type: "button", "aria-label": words.close }, "×");
  const title = label || words.title;
  const card = el("div", { class: "card", id: "card", role: "dialog", "aria-label": title, hidden: "" }, el("div", { class: "head" }, el("h2", null, title), close), said, form);
  const call = el("button", { class: "call", type: "button", "aria-expanded": "false", "aria-controls": "card" }, title);
  shadow.append(el("div", { class: "house", lang: spoken === "es" ? "es" : "en" }, card, call));

  const show = (open) => {
    card.hidden = !open;
    call.setAttribute("aria-expanded", String(open));
    if (open) box.focus();
    else call.focus();
  };
  call.addEventListener("click", () => show(card.hidden));
  close.addEventListener("click", () => show(false));
  card.addEventListener("keydown", (event) => {
    // That page's own keys are not for what is written here.
    event.stopPropagation();
    if (event.key === "Escape") show(false);
  });

  const answer = (body) => {
    const nodes = [el("p", { lang: body.language }, body.answer || body.abstention?.message || words.declined)];
    const places = new Map();
    for (const { url, location } of body.citations ?? []) {
      const where = [location.document_title, location.page_number && words.page.replace("{page}", location.page_number)];
      places.set(where.filter(Boolean).join(", "), url);
    }
    const links = [...places].map(([text, url]) => {
      const link = el("a", { href: new URL(url, `${root}/`).href, target: "_blank", rel: "noopener" }, text);
      return el("li", null, link);
    });
    if (links.length) nodes.push(el("ul", null, ...links));
    return nodes;
  };

  const ask = async (query) => {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": spoken === "es" ? "es" : "en" };
    if (key) headers.Authorization = `Bearer ${key}`;
    try {
      const reply = await fetch(`${base}/ask`, { method: "POST", headers, body: JSON.stringify({ query }), credentials: "omit" });
      const body = await reply.json();
      return reply.ok ? answer(body) : [el("p", { class: "wrong" }, body.detail || words.unreachable)];
    } catch {
      return [el("p", { class: "wrong" }, words.unreachable)];
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = box.value.trim();
    if (!query || go.disabled) return;
    go.disabled = true;
    box.value = "";
    const waiting = el("p", null, words.searching);
    said.append(el("p", { class: "asked" }, query), waiting);
    const nodes = await ask(query);
    waiting.replaceWith(...nodes);
    nodes.at(-1).scrollIntoView({ block: "nearest" });
    go.disabled = false;
  });

  const add = () => document.body.append(host);
  if (document.body) add();
  else addEventListener("DOMContentLoaded", add);
})();
