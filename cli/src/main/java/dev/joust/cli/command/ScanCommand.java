// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.BlobHandling;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;

/// `scan`: rows in the order of fragments, then of rows.
@Command(
        name = "scan",
        description = "Rows of a table, in order.",
        footer = {"", "Example: joust scan photos/images.lance -c id,path -w \"id LIKE 'images/a%%'\" --limit 5"})
final class ScanCommand extends RowsCommand {
    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Option(names = "--limit", paramLabel = "N", description = "At most N rows.")
    private @Nullable Long limit;

    @Option(names = "--offset", paramLabel = "N", defaultValue = "0", description = "Leave out the first N rows.")
    private long offset;

    @Option(names = "--order-by", paramLabel = "'A DESC,B'", description = "Sort: keys with commas between, each with desc or nulls first behind it, if wanted.")
    private @Nullable String orderBy;

    @Option(names = "--row-id", description = "Add _rowid.")
    private boolean rowId;

    @Option(names = "--row-addr", description = "Add _rowaddr.")
    private boolean rowAddress;

    @Option(names = "--batch-size", paramLabel = "N", description = "Rows per batch at most.")
    private @Nullable Integer batchSize;

    ScanCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        output.check();
        if (offset < 0 || (limit != null && limit < 0) || (batchSize != null && batchSize < 1)) {
            throw new UsageException("--limit and --offset must not be negative, --batch-size at least 1");
        }
        if (orderBy != null || projection.isComputed()) {
            return queried(resources);
        }
        ScanOptions options = ScanOptions.ALL.withColumns(projection.names()).withOffset(offset).withBlobs(blobs.handling());
        if (limit != null) {
            options = options.withLimit(limit);
        }
        if (batchSize != null) {
            options = options.withBatchRowCount(batchSize);
        }
        if (rowId) {
            options = options.withRowIds();
        }
        if (rowAddress) {
            options = options.withRowAddresses();
        }
        Dataset dataset = resources.open(table.address());
        options = options.withPredicate(Filters.predicate(filter, dataset.schema()));
        try (BatchReader reader = dataset.scan(options)) {
            Rows.write(reader, output, context, resources);
        }
        return 0;
    }

    private int queried(Resources resources) throws IOException {
        if (blobs.handling() != BlobHandling.DESCRIPTORS) {
            throw new UsageException("--blobs goes with stored columns in the table's order");
        }
        List<String> more = new ArrayList<>();
        if (rowId) {
            more.add(ScanOptions.ROW_ID);
        }
        if (rowAddress) {
            more.add(ScanOptions.ROW_ADDRESS);
        }
        Dataset dataset = resources.open(table.address());
        try (BatchReader reader = QueriedRows.open(
                resources, table.address(), dataset, projection, more, filter, orderBy, offset, limit)) {
            Rows.write(reader, output, context, resources);
        }
        return 0;
    }
}
