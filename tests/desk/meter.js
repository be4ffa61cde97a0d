// Measures one desk screen against the criteria that a program can see (cognitive-accessibility A: 1-4, 7, 9, 10, 12, 33).
// Answers a list of what is not so. Names of people and goods carry data-nome and are not counted as words.
(verbs) => {
  const faults = [];
  const say = (criterion, words) => faults.push(`${criterion}: ${words}`);
  const main = document.querySelector("main[data-schermo]");
  if (!main) return ["no main with data-schermo"];
  const kind = main.dataset.schermo;
  if (!["scelta", "passo", "numero", "soldi", "fine"].includes(kind)) say("kind", kind);

  const CONTROLS = 'a[href],button,input:not([type="hidden"]),select,textarea,summary,[role="button"],[tabindex]:not([tabindex="-1"])';
  const box = (element) => element.getBoundingClientRect();
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && box(element).width > 1 && !element.closest(".unseen");
  const controls = [...document.querySelectorAll(CONTROLS)].filter((element) => !element.disabled && isSeen(element));
  const named = (element) => `"${element.innerText.replace(/\s+/g, " ").trim() || element.outerHTML.slice(0, 60)}"`;
  const isKey = (element) => element.matches(".key");

  // 1. How many choices.
  const choices = controls.filter((element) => main.contains(element) && !isKey(element));
  const most = kind === "scelta" ? 5 : 3;
  if (choices.length > most) say(1, `${choices.length} choices in main, at most ${most}`);
  const bar = controls.filter((element) => element.closest(".bar"));
  if (bar.length > 4) say(1, `${bar.length} controls in the bar`);

  // 2. One main action, and it is the largest.
  const area = (element) => box(element).width * box(element).height;
  const principal = choices.filter((element) => element.dataset.azione === "principale");
  if (kind !== "scelta") {
    if (principal.length !== 1) say(2, `${principal.length} main actions`);
    else
      for (const other of controls)
        if (other !== principal[0] && area(other) >= area(principal[0])) say(2, `${named(other)} is as large as the main action`);
  }

  // 3. Sentences and words. A block of text is one sentence at least; controls, where we are, and the reading are no sentences.
  const PARTS = "[data-nome],svg,.key,.unseen";
  const blocks = new Map();
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest(PARTS) || !isSeen(parent)) continue;
    let block = parent;
    while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    blocks.set(block, `${blocks.get(block) || ""} ${walker.currentNode.data}`);
  }
  const wordsOf = (text) => text.match(/[\p{L}]+(?:['’][\p{L}]+)?|\d+(?:[.,]\d+)*/gu) || [];
  let words = 0;
  let sentences = 0;
  for (const [block, text] of blocks) {
    words += block.closest("ol.steps") ? 0 : wordsOf(text).length;
    if (block.closest(`${CONTROLS},.step,[role="status"]`)) continue;
    sentences += text.split(/(?<=[.!?…])\s+/).filter((part) => wordsOf(part).length).length;
  }
  if (kind !== "scelta") {
    if (sentences > 3) say(3, `${sentences} sentences`);
    if (words > 25) say(3, `${words} words`);
  }

  // 4. One h1, short, a verb of the glossary first.
  const headings = [...document.querySelectorAll("h1")].filter(isSeen);
  if (headings.length !== 1) say(4, `${headings.length} h1`);
  for (const heading of headings) {
    const plain = heading.cloneNode(true);
    plain.querySelectorAll("[data-nome]").forEach((name) => name.remove());
    const found = wordsOf(plain.textContent);
    if (found.length > 6) say(4, `h1 of ${found.length} words`);
    if (!verbs.includes(found[0])) say(4, `h1 begins with "${found[0]}"`);
  }

  // 7. Instruction and main action are seen without scrolling; nothing scrolls inside; nothing sideways.
  for (const element of [...headings, ...principal]) {
    const { top, bottom } = box(element);
    if (top < 0 || bottom > innerHeight + 0.5) say(7, `${named(element)} is outside the screen`);
  }
  if (document.documentElement.scrollWidth > innerWidth) say(7, "scrolls sideways");
  for (const element of main.querySelectorAll("*"))
    if (/auto|scroll/.test(getComputedStyle(element).overflowY) && element.scrollHeight > element.clientHeight) say(7, "a part scrolls by itself");

  // 9. Sizes.
  for (const element of controls) {
    const least = element.matches(".key,.tile") ? 120 : 96;
    const { width, height } = box(element);
    if (width < least - 0.5 || height < least - 0.5) say(9, `${named(element)} is ${Math.round(width)} x ${Math.round(height)}, at least ${least}`);
  }

  // 10. Gaps; undo is far from the main action.
  const gap = (one, other) => {
    const [a, b] = [box(one), box(other)];
    return Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom);
  };
  controls.forEach((one, index) =>
    controls.slice(index + 1).forEach((other) => {
      if (gap(one, other) < 15.5) say(10, `${named(one)} and ${named(other)} are ${Math.round(gap(one, other))} px apart`);
    }),
  );
  const undo = controls.filter((element) => element.closest(".bar-undo,[data-azione='indietro']"));
  for (const one of undo) for (const other of principal) if (gap(one, other) < 96) say(10, `${named(one)} is near the main action`);

  // 12. Nothing to type, tick or choose from.
  const fields = document.querySelectorAll('input:not([type="hidden"]),select,textarea,[contenteditable]');
  if (fields.length) say(12, `${fields.length} fields`);

  // 33. Words and a picture on every control; its name is what can be read.
  for (const element of controls) {
    if (!element.innerText.trim()) say(33, `${named(element)} has no words`);
    if (!isKey(element) && !element.querySelector("svg,img")) say(33, `${named(element)} has no picture`);
    if (element.hasAttribute("aria-label") || element.hasAttribute("title")) say(33, `${named(element)} has another name`);
  }
  return faults;
}
