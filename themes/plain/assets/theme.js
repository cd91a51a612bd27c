// Before the first paint: the reader's own choice of light or dark, if there is one.
try {
  const theme = localStorage.getItem("kb-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage is closed to us: the system's choice holds
}
