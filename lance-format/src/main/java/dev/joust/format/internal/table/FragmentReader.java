// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.FixedRows;
import dev.joust.format.file.LanceFileReader;
import dev.joust.format.internal.blob.BlobFiles;
import dev.joust.format.internal.encoding.Startable;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.RowVersions;
import dev.joust.format.table.StoredSequence;

/// The rows of one fragment, physical ones: deleted rows are the caller's to leave out. Columns are put together from
/// the fragment's files, and are null where no file has them (spec: table format 2.2, 7). Files are opened when a
/// column of theirs is first read. Not thread-safe.
public final class FragmentReader implements AutoCloseable {
    private final TableContext table;
    private final Manifest manifest;
    private final Fragment fragment;
    private final BufferSources memory;
    private final Map<DataFile, LanceFileReader> readers = new HashMap<>();
    private @Nullable DeletionVector deletions;

    public FragmentReader(TableContext table, Manifest manifest, Fragment fragment, BufferSources memory) {
        this.table = table;
        this.manifest = manifest;
        this.fragment = fragment;
        this.memory = memory;
    }

    public Fragment fragment() {
        return fragment;
    }

    /// Opens the files of these columns and reads which rows are deleted, all in one round. Who leaves it out has them
    /// opened one after the other.
    public void open(Collection<Field> fields) throws IOException {
        if (!table.store().isRemote()) {
            return; // what a thread costs is more than what it saves
        }
        List<DataFile> files = new ArrayList<>();
        for (Part part : parts(fields)) {
            if (!readers.containsKey(part.file())) {
                files.add(part.file());
            }
        }
        List<Opening> openings = new ArrayList<>();
        files.forEach(file -> openings.add(() -> openReader(file)));
        if (deletions == null && fragment.deletionFile() != null) {
            openings.add(() -> table.deletions(manifest, fragment));
        }
        List<Object> opened = Parallel.map(table.session(), openings, openings.size(), Opening::open);
        for (int i = 0; i < files.size(); i++) {
            readers.put(files.get(i), (LanceFileReader) opened.get(i));
        }
        if (openings.size() > files.size()) {
            deletions = (DeletionVector) opened.getLast();
        }
    }

    @FunctionalInterface
    private interface Opening {
        Object open() throws IOException;
    }

    public DeletionVector deletions() throws IOException {
        if (deletions == null) {
            deletions = table.deletions(manifest, fragment);
        }
        return deletions;
    }

    /// Stable ids of the rows; null where row ids are addresses.
    public @Nullable RowIdSequence rowIds() {
        if (!manifest.hasStableRowIds()) {
            return null;
        }
        String structure = "row ids of fragment " + fragment.id();
        MessageSource source = lineageSource();
        return switch (fragment.rowIds()) {
            case StoredSequence.Inline inline ->
                RowIdSequenceCodec.parse(inline.message(), fragment.physicalRowCount(), source, structure);
            case StoredSequence.InColumn _ ->
                throw new UnsupportedFormatException(structure + " are in a column of its files");
            case null -> throw source.corrupt(structure, "are not there, in a table with stable row ids");
        };
    }

    /// The versions that the rows were added in.
    public RowVersions createdAtVersions() {
        return versions(fragment.createdAtVersions(), "versions in which rows were added, of fragment ");
    }

    /// The versions that the rows were last changed in.
    public RowVersions lastUpdatedAtVersions() {
        return versions(fragment.lastUpdatedAtVersions(), "versions in which rows were last changed, of fragment ");
    }

    private RowVersions versions(@Nullable StoredSequence stored, String what) {
        String structure = what + fragment.id();
        return switch (stored) {
            case StoredSequence.Inline inline ->
                RowIdSequenceCodec.parseVersions(
                        inline.message(), fragment.physicalRowCount(), lineageSource(), structure);
            case StoredSequence.InColumn _ ->
                throw new UnsupportedFormatException(structure + " are in a column of its files");
            case null -> RowVersions.uniform(fragment.physicalRowCount(), RowVersions.UNRECORDED);
        };
    }

    private MessageSource lineageSource() {
        return new MessageSource(TablePaths.VERSIONS.resolve("version " + manifest.version()), 0);
    }

    /// Rows that a batch of these fields may have to take no more than so many bytes, about; at least one.
    public int batchRowCount(Collection<Field> fields, int maxRowCount, long maxBytes) throws IOException {
        double bytesPerRow = 0;
        for (Part part : parts(fields)) {
            bytesPerRow += reader(part.file()).bytesPerRow(part.projection());
        }
        return (int) Math.max(1, Math.min(maxRowCount, maxBytes / Math.max(1e-3, bytesPerRow)));
    }

