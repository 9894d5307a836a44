// SPDX-License-Identifier: Apache-2.0
// Filters, the balance of words and pictures, and how a search is done.
import {byId, debounced, make, show} from './dom.js';
import {DEFAULT_EFFORT, DEFAULT_K, EFFORTS, FILTERS, isBalanced} from './state.js';

const TYPING_MILLISECONDS = 500;
const USUAL_COLUMN = 'vector';
const panel = byId('panel');
const form = byId('filters');
const fieldOf = name => form.elements[name];
/** Columns of vectors that can be searched. */
let columns = [];

const WORDS = {
  format: value => value.toUpperCase(),
  camera: value => value,
  tag: value => '#' + value,
  from: value => 'from ' + value,
  to: value => 'to ' + value,
  min_width: value => 'at least ' + value + ' px wide',
  where: value => value,
};

export function setOpen(isOpen) {
  panel.classList.toggle('open', isOpen);
  byId('tune').setAttribute('aria-expanded', String(isOpen));
}

export function focusFilters() {
  setOpen(true);
  byId('f-format').focus();
}

/** The filters as chips above the pictures, each to be taken away. */
function showChips(state, change) {
  const names = FILTERS.filter(name => state.filters[name]);
  byId('filter-chips').replaceChildren(...names.map(name => {
    const text = WORDS[name](state.filters[name]);
    const button = make('button', {type: 'button', className: 'chip', title: text, 'aria-label': 'Remove the filter ' + text},
        make('span', {textContent: text}));
    button.addEventListener('click', () => {
      const {[name]: _, ...others} = state.filters;
      change({filters: others});
    });
    return button;
  }));
  show(byId('filters-reset'), names.length > 0);
  show(byId('tune-badge'), names.length > 0);
  byId('tune-badge').textContent = String(names.length);
}

export function showState(state, change) {
  for (const name of FILTERS) {
    const value = state.filters[name] ?? '';
    if (document.activeElement !== fieldOf(name) || fieldOf(name).value.trim() !== value) {
      fieldOf(name).value = value;
    }
  }
  byId('k').value = state.k;
  byId('k-value').textContent = String(state.k);
  byId('effort').value = state.effort;
  showEffort(state.effort);
  byId('balance').value = state.balance;
  byId('balance-value').textContent = (100 - state.balance) + ' : ' + state.balance;
  show(byId('balance-part'), isBalanced(state));
  showColumn(state);
  showChips(state, change);
}

function showEffort(effort) {
  byId('effort-value').textContent = EFFORTS[effort].name;
  byId('effort').setAttribute('aria-valuetext', EFFORTS[effort].name);
  byId('effort-note').textContent = EFFORTS[effort].note;
}

/** Offers what the pictures seen so far have. */
export function learn(hits) {
  const offer = (id, values) => {
    const options = byId(id);
    const known = new Set([...options.children].map(option => option.value));
    values.filter(value => value && !known.has(value)).forEach(value => {
      known.add(value);
      options.append(make('option', {value}));
    });
  };
  offer('cameras', hits.map(hit => hit.camera));
  offer('known-tags', hits.flatMap(hit => hit.tags ?? []));
}

/** What the vectors of a column are of, and by which model. */
function columnName(column) {
  const others = columns.filter(other => other !== column && other.of === column.of && other.model === column.model);
  const model = column.model && others.length === 0 ? column.model : column.name;
  return (column.of === 'caption' ? 'captions, ' : 'pictures, ') + model;
}

const columnOf = state => columns.find(column => column.name === (state.column ?? USUAL_COLUMN));

/** Whether what is searched are captions, with which no picture can be compared. */
export const searchesCaptions = state => columnOf(state)?.of === 'caption';

/** What is searched where it is not what is searched usually; empty otherwise. */
export const columnInUse = state => state.column && columnOf(state) ? columnName(columnOf(state)) : '';

/** Offers columns of vectors where there are several. */
export function showColumns(found, state) {
  columns = (found ?? []).filter(column => column.searchable);
  byId('column').replaceChildren(...columns.map(column => make('option', {
    value: column.name === USUAL_COLUMN ? '' : column.name,
    textContent: columnName(column),
    title: 'column ' + column.name,
  })));
  showColumn(state);
}

function showColumn(state) {
  const isCaptions = searchesCaptions(state);
  byId('column').value = state.column ?? '';
  show(byId('column-part'), columns.length > 1 || state.column !== null);
  show(byId('column-note'), isCaptions);
}

function given() {
  const filters = {};
  for (const name of FILTERS) {
    const value = fieldOf(name).value.trim();
    if (value && fieldOf(name).validity.valid) {
      filters[name] = value;
    }
  }
  return filters;
}

/** @param change takes over what differs from the state */
export function start(change) {
  const applyFilters = () => change({filters: given()});
  form.addEventListener('input', debounced(TYPING_MILLISECONDS, applyFilters));
  form.addEventListener('submit', event => {
    event.preventDefault();
    applyFilters();
  });
  byId('filters-reset').addEventListener('click', () => change({filters: {}}));
  byId('balance').addEventListener('input', event => {
    byId('balance-value').textContent = (100 - event.target.value) + ' : ' + event.target.value;
  });
  byId('balance').addEventListener('change', event => change({balance: Number(event.target.value)}));
  byId('k').addEventListener('input', event => {
    byId('k-value').textContent = event.target.value;
  });
  byId('k').addEventListener('change', event => change({k: Number(event.target.value) || DEFAULT_K}));
  byId('effort').addEventListener('input', event => showEffort(Number(event.target.value)));
  byId('effort').addEventListener('change', event => change({effort: Number(event.target.value) ?? DEFAULT_EFFORT}));
  byId('column').addEventListener('change', event => change({column: event.target.value || null}));
  byId('tune').addEventListener('click', () => {
    const isOpen = !panel.classList.contains('open');
    setOpen(isOpen);
    if (isOpen) {
      byId('panel-close').focus();
    }
  });
  byId('panel-close').addEventListener('click', () => {
    setOpen(false);
    byId('tune').focus();
  });
}
