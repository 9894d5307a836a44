// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.LanceFileReader;
import dev.joust.format.index.IndexText;
import dev.joust.format.index.IvfPartitions;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.index.Tensor;
import dev.joust.index.internal.vector.CodeColumns;
import dev.joust.index.internal.vector.EncodedRows;
import dev.joust.index.internal.vector.GraphReader;
import dev.joust.index.internal.vector.IvfModel;
import dev.joust.index.internal.vector.Partition;
import dev.joust.index.internal.vector.Partitions;
import dev.joust.index.internal.vector.VectorEncoder;
import dev.joust.index.internal.vector.VectorStorage;
import dev.joust.index.internal.vector.VectorTraining;
import dev.joust.index.internal.vector.hnsw.HnswGraph;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;

/// One segment of a vector index, opened: `index.idx` with centroids and graphs, `auxiliary.idx` with row ids and codes
/// (spec: index format B.1). What it read of partitions stays in the session's cache. Immutable, thread-safe; holds
/// nothing open.
public final class VectorIndex {
    public static final String INDEX_FILE = "index.idx";
    public static final String AUXILIARY_FILE = "auxiliary.idx";

    /// Column of row ids.
    public static final String ROW_ID = "_rowid";
    /// Keys of the schema metadata.
    public static final String INDEX_KEY = "lance:index";
    public static final String IVF_KEY = "lance:ivf";
    public static final String STORAGE_KEY = "storage_metadata";

    private final IndexDirectory directory;
    private final VectorIndexKind kind;
    private final DistanceType metric;
    private final IvfModel model;
    private final @Nullable Double loss;
    private final QuantizerMetadata quantizer;
    private final VectorStorage storage;
    private final LanceFileReader auxiliary;
    private final IvfPartitions rows;
    private final @Nullable GraphReader graphs;
    private final FileProjection projection;
    private final double rowBytes;

    private VectorIndex(IndexDirectory directory, LanceFileReader index, LanceFileReader auxiliary) throws IOException {
        this.directory = directory;
        this.auxiliary = auxiliary;
        ObjectPath indexPath = directory.path(INDEX_FILE);
        ObjectPath auxiliaryPath = directory.path(AUXILIARY_FILE);
        for (LanceFileReader file : List.of(index, auxiliary)) {
            if (file.version() == FileVersion.V0_1) {
                throw new UnsupportedFormatException(indexPath + ": an index of the layout before 0.3 files");
            }
        }
        Map<String, String> about = IndexText.object(indexPath, INDEX_KEY, metadata(index, indexPath, INDEX_KEY));
        kind = VectorIndexKind.fromName(about.getOrDefault("type", "without a type"));
        metric = metric(indexPath, about.getOrDefault("distance_type", ""));
        IvfPartitions centroids = partitions(index, indexPath);
        rows = partitions(auxiliary, auxiliaryPath);
        if (centroids.centroids() == null || rows.count() != centroids.count()) {
            throw new CorruptFileException(indexPath, 0, "partitions", (centroids.centroids() == null ? "no" : "" + centroids.count())
                    + " centroids, " + rows.count() + " partitions in " + AUXILIARY_FILE);
        }
        checkRows(auxiliaryPath, rows, auxiliary.rowCount());
        model = IvfModel.of(metric, centroids);
        loss = centroids.loss();
        List<String> texts = IndexText.strings(
                auxiliaryPath, STORAGE_KEY, metadata(auxiliary, auxiliaryPath, STORAGE_KEY));
        if (texts.size() != 1) {
            throw new CorruptFileException(auxiliaryPath, 0, STORAGE_KEY, "holds " + texts.size() + " texts instead of one");
        }
        quantizer = QuantizerMetadata.parse(auxiliaryPath, kind.name(), texts.getFirst());
        if (quantizer.dimension() != model.dimension()) {
            throw new CorruptFileException(auxiliaryPath, 0, STORAGE_KEY, quantizer.dimension()
                    + " dimensions, centroids have " + model.dimension());
        }
        storage = Partitions.storage(auxiliary, auxiliaryPath, metric, quantizer, model);
        List<String> columns = new ArrayList<>(List.of(ROW_ID));
        columns.addAll(storage.columns());
        projection = CodeColumns.select(auxiliary, auxiliaryPath, columns);
        rowBytes = auxiliary.bytesPerRow(projection);
        graphs = kind.hasGraph() ? new GraphReader(directory.session(), index, indexPath, centroids, rows) : null;
    }