    /// Rows `[startRow, endRow)`, in batches that end at multiples of `batchRowCount` from `startRow`.
    ///
    /// @param fields top-level, of the table's schema; below a struct perhaps only some
    public Rows scan(List<Field> fields, long startRow, long endRow, int batchRowCount) throws IOException {
        List<BatchReader> scans = new ArrayList<>();
        try {
            for (Part part : parts(fields)) {
                scans.add(reader(part.file()).scan(part.projection(), startRow, endRow, batchRowCount, memory));
            }
        } catch (IOException | RuntimeException | Error e) {
            closeAll(scans, e);
            throw e;
        }
        return new Rows(fields, scans, startRow, endRow, batchRowCount);
    }

    /// The rows at these offsets, in that order.
    public Batch take(List<Field> fields, long[] rowOffsets) throws IOException {
        List<Batch> taken = new ArrayList<>();
        try {
            List<Part> parts = parts(fields);
            open(fields);
            if (parts.size() > 1 && table.store().isRemote()) {
                takeAtOnce(parts, rowOffsets, taken);
            } else {
                for (Part part : parts) {
                    taken.add(reader(part.file()).take(part.projection(), rowOffsets, memory));
                }
            }
            return assemble(fields, taken, rowOffsets.length);
        } catch (IOException | RuntimeException | Error e) {
            taken.forEach(Batch::close);
            throw e;
        }
    }

    /// Single rows of a column out of the mapped file; null where that cannot be had.
    public @Nullable FixedRows fixedRows(Field field) throws IOException {
        List<Part> parts = parts(List.of(field));
        return parts.size() == 1 ? reader(parts.getFirst().file()).fixedRows(parts.getFirst().projection()) : null;
    }

    /// Adds a batch of each file, in their order.
    private void takeAtOnce(List<Part> parts, long[] rowOffsets, List<Batch> taken) throws IOException {
        List<Future<Batch>> futures = new ArrayList<>();
        for (Part part : parts) {
            LanceFileReader reader = reader(part.file());
            futures.add(table.session()
                    .ioExecutor()
                    .submit(() -> reader.take(part.projection(), rowOffsets, memory)));
        }
        RowTake.await(futures, taken);
    }

    /// Where the blobs of a column lie; null if no file has it.
    public @Nullable BlobFiles blobFiles(int fieldId) throws IOException {
        for (DataFile file : fragment.files()) {
            if (columnsOf(file).containsKey(fieldId)) {
                TableContext.FileLocation location = table.locate(manifest, file);
                return new BlobFiles(table.session(), location.store(), location.path(), null);
            }
        }
        return null;
    }

    /// A file and what to read of it.
    private record Part(DataFile file, FileProjection projection) {}

    private List<Part> parts(Collection<Field> fields) {
        List<Map<Integer, Integer>> columnsByFile = columnsByFile();
        List<Set<Integer>> idsByFile = columnsByFile.stream().map(Map::keySet).toList();
        FileFields stored = new FileFields(idsByFile);
        List<List<Field>> fieldsByFile = new ArrayList<>();
        columnsByFile.forEach(_ -> fieldsByFile.add(new ArrayList<>()));
        for (Field field : fields) {
            Field whole = manifest.schema().fields().stream()
                    .filter(candidate -> candidate.id() == field.id())
                    .findFirst()
                    .orElse(field);
            Field read = stored.toRead(field, whole);
            boolean found = false;
            for (int i = 0; i < columnsByFile.size(); i++) {
                Field ofFile = FileFields.only(read, idsByFile.get(i));
                if (ofFile != null) {
                    fieldsByFile.get(i).add(ofFile);
                    found = true;
                }
            }
            if (!found && !field.nullable()) {
                throw new CorruptFileException("version " + manifest.version() + ": column '" + field.name()
                        + "' holds no nulls, but no file of fragment " + fragment.id() + " has it");
            }
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < columnsByFile.size(); i++) {
            if (!fieldsByFile.get(i).isEmpty()) {
                FileProjection projection = new FileProjection(fieldsByFile.get(i), columnsByFile.get(i));
                parts.add(new Part(fragment.files().get(i), projection));
            }
        }
        return parts;
    }

    /// Of a leaf that two files have, the first file's is read: the other is left over from a writer that gave an id twice
    /// (spec: legacy format 6.3).
    private List<Map<Integer, Integer>> columnsByFile() {
        if (fragment.files().size() == 1) {
            return List.of(columnsOf(fragment.files().getFirst()));
        }
        Set<Integer> leaves = new HashSet<>();
        for (Field field : manifest.schema().preOrder()) {
            if (field.children().isEmpty()) {
                leaves.add(field.id());
            }
        }
        List<Map<Integer, Integer>> columnsByFile = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (DataFile file : fragment.files()) {
            Map<Integer, Integer> columns = columnsOf(file);
            columns.keySet().removeAll(seen);
            columns.keySet().stream().filter(leaves::contains).forEach(seen::add);
            columnsByFile.add(columns);
        }
        return columnsByFile;
    }

