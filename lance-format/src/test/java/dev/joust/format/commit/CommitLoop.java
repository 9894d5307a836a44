// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CommitConflictException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.commit.Operation.UpdateConfig.MapUpdate;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.table.FragmentWriter;
import dev.joust.format.internal.table.MovedRows;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.PrimaryKey;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowChange;
import dev.joust.format.table.StoredSchema;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.Durability;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;

/// Commits one operation after another, each as the format has it, in one process: `differential/cases/commits.py` drives
/// it. Not part of the product. A request is a line of words, separated by tabs:
///
///     create TABLE plain|stable|keyed FRAGMENTS       ten rows to a fragment: id, name, score
///     commit TABLE VERSION OPERATION ARGUMENT...      made from that version, whatever the newest is
///
/// The answer is a line: exit TAB standard output in Base64 TAB standard error in Base64. Exit 0 says which version it
/// became, 3 `retryable` or `incompatible`, 70 anything else.
final class CommitLoop implements AutoCloseable {
    private static final int ROWS = 10;
    private static final Schema SCHEMA = Schema.of(
            Field.required("id", new LogicalType.Int(64, true)),
            Field.nullable("name", new LogicalType.Utf8(false)),
            Field.nullable("score", new LogicalType.FloatingPoint(64)));

    private final Session session = Session.create();

