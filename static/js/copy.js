/** Copies the value of a read-only field; where that fails, the value is left selected. */
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const done = button.closest(".copy")?.querySelector("[data-copy-done]");
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    const copied = await write(field.value);
    if (done) done.textContent = copied ? done.dataset.copyDone : done.dataset.copyFailed;
  });
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
