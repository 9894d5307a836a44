// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import dev.joust.io.ObjectStore;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Maintenance;
import dev.joust.search.Table;
import dev.joust.search.expr.Dialect;

/// The table whose rows a command changes, as the library has it.
final class WrittenRows {
    private WrittenRows() {}

    /// What a command does.
    @FunctionalInterface
    interface Work<T> {
        T on(Table table) throws IOException;
    }

    /// Opens the table and works on it.
    ///
    /// @param uri its folder, whatever it is called
    static <T> T change(Resources resources, String uri, Dialect dialect, Work<T> work) throws IOException {
        ObjectStore folder = resources.store(uri);
        // A command does what it says, and ends.
        ConnectOptions options =
                ConnectOptions.DEFAULT.withDialect(dialect).withMaintenance(Maintenance.OFF);
        try (Database database = Database.over(folder, resources.session(), options)) {
            return work.on(database.openTable(uri, folder));
        }
    }
}
