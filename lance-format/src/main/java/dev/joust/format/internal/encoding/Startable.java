// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding;

/// Reads ahead, and can be told to begin before the first batch is asked for, so that several begin together.
public interface Startable {
    /// Begins to read and does not wait. Not needed: asking for a batch begins, too.
    void start();
}
