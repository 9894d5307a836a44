// SPDX-License-Identifier: Apache-2.0
// The pictures that take part in a search, as chips in the search box.
import {byId, icon, make} from './dom.js';
import {thumbnailUrl} from './api.js';
import {sampleOf} from './state.js';

const list = byId('chips');
let sampleShown = {file: null, url: ''};

function sampleUrl(file) {
  if (sampleShown.file !== file) {
    URL.revokeObjectURL(sampleShown.url);
    sampleShown = {file, url: URL.createObjectURL(file)};
  }
  return sampleShown.url;
}

function chip(kind, url, label, remove) {
  const button = make('button', {type: 'button', 'aria-label': 'Remove: ' + label, title: 'Remove: ' + label},
      make('img', {src: url, alt: ''}), icon(kind === 'unlike' ? 'minus' : 'plus'));
  button.addEventListener('click', remove);
  return make('li', {className: 'pick ' + kind}, button);
}

export function showState(state, change) {
  const sample = sampleOf(state);
  const all = [
    ...(sample ? [chip('sample', sampleUrl(sample), 'your picture ' + (sample.name || ''), () => change({sample: null}))] : []),
    ...state.like.map(id => chip('like', thumbnailUrl(id, state.version), 'more like this',
        () => change({like: state.like.filter(other => other !== id)}))),
    ...state.unlike.map(id => chip('unlike', thumbnailUrl(id, state.version), 'less like this',
        () => change({unlike: state.unlike.filter(other => other !== id)}))),
  ];
  list.replaceChildren(...all);
}
