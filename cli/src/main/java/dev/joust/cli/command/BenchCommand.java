// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.io.ReadStats;

/// `bench`: one operation again and again, in this process, after warm-up.
@Command(
        name = "bench",
        description = "Measure one operation.",
        footer = {"", "Example: joust bench photos/images.lance --op scan -c vector --iterations 20 --json"})
final class BenchCommand extends BaseCommand {
    private static final int EDGE_ITERATIONS = 50;

    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder, or memory://.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Option(names = "--op", required = true, paramLabel = "OP", description = "scan, take, search, append or write.")
    @SuppressWarnings("NullAway.Init")
    private String operation;

    @Option(names = "--iterations", paramLabel = "N", description = "How often. Default: 20; of take, search and append 100; write runs once.")
    private @Nullable Integer iterations;

    @Option(names = "--warmup", paramLabel = "N", description = "How often before. Default: a tenth, at least 3.")
    private @Nullable Integer warmup;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1", description = "Threads that decode and compute. Default: 1.")
    private int threads;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    BenchCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        if (threads < 1 || (iterations != null && iterations < 1) || (warmup != null && warmup < 0)) {
            throw new UsageException("--threads and --iterations are at least 1, --warmup is not negative");
        }
        String op = operation.toLowerCase(Locale.ROOT);
        int repeats = iterations != null ? iterations : op.equals("scan") ? 20 : 100;
        int before = warmup != null ? warmup : Math.max(3, repeats / 10);
        try (BenchOperation work = BenchOperation.open(op, uri, options, threads, resources)) {
            boolean once = work.runsOnce();
            int count = once ? 1 : repeats;
            for (int i = 0; i < (once ? 0 : before); i++) {
                work.run();
            }
            long[] nanos = new long[count];
            long rows = 0;
            ReadStats start = work.stats();
            for (int i = 0; i < count; i++) {
                long from = System.nanoTime();
                rows += work.run();
                nanos[i] = System.nanoTime() - from;
            }
            report(op, new Durations(nanos), rows, work.stats().since(start));
        }
        return 0;
    }

    private void report(String op, Durations times, long rows, ReadStats stats) throws IOException {
        int count = times.nanos().length;
        double rowsPerSecond = rows / Math.max(1e-9, times.totalSeconds());
        if (!asJson) {
            context.out().printf(Locale.ROOT,
                    "%s: median %.3f ms, p95 %.3f ms, p99 %.3f ms, min %.3f ms, %.0f rows/s, of %d; each %.1f requests, %.0f bytes read, %.0f written%n",
                    op, times.medianMillis(), times.quantileMillis(0.95), times.quantileMillis(0.99), times.minMillis(), rowsPerSecond,
                    count, stats.requestCount() / (double) count, stats.bytesRead() / (double) count, stats.bytesWritten() / (double) count);
            return;
        }
        Json.printObject(context.out(), json -> {
            json.writeStringField("op", op);
            json.writeNumberField("iterations", count);
            json.writeNumberField("median_ms", times.medianMillis());
            json.writeNumberField("p95_ms", times.quantileMillis(0.95));
            json.writeNumberField("p99_ms", times.quantileMillis(0.99));
            json.writeNumberField("min_ms", times.minMillis());
            json.writeNumberField("rows_per_s", rowsPerSecond);
            json.writeNumberField("requests", stats.requestCount() / (double) count);
            json.writeNumberField("bytes_read", stats.bytesRead() / (double) count);
            json.writeNumberField("bytes_written", stats.bytesWritten() / (double) count);
            if (op.equals("append")) {
                json.writeNumberField("first50_median_ms", times.first(EDGE_ITERATIONS).medianMillis());
                json.writeNumberField("last50_median_ms", times.last(EDGE_ITERATIONS).medianMillis());
            }
        });
    }

    /// What single operations need.
    static final class BenchOptions {
        @Mixin
        final ProjectionOptions projection = new ProjectionOptions();

        @Mixin
        final FilterOptions filter = new FilterOptions();

        @Option(names = "--batch", paramLabel = "N", description = "take: rows at random each time; append: rows each time. Default: 100.", defaultValue = "100")
        int batch;

        @Option(names = "--src", paramLabel = "FILE", description = "append, write: the rows.")
        @Nullable Path source;

        @Option(names = "--vector", paramLabel = "JSON|@FILE", description = "search: the queries, in turn.")
        @Nullable String vector;

        @Option(names = "-k", paramLabel = "N", defaultValue = "10", description = "search: how many. Default: 10.")
        int k;

        @Option(names = "--metric", paramLabel = "M", description = "search: l2, cosine or dot. Default: the index's, else l2.")
        @Nullable String metric;

        @Mixin
        final IndexOptions index = new IndexOptions();

        @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the random rows. Default: 1.")
        long seed;

        @Option(names = "--in-place", description = "Write to URI itself, not to a sibling that is removed.")
        boolean inPlace;
    }
}
