// SPDX-License-Identifier: Apache-2.0
/// Blob columns: large values that lie outside the pages, of which pages hold descriptors (spec: file format 3.5).
@NullMarked
package dev.joust.format.internal.blob;

import org.jspecify.annotations.NullMarked;
