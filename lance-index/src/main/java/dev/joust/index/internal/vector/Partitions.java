// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.LanceFileReader;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.index.Tensor;
import dev.joust.index.DistanceType;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.rq.RabitQuantizer;
import dev.joust.index.internal.vector.rq.Rotation;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;

/// What an opened index needs to have its partitions read and kept.
public final class Partitions {
    private Partitions() {}

    /// Reads a partition.
    @FunctionalInterface
    public interface Loader {
        Partition load(int partition) throws IOException;
    }

    /// A partition out of the session's cache, or read now.
    ///
    /// @param index that it is of, by identity
    public static Partition cached(Session session, Object index, int partition, Loader loader) throws IOException {
        return PartitionCache.of(session).get(index, partition, loader::load);
    }

    /// Several partitions out of the session's cache; those that are not there are read, all at once.
    public static List<Partition> cached(Session session, Object index, int[] partitions, Loader loader) throws IOException {
        PartitionCache cache = PartitionCache.of(session);
        Partition[] found = new Partition[partitions.length];
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < partitions.length; i++) {
            Partition known = cache.getIfPresent(index, partitions[i]);
            if (known == null) {
                missing.add(i);
            } else {
                found[i] = known;
            }
        }
        if (missing.size() == 1) {
            int place = missing.getFirst();
            found[place] = cache.get(index, partitions[place], loader::load);
        } else if (!missing.isEmpty()) {
            List<Callable<Partition>> reads = new ArrayList<>();
            for (int place : missing) {
                reads.add(() -> cache.get(index, partitions[place], loader::load));
            }
            List<Partition> read = JointReads.all(session, reads);
            for (int i = 0; i < read.size(); i++) {
                found[missing.get(i)] = read.get(i);
            }
        }
        return List.of(found);
    }

    /// Reads something.
    @FunctionalInterface
    public interface Read<T> {
        T get() throws IOException;
    }

    /// Makes something of what one read brings, while which it may read itself.
    @FunctionalInterface
    public interface Beside<T, R> {
        R make(Read<T> read) throws IOException;
    }

    /// Starts a read, and hands on what waits for it.
    ///
    /// @param <R> is made once the read has ended, whether it was asked for or not
    public static <T, R> R withBoth(Session session, Read<@Nullable T> read, Beside<Optional<T>, R> beside)
            throws IOException {
        Future<Optional<T>> started = session.ioExecutor().submit(() -> Optional.ofNullable(read.get()));
        return beside.make(() -> JointReads.all(List.of(started)).getFirst());
    }

    /// How the vectors of an index are stored, with what of that is in global buffers.
    ///
    /// @throws UnsupportedFormatException naming what is not read here
    public static VectorStorage storage(
            LanceFileReader auxiliary,
            ObjectPath path,
            DistanceType metric,
            QuantizerMetadata quantizer,
            IvfModel model)
            throws IOException {
        return switch (quantizer) {
            case QuantizerMetadata.Flat(int dimension) -> new FlatStorage(metric, dimension);
            case QuantizerMetadata.Scalar(int dimension, int bitCount, double lower, double upper) -> {
                if (bitCount != 8) {
                    throw new UnsupportedFormatException(path + ": a scalar quantizer of " + bitCount + " bits");
                }
                try {
                    yield new ScalarStorage(metric, new ScalarQuantizer(lower, upper), dimension);
                } catch (IllegalArgumentException e) {
                    throw new CorruptFileException(path, 0, "scalar quantizer", String.valueOf(e.getMessage()));
                }
            }
            case QuantizerMetadata.Product product -> new ProductStorage(
                    metric, codebook(auxiliary, path, product), product.transposed(), model);
            case QuantizerMetadata.Rabit rabit -> rabit(auxiliary, path, metric, rabit, model);
        };
    }

    private static PqCodebook codebook(LanceFileReader auxiliary, ObjectPath path, QuantizerMetadata.Product product)
            throws IOException {
        Tensor tensor = QuantizerMetadata.tensor(path, auxiliary.globalBuffer(product.codebookBuffer()));
        try {
            return new PqCodebook(product.dimension(), product.subVectorCount(), product.bitCount(), tensor.toFloats());
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(path, 0, "codebook", String.valueOf(e.getMessage()));
        }
    }

    private static VectorStorage rabit(
            LanceFileReader auxiliary, ObjectPath path, DistanceType metric, QuantizerMetadata.Rabit rabit, IvfModel model)
            throws IOException {
        if (!rabit.rawQuery()) {
            throw new UnsupportedFormatException(path + ": RaBitQ codes that are compared with residuals of queries");
        }
        if (rabit.bitCount() > 1
                && auxiliary.schema().field(RabitStorage.EXTRA).isEmpty()) {
            throw new UnsupportedFormatException(path + ": RaBitQ codes of more than one bit that are not in blocks");
        }
        try {
            Rotation rotation = rabit.matrixBuffer() == 0
                    ? new Rotation.Fast(rabit.dimension(), rabit.signs())
                    : new Rotation.Matrix(
                            rabit.dimension(),
                            QuantizerMetadata.tensor(path, auxiliary.globalBuffer(rabit.matrixBuffer()))
                                    .toFloats());
            RabitQuantizer quantizer = new RabitQuantizer(rotation, rabit.bitCount(), metric);
            return new RabitStorage(quantizer, rabit.packed(), model);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(path, 0, "RaBitQ quantizer", String.valueOf(e.getMessage()));
        }
    }
}
