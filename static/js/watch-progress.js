/** Shows how far long work is, every second, until it has ended; then loads what came of it. */
const PAUSE = 1000;
const watched = document.querySelector("[data-watched]");

async function look() {
  const answer = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-watched]");
  if (!answer.ok || !found || found.dataset.watched !== watched.dataset.watched) {
    location.reload();
    return;
  }
  const bar = watched.querySelector("progress");
  const fresh = found.querySelector("progress");
  bar.max = fresh.max;
  bar.value = fresh.value;
  watched.querySelector("p").textContent = found.querySelector("p").textContent;
  setTimeout(watch, PAUSE);
}

function watch() {
  look().catch(() => setTimeout(watch, PAUSE));
}

setTimeout(watch, PAUSE);
