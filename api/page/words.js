// Every string of the interface, in Spanish and English. A function where a number or name goes in.

const es = {
  skip: "Ir a la pregunta",
  newTalk: "Empezar de nuevo",
  library: "Documentos",
  languageOfPage: "Idioma de la página",
  invite: "Pregunta a tus documentos",
  promise: "Cada respuesta son las palabras exactas de la fuente, con el lugar donde están escritas.",
  yourQuestion: "Tu pregunta",
  placeholder: "¿Qué quieres saber?",
  placeholderMore: "Otra pregunta…",
  hint: "Intro pregunta · Mayús + Intro, línea nueva · ↑ recupera la anterior",
  ask: "Preguntar",
  stop: "Detener",
  suggestions: "Puedes empezar por aquí",
  inSpanish: "En español",
  inEnglish: "En inglés",
  searching: "Buscando en los documentos…",
  reading: (n) => (n === 1 ? "Leyendo 1 pasaje…" : `Leyendo ${n} pasajes…`),
  stopped: "Detenida. Puedes volver a preguntar cuando quieras.",
  answerReady: (n) => (n === 1 ? "Respuesta con 1 cita." : `Respuesta con ${n} citas.`),
  openCitation: (n, title, where) => `Cita ${n}: ${title}${where ? `, ${where}` : ""}. Abrir en la fuente`,
  openPassage: (title, where) => `${title}${where ? `, ${where}` : ""}. Abrir en la fuente`,
  page: (n) => `pág. ${n}`,
  pages: (n) => (n === 1 ? "1 página" : `${n} páginas`),
  confidence: { high: "Confianza alta", medium: "Confianza media", low: "Confianza baja" },
  confidenceHelp: {
    high: "es muy probable que responda a la pregunta",
    medium: "compruébalo en la fuente",
    low: "léelo en la fuente antes de fiarte",
  },
  seconds: (n) => `${n} s`,
  other: (n) => (n === 1 ? "1 pasaje más" : `${n} pasajes más`),
  nearest: "Lo más cercano que contienen",
  declined: "Esto no aparece en tus documentos",
  declinedHelp:
    "He buscado y nada de lo que hay en ellos responde a la pregunta. Prefiero decirlo a inventar.",
  good: "Buena respuesta",
  bad: "Mala respuesta",
  thanks: "Gracias",
  curl: "La misma respuesta por la API",
  copy: "Copiar",
  copied: "Copiado",
  copyAnswer: "Copiar la respuesta",
  copyCitation: "Copiar la cita",
  copyLink: "Copiar el enlace",
  original: "Archivo original",
  close: "Cerrar",
  backToMark: "Volver a la cita",
  moreBefore: "Ver el texto anterior",
  moreAfter: "Ver el texto siguiente",
  opening: "Abriendo el documento…",
  textOf: (title) => `Texto de ${title}`,
  previous: "Cita anterior",
  next: "Cita siguiente",
  citationOf: (n, total) => `Cita ${n} de ${total}`,
  retry: "Reintentar",
  again: "Preguntar otra vez",
  remedy: "Qué hacer",
  reference: (id) => `Referencia: ${id}`,
  unreachable: "No hay respuesta del servicio",
  unreachableHelp: "La página está abierta, pero Fuente no contesta en esta dirección.",
  unreachableRemedy: "Mira si sigue en marcha («fuente serve») y vuelve a intentarlo.",
  broken: "La respuesta no se entiende",
  brokenHelp: "El servicio ha contestado algo que esta página no esperaba.",
  key: "Clave de acceso",
  useKey: "Usar esta clave",
  buildNow: "Preparar el índice",
  notReady: "Los documentos todavía no están preparados para responder",
  noDocuments: "Todavía no hay documentos",
  noDocumentsHelp:
    "Añade el primero y podrás preguntar en cuanto esté leído. Nada se envía a otros servicios.",
  addFirst: "Añadir documentos",
  loading: "Cargando…",
  drop: "Suelta aquí tus archivos",
  dropOr: "o elígelos",
  choose: "Elegir archivos",
  formats: "PDF, Word, EPUB, HTML, Markdown, texto, CSV",
  filter: "Filtrar por título",
  noMatch: "Ningún documento con ese título.",
  showMore: (n) => `Mostrar ${n} más`,
  passages: (n, shown) => (n === 1 ? "1 pasaje" : `${shown} pasajes`),
  language: { es: "español", en: "inglés", und: "idioma sin determinar" },
  status: {
    pending: "En espera de la próxima preparación",
    changed: "Cambiado: en espera de la próxima preparación",
    skipped: "No se ha podido leer",
    removed: "Borrado: se irá en la próxima preparación",
  },
  remove: (title) => `Borrar ${title}`,
  removeAsk: (title) => `¿Borrar «${title}»? El archivo se quita de la carpeta de documentos.`,
  removeYes: "Borrar",
  cancel: "Cancelar",
  removed: (title) => `«${title}» se ha borrado.`,
  uploading: (n) => (n === 1 ? "Subiendo 1 archivo…" : `Subiendo ${n} archivos…`),
  stage: {
    queued: "En espera…",
    scan: "Mirando la carpeta…",
    parse: "Leyendo los documentos…",
    split: "Separando en pasajes…",
    encode: "Calculando los pasajes…",
    write: "Guardando…",
    check: "Comprobando…",
    activate: "Activando…",
  },
  left: (s) => (s < 90 ? `quedan ${Math.max(1, Math.round(s))} s` : `quedan ${Math.round(s / 60)} min`),
  jobDone: "Listo: ya puedes preguntar por lo nuevo.",
  jobFailed: "No se ha podido preparar el índice",
  jobCancelled: "Preparación cancelada. Sigue en uso la versión anterior.",
  skipped: (name, why) => `${name}: ${why}`,
  quoted: (quote) => `«${quote}»`,
  separator: ", ",
};

