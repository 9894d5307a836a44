// SPDX-License-Identifier: Apache-2.0
/// The picture pipeline without a server: pictures are stored under the hash of their bytes, embedded, and found by
/// words or by other pictures. Start at {@link dev.joust.pictures.PictureLibrary}.
@NullMarked
package dev.joust.pictures;

import org.jspecify.annotations.NullMarked;
