// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.libraries;

import java.io.IOException;

/// A graph of a library over rows, for one thread.
interface GraphSearch extends AutoCloseable {
    /// Neighbours of a row that a build keeps, and how wide it searches for them: as Joust's defaults.
    int NEIGHBORS = 20;

    int BUILD_WIDTH = 150;

    /// The rows nearest by L2, nearest first.
    ///
    /// @param width how many rows the walk keeps in view, at least k
    int[] search(float[] query, int k, int width) throws IOException;

    @Override
    void close() throws IOException;
}
