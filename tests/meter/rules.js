// Measures one desk screen against the criteria that a program can see on it (cognitive-accessibility A, rulings 11).
// Given: level of support, size ("tablet"; "phone": a fallback that may scroll; "narrow": only that nothing goes sideways; "zoomed": a tablet
// at 200 %, so half as wide and high: only that all of it can be read), words that must be in sight (6), verbs of the glossary (4).
// Answers {faults: [[criterion, words]], figures: {criterion: number}, places, heading, kind, words}.
// Names of people and goods carry data-nome: of a text they are one word, of a load none.
({ level, size, shows, verbs }) => {
  const faults = [];
  const figures = {};
  const say = (criterion, words) => faults.push([criterion, words]);
  const main = document.querySelector("main[data-schermo]");
  if (!main) return { faults: [[0, "no main with data-schermo"]], figures, places: {}, heading: "", kind: "", words: [] };
  const kind = main.dataset.schermo;
  if (!["scelta", "passo", "numero", "soldi", "fine"].includes(kind)) say(0, `kind ${kind}`);
  const isLargest = document.body.matches(".text-2"); // letters that somebody chose so large that the screen scrolls
  const isTablet = size === "tablet";
  const isList = level === 0; // ruling 11: exempt from 1, 2, 3, 5, 7 (vertical) and 12 (number fields); controls of 64 px

  const CONTROLS = 'a[href],button,input:not([type="hidden"]),select,textarea,summary,[role="button"],[tabindex]:not([tabindex="-1"])';
  const FIELDS = "input,select,textarea";
  const SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }";
  const boxes = new Map();
  const box = (element) => {
    if (!boxes.has(element)) boxes.set(element, element.getBoundingClientRect());
    return boxes.get(element);
  };
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && box(element).width > 1 && !element.closest(".unseen");
  const all = [...document.body.querySelectorAll("*")].filter((element) => !element.closest("svg, script") || element.tagName === "svg");
  const seen = all.filter(isSeen);
  const controls = [...document.querySelectorAll(CONTROLS)].filter((element) => !element.disabled && isSeen(element));
  const wordsIn = (element) => (element.innerText ?? element.textContent).replace(/\s+/g, " ").trim();
  const named = (element) => `"${wordsIn(element) || element.outerHTML.slice(0, 60)}"`;
  const isKey = (element) => element.matches(".key");
  const isPart = (element) => element.matches(FIELDS);
  const wordsOf = (text) => text.match(/[\p{L}]+(?:['’][\p{L}]+)?|\d+(?:[.,]\d+)*/gu) || [];
  const least = (numbers) => (numbers.length ? Math.min(...numbers) : null);
  const most = (numbers) => (numbers.length ? Math.max(...numbers) : null);

  // The texts: blocks of words as they are laid out, and where a sentence begins anew.
  const isByLine = (element) => /^pre/.test(getComputedStyle(element).whiteSpace);
  const blocks = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.nodeType === 3 ? node.parentElement : node;
    if (parent.closest("svg,script,.unseen,noscript") || (node.nodeType === 3 ? !node.data.trim() || !isSeen(parent) : node.tagName !== "BR")) continue;
    let block = parent;
    while (block !== document.body && getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const kept = blocks.get(block) ?? { plain: "", load: "", nodes: [] };
    const name = parent.closest("[data-nome]");
    if (node.nodeType === 1) kept.plain += "\n";
    else {
      kept.plain += name ? (kept.name === name ? "" : " Nome ") : ` ${node.data.replace(isByLine(parent) ? /[^\S\n]+/g : /\s+/g, " ")}`;
      kept.load += name || parent.closest(".key") ? "" : ` ${node.data}`;
      kept.name = name;
      kept.nodes.push(node);
    }
    blocks.set(block, kept);
  }

  // 36. All of it can be read: nothing is cut by what it stands in, covered by something else, or off to the side.
  const linesOf = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
  };
  const isIn = (inner, outer) => {
    const rim = Math.max(1.5, inner.height / 5); // a line of text is higher than its letters
    return inner.left > outer.left - 1.5 && inner.right < outer.right + 1.5 && inner.top > outer.top - rim && inner.bottom < outer.bottom + rim;
  };
  const letters = ({ left, right, top, bottom, height }) => ({ left, right, top: top + height / 7, bottom: bottom - height / 7 });
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const isAtEdge = (element) => (element.closest(".bar,.action") ? getComputedStyle(element.closest(".bar,.action")).position === "sticky" : false);
  const unreadable = () => {
    const wrong = [];
    const lines = [];
    for (const [block, { nodes }] of blocks)
      for (const node of nodes) {
        const control = node.parentElement.closest(CONTROLS);
        const frames = [];
        for (let frame = node.parentElement; frame !== document.body; frame = frame.parentElement)
          if (frame === control || getComputedStyle(frame).overflow !== "visible") frames.push(frame.getBoundingClientRect());
        const found = linesOf(node);
        if (found.some((line) => line.left < -1.5 || frames.some((frame) => !isIn(line, frame)))) wrong.push(`"${node.data.trim()}" is cut`);
        for (const line of found) lines.push({ node, block, control, line: letters(line), stays: isAtEdge(node.parentElement) });
      }
    lines.forEach((one, index) => {
      for (const other of lines.slice(index + 1))
        if (one.block !== other.block && one.stays === other.stays && meet(one.line, other.line)) wrong.push(`"${one.node.data.trim()}" lies over "${other.node.data.trim()}"`);
    });
    for (const control of controls) {
      const edge = control.getBoundingClientRect();
      const hidden = lines.find((one) => one.control !== control && !one.block.contains(control) && one.stays === isAtEdge(control) && meet(one.line, edge));
      if (hidden) wrong.push(`${named(control)} lies over "${hidden.node.data.trim()}"`);
    }
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) wrong.push(`scrolls sideways by ${over} px`);
    return wrong;
  };

  // 7. Nothing sideways; no part scrolls by itself. On a tablet instruction and main action are seen without scrolling.
  const headings = [...document.querySelectorAll("h1")].filter(isSeen);
  const choices = controls.filter((element) => main.contains(element) && !isKey(element));
  const principals = choices.filter((element) => element.dataset.azione === "principale");
  const sideways = document.documentElement.scrollWidth - innerWidth;
  if (sideways > 0) say(7, `scrolls sideways by ${sideways} px`);
  for (const element of main.querySelectorAll("*"))
    if (/auto|scroll/.test(getComputedStyle(element).overflowY) && element.scrollHeight > element.clientHeight) say(7, "a part scrolls by itself");
  const result = { faults, figures, kind, heading: headings[0] ? wordsIn(headings[0]) : "", places: {} };
  result.words = wordsOf([...blocks.values()].map(({ plain }) => plain).join(" ")).sort();
  if (size === "narrow") return result;
  if (size === "zoomed") {
    faults.length = 0;
    for (const words of unreadable()) say(36, `at 200 % ${words}`);
    return result;
  }
  if (isTablet && !isList && !isLargest) {
    const lowest = most([...headings, ...principals].map((element) => box(element).bottom)) ?? 0;
    figures[7] = Math.round(lowest - innerHeight);
    for (const element of [...headings, ...principals])
      if (box(element).top < 0 || box(element).bottom > innerHeight + 0.5) say(7, `${named(element)} is outside the screen`);
    const edge = document.querySelector(".action")?.getBoundingClientRect().top;
    for (const part of edge ? document.querySelectorAll(".tell > *, .do > *") : [])
      if (isSeen(part) && wordsIn(part) && box(part).bottom > edge + 1) say(7, `${named(part)} lies under the main action`);
  }

  // 9. Sizes. With the plain list 64 px are enough (ruling 11).
  const sides = [];
  for (const element of controls) {
    const bound = isList ? 64 : element.matches(".key,.tile") ? 120 : 96;
    const { width, height } = box(element);
    sides.push(Math.min(width, height));
    if (width < bound - 0.5 || height < bound - 0.5) say(9, `${named(element)} is ${Math.round(width)} x ${Math.round(height)}, at least ${bound}`);
  }
  if (sides.length) figures[9] = Math.round(least(sides));

  // 10. Gaps; undo is far from the main action. What lies under a bar that stays while the list moves is no neighbour of it.
  const gap = (one, other) => {
    const [a, b] = [box(one), box(other)];
    return Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom);
  };
  const moves = document.documentElement.scrollHeight > innerHeight + 1;
  const stays = (element) => Boolean(element.closest(".bar,.action"));
  const gaps = [];
  controls.forEach((one, index) =>
    controls.slice(index + 1).forEach((other) => {
      if (one.contains(other) || (moves && stays(one) !== stays(other))) return;
      const found = gap(one, other);
      gaps.push(found);
      if (found < 15.5) say(10, `${named(one)} and ${named(other)} are ${Math.round(found)} px apart`);
    }),
  );
  if (gaps.length) figures[10] = Math.round(least(gaps));
  const undo = controls.filter((element) => element.closest(".bar-undo,[data-azione='indietro']"));
  if (isTablet) for (const one of undo) for (const other of principals) if (gap(one, other) < 96) say(10, `${named(one)} is near the main action`);

  if (!isTablet) return result;

  // 1. How many choices.
  const bar = controls.filter((element) => element.closest(".bar"));
  figures[1] = choices.length;
  if (!isList && choices.length > (kind === "scelta" ? 5 : 3)) say(1, `${choices.length} choices in main, at most ${kind === "scelta" ? 5 : 3}`);
  if (bar.length > (document.querySelector(".bar-crate .control") ? 5 : 4)) say(1, `${bar.length} controls in the bar`);

  // 2. One main action, and it is the largest.
  const area = (element) => box(element).width * box(element).height;
  if (kind !== "scelta" && !isList) {
    if (principals.length !== 1) say(2, `${principals.length} main actions`);
    else
      for (const other of controls) {
        if (other === principals[0]) continue;
        figures[2] = Math.min(figures[2] ?? Infinity, Math.round((area(principals[0]) * 10) / area(other)) / 10);
        if (area(other) >= area(principals[0])) say(2, `${named(other)} is as large as the main action`);
      }
  }

  const sentencesOf = (text) => text.split("\n").flatMap((line) => line.trim().split(/(?<=[.!?…])\s+/)).filter((part) => wordsOf(part).length);
  const isSaid = (block) => !block.closest(`${CONTROLS},.step,[role="status"]`);

  // 3. Sentences and words. A block of text is one sentence at least; controls, where we are, and the reading are none.
  let words = 0;
  let sentences = 0;
  for (const [block, { load }] of blocks) {
    if (!main.contains(block)) continue;
    words += block.closest("ol.steps") ? 0 : wordsOf(load).length;
    if (isSaid(block)) sentences += sentencesOf(load).length;
  }
  if (kind !== "scelta" && !isList) {
    figures[3] = words;
    figures["3 sentences"] = sentences;
    if (sentences > 3) say(3, `${sentences} sentences`);
    if (words > 25) say(3, `${words} words`);
  }

  // 4. One h1, short, a verb of the glossary first.
  if (headings.length !== 1) say(4, `${headings.length} h1`);
  for (const heading of headings) {
    const plain = heading.cloneNode(true);
    plain.querySelectorAll("[data-nome]").forEach((name) => name.remove());
    const found = wordsOf(plain.textContent);
    figures[4] = found.length;
    if (found.length > 6) say(4, `h1 of ${found.length} words`);
    if (!verbs.includes(found[0])) say(4, `h1 begins with "${found[0]}"`);
  }

  // 5. Where one is: at most five steps drawn, those behind ticked, this one marked.
  for (const steps of isList ? [] : document.querySelectorAll("ol.steps")) {
    const items = [...steps.children];
    const here = items.findIndex((item) => item.getAttribute("aria-current") === "step");
    figures[5] = items.length;
    if (items.length > 5) say(5, `${items.length} steps`);
    if (here < 0 || items.filter((item) => item.hasAttribute("aria-current")).length !== 1) say(5, "no step is the one of now");
    if (items.some((item, place) => Boolean(item.querySelector("svg")) !== place < here)) say(5, "a step behind has no tick");
    if (!new RegExp(`${here + 1} di ${items.length}`).test(steps.parentElement.innerText)) say(5, "no words say which step this is");
  }

  // 6. Who, what, how much are in sight, and a picture of it.
  const sight = document.body.innerText.replace(/\s+/g, " ").toLowerCase();
  const lacking = shows.filter((words) => !sight.includes(words.toLowerCase()));
  if (shows.length) figures[6] = shows.length - lacking.length;
  for (const words of lacking) say(6, `"${words}" is not in sight`);
  if (shows.length && ![...document.querySelectorAll(".bar-crate img,main img,main svg")].some(isSeen)) say(6, "no picture");

  // 8. What is no control has not a button's ground, edge and corner at once.
  const solid = (colour) => !/^rgba\(.*, 0\)$|^transparent$/.test(colour);
  for (const element of seen) {
    if (element.closest(CONTROLS) || element.querySelector(CONTROLS) || element.closest("svg,img,video")) continue;
    const style = getComputedStyle(element);
    const edges = ["Top", "Right", "Bottom", "Left"].every((side) => parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none" && solid(style[`border${side}Color`]));
    if (edges && solid(style.backgroundColor) && parseFloat(style.borderTopLeftRadius) > 0) say(8, `${named(element)} looks like a button`);
  }

  // 12. Nothing to type, tick or choose from; with the plain list numbers may be typed.
  const fields = [...document.querySelectorAll('input:not([type="hidden"]),select,textarea,[contenteditable]')];
  const wrong = fields.filter((field) => !(isList && /numeric|decimal/.test(field.inputMode)));
  figures[12] = wrong.length;
  if (wrong.length) say(12, `${wrong.length} fields`);

  // 14. Where the bar and the main action stand; the caller compares screens.
  const place = (element) => element && [box(element).left, box(element).top, box(element).width].map((number) => Math.round(number * 10) / 10);
  result.places = {
    home: place(document.querySelector(".bar-home")),
    help: place(document.querySelector(".bar-help > :first-child > button, .bar-help > .called")),
    principal: place(principals[0]),
    look: document.body.className,
  };

  // 16. What takes back says what it takes back.
  const takesBack = controls.filter((element) => /torna-indietro|\/indietro/.test(element.form?.action ?? ""));
  figures[16] = takesBack.length;
  for (const element of takesBack) {
    const what = element.querySelector("small");
    const row = element.closest(".list > li"); // with the plain list it stands beside it
    if (!row && !(what && wordsOf(wordsIn(what)).length)) say(16, `${named(element)} does not say what it takes back`);
  }

  // 19. Only what can be done is there.
  const grey = document.querySelectorAll("main :disabled, .bar :disabled, [aria-disabled=true]").length;
  figures[19] = grey;
  if (grey) say(19, `${grey} controls that cannot be used`);

  // 20. A yes and a no differ in word, colour, picture and side.
  const yes = principals.find((element) => /^Sì\b|^Sì,/.test(wordsIn(element)));
  const no = controls.find((element) => /^No\b/.test(wordsIn(element)) && main.contains(element) && !element.matches(".tile"));
  figures[20] = yes && no ? 1 : 0;
  if (yes && no) {
    const paint = (element) => getComputedStyle(element).backgroundColor;
    if (paint(yes) === paint(no)) say(20, "yes and no have one colour");
    if (yes.querySelector("svg,img")?.innerHTML === no.querySelector("svg,img")?.innerHTML) say(20, "yes and no have one picture");
    if (wordsIn(yes) === wordsIn(no)) say(20, "yes and no have one word");
    if (Math.abs(box(yes).left - box(no).left) < 96) say(20, "yes and no stand on one side");
  }
  if (document.querySelector("dialog[open],[role=alertdialog],[onclick]")) say(20, "a question in a window of its own");

  // 22, 26, 31. Words that are not said here.
  const text = [...blocks].map(([, { plain }]) => plain).join("\n");
  const find = (criterion, pattern) => {
    const found = text.match(pattern);
    if (found) say(criterion, `says "${found[0]}"`);
    figures[criterion] = (figures[criterion] ?? 0) + (found ? 1 : 0);
  };
  find(22, /(?<!\p{L})(error[ei]|errat\p{L}+|sbagli\p{L}*|non valid\p{L}+|non ammess\p{L}+|fallit\p{L}|vietat\p{L}|proibit\p{L}|impossibile|HTTP)(?!\p{L})/iu);
  find(22, /(?<![\p{L}\d])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,}(?![\p{L}\d])/u);
  find(26, /(?<!\p{L})(punteggio|punti|classifica|primato|record|tentativ[oi]|cronometro|secondi)(?!\p{L})/iu);
  figures[26] += document.querySelectorAll("audio[autoplay],video[autoplay],marquee,blink").length;
  if (document.querySelector("audio[autoplay],video[autoplay],marquee,blink")) say(26, "something plays by itself");
  const only = [...blocks].filter(([block]) => !block.closest(".where")).map(([, { plain }]) => plain).join("\n"); // shelf A is a letter
  figures[31] = 0;
  find(31, /%/);
  find(31, /€/);
  find(31, /(?<!\p{L})(due|tre|quattro|cinque|sette|otto|nove|dieci|undici|dodici|venti|cento|mille)(?!\p{L})/iu);
  find(31, /(?<![\p{L}\d])(kg|hg|gr|cm|km|ecc\.|es\.|pag\.|tel\.|sig\.|dott\.|n\.)(?!\p{L})/iu);
  find(31, /\d{1,2}\/\d{1,2}/);
  const shouted = only.match(/(?<!\p{L})\p{Lu}{2,}(?!\p{L})/u);
  if (shouted) say(31, `writes "${shouted[0]}" in capitals`);

  // 24, 26. Nothing moves.
  const milliseconds = (times) => Math.max(...times.split(",").map((time) => parseFloat(time) * (/ms$/.test(time) ? 1 : 1000)));
  figures[24] = 0;
  for (const element of seen) {
    const style = getComputedStyle(element);
    if (style.animationName !== "none" || milliseconds(style.transitionDuration) > 0 || style.scrollBehavior === "smooth") {
      figures[24] += 1;
      say(24, `${named(element)} moves`);
      break;
    }
  }
  if (document.querySelector('meta[http-equiv="refresh" i]')) say(24, "the page goes on by itself");

  // 25. Nothing has moved since the page was there; the script of the caller counts from the start.
  const shift = Math.round((window.metered?.shift ?? 0) * 1e4) / 1e4;
  figures[25] = shift;
  if (shift > 0) say(25, `what is there has moved by ${shift}`);

  // 27, 28. How easy a text is (Gulpease), and how long a sentence; the whole screen is a text too.
  const gulpease = (lines) => {
    const found = wordsOf(lines.join("\n"));
    const letters = found.reduce((sum, word) => sum + word.replace(/[^\p{L}]/gu, "").length, 0);
    return Math.round(Math.max(0, Math.min(100, 89 + (300 * lines.length - 10 * letters) / found.length)));
  };
  const scores = [];
  const lengths = [];
  let beside = 0;
  const whole = [];
  for (const [block, { plain }] of blocks) {
    const lines = sentencesOf(plain);
    whole.push(...lines);
    for (const line of lines) {
      const count = wordsOf(line).length;
      lengths.push(count);
      if (count > 10) say(28, `"${line.trim()}" has ${count} words`);
    }
    if (wordsOf(plain).length >= 10) {
      scores.push(gulpease(lines));
      if (scores.at(-1) < 80) say(27, `"${plain.trim()}" has ${scores.at(-1)}`);
    }
    const together = plain.split("\n").find((line) => sentencesOf(line).length > 1);
    if (together) {
      beside += 1;
      say(28, `"${together.trim()}" is more than one sentence in a line`);
    }
  }
  if (wordsOf(whole.join(" ")).length >= 10) scores.push(gulpease(whole));
  if (scores.length && scores.at(-1) < 80) say(27, `the whole screen has ${scores.at(-1)}`);
  figures[27] = least(scores);
  figures[28] = most(lengths);
  figures["28 beside"] = beside;

  // 31. How letters look: size, room between lines, length of a line, upright, from the left.
  const tall = [];
  const lengthsOfLines = [];
  for (const [block, { nodes }] of blocks) {
    const style = getComputedStyle(block);
    if (/justify/.test(style.textAlign) || (!block.closest(`${CONTROLS},.called,.news,.steps`) && !block.querySelector("[data-lettura]") && !block.matches("[data-lettura]") && /center|end|right/.test(style.textAlign))) say(31, `${named(block)} does not begin at the left`);
    let text = "";
    for (const node of nodes) {
      const own = getComputedStyle(node.parentElement);
      const pixels = parseFloat(own.fontSize);
      tall.push(pixels);
      if (pixels < 19.9) say(31, `"${node.data.trim()}" has ${pixels} px`);
      if (own.fontStyle !== "normal") say(31, `"${node.data.trim()}" is slanted`);
      if (own.textTransform !== "none" || own.fontVariantCaps !== "normal") say(31, `"${node.data.trim()}" is in capitals`);
      if (own.hyphens === "auto" || /­/.test(node.data)) say(31, `"${node.data.trim()}" may be hyphenated`);
      text += node.data;
    }
    const range = document.createRange();
    range.selectNodeContents(block);
    const rows = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 8))).size;
    // Base text: what is read as lines, not a heading, a control's label or a few large words.
    const isBase = isSaid(block) && !block.closest("h1,.need,.amount,.reading,.wordmark") && parseFloat(style.fontSize) <= 28;
    if (isBase && rows > 1) {
      const room = Math.round((parseFloat(style.lineHeight) / parseFloat(style.fontSize)) * 100) / 100;
      figures["31 room"] = Math.min(figures["31 room"] ?? Infinity, room);
      if (room < 1.5) say(31, `${named(block)} has lines of ${room}`);
    }
    if (text.replace(/\s+/g, " ").length > 60) {
      const line = longestLine(nodes);
      lengthsOfLines.push(line);
      if (line > 60) say(31, `${named(block)} has lines of ${line} characters`);
    }
  }
  function longestLine(nodes) {
    const lines = new Map();
    const range = document.createRange();
    for (const node of nodes)
      for (const { index, 0: word } of node.data.matchAll(/\S+\s*/g)) {
        range.setStart(node, index);
        range.setEnd(node, index + word.trimEnd().length);
        const at = Math.round(range.getBoundingClientRect().bottom);
        lines.set(at, (lines.get(at) ?? 0) + word.length);
      }
    return Math.max(...lines.values());
  }
  figures["31 text"] = least(tall);
  figures["31 line"] = most(lengthsOfLines);

  // 32. A number that is written has its unit beside it, what is needed above it, and a picture.
  const reading = document.querySelector("[data-lettura]");
  if (reading && isSeen(reading) && !document.querySelector('[data-campo="numero"]')) {
    figures[32] = 1;
    if (!wordsOf(wordsIn(reading.parentElement).replace(wordsIn(reading), "")).some((word) => /\p{L}/u.test(word))) say(32, "the number has no unit");
    if (![...document.querySelectorAll(".tell img,.tell svg")].some(isSeen)) say(32, "the number has no picture");
    if (document.querySelector(".ruler-weigh")) {
      const needed = [...document.querySelectorAll(".need,.shelf-now")].filter((element) => isSeen(element) && /\d/.test(wordsIn(element)));
      if (!needed.length || (!isLargest && needed.every((element) => box(element).bottom > innerHeight))) say(32, "what is needed is not in sight");
      if (!document.querySelector(".ruler-target")) say(32, "the bar shows no target");
    }
  }
  for (const field of isList ? fields : []) {
    const row = field.closest("li,label,form");
    if (!row?.querySelector("img,svg")) say(32, `${field.id} has no picture`);
  }
  for (const element of document.querySelectorAll("main .need, main .tile > small, main .amount"))
    if (isSeen(element) && /^[\d.,]+$/.test(wordsIn(element))) say(32, `${named(element)} has no unit`);

  // 33. Words and a picture on every control; its name is what can be read.
  let bare = 0;
  for (const element of controls) {
    if (isPart(element)) {
      if (![...(element.labels ?? [])].length) say(33, `${element.id} has no label`);
      continue;
    }
    const before = faults.length;
    if (!wordsIn(element)) say(33, `${named(element)} has no words`);
    if (!isKey(element) && !element.querySelector("svg,img")) say(33, `${named(element)} has no picture`);
    if (element.hasAttribute("aria-label") || element.hasAttribute("title")) say(33, `${named(element)} has another name`);
    if (faults.length > before) bare += 1;
  }
  figures[33] = bare;

  // 34. The picture of the one thing that a step is about.
  const pictures = [...document.querySelectorAll(".tell > .picture > img")].filter((image) => isSeen(image) && /\/products\//.test(image.src));
  if (pictures.length === 1) {
    const side = Math.round(Math.min(box(pictures[0]).width, box(pictures[0]).height));
    figures[34] = side;
    if (side < 240) say(34, `the picture has ${side} px`);
  }

  // 36. Contrast: text 7:1 on what lies behind it, the edge of a control (or its ground) 3:1 on what it lies on.
  const parse = (colour) => (colour.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const light = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const grounds = new Map();
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    if (!grounds.has(element)) {
      const colour = getComputedStyle(element).backgroundColor;
      grounds.set(element, solid(colour) ? parse(colour) : ground(element.parentElement));
    }
    return grounds.get(element);
  };
  const ratios = [];
  for (const [, { nodes }] of blocks)
    for (const { parentElement, data } of nodes) {
      const ratio = contrast(parse(getComputedStyle(parentElement).color), ground(parentElement));
      ratios.push(ratio);
      if (ratio < 7) say(36, `"${data.trim()}" has ${ratio.toFixed(1)} : 1`);
    }
  const edgeRatios = [];
  for (const element of controls) {
    const style = getComputedStyle(element);
    const behind = ground(element.parentElement);
    const ratio = Math.max(parseFloat(style.borderTopWidth) > 0 ? contrast(parse(style.borderTopColor), behind) : 1, contrast(ground(element), behind));
    edgeRatios.push(ratio);
    if (ratio < 3) say(36, `the edge of ${named(element)} has ${ratio.toFixed(1)} : 1`);
  }
  figures[36] = Math.round((least(ratios) ?? 21) * 10) / 10;
  figures["36 edge"] = Math.round((least(edgeRatios) ?? 21) * 10) / 10;

  // 36. With the text spacing of WCAG 1.4.12 all of it can be read too. A sheet of its own: the page's policy allows no style in it.
  const spaced = new CSSStyleSheet();
  spaced.replaceSync(SPACED);
  document.adoptedStyleSheets = [spaced];
  const crowded = unreadable();
  document.adoptedStyleSheets = [];
  figures["36 read"] = crowded.length;
  for (const words of crowded) say(36, `with wider spacing ${words}`);

  // 37. Help: one tap, no form to fill in; after the tap the answer stands there.
  const help = document.querySelectorAll(".bar-help button, .bar-help .called");
  figures[37] = help.length;
  if (help.length !== 1) say(37, `${help.length} times help`);
  if (document.querySelector(".bar-help :is(input:not([type=hidden]),select,textarea)")) say(37, "help asks for something");
  return result;
}
