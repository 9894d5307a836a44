// SPDX-License-Identifier: Apache-2.0
/// In-memory graphs of other Java libraries, searched as {@link dev.joust.benchmarks.search.VectorSearchWorker} searches
/// tables.
@NullMarked
package dev.joust.benchmarks.libraries;

import org.jspecify.annotations.NullMarked;
