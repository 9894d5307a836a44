// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.read;

import java.lang.foreign.MemorySegment;

/// One get: the bytes from `offsetInFile` that fill `target`.
record ReadRequest(long offsetInFile, MemorySegment target) {}
