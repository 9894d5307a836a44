// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// A picture found.
///
/// @param id       `images/{sha256}.{ext}`
/// @param path     where the bytes are
/// @param distance squared L2 distance of the vectors, 0 to 4
public record PictureHit(String id, String path, float distance, PictureMetadata metadata) {}
