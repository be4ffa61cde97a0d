// The network may go between Fatto and the server. Then the screen stays, says so, and keeps what was written; one tap
// sends it again under the same key, so that it counts once. Nothing is sent by itself.
"use strict";
(() => {
  const words = document.querySelector("[data-rete]").dataset;
  const PATIENCE = 12_000; // milliseconds until nobody waits any longer
  const SOON = 1000;
  const DAY = 86_400_000;
  const PREFIX = "peso:";
  const GATES = [502, 503, 504]; // something on the way answered, or nobody is free: not our page
  const onTheWay = new WeakSet();

  // Only numbers are kept: order and line in the address, what was written, the form's key.
  function keep(form, key) {
    const { pathname } = new URL(form.action);
    const numbers = ["grams", "pieces"].flatMap((name) => form.elements[name]?.value ? [[name, form.elements[name].value]] : []);
    if (!/\/righe\/\d+\//.test(pathname) || !numbers.length) return;
    try {
      localStorage.setItem(PREFIX + pathname, JSON.stringify({ numbers, key, at: Date.now() }));
    } catch { /* a tablet that keeps nothing sends all the same */ }
  }

  // The first sending tells whether the network is there; the browser's own then shows what came of it: a repeat of the
  // same key changes nothing.
  async function send(form) {
    const key = form.elements.key?.value ?? "";
    keep(form, key);
    const soon = setTimeout(() => say(form, words.aspetta), SOON);
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      if (GATES.includes(answer.status)) throw new TypeError();
      keep(form, ""); // answered: what is sent from now on is another deed
      form.submit();
    } catch {
      say(form, form.elements.grams ? words.peso : words.altro);
      offerAgain(form);
    } finally {
      clearTimeout(soon);
      onTheWay.delete(form);
    }
  }

  function say(form, sentence, isAnswer = true) {
    const row = form.closest(".list > li");
    const place = row ?? document.querySelector(".notes");
    const said = (row ?? document).querySelector(".said-network") ?? document.createElement("p");
    said.className = row ? "said list-said said-network" : "said said-network";
    if (row) {
      row.classList.add("list-tall");
      said.setAttribute("role", "status");
      if (!said.isConnected) row.querySelector("p").after(said);
    } else place.replaceChildren(said);
    said.textContent = sentence;
    if (!isAnswer) return;
    if (row) return;
    keepInSight(said, form);
    document.querySelector(".work").classList.add("without-network");
  }

  // On a phone the page is long: then it stands above the button that was tapped.
  function keepInSight(said, form) {
    const { top, bottom } = said.getBoundingClientRect();
    if (top >= 0 && bottom <= innerHeight) return;
    said.setAttribute("role", "status");
    form.before(said);
    form.scrollIntoView({ block: "nearest" });
  }

  function offerAgain(form) {
    const button = form.querySelector("button[type=submit]");
    button?.querySelector(".icon")?.replaceWith(document.querySelector("[data-rete] .icon").cloneNode(true));
    button?.querySelector("span").firstChild.replaceWith(words.ancora);
  }

  // After a reload, or when somebody came in again: the number is where it was, unless the line is done.
  function putBack() {
    const waiting = words.attende.split(" ");
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
      const path = name.slice(PREFIX.length);
      const kept = JSON.parse(localStorage.getItem(name));
      const [, order, line] = path.match(/\/casse\/(\d+)\/righe\/(\d+)\//) ?? [];
      const isDone = words.ordini.split(" ").includes(order) && !waiting.includes(line);
      if (isDone || Date.now() - kept.at > DAY) localStorage.removeItem(name);
      else document.querySelectorAll("main form[method=post]").forEach((form) => fill(form, path, kept));
    }
  }

  function fill(form, path, { numbers, key }) {
    if (new URL(form.action).pathname !== path || numbers.some(([name]) => form.elements[name]?.value)) return;
    if (key) form.elements.key.value = key;
    for (const [name, value] of numbers) {
      if (form.elements[name]) form.elements[name].value = value;
      const keys = document.querySelector(`[data-tastiera][data-campo="${name}"]`);
      if (form.closest(".principal")) keys?.dispatchEvent(new CustomEvent("peso", { bubbles: true, detail: value }));
    }
    say(form, words.tenuto, false);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("main form[method=post]")) return;
    event.preventDefault();
    if (onTheWay.has(form)) return;
    onTheWay.add(form);
    send(form);
  });
  try {
    putBack();
  } catch { /* as above: there is nothing to put back */ }
})();
