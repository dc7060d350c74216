/** Puts a notice away without leaving the page, on which something may be half typed. */
for (const form of document.querySelectorAll("form[data-put-away]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    const answer = await sent.catch(() => null);
    if (answer?.type === "opaqueredirect") form.closest(".notice").remove();
    else form.submit();
  });
}
