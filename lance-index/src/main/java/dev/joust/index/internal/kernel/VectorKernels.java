// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import dev.joust.io.kernel.KernelPair;

/// Which form of the kernels of vector indices a piece of work uses. The steps asked for are multiplications, or table
/// look-ups, that the work takes in its scalar form, roughly.
public final class VectorKernels {
    private static final String SIMD = "dev.joust.index.internal.kernel.simd.";

    /// Selections are small, but there are many of them.
    private static final long WARM_UP_SOON = 32;

    private static final KernelPair<CentroidKernels> CENTROIDS = new KernelPair<>(
            CentroidKernels.class,
            new ScalarCentroidKernels(),
            SIMD + "VectorCentroidKernels",
            KernelSamples::centroids);
    private static final KernelPair<ArrayDistanceKernels> ARRAY_DISTANCES = new KernelPair<>(
            ArrayDistanceKernels.class,
            new ScalarArrayDistanceKernels(),
            SIMD + "VectorArrayDistanceKernels",
            KernelSamples::arrayDistances);

    private static final KernelPair<PqKernels> PQ =
            new KernelPair<>(PqKernels.class, new ScalarPqKernels(), SIMD + "VectorPqKernels", KernelSamples::pq);

    private static final KernelPair<SqKernels> SQ =
            new KernelPair<>(SqKernels.class, new ScalarSqKernels(), SIMD + "VectorSqKernels", KernelSamples::sq);

    private static final KernelPair<DistanceKernels> SELECTION = new KernelPair<>(
            DistanceKernels.class,
            new ScalarDistanceKernels(),
            SIMD + "VectorDistanceKernels",
            KernelSamples::selection);

    private static final KernelPair<RabitKernels> RABIT = new KernelPair<>(
            RabitKernels.class, new ScalarRabitKernels(), SIMD + "VectorRabitKernels", KernelSamples::rabit);

    private static final KernelPair<ElementKernels> ELEMENTS = new KernelPair<>(
            ElementKernels.class,
            new ScalarElementKernels(),
            SIMD + "VectorElementKernels",
            KernelSamples::elements);

    private VectorKernels() {}

    /// For the assignment of many rows.
    public static CentroidKernels centroids(long steps) {
        return CENTROIDS.forBulk(steps);
    }

    /// For a search among rows of an array.
    public static ArrayDistanceKernels arrayDistances(long steps) {
        return ARRAY_DISTANCES.forSearch(steps);
    }

    /// For a search among product-quantized codes.
    public static PqKernels pq(long steps) {
        return PQ.forSearch(steps);
    }

    /// For a search among scalar-quantized rows.
    public static SqKernels sq(long steps) {
        return SQ.forSearch(steps);
    }

    /// For a search among RaBitQ codes.
    public static RabitKernels rabit(long steps) {
        return RABIT.forSearch(steps);
    }

    /// For a search among vectors that are no 32-bit floats.
    public static ElementKernels elements(long steps) {
        return ELEMENTS.forSearch(steps);
    }

    /// For building with scalar-quantized rows.
    public static SqKernels bulkSq(long steps) {
        return SQ.forBulk(steps);
    }

    /// For {@link DistanceKernels#selectAtMost} alone.
    public static DistanceKernels selection(long valueCount) {
        return SELECTION.forSearch(WARM_UP_SOON * valueCount);
    }

    /// For training and building with rows of an array.
    public static ArrayDistanceKernels bulkArrayDistances(long steps) {
        return ARRAY_DISTANCES.forBulk(steps);
    }
}
