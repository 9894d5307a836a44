// SPDX-License-Identifier: Apache-2.0
/// Tests of `dev.joust.io.kernel`.
@NullMarked
package dev.joust.io.kernel;

import org.jspecify.annotations.NullMarked;