    private static Map<Integer, Integer> columnsOf(DataFile file) {
        Map<Integer, Integer> columns = new HashMap<>();
        if (FileVersion.fromNumbers(file.majorVersion(), file.minorVersion()) == FileVersion.V0_1) {
            // All fields of the file in the order of its ids, which need not be the table's (spec: legacy format 2.2).
            for (int i = 0; i < file.fieldIds().size(); i++) {
                if (file.fieldIds().get(i) >= 0) {
                    columns.put(file.fieldIds().get(i), i);
                }
            }
            return columns;
        }
        for (int i = 0; i < Math.min(file.fieldIds().size(), file.columnIndices().size()); i++) {
            int column = file.columnIndices().get(i);
            if (file.fieldIds().get(i) >= 0 && column >= 0) {
                columns.put(file.fieldIds().get(i), column);
            }
        }
        return columns;
    }

    private LanceFileReader reader(DataFile file) throws IOException {
        LanceFileReader reader = readers.get(file);
        if (reader == null) {
            reader = openReader(file);
            readers.put(file, reader);
        }
        return reader;
    }

    private LanceFileReader openReader(DataFile file) throws IOException {
        TableContext.FileLocation location = table.locate(manifest, file);
        LanceFileReader reader = LanceFileReader.open(
                table.session(),
                location.store(),
                location.path(),
                file.sizeBytes() == 0 ? -1 : file.sizeBytes());
        if (reader.rowCount() != fragment.physicalRowCount()) {
            throw new CorruptFileException(location.path(), 0, "data file", "holds " + reader.rowCount()
                    + " rows, fragment " + fragment.id() + " has " + fragment.physicalRowCount());
        }
        return reader;
    }

    /// One batch of the columns wanted, out of batches of the files; takes these over.
    private Batch assemble(List<Field> fields, List<Batch> parts, int rowCount) {
        for (Batch part : parts) {
            if (part.rowCount() != rowCount) {
                throw new IllegalStateException(part.rowCount() + " rows of one file beside " + rowCount);
            }
        }
        BufferSource target = parts.isEmpty() ? memory.open() : parts.getFirst().memory();
        try {
            List<ColumnBuffers> columns = new ArrayList<>();
            for (Field field : fields) {
                columns.add(columnOf(field, parts, rowCount, target));
            }
            Batch batch = new Batch(new Schema(fields, Map.of()), rowCount, columns, target);
            parts.stream().skip(1).forEach(Batch::close);
            return batch;
        } catch (RuntimeException | Error e) {
            if (parts.isEmpty()) {
                target.close();
            }
            throw e;
        }
    }

    /// A batch has one memory: what comes from further files moves over to that of the first.
    private static ColumnBuffers columnOf(Field field, List<Batch> parts, int rowCount, BufferSource target) {
        List<FieldMerge.Part> found = new ArrayList<>();
        for (Batch part : parts) {
            for (ColumnBuffers column : part.columns()) {
                if (column.field().id() == field.id()) {
                    found.add(new FieldMerge.Part(column, part == parts.getFirst()));
                }
            }
        }
        return new FieldMerge(target).merge(field, found, rowCount);
    }

    private static void closeAll(List<? extends BatchReader> scans, Throwable failure) {
        for (BatchReader scan : scans) {
            try {
                scan.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (LanceFileReader reader : readers.values()) {
            reader.close();
        }
        readers.clear();
    }

    /// Consecutive rows of the fragment, batch by batch.
    public final class Rows implements AutoCloseable {
        private final List<Field> fields;
        private final List<BatchReader> scans;
        private final long endRow;
        private final int batchRowCount;
        private long nextRow;

        private Rows(List<Field> fields, List<BatchReader> scans, long startRow, long endRow, int batchRowCount) {
            this.fields = fields;
            this.scans = scans;
            this.nextRow = startRow;
            this.endRow = endRow;
            this.batchRowCount = batchRowCount;
        }

        /// Offset of the first row of the next batch.
        public long nextRow() {
            return nextRow;
        }

        /// The next batch, the caller's to close; null at the end.
        public @Nullable Batch next() throws IOException {
            if (nextRow >= endRow) {
                return null;
            }
            int rowCount = (int) Math.min(batchRowCount, endRow - nextRow);
            List<Batch> parts = new ArrayList<>();
            try {
                if (scans.size() > 1) {
                    startAll();
                }
                for (BatchReader scan : scans) {
                    Batch part = scan.next();
                    if (part == null) {
                        throw new IllegalStateException("a file's rows end at " + nextRow + " instead of " + endRow);
                    }
                    parts.add(part);
                }
                // A file may cut its batches shorter, so that strings keep 32-bit offsets.
                if (!parts.isEmpty()) {
                    rowCount = parts.getFirst().rowCount();
                }
                Batch batch = assemble(fields, parts, rowCount);
                nextRow += rowCount;
                return batch;
            } catch (IOException | RuntimeException | Error e) {
                parts.forEach(Batch::close);
                throw e;
            }
        }

        /// So that no file waits for the bytes of another.
        private void startAll() {
            for (BatchReader scan : scans) {
                if (scan instanceof Startable startable) {
                    startable.start();
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (BatchReader scan : scans) {
                scan.close();
            }
        }
    }
}
