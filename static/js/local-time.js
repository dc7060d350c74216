// Shows a moment on the visitor's own clock, beside those of the capitals.
for (const place of document.querySelectorAll("[data-local-time]")) {
  const moment = new Date(place.dataset.localTime);
  const page = document.documentElement.lang;
  const language = page === "en" ? "en-GB" : page;
  const show = (part, options) => {
    place.querySelector(part).textContent = new Intl.DateTimeFormat(language, options).format(moment);
  };
  show("[data-clock]", { timeStyle: "short" });
  show("[data-day]", { weekday: "short", day: "numeric", month: "short" });
  place.hidden = false;
}
