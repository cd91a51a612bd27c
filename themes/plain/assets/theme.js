// Before the first paint: the reader's own choice of light or dark, if there is one.
try {
  const theme = localStorage.getItem("kb-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage is closed to us: the system's choice holds
}

// As soon as it is there, a long sidebar shows where one is, under its topic's name.
requestAnimationFrame(function settle() {
  if (document.readyState === "loading" && !document.querySelector(".sidebar ~ *")) return requestAnimationFrame(settle);
  const here = document.querySelector(".sidebar [aria-current]");
  const bar = here?.closest(".sidebar");
  if (!bar || bar.scrollHeight <= bar.clientHeight) return undefined;
  const place = (element) => element.getBoundingClientRect().top - bar.getBoundingClientRect().top;
  const end = place(here) + here.offsetHeight;
  const topic = place(here.closest(".is-open")?.querySelector("a") || here);
  if (end > bar.clientHeight * 0.8) bar.scrollTop += end - topic < bar.clientHeight ? topic : end - bar.clientHeight / 2;
  return undefined;
});
