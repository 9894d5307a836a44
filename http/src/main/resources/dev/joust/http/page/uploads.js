// SPDX-License-Identifier: Apache-2.0
// Adding pictures: in requests of many files each, with the server's progress read as it comes.
import {byId, counted, make, show} from './dom.js';

const MOST_FILES = 64;
const MOST_BYTES = 48e6;
const SHOWN_LINES = 200;

const tray = byId('tray');
const list = byId('uploads');
const waiting = [];
const NOTHING_YET = {files: 0, done: 0, stored: 0, exists: 0, refused: 0, failed: 0, pictures: 0};
/** Files that were sent and came to nothing for no fault of theirs. */
const failed = [];
const totals = {...NOTHING_YET, since: 0};
let isRunning = false;
let whenStored = () => {};

class Line {
  constructor(file) {
    this.file = file;
    this.pictures = 0;
    this.refused = 0;
    this.stored = 0;
    this.isDone = false;
    this.state = make('span', {className: 'state', textContent: 'waiting'});
    this.bar = make('progress', {max: 1, value: 0, 'aria-label': file.name});
    this.element = make('li', {}, make('span', {className: 'name', textContent: file.name, title: file.name}), this.state, this.bar);
    list.append(this.element);
    dropOldest();
  }

  sending(share) {
    if (!this.isDone) {
      this.bar.value = share;
      this.state.textContent = share < 1 ? 'sending' : 'reading';
    }
  }

  /** An event of the server about this file, or about one within this zip. */
  heard(event) {
    this.pictures++;
    totals.pictures++;
    totals[event.status]++;
    if (event.archive) {
      this.stored += event.status === 'refused' ? 0 : 1;
      this.refused += event.status === 'refused' ? 1 : 0;
      this.state.className = 'state ' + (this.stored > 0 ? 'stored' : 'refused');
      this.state.textContent = counted(this.stored, 'picture') + (this.refused > 0 ? ', ' + this.refused + ' refused' : '');
      if (event.status === 'refused') {
        this.element.after(refusedEntry(event));
        dropOldest();
      }
    } else {
      this.finish(event.status, {stored: 'added', exists: 'already there', refused: event.error}[event.status]);
    }
  }

  /** @param isRefused whether the server does not want it; otherwise it may be sent again */
  fail(reason, isRefused) {
    if (!this.isDone) {
      totals[isRefused ? 'refused' : 'failed']++;
      if (!isRefused) {
        failed.push(this.file);
      }
      this.finish('refused', reason);
    }
  }

  finish(status, text) {
    this.isDone = true;
    totals.done++;
    this.state.className = 'state ' + status;
    this.state.textContent = text;
    this.element.classList.add('done');
    this.bar.remove();
    if (status === 'refused') {
      // What went wrong is seen without looking for it
      this.element.classList.add('wrong');
      list.prepend(this.element);
    }
  }
}

function dropOldest() {
  if (list.children.length > SHOWN_LINES) {
    (list.querySelector('li.done:not(.wrong)') ?? list.lastElementChild).remove();
  }
}

function refusedEntry(event) {
  return make('li', {className: 'done wrong'},
      make('span', {className: 'name', textContent: event.file, title: event.file}),
      make('span', {className: 'state refused', textContent: event.error}));
}

function takeBatch() {
  const batch = [];
  let bytes = 0;
  while (waiting.length > 0 && batch.length < MOST_FILES && (batch.length === 0 || bytes + waiting[0].file.size <= MOST_BYTES)) {
    const line = waiting.shift();
    bytes += line.file.size;
    batch.push(line);
  }
  return batch;
}

function showSending(batch, loadedBytes) {
  let before = 0;
  for (const line of batch) {
    line.sending(Math.min(1, Math.max(0, (loadedBytes - before) / Math.max(1, line.file.size))));
    before += line.file.size;
  }
  refresh();
}

