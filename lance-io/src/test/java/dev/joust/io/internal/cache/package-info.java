// SPDX-License-Identifier: Apache-2.0
/// Tests of what is kept of far files.
@NullMarked
package dev.joust.io.internal.cache;

import org.jspecify.annotations.NullMarked;
