// SPDX-License-Identifier: Apache-2.0
// The page: what is searched for stands in the address (state.js); every change of it searches again.
import * as api from './api.js';
import * as chips from './chips.js';
import * as detail from './detail.js';
import * as dropping from './dropping.js';
import * as grid from './grid.js';
import * as panel from './panel.js';
import * as past from './past.js';
import * as theme from './theme.js';
import * as travel from './travel.js';
import * as uploads from './uploads.js';
import {byId, copyOf, isTyping, show} from './dom.js';
import {EFFORTS, EMPTY, address, hasPictures, isSearch, keepSample, parameters, read, sampleOf} from './state.js';
import {toast, undoLatest} from './toasts.js';

const WAITING_MILLISECONDS = 150;
const words = byId('words');
const collection = {count: 0, readOnly: false};
let state = read(location.search);
let running = null;

const mayChange = () => !collection.readOnly && state.version === null;

/** Another state, and a step for the back button, unless it is the same. */
function change(differences) {
  const next = {...state, picture: null, ...differences};
  if (address(next) === address(state)) {
    return;
  }
  history.pushState(null, '', address(next));
  take(next);
}

function take(next) {
  const before = {...state, picture: null};
  const isSameSearch = address(before) === address({...next, picture: null});
  state = next;
  showState();
  if (isSameSearch) {
    showDetail();
  } else {
    detail.close();
    search().then(showDetail);
  }
}

function showState() {
  words.value = state.words;
  show(byId('clear'), isSearch(state));
  chips.showState(state, change);
  panel.showState(state, change);
  travel.showState(state);
  document.title = state.words ? state.words + ' \u2013 Joust' : 'Joust: find pictures by words';
}

function headline() {
  const pictures = hasPictures(state);
  if (state.words) {
    return 'Pictures for \u201c' + state.words + '\u201d' + (pictures ? ' and the pictures chosen' : '');
  }
  return pictures ? 'Pictures like those chosen' : 'All pictures';
}

// Only the latest search may show its results, however late an earlier one answers
async function search() {
  running?.abort();
  running = new AbortController();
  const own = running;
  byId('heading').textContent = headline();
  showFailure(null);
  show(byId('more'), false);
  show(byId('nothing'), false);
  const waiting = setTimeout(() => grid.showWaiting(Math.min(state.k, 12)), WAITING_MILLISECONDS);
  byId('results').setAttribute('aria-busy', 'true');
  try {
    const page = await ask(0, own.signal);
    if (own === running) {
      clearTimeout(waiting);
      grid.replace(page.hits, state.version);
      showEnd(page);
      showNothing(page);
    }
  } catch (failure) {
    if (own === running) {
      clearTimeout(waiting);
      grid.replace([], null);
      byId('latency').textContent = '';
      showFailure(failure);
    }
  } finally {
    clearTimeout(waiting);
    if (own === running) {
      byId('results').removeAttribute('aria-busy');
    }
  }
}

async function ask(offset, signal) {
  const start = performance.now();
  const answer = await api.find(parameters(state, offset), sampleOf(state), signal);
  const hits = answer.results ?? answer.pictures;
  panel.learn(hits);
  return {hits, offset, total: answer.total, version: answer.version, milliseconds: performance.now() - start, server: answer.took_ms};
}

function showEnd(page) {
  const reached = page.offset + page.hits.length;
  show(byId('more'), page.total === undefined ? page.hits.length === state.k : reached < page.total);
  const parts = [];
  if (page.total !== undefined) {
    parts.push(page.total === 1 ? '1 picture' : page.total + ' pictures');
  }
  if (isSearch(state)) {
    const milliseconds = page.server ?? page.milliseconds;
    parts.push(milliseconds.toFixed(milliseconds < 10 ? 1 : 0) + ' ms', EFFORTS[state.effort].name);
  }
  if (page.version > 0) {
    parts.push('version ' + page.version);
  }
  byId('latency').textContent = parts.join(' \u00b7 ');
}

