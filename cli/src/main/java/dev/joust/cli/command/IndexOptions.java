// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.joust.search.VectorQuery;

/// How a search by a vector uses indices.
final class IndexOptions {
    @Option(names = "--nprobes", paramLabel = "N", description = "Partitions of an index to look at. Default: as many as it takes.")
    private @Nullable Integer probes;

    @Option(names = "--refine", paramLabel = "N", description = "Compare N times k rows of an index by their vectors themselves.")
    private @Nullable Integer refine;

    @Option(names = "--ef", paramLabel = "N", description = "Rows that a search in a graph keeps in view. Default: 1.5 times those looked for.")
    private @Nullable Integer ef;

    @Option(names = "--no-index", description = "Look at every vector.")
    private boolean noIndex;

    @Option(names = "--fast", description = "Leave out rows that no index covers.")
    private boolean fast;

    void check() {
        if (isBelowOne(probes) || isBelowOne(refine) || isBelowOne(ef)) {
            throw new UsageException("--nprobes, --refine and --ef are at least 1");
        }
    }

    static boolean isBelowOne(@Nullable Integer count) {
        return count != null && count < 1;
    }

    VectorQuery applyTo(VectorQuery query) {
        int most = probes == null ? 0 : probes;
        return query.withProbes(Math.max(1, most), most)
                .withRefineFactor(refine == null ? 0 : refine)
                .withEf(ef == null ? 0 : ef)
                .withUseIndex(!noIndex)
                .withFastSearch(fast);
    }
}
