/** Signatures as minisign writes them, of files that are not hashed first (Ed25519). */
import { areSame, fromBase64, joined, octetsOf, textOf, toBase64 } from "./octets.js";
import { Refused } from "./refused.js";

const KEY = /^RW[Q-T][A-Za-z0-9+/]{53}$/;
const SIGNATURE =
  /^untrusted comment: signature from petition\n([^\n]*)\ntrusted comment: ([^\n]*)\n([^\n]*)\n$/;
const refused = (code, values) => new Refused("signature", code, values);

/** Returns the id of a public key as minisign shows it, and its octets; null for what is none. */
export function publicKey(text) {
  const line = text.trim().split(/\s+/).at(-1);
  if (!KEY.test(line)) return null;
  const octets = fromBase64(line);
  return { id: shown(octets.subarray(2, 10)), octets: octets.subarray(10) };
}

/** Sees that a file is signed under one of these keys; returns its id. Throws Refused. */
export async function requireSignature(signed, octets, keys) {
  const { id, signature, comment, both } = read(octets);
  const key = keys.find((one) => one.id === id);
  if (!key) throw refused("other-key", { key: id, expected: keys.map((one) => one.id) });
  const isSigned = await verifies(key, signature, signed);
  if (!isSigned || !(await verifies(key, both, joined(signature, octetsOf(comment))))) {
    throw refused("broken");
  }
  return id;
}

/** Whether this browser knows Ed25519; it is asked with a key that is one. */
export async function isKnownHere(key) {
  try {
    await crypto.subtle.importKey("raw", key.octets, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

async function verifies(key, signature, content) {
  const imported = await crypto.subtle.importKey("raw", key.octets, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, signature, content);
}

function read(octets) {
  const [, first, comment, last] = SIGNATURE.exec(textIn(octets)) ?? [];
  const [whole, both] = [first, last].map(decoded);
  const isOurs = whole?.length === 74 && both?.length === 64;
  if (!isOurs || !areSame(whole.subarray(0, 2), octetsOf("Ed"))) throw refused("signature-form");
  return { id: shown(whole.subarray(2, 10)), signature: whole.subarray(10), comment, both };
}

function textIn(octets) {
  try {
    return textOf(octets);
  } catch {
    throw refused("broken");
  }
}

/** Returns the octets, where the text is the one way to write them. */
function decoded(text) {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text ?? "") || text.length % 4) return null;
  const octets = fromBase64(text);
  return toBase64(octets) === text ? octets : null;
}

function shown(id) {
  return [...id].reverse().map((octet) => octet.toString(16).padStart(2, "0")).join("").toUpperCase();
}
