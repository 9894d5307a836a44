// SPDX-License-Identifier: Apache-2.0
// One picture, large, with what is known of it.
import {byId, make, isTyping, show} from './dom.js';
import * as api from './api.js';
import {titleOf} from './grid.js';

const dialog = byId('detail');
const picture = byId('detail-picture');
const form = byId('detail-words');
const caption = byId('detail-caption');
const tags = byId('detail-tags');
const save = form.querySelector('button');
const preview = byId('detail-preview');
const gone = byId('detail-gone');
let actions = {};
let current = null;

const number = new Intl.NumberFormat('en');

function size(bytes) {
  return bytes < 1e6 ? number.format(Math.max(1, Math.round(bytes / 1e3))) + ' kB' : (bytes / 1e6).toFixed(1) + ' MB';
}

/** The camera's own clock, wherever it was: shown as it stands. */
function taken(text) {
  const date = new Date(text.substring(0, 19) + 'Z');
  return Number.isNaN(date.getTime()) ? text : date.toLocaleString('en-GB', {dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC'});
}

function facts(hit) {
  const lines = [];
  if (hit._distance !== undefined) {
    lines.push(['Distance', hit._distance.toFixed(4)]);
  }
  if (hit.width) {
    lines.push(['Size', number.format(hit.width) + ' \u00d7 ' + number.format(hit.height) + ' pixels']);
  }
  if (hit.format) {
    lines.push(['Format', hit.format.toUpperCase() + (hit.bytes ? ', ' + size(hit.bytes) : '')]);
  }
  if (hit.taken_at) {
    lines.push(['Taken', taken(hit.taken_at)]);
  }
  if (hit.camera) {
    lines.push(['Camera', hit.camera]);
  }
  lines.push(['Name', api.pictureName(hit.id)]);
  return lines.map(([name, value]) => make('div', {}, make('dt', {textContent: name}), make('dd', {textContent: value})));
}

/** Its thumbnail until all of it is there, so that never another picture shows beside these facts. */
function showPicture(url, thumbnail) {
  show(gone, false);
  if (picture.getAttribute('src') === url) {
    return;
  }
  dialog.classList.add('loading');
  preview.src = thumbnail;
  picture.src = url;
}

function fill(hit, place) {
  const url = api.pictureUrl(hit.id, place.version);
  current = hit;
  dialog.dataset.id = hit.id;
  showPicture(url, api.thumbnailUrl(hit.id, place.version));
  picture.alt = titleOf(hit);
  byId('detail-title').textContent = titleOf(hit);
  byId('detail-facts').replaceChildren(...facts(hit));
  byId('detail-open').href = url;
  caption.value = hit.caption ?? '';
  tags.value = (hit.tags ?? []).join(', ');
  save.disabled = true;
  byId('detail-previous').disabled = !place.hasPrevious;
  byId('detail-next').disabled = !place.hasNext;
  for (const field of [caption, tags]) {
    field.readOnly = !place.mayChange;
  }
  save.hidden = !place.mayChange;
  byId('detail-delete').hidden = !place.mayChange;
}

/** @param place hasPrevious, hasNext, mayChange, version */
export function open(hit, place) {
  if (current?.id !== hit.id) {
    keepWords();
  }
  fill(hit, place);
  if (!dialog.open) {
    dialog.showModal();
    byId('detail-title').focus();
  }
}

export function close() {
  keepWords();
  if (dialog.open) {
    dialog.close();
  }
  current = null;
  picture.removeAttribute('src');
}

/** What was typed is not lost by going on without saving it. */
function keepWords() {
  if (current !== null && !save.hidden && !save.disabled) {
    save.disabled = true;
    actions.describe(current, ...typed());
  }
}

const typed = () => [
  caption.value.trim() || null,
  tags.value.split(',').map(tag => tag.trim()).filter(tag => tag !== ''),
];

export const isOpen = () => dialog.open;

async function describe(event) {
  event.preventDefault();
  save.disabled = true;
  const described = current;
  const saved = await actions.describe(described, ...typed());
  if (!saved && current === described) {
    save.disabled = false;
  }
}

function key(event) {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const steps = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1};
  if (event.key in steps) {
    event.preventDefault();
    actions.step(steps[event.key]);
  } else if (event.key === 'm') {
    actions.more(current);
  } else if (event.key === 'l') {
    actions.less(current);
  } else if (event.key === 'Delete' && !byId('detail-delete').hidden) {
    remove();
  }
}

function remove() {
  save.disabled = true;
  actions.remove(current);
}

/** @param given close, step, more, less, remove, describe: what is asked for here */
export function start(given) {
  actions = given;
  picture.addEventListener('load', () => dialog.classList.remove('loading'));
  picture.addEventListener('error', () => {
    preview.removeAttribute('src');
    show(gone, current !== null);
  });
  preview.addEventListener('error', () => preview.removeAttribute('src'));
  dialog.addEventListener('cancel', event => {
    event.preventDefault();
    actions.close();
  });
  dialog.addEventListener('click', event => {
    if (event.target === dialog) {
      actions.close();
    }
  });
  dialog.addEventListener('keydown', key);
  byId('detail-close').addEventListener('click', () => actions.close());
  byId('detail-previous').addEventListener('click', () => actions.step(-1));
  byId('detail-next').addEventListener('click', () => actions.step(1));
  byId('detail-more').addEventListener('click', () => actions.more(current));
  byId('detail-less').addEventListener('click', () => actions.less(current));
  byId('detail-delete').addEventListener('click', remove);
  form.addEventListener('input', () => {
    save.disabled = false;
  });
  form.addEventListener('submit', describe);
}
