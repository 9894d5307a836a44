// SPDX-License-Identifier: Apache-2.0
// Small helpers around the document. Text goes in by textContent alone, never as markup.

export const byId = id => document.getElementById(id);

/** An element with properties (data-* and aria-* as attributes) and children, texts among them. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role') {
      element.setAttribute(name, value);
    } else {
      element[name] = value;
    }
  }
  element.append(...children);
  return element;
}

/** A copy of a template's only child. */
export const copyOf = id => byId(id).content.firstElementChild.cloneNode(true);

export function icon(name) {
  const svg = document.querySelector('svg.icon').cloneNode(true);
  svg.setAttribute('aria-hidden', 'true');
  svg.firstElementChild.setAttribute('href', '#i-' + name);
  return svg;
}

/** `5,000 pictures`. */
export const counted = (count, word) => count.toLocaleString('en') + ' ' + word + (count === 1 ? '' : 's');

/** Runs work once nobody has called for a while. */
export function debounced(milliseconds, work) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), milliseconds);
  };
}

export const isTyping = target => target instanceof Element && target.matches('input:not([type=range]), textarea, select');

/** Adds or removes `hidden`, and answers whether the element is shown now. */
export function show(element, shown) {
  element.hidden = !shown;
  return shown;
}
