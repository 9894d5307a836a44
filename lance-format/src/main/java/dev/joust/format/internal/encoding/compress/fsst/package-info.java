// SPDX-License-Identifier: Apache-2.0
/// FSST, the encoder's side: a table of up to 255 byte strings of 1 to 8 bytes, trained on a sample, and the greedy
/// matcher that replaces them by one-byte codes (spec: file format 4.5; Boncz, Neumann, Leis: FSST, VLDB 2020).
@NullMarked
package dev.joust.format.internal.encoding.compress.fsst;

import org.jspecify.annotations.NullMarked;
