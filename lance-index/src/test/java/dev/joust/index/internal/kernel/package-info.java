// SPDX-License-Identifier: Apache-2.0
/// Tests of `dev.joust.index.internal.kernel`.
@NullMarked
package dev.joust.index.internal.kernel;

import org.jspecify.annotations.NullMarked;
