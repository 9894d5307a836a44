// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// A row that a vector search found.
///
/// @param rowAddress as the search was fed: an address or an id
/// @param distance   by the search's {@link DistanceType}, never NaN
public record Neighbor(long rowAddress, float distance) {}
