// SPDX-License-Identifier: Apache-2.0
/// Tests of RaBitQ.
@NullMarked
package dev.joust.index.internal.vector.rq;

import org.jspecify.annotations.NullMarked;
