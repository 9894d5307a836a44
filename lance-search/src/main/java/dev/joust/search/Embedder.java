// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;

/// Turns words into vectors. Thread-safe.
public interface Embedder {
    /// Elements of each vector.
    int dimension();

    /// One vector per text, in their order.
    List<float[]> embed(List<String> texts);
}
