// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.RoundObjectStore;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.search.ConnectOptions.ReadConsistency;

/// What is kept of far tables is what they hold, across sessions, damage, and tables that take each other's place.
class CachedTablesTest {
    private static final int ROWS = 5000;

    @TempDir
    Path folder;

    private final MemoryObjectStore memory = new MemoryObjectStore();
    private final ObjectStore remote = new RoundObjectStore(memory, Duration.ZERO);

    record Row(long id, String text, float[] vector) {}

    private static Row row(int salt, int id) {
        Random random = new Random(salt * 1_000_003L + id);
        return new Row(id, salt + " text " + random.nextInt(), new float[] {random.nextFloat(), id, salt});
    }

    private static List<Row> rows(int salt, int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> row(salt, id)).toList();
    }

    private Session session() {
        return Session.builder().cacheFolder(folder, 1 << 30).build();
    }

    private static Database database(ObjectStore store, Session session, ReadConsistency consistency) {
        return Database.over(store, session, ConnectOptions.DEFAULT.withReadConsistency(consistency));
    }

    private void write(int salt) {
        try (Session session = Session.create();
                Database database = database(memory, session, ReadConsistency.ON_REFRESH)) {
            Table table = database.createTable("t", rows(salt, 0, ROWS));
            for (int i = 0; i < 3; i++) {
                table.add(rows(salt, ROWS + i, ROWS + i + 1));
            }
            table.delete("id = 77");
        }
    }

    private static void check(Table table, int salt) {
        List<Row> all = table.query().toList(Row.class);
        assertEquals(ROWS + 2, all.size());
        for (Row row : all) {
            assertEquals(row(salt, (int) row.id).text, row.text);
        }
        for (int id : new int[] {0, 1234, ROWS + 1}) {
            Hit<Row> hit = table.search(row(salt, id).vector).limit(3).hits(Row.class).getFirst();
            assertEquals(id, hit.row().id);
            assertEquals(row(salt, id).text, hit.row().text);
        }
    }

    private ReadStats checked(Session session, int salt) {
        ReadStats before = memory.stats();
        check(database(remote, session, ReadConsistency.ON_REFRESH).openTable("t"), salt);
        return memory.stats().since(before);
    }

    @Test
    void aLaterSessionAsksForTheNewestVersionAlone() {
        write(1);
        try (Session session = session()) {
            assertTrue(checked(session, 1).getCount() > 5);
        }
        try (Session session = session()) {
            ReadStats again = checked(session, 1);
            assertEquals(1, again.requestCount(), again.toString());
            assertEquals(1, again.listCount());
        }
    }

    @Test
    void damagedFilesOfTheCacheAreReadAnew() throws IOException {
        write(1);
        Random random = new Random(3);
        for (int round = 0; round < 4; round++) {
            try (Session session = session()) {
                checked(session, 1);
            }
            try (Stream<Path> entries = Files.walk(folder)) {
                for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                    byte[] bytes = Files.readAllBytes(entry);
                    int at = random.nextInt(bytes.length);
                    if (random.nextBoolean()) {
                        bytes[at] ^= 1;
                        Files.write(entry, bytes);
                    } else {
                        Files.write(entry, java.util.Arrays.copyOf(bytes, at));
                    }
                }
            }
        }
        try (Session session = session()) {
            assertTrue(checked(session, 1).getCount() > 5);
        }
    }

    @Test
    void aTableThatIsCreatedAgainIsNotTheOldOne() {
        write(1);
        try (Session session = session();
                Database database = database(remote, session, ReadConsistency.ALWAYS)) {
            Table open = database.openTable("t");
            check(open, 1);
            long version = open.version();
            dropElsewhere();
            write(2);
            check(open, 2);
            assertEquals(version, open.version());
            check(database.openTable("t"), 2);
            dropElsewhere();
            try (Session other = Session.create();
                    Database elsewhere = database(memory, other, ReadConsistency.ON_REFRESH)) {
                elsewhere.createTable("t", rows(3, 0, 10));
            }
            assertEquals(10, open.query().count());
            assertEquals(1, open.version());
            assertEquals(row(3, 5).text, open.query().where("id = 5").toList(Row.class).getFirst().text);
        }
        try (Session session = session()) {
            assertEquals(
                    10,
                    database(remote, session, ReadConsistency.ON_REFRESH)
                            .openTable("t")
                            .query()
                            .count());
        }
    }

    /// By another process: nothing in this one knows.
    private void dropElsewhere() {
        memory.list(ObjectPath.of("t.lance")).forEach(meta -> memory.delete(meta.path()));
    }

    @Test
    void readsWithinATimeAskOnceInIt() {
        write(1);
        try (Session session = session();
                Database often = database(remote, session, ReadConsistency.within(Duration.ofDays(1)));
                Database always = database(remote, session, ReadConsistency.within(Duration.ofNanos(1)));
                Database writing = database(memory, session, ReadConsistency.ON_REFRESH)) {
            Table lagging = often.openTable("t");
            Table following = always.openTable("t");
            writing.openTable("t").add(rows(1, ROWS + 10, ROWS + 11));
            ReadStats before = memory.stats();
            assertEquals(ROWS + 2, lagging.dataset().countRows());
            assertEquals(0, memory.stats().since(before).requestCount());
            assertEquals(ROWS + 3, following.dataset().countRows());
            assertEquals(ROWS + 3, lagging.refresh().dataset().countRows());
        }
    }

    @Test
    void ownWritesAreSeenAndCheckedOnce() {
        write(1);
        try (Session session = session();
                Database database = database(remote, session, ReadConsistency.ALWAYS)) {
            Table table = database.openTable("t");
            table.add(rows(1, ROWS + 10, ROWS + 11));
            assertEquals(ROWS + 3, table.query().count());
            ReadStats before = memory.stats();
            assertEquals(ROWS + 3, table.query().count());
            ReadStats again = memory.stats().since(before);
            assertEquals(1, again.requestCount(), again.toString());
        }
    }
}
