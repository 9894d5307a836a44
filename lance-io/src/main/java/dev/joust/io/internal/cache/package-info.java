// SPDX-License-Identifier: Apache-2.0
/// Bytes of files of far stores, kept near: {@link dev.joust.io.internal.cache.ByteCache} in memory and, if asked, in a
/// folder ({@link dev.joust.io.internal.cache.DiskCache}). Only bytes that never change are kept.
@NullMarked
package dev.joust.io.internal.cache;

import org.jspecify.annotations.NullMarked;
