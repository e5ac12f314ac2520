// What the page reckons by itself, without a browser. Run by test_page_code.py.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.localStorage = { getItem: () => null, setItem: () => {} };
globalThis.sessionStorage = { getItem: () => null, setItem: () => {} };
globalThis.location = { origin: "http://127.0.0.1:8000" };
if (!globalThis.navigator?.languages) globalThis.navigator = { languages: ["es-PE"] };
globalThis.document = { documentElement: {} };

const words = await import("./words.js");
const { closing, cut, inMarkdown, isInline, opening, shapeOf, withoutDrawnColumns } = await import("./structure.js");
const { placeOf, placeUrl, sharedUrl } = await import("./address.js");
const api = await import("./api.js");
const { citationsOf, place, slim, whole } = await import("./cited.js");
const { folded } = await import("./talks.js");

beforeEach(() => words.setLanguage("es"));

test("a text with places is a function of what goes there, in the order of the English text", () => {
  assert.equal(words.w().noSuchPlace("3", "9", "5"), "El enlace señala los caracteres 3–9, pero este documento tiene 5. Puede que haya cambiado.");
  assert.equal(words.w().why.by.synonym("coche", "auto"), "coche (con otra palabra: auto)");
  words.setLanguage("en");
  assert.equal(words.w().citationOf(2, 7), "Citation 2 of 7");
});

test("one and many have their forms, and numbers are written as the language has them", () => {
  assert.equal(words.w().pages(1), "1 página");
  assert.equal(words.w().pages(12345), "12.345 páginas");
  words.setLanguage("en");
  assert.equal(words.w().pages(0), "0 pages");
  assert.equal(words.w().pages(12345), "12,345 pages");
});

test("every text of the catalogue is a text or a function in both languages", () => {
  const walk = (part, path) => {
    for (const [key, value] of Object.entries(part)) {
      if (value !== null && typeof value === "object") walk(value, `${path}.${key}`);
      else assert.ok(typeof value === "function" || value, `${path}.${key}`);
    }
  };
  for (const lang of ["es", "en"]) {
    words.setLanguage(lang);
    walk(words.w(), lang);
  }
});

test("tables and lists are copied as Markdown has them", () => {
  const words = (text) => ({ text, marked: null });
  const table = { columns: ["Año", "A|B"], rows: [[words("1996"), words("uno\ndos")], [null, words("x|y")]] };
  assert.equal(inMarkdown({ table }), "| Año | A\\|B |\n| --- | --- |\n| 1996 | uno dos |\n|  | x\\|y |");
  const item = (text, number, level = 1) => ({ words: words(text), number, level });
  assert.equal(
    inMarkdown({ list: { lead: words("Hace falta:"), items: [item("pan", "1."), item("sal", "", 2), item("agua", "a)")] } }),
    "Hace falta:\n\n1. pan\n   - sal\n- a) agua",
  );
});

test("a shared question names where it is looked for, and the request filters by that", () => {
  const scope = { document: { id: "año/a b.pdf", title: "A" }, language: "es" };
  const url = new URL(sharedUrl("¿Qué?", scope));
  assert.deepEqual([...url.searchParams], [["q", "¿Qué?"], ["document", "año/a b.pdf"], ["language", "es"]]);
  assert.match(api.curl({ question: "x", scope }), /"filters":\{"document_id":\["año\/a b.pdf"\],"language":\["es"\]\}/);
  assert.doesNotMatch(api.curl({ question: "x", scope: null }), /filters/);
});

test("some seconds in a few letters", () => {
  assert.deepEqual([0, 1.4, 40, 89, 90, 200].map(words.shortTime), ["1 s", "1 s", "40 s", "89 s", "2 min", "3 min"]);
});

const citation = (text, start, number = 1) => ({ text, start, end: start + Array.from(text).length, number });

test("an answer is cut at its quotes, by code points", () => {
  const answer = "🌍 Según «Año»: «el ñandú» [1].";
  const start = Array.from(answer).indexOf("«", 12) + 1;
  const parts = cut(answer, [citation("el ñandú", start)]);
  assert.deepEqual(parts.map((part) => part.quote ?? part.own), ["🌍 Según «Año»: «", "el ñandú", "» [1]."]);
});

