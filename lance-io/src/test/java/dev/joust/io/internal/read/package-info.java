// SPDX-License-Identifier: Apache-2.0
/// Tests of `dev.joust.io.internal.read`.
@NullMarked
package dev.joust.io.internal.read;

import org.jspecify.annotations.NullMarked;
