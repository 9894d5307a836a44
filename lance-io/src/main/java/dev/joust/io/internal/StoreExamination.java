// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.StoreCheck;

/// Tries on a store what tables need of one, with a few small objects of its own below the root, which it removes.
public final class StoreExamination {
    private static final List<String> NAMES = List.of("b", "a/1", "B", "a.1", "10", "9");

    private final ObjectStore store;
    private final ObjectPath folder = ObjectPath.of(".joust-doctor-" + UUID.randomUUID());
    private final Check conditionalPut;
    private final List<StoreCheck> checks = new ArrayList<>();

    private StoreExamination(ObjectStore store) {
        this.store = store;
        conditionalPut = this::conditionalPut;
    }

    private StoreExamination(ObjectStore store, Check conditionalPut) {
        this.store = store;
        this.conditionalPut = conditionalPut;
    }

    /// @return what was found of `write`, `ranged get`, `conditional put`, `listing order`, `delete`
    public static List<StoreCheck> of(ObjectStore store) {
        StoreExamination examination = new StoreExamination(store);
        examination.run();
        return examination.checks;
    }

    /// The same, of a store that can be asked what its service does with a conditional put.
    ///
    /// @param conditionalPut says {@link #keepsTheFirst} or {@link #losesRows}
    public static List<StoreCheck> of(ObjectStore store, Check conditionalPut) {
        StoreExamination examination = new StoreExamination(store, conditionalPut);
        examination.run();
        return examination.checks;
    }

    public static StoreCheck keepsTheFirst() {
        return StoreCheck.ok("conditional put", "the second put of a name is refused: many may write at once");
    }

    public static StoreCheck losesRows() {
        return StoreCheck.failed(
                "conditional put",
                "the second put of a name is not refused: of two writers at once, the rows of one are lost",
                "use a service with If-None-Match, or --unsafe-commit where there is one writer only");
    }

    /// One check.
    @FunctionalInterface
    public interface Check {
        StoreCheck run() throws IOException;
    }

    private void run() {
        if (!check("write", this::write)) {
            for (String name : List.of("ranged get", "conditional put", "listing order", "delete")) {
                checks.add(StoreCheck.skipped(name, "nothing can be written"));
            }
            return;
        }
        check("ranged get", this::rangedGet);
        check("conditional put", conditionalPut);
        check("listing order", this::listingOrder);
        check("delete", this::delete);
    }

    private boolean check(String name, Check check) {
        try {
            checks.add(check.run());
        } catch (IOException | RuntimeException e) {
            checks.add(StoreCheck.failed(name, String.valueOf(e.getMessage()), "see the message; --debug says more"));
        }
        return checks.getLast().outcome() != StoreCheck.Outcome.FAILED;
    }

    private StoreCheck write() throws IOException {
        store.put(folder.resolve("object"), "0123456789".getBytes(UTF_8));
        return StoreCheck.ok("write", "an object was put");
    }

    private StoreCheck rangedGet() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = arena.allocate(4);
            store.read(folder.resolve("object"), 3, range);
            MemorySegment tail = store.readTail(folder.resolve("object"), 2, arena).bytes();
            String found = new String(range.toArray(ValueLayout.JAVA_BYTE), UTF_8) + " " + new String(tail.toArray(ValueLayout.JAVA_BYTE), UTF_8);
            return found.equals("3456 89")
                    ? StoreCheck.ok("ranged get", "ranges and ends of objects come as asked for")
                    : StoreCheck.failed("ranged get", "other bytes came than were asked for", "use another service");
        }
    }

    private StoreCheck conditionalPut() throws IOException {
        ObjectPath path = folder.resolve("once");
        boolean first = store.putIfAbsent(path, "first".getBytes(UTF_8));
        boolean second = store.putIfAbsent(path, "second".getBytes(UTF_8));
        boolean isKept = new String(store.readAll(path, 100), UTF_8).equals("first");
        return first && !second && isKept ? keepsTheFirst() : losesRows();
    }

    private StoreCheck listingOrder() throws IOException {
        ObjectPath listed = folder.resolve("listed");
        for (String name : NAMES) {
            store.put(listed.resolve(name), new byte[] {1});
        }
        List<String> found = store.list(listed).stream()
                .map(meta -> meta.path().value().substring(listed.value().length() + 1))
                .toList();
        List<String> sorted = found.stream().sorted(ObjectPath::compareNames).toList();
        if (found.size() != NAMES.size()) {
            return StoreCheck.failed("listing order", found.size() + " of " + NAMES.size() + " objects were listed right after they were put",
                    "use a service whose listings are up to date");
        }
        if (!store.listsInOrder()) {
            return StoreCheck.ok("listing order", "none: the newest version is found by its hint");
        }
        return found.equals(sorted)
                ? StoreCheck.ok("listing order", "by bytes: the newest version is listed first")
                : StoreCheck.failed("listing order", "not by bytes, so that a new version could be missed", "set aws_s3_express=true");
    }

    private StoreCheck delete() throws IOException {
        store.deleteAll(store.list(folder).stream().map(meta -> meta.path()).toList());
        return store.list(folder).isEmpty()
                ? StoreCheck.ok("delete", "the objects of this examination are gone")
                : StoreCheck.failed("delete", "objects are left below " + folder, "allow deleting: cleanup needs it");
    }
}
