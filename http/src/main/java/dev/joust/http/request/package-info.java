// SPDX-License-Identifier: Apache-2.0

/// What comes in: forms and archives, taken apart while they arrive, within limits. Start with
/// {@link dev.joust.http.request.FormParts}.
@NullMarked
package dev.joust.http.request;

import org.jspecify.annotations.NullMarked;
