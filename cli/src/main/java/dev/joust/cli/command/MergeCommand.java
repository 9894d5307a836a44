// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.io.ObjectStore;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Merge;
import dev.joust.search.MergeResult;
import dev.joust.search.Table;

/// `merge`: rows that go in by key: those that are there are updated, the others inserted.
@Command(
        name = "merge",
        description = "Update and insert rows by key.",
        footer = {"", "Example: joust merge new.arrow photos/images.lance --on id"})
final class MergeCommand extends BaseCommand {
    private static final String TABLE_ENDING = ".lance";

    @Mixin
    private final Sources source = new Sources();

    @Parameters(index = "1", paramLabel = "URI", description = "The table, DIR/NAME.lance.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Option(names = "--on", required = true, paramLabel = "ID[,ID2]", description = "Columns that tell rows apart.")
    @SuppressWarnings("NullAway.Init")
    private String on;

    @Option(names = "--matched", paramLabel = "X", defaultValue = "update", description = "Rows that are there: update (the default) or ignore.")
    @SuppressWarnings("NullAway.Init")
    private String matched;

    @Option(names = "--not-matched", paramLabel = "X", defaultValue = "insert", description = "Rows that are not: insert (the default) or ignore.")
    @SuppressWarnings("NullAway.Init")
    private String notMatched;

    @Option(names = "--not-matched-by-source", paramLabel = "X", defaultValue = "keep", description = "Rows that SRC lacks: keep.")
    @SuppressWarnings("NullAway.Init")
    private String notMatchedBySource;

    @Option(names = {"--matched-if", "--not-matched-by-source-if"}, paramLabel = "FILTER", description = "Conditions (not available yet).")
    private @Nullable String condition;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    MergeCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        String target = written.uri(uri);
        boolean updates = choose("--matched", matched, "update", "ignore", List.of("fail", "delete"));
        boolean inserts = choose("--not-matched", notMatched, "insert", "ignore", List.of());
        choose("--not-matched-by-source", notMatchedBySource, "keep", "keep", List.of("delete"));
        if (condition != null) {
            throw UsageException.notAvailable("--matched-if and --not-matched-by-source-if");
        }
        if (!target.endsWith(TABLE_ENDING)) {
            throw UsageException.notAvailable(target + ": merging into a table whose folder does not end in .lance");
        }
        List<String> keys = ColumnList.names(on);
        int nameStart = target.lastIndexOf('/') + 1;
        ObjectStore store = resources.store(nameStart == 0 ? "." : target.substring(0, Math.max(1, nameStart - 1)));
        String name = target.substring(nameStart, target.length() - TABLE_ENDING.length());
        MergeResult result;
        try (Database database = Database.over(store, resources.session(), ConnectOptions.DEFAULT)) {
            Table table = database.openTable(name);
            Merge merge = table.merge(keys.toArray(String[]::new));
            merge = updates ? merge.whenMatchedUpdateAll() : merge;
            merge = inserts ? merge.whenNotMatchedInsertAll() : merge;
            try (BatchReader reader = source.open(context, resources, table.schema()).rows();
                    VectorSchemaRoot rows = readAll(reader, resources)) {
                result = merge.execute(rows);
            }
        }
        report(result);
        return 0;
    }

    /// Whether the first of two choices is taken; those in `later` are of the contract but not of this version.
    private static boolean choose(String option, String value, String yes, String no, List<String> later) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (later.contains(lower)) {
            throw UsageException.notAvailable(option + " " + value);
        }
        if (!lower.equals(yes) && !lower.equals(no)) {
            throw new UsageException(option + " " + value + ": there are " + yes + " and " + no);
        }
        return lower.equals(yes);
    }

    private static VectorSchemaRoot readAll(BatchReader reader, Resources resources) throws IOException {
        VectorSchemaRoot all = VectorSchemaRoot.create(ArrowSchemas.toArrow(reader.schema()), resources.memory().allocator());
        try {
            all.allocateNew();
            all.setRowCount(0);
            while (true) {
                try (Batch batch = reader.next()) {
                    if (batch == null) {
                        return all;
                    }
                    try (VectorSchemaRoot rows = ArrowBatches.toArrow(batch, resources.memory().allocator())) {
                        VectorSchemaRootAppender.append(all, rows);
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private void report(MergeResult result) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("inserted", result.insertedCount());
                json.writeNumberField("updated", result.updatedCount());
                json.writeNumberField("deleted", 0);
                json.writeNumberField("version", result.version());
            });
        } else {
            context.out().println(result.insertedCount() + " rows inserted, " + result.updatedCount() + " updated, version " + result.version());
        }
    }
}
