/** Shows what was found out about a pack, in the words that the page has for it. */
const FILES = {
  manifest: "manifest.json",
  signature: "manifest.json.minisig",
  rows_file: "signatures.jsonl",
};
const page = document.documentElement.lang;
const language = `${page === "en" ? "en-001" : page}-u-nu-latn`; // as the server writes numbers
const words = document.querySelector("[data-words]").content;

export const part = (name) => document.querySelector(`[data-part="${name}"]`);

/** Shows of all elements with this attribute those that have this value; none for none. */
export function showOnly(attribute, value, within = document) {
  for (const one of within.querySelectorAll(`[data-${attribute}]`)) {
    one.hidden = one.getAttribute(`data-${attribute}`) !== value;
  }
}

export function showProgress({ name, share }) {
  const percent = share.toLocaleString(language, { style: "percent" });
  part("says").replaceChildren(...said("reading", { name, share: percent }));
  part("work").querySelector("progress").value = share;
}

export function hideFindings() {
  part("result").hidden = true;
  showOnly("verdict");
  showOnly("state");
  for (const faults of document.querySelectorAll("[data-check] ul")) {
    faults.replaceChildren();
    faults.hidden = true;
  }
}

export function showFindings(found, isReplaced) {
  const isWhole = !found.fails.length;
  const verdict = isReplaced ? "replaced" : "whole";
  for (const one of document.querySelectorAll("[data-check]")) showCheck(one, found);
  part("facts").hidden = !isWhole;
  if (isWhole) showFacts(found);
  showLeft(found.left);
  part("result").hidden = false;
  showOnly("verdict", isWhole ? verdict : "refused");
  part("result").focus();
}

function showCheck(one, { made, fails }) {
  const faults = fails.filter(({ check }) => check === one.dataset.check);
  const isMade = made.includes(one.dataset.check);
  showOnly("state", faults.length ? "fails" : isMade ? "holds" : "none", one);
  const list = one.querySelector("ul");
  list.hidden = !faults.length;
  for (const { code, values } of faults) {
    const line = document.createElement("li");
    line.append(...said(code, values));
    list.append(line);
  }
}

function showLeft(names) {
  part("left").hidden = !names.length;
  const lines = names.map((name) => {
    const line = document.createElement("li");
    const apart = document.createElement("bdi");
    apart.textContent = name;
    line.append(apart);
    return line;
  });
  part("left").querySelector("ul").replaceChildren(...lines);
}

function showFacts({ key, said: { petition, recipient, totals, cut_off: cutOff, tree } }) {
  const facts = {
    key,
    title: petition.title,
    office: `${recipient.office} (${recipient.jurisdiction})`,
    signatures: written(totals.signatures),
    cut_off: moment(cutOff),
    root: tree.root,
  };
  for (const [name, value] of Object.entries(facts)) {
    for (const place of document.querySelectorAll(`[data-fact="${name}"]`)) place.textContent = value;
  }
}

/** Returns what the page says by this code, each value apart from the words around it. */
function said(code, values) {
  const shown = { ...FILES, ...values };
  const text = words.querySelector(`[data-word="${code}"]`).textContent;
  return text.split(/\{(\w+)\}/).map((piece, at) => {
    if (at % 2 === 0) return piece;
    const apart = document.createElement("bdi");
    apart.textContent = written(shown[piece]);
    return apart;
  });
}

function written(value) {
  if (Array.isArray(value)) return new Intl.ListFormat(language, { type: "disjunction" }).format(value);
  return typeof value === "number" ? value.toLocaleString(language) : value;
}

/** Returns up to when signatures count, as the cover letter says it: the last day, or a moment of it. */
function moment(text) {
  const isKnown = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text);
  const at = new Date(text);
  if (!isKnown || Number.isNaN(at.valueOf())) return text;
  const isWhole = text.endsWith("T00:00:00Z");
  const last = isWhole ? new Date(at.valueOf() - 1) : at;
  const day = last.getUTCDate();
  const date = momentFor(`${day === 1 ? "first" : "day"}-${last.getUTCMonth() + 1}`)
    .replace("{day}", day)
    .replace("{year}", last.getUTCFullYear());
  const pattern = momentFor(isWhole ? "whole-day" : "moment");
  return pattern.replace("{date}", date).replace("{time}", text.slice(11, 16));
}

function momentFor(code) {
  return words.querySelector(`[data-moment="${code}"]`).textContent;
}
