// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.ColumnAlteration;
import dev.joust.search.Table;
import dev.joust.search.expr.Dialect;

/// `column add`, `column drop`, `column rename`, `column cast`: changes the columns of a table, in a new version.
@Command(name = "column", description = "Add, drop and change columns.", synopsisSubcommandLabel = "COMMAND")
final class ColumnCommand extends CommandGroup {
    /// Opens the table and prints the version that came of the change.
    private abstract static class Change extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Mixin
        private final WrittenTable written = new WrittenTable();

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean asJson;

        Change(Context context) {
            super(context);
        }

        Dialect dialect() {
            return Dialect.LANCE;
        }

        /// @return the version made
        abstract long change(Table table);

        @Override
        final int run(Resources resources) throws IOException {
            long version = WrittenRows.change(resources, written.uri(uri), dialect(), this::change);
            if (asJson) {
                Json.printObject(context.out(), json -> json.writeNumberField("version", version));
            } else {
                context.out().println("version " + version);
            }
            return 0;
        }
    }

    /// `column add`.
    @Command(
            name = "add",
            description = "Add columns computed from the others.",
            footer = {"", "Example: joust column add shop/orders.lance 'total=price * quantity' 'note=CAST(NULL AS string)'"})
    static final class Add extends Change {
        @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME=SQL", description = "A column and its value.")
        private List<String> columns = new ArrayList<>();

        @Option(names = "--dialect", paramLabel = "lance|lancedb", defaultValue = "lance", description = "What \"x\" means: a string, or a name.")
        @SuppressWarnings("NullAway.Init")
        private String dialect;

        Add(Context context) {
            super(context);
        }

        @Override
        Dialect dialect() {
            return Filters.dialect(dialect);
        }

        @Override
        long change(Table table) {
            Map<String, String> expressions = new LinkedHashMap<>();
            for (String column : columns) {
                Named named = Named.parse("column add", column);
                if (expressions.put(named.name(), named.expression()) != null) {
                    throw new UsageException("column '" + named.name() + "' is added twice");
                }
            }
            return table.addColumns(expressions);
        }
    }

    /// `column drop`.
    @Command(
            name = "drop",
            description = "Drop columns, or fields of structs by their path.",
            footer = {"", "Example: joust column drop shop/orders.lance note address.street"})
    static final class Drop extends Change {
        @Parameters(index = "1..*", arity = "1..*", paramLabel = "COL", description = "A column.")
        private List<String> columns = new ArrayList<>();

        Drop(Context context) {
            super(context);
        }

        @Override
        long change(Table table) {
            return table.dropColumns(columns.toArray(String[]::new));
        }
    }

    /// `column rename`.
    @Command(
            name = "rename",
            description = "Give a column another name.",
            footer = {"", "Example: joust column rename shop/orders.lance price cost"})
    static final class Rename extends Change {
        @Parameters(index = "1", paramLabel = "OLD", description = "The column, or a field by its path.")
        @SuppressWarnings("NullAway.Init")
        private String oldName;

        @Parameters(index = "2", paramLabel = "NEW", description = "Its own new name, not a path.")
        @SuppressWarnings("NullAway.Init")
        private String newName;

        Rename(Context context) {
            super(context);
        }

        @Override
        long change(Table table) {
            return table.alterColumns(ColumnAlteration.of(oldName).rename(newName));
        }
    }

    /// `column cast`.
    @Command(
            name = "cast",
            description = "Give a column another type of its family.",
            footer = {"", "Example: joust column cast shop/orders.lance price float"})
    static final class Cast extends Change {
        @Parameters(index = "1", paramLabel = "COL", description = "The column, or a field by its path.")
        @SuppressWarnings("NullAway.Init")
        private String column;

        @Parameters(
                index = "2",
                paramLabel = "TYPE",
                description = "As `schema` prints it: int32, float, large_string, timestamp[ms, tz=UTC], decimal128(10, 2), list<int64>, fixed_size_list<halffloat>[128].")
        @SuppressWarnings("NullAway.Init")
        private String type;

        Cast(Context context) {
            super(context);
        }

        @Override
        long change(Table table) {
            return table.alterColumns(ColumnAlteration.of(column).castTo(TypeArgument.parse(type)));
        }
    }
}
