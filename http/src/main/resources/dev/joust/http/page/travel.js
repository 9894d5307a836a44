// SPDX-License-Identifier: Apache-2.0
// Time travel: the collection as it was at an older version.
import {byId, counted, show} from './dom.js';
import * as api from './api.js';

const slider = byId('version');
let versions = [];
/** Whether the slider is held: what it stands for must not change meanwhile. */
let isChoosing = false;

const date = text => new Date(text).toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'});

function describe(index) {
  const entry = versions[index];
  if (!entry) {
    return '';
  }
  const isNow = index === versions.length - 1;
  return (isNow ? 'Now, version ' : 'Version ') + entry.version + ', ' + date(entry.timestamp)
      + (entry.rowCount === undefined ? '' : ' \u00b7 ' + counted(entry.rowCount, 'picture'));
}

function showChoice(index) {
  byId('version-value').textContent = describe(index);
  slider.setAttribute('aria-valuetext', describe(index));
}

export function showState(state) {
  if (!isChoosing) {
    showSlider(state.version);
  }
  const isPast = state.version !== null;
  show(byId('version-part'), versions.length > 1 || isPast);
  show(byId('version-now'), isPast);
  if (show(byId('past-banner'), isPast)) {
    const entry = versions.find(each => each.version === state.version);
    byId('past-text').textContent = 'The collection as it was at version ' + state.version + (entry ? ', ' + date(entry.timestamp) : '');
  }
}

function showSlider(version) {
  const known = versions.findIndex(entry => entry.version === version);
  const isOlder = known < 0 && version !== null && version < versions[0]?.version;
  const index = known >= 0 ? known : isOlder ? 0 : versions.length - 1;
  slider.max = String(Math.max(0, versions.length - 1));
  slider.value = String(index);
  showChoice(index);
  if (known < 0 && version !== null) {
    byId('version-value').textContent = 'Version ' + version;
    slider.setAttribute('aria-valuetext', 'Version ' + version);
  }
}

/** The versions there are; not while one of them is being chosen. */
export async function load() {
  const answer = await api.versions();
  if (!isChoosing) {
    versions = answer.versions;
  }
}

/** @param change takes over what differs from the state */
export function start(change) {
  slider.addEventListener('input', () => {
    isChoosing = true;
    showChoice(Number(slider.value));
  });
  slider.addEventListener('change', () => {
    isChoosing = false;
    const index = Number(slider.value);
    change({version: index === versions.length - 1 ? null : versions[index].version});
  });
  for (const id of ['version-now', 'past-now']) {
    byId(id).addEventListener('click', () => change({version: null}));
  }
}
