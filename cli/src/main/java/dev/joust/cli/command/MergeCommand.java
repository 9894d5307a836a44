// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.search.Merge;
import dev.joust.search.MergeResult;

/// `merge`: rows that go in by key: those that are there are updated, the others inserted.
@Command(
        name = "merge",
        description = "Update and insert rows by key.",
        footer = {"", "Example: joust merge new.arrow photos/images.lance --on id"})
final class MergeCommand extends BaseCommand {
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

    @Option(
            names = "--matched",
            paramLabel = "X",
            defaultValue = "update",
            description = "Rows that are there: update (the default), ignore, fail or delete.")
    @SuppressWarnings("NullAway.Init")
    private String matched;

    @Option(names = "--matched-if", paramLabel = "SQL", description = "Only those, for example \"source.at > target.at\".")
    private @Nullable String matchedCondition;

    @Option(names = "--not-matched", paramLabel = "X", defaultValue = "insert", description = "Rows that are not: insert (the default) or ignore.")
    @SuppressWarnings("NullAway.Init")
    private String notMatched;

    @Option(
            names = "--not-matched-by-source",
            paramLabel = "X",
            defaultValue = "keep",
            description = "Rows that SRC lacks: keep (the default) or delete.")
    @SuppressWarnings("NullAway.Init")
    private String notMatchedBySource;

    @Option(names = "--not-matched-by-source-if", paramLabel = "SQL", description = "Only those, for example \"at < date '2024-01-01'\".")
    private @Nullable String notMatchedBySourceCondition;

    @Option(
            names = "--dialect",
            paramLabel = "DIALECT",
            defaultValue = "lance",
            description = "What \"x\" means in conditions: a string (lance, the default) or a column (lancedb).")
    @SuppressWarnings("NullAway.Init")
    private String dialect;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    MergeCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        String target = written.uri(uri);
        String[] keys = ColumnList.names(on).toArray(String[]::new);
        boolean deletes = chosen("--not-matched-by-source", notMatchedBySource, "keep", "delete").equals("delete");
        boolean inserts = chosen("--not-matched", notMatched, "insert", "ignore").equals("insert");
        String whenMatched = chosen("--matched", matched, "update", "ignore", "fail", "delete");
        if (matchedCondition != null && !List.of("update", "delete").contains(whenMatched)) {
            throw new UsageException("--matched-if goes with --matched update and --matched delete");
        }
        if (notMatchedBySourceCondition != null && !deletes) {
            throw new UsageException("--not-matched-by-source-if goes with --not-matched-by-source delete");
        }
        if (whenMatched.equals("ignore") && !inserts && !deletes) {
            throw new UsageException("nothing to do: no row is updated, inserted or deleted");
        }
        report(WrittenRows.change(
                resources,
                target,
                Filters.dialect(dialect),
                table -> clauses(table.merge(keys), whenMatched, inserts, deletes)
                        .execute(source.open(context, resources, table.schema()).rows())));
        return 0;
    }

    private Merge clauses(Merge start, String whenMatched, boolean inserts, boolean deletes) {
        String condition = matchedCondition;
        Merge merge =
                switch (whenMatched) {
                    case "update" -> condition == null ? start.whenMatchedUpdateAll() : start.whenMatchedUpdateIf(condition);
                    case "delete" -> condition == null ? start.whenMatchedDelete() : start.whenMatchedDeleteIf(condition);
                    case "fail" -> start.whenMatchedFail();
                    default -> start.whenMatchedDoNothing();
                };
        merge = inserts ? merge.whenNotMatchedInsertAll() : merge;
        if (!deletes) {
            return merge;
        }
        String doomed = notMatchedBySourceCondition;
        return doomed == null ? merge.whenNotMatchedBySourceDelete() : merge.whenNotMatchedBySourceDeleteIf(doomed);
    }

    private static String chosen(String option, String value, String... choices) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!List.of(choices).contains(lower)) {
            throw new UsageException(option + " " + value + ": there are " + String.join(", ", choices));
        }
        return lower;
    }

    private void report(MergeResult result) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("inserted", result.insertedCount());
                json.writeNumberField("updated", result.updatedCount());
                json.writeNumberField("deleted", result.deletedCount());
                json.writeNumberField("version", result.version());
            });
        } else {
            context.out().println(result.insertedCount() + " rows inserted, " + result.updatedCount() + " updated, "
                    + result.deletedCount() + " deleted, version " + result.version());
        }
    }
}
