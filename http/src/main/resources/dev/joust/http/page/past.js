// SPDX-License-Identifier: Apache-2.0
// Suggestions from past searches. They are kept in this browser, and nowhere else.
import {byId, icon, make, show} from './dom.js';

const KEY = 'joust.searches';
const MOST_KEPT = 50;
const MOST_SHOWN = 8;
const EXAMPLES = ['a red star', 'a small blue circle', 'a green house on grass'];

const input = byId('words');
const list = byId('past');
let active = -1;
let choose = () => {};

function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(text => typeof text === 'string') : [];
  } catch {
    return [];
  }
}

function save(searches) {
  try {
    localStorage.setItem(KEY, JSON.stringify(searches.slice(0, MOST_KEPT)));
  } catch {
    // a browser that keeps nothing suggests nothing
  }
}

/** Keeps a search, the newest first. */
export function remember(text) {
  save([text, ...load().filter(other => other !== text)]);
}

function forget(text) {
  save(load().filter(other => other !== text));
  open();
}

export function close() {
  show(list, false);
  active = -1;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}

function option(text, number, isPast) {
  const line = make('div', {className: 'option', id: 'past-' + number, role: 'option', 'aria-selected': 'false'},
      icon(isPast ? 'past' : 'search'), make('span', {className: 'text', textContent: text}));
  line.addEventListener('mousedown', event => event.preventDefault());
  line.addEventListener('click', () => choose(text));
  if (isPast) {
    const remove = make('button', {type: 'button', className: 'bare remove', tabIndex: -1,
      title: 'Forget this search', 'aria-label': 'Forget \u201c' + text + '\u201d'}, icon('close'));
    remove.addEventListener('click', event => {
      event.stopPropagation();
      forget(text);
    });
    line.append(remove);
  }
  return line;
}

function open() {
  const typed = input.value.trim().toLowerCase();
  const searches = load();
  const fitting = searches.filter(text => text.toLowerCase().includes(typed) && text !== input.value).slice(0, MOST_SHOWN);
  const offered = searches.length === 0 && typed === '' ? EXAMPLES : fitting;
  if (offered.length === 0) {
    close();
    return;
  }
  list.replaceChildren(...offered.map((text, number) => option(text, number, offered !== EXAMPLES)));
  if (offered !== EXAMPLES) {
    const all = make('button', {type: 'button', className: 'link forget-all', tabIndex: -1, textContent: 'Forget all searches'});
    all.addEventListener('mousedown', event => event.preventDefault());
    all.addEventListener('click', () => {
      save([]);
      close();
    });
    list.append(all);
  }
  active = -1;
  show(list, true);
  input.setAttribute('aria-expanded', 'true');
  input.removeAttribute('aria-activedescendant');
}

function move(step) {
  if (list.hidden) {
    open();
  }
  const options = [...list.querySelectorAll('.option')];
  if (options.length === 0) {
    return;
  }
  active = active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length;
  options.forEach((line, number) => line.setAttribute('aria-selected', String(number === active)));
  input.setAttribute('aria-activedescendant', options[active].id);
}

const activeText = () => list.hidden || active < 0 ? null : list.querySelectorAll('.option .text')[active].textContent;

/** @param whenChosen what to do with a suggestion that was chosen */
export function start(whenChosen) {
  choose = text => {
    close();
    whenChosen(text);
  };
  input.addEventListener('input', open);
  input.addEventListener('click', open);
  input.addEventListener('blur', () => setTimeout(() => {
    // Unless it was only for a moment
    if (document.activeElement !== input && !list.contains(document.activeElement)) {
      close();
    }
  }, 100));
  input.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && activeText() !== null) {
      event.preventDefault();
      choose(activeText());
    } else if (event.key === 'Delete' && activeText() !== null) {
      event.preventDefault();
      forget(activeText());
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
}
