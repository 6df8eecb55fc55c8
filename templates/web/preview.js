"use strict";
const live = document.getElementById("live"), forms = document.querySelectorAll("header form");
let source = null, typed = false;
for (const form of forms) form.addEventListener("input", () => { typed = true; });

function follow() {
  source = new EventSource("/changes?since=" + document.body.dataset.since);
  source.onopen = () => { if (live) live.textContent = "Shows every change as it is saved."; };
  source.onerror = () => { if (live) live.textContent = "Waits for the preview …"; };
  source.onmessage = () => {
    source.close();
    if (typed && live) live.textContent = "Something has changed: press Show.";
    else again();
  };
}
// A browser opens few connections to one host: a tab that nobody sees lets go of its own.
document.addEventListener("visibilitychange", () => document.hidden ? source.close() : follow());
follow();

// The page loads again where something changes: whoever is at work with the keyboard stays there.
function again() {
  const at = [...document.querySelectorAll("a, button, input, select, pre")];
  sessionStorage.setItem("at", at.indexOf(document.activeElement) + " " + at.length);
  location.reload();
}
const [was, many] = (sessionStorage.getItem("at") || "-1 0").split(" ").map(Number);
sessionStorage.removeItem("at");
const controls = [...document.querySelectorAll("a, button, input, select, pre")];
if (was >= 0 && many === controls.length) controls[was].focus({ preventScroll: true });

// A finding shows its place in every frame.
const shows = [...document.querySelectorAll("a.show")];
for (const link of shows) link.addEventListener("click", (event) => {
  for (const one of document.querySelectorAll(".finding.current")) one.classList.remove("current");
  link.closest(".finding").classList.add("current");
  if (!link.target) return;
  event.preventDefault();
  const frames = [...document.querySelectorAll('iframe[name^="mail-"]')];
  for (const frame of frames) frame.contentWindow.location.replace(frame.src.split("#")[0] + link.hash);
  frames[0].scrollIntoView({ block: "nearest" });
});

// Keys
const help = document.getElementById("help"), button = document.getElementById("keys");
const quiet = document.getElementById("no-keys");
const pages = ["/", "/sheet", "/compare", "/site", "/rules"];
const colours = ["light", "dark", "inverted", "both"];

function to(path, changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
  location.assign(path + "?" + query);
}
function step(by) {
  const next = shows.indexOf(document.activeElement) + by;
  if (shows.length) shows[(next + (by < 0 && next < -1 ? 1 : 0) + shows.length) % shows.length].focus();
}
const query = new URLSearchParams(location.search);
const keys = {
  "?": () => help.showModal(),
  n: () => step(1),
  p: () => step(-1),
  c: () => to(location.pathname, { scheme: colours[(colours.indexOf(query.get("scheme") || "light") + 1) % 4] }),
  i: () => to(location.pathname, { images: query.get("images") === "off" ? "" : "off" }),
  e: () => document.getElementById("name")?.focus(),
  r: () => document.getElementById("as")?.focus(),
};
pages.forEach((path, number) => { keys[number + 1] = () => to(path, {}); });
if (help && button) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
  quiet.checked = localStorage.getItem("no-keys") === "yes";
  quiet.addEventListener("change", () => localStorage.setItem("no-keys", quiet.checked ? "yes" : "no"));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("select, textarea, input:not([type=radio], [type=checkbox])");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || quiet.checked || help.open) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
