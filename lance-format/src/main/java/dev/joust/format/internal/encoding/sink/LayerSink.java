// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import org.jspecify.annotations.Nullable;

/// Gathers one level of nesting for one batch: which slots are null, and of lists where each begins. Not thread-safe.
///
/// @param offsets null where the layer is no list
public record LayerSink(ValiditySink validity, @Nullable OffsetSink offsets) {
    /// Slots so far.
    public long count() {
        return validity.count();
    }
}