test("a quote that is not where its citation says is looked for, and one that is nowhere goes to the end", () => {
  const parts = cut("uno dos tres", [citation("dos", 1), citation("cuatro", 9)]);
  assert.deepEqual(parts.map((part) => part.quote ?? part.own), ["uno ", "dos", " tres", "cuatro", ""]);
});

test("citations of the same place share one quote", () => {
  const parts = cut("año", [citation("año", 0, 1), citation("año", 0, 2)]);
  assert.deepEqual(parts.map((part) => part.citations?.length), [undefined, 2, undefined]);
});

test("marks around a quote are taken away, and a short one stands in its sentence", () => {
  assert.equal(opening("Dice: «"), "Dice: ");
  assert.equal(closing("» [1] [2] y sigue"), " y sigue");
  assert.ok(isInline("seis libros", "Son ", " al mes."));
  assert.ok(!isInline("seis libros", "", " al mes."));
  assert.ok(!isInline("x".repeat(91), "Son ", " al mes."));
});

test("the address of a place leads back to it", () => {
  const place = { id: "año/¿qué? #1.txt", start: 3, end: 9 };
  const url = new URL(placeUrl(place), "http://127.0.0.1");
  assert.deepEqual(placeOf(url), place);
  for (const more of ["#", "#:~:text=el", "&x=1"])
    assert.deepEqual(placeOf(new URL(`http://x/d/a.txt#char=3,9${more}`)), { id: "a.txt", start: 3, end: 9 });
  assert.deepEqual(placeOf(new URL("http://x/d/a.txt#char=3,9x")), { id: "a.txt", start: null, end: null });
  assert.deepEqual(placeOf(new URL("http://x/d/a.txt#char=3")), { id: "a.txt", start: null, end: null });
  for (const path of ["/", "/d/", "/d/%E0%A4%A", "/docs"]) assert.equal(placeOf({ pathname: path, hash: "" }), null);
});

const streamOf = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
      controller.close();
    },
  });

test("events are read however the stream is cut", async () => {
  const text = ': ping\r\nevent: message\r\ndata: {"delta": "ñandú"}\r\n\r\ndata: {"a":\ndata: 1}\n\n';
  const bytes = new TextEncoder().encode(text);
  for (const cutAt of [1, 9, 25, 40, 41, 42, 60]) {
    const found = [];
    for await (const one of api.events(streamOf(bytes.slice(0, cutAt), bytes.slice(cutAt)))) found.push(one);
    assert.deepEqual(found, [{ event: "message", data: { delta: "ñandú" } }, { event: "message", data: { a: 1 } }]);
  }
});

test("what to do about a problem is told to a person, not to a program", () => {
  const problem = api.problemOf(503, "", { code: "index_not_ready", title: "t", remedy: "POST /v1/index/jobs" });
  assert.equal(api.wordsOf(problem).remedy, "Añade documentos y prepara el índice; aquí mismo puedes hacerlo.");
  const proxy = api.problemOf(502, "Bad Gateway", null);
  assert.equal(api.wordsOf(proxy).title, "HTTP 502");
});

test("a question becomes a command that a shell takes", () => {
  const asked = { question: "¿Qué dice 'él'?", lang: null, previous: [] };
  assert.ok(api.curl(asked).includes(`-d '{"query":"¿Qué dice '\\''él'\\''?"}'`));
});

test("what the service says of itself is what the page goes by", () => {
  assert.equal(api.level(0.9), null);
  assert.equal(api.limit("max_previous", 1), 1);
  const info = { formats: [".htm", ".html", ".pdf", ".xyz"], confidence_bands: { high: 0.8, medium: 0.4 }, limits: { max_previous: 5 } };
  assert.equal(api.learn(info), true);
  assert.equal(api.learn(info), false);
  assert.deepEqual([0.8, 0.79, 0.4, 0.39].map(api.level), ["high", "medium", "medium", "low"]);
  assert.equal(api.limit("max_previous", 1), 5);
  assert.equal(api.formatNames(words.w().formatNames), "HTML, PDF, XYZ");
});

const part = (text, start, kind, more = {}) => ({
  text,
  start_char_index: start,
  end_char_index: start + Array.from(text).length,
  kind,
  name: null,
  level: 0,
  row: 0,
  column: 0,
  ...more,
});

const madeOf = (text, kind, parts, highlight = null) => ({
  text,
  location: { cited_text: text, start_char_index: 100 },
  highlight,
  structure: { kind, parts, question: null, lead: null },
});

