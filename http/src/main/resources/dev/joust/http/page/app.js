// SPDX-License-Identifier: Apache-2.0
// The page: searches by words or by a picture, uploads pictures. Text goes in by textContent alone, never as HTML.
'use strict';

const UPLOADS_AT_ONCE = 3;
const element = id => document.getElementById(id);
const words = element('words');
const results = element('results');
const drop = element('drop');
let latestSearch = 0;

async function ask(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Error('the server does not answer');
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    // answered below
  }
  if (!response.ok || body === null) {
    throw new Error(body && body.error ? body.error : 'the server answered ' + response.status);
  }
  return body;
}

function formWith(file) {
  const form = new FormData();
  form.append('file', file, file.name || 'picture');
  return form;
}

// Only the latest search may show its results, however late an earlier one answers
async function search(title, request) {
  const number = ++latestSearch;
  element('heading').textContent = title;
  element('message').textContent = '';
  results.setAttribute('aria-busy', 'true');
  try {
    const answer = await request();
    if (number === latestSearch) {
      show(answer.results);
    }
  } catch (failure) {
    if (number === latestSearch) {
      results.replaceChildren();
      element('message').textContent = failure.message;
    }
  } finally {
    if (number === latestSearch) {
      results.removeAttribute('aria-busy');
    }
  }
}

function show(hits) {
  results.replaceChildren(...hits.map(hit => {
    const item = element('result').content.firstElementChild.cloneNode(true);
    const url = '/' + hit.id.split('/').map(encodeURIComponent).join('/');
    const link = item.querySelector('a');
    const picture = item.querySelector('img');
    link.href = url;
    picture.src = url;
    picture.alt = 'picture at distance ' + hit._distance.toFixed(3);
    item.dataset.id = hit.id;
    item.querySelector('.distance').textContent = hit._distance.toFixed(3);
    item.querySelector('.similar').addEventListener('click', () => searchLike(url));
    return item;
  }));
  if (hits.length === 0) {
    element('message').textContent = 'Nothing found: the collection is empty. Drop some pictures above.';
  }
}

function searchByWords(text) {
  const k = element('k').value;
  return search('Pictures for \u201c' + text + '\u201d',
      () => ask('/search?text=' + encodeURIComponent(text) + '&k=' + encodeURIComponent(k)));
}

function searchByPicture(file) {
  const k = element('k').value;
  return search('Pictures like ' + (file.name || 'yours'),
      () => ask('/search?k=' + encodeURIComponent(k), {method: 'POST', body: formWith(file)}));
}

function searchLike(url) {
  const k = element('k').value;
  element('heading').focus();
  return search('Pictures like the one chosen', async () => {
    const response = await fetch(url);
    if (!response.ok) {
      throw new Error('this picture is gone');
    }
    return ask('/search?k=' + encodeURIComponent(k), {method: 'POST', body: formWith(await response.blob())});
  });
}

async function upload(file, state) {
  state.textContent = 'uploading\u2026';
  try {
    const answer = await ask('/vectorize_and_store', {method: 'POST', body: formWith(file)});
    state.className = 'state ' + answer.status;
    state.textContent = answer.status === 'stored' ? 'stored' : 'already there';
  } catch (failure) {
    state.className = 'state failed';
    state.textContent = failure.message;
  }
}

async function uploadAll(files) {
  const waiting = files.map(file => {
    const line = document.createElement('li');
    const name = document.createElement('span');
    const state = document.createElement('span');
    name.className = 'name';
    name.textContent = file.name;
    state.className = 'state';
    state.textContent = 'waiting';
    line.append(name, state);
    element('uploads').prepend(line);
    return {file, state};
  });
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await upload(next.file, next.state);
    }
  };
  await Promise.all(Array.from({length: UPLOADS_AT_ONCE}, worker));
  await showCount();
}

function take(fileList) {
  const files = Array.from(fileList);
  if (files.length === 0) {
    return;
  }
  const use = document.querySelector('input[name=use]:checked').value;
  if (use === 'search') {
    searchByPicture(files[0]);
  } else {
    uploadAll(files);
  }
}

async function showCount() {
  try {
    const stats = await ask('/stats');
    element('count').textContent = stats.rowCount === 1 ? '1 picture' : stats.rowCount + ' pictures';
  } catch (failure) {
    element('count').textContent = failure.message;
  }
}

function searchFromAddress() {
  const text = new URLSearchParams(location.search).get('q');
  if (text) {
    words.value = text;
    searchByWords(text);
  }
}

element('search').addEventListener('submit', event => {
  event.preventDefault();
  const text = words.value.trim();
  if (text) {
    history.pushState(null, '', '/?q=' + encodeURIComponent(text));
    searchByWords(text);
  }
});
for (const example of document.querySelectorAll('.example')) {
  example.addEventListener('click', () => {
    words.value = example.textContent;
    element('search').requestSubmit();
  });
}
element('choose').addEventListener('click', () => element('files').click());
element('files').addEventListener('change', event => {
  take(event.target.files);
  event.target.value = '';
});
// A file dropped beside the zone must not replace the page
for (const kind of ['dragover', 'drop']) {
  window.addEventListener(kind, event => event.preventDefault());
}
drop.addEventListener('dragover', () => drop.classList.add('over'));
drop.addEventListener('dragleave', () => drop.classList.remove('over'));
drop.addEventListener('drop', event => {
  drop.classList.remove('over');
  take(event.dataTransfer.files);
});
window.addEventListener('popstate', searchFromAddress);
document.addEventListener('keydown', event => {
  const typing = /^(input|select|textarea)$/i.test(event.target.tagName);
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    words.focus();
    words.select();
  }
});
showCount();
searchFromAddress();
