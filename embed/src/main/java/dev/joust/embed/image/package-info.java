// SPDX-License-Identifier: Apache-2.0
/// Encoded pictures to the pixels that a model's picture tower takes. {@link dev.joust.embed.image.PictureDecoder}
/// checks and decodes, {@link dev.joust.embed.image.PicturePreprocessor} resizes, crops and normalises.
@NullMarked
package dev.joust.embed.image;

import org.jspecify.annotations.NullMarked;
