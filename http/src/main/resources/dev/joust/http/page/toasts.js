// SPDX-License-Identifier: Apache-2.0
// Short messages at the edge, with what may be done about them.
import {byId, make} from './dom.js';

const SHOWN_MILLISECONDS = 8000;
const MOST = 3;
const area = byId('toasts');
let latestAction = null;

/** @param action {label, run}, or nothing */
export function toast(text, action) {
  const line = make('div', {className: 'toast'}, make('span', {textContent: text}));
  const end = () => {
    line.remove();
    if (latestAction === run) {
      latestAction = null;
    }
  };
  const run = action ? () => {
    end();
    action.run();
  } : null;
  if (run) {
    const button = make('button', {type: 'button', className: 'link', textContent: action.label});
    button.addEventListener('click', run);
    line.append(button);
    latestAction = run;
  }
  area.append(line);
  while (area.children.length > MOST) {
    area.firstElementChild.remove();
  }
  // Whoever reads or points at it keeps it
  let timer = setTimeout(end, SHOWN_MILLISECONDS);
  line.addEventListener('pointerenter', () => clearTimeout(timer));
  line.addEventListener('pointerleave', () => {
    timer = setTimeout(end, SHOWN_MILLISECONDS);
  });
}

/** Does what the newest message offers; false where none offers anything. */
export function undoLatest() {
  if (latestAction === null) {
    return false;
  }
  latestAction();
  return true;
}
