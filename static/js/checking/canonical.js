/** The one way to write a value in JSON, as packs are written: names in order, and no blanks. */
export function canonical(value) {
  if (typeof value === "string") return written(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort(); // in a pack that holds they are ASCII: one order for all
  return `{${names.map((name) => `${written(name)}:${canonical(value[name])}`).join(",")}}`;
}

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Half a character cannot be written in UTF-8. */
function written(text) {
  if (!text.isWellFormed()) throw new TypeError("This is no text.");
  return JSON.stringify(text);
}