    /// Opens the files of a segment: two requests, and one more for each codebook or large set of centroids.
    ///
    /// @throws UnsupportedFormatException naming the kind or layout that is not read here
    /// @throws CorruptFileException       if the files contradict themselves or each other
    public static VectorIndex open(IndexDirectory directory) throws IOException {
        return new VectorIndex(directory, directory.open(INDEX_FILE), directory.open(AUXILIARY_FILE));
    }

    private static String metadata(LanceFileReader file, ObjectPath path, String key) {
        String value = file.schema().metadata().get(key);
        if (value == null) {
            throw new CorruptFileException(path, 0, "schema metadata", "'" + key + "' is missing");
        }
        return value;
    }

    private static DistanceType metric(ObjectPath path, String code) {
        try {
            return DistanceType.fromCode(code);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedFormatException(path + ": distance type '" + code + "'", e);
        }
    }

    private static IvfPartitions partitions(LanceFileReader file, ObjectPath path) throws IOException {
        String buffer = metadata(file, path, IVF_KEY);
        try {
            return IvfPartitions.parse(path, 0, file.globalBuffer(Integer.parseInt(buffer)));
        } catch (NumberFormatException e) {
            throw new CorruptFileException(path, 0, IVF_KEY, "expected the number of a buffer, found '" + buffer + "'");
        }
    }

    private static void checkRows(ObjectPath path, IvfPartitions partitions, long rowCount) {
        for (int i = 0; i < partitions.count(); i++) {
            long offset = partitions.offsets()[i];
            int length = partitions.lengths()[i];
            if (length > 0 && (offset < 0 || offset > rowCount - length)) {
                throw new CorruptFileException(path, 0, "partition " + i, length + " rows from row "
                        + Long.toUnsignedString(offset) + " on, the file has " + rowCount);
            }
        }
    }

    public VectorIndexKind kind() {
        return kind;
    }

    public DistanceType metric() {
        return metric;
    }

    public int dimension() {
        return model.dimension();
    }

    /// What its vectors and centroids are made of.
    public VectorElement element() {
        return model.element();
    }

    /// A query as the index compares: rounded as its vectors are, and of length 1 for cosine.
    float[] compared(float[] query) {
        float[] rounded = element().asQuery(query, metric);
        return metric == DistanceType.COSINE ? element().round(Vectors.ofLengthOne(rounded)) : rounded;
    }

    /// Rows of each partition.
    public int[] partitionSizes() {
        return rows.lengths().clone();
    }

    public int partitionCount() {
        return rows.count();
    }

    public long rowCount() {
        return rows.rowCount();
    }

    public @Nullable Double loss() {
        return loss;
    }

    public QuantizerMetadata quantizer() {
        return quantizer;
    }

    /// Memory held, about, without the partitions.
    public long sizeBytes() {
        return 4096 + 9L * model.count() * model.dimension() + 16L * rows.count();
    }

    public IndexDirectory directory() {
        return directory;
    }

    /// The file that holds the rows' ids.
    public ObjectPath rowIdFile() {
        return directory.path(AUXILIARY_FILE);
    }

    /// Whether distances are those of the vectors themselves, in the index's metric, not of what codes stand for.
    public boolean isExact() {
        return quantizer instanceof QuantizerMetadata.Flat;
    }

    IvfModel model() {
        return model;
    }

    VectorStorage storage() {
        return storage;
    }

    int partitionSize(int partition) {
        return rows.lengths()[partition];
    }

    Partition partition(int id) throws IOException {
        return Partitions.cached(directory.session(), this, id, this::read);
    }

