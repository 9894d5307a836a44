// SPDX-License-Identifier: Apache-2.0
/// Tests of `dev.joust.index.internal.flat`.
@NullMarked
package dev.joust.index.internal.flat;

import org.jspecify.annotations.NullMarked;