    CommitLoop() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (CommitLoop loop = new CommitLoop()) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(loop.answer(line.split("\t", -1)));
                answers.flush();
            }
        }
    }

    private String answer(String[] words) {
        int exit;
        String out = "";
        String err = "";
        try {
            out = "version " + run(words);
            exit = 0;
        } catch (CommitConflictException e) {
            out = e.retryable() ? "retryable" : "incompatible";
            err = e.getMessage();
            exit = 3;
        } catch (IOException | RuntimeException | Error e) {
            err = e.toString() + Arrays.toString(e.getStackTrace());
            exit = 70;
        }
        return exit + "\t" + base64(out) + "\t" + base64(err);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The version that came of a request.
    long run(String... words) throws IOException {
        try (LocalObjectStore store = new LocalObjectStore(Path.of(words[1]), Durability.NONE)) {
            if (words[0].equals("create")) {
                Schema schema = words[2].equals("keyed") ? keyed() : SCHEMA;
                return Dataset.create(
                                session,
                                store,
                                schema,
                                rows(schema, 0, ROWS * Integer.parseInt(words[3])),
                                WriteOptions.DEFAULT
                                        .withStableRowIds(words[2].equals("stable"))
                                        .withMaxRowsPerFile(ROWS))
                        .version();
            }
            Dataset table = Dataset.openAt(session, store, Long.parseLong(words[2]));
            return commit(table, store, words[3], Arrays.asList(words).subList(4, words.length));
        }
    }

    private static Schema keyed() {
        List<Field> fields = new ArrayList<>(SCHEMA.fields());
        fields.set(0, fields.getFirst().withMetadata(Map.of(PrimaryKey.MARK, "true")));
        return new Schema(fields, Map.of());
    }

    private BatchReader rows(Schema schema, long firstId, int count) {
        List<Object[]> rows = new ArrayList<>();
        for (long id = firstId; id < firstId + count; id++) {
            Object[] all = {id, "name " + id, id / 2.0};
            rows.add(Arrays.copyOf(all, schema.fields().size()));
        }
        return TestRows.reader(session, schema, rows);
    }

    /// A file of column `score` alone.
    private DataFile scoreFile(LocalObjectStore store, int count, double value) throws IOException {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new Object[] {value + i});
        }
        Schema column = Schema.of(SCHEMA.fields().get(2).withId(2));
        return new FragmentWriter(new TableContext(session, store), FileVersion.V2_2, WriteOptions.DEFAULT)
                .write(column, TestRows.reader(session, column, rows))
                .getFirst()
                .files()
                .getFirst();
    }

    private long commit(Dataset table, LocalObjectStore store, String name, List<String> args) throws IOException {
        Manifest manifest = table.manifest();
        return switch (name) {
            case "append" -> table.append(rows(table.schema(), 1000, 3)).version();
            case "delete" -> table.deleteRows(address(args), "id = " + args).version();
            case "delete_fragment" ->
                table.commit(new Operation.Delete(List.of(), List.of(number(args, 0)), "a fragment")).version();
            case "update" -> update(table, args, null);
            case "merge_rows" -> {
                InsertedKeys keys = InsertedKeys.of(table.schema());
                keys.add(List.of(number(args, 2)));
                yield update(table, args, keys);
            }
            case "overwrite" -> table.overwrite(SCHEMA, rows(SCHEMA, 5000, 4)).version();
            case "overwrite_config" ->
                table.commit(new Operation.Overwrite(
                                table.writeFragments(rows(table.schema(), 5000, 4)),
                                StoredSchema.of(SCHEMA.withAssignedIds(0)),
                                Map.of(args.get(0), args.get(1)),
                                List.of(),
                                Bytes.EMPTY))
                        .version();
            default -> commitOther(table, store, manifest, name, args);
        };
    }

    private long commitOther(
            Dataset table, LocalObjectStore store, Manifest manifest, String name, List<String> args)
            throws IOException {
        Operation operation =
                switch (name) {
                    case "update_columns" -> updateColumns(table, store, number(args, 0));
                    case "create_index" -> createIndex(manifest, args);
                    case "rewrite" -> rewrite(table, store, args);
                    case "merge" -> merge(table, store, args.getFirst());
                    case "restore" -> new Operation.Restore(number(args, 0), Bytes.EMPTY);
                    case "reserve" -> new Operation.ReserveFragments((int) number(args, 0), Bytes.EMPTY);
                    case "project" -> project(manifest, args);
                    case "config" -> new Operation.UpdateConfig(map(args), null, null, Map.of(), Bytes.EMPTY);
                    case "table_metadata" -> new Operation.UpdateConfig(null, map(args), null, Map.of(), Bytes.EMPTY);
                    case "schema_metadata" -> new Operation.UpdateConfig(null, null, map(args), Map.of(), Bytes.EMPTY);
                    case "field_metadata" ->
                        new Operation.UpdateConfig(
                                null,
                                null,
                                null,
                                Map.of((int) number(args, 0), map(args.subList(1, args.size()))),
                                Bytes.EMPTY);
                    case "replace" -> {
                        DataFile file = scoreFile(store, ROWS, -100);
                        yield new Operation.DataReplacement(
                                List.of(new Operation.DataReplacement.Replacement(number(args, 0), file, Bytes.EMPTY)),
                                Bytes.EMPTY);
                    }
                    case "bases" ->
                        new Operation.UpdateBases(
                                List.of(new BasePath(
                                        (int) number(args, 0), args.get(1), false, args.get(2), Bytes.EMPTY)),
                                Bytes.EMPTY);
                    case "clone" -> {
                        clone(table, store, args.getFirst());
                        yield null;
                    }
                    default -> throw new IllegalArgumentException("no operation " + name);
                };
        return operation == null ? manifest.version() : table.commit(operation).version();
    }

    private static long number(List<String> args, int index) {
        return Long.parseLong(args.get(index));
    }

    /// Fragment and offset of a row.
    private static RowAddressSet address(List<String> args) {
        return RowAddressSet.of(RowAddress.of(number(args, 0), (int) number(args, 1)));
    }

    private static MapUpdate map(List<String> args) {
        MapUpdate.Entry entry = new MapUpdate.Entry(args.get(0), args.get(1).isEmpty() ? null : args.get(1));
        return new MapUpdate(List.of(entry), args.size() > 2, Bytes.EMPTY);
    }

    /// Writes a row again, and a new one where its id is given.
    private long update(Dataset table, List<String> args, InsertedKeys keys) throws IOException {
        long[] moved = {RowAddress.of(number(args, 0), (int) number(args, 1))};
        long id = 10 * number(args, 0) + number(args, 1);
        List<Object[]> rows = new ArrayList<>();
        rows.add(Arrays.copyOf(new Object[] {id, "updated", -1.0}, table.schema().fields().size()));
        if (args.size() > 2) {
            rows.add(Arrays.copyOf(
                    new Object[] {number(args, 2), "inserted", -2.0}, table.schema().fields().size()));
        }
        RowChange change =
                RowChange.of(moved, RowAddressSet.EMPTY, table.manifest()).withChangedFields(List.of(1, 2));
        if (keys != null) {
            change = change.withInsertedKeys(keys);
        }
        return table.replaceRows(change, TestRows.reader(session, table.schema(), rows))
                .version();
    }

    /// Column `score` of a fragment is written to a file of its own, rows 1 and 2 with other values.
    private Operation updateColumns(Dataset table, LocalObjectStore store, long id) throws IOException {
        Fragment before = table.manifest().fragment(id).orElseThrow();
        DataFile file = scoreFile(store, ROWS, -200);
        List<DataFile> files = new ArrayList<>();
        for (DataFile old : before.files()) {
            files.add(old.withFieldIds(old.fieldIds().stream()
                    .map(field -> field == 2 ? DataFile.TOMBSTONE : field)
                    .toList()));
        }
        files.add(file);
        return new Operation.Update(
                List.of(),
                List.of(before.withFiles(files)),
                List.of(),
                List.of(2),
                List.of(),
                Operation.Update.Mode.REWRITE_COLUMNS,
                null,
                Map.of(id, IndexSegments.bytes(RoaringBitmap.bitmapOf(1, 2))),
                Bytes.EMPTY);
    }

    /// An index of a kind that nobody knows: name, field, fragments.
    private static Operation createIndex(Manifest manifest, List<String> args) {
        RoaringBitmap fragments = new RoaringBitmap();
        args.subList(2, args.size()).forEach(id -> fragments.add(Integer.parseInt(id)));
        IndexMetadata index = new IndexMetadata(
                UUID.randomUUID(),
                List.of((int) number(args, 1)),
                args.getFirst(),
                manifest.version(),
                IndexSegments.bytes(fragments),
                "/joust.test.NothingIndexDetails",
                Bytes.EMPTY,
                0,
                1L,
                null,
                List.of(),
                Bytes.EMPTY);
        List<IndexMetadata> replaced = manifest.indices().stream()
                .filter(other -> other.name().equals(index.name()))
                .toList();
        return new Operation.CreateIndex(List.of(index), replaced, Bytes.EMPTY);
    }

    /// Fragments go into one that is written from what they hold.
    private Operation rewrite(Dataset table, LocalObjectStore store, List<String> ids) throws IOException {
        List<Fragment> old = ids.stream()
                .map(id -> table.manifest().fragment(Long.parseLong(id)).orElseThrow())
                .toList();
        List<Long> addresses = new ArrayList<>();
        for (Fragment fragment : old) {
            for (long offset = 0; offset < fragment.physicalRowCount(); offset++) {
                addresses.add(RowAddress.of(fragment.id(), (int) offset));
            }
        }
        List<String> columns = table.schema().fields().stream().map(Field::name).toList();
        long[] all = addresses.stream().mapToLong(Long::longValue).toArray();
        var batch = table.take(all, columns);
        List<Fragment> added = table.writeFragments(TestRows.reader(table.schema(), List.of(batch)));
        if (table.manifest().hasStableRowIds()) {
            added = MovedRows.withIds(
                    new TableContext(session, store),
                    table.manifest(),
                    added,
                    all,
                    ArrowMemory.of(session));
        }
        return new Operation.Rewrite(
                List.of(new Operation.Rewrite.Group(old, added, Bytes.EMPTY)), List.of(), Bytes.EMPTY);
    }

    /// Adds a column: `null`, or with a file for each fragment; or writes `score` `anew`.
    private Operation merge(Dataset table, LocalObjectStore store, String kind) throws IOException {
        Manifest manifest = table.manifest();
        List<Field> fields = new ArrayList<>(manifest.schema().fields());
        int id = manifest.maxFieldId() + 1;
        boolean anew = kind.equals("anew");
        if (!anew) {
            fields.add(Field.nullable("extra", new LogicalType.FloatingPoint(64)).withId(id));
        }
        List<Fragment> fragments = new ArrayList<>();
        for (Fragment fragment : manifest.fragments()) {
            if (kind.equals("null")) {
                fragments.add(fragment);
                continue;
            }
            DataFile file = scoreFile(store, (int) fragment.physicalRowCount(), 7);
            List<DataFile> files = new ArrayList<>();
            for (DataFile old : fragment.files()) {
                files.add(!anew
                        ? old
                        : old.withFieldIds(old.fieldIds().stream()
                                .map(field -> field == 2 ? DataFile.TOMBSTONE : field)
                                .toList()));
            }
            files.add(anew ? file : file.withFieldIds(List.of(id)));
            fragments.add(fragment.withFiles(files));
        }
        return new Operation.Merge(
                fragments,
                manifest.storedSchema().withSchema(new Schema(fields, manifest.schema().metadata())),
                true,
                Bytes.EMPTY);
    }

    /// `drop` column `name`, `rename` it, or make it `required`.
    private static Operation project(Manifest manifest, List<String> args) {
        List<Field> fields = new ArrayList<>();
        for (Field field : manifest.schema().fields()) {
            boolean chosen = field.name().equals("name");
            if (!chosen) {
                fields.add(field);
            } else if (args.getFirst().equals("rename")) {
                fields.add(new Field(
                        field.id(), "label", field.type(), field.nullable(), field.children(), field.metadata()));
            } else if (args.getFirst().equals("required")) {
                fields.add(new Field(
                        field.id(), field.name(), field.type(), false, field.children(), field.metadata()));
            }
        }
        return new Operation.Project(
                manifest.storedSchema().withSchema(new Schema(fields, manifest.schema().metadata())),
                !args.getFirst().equals("required"),
                Bytes.EMPTY);
    }

    private void clone(Dataset table, LocalObjectStore store, String target) throws IOException {
        try (LocalObjectStore other = new LocalObjectStore(Path.of(target), Durability.NONE)) {
            Operation.Clone clone = new Operation.Clone(
                    true, null, table.version(), store.root().getPath(), null, Bytes.EMPTY);
            new Committer(new TableContext(session, other), CommitOptions.DEFAULT)
                    .createClone(table.manifest(), Transaction.of(table.version(), clone, Map.of()));
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
