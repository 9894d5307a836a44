// SPDX-License-Identifier: Apache-2.0
/// The table behind a picture library: which pictures it holds, and how rows get into and out of it.
@NullMarked
package dev.joust.pictures.internal;

import org.jspecify.annotations.NullMarked;