test("a quoted row is drawn below the names of its columns, and a header in the quote once", () => {
  const name = (text) => ({ text, start_char_index: 0, end_char_index: 1 });
  const text = "Sala | Aforo\nNorte | 40 🪑\nSur";
  const parts = [
    part("Sala", 100, "cell"),
    part("Aforo", 107, "cell", { column: 1 }),
    part("Norte", 113, "cell", { row: 1, name: name("Sala") }),
    part("40 🪑", 121, "cell", { row: 1, column: 1, name: name("Aforo") }),
    part("Sur", 126, "cell", { row: 2, name: name("Sala") }),
  ];
  const words = (said, marked = null) => ({ text: said, marked });
  assert.deepEqual(shapeOf(madeOf(text, "table", parts, { start: 21, end: 23, words: "40" })), {
    table: { columns: ["Sala", "Aforo"], rows: [[words("Norte"), words("40 🪑", "40")], [words("Sur"), null]] },
  });
  // Words that answer across cells are marked in each
  const both = shapeOf(madeOf(text, "table", parts, { start: 16, end: 23, words: "te | 40" })).table.rows;
  assert.deepEqual(both, [[words("Norte", "te"), words("40 🪑", "40")], [words("Sur"), null]]);
  // Without names nothing is gained by drawing it
  assert.equal(shapeOf(madeOf(text, "table", parts.slice(0, 2))), null);
});

test("a name over several columns stands before that of each", () => {
  const name = (text) => ({ text, start_char_index: 0, end_char_index: 1 });
  const parts = [part("9–13", 100, "cell", { name: name("Mañana"), under: name("Verano") })];
  assert.deepEqual(shapeOf(madeOf("9–13", "table", parts)).table.columns, ["Verano › Mañana"]);
});

test("a quoted list is drawn with its lead-in, numbers and nesting", () => {
  const text = "Hay que traer:\n1. el DNI\na) y copia";
  const parts = [
    part("Hay que traer:", 100, "lead"),
    part("el DNI", 118, "item", { level: 1, name: { text: "1." } }),
    part("y copia", 128, "item", { level: 2, name: { text: "a)" } }),
  ];
  const { list } = shapeOf(madeOf(text, "list", parts));
  assert.equal(list.lead.text, "Hay que traer:");
  assert.deepEqual(list.items.map(({ words: w, number, level }) => [number, w.text, level]), [
    ["1.", "el DNI", 1],
    ["a)", "y copia", 2],
  ]);
  // One item is a sentence, and words that a model wrote are no quote
  assert.equal(shapeOf(madeOf(text, "list", parts.slice(0, 2))), null);
  assert.equal(shapeOf({ ...madeOf(text, "list", parts), text: "otra cosa" }), null);
});

test("the names of the columns are said once: their citation stands below the table that shows them", () => {
  const row = madeOf("Norte | 40", "table", [
    part("Norte", 100, "cell", { name: { text: "Sala", start_char_index: 10, end_char_index: 14 } }),
    part("40", 108, "cell", { column: 1, name: { text: "Aforo", start_char_index: 17, end_char_index: 22 } }),
  ]);
  const at = (start, id = "a") => ({
    role: "columns",
    text: "Sala | Aforo",
    location: { cited_text: "Sala | Aforo", document_id: id, start_char_index: start, end_char_index: start + 12 },
  });
  const answer = (header) => {
    const first = { ...row, role: "answer", location: { ...row.location, document_id: "a" } };
    return withoutDrawnColumns([
      { own: "Según «A»: «" },
      { quote: row.text, citations: [first] },
      { own: "» [1]\nColumnas de la tabla: «" },
      { quote: header.text, citations: [header] },
      { own: "» [2]" },
    ]);
  };
  const joined = answer(at(10));
  assert.deepEqual(joined.map(({ own }) => own), ["Según «A»: «", undefined, "» [1]", " "]);
  assert.deepEqual(joined[1].citations.map(({ role }) => role), ["answer", "columns"]);
  // Those of another table are said
  assert.equal(answer(at(50)).length, 5);
  assert.equal(answer(at(10, "b")).length, 5);
});