function showNothing(page) {
  if (!show(byId('nothing'), page.hits.length === 0)) {
    return;
  }
  const isFiltered = Object.keys(state.filters).length > 0;
  const isEmpty = !isFiltered && state.version === null;
  const card = copyOf(isEmpty && !collection.readOnly ? 'empty' : 'no-match');
  card.querySelector('.choose')?.addEventListener('click', () => byId('files').click());
  const reset = card.querySelector('.reset');
  reset?.addEventListener('click', () => change({filters: {}}));
  if (reset && !isFiltered) {
    reset.remove();
    card.querySelector('p').textContent = 'There was no picture in it then.';
  }
  byId('nothing').replaceChildren(card);
}

function showFailure(failure) {
  const message = byId('message');
  if (show(message, failure !== null)) {
    message.textContent = failure.message;
  }
}

async function showMore() {
  const more = byId('more');
  const own = running;
  const before = grid.shown().length;
  more.disabled = true;
  more.textContent = 'Loading\u2026';
  try {
    const page = await ask(before, own.signal);
    if (own === running) {
      grid.append(page.hits);
      showEnd(page);
    }
  } catch (failure) {
    if (own === running) {
      toast(failure.message);
    }
  } finally {
    more.disabled = false;
    more.textContent = 'Show more';
  }
}

// ---- one picture

async function showDetail() {
  if (state.picture === null) {
    const id = document.querySelector('#detail').dataset.id;
    if (detail.isOpen()) {
      detail.close();
      grid.focus(id);
    }
    return;
  }
  const id = 'images/' + state.picture;
  let index = grid.indexOf(id);
  try {
    const hit = index >= 0 ? grid.shown()[index] : await api.info(id, state.version);
    index = grid.indexOf(id);
    const mayGoOn = index < grid.shown().length - 1 || !byId('more').hidden;
    detail.open(hit, {hasPrevious: index > 0, hasNext: index >= 0 && mayGoOn, mayChange: mayChange(), version: state.version});
  } catch (failure) {
    closeDetail();
    toast(failure.message);
  }
}

const openDetail = hit => change({picture: api.pictureName(hit.id)});
const closeDetail = () => change({picture: null});

/** Steps among pictures replace each other in the history: one step back closes the dialog. */
async function stepDetail(step) {
  const index = grid.indexOf('images/' + state.picture) + step;
  if (index === grid.shown().length && !byId('more').hidden) {
    await showMore();
  }
  const hit = grid.shown()[index];
  if (hit) {
    state = {...state, picture: api.pictureName(hit.id)};
    history.replaceState(null, '', address(state));
    showDetail();
  }
}

const without = (ids, id) => ids.filter(other => other !== id);
const moreLike = hit => change({like: [...without(state.like, hit.id), hit.id], unlike: without(state.unlike, hit.id)});
const lessLike = hit => change({unlike: [...without(state.unlike, hit.id), hit.id], like: without(state.like, hit.id)});

async function remove(hit) {
  if (!mayChange()) {
    toast(collection.readOnly ? 'This server is read-only.' : 'The past cannot be changed.');
    return;
  }
  try {
    await api.remove(hit.id);
  } catch (failure) {
    toast(failure.message);
    return;
  }
  if (state.picture !== null) {
    closeDetail();
  }
  grid.remove(hit.id);
  toast('Deleted: ' + grid.titleOf(hit), {label: 'Undo', run: () => restore(hit)});
  refreshCollection();
}

async function restore(hit) {
  try {
    await api.restore(hit.id);
    toast('It is back: ' + grid.titleOf(hit));
  } catch (failure) {
    toast(failure.message);
  }
  await refreshCollection();
  await search();
  grid.focus(hit.id);
}