/** XMLHttpRequest, because it alone tells how much of a body has been sent, and still shows answers as they come. */
function send(batch) {
  return new Promise(resolve => {
    const form = new FormData();
    batch.forEach(line => form.append('file', line.file, line.file.name));
    const request = new XMLHttpRequest();
    let read = 0;
    let hasEnd = false;
    const hear = () => {
      const text = request.responseText;
      for (let end = text.indexOf('\n', read); end >= 0; end = text.indexOf('\n', read)) {
        hasEnd = heardLine(batch, text.substring(read, end)) || hasEnd;
        read = end + 1;
      }
      refresh();
    };
    request.open('POST', '/images');
    request.setRequestHeader('Accept', 'application/x-ndjson');
    request.upload.addEventListener('progress', event => showSending(batch, event.loaded));
    request.upload.addEventListener('load', () => showSending(batch, Infinity));
    request.addEventListener('progress', () => {
      if (request.status === 200) {
        hear();
      }
    });
    request.addEventListener('loadend', () => {
      if (request.status === 200) {
        hear();
      }
      const reason = request.status === 0 ? 'the connection broke' : reasonIn(request.responseText, request.status);
      const isWhole = request.status === 200 && hasEnd;
      for (const line of batch) {
        if (isWhole && line.pictures > 0 && !line.isDone) {
          line.finish(line.stored > 0 ? 'stored' : 'refused', line.state.textContent);
        }
        line.fail(reason, request.status >= 400 && request.status < 500);
      }
      resolve();
    });
    request.send(form);
  });
}

/** Whether it was the last line of a whole answer. */
function heardLine(batch, text) {
  const event = JSON.parse(text);
  if (event.event === 'picture') {
    batch[event.part]?.heard(event);
  } else if (event.event === 'failed') {
    batch.forEach(line => line.fail(event.error, false));
  }
  return event.event === 'done';
}

function reasonIn(text, status) {
  try {
    return JSON.parse(text).error ?? 'no answer for this file';
  } catch {
    return status === 200 ? 'the connection broke' : 'the server answered ' + status;
  }
}

function refresh() {
  const lines = totals.files;
  const done = totals.done;
  byId('tray-title').textContent = isRunning ? 'Adding ' + counted(lines, 'file') : summary();
  show(byId('tray-again'), !isRunning && failed.length > 0);
  byId('tray-bar').value = lines === 0 ? 0 : done / lines;
  const seconds = (performance.now() - totals.since) / 1000;
  byId('tray-rate').textContent = isRunning && totals.pictures > 0
      ? done + ' of ' + lines + ' \u00b7 ' + (totals.pictures / seconds).toFixed(1) + ' pictures a second' : '';
}

function summary() {
  const parts = [counted(totals.stored, 'picture') + ' added'];
  if (totals.exists > 0) {
    parts.push(totals.exists + ' already there');
  }
  if (totals.refused > 0) {
    parts.push(totals.refused + ' refused');
  }
  if (totals.failed > 0) {
    parts.push(totals.failed + ' not sent');
  }
  return parts.join(', ');
}

async function run() {
  if (isRunning) {
    return;
  }
  isRunning = true;
  while (waiting.length > 0) {
    const batch = takeBatch();
    await send(batch);
    whenStored();
  }
  isRunning = false;
  byId('tray-bar').value = 1;
  refresh();
}

/** Queues files; they are on their way when this returns. */
export function add(files) {
  if (files.length === 0) {
    return;
  }
  if (!isRunning) {
    list.replaceChildren();
    failed.length = 0;
    Object.assign(totals, NOTHING_YET, {since: performance.now()});
  }
  files.forEach(file => waiting.push(new Line(file)));
  totals.files += files.length;
  show(tray, true);
  refresh();
  run();
}

/** @param changed called after each request that may have stored something */
export function start(changed) {
  whenStored = changed;
  const fold = byId('tray-fold');
  fold.addEventListener('click', () => {
    const isOpen = fold.getAttribute('aria-expanded') === 'true';
    fold.setAttribute('aria-expanded', String(!isOpen));
    fold.textContent = isOpen ? 'Show' : 'Hide';
    show(list, !isOpen);
  });
  byId('tray-close').addEventListener('click', () => show(tray, false));
  byId('tray-again').addEventListener('click', () => add(failed.splice(0)));
  window.addEventListener('beforeunload', event => {
    if (isRunning) {
      event.preventDefault();
    }
  });
}
