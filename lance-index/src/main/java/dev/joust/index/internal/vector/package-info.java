// SPDX-License-Identifier: Apache-2.0
/// What vector indices compute in memory: arrays in, arrays out, no files. {@link dev.joust.index.internal.vector.KMeans}
/// finds centroids, {@link dev.joust.index.internal.vector.NearestCentroids} says which is nearest; the packages below
/// hold what rows are turned into (`pq`, `sq`, `rq`) and the graph through them (`hnsw`).
///
/// Rows that are null or hold anything that is not finite are the caller's to leave out. Where the metric is cosine,
/// rows, centroids and queries are divided by their norm before they come here, and compared by L2.
///
/// Around that, indices as files have them: `IvfModel` says which partitions are near, `VectorStorage` how a partition's
/// vectors are stored and compared, `PartitionCache` keeps what was read.
@NullMarked
package dev.joust.index.internal.vector;

import org.jspecify.annotations.NullMarked;
