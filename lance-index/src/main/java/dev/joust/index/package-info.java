// SPDX-License-Identifier: Apache-2.0
/// Answers "which row addresses": so far the exact search through all vectors, {@link dev.joust.index.FlatSearch}.
@NullMarked
package dev.joust.index;

import org.jspecify.annotations.NullMarked;
