// SPDX-License-Identifier: Apache-2.0
// What the server is asked, and how its failures read.

export class ServerError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The JSON of an answer; null for one without a body. Failures carry the server's own reason. */
export async function ask(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new ServerError('The server does not answer. Is it still running?', 0);
  }
  if (response.status === 204) {
    return null;
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    // answered below
  }
  if (!response.ok || body === null) {
    throw new ServerError(body && body.error ? body.error : 'the server answered ' + response.status, response.status);
  }
  return body;
}

const nameOf = id => id.substring(id.indexOf('/') + 1);
const urlOf = (id, more) => '/images/' + encodeURIComponent(nameOf(id)) + more;

const inVersion = version => version === null ? '' : '?version=' + version;

/** Of an older version, deleted pictures are there too. */
export const pictureUrl = (id, version) => urlOf(id, inVersion(version));
export const thumbnailUrl = (id, version) => urlOf(id, '/thumbnail' + inVersion(version));
export const pictureName = nameOf;

export const stats = () => ask('/stats');
export const versions = () => ask('/versions');
export const info = (id, version) => ask(urlOf(id, '/info' + inVersion(version)));
export const remove = id => ask(urlOf(id, ''), {method: 'DELETE'});
export const restore = id => ask(urlOf(id, '/restore'), {method: 'POST'});

export const describe = (id, caption, tags) => ask(urlOf(id, '/info'), {
  method: 'PUT',
  headers: {'Content-Type': 'application/json'},
  body: JSON.stringify({caption, tags}),
});

/** The pictures of a page of results, found or listed. A sample is a file to search by. */
export function find(parameters, sample, signal) {
  if (!sample) {
    const isSearch = parameters.has('text') || parameters.has('like') || parameters.has('unlike');
    return ask((isSearch ? '/search?' : '/images?') + parameters, {signal});
  }
  const form = new FormData();
  // Without its name and declared type, which the server would hold against it
  form.append('file', new Blob([sample]), 'picture');
  return ask('/search?' + parameters, {method: 'POST', body: form, signal});
}