test("what is kept of an answer draws the same and leaves out what can be asked for again", () => {
  const text = "Los túneles 🙂 se excavaron desde casas vecinas.";
  const location = { document_id: "a/ñ.pdf", document_title: "Añ", start_char_index: 3, end_char_index: 50, page_number: 2, cited_text: text };
  const citation = {
    id: 1, start: 9, end: 56, text, language: "es", role: "answer", sources: ["p1"], verified: true, differs: false,
    highlight: { start: 14, end: 26, before: "Los túneles 🙂 ", words: "se excavaron", after: " desde casas vecinas." },
    location, structure: null,
  };
  const passages = [{ id: "p1", text: "x".repeat(5000), language: "es", location: { section_path: ["Obras"], ...location } }];
  const body = {
    status: "answered", language: "es", answer: `Según «Añ»: «${text}» [1]`, confidence: 0.9, kind: "answer", request_id: "r", build_id: "b",
    citations: [citation], passages, abstention: null, read_as: null, timings_ms: { total: 12, search: 8 },
  };
  const kept = slim(body);
  assert.ok(JSON.stringify(kept).length < 700, JSON.stringify(kept));
  const back = whole(JSON.parse(JSON.stringify(kept)));
  assert.deepEqual(back.citations[0].highlight, citation.highlight);
  const [before, after] = [body, back].map((one) => citationsOf(one)[0].place);
  assert.deepEqual(after, before);
  assert.deepEqual(slim(back), kept);
  assert.equal(slim(null), null);
  assert.equal(whole(null), null);
});

test("an answer that was kept still has its words marked inside a table", () => {
  const name = (text) => ({ text, start_char_index: 0, end_char_index: 1 });
  const text = "Norte 🪑 | 40";
  const parts = [
    part("Norte 🪑", 100, "cell", { name: name("Sala") }),
    part("40", 110, "cell", { column: 1, name: name("Aforo") }),
  ];
  const lit = { start: 10, end: 12, before: "Norte 🪑 | ", words: "40", after: "" };
  const citation = { id: 1, start: 0, end: 12, language: "es", ...madeOf(text, "table", parts, lit) };
  const back = whole(slim({ status: "answered", answer: text, citations: [citation] })).citations[0];
  assert.deepEqual(shapeOf(back), shapeOf(citation));
  assert.equal(shapeOf(back).table.rows[0][1].marked, "40");
});

test("of a declined answer the nearest passages are kept, cut short", () => {
  const passages = ["a", "b", "c", "d"].map((id) => ({ id, text: "ñ🙂".repeat(400), language: "es", document_id: `${id}.txt`, title: "Título", location: { start_char_index: 2 } }));
  const body = { status: "abstained", answer: "", abstention: { reason: "no_support", message: "No.", nearest: ["b", "zz"] }, passages, citations: [] };
  const back = whole(slim(body));
  assert.deepEqual(back.passages.map((one) => one.id), ["b"]);
  const spot = place(back.passages[0]);
  assert.deepEqual([spot.id, spot.title, spot.start], ["b.txt", "Título", 2]);
  assert.equal(Array.from(back.passages[0].text).length, 242);
  assert.equal(whole(slim({ ...body, abstention: { reason: "no_support" } })).passages.length, 3);
});

test("words are looked for without case and accents, ñ apart", () => {
  assert.equal(folded("¿Cuántos AÑOS, über?"), "¿cuantos años, uber?");
  assert.notEqual(folded("caña"), folded("cana"));
});

test("a quoted label is drawn with its value, and only where both stand in the quote", () => {
  const name = (text) => ({ text, start_char_index: 100, end_char_index: 107 });
  const text = "Aforo: 40 personas\nPlanta: baja";
  const parts = [
    part("40 personas", 107, "value", { name: name("Aforo") }),
    part("baja", 127, "value", { name: name("Planta") }),
  ];
  const shape = shapeOf(madeOf(text, "label", parts, { start: 7, end: 9, words: "40" }));
  assert.deepEqual(shape, {
    pairs: [
      { name: "Aforo", words: { text: "40 personas", marked: "40" } },
      { name: "Planta", words: { text: "baja", marked: null } },
    ],
  });
  assert.equal(inMarkdown(shape), "**Aforo:** 40 personas  \n**Planta:** baja");
  // Nothing that is quoted may go missing
  assert.equal(shapeOf(madeOf(`${text}\nCon reserva`, "label", parts)), null);
  assert.equal(shapeOf(madeOf("40 personas", "label", parts.slice(0, 1))), null);
});
