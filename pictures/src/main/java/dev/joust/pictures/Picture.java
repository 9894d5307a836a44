// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// A picture of the library.
///
/// @param id   `images/{sha256}.{ext}`
/// @param path where the bytes are
public record Picture(String id, String path, PictureMetadata metadata) {}