    /// Several partitions; those that are not in memory are read all at once.
    List<Partition> partitions(int[] ids) throws IOException {
        return Partitions.cached(directory.session(), this, ids, this::read);
    }

    /// Bytes of a partition's rows in memory, about.
    long partitionBytes(int partition) {
        return (long) (rowBytes * rows.lengths()[partition]);
    }

    Session session() {
        return directory.session();
    }

    private Partition read(int id) throws IOException {
        GraphReader reader = graphs;
        if (reader == null) {
            return read(id, Optional::empty);
        }
        // from afar both files are read at once; nearby a thread costs more than it saves
        return directory.folder().store().isRemote()
                ? Partitions.withBoth(directory.session(), () -> reader.read(id), graph -> read(id, graph))
                : read(id, () -> Optional.ofNullable(reader.read(id)));
    }

    private Partition read(int id, Partitions.Read<Optional<HnswGraph>> graphRead) throws IOException {
        int length = rows.lengths()[id];
        long start = rows.offsets()[id];
        try (BatchReader reader = auxiliary.scan(
                        projection,
                        start,
                        start + length,
                        Math.max(1, length),
                        ArrowMemory.of(directory.session()));
                Batch batch = reader.next()) {
            if (batch == null || batch.rowCount() != length) {
                throw new CorruptFileException(directory.path(AUXILIARY_FILE), 0, "partition " + id, "no rows");
            }
            VectorStorage.Vectors vectors = storage.read(batch);
            HnswGraph graph = graphRead.get().orElse(null);
            long[] ids = rowIds(batch);
            return new Partition(
                    ids, vectors, graph == null ? null : Partition.Graph.of(graph, storage.nodes(vectors), ids));
        }
    }

    /// What its rows were encoded with.
    VectorTraining training() throws IOException {
        IvfPartitions centroids = partitions(directory.open(INDEX_FILE), directory.path(INDEX_FILE));
        int buffer = switch (quantizer) {
            case QuantizerMetadata.Flat _, QuantizerMetadata.Scalar _ -> 0;
            case QuantizerMetadata.Product product -> product.codebookBuffer();
            case QuantizerMetadata.Rabit rabit -> rabit.matrixBuffer();
        };
        ObjectPath path = directory.path(AUXILIARY_FILE);
        Tensor tensor = buffer == 0 ? null : QuantizerMetadata.tensor(path, auxiliary.globalBuffer(buffer));
        try {
            return VectorTraining.restored(metric, centroids, quantizer, tensor);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(path, 0, STORAGE_KEY, String.valueOf(e.getMessage()));
        }
    }

    /// The rows of a partition as they were encoded.
    EncodedRows encoded(int partition, VectorEncoder encoder) throws IOException {
        int length = rows.lengths()[partition];
        if (length == 0) {
            return new EncodedRows(new long[0], new byte[0], null);
        }
        long start = rows.offsets()[partition];
        try (BatchReader reader = auxiliary.scan(
                        projection,
                        start,
                        start + length,
                        length,
                        ArrowMemory.of(directory.session()));
                Batch batch = reader.next()) {
            if (batch == null || batch.rowCount() != length) {
                throw new CorruptFileException(directory.path(AUXILIARY_FILE), 0, "partition " + partition, "no rows");
            }
            return new EncodedRows(
                    rowIds(batch), encoder.rows(batch, quantizer), graphs == null ? null : graphs.read(partition));
        }
    }

    private long[] rowIds(Batch batch) {
        ColumnBuffers column = batch.column(ROW_ID);
        MemorySegment values = column.values();
        if (values == null || values.byteSize() < 8L * batch.rowCount() || column.nullCount() > 0) {
            throw new CorruptFileException(directory.path(AUXILIARY_FILE), 0, "column " + ROW_ID, "no 64-bit numbers");
        }
        long[] ids = new long[batch.rowCount()];
        MemorySegment.copy(values, ValueLayout.JAVA_LONG_UNALIGNED, 0, ids, 0, ids.length);
        return ids;
    }

    @Override
    public String toString() {
        return kind + " " + metric.code() + ", " + rows.count() + " partitions, " + rowCount() + " rows";
    }
}
