// SPDX-License-Identifier: Apache-2.0

/// The search server. Start with {@link dev.joust.http.JoustServer}; {@link dev.joust.http.Routes} is the whole URL
/// table, {@link dev.joust.http.Errors} says which failure becomes which status.
@NullMarked
package dev.joust.http;

import org.jspecify.annotations.NullMarked;
