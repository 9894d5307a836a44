// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

/// A picture that was decoded once: what it says about itself, and its pixels for whoever wants them, for a model's
/// vector as for a thumbnail.
public record DecodedPicture(PictureFacts facts, RgbPicture pixels) {}
