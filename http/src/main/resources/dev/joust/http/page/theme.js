// SPDX-License-Identifier: Apache-2.0
// Light, dark, or as the system has it.
import {byId} from './dom.js';

const KEY = 'joust.theme';
const NEXT = {system: 'light', light: 'dark', dark: 'system'};
const button = byId('theme');
let theme = 'system';

function apply(chosen) {
  theme = chosen in NEXT ? chosen : 'system';
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  const label = 'Colours: ' + (theme === 'system' ? 'as the system' : theme);
  button.setAttribute('aria-label', label);
  button.title = label;
}

export function start() {
  try {
    apply(localStorage.getItem(KEY) ?? 'system');
  } catch {
    apply('system');
  }
  button.addEventListener('click', () => {
    apply(NEXT[theme]);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // for this page alone then
    }
  });
}
