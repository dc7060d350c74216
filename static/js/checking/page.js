/** Has a worker check a pack that the visitor chooses, and says how far it is; it can be stopped. */
import { isKnownHere, publicKey } from "./minisign.js";
import { hideFindings, part, showFindings, showOnly, showProgress } from "./shown.js";

const form = document.querySelector("form[data-keys]");
const ours = form.dataset.keys.split(" ").map(publicKey);
const replaced = ours.slice(1);
const [pack, otherKey] = [form.querySelector("#pack"), form.querySelector("#other-key")];
let worker;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const keys = otherKey.value.trim() ? [publicKey(otherKey.value)] : ours;
  const isKey = mark(otherKey, keys.every(Boolean));
  const isChosen = mark(pack, pack.files.length === 1);
  if (isKey && isChosen) begin(pack.files[0], keys);
  else (isChosen ? otherKey : pack).focus();
});

/** Marks a field where what it holds is not right; returns whether it is. */
function mark(field, isRight) {
  const error = document.getElementById(`${field.id}-error`);
  error.hidden = isRight;
  field.closest(".field").classList.toggle("field--error", !isRight);
  if (isRight) field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
  return isRight;
}

function begin(file, keys) {
  hideFindings();
  showOnly("cannot");
  form.hidden = true;
  part("work").hidden = false;
  showProgress({ name: file.name, share: 0 });
  part("stop").focus();
  worker ??= start();
  worker.postMessage({ file, keys });
}

/** Starts a worker, ahead of any pack: with the page open, one can be checked without a network. */
function start() {
  const started = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  started.addEventListener("error", () => {
    worker = undefined;
    if (!part("work").hidden) end("fault");
  });
  started.addEventListener("message", ({ data: { progress, found, fault } }) => {
    if (progress) showProgress(progress);
    else if (fault) end(fault === "NotSupportedError" ? "ed25519" : "fault");
    else {
      end();
      showFindings(found, replaced.some((key) => key.id === found.key));
    }
  });
  return started;
}

/** Ends the work; says why the pack could not be checked, where there is a reason. */
function end(reason) {
  part("work").hidden = true;
  form.hidden = false;
  showOnly("cannot", reason);
  pack.focus();
}

part("stop").addEventListener("click", () => {
  worker?.terminate();
  worker = start();
  end();
});

/** Returns why this browser cannot check packs; nothing where it can. */
async function hindrance() {
  if (!window.isSecureContext) return "https";
  return (await isKnownHere(ours[0])) ? undefined : "ed25519";
}

const reason = await hindrance();
showOnly("cannot", reason);
form.hidden = reason !== undefined;
if (reason === undefined) worker = start();
