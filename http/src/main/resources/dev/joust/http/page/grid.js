// SPDX-License-Identifier: Apache-2.0
// The pictures found: cards, and moving among them by keyboard.
import {byId, copyOf} from './dom.js';
import {thumbnailUrl} from './api.js';

const grid = byId('results');
let actions = {};
/** The pictures shown, in order, as the server sent them. */
let hits = [];
let version = null;

export const shown = () => hits;
export const indexOf = id => hits.findIndex(hit => hit.id === id);

/** What to call a picture: by what was said about it, or else by what it is. */
export function titleOf(hit) {
  if (hit.caption || hit.tags?.length > 0) {
    return hit.caption || hit.tags.join(', ');
  }
  const facts = [hit.camera, hit.format?.toUpperCase(), hit.width && hit.width + '\u2009\u00d7\u2009' + hit.height];
  return facts.filter(fact => fact).slice(0, 2).join(', ') || 'Picture';
}

function card(hit) {
  const item = copyOf('card');
  const button = item.querySelector('.shot');
  const picture = item.querySelector('img');
  item.dataset.id = hit.id;
  picture.src = thumbnailUrl(hit.id, version);
  picture.addEventListener('error', () => item.classList.add('broken'), {once: true});
  picture.addEventListener('load', () => item.classList.add('loaded'), {once: true});
  const distance = hit._distance === undefined ? '' : hit._distance.toFixed(3);
  button.setAttribute('aria-label', titleOf(hit) + (distance ? ', distance ' + distance : ''));
  const caption = item.querySelector('.caption');
  caption.textContent = titleOf(hit);
  caption.title = titleOf(hit);
  caption.classList.toggle('untitled', !hit.caption);
  item.querySelector('.distance').textContent = distance;
  button.addEventListener('click', () => actions.open(hit));
  item.querySelector('.more-like').addEventListener('click', () => actions.more(hit));
  item.querySelector('.less-like').addEventListener('click', () => actions.less(hit));
  return item;
}

const shots = () => [...grid.querySelectorAll('.shot')];

/** Exactly one picture is a stop of the tabulator: the one visited last. */
function setStop(index) {
  shots().forEach((shot, number) => {
    shot.tabIndex = number === index ? 0 : -1;
  });
}

/** @param ofVersion what they are pictures of; null for now */
export function replace(found, ofVersion) {
  version = ofVersion;
  hits = [...found];
  grid.replaceChildren(...found.map(card));
  setStop(0);
}

/** Adds a page, without those that are there already: rows may have moved meanwhile. */
export function append(found) {
  const fresh = found.filter(hit => indexOf(hit.id) < 0);
  hits.push(...fresh);
  grid.append(...fresh.map(card));
}

export function remove(id) {
  const index = indexOf(id);
  if (index < 0) {
    return;
  }
  hits.splice(index, 1);
  grid.children[index].remove();
  const next = Math.min(index, hits.length - 1);
  setStop(next);
  if (next >= 0 && !document.querySelector('dialog[open]')) {
    shots()[next].focus();
  }
}

/** Takes over what was said about a picture. */
export function update(hit) {
  const index = indexOf(hit.id);
  if (index >= 0) {
    const stop = shots()[index].tabIndex;
    hits[index] = {...hits[index], ...hit};
    grid.replaceChild(card(hits[index]), grid.children[index]);
    shots()[index].tabIndex = stop;
  }
}

export function focus(id) {
  const index = indexOf(id);
  if (index >= 0) {
    setStop(index);
    shots()[index].focus();
  }
}

function columns() {
  const top = grid.children[0].offsetTop;
  const next = [...grid.children].findIndex(item => item.offsetTop !== top);
  return next < 0 ? grid.children.length : next;
}

function target(key, index) {
  switch (key) {
    case 'ArrowRight': return index + 1;
    case 'ArrowLeft': return index - 1;
    case 'ArrowDown': return index + columns();
    case 'ArrowUp': return index - columns();
    case 'Home': return 0;
    case 'End': return hits.length - 1;
    default: return -1;
  }
}

function key(event) {
  const index = shots().indexOf(event.target);
  if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const next = target(event.key, index);
  if (/^(Arrow|Home|End)/.test(event.key)) {
    event.preventDefault();
    if (next >= 0 && next < hits.length) {
      setStop(next);
      shots()[next].focus();
    } else if (event.key === 'ArrowUp') {
      byId('words').focus();
    }
  } else if (event.key === 'm') {
    actions.more(hits[index]);
  } else if (event.key === 'l') {
    actions.less(hits[index]);
  } else if (event.key === 'Delete' || event.key === 'Backspace') {
    event.preventDefault();
    actions.remove(hits[index]);
  }
}

/** @param given open, more, less, remove: what to do with a hit */
export function start(given) {
  actions = given;
  grid.addEventListener('keydown', key);
  grid.addEventListener('focusin', event => {
    const index = shots().indexOf(event.target);
    if (index >= 0) {
      setStop(index);
    }
  });
}

/** Grey squares where pictures will be. */
export function showWaiting(count) {
  hits = [];
  grid.replaceChildren(...Array.from({length: count}, () => {
    const item = document.createElement('li');
    item.className = 'card waiting';
    item.setAttribute('aria-hidden', 'true');
    return item;
  }));
}
