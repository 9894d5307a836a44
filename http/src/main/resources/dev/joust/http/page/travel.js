// SPDX-License-Identifier: Apache-2.0
// Time travel: the collection as it was at an older version.
import {byId, show} from './dom.js';
import * as api from './api.js';

const slider = byId('version');
let versions = [];

const date = text => new Date(text).toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'});

function describe(index) {
  const entry = versions[index];
  if (!entry) {
    return '';
  }
  const isNow = index === versions.length - 1;
  return (isNow ? 'Now, version ' : 'Version ') + entry.version + ', ' + date(entry.timestamp)
      + (entry.rowCount === undefined ? '' : ' \u00b7 ' + entry.rowCount + ' pictures');
}

function showChoice(index) {
  byId('version-value').textContent = describe(index);
  slider.setAttribute('aria-valuetext', describe(index));
}

export function showState(state) {
  let index = versions.findIndex(entry => entry.version === state.version);
  if (index < 0) {
    index = versions.length - 1;
  }
  slider.max = String(Math.max(0, versions.length - 1));
  slider.value = String(index);
  showChoice(index);
  const isPast = state.version !== null;
  show(byId('version-part'), versions.length > 1 || isPast);
  show(byId('version-now'), isPast);
  if (show(byId('past-banner'), isPast)) {
    const entry = versions.find(each => each.version === state.version);
    byId('past-text').textContent = 'The collection as it was at version ' + state.version + (entry ? ', ' + date(entry.timestamp) : '');
  }
}

export async function load() {
  const answer = await api.versions();
  versions = answer.versions;
}

/** @param change takes over what differs from the state */
export function start(change) {
  slider.addEventListener('input', () => showChoice(Number(slider.value)));
  slider.addEventListener('change', () => {
    const index = Number(slider.value);
    change({version: index === versions.length - 1 ? null : versions[index].version});
  });
  for (const id of ['version-now', 'past-now']) {
    byId(id).addEventListener('click', () => change({version: null}));
  }
}
