/** What a pack says about itself, and is signed for. */
import { canonical, isObject } from "./canonical.js";
import { textOf } from "./octets.js";
import { Refused } from "./refused.js";

const FORMAT = 1;
const WORDS = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"`;
const WRITTEN =
  String.raw`{"cut_off":T,"files":{(T:{"sha256":T,"size":N},?)+},"format":1,"key":T,"petition":{"slug":T,` +
  String.raw`"title":T},"profile":T,"recipient":{"jurisdiction":T,"office":T,"slug":T},"software":T,` +
  String.raw`"texts":\[({"language":T,"sha256":T,"signatures":N,"version":N},?)*\],"tier":T,"totals":` +
  String.raw`{"countries":{(T:N,?)*},"signatures":N,"weeks":{(T:N,?)*}},"tree":{"root":T,"size":N}}`;
const FORM = new RegExp(
  `^${WRITTEN.replace(/[{}]/g, "\\$&").replaceAll("N", "[0-9]+").replaceAll("T", () => WORDS)}\n$`,
);
const refused = (code, values) => new Refused("signature", code, values);

/** Reads a manifest: of the format that is known here, and canonical. Throws Refused. */
export function readManifest(octets) {
  const text = textOf(octets);
  const said = JSON.parse(text);
  if (!isObject(said) || !("format" in said)) throw new TypeError("This is no manifest.");
  const { format } = said;
  if (format !== FORMAT) {
    throw refused("format", { format: isObject(format) ? canonical(format) : String(format) });
  }
  if (`${canonical(said)}\n` !== text) throw refused("manifest-writing");
  return said;
}

/** Sees that a manifest says what manifests say, and no more. Throws Refused. */
export function requireForm(octets) {
  if (!FORM.test(textOf(octets))) throw refused("manifest-form");
}
