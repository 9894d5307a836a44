// SPDX-License-Identifier: Apache-2.0

/// What a request does: a {@link dev.joust.http.handler.Call} comes in, an {@link dev.joust.http.handler.Answer} goes
/// out. Endpoints are plain methods that block on virtual threads and throw
/// {@link dev.joust.http.handler.RequestException} for the caller's mistakes.
@NullMarked
package dev.joust.http.handler;

import org.jspecify.annotations.NullMarked;
