/** Offers the browser's own share sheet where there is one. */
for (const button of document.querySelectorAll("button[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { shareTitle: title, shareUrl: url } = button.dataset;
    try {
      await navigator.share({ title, url });
    } catch {
      // Closed without sharing: nothing to do.
    }
  });
}
