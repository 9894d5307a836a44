// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.batch.Batch;
import dev.joust.format.refs.Ref;
import dev.joust.format.refs.Tags;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.CleanupStats;
import dev.joust.format.table.ColumnAlteration;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.MetadataUpdate;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// As {@link FaultyCommitTest}, for what changes columns, fragments, metadata and versions.
class FaultyOperationsTest {
    private static final Schema DOUBLED = Schema.of(Field.nullable("doubled", new LogicalType.Int(64, true)));

    private Session session;
    private FaultDriver driver;

    @BeforeEach
    void open(@TempDir Path folder) {
        session = Session.create();
        driver = new FaultDriver(session, folder);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset create(ObjectStore store) throws IOException {
        return Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 5), WriteOptions.DEFAULT);
    }

    /// Two fragments, one with a deleted row.
    private Dataset createTwo(ObjectStore store, boolean stable) throws IOException {
        return Dataset.create(
                        session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 6),
                        WriteOptions.DEFAULT.withMaxRowsPerFile(3).withStableRowIds(stable))
                .deleteRows(RowAddressSet.of(1), "one");
    }

    private Dataset table(ObjectStore store) throws IOException {
        return Dataset.open(session, store);
    }

    @Test
    void columnsOfNullsAreAddedOrNot() throws IOException {
        driver.drive(this::create, store -> table(store).evolution().addNullColumns(DOUBLED));
    }

    @Test
    void columnsOfRowsAreAddedOrNot() throws IOException {
        driver.drive(
                store -> createTwo(store, false),
                store -> table(store)
                        .evolution().addColumns(TestRows.reader(
                                session, DOUBLED, List.of(new Object[] {0L}, new Object[] {4L}, new Object[] {6L}, new Object[] {8L}, new Object[] {10L}))));
    }

    @Test
    void computedColumnsAreAddedOrNot() throws IOException {
        driver.drive(
                store -> createTwo(store, true),
                store -> table(store)
                        .evolution().addColumns(
                                Schema.of(Field.nullable("copy", new LogicalType.Int(64, true))),
                                List.of("id"),
                                (inputs, memory) -> Batch.of(
                                        inputs.rowCount(),
                                        List.of(inputs.column("id").with(Field.nullable("copy", new LogicalType.Int(64, true)), List.of())),
                                        memory.open())));
    }

    @Test
    void columnsAreRenamedOrNot() throws IOException {
        driver.drive(
                this::create,
                store -> table(store)
                        .evolution().alterColumns(List.of(ColumnAlteration.of("name").rename("called"))));
    }

    @Test
    void columnsAreCastOrNot() throws IOException {
        driver.drive(
                store -> createTwo(store, false),
                store -> table(store)
                        .evolution().alterColumns(List.of(ColumnAlteration.of("id").castTo(new LogicalType.Int(32, true)))));
    }

    @Test
    void columnsAreDroppedOrNot() throws IOException {
        driver.drive(this::create, store -> table(store).evolution().dropColumns(List.of("name")));
    }

    @Test
    void configIsChangedOrNot() throws IOException {
        driver.drive(this::create, store -> table(store).updateConfig(MetadataUpdate.set("key", "value")));
    }

    @Test
    void rowsAreTruncatedOrNot() throws IOException {
        driver.drive(store -> createTwo(store, false), store -> table(store).deleteAllRows());
    }

    @Test
    void restoringIsWholeOrNotThere() throws IOException {
        driver.drive(
                store -> createTwo(store, false),
                store -> Dataset.openAt(session, store, 1).restore());
    }

    @Test
    void fragmentsAreCompactedOrNot() throws IOException {
        for (boolean stable : new boolean[] {false, true}) {
            driver.driveInParts(store -> createTwo(store, stable), store -> table(store).upkeep().compact(CompactionOptions.DEFAULT));
        }
    }

    /// What can't be deleted is counted, and left for another cleanup.
    @Test
    void aFailedCleanupLosesNothing() throws IOException {
        driver.driveInParts(store -> createTwo(store, false).append(TestRows.reader(session, 8, 2)), store -> {
            CleanupStats stats =
                    table(store).upkeep().cleanup(CleanupPolicy.olderThan(Duration.ZERO).withDeleteUnverified(true));
            if (stats.failedDeletes() > 0) {
                throw new IOException("injected failures left files: " + stats);
            }
        });
    }

    @Test
    void tagsAreMadeOrNot() throws IOException {
        driver.drive(this::create, store -> {
            Tags tags = table(store).refs().tags();
            tags.create("first", null, 1);
        });
    }

    @Test
    void tagsAreMovedOrNot() throws IOException {
        driver.drive(
                store -> {
                    Dataset table = createTwo(store, false);
                    table.refs().tags().create("one", null, 1);
                },
                store -> table(store).refs().tags().update("one", null, 2));
    }

    @Test
    void tagsAreDeletedOrNot() throws IOException {
        driver.drive(
                store -> create(store).refs().tags().create("first", null, 1),
                store -> table(store).refs().tags().delete("first"));
    }

    private static ObjectStore cloneOf(ObjectStore store) {
        return ObjectStores.below(store, ObjectPath.of(FaultDriver.CLONE));
    }

    @Test
    void copiesOfTablesAreWholeOrNotThere() throws IOException {
        driver.drive(store -> createTwo(store, false), store -> table(store).deepClone(cloneOf(store)));
    }

    @Test
    void clonesOfTablesAreWholeOrNotThere() throws IOException {
        driver.drive(store -> createTwo(store, true), store -> table(store).shallowClone(cloneOf(store)));
    }

    /// A branch that was not made to its end is gone on with when it is made again.
    @Test
    void branchesAreMadeOrNot() throws IOException {
        driver.drive(this::create, store -> table(store).createBranch("aside", Ref.version(1)));
    }
}
