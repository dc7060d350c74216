/** Checks a delivery pack as verify.py does, in the same order, and tells how far it is, as a share. */
import { Archive, Damaged } from "./archive.js";
import { canonical } from "./canonical.js";
import { readManifest, requireForm } from "./manifest.js";
import { requireSignature } from "./minisign.js";
import { Refused } from "./refused.js";
import { Rows, textName } from "./rows.js";
import { sha256 } from "./vendor/noble-hashes-2.4.0/sha2.js";
import { bytesToHex } from "./vendor/noble-hashes-2.4.0/utils.js";

const MANIFEST = "manifest.json";
const SIGNATURE = "manifest.json.minisig";
const ROWS = "signatures.jsonl";
const NOT_OF_THE_PACK = ["NotFoundError", "NotReadableError", "NotSupportedError"];

/**
 * Returns what was found out about a pack: under which of the keys it is signed, what its manifest
 * says, which checks were made, what does not hold, and which files were left out unread.
 */
export async function check(file, keys, tell = () => {}) {
  const found = { key: "", said: null, made: [], fails: [], left: [] };
  const note = (fault, at) => found.fails.push(told(fault, at));
  try {
    found.made.push("zip");
    const archive = await Archive.opened(file);
    found.left = archive.left;
    const [manifest, signature] = [await archive.small(MANIFEST), await archive.small(SIGNATURE)];
    found.made.push("signature");
    found.key = await requireSignature(manifest, signature, keys);
    const said = readManifest(manifest);
    requireForm(manifest);
    found.said = said;
    found.made.push("files");
    await lookAtFiles(archive, said, found, note, tell);
    found.made.push("texts");
    if (!hasItsTexts(said)) note(new Refused("texts", "texts"));
  } catch (fault) {
    note(fault, found.made.at(-1));
  }
  return found;
}

/** Returns a fault by its code; what we did not expect of a pack makes it none. */
function told(fault, at) {
  if (NOT_OF_THE_PACK.includes(fault.name)) throw fault;
  if (fault instanceof Damaged) return { check: "signature", code: "broken", values: {} };
  const { check, code, values } = fault instanceof Refused ? fault : new Refused(at, "no-form");
  return { check, code, values };
}

async function lookAtFiles(archive, said, found, note, tell) {
  const packed = archive.names.filter((name) => name !== MANIFEST && name !== SIGNATURE).sort();
  const whole = packed.reduce((sum, name) => sum + archive.sizeOf(name), 0);
  let done = 0;
  const tellShare = (name, octets) => tell(name, Math.min((done += octets) / whole, 1)); // a bomb has more
  const named = [...new Set([ROWS, ...Object.keys(said.files)])].sort();
  const refuse = (code) => (name) => note(new Refused("files", code, { name }));
  packed.filter((name) => !named.includes(name)).forEach(refuse("unnamed"));
  named.filter((name) => !packed.includes(name)).forEach(refuse("missing"));
  for (const name of packed.filter((one) => named.includes(one))) {
    const rows = name === ROWS ? new RowsUntilRefused(said, found, note) : null;
    const measured = await measuredIn(archive, name, rows, tellShare);
    if (canonical(measured) !== canonical(said.files[name] ?? {})) refuse("changed")(name);
  }
}

/** Returns what a file holds, and looks at its rows; null for what cannot be unpacked. */
async function measuredIn(archive, name, rows, tell) {
  const digest = sha256.create();
  try {
    for await (const piece of archive.pieces(name)) {
      digest.update(piece);
      rows?.take(piece);
      tell(name, piece.length);
    }
  } catch (fault) {
    if (fault instanceof Damaged) return null;
    throw fault;
  }
  rows?.end();
  return { size: archive.sizeOf(name), sha256: bytesToHex(digest.digest()) };
}

/** Rows of which the first fault is noted: what comes after it is not looked at. */
class RowsUntilRefused {
  #rows;
  #found;
  #note;

  constructor(said, found, note) {
    [this.#rows, this.#found, this.#note] = [new Rows(said), found, note];
  }

  take(piece) {
    this.#tried(() => this.#rows.take(piece));
  }

  /** Notes that they were looked at: of a file that is damaged, they were not, up to their end. */
  end() {
    this.#found.made.push("rows");
    this.#tried(() => this.#rows.requireRoot());
    if (this.#rows) this.#found.made.push("totals");
    this.#tried(() => this.#rows.requireTotals());
  }

  #tried(look) {
    if (!this.#rows) return;
    try {
      look();
    } catch (fault) {
      this.#note(fault, "rows");
      this.#rows = null;
    }
  }
}

/** Whether the texts that were signed are the files that the pack has of texts, each once. */
function hasItsTexts(said) {
  const signed = said.texts.map((text) => [textName(text), text.sha256]).sort();
  const files = Object.entries(said.files).filter(([name]) => name.startsWith("texts/"));
  return canonical(signed) === canonical(files.map(([name, { sha256: hash }]) => [name, hash]).sort());
}
