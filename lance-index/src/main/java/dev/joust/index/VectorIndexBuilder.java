// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.schema.LogicalType;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.index.internal.vector.VectorTraining;

/// Builds segments of a vector index over fragments of one version: a pass over the vectors to draw a sample, training, a
/// pass to encode and sort them by partition, with bounded memory, and the files (spec: index format B.2, E). Nothing is
/// committed: what comes of it goes into an {@link dev.joust.format.commit.Operation.CreateIndex}. Files of a build that
/// fails or is cancelled are deleted.
///
/// The steps are calls of their own, for builds on several machines: one trains a model, each builds a segment of some
/// fragments with it, one merges the segments, or not, and commits them. Not thread-safe.
public final class VectorIndexBuilder {
    private final Dataset dataset;
    private final VectorColumn column;
    private final VectorIndexParameters parameters;
    private final SegmentBuild build;

    /// @param column of vectors, at the top of the schema
    /// @throws IllegalArgumentException if the column or the parameters do not fit
    public VectorIndexBuilder(Dataset dataset, VectorColumn column, VectorIndexParameters parameters) {
        this(dataset, column, parameters, IndexBuildOptions.DEFAULT);
    }

    /// As the other, with a listener, a way to cancel, or less memory.
    public VectorIndexBuilder(
            Dataset dataset, VectorColumn column, VectorIndexParameters parameters, IndexBuildOptions options) {
        this.dataset = dataset;
        this.column = column;
        this.parameters = parameters;
        build = new SegmentBuild(dataset, column, parameters, options);
        check();
    }

    private void check() {
        int bits = parameters.effectiveBitCount();
        int dimension = build.dimension();
        switch (parameters.kind().storage()) {
            case FLAT -> {}
            case SQ -> require(bits == 8, "a scalar quantizer has 8 bits, not " + bits);
            case PQ -> {
                int subVectors = parameters.effectiveSubVectorCount(dimension);
                require(bits == 4 || bits == 8, "codes have 4 or 8 bits, not " + bits);
                require(dimension % subVectors == 0,
                        "dimension (" + dimension + ") must be divisible by num_sub_vectors (" + subVectors + ")");
                require(bits == 8 || subVectors % 2 == 0,
                        "num_sub_vectors must be divisible by 2 for num_bits=4, but is " + subVectors);
            }
            case RQ -> {
                require(bits >= 1 && bits <= 9, "RaBitQ has 1 to 9 bits, not " + bits);
                require(dimension % 8 == 0, "vector dimension must be divisible by 8 for IVF_RQ, but is " + dimension);
            }
        }
        column.require(parameters.metric());
        boolean isFlat = parameters.kind().storage() == VectorIndexKind.Storage.FLAT;
        require(parameters.metric() != DistanceType.HAMMING || isFlat,
                "bits are indexed by IVF_FLAT or IVF_HNSW_FLAT, not " + parameters.kind());
        require(parameters.metric() == DistanceType.HAMMING || column.element() != VectorElement.UINT8,
                "uint8 is indexed by hamming only, not " + parameters.metric().code() + ": the reference reads no other");
        require(!(column.field().type() instanceof LogicalType.List(boolean large, boolean _)) || !large,
                "large lists of vectors are not indexed: the reference reads no such index");
        require(!column.isMulti() || parameters.metric() == DistanceType.COSINE,
                "several vectors a row are indexed by cosine only, not " + parameters.metric().code());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /// Builds a segment over all fragments. With too few vectors to train with it is a definition that covers nothing, which
    /// is trained when the index is optimised.
    ///
    /// @param name of the index
    public IndexMetadata build(String name) throws IOException {
        List<Fragment> fragments = dataset.manifest().fragments();
        Optional<VectorIndexModel> model = train(fragments);
        return model.isEmpty() ? build.definition(name) : build(name, fragments, model.get());
    }

    /// Learns from a sample of the vectors of some fragments. Empty if there are too few vectors.
    public Optional<VectorIndexModel> train(List<Fragment> fragments) throws IOException {
        VectorTraining training = build.train(fragments);
        return training == null ? Optional.empty() : Optional.of(new VectorIndexModel(parameters, training));
    }

    /// Builds a segment over some fragments with a model from here or elsewhere.
    ///
    /// @param name of the index
    /// @throws IllegalArgumentException if the model is of another kind, metric or dimension
    public IndexMetadata build(String name, List<Fragment> fragments, VectorIndexModel model) throws IOException {
        require(
                model.kind() == parameters.kind() && model.metric() == parameters.metric()
                        && model.dimension() == build.dimension(),
                "a model of " + model + " for an index of " + parameters.kind() + " " + parameters.metric().code() + ", "
                        + build.dimension() + " dimensions");
        return build.write(
                name,
                SegmentBuild.idsOf(fragments),
                fragments,
                new long[0],
                List.of(),
                model.training().ofElement(parameters.metric(), column.element().stored(parameters.metric())),
                parameters.details(build.dimension()).toBytes());
    }

    /// Makes one segment of several that were built with one model, committed or not, of different fragments of this
    /// version. Rows that the version does not have are left out. The files of the segments stay.
    ///
    /// @throws IllegalArgumentException if there are none, or they were built with different models
    public IndexMetadata merge(List<IndexMetadata> segments) throws IOException {
        require(!segments.isEmpty(), "no segments to be merged");
        VectorTraining training = null;
        List<SegmentRows> kept = new ArrayList<>();
        RoaringBitmap covered = new RoaringBitmap();
        for (IndexMetadata segment : segments) {
            VectorIndex index = VectorIndex.open(
                    IndexDirectory.of(dataset.session(), dataset.indexFolder(segment), segment));
            VectorTraining own = index.training();
            training = training == null ? own : training;
            RoaringBitmap live = LiveRowIds.liveFragments(dataset, segment);
            require(live != null, "segment " + segment.uuid() + " does not say what it covers");
            require(index.kind() == parameters.kind() && own.encodesLike(training),
                    "segment " + segment.uuid() + " was built with another model");
            live.andNot(covered);
            covered.or(live);
            kept.add(new SegmentRows(index, own.encoder(), _ -> true, LiveRowIds.of(dataset, live, index)));
        }
        IndexMetadata last = segments.getLast();
        return build.write(last.name(), covered, List.of(), new long[0], kept, training, last.details());
    }

    /// Deletes the files of segments that were built and will not be committed.
    public static void discard(Dataset dataset, List<IndexMetadata> segments) {
        segments.forEach(segment -> SegmentBuild.discard(dataset, segment.uuid()));
    }
}