async function describe(hit, caption, tags) {
  try {
    const saved = await api.describe(hit.id, caption, tags);
    grid.update(saved);
    toast('Saved.');
    showDetail();
    refreshCollection();
    return true;
  } catch (failure) {
    toast(failure.message);
    return false;
  }
}

// ---- the collection

async function refreshCollection() {
  try {
    const [stats] = await Promise.all([api.stats(), travel.load()]);
    collection.count = stats.rowCount;
    collection.readOnly = stats.readOnly === true;
    byId('count').textContent = stats.rowCount === 1 ? '1 picture' : stats.rowCount.toLocaleString('en') + ' pictures';
    show(byId('add'), !collection.readOnly);
    show(byId('zone-part'), !collection.readOnly);
    show(byId('toy'), stats.toyModel === true);
    panel.showColumns(stats.vectorColumns);
    travel.showState(state);
  } catch (failure) {
    byId('count').textContent = failure.message;
  }
}

async function afterUpload() {
  await refreshCollection();
  if (state.version === null && !isSearch(state)) {
    await search();
  }
}

const searchBy = file => change({sample: keepSample(file), like: [], unlike: []});

// ---- wiring

function submit(text) {
  if (text) {
    past.remember(text);
  }
  past.close();
  change({words: text});
}

function isOver() {
  return document.querySelector('dialog[open]') !== null;
}

function key(event) {
  if (event.defaultPrevented) {
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === 'z' && !isTyping(event.target)) {
    if (undoLatest()) {
      event.preventDefault();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isOver()) {
    return;
  }
  if (event.key === 'Escape') {
    escape();
    return;
  }
  const shortcuts = {
    '/': () => {
      words.focus();
      words.select();
    },
    '?': () => byId('help').showModal(),
    f: () => panel.focusFilters(),
    a: () => byId('add').hidden || byId('files').click(),
  };
  if (!isTyping(event.target) && event.key in shortcuts) {
    event.preventDefault();
    shortcuts[event.key]();
  }
}

function escape() {
  if (byId('panel').classList.contains('open')) {
    panel.setOpen(false);
    byId('tune').focus();
  } else if (isSearch(state)) {
    change({...EMPTY, filters: state.filters, k: state.k, effort: state.effort, version: state.version});
    words.focus();
  }
}

function wire() {
  byId('search').addEventListener('submit', event => {
    event.preventDefault();
    submit(words.value.trim());
  });
  byId('clear').addEventListener('click', () => {
    change({words: '', like: [], unlike: [], sample: null});
    words.focus();
  });
  byId('home').addEventListener('click', event => {
    event.preventDefault();
    change(EMPTY);
  });
  for (const id of ['add', 'choose']) {
    byId(id).addEventListener('click', () => byId('files').click());
  }
  byId('files').addEventListener('change', event => {
    uploads.add([...event.target.files]);
    event.target.value = '';
  });
  byId('sample').addEventListener('click', () => byId('sample-file').click());
  byId('sample-file').addEventListener('change', event => {
    if (event.target.files.length > 0) {
      searchBy(event.target.files[0]);
    }
    event.target.value = '';
  });
  byId('more').addEventListener('click', showMore);
  byId('keys').addEventListener('click', () => byId('help').showModal());
  byId('help-close').addEventListener('click', () => byId('help').close());
  words.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' && byId('past').hidden && grid.shown().length > 0) {
      event.preventDefault();
      grid.focus(grid.shown()[0].id);
    }
  });
  document.addEventListener('keydown', key);
  window.addEventListener('popstate', () => take(read(location.search)));
}

theme.start();
past.start(submit);
panel.start(change);
travel.start(change);
grid.start({open: openDetail, more: moreLike, less: lessLike, remove});
detail.start({close: closeDetail, step: stepDetail, more: moreLike, less: lessLike, remove, describe});
uploads.start(afterUpload);
dropping.start({store: uploads.add, search: searchBy, mayStore: () => !collection.readOnly});
wire();
showState();
await refreshCollection();
search().then(showDetail);
