// SPDX-License-Identifier: Apache-2.0
/// Tests of batches and their values.
@NullMarked
package dev.joust.format.internal.batch;

import org.jspecify.annotations.NullMarked;
