// SPDX-License-Identifier: Apache-2.0
/// Bytes at an address: the {@link dev.joust.io.ObjectStore} contract, where every read and write of Joust ends,
/// and the {@link dev.joust.io.Session} that holds what all handles share (executors, memory budgets, caches).
/// Start at `ObjectStore`; the stores themselves are in `dev.joust.io.store`.
@NullMarked
package dev.joust.io;

import org.jspecify.annotations.NullMarked;
