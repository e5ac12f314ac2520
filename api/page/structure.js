// An answer as what it is made of: cut at its citations, and each quote as a table with its columns, a list with its numbers, a
// label with its value.

// A shorter quote with words before and after it on its line is shown inside the sentence.
const INLINE_CHARS = 90;

export const WORD = /[\p{L}\p{N}]/u;

/**
 * The answer cut at its citations. Offsets are code points, so the cutting is done on code points; where they do not
 * give the citation's own text, that text is looked for instead.
 *
 * @typedef {{own?: string, quote?: string, citations?: any[], start?: number, end?: number, inline?: boolean}} Part
 * @param {string} answer
 * @param {any[]} citations
 */
export function cut(answer, citations) {
  const points = Array.from(answer);
  /** @type {Part[]} */
  const parts = [];
  let at = 0;
  for (const citation of [...citations].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = parts.findLast((part) => part.citations);
    if (last && last.start === citation.start && last.end === citation.end) {
      last.citations.push(citation);
      continue;
    }
    let { start, end } = citation;
    if (start < at || points.slice(start, end).join("") !== citation.text) {
      const rest = points.slice(at).join("").split(citation.text);
      start = rest.length > 1 ? at + Array.from(rest[0]).length : points.length;
      end = rest.length > 1 ? start + Array.from(citation.text).length : points.length;
    }
    parts.push({ own: points.slice(at, start).join("") });
    parts.push({ quote: citation.text, citations: [citation], start: citation.start, end: citation.end });
    at = end;
  }
  parts.push({ own: points.slice(at).join("") });
  return parts;
}

