// SPDX-License-Identifier: Apache-2.0
/// From ranges asked for to requests made: {@link dev.joust.io.internal.read.ReadPlan} is the arithmetic,
/// {@link dev.joust.io.internal.read.MergingFileScheduler} does it.
@NullMarked
package dev.joust.io.internal.read;

import org.jspecify.annotations.NullMarked;
