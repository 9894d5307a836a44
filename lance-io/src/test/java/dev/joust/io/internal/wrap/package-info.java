// SPDX-License-Identifier: Apache-2.0
/// Tests of `dev.joust.io.internal.wrap`.
@NullMarked
package dev.joust.io.internal.wrap;

import org.jspecify.annotations.NullMarked;
