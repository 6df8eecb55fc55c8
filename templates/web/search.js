// Finds stories in the site's own index: nothing leaves this machine. Without scripts the page is a list.
"use strict";
(async () => {
  const form = document.querySelector("form[role=search]");
  const field = form.querySelector("input"), list = document.getElementById("found");
  const told = form.querySelector("[role=status]"), all = [...list.children];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let rows = null;
  const load = async () => {
    if (rows) return;
    const answer = await fetch(form.dataset.index);
    const ours = (form.dataset.languages || "").split(" ").filter(Boolean);
    const found = (await answer.json()).filter((row) => !ours.length || ours.includes(row[3]));
    rows = found.map(([url, title, summary, language, words]) =>
      ({ url, title, summary, language, head: plain(title), text: plain(`${title} ${summary} ${words}`) }));
  };
  const item = (row) => {
    const one = document.createElement("li"), link = document.createElement("a"), text = document.createElement("p");
    one.lang = row.language;
    one.dir = "auto";
    if (/^(https?:\/\/|\/)/.test(row.url)) link.href = row.url;
    link.textContent = row.title;
    text.textContent = row.summary;
    one.append(link, text);
    return one;
  };
  const find = async () => {
    const terms = plain(field.value).split(/\s+/).filter(Boolean);
    if (!terms.length) {
      list.replaceChildren(...all);
      told.textContent = "";
      return;
    }
    await load();
    const found = rows.filter((row) => terms.every((term) => row.text.includes(term)));
    const inTitle = (row) => terms.filter((term) => row.head.includes(term)).length;
    found.sort((a, b) => inTitle(b) - inTitle(a));
    list.replaceChildren(...found.slice(0, 50).map(item));
    told.textContent = (found.length ? form.dataset.found : form.dataset.none).replace("{count}", found.length);
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", find);
  field.value = new URLSearchParams(location.search).get("q") || "";
  if (field.value) find();
})();