// The quotation marks and "[1]" around a quote are typography, which the page does itself.
export const opening = (text) => text.replace(/[«“"‘]\s*$/u, "");
export const closing = (text) => text.replace(/^\s*[»”"’]/u, "").replace(/^[ \t]*(\[\d+\][ \t]*)+/u, " ");

/** True for a quote that stands inside a sentence of the answer's own words. */
export function isInline(quote, before, after) {
  return (
    Array.from(quote).length <= INLINE_CHARS &&
    !quote.includes("\n") &&
    WORD.test(before.split("\n").at(-1)) &&
    WORD.test(after.split("\n")[0])
  );
}

/**
 * @typedef {{text: string, marked: string | null}} Words `marked`: the words in it that answer.
 * @typedef {{columns: string[], rows: (Words | null)[][]}} Table
 * @typedef {{lead: Words | null, items: {words: Words, number: string, level: number}[]}} List
 * @typedef {{name: string, words: Words}[]} Pairs labels with their values, terms with what they mean.
 * @param {any} citation
 * @returns {{table: Table} | {list: List} | {pairs: Pairs} | null} null for a quote that is best shown as it is written.
 */
export function shapeOf(citation) {
  const { structure, location, text } = citation;
  const parts = structure?.parts ?? [];
  if (!parts.length || text !== location?.cited_text) return null;
  const words = (part) => ({ text: part.text, marked: markedIn(part, citation) });
  if (structure.kind === "table") return tableOf(parts, words);
  if (structure.kind === "label" || structure.kind === "definition") return pairsOf(parts, words, text);
  if (structure.kind !== "list" || parts.filter((part) => part.kind === "item").length < 2) return null;
  const [first, ...rest] = parts;
  const lead = first.kind === "lead" ? first : null;
  const items = lead ? rest : parts;
  if (items.some((part) => part.kind !== "item")) return null;
  const drawn = items.map((part) => ({ words: words(part), number: part.name?.text ?? "", level: part.level }));
  return { list: { lead: lead && words(lead), items: drawn } };
}

/** A table or a list as Markdown has it. */
export function inMarkdown(shape) {
  const line = (words) => (words?.text ?? "").replace(/\s+/g, " ").trim();
  if ("table" in shape) {
    const row = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    const { columns, rows } = shape.table;
    return [row(columns), row(columns.map(() => "---")), ...rows.map((cells) => row(cells.map(line)))].join("\n");
  }
  if ("pairs" in shape) return shape.pairs.map(({ name, words }) => `**${name.replace(/[\s:]+$/u, "")}:** ${line(words)}`).join("  \n");
  const { lead, items } = shape.list;
  const least = Math.min(...items.map((item) => item.level));
  const listed = items.map(({ words, number, level }) => {
    const mark = /^\d+[.)]$/.test(number) ? number : number ? `- ${number}` : "-";
    return `${"   ".repeat(level - least)}${mark} ${line(words)}`;
  });
  return [...(lead ? [line(lead), ""] : []), ...listed].join("\n");
}

// Only where all of the quote is labels and values, whose labels stand in it: nothing quoted is left out.
function pairsOf(parts, words, text) {
  if (parts.some((part) => !part.name || !(part.kind === "value" || part.kind === "meaning"))) return null;
  const told = parts.map((part) => part.name.text + part.text).join("");
  const letters = (some) => some.replace(/[^\p{L}\p{N}]+/gu, "");
  if (letters(told) !== letters(text)) return null;
  return { pairs: parts.map((part) => ({ name: part.name.text, words: words(part) })) };
}

function tableOf(parts, words) {
  if (parts.some((part) => part.kind !== "cell")) return null;
  const named = parts.filter((part) => part.name);
  if (!named.length) return null;
  const nameOf = ({ name, under }) => (under ? `${under.text} › ${name.text}` : name.text);
  const names = new Map(named.map((part) => [part.column, nameOf(part)]));
  // A header that stands in the quote is drawn once, as what it is
  const isHeader = (row) => row.every((part) => !part.name && names.get(part.column) === part.text);
  const rows = [...new Set(parts.map((part) => part.row))]
    .map((row) => parts.filter((part) => part.row === row))
    .filter((row) => !isHeader(row));
  const columns = [...new Set(rows.flat().map((part) => part.column))].sort((a, b) => a - b);
  return {
    table: {
      columns: columns.map((column) => names.get(column) ?? ""),
      rows: rows.map((row) =>
        columns.map((column) => {
          const cell = row.find((part) => part.column === column);
          return cell ? words(cell) : null;
        }),
      ),
    },
  };
}

/**
 * The parts of an answer without the names of columns that a drawn table shows already: their citations stand below it.
 *
 * @param {Part[]} parts
 */
export function withoutDrawnColumns(parts) {
  const drawn = parts.filter((part) => part.citations && "table" in (shapeOf(part.citations[0]) ?? {}));
  /** @type {Part[]} */
  const left = [];
  let dropped = false;
  for (const part of parts) {
    const [citation] = part.citations ?? [];
    const table = citation?.role === "columns" && drawn.find((one) => showsColumns(one.citations[0], citation));
    if (!table) {
      left.push(dropped && part.own ? { own: closing(part.own) } : part);
      dropped = false;
      continue;
    }
    dropped = true;
    table.citations.push(...part.citations);
    const before = left.at(-1);
    // Nor is said that they are the columns
    if (before?.own) before.own = before.own.slice(0, Math.max(0, before.own.lastIndexOf("\n")));
  }
  return left;
}

function showsColumns(citation, header) {
  const { document_id: id, start_char_index: start, end_char_index: end } = header.location;
  const names = citation.structure.parts.map((part) => part.name).filter(Boolean);
  const inside = (name) => name.start_char_index >= start && name.end_char_index <= end;
  return citation.location.document_id === id && names.some(inside);
}

// The words that answer, as far as they stand in this part: they may go over several cells.
function markedIn(part, { highlight, location }) {
  if (!highlight) return null;
  const [from, to] = [part.start_char_index, part.end_char_index];
  const start = Math.max(0, location.start_char_index + highlight.start - from);
  const end = Math.min(to, location.start_char_index + highlight.end) - from;
  const points = Array.from(part.text);
  const marked = points.length === to - from ? points.slice(start, end).join("").trim() : highlight.words;
  return start < end && WORD.test(marked) && part.text.includes(marked) ? marked : null;
}
