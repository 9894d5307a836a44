// SPDX-License-Identifier: Apache-2.0
// Texts that show with less contrast than WCAG 2.2 asks for at level AA (1.4.3): 4.5, or 3 where they are large.
const canvas = document.createElement('canvas');
canvas.width = canvas.height = 1;
const pen = canvas.getContext('2d', {willReadFrequently: true});

const channels = colour => {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
};
const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
const linear = value => value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

function ancestors(element) {
  const all = [];
  for (let one = element; one; one = one.parentElement) {
    all.push(one);
  }
  return all;
}

const background = element => ancestors(element).reverse()
    .map(one => channels(getComputedStyle(one).backgroundColor))
    .reduce((below, top) => over(top, below), channels('Canvas'));
const opacity = element => ancestors(element).reduce((product, one) => product * getComputedStyle(one).opacity, 1);

function contrast(element, style) {
  const below = background(element);
  const ink = channels(style.color);
  ink[3] *= opacity(element) * (style.ownOpacity ?? 1);
  const [darker, lighter] = [luminance(over(ink, below)), luminance(below)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function complaint(element, text, style) {
  const pixels = parseFloat(style.fontSize);
  const isLarge = pixels >= 24 || (pixels >= 18.66 && style.fontWeight >= 700);
  const found = contrast(element, style);
  return found < (isLarge ? 3 : 4.5) ? [found.toFixed(2) + ' ' + element.tagName + '#' + element.id + ' ' + text.trim()] : [];
}

const isShown = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true});
const complaints = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  // What cannot be used is exempt
  if (texts.currentNode.textContent.trim() && isShown(element) && !element.closest(':disabled')) {
    complaints.push(...complaint(element, texts.currentNode.textContent, getComputedStyle(element)));
  }
}
for (const field of document.querySelectorAll('[placeholder]')) {
  if (isShown(field)) {
    const style = getComputedStyle(field, '::placeholder');
    complaints.push(...complaint(field, field.placeholder, {
      color: style.color, ownOpacity: style.opacity, fontSize: style.fontSize, fontWeight: style.fontWeight,
    }));
  }
}
return complaints;
