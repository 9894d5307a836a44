// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.commit.FaultDriver;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Whatever single request of a merge fails, is lost, doubled, late or cut short: afterwards the table is at the old or
/// the new version, and the caller was told which.
class FaultyMergeTest {
    record Row(long id, String name) {}

    private final Session session = Session.create();
    private final Database database = Database.over(new MemoryObjectStore(), session, ConnectOptions.DEFAULT);
    private FaultDriver driver = new FaultDriver(session, Path.of("."));

    @BeforeEach
    void open(@TempDir Path folder) {
        driver = new FaultDriver(session, folder);
    }

    @AfterEach
    void close() {
        database.close();
        session.close();
    }

    private void create(ObjectStore store, boolean stable) throws IOException {
        Dataset.create(
                session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 6),
                WriteOptions.DEFAULT.withMaxRowsPerFile(3).withStableRowIds(stable));
    }

    private Merge merge(ObjectStore store) {
        return database.openTable("t", store).merge("id");
    }

    @Test
    void rowsAreUpdatedAndInsertedOrNot() throws IOException {
        for (boolean stable : new boolean[] {false, true}) {
            driver.drive(
                    store -> create(store, stable),
                    store -> merge(store)
                            .whenMatchedUpdateAll()
                            .whenNotMatchedInsertAll()
                            .execute(List.of(new Row(1, "new"), new Row(5, "new"), new Row(8, "new"))));
        }
    }

    @Test
    void rowsAreInsertedOrNot() throws IOException {
        driver.drive(
                store -> create(store, false),
                store -> merge(store).whenNotMatchedInsertAll().execute(List.of(new Row(1, "new"), new Row(8, "new"))));
    }

    @Test
    void rowsThatTheSourceLacksGoOrNot() throws IOException {
        driver.drive(
                store -> create(store, false),
                store -> merge(store)
                        .whenMatchedUpdateAll()
                        .whenNotMatchedBySourceDelete()
                        .execute(List.of(new Row(1, "new"), new Row(2, "new"))));
    }
}
