// Runs before each page that is measured: counts what moves, gives the tablet a voice, and can put its clock forward.
{
  const { setTimeout: wait, setInterval: repeat, clearTimeout: forget } = window;

  // 25. What has moved since all of the page was there: while it still arrives, a slow machine draws it in parts.
  window.metered = { shift: 0, from: Infinity };
  new PerformanceObserver((list) => {
    for (const { value, startTime, hadRecentInput } of list.getEntries())
      if (window.metered && !hadRecentInput && startTime > window.metered.from) window.metered.shift += value;
  }).observe({ type: "layout-shift", buffered: true });
  document.addEventListener("readystatechange", () => {
    if (document.readyState !== "interactive") return;
    requestAnimationFrame(() => wait(() => { if (window.metered) window.metered.from = performance.now(); })); // it is drawn
  });

  // A voice of this tablet, so that the bar has all its controls.
  const voices = [{ name: "prova", lang: "it-IT", localService: true, default: true }];
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => voices, speak: () => {}, cancel: () => {}, addEventListener: () => {},
  } });

  // 24. Half an hour later: whatever waits for its time has its time, and the page is the same as before, or not.
  const due = new Map();
  let later = 0;
  const keep = (start) => (what, after, ...given) => {
    const id = start(() => { due.delete(id); what(...given); }, after);
    due.set(id, () => what(...given));
    return id;
  };
  [window.setTimeout, window.setInterval] = [keep(wait), keep(repeat)];
  window.clearTimeout = window.clearInterval = (id) => { due.delete(id); forget(id); };
  window.Date = class extends Date {
    constructor(...given) { super(...(given.length ? given : [Date.now()])); }
    static now() { return super.now() + later; }
  };
  window.halfAnHourLater = async () => {
    const before = document.documentElement.outerHTML;
    later = 1_800_000;
    const all = [...due.values()];
    for (const what of all) what();
    if (all.length) await new Promise((done) => wait(done, 100)); // for an answer of the network
    return document.documentElement.outerHTML === before;
  };
}
