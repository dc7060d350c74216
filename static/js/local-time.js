// Shows a moment on the visitor's own clock, beside those of the capitals and written as they are.
for (const place of document.querySelectorAll("[data-local-time]")) {
  const moment = new Date(place.dataset.localTime);
  const page = document.documentElement.lang;
  const language = page === "en" ? "en-001" : page; // the world's English, as on the server
  const written = (options) => new Intl.DateTimeFormat(language, options).format(moment);
  place.querySelector("[data-clock]").textContent = written({ timeStyle: "short" });
  place.querySelector("[data-day]").textContent =
    `${written({ weekday: "short" })} ${written({ day: "numeric", month: "short" })}`;
  place.hidden = false;
}
