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
import {byId, copyOf, counted, debounced, isTyping, show} from './dom.js';
import {EFFORTS, EMPTY, address, hasPictures, isSearch, keepSample, parameters, read, sampleOf} from './state.js';
import {toast, undoLatest} from './toasts.js';

const WAITING_MILLISECONDS = 150;
const SCROLLING_MILLISECONDS = 200;
const MOST_RESULTS = 1000;
const words = byId('words');
const collection = {count: 0, version: 0, readOnly: false, isKnown: false};
let state = read(location.search);
let running = null;
/** What the pictures shown are of: version and total as the first page had them, and how many were fetched. */
let shown = {version: null, total: undefined, fetched: 0, isMore: false, time: ''};

const mayChange = () => !collection.readOnly && state.version === null;

/** Another state, and a step for the back button, unless it is the same. */
function change(differences) {
  const next = {...state, picture: null, ...differences};
  if (address(next) === address(state)) {
    return;
  }
  keepPlace();
  history.pushState(null, '', address(next));
  take(next, null);
}

const here = () => ({count: grid.shown().length, top: window.scrollY});

/** How far down one was, for when one comes back. */
function keepPlace() {
  if (!byId('results').hasAttribute('aria-busy')) {
    history.replaceState(here(), '');
  }
}

/** @param place how far down one was there; null where one has not been */
function take(next, place) {
  const before = {...state, picture: null};
  const isSameSearch = address(before) === address({...next, picture: null});
  state = next;
  showState();
  if (isSameSearch) {
    showDetail();
  } else {
    detail.close();
    search(place).then(showDetail);
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

/**
 * Only the latest search may show its results, however late an earlier one answers.
 * @param place how many pictures to show, and how far down; null for the start
 * @param isQuiet whether what is shown stays until the answer is there
 */
async function search(place = null, isQuiet = false) {
  running?.abort();
  running = new AbortController();
  const own = running;
  byId('heading').textContent = headline();
  showFailure(null);
  if (!isQuiet) {
    show(byId('more'), false);
    show(byId('nothing'), false);
  }
  const focused = document.activeElement?.closest('.card')?.dataset.id;
  const waiting = isQuiet ? 0 : setTimeout(() => {
    grid.showWaiting(Math.min(state.k, 12));
    byId('latency').textContent = isSearch(state) ? 'Searching\u2026' : 'Loading\u2026';
  }, WAITING_MILLISECONDS);
  byId('results').setAttribute('aria-busy', 'true');
  try {
    checkTargets();
    const page = await ask(0, Math.min(MOST_RESULTS, Math.max(state.k, place?.count ?? 0)), state.version, own.signal);
    if (own === running) {
      clearTimeout(waiting);
      grid.replace(page.hits, state.version);
      showFirst(page);
      showNothing(page);
      if (isQuiet && focused) {
        grid.focus(focused);
      }
      window.scrollTo(0, place?.top ?? 0);
      if (!collection.isKnown) {
        refreshCollection();
      }
    }
  } catch (failure) {
    if (own === running) {
      clearTimeout(waiting);
      if (!isQuiet) {
        grid.replace([], null);
        byId('latency').textContent = '';
        window.scrollTo(0, 0);
      }
      showFailure(failure);
    }
  } finally {
    clearTimeout(waiting);
    if (own === running) {
      byId('results').removeAttribute('aria-busy');
    }
  }
}

/** What the server could only refuse is said in the page's own words. */
function checkTargets() {
  if (state.sample !== null && panel.searchesCaptions(state)) {
    throw new api.ServerError('Captions are searched, and a picture of your own has none to compare with them.', 400);
  }
}

async function ask(offset, count, version, signal) {
  const start = performance.now();
  const answer = await api.find(parameters(state, offset, count, version), sampleOf(state), signal);
  const hits = answer.results ?? answer.pictures;
  panel.learn(hits);
  const isMore = answer.total === undefined ? hits.length === count : offset + hits.length < answer.total;
  return {hits, isMore, total: answer.total, version: answer.version, milliseconds: answer.took_ms ?? performance.now() - start};
}

function showFirst(page) {
  shown = {
    version: page.version > 0 ? page.version : null, total: page.total, fetched: page.hits.length, isMore: page.isMore,
    time: page.milliseconds.toFixed(page.milliseconds < 10 ? 1 : 0) + ' ms',
  };
  showEnd();
}

function showEnd() {
  show(byId('more'), shown.isMore);
  const parts = [];
  if (shown.total !== undefined) {
    parts.push(counted(shown.total, 'picture'));
  }
  if (isSearch(state)) {
    parts.push(shown.time, EFFORTS[state.effort].name, panel.columnInUse(state));
  }
  if (shown.version !== null) {
    parts.push('version ' + shown.version);
  }
  byId('latency').textContent = parts.filter(part => part).join(' \u00b7 ');
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
  const act = byId('message-act');
  if (!show(message, failure !== null)) {
    return;
  }
  byId('message-text').textContent = failure.message;
  if (show(act, failure.status === 0 || failure.status >= 500)) {
    act.textContent = 'Try again';
    act.onclick = () => search();
  } else if (show(act, state.column !== null)) {
    act.textContent = 'Search among pictures';
    act.onclick = () => change({column: null});
  }
}

/** Pages of one version follow each other without gaps, whatever is added or deleted meanwhile. */
async function nextPage(own) {
  try {
    return await ask(shown.fetched, state.k, shown.version, own.signal);
  } catch (failure) {
    if (failure.status !== 404 || state.version !== null) {
      throw failure;
    }
    // That version is cleaned up by now
    return ask(grid.shown().length, state.k, null, own.signal);
  }
}

async function showMore() {
  const more = byId('more');
  const own = running;
  more.disabled = true;
  more.textContent = 'Loading\u2026';
  try {
    const page = await nextPage(own);
    if (own === running) {
      grid.append(page.hits);
      shown = {...shown, fetched: shown.fetched + page.hits.length, isMore: page.isMore};
      showEnd();
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
    state = {...state, picture: null};
    history.replaceState(history.state, '', address(state));
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
    history.replaceState(history.state, '', address(state));
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
  if (grid.shown().length === 0) {
    search();
  } else if (shown.total !== undefined) {
    shown = {...shown, total: shown.total - 1};
    showEnd();
  }
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
  await search(here(), true);
  grid.focus(hit.id);
}

async function describe(hit, caption, tags) {
  try {
    const saved = await api.describe(hit.id, caption, tags);
    grid.update(saved);
    toast('Saved.');
    if (state.picture === api.pictureName(hit.id)) {
      showDetail();
    }
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
    collection.isKnown = true;
    collection.version = stats.version;
    byId('count').textContent = counted(stats.rowCount, 'picture');
    show(byId('add'), !collection.readOnly);
    show(byId('zone-part'), !collection.readOnly);
    show(byId('toy'), stats.toyModel === true);
    panel.showColumns(stats.vectorColumns, state);
    travel.showState(state);
  } catch (failure) {
    collection.isKnown = false;
    byId('count').textContent = failure.status === 0 ? 'no connection' : 'no answer';
  }
}

async function afterUpload() {
  await refreshCollection();
  await showChanges();
}

async function showChanges() {
  if (state.version === null && !isSearch(state)) {
    await search(here(), true);
  }
}

/** What others, or another tab, did meanwhile. */
async function afterAbsence() {
  if (document.visibilityState !== 'visible' || isOver()) {
    return;
  }
  await refreshCollection();
  if (shown.version !== null && collection.version > shown.version) {
    await showChanges();
  }
}

const searchBy = file => change({sample: keepSample(file), like: [], unlike: []});

// ---- wiring

function submit(text) {
  if (text) {
    past.remember(text);
  }
  past.close();
  if (text === state.words) {
    // Asked again: there may be more by now, or a server again
    search();
  } else {
    change({words: text});
  }
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
    change({words: '', like: [], unlike: [], sample: null});
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
  history.scrollRestoration = 'manual';
  window.addEventListener('popstate', event => take(read(location.search), event.state));
  document.addEventListener('visibilitychange', afterAbsence);
  window.addEventListener('pagehide', keepPlace);
  window.addEventListener('scroll', debounced(SCROLLING_MILLISECONDS, keepPlace), {passive: true});
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
search(history.state).then(showDetail);
