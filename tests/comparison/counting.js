// What one page asks of whoever looks at it. The same for every program: nothing here knows whose page it is.
(() => {
  const CONTROLS =
    'a[href],button,input:not([type="hidden"]),select,textarea,summary,[contenteditable="true"],[role="button"],[tabindex]:not([tabindex="-1"])';
  const UNREAD = "script,style,noscript,template,select,textarea,option";
  const TICKED = 'input[type="checkbox"],input[type="radio"]';
  const FEWEST_WORDS = 3; // words: a stretch of text is a sentence from here on, "Totale ordini" is none

  const box = (element) => element.getBoundingClientRect();
  // Words for a screen reader alone: made tiny, clipped away or put beside the page.
  const isCut = (element) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const { width, height, right, bottom } = box(one);
      const { overflow, clip, clipPath } = getComputedStyle(one);
      if ((width <= 1 || height <= 1) && overflow !== "visible") return true;
      if (/^inset\((50|100)%/.test(clipPath) || /^rect\((\dpx(, )?){4}\)/.test(clip)) return true;
      if (right + scrollX <= 0 || bottom + scrollY <= 0) return true;
    }
    return false;
  };
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box(element).width > 1 && box(element).height > 1 && !isCut(element);
  const isInView = ({ left, right, top, bottom }) => bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  const wordsOf = (text) => text.match(/\p{L}+(?:['’]\p{L}+)*|\d+(?:[.,:]\d+)*/gu) || [];

  // A box to tick is as large as itself or the words that tick it too, whichever is larger.
  const targets = (control) => [control, ...(control.matches(TICKED) ? control.labels : [])].filter(isSeen);
  const side = (control) => Math.max(0, ...targets(control).map((each) => Math.min(box(each).width, box(each).height)));
  const isUsable = (control) => !control.disabled && getComputedStyle(control).pointerEvents !== "none" && targets(control).length;

  const written = (field) => {
    if (field.matches(`${TICKED},[type="file"],[type="image"]`)) return "";
    if (field.matches("select")) return [...field.selectedOptions].map((option) => option.text).join(" ");
    return field.value || field.placeholder || "";
  };

  const look = () => {
    let words = 0;
    let inView = 0;
    const blocks = new Map(); // block of text outside of controls -> its words, to find sentences in
    const read = (text, rects) => {
      const found = wordsOf(text).length;
      words += found;
      if (rects.some(isInView)) inView += found;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (!text.data.trim() || text.parentElement.closest(UNREAD) || !isSeen(text.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      read(text.data, [...range.getClientRects()]);
      if (text.parentElement.closest(CONTROLS)) continue;
      let block = text.parentElement;
      while (block !== document.body && getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
      blocks.set(block, `${blocks.get(block) || ""} ${text.data}`);
    }
    for (const field of document.querySelectorAll('input:not([type="hidden"]),select,textarea')) if (isSeen(field)) read(written(field), [box(field)]);
    const sentences = [...blocks.values()].flatMap((text) => text.split(/(?<=[.!?…])\s+/)).filter((part) => wordsOf(part).length >= FEWEST_WORDS);
    const controls = [...document.querySelectorAll(CONTROLS)].filter(isUsable);
    return {
      words,
      in_view: inView,
      sentences: sentences.length,
      choices: controls.length,
      choices_in_view: controls.filter((control) => targets(control).some((each) => isInView(box(each)))).length,
      smallest: Math.round(Math.min(...controls.map(side)) * 10) / 10,
    };
  };
  return { look, side };
})()
