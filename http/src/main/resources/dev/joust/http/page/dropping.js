// SPDX-License-Identifier: Apache-2.0
// Files dropped or pasted anywhere on the page.
import {byId, isTyping, show} from './dom.js';

const overlay = byId('drop');
const hasFiles = event => [...(event.dataTransfer?.types ?? [])].includes('Files');

function filesOf(entry) {
  return new Promise(resolve => {
    if (entry.isFile) {
      entry.file(file => resolve([file]), () => resolve([]));
      return;
    }
    const reader = entry.createReader();
    const found = [];
    // A reader gives a hundred at a time
    const next = () => reader.readEntries(async entries => {
      if (entries.length === 0) {
        resolve((await Promise.all(found.map(filesOf))).flat());
        return;
      }
      found.push(...entries);
      next();
    }, () => resolve([]));
    next();
  });
}

/** The files of a drop, those in folders too, but not what systems hide. */
async function dropped(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(entry => entry);
  const files = entries.length > 0 ? (await Promise.all(entries.map(filesOf))).flat() : [...transfer.files];
  return files.filter(file => !file.name.startsWith('.'));
}

/** @param uses store(files), search(file), mayStore() */
export function start(uses) {
  let inside = 0;
  const end = () => {
    inside = 0;
    show(overlay, false);
  };
  const mark = target => overlay.querySelectorAll('.target').forEach(one => one.classList.toggle('over', one === target));
  window.addEventListener('dragenter', event => {
    if (hasFiles(event)) {
      inside++;
      overlay.querySelector('[data-use=store]').hidden = !uses.mayStore();
      show(overlay, true);
    }
  });
  window.addEventListener('dragleave', event => {
    if (hasFiles(event) && --inside <= 0) {
      end();
    }
  });
  // A file dropped beside a target must not replace the page
  window.addEventListener('dragover', event => {
    if (hasFiles(event)) {
      event.preventDefault();
      mark(event.target.closest?.('.target') ?? null);
    }
  });
  window.addEventListener('drop', async event => {
    if (!hasFiles(event)) {
      return;
    }
    event.preventDefault();
    const target = event.target.closest?.('.target');
    end();
    const files = await dropped(event.dataTransfer);
    if (files.length === 0) {
      return;
    }
    if (target?.dataset.use === 'search' || !uses.mayStore()) {
      uses.search(files[0]);
    } else {
      uses.store(files);
    }
  });
  window.addEventListener('paste', event => {
    const picture = [...(event.clipboardData?.files ?? [])].find(file => file.type.startsWith('image/'));
    if (picture && (!isTyping(event.target) || event.target.id === 'words')) {
      event.preventDefault();
      uses.search(picture);
    }
  });
}