const en = {
  skip: "Go to the question",
  newTalk: "Start over",
  library: "Documents",
  languageOfPage: "Language of the page",
  invite: "Ask your documents",
  promise: "Every answer is the exact words of the source, with the place where they are written.",
  yourQuestion: "Your question",
  placeholder: "What would you like to know?",
  placeholderMore: "Another question…",
  hint: "Enter asks · Shift + Enter, new line · ↑ brings back the last one",
  ask: "Ask",
  stop: "Stop",
  suggestions: "A place to start",
  inSpanish: "In Spanish",
  inEnglish: "In English",
  searching: "Searching the documents…",
  reading: (n) => (n === 1 ? "Reading 1 passage…" : `Reading ${n} passages…`),
  stopped: "Stopped. Ask again whenever you like.",
  answerReady: (n) => (n === 1 ? "Answer with 1 citation." : `Answer with ${n} citations.`),
  openCitation: (n, title, where) =>
    `Citation ${n}: ${title}${where ? `, ${where}` : ""}. Open in the source`,
  openPassage: (title, where) => `${title}${where ? `, ${where}` : ""}. Open in the source`,
  page: (n) => `p. ${n}`,
  pages: (n) => (n === 1 ? "1 page" : `${n} pages`),
  confidence: { high: "High confidence", medium: "Medium confidence", low: "Low confidence" },
  confidenceHelp: {
    high: "very likely answers the question",
    medium: "check it in the source",
    low: "read it in the source before relying on it",
  },
  seconds: (n) => `${n} s`,
  other: (n) => (n === 1 ? "1 more passage" : `${n} more passages`),
  nearest: "The nearest they hold",
  declined: "Your documents do not say",
  declinedHelp:
    "I looked, and nothing in them answers the question. I would rather say so than make something up.",
  good: "Good answer",
  bad: "Bad answer",
  thanks: "Thank you",
  curl: "The same answer from the API",
  copy: "Copy",
  copied: "Copied",
  copyAnswer: "Copy the answer",
  copyCitation: "Copy citation",
  copyLink: "Copy link",
  original: "Original file",
  close: "Close",
  backToMark: "Back to the quote",
  moreBefore: "Show earlier text",
  moreAfter: "Show later text",
  opening: "Opening the document…",
  textOf: (title) => `Text of ${title}`,
  previous: "Previous citation",
  next: "Next citation",
  citationOf: (n, total) => `Citation ${n} of ${total}`,
  retry: "Try again",
  again: "Ask again",
  remedy: "What to do",
  reference: (id) => `Reference: ${id}`,
  unreachable: "The service does not answer",
  unreachableHelp: "The page is open, but Fuente is not answering at this address.",
  unreachableRemedy: "See whether it is still running (“fuente serve”) and try again.",
  broken: "The reply makes no sense",
  brokenHelp: "The service replied with something this page did not expect.",
  key: "Access key",
  useKey: "Use this key",
  buildNow: "Prepare the index",
  notReady: "The documents are not ready to answer yet",
  noDocuments: "No documents yet",
  noDocumentsHelp:
    "Add the first one and you can ask as soon as it has been read. Nothing is sent to any other service.",
  addFirst: "Add documents",
  loading: "Loading…",
  drop: "Drop your files here",
  dropOr: "or choose them",
  choose: "Choose files",
  formats: "PDF, Word, EPUB, HTML, Markdown, text, CSV",
  filter: "Filter by title",
  noMatch: "No document with that title.",
  showMore: (n) => `Show ${n} more`,
  passages: (n, shown) => (n === 1 ? "1 passage" : `${shown} passages`),
  language: { es: "Spanish", en: "English", und: "language unknown" },
  status: {
    pending: "Waiting for the next build",
    changed: "Changed: waiting for the next build",
    skipped: "Could not be read",
    removed: "Deleted: gone with the next build",
  },
  remove: (title) => `Delete ${title}`,
  removeAsk: (title) => `Delete “${title}”? The file is removed from the documents folder.`,
  removeYes: "Delete",
  cancel: "Cancel",
  removed: (title) => `“${title}” was deleted.`,
  uploading: (n) => (n === 1 ? "Uploading 1 file…" : `Uploading ${n} files…`),
  stage: {
    queued: "Waiting…",
    scan: "Looking through the folder…",
    parse: "Reading the documents…",
    split: "Splitting into passages…",
    encode: "Encoding the passages…",
    write: "Saving…",
    check: "Checking…",
    activate: "Switching over…",
  },
  left: (s) => (s < 90 ? `${Math.max(1, Math.round(s))} s left` : `${Math.round(s / 60)} min left`),
  jobDone: "Done: you can ask about what is new.",
  jobFailed: "The index could not be prepared",
  jobCancelled: "Cancelled. The version before stays in use.",
  skipped: (name, why) => `${name}: ${why}`,
  quoted: (quote) => `“${quote}”`,
  separator: ", ",
};

