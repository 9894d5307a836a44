// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

/// A row of the table: columns `id`, `path` and `vector`.
///
/// @param vector of length 1 (L2)
public record PictureRow(String id, String path, float[] vector) {}
