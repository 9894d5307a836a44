// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.joust.format.table.Dataset;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.Durability;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;

/// Appends rows one by one, each with an id of its own, and prints each id and version once it was committed: the
/// victim of {@link KilledAppendTest}.
///
/// Arguments: folder of the table, first id, number of appends (-1: for ever).
public final class AppendUntilKilled {
    private AppendUntilKilled() {}

    public static void main(String[] args) throws Exception {
        long id = Long.parseLong(args[1]);
        long count = Long.parseLong(args[2]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Session session = Session.create();
                ObjectStore store = new LocalObjectStore(Path.of(args[0]), Durability.NONE)) {
            Dataset table = Dataset.exists(store)
                    ? Dataset.open(session, store)
                    : Dataset.create(
                            session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 0), WriteOptions.DEFAULT);
            table = table.withOptions(WriteOptions.DEFAULT.withMaxCommitAttempts(1000));
            for (long i = 0; i != count; i++, id++) {
                table = table.append(TestRows.reader(session, id, 1));
                out.println(id + " " + table.version());
            }
        }
    }
}
