// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.CommitConflictException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;

/// `delete`: takes rows away, in a new version.
@Command(name = "delete", description = "Delete rows.", footer = {"", "Example: joust delete photos/images.lance -w \"id = 'images/a.png'\""})
final class DeleteCommand extends BaseCommand {
    /// Others may change the same rows meanwhile; then it starts over on what they left.
    private static final int MAX_ATTEMPTS = 10;

    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    DeleteCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        String text = filter.filter;
        if (text == null) {
            throw new UsageException("-w FILTER is needed (-w true deletes every row)");
        }
        Dataset dataset = Dataset.open(resources.session(), resources.store(written.uri(uri)));
        for (int attempt = 1; ; attempt++) {
            RowAddressSet rows = matching(dataset);
            try {
                report(rows.size(), dataset.deleteRows(rows, text).version());
                return 0;
            } catch (CommitConflictException e) {
                if (!e.retryable() || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
                dataset = dataset.refresh();
            }
        }
    }

    private RowAddressSet matching(Dataset dataset) throws IOException {
        RowPredicate predicate = Filters.predicate(filter, dataset.schema());
        RowAddressSet.Builder rows = RowAddressSet.builder();
        ScanOptions options = ScanOptions.ALL.withColumns(List.of()).withPredicate(predicate).withRowAddresses();
        try (BatchReader reader = dataset.scan(options)) {
            while (true) {
                try (Batch batch = reader.next()) {
                    if (batch == null) {
                        break;
                    }
                    ColumnBuffers addresses = batch.column(ScanOptions.ROW_ADDRESS);
                    for (int row = 0; row < batch.rowCount(); row++) {
                        rows.add(Addresses.at(addresses, row));
                    }
                }
            }
        }
        return rows.build();
    }

    private void report(long rowsDeleted, long version) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("rows_deleted", rowsDeleted);
                json.writeNumberField("version", version);
            });
        } else {
            context.out().println(rowsDeleted + " rows deleted, version " + version);
        }
    }
}
