// SPDX-License-Identifier: Apache-2.0

/// The JSON bodies that the server answers with, one record each.
@NullMarked
package dev.joust.http.json;

import org.jspecify.annotations.NullMarked;
