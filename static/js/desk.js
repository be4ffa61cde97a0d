// Small enhancements of the desk; every screen works without them. Nothing here begins by itself: all of it answers a tap.
"use strict";
(() => {
  // A slow second tap falls on the next screen, where the main action has the same place: it was meant for the one before.
  // Who uses the keys is never held up, and another tap on the same screen is the server's affair (it counts once).
  const HAND = 500; // milliseconds within which a hand has not yet seen the next screen
  const TAP = "tocco";
  const SAME_PLACE = "[data-azione=principale], .bar-undo button"; // on every screen: the next one's would be pressed
  const before = remembered();

  // A tablet may refuse to keep anything: then there is no such pause, and everything else works.
  function remembered() {
    try {
      return Number(sessionStorage.getItem(TAP));
    } catch {
      return 0;
    }
  }

  function remember(now) {
    try {
      sessionStorage.setItem(TAP, String(now));
    } catch { /* as above */ }
  }

  window.addEventListener("click", (event) => {
    const isPointer = event.detail > 0 || Boolean(event.pointerType);
    if (!isPointer || !event.target.closest?.(SAME_PLACE)) return;
    const now = Date.now();
    if (now >= before && now - before < HAND) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else remember(now);
  }, true);

  // What answers a form stands under the form's address: back, forward and reload would show a page of the browser's own, which
  // asks whether to send it again. So it takes the address of the step that it belongs to, with the number that stands there.
  const { pagina } = document.querySelector("main").dataset;
  if (pagina) {
    const keys = document.querySelector("[data-tastiera]");
    const typed = document.querySelector(`.principal input[name="${keys?.dataset.campo}"]`)?.value ?? "";
    history.replaceState(null, "", keys ? addressOf(keys, typed) : pagina);
  }

  // Keys: the number changes at once and no tap is lost; the page behind it comes from the server as always.
  let asked = 0;

  function press(key) {
    return write(key.form, String(Number(key.value) || ""));
  }

  async function write(form, typed) {
    const number = document.querySelector("[data-lettura]");
    const shown = number?.textContent;
    show(form, typed);
    keepSilent();
    if (number?.textContent !== shown) forgetRefusal();
    const page = addressOf(form, typed);
    history.replaceState(null, "", page); // a reload keeps the number
    const mine = ++asked;
    try {
      const answer = await fetch(page, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const bar = fresh.querySelector(".ruler-weigh");
      const reading = fresh.querySelector(".reading");
      if (mine !== asked || !answer.ok || !bar || !reading) return;
      document.querySelector(".ruler-weigh")?.replaceWith(bar);
      const here = document.querySelector(".reading");
      const ofScale = here?.querySelectorAll(".say-scale") ?? []; // what it has said meanwhile is newer than this page
      here?.replaceChildren(...reading.childNodes, ...ofScale);
    } catch {
      // Without the network the number stands all the same, and nothing is said of it.
    }
  }

  // Where the same screen is looked at with these digits.
  function addressOf(form, typed) {
    const page = new URL(form.action, location.href);
    new FormData(form).forEach((value, field) => page.searchParams.set(field, value));
    page.searchParams.set(form.dataset.tastiera, typed);
    return page;
  }

  // What each key would lead to, as the macro writes it: the digits so far and its own.
  function show(form, typed) {
    const most = Number(form.dataset.cifre);
    for (const key of form.querySelectorAll(".key")) {
      const digit = key.innerText.trim();
      key.value = key.matches(".key-erase") ? typed.slice(0, -1) : String(Number((typed + digit).slice(0, most)));
    }
    const number = document.querySelector("[data-lettura]");
    if (number) number.textContent = "soldi" in number.dataset ? asMoney(typed) : typed || "0";
    const unit = document.querySelector(".reading [data-uno]");
    if (unit) unit.textContent = typed === "1" ? unit.dataset.uno : unit.dataset.tanti;
    for (const field of document.querySelectorAll(`.principal input[name="${form.dataset.campo}"]`)) field.value = typed;
    for (const field of document.querySelectorAll('input[name="da"]')) field.value = withDigits(field.value, form, typed);
    for (const hint of document.querySelectorAll(".control-hint")) hint.href = withDigits(hint.href, form, typed);
  }

  // A price is written from its cents up, as at a till: 3, 32, 320 are 0,03 and 0,32 and 3,20.
  function asMoney(typed) {
    return typed.padStart(3, "0").replace(/(..)$/, ",$1");
  }

  // A hint and a bar belong to the number that they were said of: for another one there are none until the server knows.
  function keepSilent() {
    for (const said of document.querySelectorAll(".reading .say, .ruler-fill, .ruler-ticks, .ruler-end")) said.remove();
  }

  // So does what was asked or refused. Its room is kept, so that nothing moves.
  function forgetRefusal() {
    for (const said of document.querySelectorAll("[data-pagina] .tell > .said")) {
      said.style.minHeight = `${said.offsetHeight}px`;
      said.replaceChildren();
    }
  }

  function withDigits(address, form, typed) {
    const page = new URL(address, location.href);
    page.searchParams.set(form.dataset.tastiera, typed);
    return page.pathname + page.search;
  }

  // An empty field of the plain list is asked for in the words of the desk, and nothing beside it is lost.
  for (const field of document.querySelectorAll("[data-chiede]")) {
    field.addEventListener("invalid", () => field.setCustomValidity(field.dataset.chiede));
    field.addEventListener("input", () => field.setCustomValidity(""));
  }

  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-tastiera] .key");
    if (!key) return;
    event.preventDefault();
    press(key);
  });

  // A scale writes the number whole, and a number that was kept while the network was away comes back: the same way.
  document.addEventListener("peso", (event) => write(event.target, event.detail));
})();
