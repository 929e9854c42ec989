// Keeps the keyboard's place on the page. A button that is disabled while it acts, or that goes with what it did, would take it along.

/** Where the keyboard was, the latest last: the element, then what stands in for it once it is gone. */
const places: Element[][] = [];
const MOST = 20;

export function keepFocus(): void {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) places.push(standIns(target));
    if (places.length > MOST) places.shift();
  });
  // Whoever points somewhere else means to leave.
  document.addEventListener('pointerdown', () => places.splice(0, places.length - 1));
  const changes = { childList: true, subtree: true, attributeFilter: ['disabled', 'open'] };
  new MutationObserver(giveBack).observe(document.body, changes);
}

/** Itself, the lid of the menu that it is in, and whatever around it can have the focus. A dialog that closes is gone as a whole. */
function standIns(element: Element): Element[] {
  const around: Element[] = [];
  for (let one = element.parentElement; one && one.localName !== 'dialog'; one = one.parentElement) {
    const lid = one.localName === 'details' ? one.querySelector('summary') : null;
    if (lid) around.push(lid);
    if (one.hasAttribute('tabindex')) around.push(one);
  }
  return [element, ...around];
}

function giveBack(): void {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body) return;
  for (const place of places.toReversed()) {
    const here = place.find(
      (element) => element.isConnected && element.checkVisibility({ visibilityProperty: true }),
    );
    if (!here) continue;
    // It may be disabled only while it acts: then this comes again.
    if (!here.matches(':disabled') && here instanceof HTMLElement) here.focus({ preventScroll: true });
    return;
  }
}
