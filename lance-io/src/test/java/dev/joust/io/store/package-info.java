// SPDX-License-Identifier: Apache-2.0
/// Tests of `dev.joust.io.store`.
@NullMarked
package dev.joust.io.store;

import org.jspecify.annotations.NullMarked;
