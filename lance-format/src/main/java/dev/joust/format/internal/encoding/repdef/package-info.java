// SPDX-License-Identifier: Apache-2.0
/// Repetition and definition levels: nesting and nulls as streams of small integers (spec: file format 3.1).
@NullMarked
package dev.joust.format.internal.encoding.repdef;

import org.jspecify.annotations.NullMarked;
