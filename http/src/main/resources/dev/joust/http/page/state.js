// SPDX-License-Identifier: Apache-2.0
// What is searched for and how, and its form in the address: the back button takes every step back.

export const EFFORTS = [
  {name: 'fast', note: 'Looks at the nearest part of the index alone.', parameters: {nprobes: 1}},
  {name: 'balanced', note: 'Looks at as much of the index as it takes.', parameters: {}},
  {name: 'thorough', note: 'Looks at much of the index and compares again.', parameters: {nprobes: 64, refine: 10}},
  {name: 'exact', note: 'Looks at every picture.', parameters: {exact: true}},
];
export const DEFAULT_K = 24;
export const DEFAULT_EFFORT = 1;
export const DEFAULT_BALANCE = 50;
const UNLIKE_WEIGHT = 0.5;
export const FILTERS = ['format', 'camera', 'tag', 'from', 'to', 'min_width', 'where'];

/** Files that are searched by, under the number that stands in the address: they live as long as the page. */
const samples = new Map();

export const EMPTY = Object.freeze({
  words: '', like: [], unlike: [], sample: null, filters: {}, k: DEFAULT_K, effort: DEFAULT_EFFORT,
  balance: DEFAULT_BALANCE, version: null, column: null, picture: null,
});

export function keepSample(file) {
  const number = String(samples.size + 1);
  samples.set(number, file);
  return number;
}

export const sampleOf = state => samples.get(state.sample) ?? null;

const whole = (text, least, most, otherwise) => {
  const number = Number(text);
  return text !== null && text !== '' && Number.isInteger(number) && number >= least && number <= most ? number : otherwise;
};

export function read(query) {
  const given = new URLSearchParams(query);
  const filters = {};
  for (const name of FILTERS) {
    if (given.get(name)) {
      filters[name] = given.get(name);
    }
  }
  const sample = given.get('sample');
  return {
    words: given.get('q') ?? '',
    like: given.getAll('like'),
    unlike: given.getAll('unlike'),
    sample: samples.has(sample) ? sample : null,
    filters,
    k: whole(given.get('k'), 1, 1000, DEFAULT_K),
    effort: whole(given.get('effort'), 0, EFFORTS.length - 1, DEFAULT_EFFORT),
    balance: whole(given.get('balance'), 0, 100, DEFAULT_BALANCE),
    version: whole(given.get('version'), 1, Number.MAX_SAFE_INTEGER, null),
    column: given.get('column'),
    picture: given.get('picture'),
  };
}

export function address(state) {
  const parts = [];
  const put = (name, value) => parts.push(name + '=' + encodeURIComponent(value));
  if (state.words) {
    put('q', state.words);
  }
  state.like.forEach(id => put('like', id));
  state.unlike.forEach(id => put('unlike', id));
  FILTERS.filter(name => state.filters[name]).forEach(name => put(name, state.filters[name]));
  const optional = {
    sample: [state.sample, null], k: [state.k, DEFAULT_K], effort: [state.effort, DEFAULT_EFFORT],
    balance: [state.balance, DEFAULT_BALANCE], version: [state.version, null], column: [state.column, null],
    picture: [state.picture, null],
  };
  for (const [name, [value, usual]] of Object.entries(optional)) {
    if (value !== usual) {
      put(name, value);
    }
  }
  return '/' + (parts.length > 0 ? '?' + parts.join('&') : '');
}

export const hasPictures = state => state.like.length > 0 || state.unlike.length > 0 || state.sample !== null;
export const isSearch = state => state.words !== '' || hasPictures(state);
export const isBalanced = state => state.words !== '' && (state.like.length > 0 || state.sample !== null);

/** The server's parameters for `count` results after `offset` others, of a version of the table or, if null, the newest. */
export function parameters(state, offset, count, version) {
  const asked = new URLSearchParams();
  const share = state.balance / 100;
  const weigh = isBalanced(state);
  if (state.words) {
    asked.set('text', state.words);
  }
  state.like.forEach(id => asked.append('like', id));
  state.unlike.forEach(id => asked.append('unlike', id));
  if (weigh) {
    // Never nothing: a weight of zero is no target
    asked.set('text_weight', Math.max(1 - share, 0.001).toFixed(3));
    asked.set(state.sample === null ? 'like_weight' : 'picture_weight', Math.max(share, 0.001).toFixed(3));
  }
  if (state.unlike.length > 0) {
    asked.set('unlike_weight', String(UNLIKE_WEIGHT));
  }
  filterParameters(state.filters).forEach(([name, value]) => asked.append(name, value));
  asked.set('k', String(count));
  if (offset > 0) {
    asked.set('offset', String(offset));
  }
  if (version !== null) {
    asked.set('version', String(version));
  }
  if (isSearch(state)) {
    Object.entries(EFFORTS[state.effort].parameters).forEach(([name, value]) => asked.set(name, String(value)));
    if (state.column) {
      asked.set('column', state.column);
    }
  }
  return asked;
}

const FILTER_PARAMETERS = {
  format: 'format', camera: 'camera', tag: 'tag', from: 'taken_from', to: 'taken_to', min_width: 'min_width', where: 'where',
};

const filterParameters = filters =>
  FILTERS.filter(name => filters[name]).map(name => [FILTER_PARAMETERS[name], filters[name]]);
