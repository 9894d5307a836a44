// SPDX-License-Identifier: Apache-2.0
/// Tests of `dev.joust.index`.
@NullMarked
package dev.joust.index;

import org.jspecify.annotations.NullMarked;