const WORDS = { es, en };
const KEPT = "fuente.language";

function first() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // Storage may be switched off; the browser's language serves.
  }
  if (kept in WORDS) return kept;
  for (const tag of navigator.languages ?? [navigator.language]) {
    const code = tag.slice(0, 2).toLowerCase();
    if (code in WORDS) return code;
  }
  return "en";
}

let current = first();
const listeners = new Set();

export const language = () => current;

/** The words of the interface in the current language: `w().ask`, `w().pages(3)`. */
export const w = () => WORDS[current];

export const number = (n, options) => new Intl.NumberFormat(current, options).format(n);

export function onLanguage(listener) {
  listeners.add(listener);
}

/** Puts the words into everything marked `data-w…` below `root`. */
export function fill(root) {
  for (const [attribute, put] of [
    ["w", (node, words) => (node.textContent = words)],
    ["wLabel", (node, words) => node.setAttribute("aria-label", words)],
    ["wTitle", (node, words) => (node.title = words)],
    ["wPlaceholder", (node, words) => (node.placeholder = words)],
  ]) {
    const selector = `data-${attribute.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
    for (const node of root.querySelectorAll(`[${selector}]`))
      put(node, WORDS[current][node.dataset[attribute]]);
  }
}

export function setLanguage(code) {
  current = code;
  try {
    localStorage.setItem(KEPT, code);
  } catch {
    // Not remembered then; nothing else depends on it.
  }
  document.documentElement.lang = code;
  for (const listener of listeners) listener();
}
