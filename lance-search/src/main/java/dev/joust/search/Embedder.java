// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;

/// Turns texts into vectors, for searches by words. Thread-safe.
public interface Embedder {
    /// Floats per vector.
    int dimension();

    /// One vector per text, in order. A text of any length is taken; how much of it counts is the embedder's matter.
    List<float[]> embed(List<String> texts);
}
