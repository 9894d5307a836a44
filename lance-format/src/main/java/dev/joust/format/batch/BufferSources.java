// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

/// Opens a {@link BufferSource} per batch. Thread-safe.
public interface BufferSources {
    /// A new source; everything it hands out is released when it is closed.
    BufferSource open();
}
