/** Puts a notice away without leaving the page, on which something may be half typed. */
for (const form of document.querySelectorAll("form[data-put-away]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(form);
    body.set("stays", "");
    const sent = fetch(form.action, { method: "POST", body, redirect: "manual" });
    const answer = await sent.catch(() => null);
    // Anything else, such as being led to log in, is for the person to see.
    if (answer?.status === 204) form.closest(".notice").remove();
    else form.submit();
  });
}
