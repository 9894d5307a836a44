// SPDX-License-Identifier: Apache-2.0
/// Tests of `dev.joust.io.internal.kernel`.
@NullMarked
package dev.joust.io.internal.kernel;

import org.jspecify.annotations.NullMarked;
