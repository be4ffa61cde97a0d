// Small enhancements of the desk; every screen works without them. Nothing here begins by itself: all of it answers a tap.
"use strict";
(() => {
  // Keys: the number changes at once and no tap is lost; the page behind it comes from the server as always.
  let asked = 0;

  function press(key) {
    return write(key.form, String(Number(key.value) || ""));
  }

  async function write(form, typed) {
    const name = form.dataset.tastiera;
    show(form, typed);
    keepSilent();
    const page = new URL(form.action, location.href);
    new FormData(form).forEach((value, field) => page.searchParams.set(field, value));
    page.searchParams.set(name, typed);
    history.replaceState(null, "", page); // a reload keeps the number
    const mine = ++asked;
    try {
      const answer = await fetch(page, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const bar = fresh.querySelector(".ruler-weigh");
      const reading = fresh.querySelector(".reading");
      if (mine !== asked || !answer.ok || !bar || !reading) return;
      document.querySelector(".ruler-weigh")?.replaceWith(bar);
      document.querySelector(".reading")?.replaceChildren(...reading.childNodes);
    } catch {
      // Without the network the number stands all the same, and nothing is said of it.
    }
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
