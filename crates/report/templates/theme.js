// Light or dark theme: follows the system until the reader presses the button.

const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

// The colours of the page, for parts outside its style sheet.
function colors() {
  const style = (selector) => getComputedStyle(document.querySelector(selector));
  return { text: style("body").color, muted: style(".eyebrow").color, rule: style("main").borderTopColor, page: style("body").backgroundColor };
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  nameTheme();
  document.dispatchEvent(new Event("theme"));
}

function nameTheme() {
  document.getElementById("theme").textContent = isDark() ? "Light" : "Dark";
}

document.getElementById("theme").hidden = false;
document.getElementById("theme").addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
dark.addEventListener("change", () => setTheme(document.documentElement.dataset.theme));
nameTheme();

// Pages are printed in the light theme.
let before;
addEventListener("beforeprint", () => { before = document.documentElement.dataset.theme; setTheme("light"); });
addEventListener("afterprint", () => setTheme(before));
